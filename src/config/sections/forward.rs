//! `[forward]`

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use toml::Spanned;

use super::{assertion, repeated};
use crate::config::field::{Field, Span};
use crate::config::parsed::{ForwardConfig, ForwardedHost, ServerName};
use crate::config::raw::Texts;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::OpenPath;

/// What of an identity a header can carry.
pub(super) const PLACEHOLDERS: [&str; 7] =
    ["email", "name", "first_name", "last_name", "subject", "provider", "groups"];

/// Headers that belong to the connection (RFC 9110, 7.6.1), to the message itself or to the gate.
const TAKEN: [&str; 24] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "host",
    "content-length",
    "content-type",
    "expect",
    "cookie",
    "authorization",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-prefix",
    "x-forwarded-proto",
    "x-request-id",
    "origin",
    "referer",
];

pub(super) fn read(
    field: &Field<raw::Forward>,
    extra: &[&str],
    reader: &mut Reader<'_>,
) -> Option<ForwardConfig> {
    let nothing = raw::Forward::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let duration =
        |reader: &mut Reader<'_>, field, default| reader.parse_or(field, default, values::duration);
    let identity = identity(&raw.identity, extra, reader);
    let assertion = assertion::read(&raw.assertion, &identity, reader);
    let allow_paths = open_paths(&raw.allow_paths, reader);
    let public_paths = open_paths(&raw.public_paths, reader);
    whole_sites(&allow_paths, &public_paths, reader);
    let connect = duration(reader, &raw.connect_timeout, default::FORWARD_CONNECT_TIMEOUT);
    let read = duration(reader, &raw.read_timeout, default::FORWARD_READ_TIMEOUT);
    let write = duration(reader, &raw.write_timeout, default::FORWARD_WRITE_TIMEOUT);
    let keep_alive = duration(reader, &raw.keep_alive, default::FORWARD_KEEP_ALIVE);
    let ca_file = reader.ca_file(&raw.ca_file);
    let upstreams = upstreams(&raw.upstreams, reader);
    let health_path =
        reader.parse_or(&raw.health_path, default::FORWARD_HEALTH_PATH, values::path_or_nothing);
    let health_interval = duration(reader, &raw.health_interval, default::FORWARD_HEALTH_INTERVAL);
    let websockets = reader.value_or(&raw.websockets, false);
    let concurrency = reader.value_or(&raw.concurrency, default::FORWARD_CONCURRENCY);
    let queue_timeout = duration(reader, &raw.queue_timeout, default::FORWARD_QUEUE_TIMEOUT);
    Some(ForwardConfig {
        identity,
        assertion: assertion?,
        host: reader.value_or(&raw.host, ForwardedHost::Upstream),
        allow_paths: allow_paths.into_iter().map(|(_, path)| path).collect(),
        public_paths: public_paths.into_iter().map(|(_, path)| path).collect(),
        rewrite_bodies: rewrite_bodies(raw, reader),
        connect_timeout: connect?,
        read_timeout: read?,
        write_timeout: write?,
        keep_alive: keep_alive?,
        ca_file,
        upstreams,
        health_path: health_path?,
        health_interval: health_interval?,
        websockets,
        concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
        queue_timeout: queue_timeout?,
    })
}

type OpenPaths = Vec<(Span, OpenPath)>;

fn open_paths(field: &Texts, reader: &mut Reader<'_>) -> OpenPaths {
    reader.spanned_list(field, &[], |text| Ok(OpenPath::parse(text)?))
}

/// All of Jira for customers is a choice that is said at each start; all of it for everybody is a
/// mistake.
fn whole_sites(allow: &OpenPaths, public: &OpenPaths, reader: &mut Reader<'_>) {
    let whole = |paths: &OpenPaths| {
        paths.iter().find(|(_, path)| path.is_everything()).map(|(span, _)| span.clone())
    };
    if let Some(span) = whole(allow) {
        let danger = "customers reach all of Jira through the gate";
        reader.report.warning(&span, danger, "name the paths that they need");
    }
    if let Some(span) = whole(public) {
        let invalid =
            ValueError::new("would need no login anywhere", "expected static files at most");
        reader.invalid(span, invalid.remedy("for a portal without login, use access = \"public\""));
    }
}

fn upstreams(field: &Texts, reader: &mut Reader<'_>) -> Vec<ServerName> {
    let servers = reader.spanned_list(field, &[], values::server_name);
    let named = servers.iter().map(|(span, server)| (span.clone(), server));
    for (again, first) in repeated(named) {
        let mistake = reader.report.mistake(again, "names a server twice");
        mistake.expected("expected each server once").earlier(Some(first));
    }
    servers.into_iter().map(|(_, server)| server).collect()
}

/// A Jira that is told the public host writes public addresses by itself.
fn rewrite_bodies(raw: &raw::Forward, reader: &mut Reader<'_>) -> bool {
    let wanted = reader.value_or(&raw.rewrite_bodies, false);
    let public = reader.value_or(&raw.host, ForwardedHost::Upstream) == ForwardedHost::Public;
    if let (true, true, Some(span)) = (wanted, public, raw.rewrite_bodies.span()) {
        reader.report.warning(
            &span,
            "does nothing: JSM is told the public host, so it writes public addresses by itself",
            "remove it, or set host = \"upstream\" if JSM has an address of its own",
        );
    }
    wanted && !public
}

type Headers = BTreeMap<Spanned<String>, Field<String>>;

fn identity(
    field: &Field<Headers>,
    extra: &[&str],
    reader: &mut Reader<'_>,
) -> Vec<(HeaderName, String)> {
    let mut headers = Vec::new();
    for (name, value) in reader.value(field).into_iter().flatten() {
        let template = reader.parse(value, |text| template(text, extra));
        match header(name.get_ref()) {
            Ok(header) => headers.push((name.span(), header, template)),
            Err(invalid) => {
                let path = reader.report.path(&value.span().unwrap_or_default());
                let mistake = reader.report.mistake_of(path, name.span(), invalid.what);
                mistake.expected(invalid.expected);
            }
        }
    }
    for (again, first) in repeated(headers.iter().map(|(span, name, _)| (span.clone(), name))) {
        let path = "forward.identity";
        let mistake = reader.report.mistake_of(path, again, "names a header twice");
        mistake.expected("expected each header once, in any case").earlier(Some(first));
    }
    headers.into_iter().filter_map(|(_, name, template)| Some((name, template?))).collect()
}

/// A header that may say who the customer is.
pub(super) fn header(name: &str) -> Result<HeaderName, ValueError> {
    let expected = "expected a header of your own such as \"X-User-Email\"";
    let header: HeaderName =
        name.parse().map_err(|_| ValueError::new("is not a header name", expected))?;
    if TAKEN.contains(&header.as_str()) {
        Err(ValueError::new("cannot carry an identity", expected))
    } else {
        Ok(header)
    }
}

/// A text with `{placeholders}`; everything else in it stands for itself.
fn template(text: &str, extra: &[&str]) -> Result<String, ValueError> {
    let mut known: Vec<_> = PLACEHOLDERS.iter().chain(extra).collect();
    known.dedup();
    let list: Vec<_> = known.iter().map(|name| format!("{{{name}}}")).collect();
    let expected = format!("known here: {}", list.join(" "));
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| ValueError::new("has a { without its }", expected.as_str()))?;
        if !known.contains(&&name) {
            return Err(ValueError::new(format!("has {{{name}}}, which is unknown"), expected));
        }
        rest = after;
    }
    literal.push_str(rest);
    let fits =
        !text.is_empty() && !literal.contains('}') && HeaderValue::from_str(&literal).is_ok();
    fits.then(|| text.to_owned())
        .ok_or_else(|| ValueError::new("cannot stand in a header", expected))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("{email}", true)]
    #[case("{first_name} {last_name} ({provider})", true)]
    #[case("{cost_center}", true)]
    #[case("fixed", true)]
    #[case("", false)]
    #[case("{mail}", false)]
    #[case("{email", false)]
    #[case("email}", false)]
    #[case("{email}\r\nX-Admin: yes", false)]
    fn templates_use_known_placeholders(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(template(text, &["cost_center"]).is_ok(), valid);
    }

    #[rstest]
    #[case("X-User-Email", true)]
    #[case("REMOTE_USER", true)]
    #[case("Host", false)]
    #[case("Cookie", false)]
    #[case("AUTHORIZATION", false)]
    #[case("Transfer-Encoding", false)]
    #[case("X-Forwarded-For", false)]
    #[case("X User", false)]
    fn identity_headers_are_our_own(#[case] name: &str, #[case] valid: bool) {
        assert_eq!(header(name).is_ok(), valid);
    }
}

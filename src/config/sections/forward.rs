//! `[forward]`

use super::{assertion, identity_headers, repeated};
use crate::config::field::{Field, Span};
use crate::config::parsed::{
    Deployment, ForwardConfig, ForwardedHost, JiraLogin, JsmConfig, ServerName,
    ServiceProviderConfig,
};
use crate::config::raw::Texts;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::{OpenPath, ServiceProviderPreset};

pub(super) fn read(
    field: &Field<raw::Forward>,
    extra: &[&str],
    reader: &mut Reader<'_>,
) -> Option<ForwardConfig> {
    let nothing = raw::Forward::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    let duration =
        |reader: &mut Reader<'_>, field, default| reader.parse_or(field, default, values::duration);
    let identity = identity_headers::read(&raw.identity, extra, reader);
    let assertion = assertion::read(&raw.assertion, &identity, reader);
    let allow_paths = open_paths(&raw.allow_paths, reader);
    let public_paths = open_paths(&raw.public_paths, reader);
    whole_sites(&allow_paths, &public_paths, reader);
    let connect = duration(reader, &raw.connect_timeout, default::FORWARD_CONNECT_TIMEOUT);
    let read = duration(reader, &raw.read_timeout, default::FORWARD_READ_TIMEOUT);
    let write = duration(reader, &raw.write_timeout, default::FORWARD_WRITE_TIMEOUT);
    let keep_alive = duration(reader, &raw.keep_alive, default::FORWARD_KEEP_ALIVE);
    let upstreams = upstreams(&raw.upstreams, reader);
    let health_path =
        reader.parse_or(&raw.health_path, default::FORWARD_HEALTH_PATH, values::path_or_nothing);
    let health_interval = duration(reader, &raw.health_interval, default::FORWARD_HEALTH_INTERVAL);
    let websockets = reader.value_or(&raw.websockets, false);
    let concurrency = reader.value_or(&raw.concurrency, default::FORWARD_CONCURRENCY);
    let queue_timeout = duration(reader, &raw.queue_timeout, default::FORWARD_QUEUE_TIMEOUT);
    Some(ForwardConfig {
        ca_file: reader.ca_file(&raw.ca_file),
        identity,
        assertion: assertion?,
        host: reader.value_or(&raw.host, ForwardedHost::Upstream),
        jira_login: reader.value_or(&raw.jira_login, JiraLogin::Headers),
        allow_paths: allow_paths.into_iter().map(|(_, path)| path).collect(),
        public_paths: public_paths.into_iter().map(|(_, path)| path).collect(),
        rewrite_bodies: rewrite_bodies(raw, reader),
        connect_timeout: connect?,
        read_timeout: read?,
        write_timeout: write?,
        keep_alive: keep_alive?,
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

/// All of Jira for customers is a choice, with a warning at each start. All of it for everybody is
/// a mistake.
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

/// A Jira that sees the public host writes public addresses by itself.
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

/// Jira's built-in login compares the gate's answers with the addresses that Jira has for itself.
pub(super) fn jira_login_works(
    field: &Field<raw::Forward>,
    jsm: Option<&JsmConfig>,
    service_providers: Option<&[ServiceProviderConfig]>,
    reader: &mut Reader<'_>,
) {
    let Some(raw) = field.value() else { return };
    let Some(at) = raw.jira_login.span() else { return };
    if raw.jira_login.value() != Some(&JiraLogin::Saml) {
        return;
    }
    if jsm.is_some_and(|jsm| jsm.deployment == Some(Deployment::Cloud)) {
        let what = "has no effect: only Jira Data Center has a login built in";
        let invalid = ValueError::new(what, "expected headers or none for JSM Cloud");
        reader.invalid(at.clone(), invalid.remedy("for Cloud, use portals with mode = \"sso\""));
    } else if raw.host.value() != Some(&ForwardedHost::Public) && !raw.host.is_broken() {
        let what = "is \"saml\", which needs host = \"public\"";
        let invalid = ValueError::new(what, "expected host = \"public\" beside it");
        let remedy = "write host = \"public\", and set Jira's base URL and the proxyName of its \
                      Tomcat to public_url";
        reader.invalid(at.clone(), invalid.remedy(remedy));
    }
    let is_jira =
        |one: &&ServiceProviderConfig| one.preset == ServiceProviderPreset::JiraDataCenter;
    let count = service_providers.map(|all| all.iter().filter(is_jira).count());
    if let Some(count) = count.filter(|count| *count != 1) {
        let what = match count {
            0 => "is \"saml\", but Jira is no service provider",
            _ => "is \"saml\", but several service providers have preset = \"jira-data-center\"",
        };
        let expected = "expected one [[service_provider]] with preset = \"jira-data-center\"";
        let remedy =
            "add [[service_provider]] with id = \"jira\" and preset = \"jira-data-center\"";
        let invalid = ValueError::new(what, expected);
        reader.invalid(at, if count == 0 { invalid.remedy(remedy) } else { invalid });
    }
}

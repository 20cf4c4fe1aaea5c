//! `[forward.identity]`: headers that tell JSM who the customer is, each with a template.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use toml::Spanned;

use super::{repeated, templates};
use crate::config::field::Field;
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::domain::Template;

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

type Headers = BTreeMap<Spanned<String>, Field<String>>;

/// Reads the headers and their templates.
pub(super) fn read(
    field: &Field<Headers>,
    extra: &[&str],
    reader: &mut Reader<'_>,
) -> Vec<(HeaderName, Template)> {
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

/// What a header carries.
fn template(text: &str, extra: &[&str]) -> Result<Template, ValueError> {
    let template = templates::parse(text, extra)?;
    let fits = template.texts().all(|text| HeaderValue::from_str(text).is_ok());
    let invalid = || ValueError::new("cannot stand in a header", "expected printable characters");
    fits.then_some(template).ok_or_else(invalid)
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

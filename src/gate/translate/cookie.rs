//! A `Set-Cookie` of the upstream, made true at the public address. It must not know other headers.

use http::HeaderValue;

use super::Translation;
use crate::session::cookie;

impl Translation {
    /// The same cookie on the gate's host; `None` when it would set one of the gate's own cookies
    /// (docs/security.md C10). A cookie without a name could: browsers send `=__Host-gate=1` as
    /// `__Host-gate=1`, and older ones accept it although the prefix forbids it (RFC 6265bis, 5.7).
    pub(crate) fn cookie_down(&self, value: &HeaderValue) -> Option<HeaderValue> {
        let text = std::str::from_utf8(value.as_bytes()).ok()?;
        let mut parts = text.split(';').map(str::trim);
        let pair = parts.next()?;
        let name = pair.split_once('=').map(|(name, _)| name.trim())?;
        if name.is_empty() || cookie::is_ours(name) {
            return None;
        }
        let secure = self.public.is_https() || needs_secure(name);
        let mut kept = pair.to_owned();
        for attribute in parts.filter(|attribute| !attribute.is_empty()) {
            keep(attribute, secure, &mut kept);
        }
        if secure {
            kept.push_str("; Secure");
        }
        HeaderValue::from_bytes(kept.as_bytes()).ok()
    }
}

/// Adds what one attribute becomes here. The cookie belongs to the gate's host alone (`Domain`).
/// Over plain http, which is for trials, browsers refuse cookies that need `Secure` (RFC 6265bis,
/// 5.7).
fn keep(attribute: &str, secure: bool, kept: &mut String) {
    let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
    let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
    match key.as_str() {
        "domain" | "secure" => {}
        "partitioned" if !secure => {}
        "samesite" if !secure && value.eq_ignore_ascii_case("none") => {}
        _ => {
            kept.push_str("; ");
            kept.push_str(attribute);
        }
    }
}

/// Browsers take cookies with these names only if they are `Secure`.
fn needs_secure(name: &str) -> bool {
    ["__host-", "__secure-"].iter().any(|prefix| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::PublicUrl;

    fn at(public: &str) -> Translation {
        let public = PublicUrl::parse(public).unwrap();
        Translation::new(&public, &"http://10.0.0.5:8080/jira".parse().unwrap())
    }

    #[rstest]
    #[case(
        "JSESSIONID=1; Path=/jira; HttpOnly",
        Some("JSESSIONID=1; Path=/jira; HttpOnly; Secure")
    )]
    #[case("a=1; path=/jira/rest; Domain=10.0.0.5; Secure", Some("a=1; path=/jira/rest; Secure"))]
    #[case("a=1;SameSite=None;Max-Age=3", Some("a=1; SameSite=None; Max-Age=3; Secure"))]
    #[case::c10("__Host-gate=stolen; Path=/", None)]
    #[case::c10("gate-login-x=1", None)]
    #[case::c10("__HOST-Gate=stolen; Path=/", None)]
    #[case::c10(" \t__Host-gate\t=stolen", None)]
    #[case::c10("=__Host-gate=stolen", None)]
    #[case::c10(" = __Host-gate=stolen; Secure", None)]
    #[case::c10("__Host-gate", None)]
    #[case::c10("; __Host-gate=stolen", None)]
    #[case::c10("==__Host-gate=stolen", None)]
    #[case("gateway=1", Some("gateway=1; Secure"))]
    #[case("a=gate=1", Some("a=gate=1; Secure"))]
    fn cookies_become_the_gates_hosts(#[case] value: &str, #[case] expected: Option<&str>) {
        let translated = at("https://help.example.com").cookie_down(&value.parse().unwrap());
        assert_eq!(translated, expected.map(|text| text.parse().unwrap()));
    }

    #[rstest]
    #[case("a=1; SameSite=None; Secure; Path=/", "a=1; Path=/")]
    #[case("a=1; Secure; SameSite=Lax; HttpOnly", "a=1; SameSite=Lax; HttpOnly")]
    #[case("a=1; Secure; Partitioned; SameSite=none", "a=1")]
    #[case("__Host-a=1; Secure; Path=/", "__Host-a=1; Path=/; Secure")]
    fn over_plain_http_cookies_need_no_tls(#[case] value: &str, #[case] expected: &str) {
        let translated = at("http://localhost:8080").cookie_down(&value.parse().unwrap());
        assert_eq!(translated.unwrap(), expected);
    }
}

//! The gate's cookies on the wire: their names, how they are set, and how they are found among all
//! others that a browser sends. Must not know what they hold.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

use crate::domain::PublicUrl;

/// The name of every cookie of the gate, after the prefix. A dash and a purpose may follow.
const OURS: &str = "gate";

/// Binds a cookie to this host over TLS: no sibling domain can set or shadow it (RFC 6265bis
/// section 4.1.3.2; docs/security.md C10). Browsers refuse it over plain http, which is for loopback.
const HOST_PREFIX: &str = "__Host-";

/// The full name of a cookie of the gate: of the session for an empty `purpose`, otherwise of that
/// purpose.
#[must_use]
pub fn name(public_url: &PublicUrl, purpose: &str) -> String {
    let prefix = if public_url.is_https() { HOST_PREFIX } else { "" };
    let dash = if purpose.is_empty() { "" } else { "-" };
    format!("{prefix}{OURS}{dash}{purpose}")
}

/// Whether a cookie is one of the gate's, which no upstream may see or set. Letter case does not
/// count, as in browsers (RFC 6265bis section 5.7).
#[must_use]
pub fn is_ours(name: &str) -> bool {
    let bare = without_start(name, HOST_PREFIX).unwrap_or(name);
    without_start(bare, OURS).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn without_start<'a>(name: &'a str, start: &str) -> Option<&'a str> {
    let (head, rest) = name.split_at_checked(start.len())?;
    head.eq_ignore_ascii_case(start).then_some(rest)
}

/// Every `name=value` that a browser sent, in all `Cookie` headers: HTTP/2 splits them (RFC 9113
/// section 8.2.3, pingora #892). Takes linear time, whatever the header holds (docs/security.md
/// G3).
pub fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    byte_pairs(headers).filter_map(move |(name, value)| Some((text(name)?, text(value)?)))
}

fn byte_pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|line| line.as_bytes().split(|b| *b == b';'))
        .filter_map(|pair| {
            let (name, value) = pair.split_at_checked(pair.iter().position(|b| *b == b'=')?)?;
            Some((name.trim_ascii(), value.strip_prefix(b"=")?.trim_ascii()))
        })
}

/// The value of a cookie. Two different values for one name are an attack and count as none
/// (docs/security.md C10).
#[must_use]
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let ours = byte_pairs(headers).filter(|(found, _)| *found == name.as_bytes());
    let mut values = ours.map(|(_, value)| value);
    let first = values.next()?;
    if values.all(|other| other == first) { std::str::from_utf8(first).ok() } else { None }
}

/// All cookies except the `hidden` ones, by name and value, as one `Cookie` value; `None` when none are
/// left. It works on bytes, so that a line in an unknown encoding hides nothing. A value in an unknown
/// encoding counts as empty.
///
/// What begins with `$` is no cookie (RFC 2109 section 4.3.4), and is left out: after `$Version=1` a Tomcat takes what
/// follows a comma for the next cookie, which nobody has looked at here.
#[must_use]
pub fn without(headers: &HeaderMap, hidden: impl Fn(&str, &str) -> bool) -> Option<HeaderValue> {
    let lines = || headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
    let pairs = lines().flat_map(|line| line.split(|b| *b == b';')).map(<[u8]>::trim_ascii);
    let mut kept = Vec::new();
    for pair in pairs.filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        let (name, rest) = pair.split_at_checked(at).unwrap_or((pair, b""));
        let value = rest.strip_prefix(b"=").unwrap_or_default().trim_ascii();
        let value = std::str::from_utf8(value).unwrap_or_default();
        let is_hidden = |name: &str| name.starts_with('$') || hidden(name, value);
        let is_hidden_within = |name| std::str::from_utf8(name).is_ok_and(|it| hidden(it, ""));
        if std::str::from_utf8(name.trim_ascii()).is_ok_and(is_hidden)
            || names_within(pair).any(is_hidden_within)
        {
            continue;
        }
        if kept.is_empty() {
            kept.reserve_exact(lines().map(|line| line.len() + "; ".len()).sum());
        } else {
            kept.extend_from_slice(b"; ");
        }
        kept.extend_from_slice(pair);
    }
    if kept.is_empty() { None } else { HeaderValue::from_maybe_shared(Bytes::from(kept)).ok() }
}

/// The names that Tomcat's `LegacyCookieProcessor` finds in one pair besides its own, whatever the version: it begins
/// another cookie behind a comma, and skips separators in front of a name.
fn names_within(pair: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_in_name = |b: &u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b);
    pair.split(|b| *b == b',').enumerate().filter_map(move |(place, part)| {
        let start = part.iter().position(is_in_name).filter(|start| place + start > 0)?;
        part.get(start..)?.split(|b| !is_in_name(b)).next()
    })
}

/// A `Set-Cookie` value. `None` when the value holds what a cookie cannot carry: the `cookie` crate
/// 0.18 lets control characters through, so they are refused here.
#[must_use]
pub fn set(
    public_url: &PublicUrl,
    name: &str,
    value: &str,
    max_age_seconds: Option<u64>,
) -> Option<HeaderValue> {
    set_below(public_url, "/", name, value, max_age_seconds)
}

fn set_below(
    public_url: &PublicUrl,
    path: &str,
    name: &str,
    value: &str,
    max_age_seconds: Option<u64>,
) -> Option<HeaderValue> {
    let plain = |b: u8| b.is_ascii_graphic() && !b"\",;\\".contains(&b);
    if !value.bytes().chain(path.bytes()).all(plain) {
        return None;
    }
    let secure = if public_url.is_https() { "; Secure" } else { "" };
    let age = max_age_seconds.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
    let text = format!("{name}={value}; Path={path}{age}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).ok()
}

/// A `Set-Cookie` value that removes a cookie. It has the attributes that the cookie was set with:
/// without `Secure` a browser keeps a `__Host-` cookie (CVE-2025-55162; docs/security.md C6).
#[must_use]
pub fn clear(public_url: &PublicUrl, name: &str) -> Option<HeaderValue> {
    clear_below(public_url, name, "/")
}

/// The same for a cookie that was set for a path. `None` when an attribute cannot carry the path.
#[must_use]
pub fn clear_below(public_url: &PublicUrl, name: &str, path: &str) -> Option<HeaderValue> {
    set_below(public_url, path, name, "", Some(0))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let line = |line: &&str| (header::COOKIE, HeaderValue::from_str(line).unwrap());
        lines.iter().map(line).collect()
    }

    #[rstest]
    #[case(&["gate=1"], Some("1"))]
    #[case(&["a=2; gate=1 ; b=3"], Some("1"))]
    #[case(&["a=2", "gate=1"], Some("1"))]
    #[case(&["gate=1; gate=1"], Some("1"))]
    #[case(&["gate=1; gate=2"], None)]
    #[case(&["gate=2", "gate=1"], None)]
    #[case(&["gates=1; GATE=2"], None)]
    #[case(&[";;;;=;gate"], None)]
    #[case(&[], None)]
    fn c10_one_value_or_none(#[case] lines: &[&str], #[case] expected: Option<&str>) {
        assert_eq!(value(&headers(lines), "gate"), expected);
    }

    #[rstest]
    #[case("gate", true)]
    #[case("__Host-gate", true)]
    #[case("__Host-gate-login-x", true)]
    #[case("__HOST-Gate", true)]
    #[case("gateway", false)]
    #[case("JSESSIONID", false)]
    fn our_cookies_are_known_by_name(#[case] name: &str, #[case] ours: bool) {
        assert_eq!(is_ours(name), ours);
    }

    #[rstest]
    #[case(&["__Host-gate=1"], None)]
    #[case(&["a=1; __Host-gate=1; b=2"], Some("a=1; b=2"))]
    #[case(&["a=1", "__Host-gate-login-x=1", " b=2 ;"], Some("a=1; b=2"))]
    #[case(&["__Host-gate", "novalue"], Some("novalue"))]
    #[case::behind_a_comma(&["a=1,gate=2; b=3", "c=4 , \"gate=5"], Some("b=3"))]
    #[case::behind_separators(&["(gate=1; =gate=2; @{gate =3; b=a:gate=4"], Some("b=a:gate=4"))]
    #[case::with_commas(&["a=1,2,gateway=3,"], Some("a=1,2,gateway=3,"))]
    #[case::of_version_1(&["$Version=1; a=1, JSESSIONID=2; $Path=/"], Some("a=1, JSESSIONID=2"))]
    #[case::dc1(&["session-data-1f=; __Host-gate=1", "b=2"], Some("session-data-1f=; b=2"))]
    fn c10_the_upstream_gets_one_line_without_ours(
        #[case] lines: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let left = without(&headers(lines), |name, _| is_ours(name));
        assert_eq!(left.as_ref().map(|value| value.to_str().unwrap()), expected);
    }

    #[test]
    fn c6_a_cookie_is_cleared_with_the_attributes_it_was_set_with() {
        let url = PublicUrl::parse("https://help.example.com").unwrap();
        let name = name(&url, "");
        assert_eq!(
            set(&url, &name, "x", None).unwrap(),
            "__Host-gate=x; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            clear(&url, &name).unwrap(),
            "__Host-gate=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn a_cookie_of_a_path_is_cleared_for_that_path() {
        let url = PublicUrl::parse("https://help.example.com").unwrap();
        assert_eq!(
            clear_below(&url, "JSESSIONID", "/jira").unwrap(),
            "JSESSIONID=; Path=/jira; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(clear_below(&url, "JSESSIONID", "/a;b"), None);
    }

    #[test]
    fn control_characters_never_reach_a_header() {
        let url = PublicUrl::parse("https://help.example.com").unwrap();
        for value in ["a\nb", "a;b", "a b", "a\u{0}", "ä"] {
            assert_eq!(set(&url, "gate", value, None), None);
        }
    }
}

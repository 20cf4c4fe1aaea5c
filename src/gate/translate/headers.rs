//! The headers of the upstream's answers that have addresses in them, how each writes them, and
//! those that are not passed on. It must not know bodies.

use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALT_SVC, CONTENT_LOCATION, CONTENT_SECURITY_POLICY,
    CONTENT_SECURITY_POLICY_REPORT_ONLY, LINK, LOCATION, REFRESH, SET_COOKIE, WWW_AUTHENTICATE,
};
use http::{HeaderName, HeaderValue};
use pingora::Result;
use pingora::http::ResponseHeader;

use super::{Translation, within};

/// Turns one value into the public one; `None` when it needs no change.
type Down = fn(&Translation, &str) -> Option<String>;

const SOURCE_MAP: HeaderName = HeaderName::from_static("sourcemap");

/// Each header with the grammar that its addresses are found by.
static HEADERS: [(HeaderName, Down); 8] = [
    (LOCATION, Translation::location_down),
    (CONTENT_LOCATION, Translation::address_down),
    (SOURCE_MAP, Translation::address_down),
    (REFRESH, Translation::refresh_down),
    (LINK, Translation::links_down),
    (CONTENT_SECURITY_POLICY, Translation::policy_down),
    (CONTENT_SECURITY_POLICY_REPORT_ONLY, Translation::policy_down),
    (ACCESS_CONTROL_ALLOW_ORIGIN, |this, value| this.origin_down(value).map(str::to_owned)),
];

/// What is true of the upstream and not of the gate, or for nobody to follow:
///
/// - another port to reach it at, which would lead past the gate;
/// - what browsers are to forget of it, which would be the gate's session as well;
/// - a challenge: no `Authorization` reaches the upstream (docs/security.md B9), so a browser would ask for a
///   password again and again, whatever the customer types;
/// - cookies in the way of RFC 2965, which nothing looks at.
static ITS_OWN: [HeaderName; 4] = [
    ALT_SVC,
    WWW_AUTHENTICATE,
    HeaderName::from_static("clear-site-data"),
    HeaderName::from_static("set-cookie2"),
];

impl Translation {
    /// Turns the headers of an answer into ones that are true at the public address.
    pub(crate) fn headers_down(&self, response: &mut ResponseHeader) -> Result<()> {
        // Most answers have none of them; one look at the names shows that.
        if !response.headers.keys().any(is_concerned) {
            return Ok(());
        }
        for name in &ITS_OWN {
            response.remove_header(name);
        }
        for (name, down) in &HEADERS {
            self.header_down(response, name, *down)?;
        }
        let cookies: Vec<_> = response.headers.get_all(SET_COOKIE).iter().cloned().collect();
        if !cookies.is_empty() {
            response.remove_header(&SET_COOKIE);
            for cookie in cookies.iter().filter_map(|cookie| self.cookie_down(cookie)) {
                response.append_header(SET_COOKIE, cookie)?;
            }
        }
        Ok(())
    }

    fn header_down(
        &self,
        response: &mut ResponseHeader,
        name: &HeaderName,
        down: Down,
    ) -> Result<()> {
        if !response.headers.contains_key(name) {
            return Ok(());
        }
        let public = |value: &HeaderValue| {
            let value = down(self, std::str::from_utf8(value.as_bytes()).ok()?)?;
            HeaderValue::from_bytes(value.as_bytes()).ok()
        };
        let values: Vec<_> = response.headers.get_all(name).iter().cloned().collect();
        let translated: Vec<_> = values.iter().map(public).collect();
        if translated.iter().all(Option::is_none) {
            return Ok(());
        }
        response.remove_header(name);
        for (value, translated) in values.into_iter().zip(translated) {
            response.append_header(name.clone(), translated.unwrap_or(value))?;
        }
        Ok(())
    }

    /// `5; url=https://…`, the address quoted or not (HTML standard, "shared declarative refresh
    /// steps").
    pub(crate) fn refresh_down(&self, value: &str) -> Option<String> {
        let at = value.to_ascii_lowercase().find("url=")? + "url=".len();
        let (head, address) = value.split_at_checked(at)?;
        let bare = address.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let public = self.address_down(bare)?;
        Some(format!("{head}{}", address.replacen(bare, &public, 1)))
    }

    /// `<https://…>; rel="next", </jira/…>; rel=preload` (RFC 8288).
    fn links_down(&self, value: &str) -> Option<String> {
        let mut translated = String::with_capacity(value.len());
        let mut changed = false;
        for (at, piece) in value.split('<').enumerate() {
            if at > 0 {
                translated.push('<');
            }
            let link = piece.split_once('>').filter(|_| at > 0);
            let public = link.and_then(|(address, rest)| Some((self.address_down(address)?, rest)));
            match public {
                Some((address, rest)) => {
                    changed = true;
                    translated.extend([address.as_str(), ">", rest]);
                }
                None => translated.push_str(piece),
            }
        }
        changed.then_some(translated)
    }

    /// Sources anywhere in a policy: `https://…`, `wss://…`, a bare host, or a path to report to.
    fn policy_down(&self, value: &str) -> Option<String> {
        let mut translated = String::with_capacity(value.len());
        let mut changed = false;
        for piece in value.split_inclusive([' ', ';', ',']) {
            let source = piece.trim_end_matches([' ', ';', ',']);
            let public = self.source_down(source);
            changed |= public.is_some();
            translated.push_str(public.as_deref().unwrap_or(source));
            translated.push_str(piece.get(source.len()..).unwrap_or_default());
        }
        changed.then_some(translated)
    }

    fn source_down(&self, source: &str) -> Option<String> {
        if let Some(public) = self.origin_down(source) {
            return Some(public.to_owned());
        }
        let sockets = |origin: &str| format!("ws{}", origin.trim_start_matches("http"));
        if let Some(rest) = within(source, &sockets(&self.origin)) {
            return Some(format!("{}{}", sockets(self.public.origin()), self.inside(rest)?));
        }
        if let Some(rest) = within(source, &self.authority) {
            return Some(format!("{}{}", self.public.authority(), self.inside(rest)?));
        }
        self.address_down(source)
    }

    fn inside<'a>(&self, rest: &'a str) -> Option<&'a str> {
        self.is_inside(rest).then_some(rest)
    }
}

fn is_concerned(name: &HeaderName) -> bool {
    let has_addresses = HEADERS.iter().any(|(header, _)| header == name);
    has_addresses || *name == SET_COOKIE || ITS_OWN.contains(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::PublicUrl;

    fn translated(name: &str, value: &str) -> String {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        let upstream = "http://10.0.0.5:8080/jira".parse().unwrap();
        let translation = Translation::new(&public, &upstream);
        let mut response = ResponseHeader::build(200, None).unwrap();
        response.append_header(name.to_owned(), value).unwrap();
        translation.headers_down(&mut response).unwrap();
        let value = response.headers.get(name).unwrap();
        std::str::from_utf8(value.as_bytes()).unwrap().to_owned()
    }

    #[rstest]
    #[case("location", "http://10.0.0.5:8080/jira/a", "https://help.example.com/jira/a")]
    #[case("location", "http://10.0.0.5:8080/jira/ä", "https://help.example.com/jira/ä")]
    #[case("location", "/jira/a", "/jira/a")]
    #[case("content-location", "//10.0.0.5:8080/jira/a", "https://help.example.com/jira/a")]
    #[case("sourcemap", "http://10.0.0.5:8080/jira/a.map", "https://help.example.com/jira/a.map")]
    #[case(
        "refresh",
        "5; url=http://10.0.0.5:8080/jira/a",
        "5; url=https://help.example.com/jira/a"
    )]
    #[case(
        "refresh",
        "0;URL='//10.0.0.5:8080/jira/a?b'",
        "0;URL='https://help.example.com/jira/a?b'"
    )]
    #[case("refresh", "0;URL='/jira/a?b'", "0;URL='/jira/a?b'")]
    #[case("refresh", "5", "5")]
    #[case("refresh", "5; url=https://evil.org/jira/a", "5; url=https://evil.org/jira/a")]
    #[case(
        "link",
        "<http://10.0.0.5:8080/jira/a>; rel=next, </jira/b.css>; rel=\"preload\"; title=\"<\"",
        "<https://help.example.com/jira/a>; rel=next, </jira/b.css>; rel=\"preload\"; title=\"<\""
    )]
    #[case(
        "link",
        "<https://cdn.example.com/jira/>; rel=preconnect",
        "<https://cdn.example.com/jira/>; rel=preconnect"
    )]
    #[case("access-control-allow-origin", "http://10.0.0.5:8080", "https://help.example.com")]
    #[case("access-control-allow-origin", "*", "*")]
    #[case("access-control-allow-origin", "http://10.0.0.5:80801", "http://10.0.0.5:80801")]
    fn addresses_in_headers_become_public(
        #[case] name: &str,
        #[case] value: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(translated(name, value), expected);
    }

    #[rstest]
    #[case("alt-svc", "h3=\":443\"; ma=86400")]
    #[case("clear-site-data", "\"cookies\"")]
    #[case("www-authenticate", "Basic realm=\"Jira\", Negotiate")]
    #[case("set-cookie2", "__Host-gate=1; Version=1")]
    fn what_is_the_upstreams_own_stays_there(#[case] name: &str, #[case] value: &str) {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        let translation = Translation::new(&public, &"https://jira.example.com".parse().unwrap());
        let mut response = ResponseHeader::build(200, None).unwrap();
        response.append_header(name.to_owned(), value).unwrap();
        translation.headers_down(&mut response).unwrap();
        assert!(response.headers.is_empty(), "{:?}", response.headers);
    }

    #[rstest]
    #[case(
        "default-src 'self' http://10.0.0.5:8080; img-src *",
        "default-src 'self' https://help.example.com; img-src *"
    )]
    #[case(
        "connect-src ws://10.0.0.5:8080/jira/live",
        "connect-src wss://help.example.com/jira/live"
    )]
    #[case(
        "script-src 10.0.0.5:8080 10.0.0.5:8080/jira/s/ 10.0.0.5:8080/wiki/s/",
        "script-src help.example.com help.example.com/jira/s/ 10.0.0.5:8080/wiki/s/"
    )]
    #[case(
        "report-uri /jira/csp,default-src http://10.0.0.5:8080/jira",
        "report-uri /jira/csp,default-src https://help.example.com/jira"
    )]
    #[case(
        "img-src http://10.0.0.5:8080.evil.org x10.0.0.5:8080",
        "img-src http://10.0.0.5:8080.evil.org x10.0.0.5:8080"
    )]
    fn sources_in_policies_become_public(#[case] policy: &str, #[case] expected: &str) {
        assert_eq!(translated("content-security-policy", policy), expected);
        assert_eq!(translated("content-security-policy-report-only", policy), expected);
    }
}

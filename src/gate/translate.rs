//! Two names for one place: turns addresses between what customers see and what JSM thinks it is
//! called, in headers. Where the two are the same, nothing is changed.

use http::HeaderValue;

use crate::domain::PublicUrl;
use crate::session::cookie;

/// The upstream's own address beside the public one.
#[derive(Clone, Debug)]
pub(crate) struct Translation {
    public: PublicUrl,
    /// `https://jira.example.com`
    origin: String,
    /// `/jira`, or nothing.
    context_path: String,
}

impl Translation {
    /// Between `public` and an upstream with that origin and context path.
    pub(crate) fn new(public: &PublicUrl, origin: &str, context_path: &str) -> Self {
        let public = public.clone();
        Self { public, origin: origin.to_owned(), context_path: context_path.to_owned() }
    }

    /// A public path as the upstream knows it.
    pub(crate) fn path_up(&self, path: &str) -> String {
        format!("{}{path}", self.context_path)
    }

    /// A path without the context path, which JSM's pages may put in their links; `None` when it
    /// has none.
    pub(crate) fn without_context<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.context_path)?;
        (!self.context_path.is_empty() && rest.starts_with('/')).then_some(rest)
    }

    /// `Origin` or `Referer` as the upstream's own origin check wants it (`XsrfResourceFilter`
    /// compares it with the address Tomcat sees); `None` when it is not the gate's.
    pub(crate) fn address_up(&self, address: &str) -> Option<String> {
        let rest = within(address, self.public.origin())?;
        let path = if rest.is_empty() { String::new() } else { self.path_up(rest) };
        Some(format!("{}{path}", self.origin))
    }

    /// A `Location` as customers may see it; `None` when it needs no change.
    pub(crate) fn location_down(&self, location: &str) -> Option<String> {
        let authority = self.origin.split_once("//").map_or("", |(_, authority)| authority);
        let on_upstream = within(location, &self.origin)
            .or_else(|| within(location.strip_prefix("//")?, authority));
        match on_upstream {
            Some(rest) => {
                let path = self.without_context(rest).unwrap_or(rest);
                Some(self.public.join(if path.is_empty() { "/" } else { path }))
            }
            None => self.without_context(location).map(str::to_owned),
        }
    }

    /// A `Set-Cookie` of the upstream, on the gate's host and path; `None` when it tries to set a
    /// cookie of the gate (threats.md C10).
    pub(crate) fn cookie_down(&self, value: &HeaderValue) -> Option<HeaderValue> {
        let text = std::str::from_utf8(value.as_bytes()).ok()?;
        let mut parts = text.split(';').map(str::trim);
        let pair = parts.next()?;
        let name = pair.split('=').next().unwrap_or(pair).trim();
        if cookie::is_ours(name) {
            return None;
        }
        let mut kept = pair.to_owned();
        let mut secure = false;
        for attribute in parts {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "domain" => continue,
                "secure" => secure = true,
                "path" => {
                    kept.push_str("; Path=");
                    kept.push_str(self.cookie_path(value.trim()));
                    continue;
                }
                _ => {}
            }
            kept.push_str("; ");
            kept.push_str(attribute);
        }
        if self.public.is_https() && !secure {
            kept.push_str("; Secure");
        }
        HeaderValue::from_bytes(kept.as_bytes()).ok()
    }

    fn cookie_path<'a>(&self, path: &'a str) -> &'a str {
        if path == self.context_path { "/" } else { self.without_context(path).unwrap_or(path) }
    }
}

/// What follows an origin in an address on it: empty, or starting with `/`, `?` or `#`, so that
/// `https://jira.example.com.evil.org` is not on `https://jira.example.com` (threats.md E3).
fn within<'a>(address: &'a str, origin: &str) -> Option<&'a str> {
    let head = address.get(..origin.len())?;
    let rest = address.get(origin.len()..)?;
    let ends = rest.is_empty() || rest.starts_with(['/', '?', '#']);
    (head.eq_ignore_ascii_case(origin) && ends && !origin.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn with_context() -> Translation {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        Translation::new(&public, "http://10.0.0.5:8080", "/jira")
    }

    fn without() -> Translation {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        Translation::new(&public, "https://jira.example.com", "")
    }

    #[rstest]
    #[case(
        "http://10.0.0.5:8080/jira/servicedesk?x#y",
        Some("https://help.example.com/servicedesk?x#y")
    )]
    #[case("http://10.0.0.5:8080/jira", Some("https://help.example.com/jira"))]
    #[case("http://10.0.0.5:8080", Some("https://help.example.com/"))]
    #[case("//10.0.0.5:8080/jira/a", Some("https://help.example.com/a"))]
    #[case("/jira/a", Some("/a"))]
    #[case("/jiraffe/a", None)]
    #[case("/a", None)]
    #[case("a/b", None)]
    #[case("http://10.0.0.5:80801/jira", None)]
    #[case("https://elsewhere.example.com/jira/a", None)]
    fn locations_become_public(#[case] location: &str, #[case] expected: Option<&str>) {
        assert_eq!(with_context().location_down(location).as_deref(), expected);
    }

    #[rstest]
    #[case("https://jira.example.com/a", Some("https://help.example.com/a"))]
    #[case("https://JIRA.example.com/a", Some("https://help.example.com/a"))]
    #[case("https://jira.example.com.evil.org/a", None)]
    #[case("https://help.example.com/a", None)]
    #[case("/a", None)]
    fn without_a_context_path_only_the_origin_changes(
        #[case] location: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(without().location_down(location).as_deref(), expected);
    }

    #[rstest]
    #[case("JSESSIONID=1; Path=/jira; HttpOnly", Some("JSESSIONID=1; Path=/; HttpOnly; Secure"))]
    #[case("a=1; path=/jira/rest; Domain=10.0.0.5; Secure", Some("a=1; Path=/rest; Secure"))]
    #[case("a=1;SameSite=None;Max-Age=3", Some("a=1; SameSite=None; Max-Age=3; Secure"))]
    #[case("__Host-gate=stolen; Path=/", None)]
    #[case("gate-login-x=1", None)]
    #[case("gateway=1", Some("gateway=1; Secure"))]
    fn cookies_become_the_gates_hosts(#[case] value: &str, #[case] expected: Option<&str>) {
        let translated = with_context().cookie_down(&value.parse().unwrap());
        assert_eq!(translated, expected.map(|text| text.parse().unwrap()));
    }

    #[rstest]
    #[case("https://help.example.com", Some("http://10.0.0.5:8080"))]
    #[case("https://help.example.com/a?b", Some("http://10.0.0.5:8080/jira/a?b"))]
    #[case("https://help.example.com.evil.org/a", None)]
    #[case("null", None)]
    fn origins_become_the_upstreams(#[case] address: &str, #[case] expected: Option<&str>) {
        assert_eq!(with_context().address_up(address).as_deref(), expected);
    }
}

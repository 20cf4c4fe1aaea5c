//! Two names for one place: turns addresses between what customers see and what JSM thinks it is
//! called. Where the two are the same, nothing is changed; it knows addresses, not messages.

mod cookie;
mod headers;

use std::borrow::Cow;

use crate::domain::PublicUrl;

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

    /// Whether the upstream's paths have another beginning than the public ones.
    pub(crate) fn has_context(&self) -> bool {
        !self.context_path.is_empty()
    }

    /// A public path as the upstream knows it.
    pub(crate) fn path_up<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if self.has_context() {
            Cow::Owned(format!("{}{path}", self.context_path))
        } else {
            Cow::Borrowed(path)
        }
    }

    /// A path without the context path, which JSM's pages may put in their links; `None` when it
    /// has none, or when the rest would be read as the address of another host (`//evil.org`).
    pub(crate) fn without_context(&self, path: &str) -> Option<String> {
        let rest = self.below_context(path).filter(|_| self.has_context())?;
        // Browsers read over tabs, wherever they stand (URL standard, basic URL parser).
        let mut read = rest.bytes().filter(|b| *b != b'\t');
        match (read.next(), read.next()) {
            (Some(b'/'), Some(b'/' | b'\\')) => None,
            (Some(b'/'), _) => Some(rest.to_owned()),
            _ => Some(format!("/{rest}")),
        }
    }

    /// `Origin` or `Referer` as the upstream's own origin check wants it (`XsrfResourceFilter`
    /// compares it with the address Tomcat sees); `None` when it is not the gate's.
    pub(crate) fn address_up(&self, address: &str) -> Option<String> {
        let rest = within(address, self.public.origin())?;
        let path = if rest.is_empty() { Cow::Borrowed("") } else { self.path_up(rest) };
        Some(format!("{}{path}", self.origin))
    }

    /// An address in an answer as customers may see it; `None` when it needs no change. What is
    /// on the upstream's host but outside its context path is another application's.
    pub(crate) fn location_down(&self, location: &str) -> Option<String> {
        let Some(rest) = self.on_upstream(location) else {
            return self.without_context(location);
        };
        if rest.is_empty() {
            return Some(self.public.join("/"));
        }
        let rest = self.below_context(rest)?;
        let slash = if rest.starts_with('/') { "" } else { "/" };
        Some(self.public.join(&format!("{slash}{rest}")))
    }

    /// An origin in an answer, such as `https://jira.example.com`; `None` when it is another's.
    pub(crate) fn origin_down(&self, origin: &str) -> Option<&str> {
        origin.eq_ignore_ascii_case(&self.origin).then(|| self.public.origin())
    }

    /// What follows the upstream's origin in an absolute or protocol-relative address.
    fn on_upstream<'a>(&self, address: &'a str) -> Option<&'a str> {
        within(address, &self.origin)
            .or_else(|| within(address.strip_prefix("//")?, self.authority()))
    }

    /// `jira.example.com` or `10.0.0.5:8080`
    fn authority(&self) -> &str {
        self.origin.split_once("//").map_or("", |(_, authority)| authority)
    }

    /// What follows the context path: empty, or starting with `/`, `?` or `#`.
    fn below_context<'a>(&self, path: &'a str) -> Option<&'a str> {
        let rest = path.strip_prefix(&self.context_path)?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
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
    #[case("http://10.0.0.5:8080/jira", Some("https://help.example.com/"))]
    #[case("http://10.0.0.5:8080/jira?x", Some("https://help.example.com/?x"))]
    #[case("http://10.0.0.5:8080/jira//evil.org", Some("https://help.example.com//evil.org"))]
    #[case("http://10.0.0.5:8080/confluence/a", None)]
    #[case("http://10.0.0.5:8080", Some("https://help.example.com/"))]
    #[case("//10.0.0.5:8080/jira/a", Some("https://help.example.com/a"))]
    #[case("/jira/a", Some("/a"))]
    #[case("/jira", Some("/"))]
    #[case("/jira?x", Some("/?x"))]
    #[case::e3_not_another_host("/jira//evil.org", None)]
    #[case::e3_not_another_host("/jira/\\evil.org", None)]
    #[case::e3_not_another_host("/jira/\t\\evil.org", None)]
    #[case::e3_not_another_host("/jira/\t\t/evil.org", None)]
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
    #[case("https://help.example.com", Some("http://10.0.0.5:8080"))]
    #[case("https://help.example.com/a?b", Some("http://10.0.0.5:8080/jira/a?b"))]
    #[case("https://help.example.com.evil.org/a", None)]
    #[case("null", None)]
    fn origins_become_the_upstreams(#[case] address: &str, #[case] expected: Option<&str>) {
        assert_eq!(with_context().address_up(address).as_deref(), expected);
    }
}

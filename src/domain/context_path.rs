//! The path that JSM has all its pages below, such as `/jira`; most have none. It is the same in
//! browsers: JSM's scripts put it before whatever they ask for.

use std::borrow::Cow;

use url::Url;

/// `/jira`, without a slash at its end, or nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ContextPath(String);

impl ContextPath {
    /// That of JSM's base address.
    #[must_use]
    pub fn of(base: &Url) -> Self {
        Self(base.path().trim_end_matches('/').to_owned())
    }

    /// Whether JSM has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `/jira`, or nothing.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows it in an address below it: nothing, or what starts with `/`, `?` or `#`.
    #[must_use]
    pub fn below<'a>(&self, address: &'a str) -> Option<&'a str> {
        let rest = address.strip_prefix(self.as_str())?;
        (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
    }

    /// An address with it in front.
    #[must_use]
    pub fn before<'a>(&self, address: &'a str) -> Cow<'a, str> {
        if self.is_empty() {
            Cow::Borrowed(address)
        } else {
            Cow::Owned(format!("{}{address}", self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://jira.example.com/jira", "/jira/a?b", Some("/a?b"))]
    #[case("https://jira.example.com/jira/", "/jira/a", Some("/a"))]
    #[case("https://jira.example.com/jira", "/jira", Some(""))]
    #[case("https://jira.example.com/jira", "/jira?b", Some("?b"))]
    #[case("https://jira.example.com/jira", "/jira/jira/a", Some("/jira/a"))]
    #[case("https://jira.example.com/jira", "/jiraffe", None)]
    #[case("https://jira.example.com/jira", "/a", None)]
    #[case("https://jira.example.com/jira", "//jira/a", None)]
    #[case("https://jira.example.com/a/jira", "/a/jira/b", Some("/b"))]
    #[case("https://jira.example.com", "/a", Some("/a"))]
    #[case("https://jira.example.com/", "/a", Some("/a"))]
    fn it_ends_with_a_whole_name(
        #[case] base: &str,
        #[case] address: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(ContextPath::of(&Url::parse(base).unwrap()).below(address), expected);
    }
}

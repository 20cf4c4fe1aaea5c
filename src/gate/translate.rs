//! Two names for one place: turns addresses between those that customers see and those that JSM
//! believes it has. Only origins differ; where they do not, nothing is changed. It must not know
//! which messages have addresses in them.

mod cookie;
mod headers;

use url::Url;

use crate::domain::{ContextPath, PublicUrl};

/// The upstream's own address beside the public one. Paths are the same at both.
#[derive(Clone, Debug)]
pub(crate) struct Translation {
    public: PublicUrl,
    /// `https://jira.example.com`
    origin: String,
    /// `jira.example.com` or `10.0.0.5:8080`
    authority: String,
    context_path: ContextPath,
    /// What addresses on the upstream begin with.
    beginnings: Vec<String>,
    /// The same with the other scheme.
    of_other_scheme: Vec<String>,
}

impl Translation {
    /// Between `public` and the base address of an upstream.
    pub(crate) fn new(public: &PublicUrl, upstream: &Url) -> Self {
        let origin = upstream.origin().ascii_serialization();
        let authority = origin.split_once("//").map_or("", |(_, authority)| authority).to_owned();
        let mut beginnings = vec![origin.clone(), format!("//{authority}")];
        let mut of_other_scheme = Vec::new();
        // The scheme's own port may be written out.
        if upstream.port().is_none() {
            let (port, other, others_port) = match upstream.scheme() {
                "https" => (443, "http", 80),
                _ => (80, "https", 443),
            };
            beginnings.extend([format!("{origin}:{port}"), format!("//{authority}:{port}")]);
            let other = format!("{other}://{authority}");
            of_other_scheme.extend([format!("{other}:{others_port}"), other]);
        }
        let (public, context_path) = (public.clone(), ContextPath::of(upstream));
        Self { public, origin, authority, context_path, beginnings, of_other_scheme }
    }

    /// Where all of the upstream's pages are.
    pub(crate) fn context_path(&self) -> &ContextPath {
        &self.context_path
    }

    /// `Origin` or `Referer` as the upstream's own origin check wants it (`XsrfResourceFilter`
    /// compares it with the address Tomcat sees); `None` when it is not the gate's.
    pub(crate) fn address_up(&self, address: &str) -> Option<String> {
        let rest = within(address, self.public.origin())?;
        let there_already = rest.is_empty() || self.context_path.below(rest).is_some();
        let context_path = if there_already { "" } else { self.context_path.as_str() };
        Some(format!("{}{context_path}{rest}", self.origin))
    }

    /// An address in an answer as customers may see it; `None` when it needs no change. What is on
    /// the upstream's host but outside its context path belongs to another application.
    pub(crate) fn address_down(&self, address: &str) -> Option<String> {
        self.after_any(&self.beginnings, address)
    }

    /// The same for `Location`. Behind a front that ends TLS, JSM may redirect to the other scheme;
    /// a browser that followed would have left the gate.
    pub(crate) fn location_down(&self, location: &str) -> Option<String> {
        let of_other_scheme = || self.after_any(&self.of_other_scheme, location);
        self.address_down(location).or_else(of_other_scheme)
    }

    /// An origin in an answer, such as `https://jira.example.com`; `None` when it is another's.
    pub(crate) fn origin_down(&self, origin: &str) -> Option<&str> {
        origin.eq_ignore_ascii_case(&self.origin).then(|| self.public.origin())
    }

    fn after_any(&self, beginnings: &[String], address: &str) -> Option<String> {
        let rest = beginnings.iter().find_map(|beginning| within(address, beginning))?;
        self.is_inside(rest).then(|| format!("{}{rest}", self.public.origin()))
    }

    /// Whether what follows an origin is the upstream's.
    fn is_inside(&self, rest: &str) -> bool {
        rest.is_empty() || self.context_path.below(rest).is_some()
    }
}

/// What follows an origin in an address on it: empty, or starting with `/`, `?` or `#`, so that
/// `https://jira.example.com.evil.org` is not on `https://jira.example.com` (docs/security.md E3).
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

    fn between(upstream: &str) -> Translation {
        let public = PublicUrl::parse("https://help.example.com").unwrap();
        Translation::new(&public, &upstream.parse().unwrap())
    }

    #[rstest]
    #[case(
        "http://10.0.0.5:8080/jira/servicedesk?x#y",
        Some("https://help.example.com/jira/servicedesk?x#y")
    )]
    #[case("http://10.0.0.5:8080/jira", Some("https://help.example.com/jira"))]
    #[case("http://10.0.0.5:8080/jira?x", Some("https://help.example.com/jira?x"))]
    #[case("http://10.0.0.5:8080", Some("https://help.example.com"))]
    #[case("//10.0.0.5:8080/jira/a", Some("https://help.example.com/jira/a"))]
    #[case::e3(
        "http://10.0.0.5:8080/jira//evil.org",
        Some("https://help.example.com/jira//evil.org")
    )]
    #[case::another_application("http://10.0.0.5:8080/confluence/a", None)]
    #[case::another_application("http://10.0.0.5:8080/jiraffe", None)]
    #[case::another_port("http://10.0.0.5:80801/jira", None)]
    #[case::another_port("http://10.0.0.5/jira", None)]
    #[case::another_scheme("https://10.0.0.5:8080/jira", None)]
    #[case::another_host("https://elsewhere.example.com/jira/a", None)]
    #[case::relative("/jira/a", None)]
    #[case::relative("a/b", None)]
    #[case::e3_stays_what_it_was("/jira//evil.org", None)]
    #[case::e3_stays_what_it_was("/jira/\t\\evil.org", None)]
    #[case::e3_stays_what_it_was("//evil.org/jira/a", None)]
    fn locations_below_a_context_path_change_their_origin_alone(
        #[case] location: &str,
        #[case] expected: Option<&str>,
    ) {
        let translation = between("http://10.0.0.5:8080/jira");
        assert_eq!(translation.location_down(location).as_deref(), expected);
    }

    #[rstest]
    #[case("https://jira.example.com/a", true)]
    #[case("https://JIRA.example.com/a", true)]
    #[case("https://jira.example.com:443/a", true)]
    #[case("//jira.example.com/a", true)]
    #[case("//jira.example.com:443/a", true)]
    #[case::other_scheme("http://jira.example.com/a", true)]
    #[case::other_scheme("http://jira.example.com:80/a", true)]
    #[case::another_port("http://jira.example.com:443/a", false)]
    #[case::another_port("https://jira.example.com:80/a", false)]
    #[case::e3("https://jira.example.com.evil.org/a", false)]
    #[case::e3("https://jira.example.com:443.evil.org/a", false)]
    #[case::e3("https://jira.example.com:443@evil.org/a", false)]
    #[case::e3("https://jira.example.com:4433/a", false)]
    #[case::e3("http://jira.example.com@evil.org/a", false)]
    #[case::e3("//jira.example.com:443.evil.org/a", false)]
    #[case::public("https://help.example.com/a", false)]
    #[case::relative("/a", false)]
    fn a_location_on_the_upstream_is_known_by_scheme_and_port(
        #[case] location: &str,
        #[case] ours: bool,
    ) {
        let public = ours.then_some("https://help.example.com/a");
        let translation = between("https://jira.example.com");
        assert_eq!(translation.location_down(location).as_deref(), public);
        let same_scheme = public.filter(|_| !location.starts_with("http:"));
        assert_eq!(translation.address_down(location).as_deref(), same_scheme);
    }

    #[rstest]
    #[case("http://jira.example.com:80/a", Some("https://help.example.com/a"))]
    #[case("https://jira.example.com/a", Some("https://help.example.com/a"))]
    #[case("https://jira.example.com:80/a", None)]
    fn the_other_scheme_of_plain_http_is_https(
        #[case] location: &str,
        #[case] expected: Option<&str>,
    ) {
        let translation = between("http://jira.example.com");
        assert_eq!(translation.location_down(location).as_deref(), expected);
    }

    #[rstest]
    #[case("https://help.example.com", Some("http://10.0.0.5:8080"))]
    #[case("https://help.example.com/jira/a?b", Some("http://10.0.0.5:8080/jira/a?b"))]
    #[case("https://help.example.com/a?b", Some("http://10.0.0.5:8080/jira/a?b"))]
    #[case("https://help.example.com/jiraffe", Some("http://10.0.0.5:8080/jira/jiraffe"))]
    #[case("https://help.example.com.evil.org/a", None)]
    #[case("null", None)]
    fn origins_become_the_upstreams(#[case] address: &str, #[case] expected: Option<&str>) {
        let translation = between("http://10.0.0.5:8080/jira");
        assert_eq!(translation.address_up(address).as_deref(), expected);
    }
}

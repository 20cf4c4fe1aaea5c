//! The one address customers see. Cookies, redirects and links derive from it and from nothing
//! that a request says (docs/security.md E6).

use std::fmt;

use url::{Host, Url};

/// Why an address cannot be the public one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidPublicUrl {
    /// Not an absolute address at all.
    #[error("not an absolute address such as https://help.example.com")]
    NotAnAddress,
    /// Plain http somewhere else than on this machine.
    #[error("plain http is accepted for a loopback address only; use https")]
    PlainHttp,
    /// A path, query, fragment or user name.
    #[error("only scheme, host and port belong here; the gate needs the whole host")]
    MoreThanOrigin,
}

/// Scheme, host and port that customers see, such as `https://help.example.com`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicUrl {
    origin: String,
    authority: String,
    host: String,
    https: bool,
}

impl PublicUrl {
    /// Parses the address.
    ///
    /// # Errors
    /// Unless it is an https origin, or an http one on loopback to try things out.
    pub fn parse(text: &str) -> Result<Self, InvalidPublicUrl> {
        let url = Url::parse(text).map_err(|_| InvalidPublicUrl::NotAnAddress)?;
        let https = match url.scheme() {
            "https" => true,
            "http" if is_loopback(&url) => false,
            "http" => return Err(InvalidPublicUrl::PlainHttp),
            _ => return Err(InvalidPublicUrl::NotAnAddress),
        };
        let host = url.host_str().ok_or(InvalidPublicUrl::NotAnAddress)?;
        let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let origin = format!("{}://{authority}", url.scheme());
        let bare_host = host.trim_matches(['[', ']']).to_owned();
        let only_origin = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        only_origin
            .then_some(Self { origin, authority, host: bare_host, https })
            .ok_or(InvalidPublicUrl::MoreThanOrigin)
    }

    /// `https://help.example.com`, without a trailing slash; the default port is left out.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// `help.example.com` or `help.example.com:8443`: what a browser sends as `Host`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// `help.example.com`, without a port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether browsers reach the gate over TLS; false on loopback only.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The absolute address of a path that starts with `/`.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

/// Whether the host of an address is this machine itself.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://help.example.com", Ok("https://help.example.com"))]
    #[case("https://help.example.com/", Ok("https://help.example.com"))]
    #[case("https://HELP.example.com:443", Ok("https://help.example.com"))]
    #[case("https://help.example.com:8443", Ok("https://help.example.com:8443"))]
    #[case("http://localhost:8080", Ok("http://localhost:8080"))]
    #[case("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080"))]
    #[case("http://help.example.com", Err(InvalidPublicUrl::PlainHttp))]
    #[case("https://help.example.com/jira", Err(InvalidPublicUrl::MoreThanOrigin))]
    #[case("https://me@help.example.com", Err(InvalidPublicUrl::MoreThanOrigin))]
    #[case("help.example.com", Err(InvalidPublicUrl::NotAnAddress))]
    #[case("ftp://help.example.com", Err(InvalidPublicUrl::NotAnAddress))]
    fn public_urls_are_origins(
        #[case] text: &str,
        #[case] expected: Result<&str, InvalidPublicUrl>,
    ) {
        let parsed = PublicUrl::parse(text);
        assert_eq!(parsed.as_ref().map(PublicUrl::origin).map_err(|error| *error), expected);
    }
}

//! Parsers of single values: a text in, a value out, or what is wrong with the text. They must not
//! know keys, files or reports.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytesize::ByteSize;
use ipnet::IpNet;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::config::parsed::ServerName;
use crate::domain::{InvalidName, InvalidPublicUrl, PublicUrl, is_loopback};

/// Why a text is not the value it should be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ValueError {
    /// Follows the key in a sentence: `is not a duration`.
    pub(super) what: String,
    /// Below the caret: `expected a duration such as "30m"`.
    pub(super) expected: String,
    /// What to do.
    pub(super) remedy: Option<String>,
}

impl ValueError {
    pub(super) fn new(what: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { what: what.into(), expected: expected.into(), remedy: None }
    }

    pub(super) fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

impl From<InvalidName> for ValueError {
    fn from(error: InvalidName) -> Self {
        Self::new(format!("cannot be {:?}", error.text), format!("expected {}", error.expected))
    }
}

/// Any text but an empty or blank one.
pub(super) fn text(text: &str) -> Result<String, ValueError> {
    let ok = !text.trim().is_empty() && !text.contains(char::is_control);
    ok.then(|| text.to_owned()).ok_or_else(|| ValueError::new("is empty", "expected a text"))
}

/// `30m`, `1h 30m`; more than nothing.
pub(super) fn duration(text: &str) -> Result<Duration, ValueError> {
    let expected = "expected a duration such as \"30m\" or \"1h 30m\"";
    match humantime::parse_duration(text) {
        Ok(Duration::ZERO) => Err(ValueError::new("is no time at all", expected)),
        Ok(duration) => Ok(duration),
        Err(humantime::DurationError::UnknownUnit { unit, .. }) => {
            let what = if unit.is_empty() {
                "has no unit".to_owned()
            } else {
                format!("has the unknown unit {unit:?}")
            };
            Err(ValueError::new(what, expected))
        }
        Err(_) => Err(ValueError::new("is not a duration", expected)),
    }
}

/// `25MB`, `64KiB`; with a unit and more than nothing.
pub(super) fn size(text: &str) -> Result<u64, ValueError> {
    let invalid =
        || ValueError::new("is not a size", "expected a size with its unit such as \"25MB\"");
    let has_unit = text.ends_with(|last: char| last.is_ascii_alphabetic());
    let size = has_unit.then(|| text.parse::<ByteSize>().ok()).flatten();
    // The library saturates what is too large.
    size.map(|size| size.0).filter(|size| (1..u64::MAX).contains(size)).ok_or_else(invalid)
}

/// `0.0.0.0:443`, `[::1]:8080`.
pub(super) fn socket_address(text: &str) -> Result<SocketAddr, ValueError> {
    let expected = "expected an IP address and a port such as \"0.0.0.0:443\" or \"[::]:443\"";
    text.parse().map_err(|_| ValueError::new("is not an address to listen on", expected))
}

/// `10.0.0.0/8` or a single address. All addresses cannot be trusted: with a trusted `/0` every
/// client could choose its own address (CVE-2026-76835).
pub(super) fn trusted_network(text: &str) -> Result<IpNet, ValueError> {
    let network = network(text)?;
    if network.prefix_len() == 0 {
        let remedy = "name the addresses of your own front, such as \"10.1.2.3/32\"";
        return Err(
            ValueError::new("trusts everybody", "expected your own front only").remedy(remedy)
        );
    }
    Ok(network)
}

/// `10.0.0.0/8` or a single address.
pub(super) fn network(text: &str) -> Result<IpNet, ValueError> {
    let expected = "expected a network such as \"10.0.0.0/8\" or an address";
    let single = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| single())
        .map_err(|_| ValueError::new("is neither a network nor an address", expected))
}

/// The address customers see.
pub(super) fn public_url(text: &str) -> Result<PublicUrl, ValueError> {
    PublicUrl::parse(text).map_err(|error| {
        let expected = "expected an address such as \"https://help.example.com\"";
        let remedy = match error {
            InvalidPublicUrl::NotAnAddress => "write the scheme too: https://help.example.com",
            InvalidPublicUrl::PlainHttp => {
                "write https:// and set certificate and private_key, or trusted_proxies behind a \
                 front that ends TLS"
            }
            InvalidPublicUrl::MoreThanOrigin => "leave out everything after host and port",
        };
        ValueError::new(format!("cannot be used: {error}"), expected).remedy(remedy)
    })
}

/// The base address of a server: http or https, no user name, query or fragment; a path is kept
/// without a slash at its end.
pub(super) fn base_url(text: &str) -> Result<Url, ValueError> {
    let expected = "expected a web address such as \"https://host.example.com\"";
    let invalid = |what: &str| ValueError::new(what, expected);
    let mut url = Url::parse(text)
        .map_err(|error| invalid(&format!("is not an absolute address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(invalid("is not a web address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("has a user name or password in it"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("has a query or fragment"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// `10.0.0.5:8080`, `jira1.example.com:8443`, `[2001:db8::5]:8080`.
pub(super) fn server_name(text: &str) -> Result<ServerName, ValueError> {
    let expected = "expected a host and a port such as \"10.0.0.5:8080\"";
    let invalid = || ValueError::new("is not a server", expected);
    let (host, port) = text.rsplit_once(':').ok_or_else(invalid)?;
    let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(invalid)?;
    let host = url::Host::parse(host).map_err(|_| invalid())?;
    let host = match host {
        url::Host::Ipv6(address) => address.to_string(),
        host => host.to_string(),
    };
    Ok(ServerName { host, port })
}

/// A path as it stands in a request, or an empty text.
pub(super) fn path_or_nothing(text: &str) -> Result<String, ValueError> {
    let is_path = text.starts_with('/') && text.bytes().all(|byte| byte.is_ascii_graphic());
    let ok = (is_path && !text.contains('#')) || text.is_empty();
    let invalid = || ValueError::new("is not a path", "expected a path such as \"/status\"");
    ok.then(|| text.to_owned()).ok_or_else(invalid)
}

/// As `base_url`, and nobody on the way can read or change what is sent.
pub(super) fn secure_url(text: &str) -> Result<Url, ValueError> {
    let url = base_url(text)?;
    if url.scheme() == "https" || is_loopback(&url) {
        return Ok(url);
    }
    Err(ValueError::new(
        "is plain http",
        "expected https; plain http is for a loopback address only",
    )
    .remedy("write https:// instead"))
}

/// An endpoint: as `secure_url`, kept as it is spelled, and it may have a query (RFC 6749 section 3.1).
pub(super) fn endpoint(text: &str) -> Result<Url, ValueError> {
    let base = text.split('?').next().unwrap_or_default();
    secure_url(base)?;
    let invalid = || ValueError::new("has a fragment", "expected an address without one");
    Url::parse(text).ok().filter(|url| url.fragment().is_none()).ok_or_else(invalid)
}

/// An issuer, checked as an address and kept as it is spelled: it is compared letter by letter
/// with the one in tokens (OpenID Connect Discovery 4.3).
pub(super) fn issuer(text: &str) -> Result<String, ValueError> {
    secure_url(text).map(|_| text.to_owned())
}

/// One scope (RFC 6749, 3.3).
pub(super) fn scope(text: &str) -> Result<String, ValueError> {
    let fits = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    let ok = !text.is_empty() && text.bytes().all(fits);
    let invalid =
        || ValueError::new(format!("cannot be {text:?}"), "expected one scope, without blanks");
    ok.then(|| text.to_owned()).ok_or_else(invalid)
}

/// A project key or project id.
pub(super) fn project(text: &str) -> Result<String, ValueError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let ok = !text.is_empty() && text.bytes().all(fits);
    let expected = "expected a project key such as \"IT\" or a project id such as \"10001\"";
    ok.then(|| text.to_owned())
        .ok_or_else(|| ValueError::new(format!("cannot be {text:?}"), expected))
}

/// A filter of log lines. A single word has to be a level: the filter would take a misspelt level
/// for the name of a module and write everything of that module.
pub(super) fn log_level(text: &str) -> Result<String, ValueError> {
    let expected = "expected error, warn, info, debug, trace or a filter such as \
                    \"info,jsm_gate::auth=debug\"";
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    let misspelt = text.split(',').map(str::trim).find(|part| {
        !part.contains(['=', '[', ':']) && !levels.contains(&part.to_ascii_lowercase().as_str())
    });
    if let Some(word) = misspelt {
        return Err(ValueError::new(format!("has {word:?}, which is not a level"), expected));
    }
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(ValueError::new(format!("is not a filter: {error}"), expected)),
    }
}

#[cfg(test)]
mod tests;

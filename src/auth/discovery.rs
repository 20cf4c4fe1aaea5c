//! What a provider says about itself: its discovery document, checked, and its keys. It is read
//! once for each call. Must not know logins, or when to read again.

mod capabilities;
mod keys;
mod metadata;

use std::time::SystemTime;

use http::{StatusCode, header};
use openidconnect::AuthType;
use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use url::{Host, Url};

pub(super) use self::keys::{Keys, keys};
pub(super) use self::metadata::Metadata;
use super::claims::Claims;
use super::fault::Fault;
use super::http::HttpClient;
use crate::config::ProviderConfig;
use crate::domain::is_loopback;

/// A provider as it described itself.
#[derive(Clone, Debug)]
pub(super) struct Discovered {
    pub(super) metadata: Metadata,
    /// How the client secret is sent.
    pub(super) auth_type: AuthType,
    pub(super) keys: Keys,
    /// The signing algorithms that are both allowed and announced.
    pub(super) algorithms: Vec<Algorithm>,
    /// The endpoint for pushed authorization requests, if they are used.
    pub(super) pushed: Option<Url>,
    /// The provider's clock, if it told.
    pub(super) date: Option<SystemTime>,
}

/// Reads the discovery document, where there is one, and the keys.
pub(super) async fn load(
    config: &ProviderConfig,
    issuer: &Url,
    http: &HttpClient,
) -> Result<Discovered, Fault> {
    if let Some(endpoints) = &config.oauth2 {
        return capabilities::of_oauth2(config, endpoints, issuer);
    }
    let (metadata, date) = match &config.endpoints {
        Some(endpoints) => (capabilities::of_endpoints(endpoints, issuer), None),
        None => document(config, issuer, http).await?,
    };
    check_endpoints(&metadata)?;
    let auth_type = capabilities::auth_type(&config.client_auth, &metadata)?;
    let algorithms = capabilities::algorithms(config, &metadata)?;
    let pushed = capabilities::pushed(config, &metadata)?;
    let keys = keys(&metadata.jwks_uri, http).await?;
    Ok(Discovered { metadata, auth_type, keys, algorithms, pushed, date })
}

/// What is already known, for another configuration of the same provider. Asks nobody.
pub(super) fn again(config: &ProviderConfig, known: &Discovered) -> Result<Discovered, Fault> {
    let metadata = known.metadata.clone();
    let auth_type = capabilities::auth_type(&config.client_auth, &metadata)?;
    let algorithms = capabilities::algorithms(config, &metadata)?;
    let pushed = capabilities::pushed(config, &metadata)?;
    let (keys, date) = (known.keys.clone(), known.date);
    Ok(Discovered { metadata, auth_type, keys, algorithms, pushed, date })
}

async fn document(
    config: &ProviderConfig,
    issuer: &Url,
    http: &HttpClient,
) -> Result<(Metadata, Option<SystemTime>), Fault> {
    let url = format!("{}/.well-known/openid-configuration", config.issuer.trim_end_matches('/'));
    let unreachable = |reason: String| Fault::Unreachable { url: url.clone(), reason };
    let parsed = Url::parse(&url).map_err(|error| unreachable(error.to_string()))?;
    let answer = http.get(&parsed).await?;
    if answer.status() != StatusCode::OK {
        return Err(Fault::Status { url, status: answer.status() });
    }
    let document: Claims =
        serde_json::from_slice(answer.body()).map_err(|source| Fault::Malformed { url, source })?;
    let metadata = Metadata::read(&document, issuer, &config.issuer)?;
    let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
    Ok((metadata, date.and_then(|date| httpdate::parse_http_date(date).ok())))
}

fn check_endpoints(metadata: &Metadata) -> Result<(), Fault> {
    for (name, url) in metadata.endpoints() {
        if !is_safe(&metadata.issuer, url) {
            return Err(Fault::UnsafeEndpoint { name, url: url.to_string() });
        }
    }
    Ok(())
}

/// Endpoints may be on other hosts than the issuer, as Google's are. They may not be inside our
/// network when the issuer is outside of it (docs/security.md D17).
fn is_safe(issuer: &Url, endpoint: &Url) -> bool {
    if is_loopback(issuer) {
        return is_loopback(endpoint) && matches!(endpoint.scheme(), "http" | "https");
    }
    let by_name = matches!(endpoint.host(), Some(Host::Domain(_))) && !is_loopback(endpoint);
    endpoint.scheme() == "https" && (by_name || endpoint.host() == issuer.host())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::own_host("https://id.example.com/token", true)]
    #[case::other_host("https://oauth2.googleapis.com/token", true)]
    #[case::plain_http("http://id.example.com/token", false)]
    #[case::this_machine("https://localhost/token", false)]
    #[case::loopback("https://127.0.0.1/token", false)]
    #[case::private("https://10.0.0.1/token", false)]
    #[case::link_local("https://169.254.169.254/token", false)]
    #[case::link_local_v6("https://[fe80::1]/token", false)]
    #[case::script("javascript:alert(1)", false)]
    fn d17_an_endpoint_of_a_public_issuer_is_https_and_no_inner_address(
        #[case] endpoint: &str,
        #[case] safe: bool,
    ) {
        let issuer = Url::parse("https://id.example.com").unwrap();
        assert_eq!(is_safe(&issuer, &Url::parse(endpoint).unwrap()), safe);
    }

    #[test]
    fn an_issuer_with_an_inner_address_has_its_endpoints_there() {
        let issuer = Url::parse("https://10.0.0.1/realm").unwrap();
        assert!(is_safe(&issuer, &Url::parse("https://10.0.0.1/token").unwrap()));
        assert!(!is_safe(&issuer, &Url::parse("https://10.0.0.2/token").unwrap()));
    }
}

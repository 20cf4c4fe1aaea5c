//! What a provider says of itself: its discovery document, checked, and its keys. Knows nothing of
//! logins, and asks once; when to ask again is the provider's business.

mod means;

use std::time::SystemTime;

use http::{Method, Request, StatusCode, header};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm as Algorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    IssuerUrl, JsonWebKeySet, JsonWebKeySetUrl, ProviderMetadata, RedirectUrl, UserInfoUrl,
};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::http::{HttpClient, HttpError};
use crate::config::ProviderConfig;
use crate::domain::is_loopback;

/// Members of the discovery document beyond OpenID Connect Discovery 1.0.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Extensions {
    /// RP-initiated logout 1.0 section 2.1.
    pub(super) end_session_endpoint: Option<Url>,
    /// RFC 9207 section 3.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    /// RFC 8414 section 2.
    pub(super) revocation_endpoint: Option<Url>,
    /// RFC 9126 section 5.
    pub(super) pushed_authorization_request_endpoint: Option<Url>,
    /// Back-Channel Logout 1.0 section 2.1.
    #[serde(default)]
    pub(super) backchannel_logout_supported: bool,
    /// Front-Channel Logout 1.0 section 3.
    #[serde(default)]
    pub(super) frontchannel_logout_supported: bool,
}

impl AdditionalProviderMetadata for Extensions {}

pub(super) type Metadata = ProviderMetadata<
    Extensions,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The gate as this provider's client, with all endpoints known.
pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointMaybeSet,
>;

/// A provider as it described itself.
#[derive(Clone, Debug)]
pub(super) struct Discovered {
    pub(super) metadata: Metadata,
    pub(super) client: Client,
    pub(super) keys: CoreJsonWebKeySet,
    /// Those that are allowed and that it announces.
    pub(super) algorithms: Vec<Algorithm>,
    /// Where requests are handed over beforehand, if they are.
    pub(super) pushed: Option<Url>,
    /// The provider's own clock, when it says.
    pub(super) date: Option<SystemTime>,
}

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("{url} cannot be read: {reason}")]
    Unreachable { url: String, reason: String },
    #[error("{url} answered {status}")]
    Status { url: String, status: StatusCode },
    #[error("{url} is not a discovery document: {source}")]
    Malformed { url: String, source: serde_json::Error },
    #[error("the document is of issuer {found:?}; set issuer to exactly that if it is the one")]
    OtherIssuer { found: String },
    #[error("the document names no token_endpoint")]
    NoTokenEndpoint,
    #[error("{name} {url} is not an https address that belongs to a public issuer")]
    UnsafeEndpoint { name: &'static str, url: String },
    #[error("it signs ID tokens in no way that is allowed; it announces {announced}")]
    NoAlgorithm { announced: String },
    #[error("its token endpoint does not take {0}")]
    NoClientAuthentication(&'static str),
    #[error("par is on, but it has no pushed_authorization_request_endpoint")]
    NoPushedRequests,
    #[error("{0}")]
    Configured(String),
}

/// Reads the discovery document and the keys.
pub(super) async fn load(
    config: &ProviderConfig,
    redirect: &RedirectUrl,
    http: &HttpClient,
) -> Result<Discovered, Fault> {
    if let Some(endpoints) = &config.oauth2 {
        return means::declared(config, endpoints, redirect);
    }
    let (metadata, date) = document(config, http).await?;
    check_endpoints(&metadata)?;
    let client = means::client(config, redirect, &metadata)?;
    let algorithms = means::algorithms(config, &metadata)?;
    let pushed = means::pushed(config, &metadata)?;
    let keys = keys(metadata.jwks_uri(), http).await?;
    Ok(Discovered { metadata, client, keys, algorithms, pushed, date })
}

/// What is known already, for another configuration of the same provider. Asks nobody.
pub(super) fn again(
    config: &ProviderConfig,
    redirect: &RedirectUrl,
    known: &Discovered,
) -> Result<Discovered, Fault> {
    let metadata = known.metadata.clone();
    let client = means::client(config, redirect, &metadata)?;
    let algorithms = means::algorithms(config, &metadata)?;
    let pushed = means::pushed(config, &metadata)?;
    let (keys, date) = (known.keys.clone(), known.date);
    Ok(Discovered { metadata, client, keys, algorithms, pushed, date })
}

/// Reads the keys alone, after a rotation.
pub(super) async fn keys(
    url: &JsonWebKeySetUrl,
    http: &HttpClient,
) -> Result<CoreJsonWebKeySet, Fault> {
    JsonWebKeySet::fetch_async(url, http).await.map_err(|error| Fault::Unreachable {
        url: url.to_string(),
        reason: match error {
            DiscoveryError::Request(error) => error.to_string(),
            DiscoveryError::Parse(error) => error.to_string(),
            other => other.to_string(),
        },
    })
}

async fn document(
    config: &ProviderConfig,
    http: &HttpClient,
) -> Result<(Metadata, Option<SystemTime>), Fault> {
    let url = format!("{}/.well-known/openid-configuration", config.issuer.trim_end_matches('/'));
    let unreachable = |reason: String| Fault::Unreachable { url: url.clone(), reason };
    let request = Request::builder()
        .method(Method::GET)
        .uri(&url)
        .header(header::ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|error| unreachable(error.to_string()))?;
    let answer =
        http.send(request).await.map_err(|error: HttpError| unreachable(error.to_string()))?;
    if answer.status() != StatusCode::OK {
        return Err(Fault::Status { url, status: answer.status() });
    }
    let metadata: Metadata =
        serde_json::from_slice(answer.body()).map_err(|source| Fault::Malformed { url, source })?;
    // Byte for byte (OpenID Connect Discovery 1.0 section 4.3): a provider that answers for another
    // one could have its tokens accepted (threats.md D17).
    if metadata.issuer().as_str() != config.issuer {
        return Err(Fault::OtherIssuer { found: metadata.issuer().to_string() });
    }
    let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
    Ok((metadata, date.and_then(|date| httpdate::parse_http_date(date).ok())))
}

fn check_endpoints(metadata: &Metadata) -> Result<(), Fault> {
    let token = metadata.token_endpoint().ok_or(Fault::NoTokenEndpoint)?;
    let user_info = metadata.userinfo_endpoint().map(UserInfoUrl::url);
    let more = metadata.additional_metadata();
    let endpoints = [
        ("authorization_endpoint", Some(metadata.authorization_endpoint().url())),
        ("token_endpoint", Some(token.url())),
        ("userinfo_endpoint", user_info),
        ("jwks_uri", Some(metadata.jwks_uri().url())),
        ("end_session_endpoint", more.end_session_endpoint.as_ref()),
        ("revocation_endpoint", more.revocation_endpoint.as_ref()),
        (
            "pushed_authorization_request_endpoint",
            more.pushed_authorization_request_endpoint.as_ref(),
        ),
    ];
    for (name, url) in endpoints {
        let Some(url) = url else { continue };
        if !is_safe(metadata.issuer(), url) {
            return Err(Fault::UnsafeEndpoint { name, url: url.to_string() });
        }
    }
    Ok(())
}

/// Endpoints may be on other hosts than the issuer, as Google's are, but not inside our network
/// when the issuer is outside of it (threats.md D17).
fn is_safe(issuer: &IssuerUrl, endpoint: &Url) -> bool {
    if is_loopback(issuer.url()) {
        return is_loopback(endpoint) && matches!(endpoint.scheme(), "http" | "https");
    }
    let by_name = matches!(endpoint.host(), Some(Host::Domain(_))) && !is_loopback(endpoint);
    endpoint.scheme() == "https" && (by_name || endpoint.host() == issuer.url().host())
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
        let issuer = IssuerUrl::new("https://id.example.com".to_owned()).unwrap();
        assert_eq!(is_safe(&issuer, &Url::parse(endpoint).unwrap()), safe);
    }

    #[test]
    fn an_issuer_with_an_inner_address_has_its_endpoints_there() {
        let issuer = IssuerUrl::new("https://10.0.0.1/realm".to_owned()).unwrap();
        assert!(is_safe(&issuer, &Url::parse("https://10.0.0.1/token").unwrap()));
        assert!(!is_safe(&issuer, &Url::parse("https://10.0.0.2/token").unwrap()));
    }
}

//! What follows from a provider's own description and the configuration together: the gate as its
//! client, and the means both agree on. Asks nobody anything.

use openidconnect::core::{CoreClient, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{
    AuthUrl, ClientId, ClientSecret, IssuerUrl, JsonWebKeySet, JsonWebKeySetUrl, RedirectUrl,
    TokenUrl, UserInfoUrl,
};
use secrecy::ExposeSecret as _;
use url::Url;

use super::{Client, Discovered, Extensions, Fault, Metadata};
use crate::auth::client_auth;
use crate::config::{ClientAuth, OAuth2, ProviderConfig, SigningAlgorithm};

/// Plain OAuth 2.0 has no document: what it would say stands in the configuration. Without keys and
/// algorithms no ID token could ever pass.
pub(super) fn declared(
    config: &ProviderConfig,
    endpoints: &OAuth2,
    redirect: &RedirectUrl,
) -> Result<Discovered, Fault> {
    let issuer = IssuerUrl::new(config.issuer.clone());
    let issuer = issuer.map_err(|error| Fault::Configured(error.to_string()))?;
    let metadata = Metadata::new(
        issuer,
        AuthUrl::from_url(endpoints.authorization_endpoint.clone()),
        JsonWebKeySetUrl::from_url(endpoints.authorization_endpoint.clone()),
        Vec::new(),
        Vec::new(),
        Vec::new(),
        Extensions::default(),
    )
    .set_token_endpoint(Some(TokenUrl::from_url(endpoints.token_endpoint.clone())))
    .set_userinfo_endpoint(Some(UserInfoUrl::from_url(endpoints.userinfo_endpoint.clone())));
    let client = client(config, redirect, &metadata)?;
    let keys = JsonWebKeySet::new(Vec::new());
    Ok(Discovered { metadata, client, keys, algorithms: Vec::new(), pushed: None, date: None })
}

/// The gate as this provider's client.
pub(super) fn client(
    config: &ProviderConfig,
    redirect: &RedirectUrl,
    metadata: &Metadata,
) -> Result<Client, Fault> {
    let token_endpoint = metadata.token_endpoint().cloned().ok_or(Fault::NoTokenEndpoint)?;
    let secret = match &config.client_auth {
        ClientAuth::Secret(secret, _) => Some(ClientSecret::new(secret.expose_secret().to_owned())),
        ClientAuth::Public | ClientAuth::Key(_) => None,
    };
    let auth_type = client_auth::auth_type(&config.client_auth, metadata)?;
    let id = ClientId::new(config.client_id.clone());
    Ok(CoreClient::from_provider_metadata(metadata.clone(), id, secret)
        .set_token_uri(token_endpoint)
        .set_auth_type(auth_type)
        .set_redirect_uri(redirect.clone()))
}

/// Of the algorithms that are allowed those that it announces.
pub(super) fn algorithms(
    config: &ProviderConfig,
    metadata: &Metadata,
) -> Result<Vec<Algorithm>, Fault> {
    let announced = metadata.id_token_signing_alg_values_supported();
    let allowed = config.signing_algorithms.iter().map(|one| algorithm(*one));
    let algorithms: Vec<_> = allowed.filter(|one| announced.contains(one)).collect();
    if algorithms.is_empty() {
        let names = announced.iter().map(|one| serde_json::to_value(one).unwrap_or_default());
        let names: Vec<_> = names.filter_map(|name| name.as_str().map(str::to_owned)).collect();
        return Err(Fault::NoAlgorithm { announced: names.join(", ") });
    }
    Ok(algorithms)
}

fn algorithm(allowed: SigningAlgorithm) -> Algorithm {
    match allowed {
        SigningAlgorithm::RS256 => Algorithm::RsaSsaPkcs1V15Sha256,
        SigningAlgorithm::RS384 => Algorithm::RsaSsaPkcs1V15Sha384,
        SigningAlgorithm::RS512 => Algorithm::RsaSsaPkcs1V15Sha512,
        SigningAlgorithm::PS256 => Algorithm::RsaSsaPssSha256,
        SigningAlgorithm::PS384 => Algorithm::RsaSsaPssSha384,
        SigningAlgorithm::PS512 => Algorithm::RsaSsaPssSha512,
        SigningAlgorithm::ES256 => Algorithm::EcdsaP256Sha256,
        SigningAlgorithm::ES384 => Algorithm::EcdsaP384Sha384,
        SigningAlgorithm::EdDsa => Algorithm::EdDsa,
    }
}

/// Where requests are handed over beforehand: where the provider announces it, unless the
/// configuration says always or never.
pub(super) fn pushed(config: &ProviderConfig, metadata: &Metadata) -> Result<Option<Url>, Fault> {
    let endpoint = &metadata.additional_metadata().pushed_authorization_request_endpoint;
    match (config.request.pushed, endpoint) {
        (Some(true), None) => Err(Fault::NoPushedRequests),
        (Some(false), _) => Ok(None),
        (Some(true) | None, endpoint) => Ok(endpoint.clone()),
    }
}

//! What the provider's description and the configuration agree on: how to authenticate, sign and
//! push. Must not use the network.

use openidconnect::AuthType;
use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use url::Url;

use super::{Discovered, Keys, Metadata};
use crate::auth::fault::Fault;
use crate::config::{
    ClientAuth, Endpoints, OAuth2, ProviderConfig, SecretMethod, SigningAlgorithm,
};

/// Plain OAuth 2.0 has no discovery document: the configuration says what it would say. Without
/// keys and algorithms no ID token could be accepted.
pub(super) fn of_oauth2(
    config: &ProviderConfig,
    endpoints: &OAuth2,
    issuer: &Url,
) -> Result<Discovered, Fault> {
    let (authorization, token) = (&endpoints.authorization_endpoint, &endpoints.token_endpoint);
    let metadata = Metadata {
        userinfo_endpoint: Some(endpoints.userinfo_endpoint.clone()),
        ..Metadata::without_document(issuer, authorization, token, authorization)
    };
    let auth_type = auth_type(&config.client_auth, &metadata)?;
    let (keys, algorithms) = (Keys::default(), Vec::new());
    Ok(Discovered { metadata, auth_type, keys, algorithms, pushed: None, date: None })
}

/// What the discovery document of an OpenID provider would say that has none. It would announce how
/// ID tokens are signed; without that the configuration alone decides which ways count.
pub(super) fn of_endpoints(endpoints: &Endpoints, issuer: &Url) -> Metadata {
    let (authorization, token) = (&endpoints.authorization_endpoint, &endpoints.token_endpoint);
    let names = SigningAlgorithm::ALL.map(|one| serde_json::to_value(algorithm(one)));
    let names = names.into_iter().filter_map(|name| Some(name.ok()?.as_str()?.to_owned()));
    Metadata {
        userinfo_endpoint: endpoints.userinfo_endpoint.clone(),
        end_session_endpoint: endpoints.end_session_endpoint.clone(),
        id_token_signing_alg_values_supported: names.collect(),
        ..Metadata::without_document(issuer, authorization, token, &endpoints.jwks_uri)
    }
}

/// How the client secret is sent: by `client_secret_basic`, unless only the other method is
/// announced. A provider that announces nothing accepts it too (OpenID Connect Discovery 1.0
/// section 3).
pub(super) fn auth_type(auth: &ClientAuth, metadata: &Metadata) -> Result<AuthType, Fault> {
    let takes = |method| metadata.takes(method);
    match auth {
        ClientAuth::Secret(_, Some(SecretMethod::Basic)) => Ok(AuthType::BasicAuth),
        ClientAuth::Secret(_, None) if takes("client_secret_basic") => Ok(AuthType::BasicAuth),
        ClientAuth::Secret(_, None) if !takes("client_secret_post") => {
            Err(Fault::NoClientAuthentication("client_secret_basic or client_secret_post"))
        }
        ClientAuth::Key(_) if !takes("private_key_jwt") => {
            Err(Fault::NoClientAuthentication("private_key_jwt"))
        }
        ClientAuth::Public | ClientAuth::Key(_) | ClientAuth::Secret(..) => {
            Ok(AuthType::RequestBody)
        }
    }
}

/// The signing algorithms that are both allowed and announced.
pub(super) fn algorithms(
    config: &ProviderConfig,
    metadata: &Metadata,
) -> Result<Vec<Algorithm>, Fault> {
    let allowed = config.signing_algorithms.iter().map(|one| algorithm(*one));
    let algorithms: Vec<_> = allowed.filter(|one| metadata.signs_with(one)).collect();
    if algorithms.is_empty() {
        let announced = &metadata.id_token_signing_alg_values_supported;
        let names = if announced.is_empty() { "none".to_owned() } else { announced.join(", ") };
        return Err(Fault::NoAlgorithm { announced: names });
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

/// The endpoint for pushed authorization requests: used where the provider announces it, unless the
/// configuration says always or never.
pub(super) fn pushed(config: &ProviderConfig, metadata: &Metadata) -> Result<Option<Url>, Fault> {
    let endpoint = &metadata.pushed_authorization_request_endpoint;
    match (config.request.pushed, endpoint) {
        (Some(true), None) => Err(Fault::NoPushedRequests),
        (Some(false), _) => Ok(None),
        (Some(true) | None, endpoint) => Ok(endpoint.clone()),
    }
}

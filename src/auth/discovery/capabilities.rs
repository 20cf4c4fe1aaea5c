//! What the provider's description and the configuration agree on: how to authenticate, sign and
//! push. Must not use the network.

use openidconnect::AuthType;
use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;
use url::Url;

use super::{Discovered, Keys, Metadata};
use crate::auth::fault::Fault;
use crate::config::{ClientAuth, OAuth2, ProviderConfig, SecretMethod, SigningAlgorithm};

/// Plain OAuth 2.0 has no discovery document: the configuration says what it would say. Without
/// keys and algorithms no ID token could be accepted.
pub(super) fn declared(
    config: &ProviderConfig,
    endpoints: &OAuth2,
    issuer: &Url,
) -> Result<Discovered, Fault> {
    let metadata = Metadata {
        issuer: issuer.clone(),
        authorization_endpoint: endpoints.authorization_endpoint.clone(),
        token_endpoint: endpoints.token_endpoint.clone(),
        jwks_uri: endpoints.authorization_endpoint.clone(),
        userinfo_endpoint: Some(endpoints.userinfo_endpoint.clone()),
        end_session_endpoint: None,
        revocation_endpoint: None,
        pushed_authorization_request_endpoint: None,
        authorization_response_iss_parameter_supported: false,
        prompt_values_supported: None,
        backchannel_logout_supported: false,
        frontchannel_logout_supported: false,
        id_token_signing_alg_values_supported: Vec::new(),
        token_endpoint_auth_methods_supported: None,
        response_modes_supported: None,
        scopes_supported: None,
        claims_supported: None,
        unreadable: Vec::new(),
    };
    let auth_type = auth_type(&config.client_auth, &metadata)?;
    let (keys, algorithms) = (Keys::default(), Vec::new());
    Ok(Discovered { metadata, auth_type, keys, algorithms, pushed: None, date: None })
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

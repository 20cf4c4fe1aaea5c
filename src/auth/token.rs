//! The way from a code to an identity: token endpoint, ID token, UserInfo. Knows the protocol's
//! order of steps; what each step checks is the step's own.

use std::str::FromStr;
use std::sync::Arc;

use openidconnect::core::{CoreErrorResponseType, CoreIdToken, CoreTokenResponse};
use openidconnect::{
    AuthorizationCode, Nonce, OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError,
    StandardErrorResponse, TokenResponse,
};
use secrecy::SecretString;
use serde_json::Value;

use super::claims::{self, Claims};
use super::discovery::Discovered;
use super::error::{Expiry, LoginError, TokenFault, shown};
use super::http::HttpError;
use super::id_token::{self, Verified};
use super::pending::Pending;
use super::provider::Provider;
use super::user_info;
use crate::domain::{Clock, Identity};

type TokenError = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// Redeems a code and says whose it is, with the ID token that proves it.
pub(super) async fn redeem(
    provider: &Provider,
    discovered: &Arc<Discovered>,
    code: String,
    pending: &Pending,
    clock: &Clock,
) -> Result<(Identity, SecretString), LoginError> {
    let tokens = exchange(provider, discovered, code, pending).await?;
    let id_token = tokens.id_token().ok_or(LoginError::TokenInvalid(TokenFault::Missing))?;
    let nonce = Nonce::new(pending.nonce.clone());
    let access_token = tokens.access_token();
    let verified = id_token::verify(provider, id_token, access_token, &nonce, clock, discovered)
        .await
        .map_err(LoginError::TokenInvalid)?;
    let user_info = ask_user_info(provider, discovered, &tokens, &verified).await?;
    let Verified { subject, claims } = verified;
    let identity = claims::identity(&provider.config, &subject, &claims, &user_info)?;
    Ok((identity, id_token.to_string().into()))
}

async fn exchange(
    provider: &Provider,
    discovered: &Discovered,
    code: String,
    pending: &Pending,
) -> Result<CoreTokenResponse, LoginError> {
    discovered
        .client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
        .request_async(&provider.http)
        .await
        .map_err(|error| refusal(provider, error))
}

/// What a refusal of the token endpoint means (RFC 6749 section 5.2).
fn refusal(provider: &Provider, error: TokenError) -> LoginError {
    let provider = provider.id().clone();
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            CoreErrorResponseType::InvalidGrant => LoginError::Expired(Expiry::CodeRefused),
            CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
                LoginError::ClientRejected { provider, reason: shown(&response.to_string()) }
            }
            _ => LoginError::TokenResponse(shown(&response.to_string())),
        },
        RequestTokenError::Request(error) => LoginError::ProviderUnreachable {
            provider,
            reason: format!("the token endpoint cannot be reached: {error}"),
        },
        RequestTokenError::Parse(error, body) => unreadable(&body).map_or_else(
            || LoginError::TokenResponse(shown(&error.to_string())),
            LoginError::TokenInvalid,
        ),
        RequestTokenError::Other(reason) => LoginError::TokenResponse(shown(&reason)),
    }
}

/// What is wrong with the ID token in an answer, if it is the ID token that cannot be read: the
/// error alone does not tell.
fn unreadable(answer: &[u8]) -> Option<TokenFault> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let error = CoreIdToken::from_str(answer.get("id_token")?.as_str()?).err()?;
    Some(TokenFault::Malformed(shown(&error.to_string())))
}

async fn ask_user_info(
    provider: &Provider,
    discovered: &Discovered,
    tokens: &CoreTokenResponse,
    verified: &Verified,
) -> Result<Claims, LoginError> {
    let Some(url) = discovered.metadata.userinfo_endpoint() else { return Ok(Claims::default()) };
    if !claims::leave_open(&provider.config, &verified.claims) {
        return Ok(Claims::default());
    }
    user_info::fetch(&provider.http, url, tokens.access_token(), &verified.subject)
        .await
        .map_err(|reason| LoginError::UserInfoInvalid(shown(&reason)))
}

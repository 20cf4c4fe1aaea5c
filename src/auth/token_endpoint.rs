//! The token endpoint: asks for tokens, and reads the answer member by member. Must not know whose
//! tokens they are.

use http::StatusCode;
use openidconnect::{AccessToken, AuthType};
use secrecy::SecretString;
use serde_json::Value;

use super::claims::Claims;
use super::client_auth;
use super::discovery::Discovered;
use super::error::{Expiry, LoginError};
use super::error_answer::ErrorAnswer;
use super::provider::Provider;
use super::text::shown;
use crate::domain::ProviderId;

/// What the endpoint answers (RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3).
pub(super) struct Answer {
    pub(super) access_token: AccessToken,
    pub(super) id_token: Option<SecretString>,
    pub(super) refresh_token: Option<SecretString>,
    /// Seconds, if they can be read: the member is only RECOMMENDED, and Azure AD B2C writes it as
    /// a text.
    pub(super) expires_in: Option<u64>,
}

/// Asks for tokens. A refusal becomes an error that says what to do.
pub(super) async fn ask(
    provider: &Provider,
    discovered: &Discovered,
    mut parameters: Vec<(&'static str, String)>,
) -> Result<Answer, LoginError> {
    if !matches!(discovered.auth_type, AuthType::BasicAuth) {
        parameters.push(("client_id", provider.config.client_id.clone()));
    }
    let endpoint = discovered.metadata.token_endpoint.as_str();
    let request = client_auth::form(provider, discovered, endpoint, &parameters);
    let unsigned = || LoginError::TokenResponse("the request could not be signed".to_owned());
    let answer = provider.http.send(request.ok_or_else(unsigned)?).await;
    let answer = answer.map_err(|error| LoginError::ProviderUnreachable {
        provider: provider.id().clone(),
        reason: format!("the token endpoint cannot be reached: {error}"),
    })?;
    if answer.status() != StatusCode::OK {
        return Err(refused(provider, answer.status(), answer.body()));
    }
    let members: Claims = serde_json::from_slice(answer.body())
        .map_err(|error| LoginError::TokenResponse(shown(&error.to_string())))?;
    match members.lookup("error").and_then(Value::as_str) {
        Some(error) => Err(disguised(provider.id(), shown(error))),
        None => read(&members),
    }
}

/// Strict about the tokens, and about nothing else.
fn read(members: &Claims) -> Result<Answer, LoginError> {
    let odd = |what: &str| LoginError::TokenResponse(what.to_owned());
    let text = |name: &str| members.lookup(name).and_then(Value::as_str);
    let secret = |text: &str| (!text.is_empty()).then(|| SecretString::from(text));
    let access_token = text("access_token").filter(|token| !token.is_empty());
    let id_token = match members.lookup("id_token") {
        Some(Value::String(token)) => secret(token),
        Some(_) => return Err(odd("id_token is not a text")),
        None => None,
    };
    text("token_type").ok_or_else(|| odd("token_type is missing or not a text"))?;
    Ok(Answer {
        access_token: access_token
            .map(|token| AccessToken::new(token.to_owned()))
            .ok_or_else(|| odd("access_token is missing or not a text"))?,
        id_token,
        refresh_token: text("refresh_token").and_then(secret),
        expires_in: members.lookup("expires_in").and_then(seconds),
    })
}

fn seconds(value: &Value) -> Option<u64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    Some(std::time::Duration::try_from_secs_f64(number?).ok()?.as_secs())
}

/// RFC 6749 section 5.2.
fn refused(provider: &Provider, status: StatusCode, body: &[u8]) -> LoginError {
    match ErrorAnswer::read(body) {
        None => LoginError::TokenResponse(format!("it answered {status} without an error code")),
        Some(answer) if answer.code == "invalid_grant" => LoginError::Expired(Expiry::CodeRefused),
        Some(answer) if answer.is_of_client() => {
            LoginError::ClientRejected { provider: provider.id().clone(), reason: answer.reason }
        }
        Some(answer) => LoginError::TokenResponse(answer.reason),
    }
}

/// GitHub refuses with status 200 and error codes of its own:
/// <https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors>
fn disguised(provider: &ProviderId, reason: String) -> LoginError {
    match reason.as_str() {
        "bad_verification_code" | "bad_refresh_token" => LoginError::Expired(Expiry::CodeRefused),
        "incorrect_client_credentials" => {
            LoginError::ClientRejected { provider: provider.clone(), reason }
        }
        _ => LoginError::TokenResponse(reason),
    }
}

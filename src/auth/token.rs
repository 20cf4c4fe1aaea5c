//! The way from a code to an identity: token endpoint, ID token, UserInfo. Knows the protocol's
//! order of steps; what each step checks is the step's own.

use std::str::FromStr;
use std::sync::Arc;

use openidconnect::core::{CoreErrorResponseType, CoreIdToken, CoreTokenResponse};
use openidconnect::{
    AuthorizationCode, Nonce, OAuth2TokenResponse, PkceCodeVerifier, RequestTokenError,
    StandardErrorResponse, TokenResponse,
};
use serde_json::Value;

use super::claims::{self, Claims};
use super::discovery::Discovered;
use super::error::{Expiry, LoginError, TokenFault, shown};
use super::http::HttpError;
use super::id_token::{self, Verified};
use super::pending::Pending;
use super::provider::Provider;
use super::received::Received;
use super::{client_auth, oauth2, user_info};
use crate::domain::{Clock, ProviderId};
use crate::session::{Login, Tokens, Vouched};

/// How long tokens are good of which nobody says so, in seconds.
const USUAL_LIFETIME: u64 = 3600;

pub(super) type TokenError =
    RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

/// Redeems a code and says whose it is, with the ID token that proves it.
pub(super) async fn redeem(
    provider: &Provider,
    discovered: &Arc<Discovered>,
    code: String,
    pending: &Pending,
    clock: &Clock,
    received: &mut Received,
) -> Result<Login, LoginError> {
    let answer = exchange(provider, discovered, code, pending).await?;
    let mut tokens = worth_keeping(discovered, &answer);
    let refreshed = provider.config.refresh && tokens.refresh.is_some();
    tokens.vouched = refreshed.then(|| vouched(&answer, clock.unix_seconds()));
    let access_token = answer.access_token();
    if let Some(endpoints) = &provider.config.oauth2 {
        received.user_info = oauth2::ask(provider, endpoints, access_token).await?;
        let identity = oauth2::identity(provider, &received.user_info)?;
        return Ok(Login { identity, sid: None, tokens });
    }
    let id_token = answer.id_token().ok_or(LoginError::TokenInvalid(TokenFault::Missing))?;
    let nonce = Nonce::new(pending.nonce.clone());
    let max_age = pending.max_age().or(provider.config.request.max_age);
    let login = id_token::Login::New { nonce: &nonce, max_age };
    let verified = id_token::verify(provider, id_token, access_token, login, clock, discovered)
        .await
        .map_err(LoginError::TokenInvalid)?;
    received.id_token = verified.claims.clone();
    let user_info = ask_user_info(provider, discovered, &answer, &verified).await?;
    received.user_info = user_info.clone();
    let Verified { subject, claims } = verified;
    let identity = claims::identity(&provider.config, &subject, &claims, &user_info)?;
    if identity.groups.is_empty() && claims.groups_are_elsewhere(&provider.config.attributes.groups)
    {
        warn_of_groups(provider);
    }
    let sid = received.sid().map(Into::into);
    Ok(Login { identity, sid, tokens })
}

/// Where access tokens can be revoked, the one that no refresh token stands for is kept for that:
/// to revoke a refresh token revokes both (RFC 7009 section 2.1).
pub(super) fn worth_keeping(discovered: &Discovered, answer: &CoreTokenResponse) -> Tokens {
    let refresh = answer.refresh_token().map(|token| token.secret().as_str().into());
    let revocable = discovered.metadata.additional_metadata().revocation_endpoint.is_some();
    let access = (refresh.is_none() && revocable).then(|| answer.access_token().secret().as_str());
    let id = answer.id_token().map(|token| token.to_string().into()).unwrap_or_default();
    Tokens { id, access: access.map(Into::into), refresh, vouched: None }
}

/// For how long the provider says that its tokens are good.
pub(super) fn vouched(answer: &CoreTokenResponse, now: u64) -> Vouched {
    let seconds = answer.expires_in().map(|lifetime| lifetime.as_secs());
    let expiry = || {
        let claims = id_token::raw_claims(answer.id_token()?).ok()?;
        claims.lookup("exp")?.as_u64()
    };
    let until = seconds.map(|seconds| now.saturating_add(seconds)).or_else(expiry);
    Vouched { since: now, until: until.unwrap_or(now + USUAL_LIFETIME) }
}

async fn exchange(
    provider: &Provider,
    discovered: &Discovered,
    code: String,
    pending: &Pending,
) -> Result<CoreTokenResponse, LoginError> {
    ask(provider, discovered, code, pending.verifier.clone())
        .await
        .map_err(|error| refusal(provider, error))
}

/// Asks for tokens (RFC 6749 section 4.1.3).
pub(super) async fn ask(
    provider: &Provider,
    discovered: &Discovered,
    code: String,
    verifier: String,
) -> Result<CoreTokenResponse, TokenError> {
    let request = discovered.client.exchange_code(AuthorizationCode::new(code));
    let assertion = client_auth::assertion(provider, discovered).into_iter().flatten();
    assertion
        .fold(request, |request, (name, value)| request.add_extra_param(name, value))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier))
        .request_async(&provider.http)
        .await
}

/// Microsoft's ID tokens name up to 200 groups; beyond that only where to ask for them.
fn warn_of_groups(provider: &Provider) {
    tracing::warn!(
        provider = %provider.id(),
        remedy = "let the provider send only the groups assigned to this application, or app roles",
        "the customer is in more groups than the ID token holds, so none of them counts"
    );
}

/// What a refusal of the token endpoint means (RFC 6749 section 5.2).
pub(super) fn refusal(provider: &Provider, error: TokenError) -> LoginError {
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
        RequestTokenError::Parse(error, body) => disguised(&provider, &body)
            .or_else(|| unreadable(&body).map(LoginError::TokenInvalid))
            .unwrap_or_else(|| LoginError::TokenResponse(shown(&error.to_string()))),
        RequestTokenError::Other(reason) => LoginError::TokenResponse(shown(&reason)),
    }
}

/// GitHub refuses with status 200 and error codes of its own:
/// <https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors>
fn disguised(provider: &ProviderId, answer: &[u8]) -> Option<LoginError> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let reason = shown(answer.get("error")?.as_str()?);
    Some(match reason.as_str() {
        "bad_verification_code" | "bad_refresh_token" => LoginError::Expired(Expiry::CodeRefused),
        "incorrect_client_credentials" => {
            LoginError::ClientRejected { provider: provider.clone(), reason }
        }
        _ => LoginError::TokenResponse(reason),
    })
}

/// What is wrong with the ID token in an answer, if it is the ID token that cannot be read: the
/// error alone does not tell.
fn unreadable(answer: &[u8]) -> Option<TokenFault> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let error = CoreIdToken::from_str(answer.get("id_token")?.as_str()?).err()?;
    Some(TokenFault::Malformed(shown(&error.to_string())))
}

pub(super) async fn ask_user_info(
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

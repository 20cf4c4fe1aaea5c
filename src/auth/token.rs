//! From a code to an identity: token endpoint, ID token, UserInfo, in this order. Must not know
//! what each step checks.

use std::sync::Arc;

use openidconnect::{AccessToken, Nonce};
use secrecy::ExposeSecret as _;

use super::claims::{self, Claims, Said, UserInfo};
use super::discovery::Discovered;
use super::error::{LoginError, TokenFault};
use super::id_token::{self, Verified};
use super::pending::Pending;
use super::provider::Provider;
use super::provider_claims::ProviderClaims;
use super::text::shown;
use super::token_endpoint::{self, Answer};
use super::tokens::Tokens;
use super::{oauth2, user_info};
use crate::domain::Identity;
use crate::session::{Login, ProviderData, TokenLifetime};

/// The lifetime of tokens whose provider does not tell, in seconds.
const USUAL_LIFETIME: u64 = 3600;

/// Redeems a code, and returns the identity that the answer proves.
pub(super) async fn redeem(
    provider: &Provider,
    discovered: &Arc<Discovered>,
    code: String,
    pending: &Pending,
    provider_claims: &mut ProviderClaims,
) -> Result<Login, LoginError> {
    let answer = exchange(provider, discovered, code, pending.verifier.clone()).await?;
    let provider_data = data_to_keep(provider, discovered, &answer);
    let access_token = &answer.access_token;
    if let Some(endpoints) = &provider.config.oauth2 {
        provider_claims.user_info = oauth2::ask(provider, endpoints, access_token).await?;
        let identity = oauth2::identity(provider, &provider_claims.user_info)?;
        return Ok(Login { identity, sid: None, provider_data });
    }
    let id_token = answer.id_token.as_ref().ok_or(LoginError::TokenInvalid(TokenFault::Missing))?;
    let nonce = Nonce::new(pending.nonce.clone());
    let login = id_token::Login::New { nonce: &nonce, since: since(provider, pending) };
    let verified =
        id_token::verify(provider, id_token.expose_secret(), access_token, login, discovered)
            .await
            .map_err(LoginError::TokenInvalid)?;
    provider_claims.id_token = verified.claims.clone();
    let user_info = user_info_if_needed(provider, discovered, access_token, &verified).await?;
    if let UserInfo::Said(claims) = &user_info {
        provider_claims.user_info = claims.clone();
    }
    let Verified { subject, claims } = verified;
    let all = Said { first: &claims, user_info: &user_info, before: None };
    let identity = claims::identity(&provider.config, &subject, &all)?;
    warn_of_the_unknown(provider, &identity, &claims);
    let sid = provider_claims.sid().map(Into::into);
    Ok(Login { identity, sid, provider_data })
}

/// Unix seconds since which the person has to have logged in, if the login demands that.
fn since(provider: &Provider, pending: &Pending) -> Option<u64> {
    let max_age = pending.max_age().or(provider.config.request.max_age);
    let now = provider.clock.unix_seconds();
    max_age.map(|age| now.saturating_sub(age.as_secs())).max(pending.since)
}

/// Asks UserInfo. A failure is an error only if the ID token leaves something open that decides.
async fn user_info_if_needed(
    provider: &Provider,
    discovered: &Discovered,
    access_token: &AccessToken,
    verified: &Verified,
) -> Result<UserInfo, LoginError> {
    match ask_user_info(provider, discovered, access_token, verified).await {
        Ok(claims) => Ok(UserInfo::Said(claims)),
        Err(user_info::Fault::NotHad(reason))
            if !claims::need_user_info(&provider.config, &verified.claims) =>
        {
            warn_of_user_info(provider, &reason);
            Ok(UserInfo::NotHad)
        }
        Err(fault) => Err(LoginError::UserInfoInvalid(shown(&fault.to_string()))),
    }
}

/// What the session keeps of a token response.
fn data_to_keep(provider: &Provider, discovered: &Discovered, answer: &Answer) -> ProviderData {
    let tokens = worth_keeping(discovered, answer);
    let is_refreshed = provider.config.refresh && tokens.refresh.is_some();
    let token_lifetime =
        is_refreshed.then(|| token_lifetime(answer, provider.clock.unix_seconds()));
    ProviderData { state: tokens.to_state(), token_lifetime }
}

/// The tokens to keep. Where access tokens can be revoked, the access token is kept for that,
/// unless there is a refresh token: revoking that one revokes both (RFC 7009 section 2.1).
pub(super) fn worth_keeping(discovered: &Discovered, answer: &Answer) -> Tokens {
    let refresh = answer.refresh_token.clone();
    let revocable = discovered.metadata.revocation_endpoint.is_some();
    let access = (refresh.is_none() && revocable).then(|| answer.access_token.secret().as_str());
    let id = answer.id_token.clone().unwrap_or_default();
    Tokens { id, access: access.map(Into::into), refresh }
}

/// How long the provider says that its tokens are good.
pub(super) fn token_lifetime(answer: &Answer, now: u64) -> TokenLifetime {
    let expiry = || {
        let claims = id_token::claims_of(answer.id_token.as_ref()?.expose_secret()).ok()?;
        claims.lookup("exp")?.as_u64()
    };
    let until = answer.expires_in.map(|seconds| now.saturating_add(seconds)).or_else(expiry);
    TokenLifetime { since: now, until: until.unwrap_or(now + USUAL_LIFETIME) }
}

/// Asks for tokens (RFC 6749 section 4.1.3).
pub(super) async fn exchange(
    provider: &Provider,
    discovered: &Discovered,
    code: String,
    verifier: String,
) -> Result<Answer, LoginError> {
    let parameters = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code),
        ("redirect_uri", provider.redirect().to_owned()),
        ("code_verifier", verifier),
    ];
    token_endpoint::ask(provider, discovered, parameters).await
}

/// Asks UserInfo for what the ID token leaves open; for nothing if there is no UserInfo.
pub(super) async fn ask_user_info(
    provider: &Provider,
    discovered: &Discovered,
    access_token: &AccessToken,
    verified: &Verified,
) -> Result<Claims, user_info::Fault> {
    let asks = provider.config.asks_user_info;
    if !asks || !claims::leave_open(&provider.config, &verified.claims) {
        return Ok(Claims::default());
    }
    user_info::of(provider, discovered, access_token, &verified.subject).await
}

/// The claims are optional, so the login goes on without them.
pub(super) fn warn_of_user_info(provider: &Provider, reason: &str) {
    tracing::warn!(
        provider = %provider.id(),
        reason = shown(reason),
        remedy = "let the application call UserInfo, or map only claims that the ID token has",
        "UserInfo does not answer; what it would say about the customer is unknown"
    );
}

/// Microsoft's ID tokens name up to 200 groups. With more groups they only tell where to ask.
fn warn_of_the_unknown(provider: &Provider, identity: &Identity, id_token: &Claims) {
    if identity.groups.is_unknown() && id_token.are_elsewhere(&provider.config.attributes.groups) {
        tracing::warn!(
            provider = %provider.id(),
            remedy = "let the provider send only the groups assigned to this application, or app \
                      roles",
            "the customer is in more groups than the ID token holds, so none of them is known"
        );
    }
}

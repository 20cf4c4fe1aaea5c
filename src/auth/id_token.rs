//! The ID token: everything that must be true of it before anything in it is believed. Knows
//! nothing of where it came from, nor what the claims are used for.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, NonceVerifier as _,
    SignatureVerificationError,
};
use serde_json::Value;

use super::claims::Claims;
use super::discovery::Discovered;
use super::error::{TokenFault, shown};
use super::provider::{KeysFor, Provider};
use crate::domain::Clock;

/// How far the clocks of provider and gate may be apart.
const LEEWAY: Duration = Duration::from_secs(60);

/// Who the token is about, and what it says.
pub(super) struct Verified {
    pub(super) subject: String,
    pub(super) claims: Claims,
}

/// Which login a token has to be of.
#[derive(Clone, Copy)]
pub(super) enum Login<'a> {
    /// The one that was asked for with this nonce, and may be only so old.
    New { nonce: &'a Nonce, max_age: Option<Duration> },
    /// The one whose token said this, and is refreshed now (OpenID Connect Core 1.0 section 12.2).
    Earlier(&'a Claims),
}

impl Login<'_> {
    /// A refreshed token need not have a nonce, but no other one.
    fn has_nonce(self, found: Option<&Nonce>) -> Result<(), String> {
        match (self, found) {
            (Self::New { nonce, .. }, found) => nonce.verify(found),
            (Self::Earlier(_), None) => Ok(()),
            (Self::Earlier(claims), Some(found)) => {
                let earlier = claims.lookup("nonce").and_then(Value::as_str);
                Nonce::new(earlier.unwrap_or_default().to_owned()).verify(Some(found))
            }
        }
    }
}

/// Checks a token as OpenID Connect Core 1.0 section 3.1.3.7 asks. A key that is not known yet is
/// looked for once more at the provider, which may just have rotated its keys.
pub(super) async fn verify(
    provider: &Provider,
    token: &CoreIdToken,
    access_token: &AccessToken,
    login: Login<'_>,
    clock: &Clock,
    discovered: &Arc<Discovered>,
) -> Result<Verified, TokenFault> {
    let client_id = provider.config.client_id.as_str();
    let check = Check { client_id, token, access_token, login, clock };
    match check.run(discovered) {
        Err(Refused::NoKey(fault)) => {
            let newer = provider.newer_keys(discovered, KeysFor::Login).await.ok_or(fault)?;
            check.run(&newer).map_err(Refused::into_fault)
        }
        result => result.map_err(Refused::into_fault),
    }
}

enum Refused {
    /// Perhaps for want of a newer key.
    NoKey(TokenFault),
    ForGood(TokenFault),
}

impl Refused {
    fn into_fault(self) -> TokenFault {
        match self {
            Self::NoKey(fault) | Self::ForGood(fault) => fault,
        }
    }
}

impl From<TokenFault> for Refused {
    fn from(fault: TokenFault) -> Self {
        Self::ForGood(fault)
    }
}

impl From<ClaimsVerificationError> for Refused {
    fn from(error: ClaimsVerificationError) -> Self {
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        let fault = TokenFault::Claims(shown(&format!("{error}{cause}")));
        match error {
            ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            ) => Self::NoKey(fault),
            _ => Self::ForGood(fault),
        }
    }
}

struct Check<'a> {
    client_id: &'a str,
    token: &'a CoreIdToken,
    access_token: &'a AccessToken,
    login: Login<'a>,
    clock: &'a Clock,
}

impl Check<'_> {
    fn run(&self, discovered: &Discovered) -> Result<Verified, Refused> {
        let verifier = self.verifier(discovered);
        let login = self.login;
        let claims =
            self.token.claims(&verifier, |nonce: Option<&Nonce>| login.has_nonce(nonce))?;
        let raw = raw_claims(self.token)?;
        self.times(&raw)?;
        self.party(claims)?;
        self.access_token_hash(&verifier, claims)?;
        let subject = claims.subject().to_string();
        if subject.is_empty() {
            return Err(TokenFault::SubjectEmpty.into());
        }
        Ok(Verified { subject, claims: raw })
    }

    /// Signature, issuer, audience without strangers, expiry and nonce are the library's to check.
    /// A verifier for a public client knows no secret, so that no `HS*` token can ever pass.
    fn verifier<'v>(&self, discovered: &Discovered) -> CoreIdTokenVerifier<'v> {
        let now = self.clock.now();
        CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.client_id.to_owned()),
            discovered.metadata.issuer().clone(),
            discovered.keys.clone(),
        )
        .set_allowed_algs(discovered.algorithms.clone())
        .set_time_fn(move || now.checked_sub(LEEWAY).unwrap_or(UNIX_EPOCH).into())
    }

    /// The library leaves `iat` and `nbf` to us, and takes dates for numbers because some providers
    /// write `updated_at` as one; the times that count are numbers (threats.md D5).
    fn times(&self, raw: &Claims) -> Result<(), TokenFault> {
        number(raw, "exp")?;
        let latest = (Duration::from_secs(self.clock.unix_seconds()) + LEEWAY).as_secs_f64();
        if number(raw, "iat")?.is_some_and(|at| at > latest) {
            return Err(TokenFault::IssuedInFuture);
        }
        if let Login::Earlier(claims) = self.login
            && number(raw, "iat")? < number(claims, "iat")?
        {
            return Err(TokenFault::OlderThanLogin);
        }
        if number(raw, "nbf")?.is_some_and(|at| at > latest) {
            return Err(TokenFault::NotYetValid);
        }
        self.authentication_time(raw)
    }

    /// A provider that was asked for a login of late must say when there was one (OpenID Connect
    /// Core 1.0 section 3.1.3.7 step 13).
    fn authentication_time(&self, raw: &Claims) -> Result<(), TokenFault> {
        let at = number(raw, "auth_time")?;
        let Login::New { max_age: Some(max_age), .. } = self.login else { return Ok(()) };
        let now = Duration::from_secs(self.clock.unix_seconds());
        let earliest = now.saturating_sub(max_age + LEEWAY).as_secs_f64();
        let recent = at.is_some_and(|at| at >= earliest);
        recent.then_some(()).ok_or(TokenFault::AuthenticationTooOld)
    }

    fn party(&self, claims: &CoreIdTokenClaims) -> Result<(), TokenFault> {
        let ours = claims.authorized_party().is_none_or(|party| party.as_str() == self.client_id);
        ours.then_some(()).ok_or(TokenFault::OtherParty)
    }

    fn access_token_hash(
        &self,
        verifier: &CoreIdTokenVerifier<'_>,
        claims: &CoreIdTokenClaims,
    ) -> Result<(), Refused> {
        let Some(expected) = claims.access_token_hash() else { return Ok(()) };
        let signature =
            |error| Refused::from(ClaimsVerificationError::SignatureVerification(error));
        let algorithm = self.token.signing_alg().map_err(signature)?;
        let key = self.token.signing_key(verifier).map_err(signature)?;
        let actual = AccessTokenHash::from_token(self.access_token, algorithm, key)
            .map_err(|_| TokenFault::AccessTokenHash)?;
        (actual == *expected).then_some(()).ok_or_else(|| TokenFault::AccessTokenHash.into())
    }
}

fn number(claims: &Claims, name: &str) -> Result<Option<f64>, TokenFault> {
    let Some(value) = claims.lookup(name) else { return Ok(None) };
    let not_a_number = || TokenFault::Malformed(format!("{name} is not a number"));
    value.as_f64().map(Some).ok_or_else(not_a_number)
}

/// The claims as they were signed: the library's own type has no place for those it does not know.
pub(super) fn raw_claims(token: &CoreIdToken) -> Result<Claims, TokenFault> {
    let text = token.to_string();
    let payload = text.split('.').nth(1).unwrap_or_default();
    let malformed = |reason: String| TokenFault::Malformed(reason);
    let json = URL_SAFE_NO_PAD.decode(payload).map_err(|error| malformed(error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| malformed(error.to_string()))
}

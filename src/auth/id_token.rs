//! The ID token: everything that must be true before anything in it is believed. Must not know
//! where it came from, or what the claims are used for.
//!
//! Each claim below is there where it has to be, of the right type and right. All other claims may
//! be anything.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::{AccessToken, Nonce};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::claims::Claims;
use super::discovery::Discovered;
use super::error::TokenFault;
use super::fault::JwsFault;
use super::jws::{Jws, Proven};
use super::provider::{KeysFor, Provider};
use super::text::shown;

/// How far the clocks of provider and gate may be apart.
const LEEWAY: Duration = Duration::from_secs(60);

/// The year 9999. A later time is not believed (docs/security.md D5).
const LATEST: f64 = 253_402_300_799.0;

/// Whom the token is about, and its claims.
pub(super) struct Verified {
    pub(super) subject: String,
    pub(super) claims: Claims,
}

/// The login that a token must belong to.
#[derive(Clone, Copy)]
pub(super) enum Login<'a> {
    /// A new login, with this nonce, that has to be after these Unix seconds.
    New { nonce: &'a Nonce, since: Option<u64> },
    /// The refresh of a login whose ID token had these claims (OpenID Connect Core 1.0 section
    /// 12.2).
    Earlier(&'a Claims),
}

/// Checks a token as OpenID Connect Core 1.0 section 3.1.3.7 asks.
pub(super) async fn verify(
    provider: &Provider,
    token: &str,
    access_token: &AccessToken,
    login: Login<'_>,
    discovered: &Arc<Discovered>,
) -> Result<Verified, TokenFault> {
    let jws = Jws::parse(token).map_err(|fault| malformed(token, fault))?;
    check_type(jws.kind())?;
    let proven = jws.proven(provider, discovered, KeysFor::Login).await?;
    let now = Duration::from_secs(provider.clock.unix_seconds());
    let check = Check { provider, claims: proven.claims, login, now };
    check.parties()?;
    check.times()?;
    check.nonce()?;
    access_token_hash(&proven, access_token)?;
    Ok(Verified { subject: check.subject()?, claims: proven.claims.clone() })
}

/// The claims of a token that was verified when it came, or is about to be.
pub(super) fn claims_of(token: &str) -> Result<Claims, TokenFault> {
    let jws = Jws::parse(token).map_err(|fault| malformed(token, fault))?;
    Ok(jws.unproven().clone())
}

/// An encrypted token has five parts (RFC 7516 section 3.1). For a payload that is no object, or
/// has a member twice, the parser's message tells most.
fn malformed(token: &str, fault: JwsFault) -> TokenFault {
    let mut parts = token.split('.');
    let payload = parts.nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    match payload.map(|payload| serde_json::from_slice::<Claims>(&payload)) {
        _ if parts.count() == 3 => TokenFault::Encrypted,
        Some(Err(error)) => TokenFault::Malformed(shown(&error.to_string())),
        _ => fault.into(),
    }
}

/// A token of another type is not accepted (RFC 8725 section 3.11). Most providers say `JWT` or
/// nothing.
fn check_type(kind: Option<&Value>) -> Result<(), TokenFault> {
    let known = |kind: &str| {
        let kind = kind.to_ascii_lowercase();
        matches!(kind.trim_start_matches("application/"), "jwt" | "jose")
    };
    let right = kind.is_none_or(|kind| kind.as_str().is_some_and(known));
    right.then_some(()).ok_or(TokenFault::Type)
}

/// A missing hash is accepted: the code flow does not require it.
fn access_token_hash(proven: &Proven<'_>, access_token: &AccessToken) -> Result<(), TokenFault> {
    let Some(said) = proven.claims.lookup("at_hash") else { return Ok(()) };
    let actual = proven.hash_of(access_token);
    let right = actual.is_some_and(|actual| said.as_str() == Some(actual.as_str()));
    right.then_some(()).ok_or(TokenFault::AccessTokenHash)
}

struct Check<'a> {
    provider: &'a Provider,
    claims: &'a Claims,
    login: Login<'a>,
    now: Duration,
}

impl Check<'_> {
    /// Who issued it and for whom: for the gate, and for no stranger who could use it at the gate.
    fn parties(&self) -> Result<(), TokenFault> {
        let client_id = self.provider.config.client_id.as_str();
        if self.claim("iss")? != self.provider.issuer() {
            return Err(TokenFault::Issuer);
        }
        match self.claim("aud")? {
            Value::String(one) if one == client_id => {}
            Value::Array(all) if all.iter().all(Value::is_string) => {
                let ours = |one: &Value| one == client_id;
                if !all.iter().any(ours) {
                    return Err(TokenFault::Audience);
                }
                if !all.iter().all(ours) {
                    return Err(TokenFault::Strangers);
                }
            }
            _ => return Err(TokenFault::Audience),
        }
        let ours = self.claims.lookup("azp").is_none_or(|party| party == client_id);
        ours.then_some(()).ok_or(TokenFault::OtherParty)
    }

    fn times(&self) -> Result<(), TokenFault> {
        let earliest = self.now.saturating_sub(LEEWAY).as_secs_f64();
        let latest = (self.now + LEEWAY).as_secs_f64();
        let (issued, expiry) = (self.time("iat")?, self.time("exp")?);
        let issued = issued.ok_or(TokenFault::Lacks("iat"))?;
        if expiry.ok_or(TokenFault::Lacks("exp"))? <= earliest {
            return Err(TokenFault::Expired);
        }
        if issued > latest {
            return Err(TokenFault::IssuedInFuture);
        }
        if let Login::Earlier(claims) = self.login
            && claims.lookup("iat").and_then(Value::as_f64).is_some_and(|earlier| issued < earlier)
        {
            return Err(TokenFault::OlderThanLogin);
        }
        if self.time("nbf")?.is_some_and(|at| at > latest) {
            return Err(TokenFault::NotYetValid);
        }
        self.authentication_time()
    }

    /// A provider that was asked for a recent login must tell when it was (OpenID Connect Core 1.0
    /// section 3.1.3.7 step 13). Otherwise it may say anything.
    fn authentication_time(&self) -> Result<(), TokenFault> {
        let Login::New { since: Some(since), .. } = self.login else { return Ok(()) };
        let earliest = Duration::from_secs(since).saturating_sub(LEEWAY).as_secs_f64();
        let latest = (self.now + LEEWAY).as_secs_f64();
        let at = self.claims.lookup("auth_time").and_then(Value::as_f64);
        let recent = at.is_some_and(|at| (earliest..=latest).contains(&at));
        recent.then_some(()).ok_or(TokenFault::AuthenticationTooOld)
    }

    /// A refreshed token need not have a nonce, but must not have another one.
    fn nonce(&self) -> Result<(), TokenFault> {
        let found = self.claims.lookup("nonce");
        let right = match (self.login, found) {
            (Login::New { .. }, None) => return Err(TokenFault::NoNonce),
            (Login::Earlier(_), None) => true,
            (Login::New { nonce, .. }, Some(found)) => is_nonce(found, nonce.secret()),
            (Login::Earlier(claims), Some(found)) => {
                let earlier = claims.lookup("nonce").and_then(Value::as_str);
                earlier.is_some_and(|earlier| is_nonce(found, earlier))
            }
        };
        right.then_some(()).ok_or(TokenFault::Nonce)
    }

    fn subject(&self) -> Result<String, TokenFault> {
        match self.claim("sub")? {
            Value::String(subject) if subject.is_empty() => Err(TokenFault::SubjectEmpty),
            Value::String(subject) => Ok(subject.clone()),
            _ => Err(TokenFault::Odd { claim: "sub", expected: "a text" }),
        }
    }

    fn claim(&self, name: &'static str) -> Result<&Value, TokenFault> {
        self.claims.lookup(name).ok_or(TokenFault::Lacks(name))
    }

    /// A time as a number (RFC 7519 section 2, `NumericDate`), and never as a text.
    fn time(&self, claim: &'static str) -> Result<Option<f64>, TokenFault> {
        let odd = TokenFault::Odd { claim, expected: "a number of seconds" };
        let Some(value) = self.claims.lookup(claim) else { return Ok(None) };
        value.as_f64().filter(|at| (0.0..LATEST).contains(at)).map(Some).ok_or(odd)
    }
}

/// Compares in constant time.
fn is_nonce(found: &Value, wanted: &str) -> bool {
    found.as_str().is_some_and(|found| found.as_bytes().ct_eq(wanted.as_bytes()).into())
}

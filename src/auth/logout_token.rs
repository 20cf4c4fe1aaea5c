//! The logout token: everything that must be true before it ends a session (OpenID Connect
//! Back-Channel Logout 1.0 section 2.6). Must not know where it came from.

use std::time::Duration;

use serde_json::Value;

use super::claims::Claims;
use super::fault::JwsFault;
use super::jws::Jws;
use super::provider::{KeysFor, Provider};
use super::replays::Replays;
use crate::session::SessionSelector;

/// How far the clocks of provider and gate may be apart.
const LEEWAY: f64 = 60.0;

/// The greatest age of a token, whatever its `exp` says. Its `jti` is remembered for as long.
const OLDEST: Duration = Duration::from_secs(10 * 60);

/// The year 9999. A later time is not believed (docs/security.md D5).
const LATEST: f64 = 253_402_300_799.0;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The longest text in a token.
const LONGEST: usize = 1024;

/// Why a logout request is refused. `Display` is for the log and the provider, and repeats nothing
/// that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LogoutFault {
    /// The provider's keys are not known, so nothing can be checked.
    #[error("the provider cannot be reached, so nothing of it can be checked")]
    ProviderUnreachable,
    /// The request is malformed, or has a parameter twice.
    #[error("the request is malformed: {0}")]
    Request(&'static str),
    /// The provider did not sign the token.
    #[error("the token is refused: {0}")]
    Token(#[from] JwsFault),
    /// `typ` says that it is another kind of token.
    #[error("the token is of another type")]
    Type,
    /// `iss` is not the provider.
    #[error("iss is another issuer")]
    Issuer,
    /// `aud` is not the gate, or not the gate alone.
    #[error("aud is another client")]
    Audience,
    /// `iat` is missing, in the future, or too long ago.
    #[error("iat is missing or not of the last minutes; check the clocks of provider and gate")]
    IssuedAt,
    /// `exp` is missing or has passed.
    #[error("exp is missing or over")]
    Expired,
    /// `jti` is missing.
    #[error("jti is missing")]
    NoId,
    /// `jti` was seen before.
    #[error("jti was seen before")]
    Replayed,
    /// `events` is missing, or lacks the event of a back-channel logout.
    #[error("events has no back-channel logout")]
    NoEvent,
    /// A `nonce` makes it look like an ID token.
    #[error("it has a nonce")]
    Nonce,
    /// Neither `sid` nor `sub`.
    #[error("it names neither a session nor a person")]
    Nobody,
}

/// A proven request of a provider to end sessions.
#[derive(Debug)]
pub struct LogoutRequest {
    /// Which sessions.
    pub selector: SessionSelector,
    /// Its `jti`, by which a replay is recognised.
    pub(super) id: String,
    /// Unix seconds until which the `jti` is remembered.
    pub(super) until: u64,
}

/// Checks a token.
pub(super) async fn verify(
    provider: &Provider,
    token: &str,
    replays: &Replays,
) -> Result<LogoutRequest, LogoutFault> {
    let jws = Jws::parse(token)?;
    check_type(jws.kind())?;
    let known = provider.discovered().ok_or(LogoutFault::ProviderUnreachable)?;
    let proven = jws.proven(provider, &known, KeysFor::Logout).await?;
    request(provider, proven.claims, replays)
}

/// Section 2.4 recommends `logout+jwt`. Older providers say `JWT` or nothing.
fn check_type(kind: Option<&Value>) -> Result<(), LogoutFault> {
    let Some(kind) = kind else { return Ok(()) };
    let known = |kind: &str| {
        let kind = kind.to_ascii_lowercase();
        matches!(kind.trim_start_matches("application/"), "logout+jwt" | "jwt")
    };
    kind.as_str().is_some_and(known).then_some(()).ok_or(LogoutFault::Type)
}

fn request(
    provider: &Provider,
    claims: &Claims,
    replays: &Replays,
) -> Result<LogoutRequest, LogoutFault> {
    let now = provider.clock.unix_seconds();
    let must = |holds: bool, fault: LogoutFault| holds.then_some(()).ok_or(fault);
    let config = &provider.config;
    must(claims.text_of("iss") == Some(&config.issuer), LogoutFault::Issuer)?;
    must(is_for(&config.client_id, claims.lookup("aud")), LogoutFault::Audience)?;
    must(is_recent(claims, now), LogoutFault::IssuedAt)?;
    let lives = time(claims, "exp").is_some_and(|at| at > as_float(now) - LEEWAY);
    must(lives, LogoutFault::Expired)?;
    let event = claims.lookup("events").and_then(|events| events.get(EVENT));
    must(event.is_some_and(Value::is_object), LogoutFault::NoEvent)?;
    must(!claims.has("nonce"), LogoutFault::Nonce)?;
    let id = claims.text_of("jti").ok_or(LogoutFault::NoId)?;
    must(!replays.has(provider.id(), id, now), LogoutFault::Replayed)?;
    let (id, until) = (id.to_owned(), now + 2 * OLDEST.as_secs());
    Ok(LogoutRequest { selector: selector(provider, claims)?, id, until })
}

/// As for an ID token (OpenID Connect Core 1.0 section 3.1.3.7): for the gate, and for no stranger
/// beside it.
fn is_for(client_id: &str, audience: Option<&Value>) -> bool {
    match audience {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| one == client_id),
        Some(one) => one == client_id,
        None => false,
    }
}

fn is_recent(claims: &Claims, now: u64) -> bool {
    let oldest = as_float(now.saturating_sub(OLDEST.as_secs()));
    time(claims, "iat").is_some_and(|at| at >= oldest && at <= as_float(now) + LEEWAY)
}

fn time(claims: &Claims, name: &str) -> Option<f64> {
    claims.lookup(name).and_then(Value::as_f64).filter(|at| (0.0..LATEST).contains(at))
}

fn as_float(seconds: u64) -> f64 {
    Duration::from_secs(seconds).as_secs_f64()
}

/// With a `sid` it means that session, whoever else uses the same account. Without one it means all
/// sessions of the person (section 2.7).
fn selector(provider: &Provider, claims: &Claims) -> Result<SessionSelector, LogoutFault> {
    let id = provider.id().clone();
    let named = |name: &str| match claims.lookup(name) {
        None => Ok(None),
        Some(_) => claims.text_of(name).map(Some).ok_or(LogoutFault::Nobody),
    };
    match (named("sid")?, named("sub")?) {
        (Some(sid), _) => Ok(SessionSelector::AtProvider(id, sid.to_owned())),
        (None, Some(subject)) => Ok(SessionSelector::Subject(id, subject.to_owned())),
        (None, None) => Err(LogoutFault::Nobody),
    }
}

impl Claims {
    /// A text of at least one character and at most [`LONGEST`] bytes.
    fn text_of(&self, name: &str) -> Option<&str> {
        let text = self.lookup(name)?.as_str()?;
        (1..=LONGEST).contains(&text.len()).then_some(text)
    }
}

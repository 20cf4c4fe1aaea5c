//! Pending logins. Each is in a sealed cookie of its own in the browser that started it, so that
//! strangers cost the gate no memory. Must not know providers.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::login::{LoginWish, Occasion, Purpose};
use super::return_to::ReturnTo;
use crate::config::LimitsConfig;
use crate::domain::{Clock, ProviderId, PublicUrl};
use crate::session::{Sealer, cookie};

/// How much longer than a login may take its cookie is kept, in seconds. The answer to an older login is
/// refused, and whoever was away from their desk still gets to where they wanted to go.
const REMEMBERED_FOR: u64 = 60 * 60;

/// What must come back with the provider's answer, and where the customer wanted to go.
#[derive(Deserialize, Serialize)]
pub(super) struct Pending {
    #[serde(rename = "p")]
    pub(super) provider: ProviderId,
    #[serde(rename = "s")]
    pub(super) state: String,
    #[serde(rename = "n")]
    pub(super) nonce: String,
    #[serde(rename = "v")]
    pub(super) verifier: String,
    #[serde(rename = "r")]
    return_to: String,
    #[serde(rename = "t")]
    created: u64,
    /// Microseconds of that second: they put tabs that are opened together in order.
    #[serde(rename = "u", default)]
    micros: u32,
    /// Whether the customer chose the provider.
    #[serde(rename = "c", default)]
    pub(super) chosen: bool,
    /// The `max_age` that a portal demanded, in seconds.
    #[serde(rename = "a", default)]
    max_age: Option<u64>,
    /// Unix seconds since which the person has to have logged in, if a service provider demands that.
    #[serde(rename = "b", default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<u64>,
    /// Whether it was begun because the one before it timed out at the provider.
    #[serde(rename = "w", default)]
    pub(super) retried: bool,
    /// Whether the customer asked for another account than the provider would choose.
    #[serde(rename = "o", default)]
    pub(super) another_account: bool,
    /// What its answer is for.
    #[serde(rename = "f", default, skip_serializing_if = "Purpose::is_session")]
    pub(super) purpose: Purpose,
}

impl Pending {
    /// How long ago the person may have logged in, if a portal demands that.
    pub(super) fn max_age(&self) -> Option<Duration> {
        self.max_age.map(Duration::from_secs)
    }

    /// Checked again: an older version may have sealed a cookie with an address that this one
    /// refuses.
    pub(super) fn return_to(&self) -> ReturnTo {
        ReturnTo::parse(&self.return_to).unwrap_or_else(ReturnTo::home)
    }
}

/// Why the login of an answer is not pending.
pub(super) enum NotPending {
    /// The browser has no cookie of it.
    Unknown,
    /// It took longer than a login may.
    TooOld(Box<Pending>),
}

/// The pending logins of one browser.
#[derive(Debug)]
pub(super) struct PendingLogins {
    public_url: PublicUrl,
    limits: LimitsConfig,
    sealer: Arc<Sealer>,
    clock: Clock,
}

impl PendingLogins {
    pub(super) fn new(
        public_url: PublicUrl,
        limits: LimitsConfig,
        sealer: Arc<Sealer>,
        clock: Clock,
    ) -> Self {
        Self { public_url, limits, sealer, clock }
    }

    /// A login that starts now.
    pub(super) fn start(
        &self,
        provider: &ProviderId,
        wish: &LoginWish<'_>,
        [state, nonce, verifier]: [String; 3],
    ) -> Pending {
        let since_1970 = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (created, micros) = (since_1970.as_secs(), since_1970.subsec_micros());
        let (provider, return_to) = (provider.clone(), wish.return_to.as_str().to_owned());
        let max_age = wish.demand.and_then(|demand| demand.max_age).map(|age| age.as_secs());
        let (chosen, retried) = (wish.chosen, wish.occasion == Occasion::TimedOut);
        Pending {
            provider,
            state,
            nonce,
            verifier,
            return_to,
            created,
            micros,
            chosen,
            max_age,
            since: wish.demand.and_then(|demand| demand.since),
            retried,
            another_account: wish.occasion == Occasion::AnotherAccount,
            purpose: wish.purpose.clone(),
        }
    }

    /// The cookie of a login, and the cookies that clear the oldest when there are too many.
    pub(super) fn add(&self, headers: &HeaderMap, pending: &Pending) -> Option<Vec<HeaderValue>> {
        let name = self.name(&pending.state);
        let sealed = self.sealer.seal(&name, &serde_json::to_string(pending).ok()?)?;
        let age = self.limits.pending_login_age.as_secs().saturating_add(REMEMBERED_FOR);
        let cookie = cookie::set(&self.public_url, &name, &sealed, Some(age))?;
        let mut cookies = self.surplus(headers);
        cookies.push(cookie);
        Some(cookies)
    }

    /// The login that a `state` belongs to (docs/security.md D1, D2).
    pub(super) fn find(&self, headers: &HeaderMap, state: &str) -> Result<Pending, NotPending> {
        let name = self.name(state);
        let sealed = cookie::value(headers, &name).ok_or(NotPending::Unknown)?;
        let pending = self.open(&name, sealed).ok_or(NotPending::Unknown)?;
        if !bool::from(pending.state.as_bytes().ct_eq(state.as_bytes())) {
            return Err(NotPending::Unknown);
        }
        if self.age(&pending) >= self.limits.pending_login_age.as_secs() {
            return Err(NotPending::TooOld(Box::new(pending)));
        }
        Ok(pending)
    }

    /// Unix seconds from which the answer of a login is too late.
    pub(super) fn until(&self, pending: &Pending) -> u64 {
        pending.created.saturating_add(self.limits.pending_login_age.as_secs())
    }

    /// The cookie that ends a login.
    pub(super) fn clear(&self, state: &str) -> Option<HeaderValue> {
        cookie::clear(&self.public_url, &self.name(state))
    }

    /// Clears cookies that are forgotten or do not open, and the oldest ones, so that one more has
    /// room.
    fn surplus(&self, headers: &HeaderMap) -> Vec<HeaderValue> {
        let prefix = cookie::name(&self.public_url, "login-");
        let mut open: Vec<((u64, u32), &str)> = cookie::pairs(headers)
            .filter(|(name, _)| name.starts_with(&prefix))
            .map(|(name, sealed)| {
                let pending = self.open(name, sealed).filter(|pending| !self.is_forgotten(pending));
                (pending.map_or((0, 0), |pending| (pending.created, pending.micros)), name)
            })
            .collect();
        open.sort_unstable_by(|a, b| b.cmp(a));
        let kept = self.limits.pending_logins.saturating_sub(1);
        open.iter()
            .enumerate()
            .filter(|(at, (created, _))| *at >= kept || *created == (0, 0))
            .filter_map(|(_, (_, name))| cookie::clear(&self.public_url, name))
            .collect()
    }

    /// The name tells logins apart without giving the state away in a log of cookie names.
    fn name(&self, state: &str) -> String {
        let mut short = URL_SAFE_NO_PAD.encode(Sha256::digest(state.as_bytes()));
        short.truncate(8);
        cookie::name(&self.public_url, &format!("login-{short}"))
    }

    fn open(&self, name: &str, sealed: &str) -> Option<Pending> {
        serde_json::from_str(&self.sealer.open(name, sealed)?).ok()
    }

    fn is_forgotten(&self, pending: &Pending) -> bool {
        let limit = self.limits.pending_login_age.as_secs().saturating_add(REMEMBERED_FOR);
        self.age(pending) >= limit
    }

    /// In seconds.
    fn age(&self, pending: &Pending) -> u64 {
        self.clock.unix_seconds().saturating_sub(pending.created)
    }
}

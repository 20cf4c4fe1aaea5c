//! One login session: who it is, since when, and what the gate remembers of it between requests. Must not
//! know where it is stored.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tokio::time::Instant;

use super::form_token::FormToken;
use super::header_cache::HeaderCache;
use super::id::{SessionCredential, SessionKey};
use super::provider_state::ProviderData;
use super::selector::SessionSelector;
use super::token_lifetime::{Schedule, TokenLifetime};
use crate::domain::{Identity, LinkName};

/// How often the store is told that a session is in use, in seconds. The store's time of the latest request
/// is behind by as much.
const WRITE_USE_EVERY: u64 = 60;

/// What a session begins with.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who logged in.
    pub identity: Identity,
    /// The provider's id of its own session (`sid`). The provider may end ours by it.
    pub sid: Option<SmolStr>,
    /// What the provider gave.
    pub provider_data: ProviderData,
}

/// A login session. Only the store has what the provider gave with it.
#[derive(Debug)]
pub struct Session {
    /// Finds and opens its record.
    pub credential: SessionCredential,
    /// Who logged in.
    pub identity: Identity,
    /// The provider's id of its own session.
    pub sid: Option<SmolStr>,
    /// Proves that a form is its own.
    pub form_token: FormToken,
    /// Unix seconds of the login.
    pub created: u64,
    /// How long its tokens are good; `None` for a session that is not refreshed.
    pub token_lifetime: Option<TokenLifetime>,
    schedule: Schedule,
    /// The headers that tell the upstream who it is.
    pub upstream_headers: HeaderCache,
    /// Unix seconds of the latest request.
    last_used: AtomicU64,
    /// The time of the latest request that the store knows.
    written_use: AtomicU64,
    /// Portals that it has opened.
    opened: Mutex<Vec<LinkName>>,
    /// Whether its end was reported.
    end_told: AtomicBool,
}

/// What a store keeps of a session. It does not change with each request.
#[derive(Deserialize, Serialize)]
pub(super) struct StoredSession {
    identity: Identity,
    sid: Option<SmolStr>,
    form_token: FormToken,
    created: u64,
    #[serde(rename = "vouched")]
    pub(super) token_lifetime: Option<TokenLifetime>,
}

impl Session {
    /// A session that begins at `now` (Unix seconds).
    #[must_use]
    pub fn new(credential: SessionCredential, login: Login, now: u64) -> Self {
        let Login { identity, sid, provider_data } = login;
        let (form_token, token_lifetime) = (FormToken::random(), provider_data.token_lifetime);
        let stored = StoredSession { identity, sid, form_token, created: now, token_lifetime };
        Self::restored(credential, stored, now)
    }

    /// A session that was read from a store.
    pub(super) fn restored(
        credential: SessionCredential,
        stored: StoredSession,
        last_used: u64,
    ) -> Self {
        let StoredSession { identity, sid, form_token, created, token_lifetime } = stored;
        Self {
            schedule: Schedule::new(token_lifetime, &credential.key),
            token_lifetime,
            credential,
            identity,
            sid,
            form_token,
            created,
            upstream_headers: HeaderCache::default(),
            last_used: AtomicU64::new(last_used),
            written_use: AtomicU64::new(last_used),
            opened: Mutex::default(),
            end_told: AtomicBool::new(false),
        }
    }

    /// What a store keeps of it, without the time of the latest request.
    pub(super) fn to_stored(&self) -> StoredSession {
        StoredSession {
            identity: self.identity.clone(),
            sid: self.sid.clone(),
            form_token: self.form_token,
            created: self.created,
            token_lifetime: self.token_lifetime,
        }
    }

    /// The same session after a refresh. The time of the login stays.
    pub(super) fn renewed(
        &self,
        identity: Identity,
        token_lifetime: Option<TokenLifetime>,
    ) -> Self {
        let stored = StoredSession { identity, token_lifetime, ..self.to_stored() };
        let newer = Self::restored(self.credential.clone(), stored, self.last_used());
        let schedule = Schedule::new(token_lifetime, self.key());
        let renewed = token_lifetime != self.token_lifetime;
        let schedule = if renewed { schedule } else { schedule.after(&self.schedule) };
        Self { schedule, opened: Mutex::new(self.opened.lock().clone()), ..newer }
    }

    /// Whether a refresh is due.
    #[must_use]
    pub fn is_refresh_due(&self, now: u64) -> bool {
        self.schedule.is_due(now)
    }

    /// Whether its tokens have expired, and no refresh has failed since.
    pub(super) fn is_outdated(&self, now: u64) -> bool {
        self.token_lifetime.is_some_and(|token_lifetime| now >= token_lifetime.until)
            && !self.schedule.has_failed()
    }

    /// Whether it was used since the latest refresh.
    pub(super) fn was_used_since_refresh(&self) -> bool {
        self.token_lifetime.is_some_and(|token_lifetime| self.last_used() > token_lifetime.since)
    }

    /// Postpones the refresh after a failure. Returns whether it was the first failure in a row.
    pub(super) fn put_off_refresh(&self, now: u64) -> bool {
        self.schedule.put_off(now)
    }

    /// Until when its requests wait for the provider: the first request sets the time for all.
    pub(super) fn waits_until(&self, patience: Duration) -> Instant {
        self.schedule.waits_until(patience)
    }

    /// Postpones the refresh a little, while another gate refreshes the session.
    pub(super) fn look_again_soon(&self, now: u64) {
        self.schedule.look_again_soon(now);
    }

    /// The key under which it is stored.
    #[must_use]
    pub fn key(&self) -> &SessionKey {
        &self.credential.key
    }

    /// Every selector that matches it, the one of the person first.
    pub fn selectors(&self) -> impl Iterator<Item = SessionSelector> {
        let provider = &self.identity.provider;
        let subject = SessionSelector::Subject(provider.clone(), self.identity.subject.to_string());
        let sid = self.sid.as_ref();
        let sid = sid.map(|sid| SessionSelector::AtProvider(provider.clone(), sid.to_string()));
        std::iter::once(subject).chain(sid)
    }

    /// Unix seconds of the latest request.
    #[must_use]
    pub fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Records that it opened a portal. Returns whether for the first time.
    pub fn mark_opened(&self, link: &LinkName) -> bool {
        let mut opened = self.opened.lock();
        let first = !opened.contains(link);
        if first {
            opened.push(link.clone());
        }
        first
    }

    /// Records that its end is reported. Returns whether for the first time.
    pub(super) fn mark_end_reported(&self) -> bool {
        !self.end_told.swap(true, Ordering::Relaxed)
    }

    /// Records a request that the store knows already.
    pub(super) fn note_use(&self, at: u64) {
        self.last_used.fetch_max(at, Ordering::Relaxed);
    }

    /// Records a request at `now` (Unix seconds). Returns whether the store is to be told.
    pub fn touch(&self, now: u64) -> bool {
        self.note_use(now);
        let written = self.written_use.load(Ordering::Relaxed);
        let due = now >= written.saturating_add(WRITE_USE_EVERY);
        // Of many requests at once only one tells the store.
        due && self
            .written_use
            .compare_exchange(written, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::super::SessionId;
    use super::*;

    #[test]
    fn the_store_is_told_of_use_once_a_minute() {
        let who = super::super::store::contract::login("ann");
        let session = Session::new(SessionId::random().credential(), who, 1000);
        let told = [1000, 1059, 1060, 1061, 1119, 1120].map(|now| session.touch(now));
        assert_eq!(told, [false, false, true, false, false, true]);
        assert_eq!(session.last_used(), 1120);
    }
}

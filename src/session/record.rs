//! One login session: who, since when, and what the gate remembers of it between requests.

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

/// How far the time of the latest request in a store may be behind, in seconds: so often, at most,
/// a session in use is written.
const WRITE_USE_EVERY: u64 = 60;

/// What a login brings into a session.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who logged in.
    pub identity: Identity,
    /// The provider's own name for its session (`sid`), by which it may end ours.
    pub sid: Option<SmolStr>,
    /// What the provider gave.
    pub provider_data: ProviderData,
}

/// A login: who, and since when. What the provider gave with it is in the store alone.
#[derive(Debug)]
pub struct Session {
    /// What finds and opens its record.
    pub credential: SessionCredential,
    /// Who logged in.
    pub identity: Identity,
    /// The provider's own name for its session.
    pub sid: Option<SmolStr>,
    /// What guards its forms.
    pub form_token: FormToken,
    /// Unix seconds of the login.
    pub created: u64,
    /// How long the provider's word for it is good, where that is to be refreshed.
    pub token_lifetime: Option<TokenLifetime>,
    schedule: Schedule,
    /// What the upstream is told of it.
    pub upstream_headers: HeaderCache,
    /// Unix seconds of the latest request.
    last_used: AtomicU64,
    /// The same as the store knows it.
    written_use: AtomicU64,
    /// Portals it has reached.
    opened: Mutex<Vec<LinkName>>,
    /// Whether its end was told.
    end_told: AtomicBool,
}

/// What a store keeps of a session for as long as it lasts.
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
    /// A session that begins at `now` (Unix seconds), without what the provider gave.
    #[must_use]
    pub fn new(credential: SessionCredential, login: Login, now: u64) -> Self {
        let Login { identity, sid, provider_data } = login;
        let (form_token, token_lifetime) = (FormToken::random(), provider_data.token_lifetime);
        let stored = StoredSession { identity, sid, form_token, created: now, token_lifetime };
        Self::restored(credential, stored, now)
    }

    /// A session as a store has it.
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

    /// What a store keeps of it, besides the time of the latest request.
    pub(super) fn to_stored(&self) -> StoredSession {
        StoredSession {
            identity: self.identity.clone(),
            sid: self.sid.clone(),
            form_token: self.form_token,
            created: self.created,
            token_lifetime: self.token_lifetime,
        }
    }

    /// The same session after the provider was asked again. It has begun when it began.
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

    /// Whether the provider is to be asked again.
    #[must_use]
    pub fn is_refresh_due(&self, now: u64) -> bool {
        self.schedule.is_due(now)
    }

    /// Whether the provider's word is no longer good, and it was not asked in vain since.
    pub(super) fn is_outdated(&self, now: u64) -> bool {
        self.token_lifetime.is_some_and(|token_lifetime| now >= token_lifetime.until)
            && !self.schedule.has_failed()
    }

    /// Whether somebody used it since the provider was asked.
    pub(super) fn was_used_since_refresh(&self) -> bool {
        self.token_lifetime.is_some_and(|token_lifetime| self.last_used() > token_lifetime.since)
    }

    /// After a failure; tells whether it was the first in a row.
    pub(super) fn put_off_refresh(&self, now: u64) -> bool {
        self.schedule.put_off(now)
    }

    /// Until when its requests wait for the provider: so long after the first of them.
    pub(super) fn waits_until(&self, patience: Duration) -> Instant {
        self.schedule.waits_until(patience)
    }

    /// While another gate refreshes it.
    pub(super) fn look_again_soon(&self, now: u64) {
        self.schedule.look_again_soon(now);
    }

    /// Where it is stored.
    #[must_use]
    pub fn key(&self) -> &SessionKey {
        &self.credential.key
    }

    /// Everything it can be ended by, besides its own key.
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

    /// Notes that it reached a portal, and tells whether for the first time.
    pub fn mark_opened(&self, link: &LinkName) -> bool {
        let mut opened = self.opened.lock();
        let first = !opened.contains(link);
        if first {
            opened.push(link.clone());
        }
        first
    }

    /// Notes that it was found to be over, and tells whether for the first time.
    pub(super) fn mark_end_reported(&self) -> bool {
        !self.end_told.swap(true, Ordering::Relaxed)
    }

    /// Notes a request of which the store knows already.
    pub(super) fn note_use(&self, at: u64) {
        self.last_used.fetch_max(at, Ordering::Relaxed);
    }

    /// Notes a request at `now` (Unix seconds), and tells whether it is time to tell the store.
    pub fn touch(&self, now: u64) -> bool {
        self.note_use(now);
        let written = self.written_use.load(Ordering::Relaxed);
        let due = now >= written.saturating_add(WRITE_USE_EVERY);
        // Of many requests at once one tells it.
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

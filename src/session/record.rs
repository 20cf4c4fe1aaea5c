//! One login session: who, since when, and what the gate remembers of it between requests.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use tokio::time::Instant;

use super::form_token::FormToken;
use super::id::{Opener, SessionKey};
use super::provider_state::ProviderData;
use super::upstream_headers::Slot;
use super::vouched::{Schedule, Vouched};
use super::whose::Whose;
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
    pub opener: Opener,
    /// Who logged in.
    pub identity: Identity,
    /// The provider's own name for its session.
    pub sid: Option<SmolStr>,
    /// What guards its forms.
    pub form_token: FormToken,
    /// Unix seconds of the login.
    pub created: u64,
    /// How long the provider's word for it is good, where that is to be refreshed.
    pub vouched: Option<Vouched>,
    schedule: Schedule,
    /// What the upstream is told of it.
    pub upstream_headers: Slot,
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
pub(super) struct Kept {
    identity: Identity,
    sid: Option<SmolStr>,
    form_token: FormToken,
    created: u64,
    pub(super) vouched: Option<Vouched>,
}

impl Session {
    /// A session that begins at `now` (Unix seconds), without what the provider gave.
    #[must_use]
    pub fn new(opener: Opener, login: Login, now: u64) -> Self {
        let Login { identity, sid, provider_data } = login;
        let (form_token, vouched) = (FormToken::random(), provider_data.vouched);
        let kept = Kept { identity, sid, form_token, created: now, vouched };
        Self::restored(opener, kept, now)
    }

    /// A session as a store has it.
    pub(super) fn restored(opener: Opener, kept: Kept, last_used: u64) -> Self {
        let Kept { identity, sid, form_token, created, vouched } = kept;
        Self {
            schedule: Schedule::new(vouched, &opener.key),
            vouched,
            opener,
            identity,
            sid,
            form_token,
            created,
            upstream_headers: Slot::default(),
            last_used: AtomicU64::new(last_used),
            written_use: AtomicU64::new(last_used),
            opened: Mutex::default(),
            end_told: AtomicBool::new(false),
        }
    }

    /// What a store keeps of it, besides the time of the latest request.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            identity: self.identity.clone(),
            sid: self.sid.clone(),
            form_token: self.form_token,
            created: self.created,
            vouched: self.vouched,
        }
    }

    /// The same session after the provider was asked again. It has begun when it began.
    pub(super) fn renewed(&self, identity: Identity, vouched: Option<Vouched>) -> Self {
        let kept = Kept { identity, vouched, ..self.kept() };
        let newer = Self::restored(self.opener.clone(), kept, self.last_used());
        let schedule = Schedule::new(vouched, self.key());
        let renewed = vouched != self.vouched;
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
        self.vouched.is_some_and(|vouched| now >= vouched.until) && !self.schedule.has_failed()
    }

    /// Whether somebody used it since the provider was asked.
    pub(super) fn was_used_since_refresh(&self) -> bool {
        self.vouched.is_some_and(|vouched| self.last_used() > vouched.since)
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
        &self.opener.key
    }

    /// Everything it can be ended by, besides its own key.
    pub fn belongs_to(&self) -> impl Iterator<Item = Whose> {
        let provider = &self.identity.provider;
        let subject = Whose::Subject(provider.clone(), self.identity.subject.to_string());
        let sid = self.sid.as_ref();
        let sid = sid.map(|sid| Whose::AtProvider(provider.clone(), sid.to_string()));
        std::iter::once(subject).chain(sid)
    }

    /// Unix seconds of the latest request.
    #[must_use]
    pub fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Notes that it reached a portal, and tells whether for the first time.
    pub fn opens(&self, link: &LinkName) -> bool {
        let mut opened = self.opened.lock();
        let first = !opened.contains(link);
        if first {
            opened.push(link.clone());
        }
        first
    }

    /// Notes that it was found to be over, and tells whether for the first time.
    pub(super) fn is_first_seen_over(&self) -> bool {
        !self.end_told.swap(true, Ordering::Relaxed)
    }

    /// Notes a request of which the store knows already.
    pub(super) fn was_used(&self, at: u64) {
        self.last_used.fetch_max(at, Ordering::Relaxed);
    }

    /// Notes a request at `now` (Unix seconds), and tells whether it is time to tell the store.
    pub fn touch(&self, now: u64) -> bool {
        self.was_used(now);
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
        let session = Session::new(SessionId::random().opener(), who, 1000);
        let told = [1000, 1059, 1060, 1061, 1119, 1120].map(|now| session.touch(now));
        assert_eq!(told, [false, false, true, false, false, true]);
        assert_eq!(session.last_used(), 1120);
    }
}

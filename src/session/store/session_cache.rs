//! Sessions in memory, in front of a store: a request that finds its session here asks nobody. Must
//! not know the store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;
use tokio::sync::broadcast;

use super::REMOVALS_AHEAD;
use crate::session::{Session, SessionKey};

/// A bounded number of sessions. A session that is known to have ended is not in it.
pub(super) struct SessionCache {
    sessions: Cache<SessionKey, Arc<Session>>,
    /// Rises with everything that is forgotten.
    generation: AtomicU64,
    removals: broadcast::Sender<SessionKey>,
}

impl SessionCache {
    pub(super) fn new(capacity: u64) -> Self {
        Self {
            sessions: Cache::new(capacity),
            generation: AtomicU64::new(0),
            removals: broadcast::Sender::new(REMOVALS_AHEAD),
        }
    }

    pub(super) fn get(&self, key: &SessionKey) -> Option<Arc<Session>> {
        self.sessions.get(key)
    }

    /// To be read before the store is asked.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Keeps what the store answered after `generation` was read, and returns the one copy that all
    /// requests share. If anything was forgotten in between, it may have been this session, so it
    /// is not kept.
    pub(super) fn keep(&self, generation: u64, session: Arc<Session>) -> Arc<Session> {
        let (key, last_used) = (*session.key(), session.last_used());
        let kept = self.sessions.entry(key).or_insert(session).into_value();
        kept.note_use(last_used);
        if self.generation() != generation {
            self.sessions.invalidate(&key);
        }
        kept
    }

    /// Replaces a session that was changed after `generation` was read. A concurrent reader may
    /// still have the older one.
    pub(super) fn replace(&self, generation: u64, session: Arc<Session>) {
        let unchanged = self.generation() == generation;
        let key = *session.key();
        self.forget(&key);
        if unchanged {
            self.keep(generation + 1, session);
        }
    }

    /// The sessions in memory that are wanted. This does not count as use.
    pub(super) fn those(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        let all = self.sessions.iter().map(|(_, session)| session);
        all.filter(|session| wanted(session)).collect()
    }

    /// Forgets a session that has changed: the store has the newer one.
    pub(super) fn forget(&self, key: &SessionKey) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.sessions.invalidate(key);
    }

    /// Forgets a session that the store does not have. A made-up cookie must not invalidate what
    /// others are reading, so only a session that is here counts.
    pub(super) fn forget_missing(&self, key: &SessionKey) {
        if self.sessions.contains_key(key) {
            self.forget(key);
        }
    }

    /// Forgets a session that has ended, and reports the end.
    pub(super) fn end(&self, key: &SessionKey) {
        self.forget(key);
        // Nobody may be listening.
        drop(self.removals.send(*key));
    }

    /// Forgets everything.
    pub(super) fn forget_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.sessions.invalidate_all();
    }

    pub(super) fn removals(&self) -> broadcast::Receiver<SessionKey> {
        self.removals.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::store::contract;

    /// The store answers, the session ends, and only then the answer arrives.
    #[test]
    fn a_late_answer_does_not_bring_back_what_has_ended() {
        let cache = SessionCache::new(10);
        let (credential, session) = contract::session("ann");
        let asked = cache.generation();
        cache.end(&credential.key);
        cache.keep(asked, session);
        assert!(cache.get(&credential.key).is_none());
    }

    #[test]
    fn g8_a_made_up_cookie_keeps_no_session_out_of_memory() {
        let cache = SessionCache::new(10);
        let (credential, session) = contract::session("ann");
        let (made_up, _) = contract::session("bob");
        let asked = cache.generation();
        cache.forget_missing(&made_up.key);
        cache.keep(asked, session);
        assert!(cache.get(&credential.key).is_some());
        cache.forget_missing(&credential.key);
        assert!(cache.get(&credential.key).is_none(), "what has ended is remembered");
    }

    #[test]
    fn requests_share_one_copy_and_it_knows_the_latest_use() {
        let cache = SessionCache::new(10);
        let (credential, session) = contract::session("ann");
        let kept = cache.keep(cache.generation(), session);
        let again = Session::new(credential, contract::login("ann"), 2000);
        let same = cache.keep(cache.generation(), Arc::new(again));
        assert!(Arc::ptr_eq(&kept, &same));
        assert_eq!(kept.last_used(), 2000);
    }
}

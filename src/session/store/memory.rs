//! Sessions in this process alone. A restart ends them, and customers log in again.

mod records;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::RwLock;
use tokio::sync::broadcast;

use self::records::MemoryRecords;
use super::leases::Leases;
use super::sealed::KEPT_LONGER;
use super::{Lease, REMOVALS_AHEAD, RecordStore, SessionStore, StoreError, Terms, Wanted};
use crate::domain::Clock;
use crate::session::{
    ProviderData, Session, SessionCredential, SessionEntry, SessionKey, SessionSelector,
};

/// A bounded table in memory.
#[derive(Debug)]
pub struct MemoryStore {
    table: RwLock<Table>,
    capacity: usize,
    leases: Leases,
    removals: broadcast::Sender<SessionKey>,
    records: Arc<MemoryRecords>,
}

#[derive(Debug, Default)]
struct Table {
    sessions: HashMap<SessionKey, Held>,
    belonging: BTreeSet<(SessionSelector, SessionKey)>,
    /// The times from which sessions may be forgotten.
    ending: BTreeSet<(u64, SessionKey)>,
}

#[derive(Debug)]
struct Held {
    session: Arc<Session>,
    provider_data: ProviderData,
    until: u64,
}

impl MemoryStore {
    /// Keeps at most `capacity` sessions. Beyond that it forgets those that would end first.
    #[must_use]
    pub fn new(capacity: u64) -> Self {
        Self {
            table: RwLock::default(),
            capacity: usize::try_from(capacity).unwrap_or(usize::MAX),
            leases: Leases::default(),
            removals: broadcast::Sender::new(REMOVALS_AHEAD),
            records: Arc::new(MemoryRecords::new(Clock::system())),
        }
    }

    /// The same with another clock, which tells when small records are over.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { records: Arc::new(MemoryRecords::new(clock)), ..self }
    }

    /// The small records beside the sessions.
    pub(super) fn small_records(&self) -> Arc<dyn RecordStore> {
        Arc::clone(&self.records) as _
    }

    /// Nobody may be listening.
    fn tell<'a>(&self, removed: impl IntoIterator<Item = &'a Arc<Session>>) {
        for session in removed {
            drop(self.removals.send(*session.key()));
        }
    }
}

impl Table {
    /// Removes the sessions that have expired at a time, and those over the capacity.
    fn make_room(&mut self, by: u64, capacity: usize) -> Vec<Arc<Session>> {
        let mut removed = Vec::new();
        while let Some((until, key)) = self.ending.first().copied()
            && (until <= by || self.sessions.len() > capacity)
        {
            removed.extend(self.remove(&key));
        }
        removed
    }

    fn put(&mut self, session: &Arc<Session>, provider_data: ProviderData, until: u64) {
        let key = *session.key();
        self.remove(&key);
        self.belonging.extend(session.selectors().map(|selector| (selector, key)));
        self.ending.insert((until, key));
        self.sessions.insert(key, Held { session: Arc::clone(session), provider_data, until });
    }

    fn remove(&mut self, key: &SessionKey) -> Option<Arc<Session>> {
        let Held { session, until, .. } = self.sessions.remove(key)?;
        self.ending.remove(&(until, *key));
        for selector in session.selectors() {
            self.belonging.remove(&(selector, *key));
        }
        Some(session)
    }

    fn remove_each(&mut self, keys: impl IntoIterator<Item = SessionKey>) -> Vec<Arc<Session>> {
        keys.into_iter().filter_map(|key| self.remove(&key)).collect()
    }

    /// The keys of the sessions that a selector means, the oldest first.
    fn of(&self, selector: &SessionSelector) -> Vec<SessionKey> {
        let first = (selector.clone(), SessionKey::from_bytes([0; 32]));
        let theirs = self.belonging.range(first..).take_while(|(other, _)| other == selector);
        let mut held: Vec<_> = theirs.filter_map(|(_, key)| self.sessions.get(key)).collect();
        held.sort_by_key(|held| held.session.created);
        held.into_iter().map(|held| *held.session.key()).collect()
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn put(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
        terms: Terms,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        let (over, ended) = {
            let mut table = self.table.write();
            table.put(&session, provider_data, terms.until);
            let selector = session.selectors().next();
            let mut theirs = selector.map(|selector| table.of(&selector)).unwrap_or_default();
            theirs.retain(|key| key != session.key());
            let too_many = (theirs.len() + 1).saturating_sub(terms.per_customer.max(1));
            let ended = table.remove_each(theirs.into_iter().take(too_many));
            let over_by = session.created.saturating_sub(KEPT_LONGER);
            (table.make_room(over_by, self.capacity), ended)
        };
        self.tell(over.iter().chain(&ended));
        Ok(ended.iter().map(|session| SessionEntry::of(session)).collect())
    }

    async fn update(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
    ) -> Result<bool, StoreError> {
        let mut table = self.table.write();
        let until = table.sessions.get(session.key()).map(|held| held.until);
        if let Some(until) = until {
            table.put(&session, provider_data, until);
        }
        Ok(until.is_some())
    }

    fn find_in_memory(&self, credential: &SessionCredential) -> Option<Arc<Session>> {
        let table = self.table.read();
        let held = table.sessions.get(&credential.key);
        held.map(|held| &held.session).filter(|held| held.credential.matches(credential)).cloned()
    }

    async fn find(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        Ok(self.find_in_memory(credential))
    }

    async fn find_stored(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        self.find(credential).await
    }

    async fn provider_data(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<ProviderData>, StoreError> {
        let table = self.table.read();
        let held = table
            .sessions
            .get(&credential.key)
            .filter(|held| held.session.credential.matches(credential));
        Ok(held.map(|held| held.provider_data.clone()))
    }

    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError> {
        let lease = Lease::new(*key);
        Ok(self.leases.take(*key, lease.holder, length).then_some(lease))
    }

    async fn release(&self, lease: Lease) -> Result<bool, StoreError> {
        Ok(self.leases.release(&lease.key, &lease.holder))
    }

    fn list_in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        let table = self.table.read();
        let all = table.sessions.values().map(|held| &held.session);
        all.filter(|session| wanted(session)).cloned().collect()
    }

    fn record_use(&self, _session: &Arc<Session>) {}

    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let removed = self.table.write().remove(key);
        self.tell(&removed);
        Ok(removed.is_some())
    }

    async fn remove_all(
        &self,
        selector: &SessionSelector,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        let removed = {
            let mut table = self.table.write();
            let keys = table.of(selector);
            table.remove_each(keys)
        };
        self.tell(&removed);
        Ok(removed.iter().map(|session| SessionEntry::of(session)).collect())
    }

    async fn list(&self, wanted: Wanted) -> Result<Vec<SessionEntry>, StoreError> {
        let table = self.table.read();
        let entries = table.sessions.values().map(|held| SessionEntry::of(&held.session));
        Ok(entries.filter(|entry| wanted(entry)).collect())
    }

    fn removals(&self) -> broadcast::Receiver<SessionKey> {
        self.removals.subscribe()
    }

    fn record_store(self: Arc<Self>) -> Arc<dyn RecordStore> {
        self.small_records()
    }

    fn count(&self) -> u64 {
        self.table.read().sessions.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::store::contract;

    #[tokio::test]
    async fn the_memory_store_keeps_the_contract() {
        contract::holds_for(async || Arc::new(MemoryStore::new(1000))).await;
    }

    #[tokio::test]
    async fn memory_is_bounded_and_what_is_over_makes_room_first() {
        let store = MemoryStore::new(2);
        let mut credentials = Vec::new();
        for (until, name) in [(50_000, "ann"), (1, "bob"), (60_000, "cleo"), (70_000, "dan")] {
            let (credential, session) = contract::session(name);
            store.put(session, <_>::default(), Terms { until, per_customer: 9 }).await.unwrap();
            credentials.push(credential);
        }
        let mut there = Vec::new();
        for credential in &credentials {
            there.push(store.find(credential).await.unwrap().is_some());
        }
        assert_eq!(there, [false, false, true, true]);
        assert_eq!(store.table.read().belonging.len(), 4, "something is left behind");
    }
}

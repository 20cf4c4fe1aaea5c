//! A store that fails when told to, for tests of what depends on one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::broadcast;

use super::{Lease, MemoryStore, RecordStore, SessionStore, StoreError, Terms, Wanted};
use crate::session::{Opener, ProviderData, Session, SessionEntry, SessionKey, Whose};

/// Works as the one in memory does, until it does not.
pub(crate) struct FaultyStore {
    kept: MemoryStore,
    fails: AtomicBool,
}

impl FaultyStore {
    pub(crate) fn new() -> Self {
        Self { kept: MemoryStore::new(100), fails: AtomicBool::new(false) }
    }

    pub(crate) fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    fn works(&self) -> Result<&MemoryStore, StoreError> {
        let fails = self.fails.load(Ordering::SeqCst);
        if fails { Err(StoreError::new("told to fail")) } else { Ok(&self.kept) }
    }
}

#[async_trait]
impl SessionStore for FaultyStore {
    async fn put(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
        terms: Terms,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        self.works()?.put(session, provider_data, terms).await
    }

    async fn update(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
    ) -> Result<bool, StoreError> {
        self.works()?.update(session, provider_data).await
    }

    async fn provider_data(&self, opener: &Opener) -> Result<Option<ProviderData>, StoreError> {
        self.works()?.provider_data(opener).await
    }

    fn recall(&self, opener: &Opener) -> Option<Arc<Session>> {
        self.works().ok()?.recall(opener)
    }

    async fn find(&self, opener: &Opener) -> Result<Option<Arc<Session>>, StoreError> {
        self.works()?.find(opener).await
    }

    async fn find_stored(&self, opener: &Opener) -> Result<Option<Arc<Session>>, StoreError> {
        self.works()?.find_stored(opener).await
    }

    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError> {
        self.works()?.lease(key, length).await
    }

    async fn release(&self, lease: Lease) -> Result<bool, StoreError> {
        self.works()?.release(lease).await
    }

    fn in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        self.kept.in_memory(wanted)
    }

    fn used(&self, session: &Arc<Session>) {
        self.kept.used(session);
    }

    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.works()?.remove(key).await
    }

    async fn remove_all(&self, whose: &Whose) -> Result<Vec<SessionEntry>, StoreError> {
        self.works()?.remove_all(whose).await
    }

    async fn list(&self, wanted: Wanted) -> Result<Vec<SessionEntry>, StoreError> {
        self.works()?.list(wanted).await
    }

    fn removals(&self) -> broadcast::Receiver<SessionKey> {
        self.kept.removals()
    }

    fn record_store(self: Arc<Self>) -> Arc<dyn RecordStore> {
        self.kept.small_records()
    }

    fn fault(&self) -> Option<String> {
        self.works().err().map(|error| error.reason)
    }

    fn count(&self) -> u64 {
        self.kept.count()
    }
}

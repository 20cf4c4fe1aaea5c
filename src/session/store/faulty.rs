//! A store that fails on demand, for tests of what depends on a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::broadcast;

use super::{Lease, MemoryStore, RecordStore, SessionStore, StoreError, Terms, Wanted};
use crate::session::{
    ProviderData, Session, SessionCredential, SessionEntry, SessionKey, SessionSelector,
};

/// Works as the store in memory does, until it is told to fail.
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

    async fn provider_data(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<ProviderData>, StoreError> {
        self.works()?.provider_data(credential).await
    }

    fn find_in_memory(&self, credential: &SessionCredential) -> Option<Arc<Session>> {
        self.works().ok()?.find_in_memory(credential)
    }

    async fn find(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        self.works()?.find(credential).await
    }

    async fn find_stored(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        self.works()?.find_stored(credential).await
    }

    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError> {
        self.works()?.lease(key, length).await
    }

    async fn release(&self, lease: Lease) -> Result<bool, StoreError> {
        self.works()?.release(lease).await
    }

    fn list_in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>> {
        self.kept.list_in_memory(wanted)
    }

    fn record_use(&self, session: &Arc<Session>) {
        self.kept.record_use(session);
    }

    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError> {
        self.works()?.remove(key).await
    }

    async fn remove_all(
        &self,
        selector: &SessionSelector,
    ) -> Result<Vec<SessionEntry>, StoreError> {
        self.works()?.remove_all(selector).await
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

//! Sessions in this process alone: gone at a restart, when customers log in again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;

use super::{SessionStore, StoreError};
use crate::session::{Session, SessionKey};

/// A bounded table in memory.
#[derive(Debug)]
pub struct MemoryStore(Cache<SessionKey, Arc<Session>>);

impl MemoryStore {
    /// Keeps at most `capacity` sessions, each at most `absolute` long.
    #[must_use]
    pub fn new(capacity: u64, absolute: Duration) -> Self {
        Self(Cache::builder().max_capacity(capacity).time_to_live(absolute).build())
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn put(&self, session: Arc<Session>) -> Result<(), StoreError> {
        self.0.insert(session.key, session);
        Ok(())
    }

    async fn find(&self, key: &SessionKey) -> Result<Option<Arc<Session>>, StoreError> {
        Ok(self.0.get(key))
    }

    async fn remove(&self, key: &SessionKey) -> Result<(), StoreError> {
        self.0.invalidate(key);
        Ok(())
    }

    fn count(&self) -> u64 {
        self.0.entry_count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::store::contract;

    #[tokio::test]
    async fn the_memory_store_keeps_the_contract() {
        contract::holds_for(|| MemoryStore::new(1000, Duration::from_secs(3600))).await;
    }
}

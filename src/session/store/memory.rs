//! Sessions in this process alone: gone at a restart, when customers log in again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;
use tokio::sync::broadcast;

use super::{SessionStore, StoreError};
use crate::session::{Session, SessionKey};

/// Removals that a listener may lag behind before it has to look for itself.
const REMOVALS_AHEAD: usize = 256;

/// A bounded table in memory.
#[derive(Debug)]
pub struct MemoryStore {
    sessions: Cache<SessionKey, Arc<Session>>,
    removals: broadcast::Sender<SessionKey>,
}

impl MemoryStore {
    /// Keeps at most `capacity` sessions, each at most `absolute` long.
    #[must_use]
    pub fn new(capacity: u64, absolute: Duration) -> Self {
        let sessions = Cache::builder().max_capacity(capacity).time_to_live(absolute).build();
        Self { sessions, removals: broadcast::Sender::new(REMOVALS_AHEAD) }
    }
}

#[async_trait]
impl SessionStore for MemoryStore {
    async fn put(&self, session: Arc<Session>) -> Result<(), StoreError> {
        self.sessions.insert(session.key, session);
        Ok(())
    }

    async fn find(&self, key: &SessionKey) -> Result<Option<Arc<Session>>, StoreError> {
        Ok(self.sessions.get(key))
    }

    async fn remove(&self, key: &SessionKey) -> Result<(), StoreError> {
        self.sessions.invalidate(key);
        // Nobody may be listening.
        drop(self.removals.send(*key));
        Ok(())
    }

    fn removals(&self) -> broadcast::Receiver<SessionKey> {
        self.removals.subscribe()
    }

    async fn all(&self) -> Result<Vec<Arc<Session>>, StoreError> {
        Ok(self.sessions.iter().map(|(_, session)| session).collect())
    }

    fn count(&self) -> u64 {
        self.sessions.entry_count()
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

//! Where sessions are kept: one trait, and the test suite every store has to pass.

#[cfg(test)]
mod contract;
mod memory;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::broadcast;

pub use memory::MemoryStore;

use super::{Session, SessionKey};

/// The store did not answer. Nobody gets in on it: the caller answers 503 (threats.md C2).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the session store does not answer: {reason}")]
pub struct StoreError {
    /// What the store said, for the operator.
    pub reason: String,
}

/// Keeps sessions. A session that was removed, or that never was, is `None`, never an error.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Keeps a session under its key, in place of one that is there.
    async fn put(&self, session: Arc<Session>) -> Result<(), StoreError>;

    /// The session under a key.
    async fn find(&self, key: &SessionKey) -> Result<Option<Arc<Session>>, StoreError>;

    /// Forgets a session; fine if there is none.
    async fn remove(&self, key: &SessionKey) -> Result<(), StoreError>;

    /// Tells of every removal that this process learns of, so that what lives longer than a request
    /// can end with its session. A store shared with other gates tells of theirs as far as it can.
    fn removals(&self) -> broadcast::Receiver<SessionKey>;

    /// Every session, in no order: for the admin's list, which may take its time.
    async fn all(&self) -> Result<Vec<Arc<Session>>, StoreError>;

    /// How many sessions there are, roughly: for metrics.
    fn count(&self) -> u64;
}

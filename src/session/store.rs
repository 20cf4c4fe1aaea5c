//! Where sessions are kept: one trait, and the test suite every store has to pass.

#[cfg(test)]
pub(crate) mod contract;
#[cfg(test)]
pub(crate) mod contract_of_records;
pub mod embedded;
#[cfg(test)]
pub(crate) mod faulty;
mod leases;
mod memory;
mod record_store;
pub mod redis;
mod sealed;
mod session_cache;
mod session_rows;
mod table_rows;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::broadcast;

pub use memory::MemoryStore;
pub use record_store::{RecordStore, Table};

use self::leases::Holder;
use super::{ProviderData, Session, SessionCredential, SessionEntry, SessionKey, SessionSelector};

/// Removals that a listener may lag behind before it has to look for itself.
const REMOVALS_AHEAD: usize = 1024;

/// The store did not answer. Nobody gets in on it: the caller answers 503 (docs/security.md C2).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the session store cannot be used: {reason}")]
pub struct StoreError {
    /// What the store said, for the operator.
    pub reason: String,
}

impl StoreError {
    /// With what the store said.
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self { reason: crate::domain::tls_error_in_words(reason.to_string()) }
    }
}

/// On which terms a session is kept.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Unix seconds at which it may be forgotten.
    pub until: u64,
    /// How many sessions its customer may have, at least one; the oldest end for the newest.
    pub per_customer: usize,
}

/// Nobody else refreshes the session meanwhile.
#[derive(Debug)]
pub struct Lease {
    key: SessionKey,
    holder: Holder,
}

impl Lease {
    fn new(key: SessionKey) -> Self {
        Self { key, holder: rand::random() }
    }
}

/// Which sessions a list is to hold.
pub type Wanted = Arc<dyn Fn(&SessionEntry) -> bool + Send + Sync>;

/// Keeps sessions. A session that was removed, or that never was, is `None`, never an error.
///
/// When `put`, `update` or a removal has returned, it holds whatever happens to the process. A
/// session and what it is found by change together or not at all.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Keeps a new session, and returns those of the same customer that ended for it.
    async fn put(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
        terms: Terms,
    ) -> Result<Vec<SessionEntry>, StoreError>;

    /// Takes a newer record for a session that is there, and tells whether it still was: a session
    /// that ended meanwhile is not begun again.
    async fn update(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
    ) -> Result<bool, StoreError>;

    /// The session that a cookie opens, where memory alone can tell: nothing is asked of anybody.
    fn find_in_memory(&self, _credential: &SessionCredential) -> Option<Arc<Session>> {
        None
    }

    /// The session that a cookie opens. Of one that is in memory, nothing is asked of anybody.
    async fn find(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError>;

    /// The same as the store itself has it, for a session whose copy in memory seems unused.
    async fn find_stored(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError>;

    /// What the provider gave with a session. Only a store that has nothing else keeps it in memory.
    async fn provider_data(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<ProviderData>, StoreError>;

    /// Lets the caller alone refresh a session for so long; `None` while somebody else does.
    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError>;

    /// Gives a lease back, and tells whether it was still held.
    async fn release(&self, lease: Lease) -> Result<bool, StoreError>;

    /// The sessions in memory that are wanted. Asks nothing of anybody.
    fn list_in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>>;

    /// Has a session read again that somebody else has changed.
    fn forget(&self, _key: &SessionKey) {}

    /// Takes note that a session was used. Returns at once; written some seconds later, if the store
    /// answers then.
    fn record_use(&self, session: &Arc<Session>);

    /// Forgets a session, and tells whether there was one.
    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError>;

    /// Forgets every session of somebody, and tells which they were.
    async fn remove_all(&self, selector: &SessionSelector)
    -> Result<Vec<SessionEntry>, StoreError>;

    /// The sessions that are wanted, in no order: for the admin's list, which may take its time.
    async fn list(&self, wanted: Wanted) -> Result<Vec<SessionEntry>, StoreError>;

    /// Seals with the first of these from now on, and opens with any.
    fn use_secrets(&self, _secrets: &[SecretString]) {}

    /// Tells of every removal that this process learns of, so that what lives longer than a request
    /// can end with its session. A store shared with other gates tells of theirs as far as it can.
    fn removals(&self) -> broadcast::Receiver<SessionKey>;

    /// Small records, kept where the sessions are.
    fn record_store(self: Arc<Self>) -> Arc<dyn RecordStore>;

    /// How many sessions there are, roughly: for metrics.
    fn count(&self) -> u64;

    /// Why sessions cannot be kept or found at present, for operators. Asks nothing of anybody.
    fn fault(&self) -> Option<String> {
        None
    }

    /// Writes what is still to be written and lets go of the store, for the next gate to open.
    async fn close(&self) {}
}

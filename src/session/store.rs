//! Where sessions are kept: one trait, and the test suite that every store has to pass. Must not
//! know what a session is used for.

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

/// How many removals a listener may lag behind before it has to look for itself.
const REMOVALS_AHEAD: usize = 1024;

/// The store did not answer, so nobody gets in: the caller answers 503 (docs/security.md C2).
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the session store cannot be used: {reason}")]
pub struct StoreError {
    /// What the store said, for the operator.
    pub reason: String,
}

impl StoreError {
    /// An error with what the store said.
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self { reason: crate::domain::tls_error_in_words(reason.to_string()) }
    }
}

/// The terms on which a session is kept.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Unix seconds from which it may be forgotten.
    pub until: u64,
    /// How many sessions its customer may have, at least one. A new one ends the oldest.
    pub per_customer: usize,
}

/// The right to refresh a session alone.
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

/// Which sessions a list is to have.
pub type Wanted = Arc<dyn Fn(&SessionEntry) -> bool + Send + Sync>;

/// Keeps sessions. A session that was removed, or never was, is `None` and not an error.
///
/// When `put`, `update` or a removal returns, the change is durable, whatever happens to the
/// process. A session and what it is found by change together or not at all.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Adds a session, and returns the sessions of the same customer that ended for it.
    async fn put(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
        terms: Terms,
    ) -> Result<Vec<SessionEntry>, StoreError>;

    /// Replaces the record of a session that exists, and returns whether it did: a session that has
    /// ended meanwhile does not come back.
    async fn update(
        &self,
        session: Arc<Session>,
        provider_data: ProviderData,
    ) -> Result<bool, StoreError>;

    /// The session that a cookie opens, if memory alone can tell. Asks nobody.
    fn find_in_memory(&self, _credential: &SessionCredential) -> Option<Arc<Session>> {
        None
    }

    /// The session that a cookie opens. A session in memory is found without asking anybody.
    async fn find(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError>;

    /// The same from the store itself, for a session whose copy in memory seems unused.
    async fn find_stored(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<Arc<Session>>, StoreError>;

    /// What the provider gave with a session. Only the store in memory keeps it in memory.
    async fn provider_data(
        &self,
        credential: &SessionCredential,
    ) -> Result<Option<ProviderData>, StoreError>;

    /// Takes the lease to refresh a session; `None` while somebody else has it.
    async fn lease(&self, key: &SessionKey, length: Duration) -> Result<Option<Lease>, StoreError>;

    /// Gives a lease back. Returns whether it was still held.
    async fn release(&self, lease: Lease) -> Result<bool, StoreError>;

    /// The sessions in memory that are wanted. Asks nobody.
    fn list_in_memory(&self, wanted: &dyn Fn(&Session) -> bool) -> Vec<Arc<Session>>;

    /// Drops the copy in memory of a session that somebody else has changed.
    fn forget(&self, _key: &SessionKey) {}

    /// Records that a session was used. It returns at once; the store writes it some seconds later,
    /// if it can.
    fn record_use(&self, session: &Arc<Session>);

    /// Removes a session. Returns whether there was one.
    async fn remove(&self, key: &SessionKey) -> Result<bool, StoreError>;

    /// Removes every session that matches, and returns them.
    async fn remove_all(&self, selector: &SessionSelector)
    -> Result<Vec<SessionEntry>, StoreError>;

    /// The sessions that are wanted, in any order. This is for the admin's list, which may take its
    /// time.
    async fn list(&self, wanted: Wanted) -> Result<Vec<SessionEntry>, StoreError>;

    /// Seals with the first of these secrets from now on, and opens with any of them.
    fn use_secrets(&self, _secrets: &[SecretString]) {}

    /// Tells every removal that this process learns of, so that what lives longer than a request
    /// can end with its session. A shared store tells the removals of other gates as far as it can.
    fn removals(&self) -> broadcast::Receiver<SessionKey>;

    /// Small records, kept where the sessions are.
    fn record_store(self: Arc<Self>) -> Arc<dyn RecordStore>;

    /// How many sessions there are, roughly: for metrics.
    fn count(&self) -> u64;

    /// Why sessions cannot be kept or found at present, for operators. Asks nobody.
    fn fault(&self) -> Option<String> {
        None
    }

    /// Writes what is still to be written and closes the store, so that the next gate can open it.
    async fn close(&self) {}
}

//! What a store of sealed records has to do with bytes. Must not know what is in them.

use std::time::Duration;

use async_trait::async_trait;

use super::StoreError;
use super::leases::Holder;
use crate::session::SessionKey;
use crate::session::vault::{Sealed, Tag};

/// One session as bytes.
#[derive(Debug)]
pub(super) struct SealedRow {
    pub(super) key: SessionKey,
    /// Unix seconds of the login.
    pub(super) created: u64,
    /// Unix seconds from which it may be forgotten.
    pub(super) until: u64,
    /// The tags that it is found by, those of the person first.
    pub(super) tags: Vec<Tag>,
    pub(super) sealed: Sealed,
}

/// Rows that were removed: their keys and entries.
pub(super) type EndedRows = Vec<(SessionKey, Vec<u8>)>;

/// Keeps rows. It must keep the promises of [`super::SessionStore`]: a change that returned is
/// durable, and a row and its tags change together.
#[async_trait]
pub(super) trait Records: Send + Sync + 'static {
    /// Adds a row. Of all rows with one of the tags in `person`, only the newest `per_customer`
    /// stay.
    async fn put(
        &self,
        row: SealedRow,
        person: Vec<Tag>,
        per_customer: usize,
    ) -> Result<EndedRows, StoreError>;

    /// Replaces both pieces and the tags of a row that exists. Returns whether it did.
    async fn update(
        &self,
        key: SessionKey,
        tags: Vec<Tag>,
        sealed: Sealed,
    ) -> Result<bool, StoreError>;

    async fn get(&self, key: SessionKey) -> Result<Option<Sealed>, StoreError>;

    /// Takes a lease. Returns whether it was free.
    async fn lease(
        &self,
        key: SessionKey,
        holder: Holder,
        length: Duration,
    ) -> Result<bool, StoreError>;

    /// Gives a lease back. Returns whether it was still held.
    async fn release(&self, key: SessionKey, holder: Holder) -> Result<bool, StoreError>;

    async fn remove(&self, key: SessionKey) -> Result<bool, StoreError>;

    /// Removes every row that has one of the tags.
    async fn remove_tagged(&self, tags: Vec<Tag>) -> Result<EndedRows, StoreError>;

    /// Replaces the entries of the rows that still exist.
    async fn write_entries(&self, entries: EndedRows) -> Result<(), StoreError>;

    /// Shows every entry to `see`.
    async fn visit_entries(&self, see: EntryVisitor) -> Result<(), StoreError>;

    /// Removes some rows that had expired at `by`. Returns whether there may be more.
    async fn sweep(&self, by: u64) -> Result<bool, StoreError>;

    /// Whether what is in memory still agrees with the store.
    fn is_cache_valid(&self) -> bool;

    fn count(&self) -> u64;

    /// Why the store does not work at present; `None` while it works.
    fn fault(&self) -> Option<String>;

    /// Closes the store.
    async fn close(&self) {}
}

/// Is shown the entries of a store, one after the other.
pub(super) type EntryVisitor = Box<dyn FnMut(SessionKey, &[u8]) + Send>;

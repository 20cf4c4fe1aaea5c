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
    /// Unix seconds.
    pub(super) created: u64,
    /// Unix seconds at which it may be forgotten.
    pub(super) until: u64,
    /// What it is found by: the person first.
    pub(super) tags: Vec<Tag>,
    pub(super) sealed: Sealed,
}

/// Rows that ended: where they were, and their entries.
pub(super) type EndedRows = Vec<(SessionKey, Vec<u8>)>;

/// Keeps bytes. What is said of [`super::SessionStore`] about lasting and changing together is for these to
/// keep.
#[async_trait]
pub(super) trait Records: Send + Sync + 'static {
    /// Keeps a row; of all rows with one of the tags in `person`, only the newest so many stay.
    async fn put(
        &self,
        row: SealedRow,
        person: Vec<Tag>,
        per_customer: usize,
    ) -> Result<EndedRows, StoreError>;

    /// Replaces both pieces of a row that is there, and what it is found by.
    async fn update(
        &self,
        key: SessionKey,
        tags: Vec<Tag>,
        sealed: Sealed,
    ) -> Result<bool, StoreError>;

    async fn get(&self, key: SessionKey) -> Result<Option<Sealed>, StoreError>;

    /// Whether a lease was free and is the holder's now.
    async fn lease(
        &self,
        key: SessionKey,
        holder: Holder,
        length: Duration,
    ) -> Result<bool, StoreError>;

    /// Whether a lease was still the holder's.
    async fn release(&self, key: SessionKey, holder: Holder) -> Result<bool, StoreError>;

    async fn remove(&self, key: SessionKey) -> Result<bool, StoreError>;

    /// Removes every row with one of the tags.
    async fn remove_tagged(&self, tags: Vec<Tag>) -> Result<EndedRows, StoreError>;

    /// Replaces the entries of those rows that are there.
    async fn write_entries(&self, entries: EndedRows) -> Result<(), StoreError>;

    /// Shows every entry to somebody.
    async fn visit_entries(&self, see: EntryVisitor) -> Result<(), StoreError>;

    /// Removes some rows that were over at a time, and tells whether there may be more.
    async fn sweep(&self, by: u64) -> Result<bool, StoreError>;

    /// Whether what is in memory is still so.
    fn is_cache_valid(&self) -> bool;

    fn count(&self) -> u64;

    /// Why nothing works, while nothing does.
    fn fault(&self) -> Option<String>;

    /// Lets go of everything.
    async fn close(&self) {}
}

/// Sees the entries of a store, one after the other.
pub(super) type EntryVisitor = Box<dyn FnMut(SessionKey, &[u8]) + Send>;

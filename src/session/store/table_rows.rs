//! What a store of bytes must do so that small records can be kept in it, sealed. Must not know
//! keys or values: a row is named by the HMAC of its key.

use async_trait::async_trait;

use super::{StoreError, Table};
use crate::session::vault::Tag;

/// Where a row may be: under the first name from now on, or under another name if an earlier secret
/// made it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) table: Table,
    pub(super) names: Vec<Tag>,
}

/// A row as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) sealed: Vec<u8>,
    /// Unix seconds at which it expires.
    pub(super) until: Option<u64>,
}

/// A row that exists: its name and its sealed content.
pub(super) type Found = (Tag, Vec<u8>);

/// A row that is sealed anew, and what it must still be when it is replaced.
#[derive(Debug)]
pub(super) struct Resealed {
    pub(super) table: Table,
    pub(super) before: Found,
    pub(super) after: Found,
}

/// Keeps rows. `now` is in Unix seconds; a row that has expired by then does not exist.
#[async_trait]
pub(super) trait TableRows: Send + Sync + 'static {
    /// The row at a place.
    async fn row(&self, place: Place, now: u64) -> Result<Option<Found>, StoreError>;

    /// Adds a row, or returns the one that exists.
    async fn put_new_row(
        &self,
        place: Place,
        content: Content,
        now: u64,
    ) -> Result<Option<Found>, StoreError>;

    /// Adds or replaces a row.
    async fn put_row(&self, place: Place, content: Content, now: u64) -> Result<(), StoreError>;

    /// Removes a row. Returns whether it existed.
    async fn remove_row(&self, place: Place) -> Result<bool, StoreError>;

    /// All rows of a table.
    async fn rows(&self, table: Table, now: u64) -> Result<Vec<Found>, StoreError>;

    /// Replaces a row that was sealed anew, unless it has changed. Its end stays.
    async fn reseal_row(&self, row: Resealed) -> Result<(), StoreError>;

    /// Removes some rows that have expired. Returns whether there may be more.
    async fn sweep_rows(&self, now: u64) -> Result<bool, StoreError>;
}

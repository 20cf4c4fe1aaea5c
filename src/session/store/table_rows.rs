//! What a store of bytes has to do so that small records can be kept in it, sealed. Knows neither
//! keys nor values: a row has the HMAC of its key for a name.

use async_trait::async_trait;

use super::{StoreError, Table};
use crate::session::vault::Tag;

/// Where a row may be: under the first name from now on, under the others when it was kept with
/// an earlier secret.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) table: Table,
    pub(super) names: Vec<Tag>,
}

/// A row as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) sealed: Vec<u8>,
    /// Unix seconds at which it is over.
    pub(super) until: Option<u64>,
}

/// A row that is there: its name, and what is kept of it.
pub(super) type Found = (Tag, Vec<u8>);

/// A row that is sealed anew, with what it has to be until then.
#[derive(Debug)]
pub(super) struct Resealed {
    pub(super) table: Table,
    pub(super) before: Found,
    pub(super) after: Found,
}

/// Keeps rows. `now` is in Unix seconds; a row that is over by then is none.
#[async_trait]
pub(super) trait TableRows: Send + Sync + 'static {
    /// The row at a place.
    async fn row(&self, place: Place, now: u64) -> Result<Option<Found>, StoreError>;

    /// Keeps a row where there is none; else the one that is there.
    async fn put_new_row(
        &self,
        place: Place,
        content: Content,
        now: u64,
    ) -> Result<Option<Found>, StoreError>;

    /// Keeps a row in the place of any other.
    async fn put_row(&self, place: Place, content: Content, now: u64) -> Result<(), StoreError>;

    /// Removes what is at a place, and tells whether something was.
    async fn remove_row(&self, place: Place) -> Result<bool, StoreError>;

    /// All rows of a table.
    async fn rows(&self, table: Table, now: u64) -> Result<Vec<Found>, StoreError>;

    /// Replaces a row by the same, sealed anew, unless it changed meanwhile. Its end stays.
    async fn reseal_row(&self, row: Resealed) -> Result<(), StoreError>;

    /// Removes some rows that are over, and tells whether there may be more.
    async fn sweep_rows(&self, now: u64) -> Result<bool, StoreError>;
}

//! Small durable records, kept beside the sessions. Must not know what a record is about.

use async_trait::async_trait;

use super::StoreError;

/// What a record is about. Keys of different tables never collide.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Table {
    /// Which of JSM's accounts a login opens. These records do not expire.
    Customers,
    /// Which request a form has made already. Kept for 25 hours.
    Created,
    /// What a person wrote whose session was over when they sent it. Kept for an hour.
    Kept,
    /// Which requests a customer has just raised or changed. Kept for minutes.
    JustChanged,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 4] = [Self::Customers, Self::Created, Self::Kept, Self::JustChanged];

    /// The name of the table in a store. Changing it loses every record.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Created => "created",
            Self::Kept => "kept",
            Self::JustChanged => "just-changed",
        }
    }

    /// A byte that stands for the table. Changing it loses every record.
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Customers => 1,
            Self::Created => 2,
            Self::Kept => 3,
            Self::JustChanged => 4,
        }
    }
}

/// Keeps records by table and key. When a change returns, it is durable, and holds for all gates
/// that share the store. A store in memory forgets everything at a restart.
///
/// A record with an end (`until`, Unix seconds) is gone from then on.
#[async_trait]
pub trait RecordStore: Send + Sync {
    /// The record of a key.
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds a record, unless the key has one, which is returned then. Of several gates that try at
    /// once, one is the first.
    async fn put_new(
        &self,
        table: Table,
        key: &str,
        value: &[u8],
        until: Option<u64>,
    ) -> Result<Option<Vec<u8>>, StoreError>;

    /// Adds or replaces the record of a key.
    async fn put(
        &self,
        table: Table,
        key: &str,
        value: &[u8],
        until: Option<u64>,
    ) -> Result<(), StoreError>;

    /// Removes the record of a key. Returns whether there was one.
    async fn remove(&self, table: Table, key: &str) -> Result<bool, StoreError>;

    /// All records of a table with their keys, in any order.
    async fn list(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
}

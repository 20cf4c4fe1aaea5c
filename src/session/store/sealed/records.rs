//! Small records, sealed: the [`RecordStore`] on top of [`TableRows`]. Must not know where rows are
//! kept.

use async_trait::async_trait;

use super::{Records, SealedStore, no_secret};
use crate::session::store::table_rows::{Content, Found, Place, Resealed, TableRows};
use crate::session::store::{RecordStore, StoreError, Table};
use crate::session::vault::Vault;

#[async_trait]
impl<R: Records + TableRows> RecordStore for SealedStore<R> {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let vault = self.vault.load_full();
        let place = place(&vault, table, key)?;
        let found = self.records.row(place, self.clock.unix_seconds()).await?;
        found.map(|found| value(&vault, &found)).transpose()
    }

    async fn put_new(
        &self,
        table: Table,
        key: &str,
        new: &[u8],
        until: Option<u64>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let vault = self.vault.load_full();
        let place = place(&vault, table, key)?;
        let content = content(&vault, &place, key, new, until)?;
        let there = self.records.put_new_row(place, content, self.clock.unix_seconds()).await?;
        there.map(|there| value(&vault, &there)).transpose()
    }

    async fn put(
        &self,
        table: Table,
        key: &str,
        value: &[u8],
        until: Option<u64>,
    ) -> Result<(), StoreError> {
        let vault = self.vault.load_full();
        let place = place(&vault, table, key)?;
        let content = content(&vault, &place, key, value, until)?;
        self.records.put_row(place, content, self.clock.unix_seconds()).await
    }

    async fn remove(&self, table: Table, key: &str) -> Result<bool, StoreError> {
        let place = place(&self.vault.load_full(), table, key)?;
        self.records.remove_row(place).await
    }

    async fn list(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let vault = self.vault.load_full();
        let rows = self.records.rows(table, self.clock.unix_seconds()).await?;
        Ok(rows.iter().filter_map(|(name, sealed)| vault.open_row(name, sealed)).collect())
    }
}

impl<R: Records + TableRows> SealedStore<R> {
    /// Seals with the first secret what another secret sealed, so that records outlive a secret
    /// that is replaced as `docs/sessions.md` says. Sessions end before that; records do not.
    pub(in crate::session::store) async fn seal_anew(&self) -> Result<(), StoreError> {
        let vault = self.vault.load_full();
        for table in Table::ALL {
            for before in self.records.rows(table, self.clock.unix_seconds()).await? {
                if let Some(after) = resealed(&vault, table, &before) {
                    self.records.reseal_row(Resealed { table, before, after }).await?;
                }
            }
        }
        Ok(())
    }

    pub(in crate::session::store) async fn sweep_rows(&self) {
        loop {
            match self.records.sweep_rows(self.clock.unix_seconds()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "records that are over are not removed");
                    return;
                }
            }
        }
    }
}

/// `None` for a row that the first secret sealed already, and for one that does not open.
fn resealed(vault: &Vault, table: Table, (name, sealed): &Found) -> Option<Found> {
    if vault.sealed_with_first(sealed) {
        return None;
    }
    let (key, value) = vault.open_row(name, sealed)?;
    let name = vault.row_names(table.name(), &key).into_iter().next()?;
    let sealed = vault.seal_row(&name, &key, &value)?;
    Some((name, sealed))
}

fn place(vault: &Vault, table: Table, key: &str) -> Result<Place, StoreError> {
    let names = vault.row_names(table.name(), key);
    if names.is_empty() { Err(no_secret()) } else { Ok(Place { table, names }) }
}

fn content(
    vault: &Vault,
    place: &Place,
    key: &str,
    value: &[u8],
    until: Option<u64>,
) -> Result<Content, StoreError> {
    let sealed = place.names.first().and_then(|name| vault.seal_row(name, key, value));
    Ok(Content { sealed: sealed.ok_or_else(no_secret)?, until })
}

/// A record that exists and does not open is an error, and not a missing record: a caller would
/// otherwise bind or make something twice.
fn value(vault: &Vault, (name, sealed): &Found) -> Result<Vec<u8>, StoreError> {
    let opened = vault.open_row(name, sealed);
    opened.map(|(_, value)| value).ok_or_else(|| StoreError::new("a record of it does not open"))
}

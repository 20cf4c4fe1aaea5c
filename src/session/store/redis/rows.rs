//! Small records in Redis, which expires them by its own clock. Must not know what is in them.

use async_trait::async_trait;
use redis::ScriptInvocation;

use super::{AT_ONCE, PREFIX, RedisRecords};
use crate::session::store::table_rows::{Content, Found, Place, Resealed, TableRows};
use crate::session::store::{StoreError, Table};
use crate::session::vault::Tag;

/// An end, as a sorted set takes it.
fn till(until: Option<u64>) -> String {
    until.map_or_else(|| "+inf".to_owned(), |until| until.to_string())
}

fn row_name(table: Table, name: &Tag) -> Vec<u8> {
    [PREFIX.as_bytes(), b"row:", table.name().as_bytes(), b":", name].concat()
}

fn found(row: (Vec<u8>, Vec<u8>)) -> Option<Found> {
    Some((row.0.try_into().ok()?, row.1))
}

impl RedisRecords {
    /// Reads the rows under some names, and returns those that exist.
    async fn rows_under(&self, table: Table, names: &[Tag]) -> Result<Vec<Found>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let mut get = ::redis::cmd("MGET");
        for name in names {
            get.arg(row_name(table, name));
        }
        let rows: Vec<Option<Vec<u8>>> = self.link.ask(&get).await?;
        let rows = names.iter().zip(rows);
        Ok(rows.filter_map(|(name, sealed)| Some((*name, sealed?))).collect())
    }
}

fn with_row<'a>(
    mut call: ScriptInvocation<'a>,
    place: &Place,
    content: &Content,
    now: u64,
) -> ScriptInvocation<'a> {
    call.arg(place.table.name()).arg(content.sealed.as_slice()).arg(till(content.until)).arg(now);
    for name in &place.names {
        call.arg(name);
    }
    call
}

#[async_trait]
impl TableRows for RedisRecords {
    async fn row(&self, place: Place, _now: u64) -> Result<Option<Found>, StoreError> {
        Ok(self.rows_under(place.table, &place.names).await?.into_iter().next())
    }

    async fn put_new_row(
        &self,
        place: Place,
        content: Content,
        now: u64,
    ) -> Result<Option<Found>, StoreError> {
        let call = with_row(self.scripts.put_new_row.key(PREFIX), &place, &content, now);
        let there: Option<(Vec<u8>, Vec<u8>)> = self.link.ask(&call).await?;
        Ok(there.and_then(found))
    }

    async fn put_row(&self, place: Place, content: Content, now: u64) -> Result<(), StoreError> {
        let call = with_row(self.scripts.put_row.key(PREFIX), &place, &content, now);
        self.link.ask(&call).await
    }

    async fn remove_row(&self, place: Place) -> Result<bool, StoreError> {
        let mut remove = self.scripts.remove_row.key(PREFIX);
        remove.arg(place.table.name());
        for name in &place.names {
            remove.arg(name);
        }
        self.link.ask(&remove).await
    }

    async fn rows(&self, table: Table, _now: u64) -> Result<Vec<Found>, StoreError> {
        let mut range = ::redis::cmd("ZRANGE");
        range.arg(format!("{PREFIX}rows:{}", table.name())).arg(0).arg(-1);
        let names: Vec<Vec<u8>> = self.link.ask(&range).await?;
        let names: Vec<Tag> = names.into_iter().filter_map(|name| name.try_into().ok()).collect();
        let mut rows = Vec::new();
        for names in names.chunks(AT_ONCE) {
            rows.extend(self.rows_under(table, names).await?);
        }
        Ok(rows)
    }

    async fn reseal_row(&self, row: Resealed) -> Result<(), StoreError> {
        let (before, after) = (&row.before, &row.after);
        let mut reseal = self.scripts.reseal_row.key(PREFIX);
        reseal.arg(row.table.name()).arg(&before.0).arg(before.1.as_slice());
        reseal.arg(&after.0).arg(after.1.as_slice());
        self.link.ask(&reseal).await
    }

    /// Redis does that by itself.
    async fn sweep_rows(&self, _now: u64) -> Result<bool, StoreError> {
        Ok(false)
    }
}

//! Small records in this process alone. A restart loses them. Must not know what they are about.

use std::collections::BTreeMap;

use async_trait::async_trait;
use parking_lot::Mutex;

use crate::domain::Clock;
use crate::session::store::{RecordStore, StoreError, Table};

/// How many records with an end are kept. Those that end first make room.
const MOST: usize = 10_000;

#[derive(Debug)]
pub(super) struct MemoryRecords {
    rows: Mutex<BTreeMap<(Table, String), Row>>,
    clock: Clock,
}

#[derive(Clone, Debug)]
struct Row {
    value: Vec<u8>,
    until: Option<u64>,
}

type Rows = BTreeMap<(Table, String), Row>;

impl MemoryRecords {
    pub(super) fn new(clock: Clock) -> Self {
        Self { rows: Mutex::default(), clock }
    }

    /// Runs `work` on the rows that have not expired.
    fn with<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        let now = self.clock.unix_seconds();
        let mut rows = self.rows.lock();
        rows.retain(|_, row| row.until.is_none_or(|until| until > now));
        work(&mut rows)
    }
}

fn make_room(rows: &mut Rows) {
    let ending = rows.iter().filter_map(|(place, row)| Some((row.until?, place)));
    if ending.clone().count() >= MOST
        && let Some((_, place)) = ending.min().map(|(until, place)| (until, place.clone()))
    {
        rows.remove(&place);
    }
}

#[async_trait]
impl RecordStore for MemoryRecords {
    async fn get(&self, table: Table, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let place = (table, key.to_owned());
        Ok(self.with(|rows| rows.get(&place).map(|row| row.value.clone())))
    }

    async fn put_new(
        &self,
        table: Table,
        key: &str,
        value: &[u8],
        until: Option<u64>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let place = (table, key.to_owned());
        Ok(self.with(|rows| {
            let there = rows.get(&place).map(|row| row.value.clone());
            if there.is_none() {
                make_room(rows);
                rows.insert(place, Row { value: value.to_vec(), until });
            }
            there
        }))
    }

    async fn put(
        &self,
        table: Table,
        key: &str,
        value: &[u8],
        until: Option<u64>,
    ) -> Result<(), StoreError> {
        let place = (table, key.to_owned());
        self.with(|rows| {
            make_room(rows);
            rows.insert(place, Row { value: value.to_vec(), until });
        });
        Ok(())
    }

    async fn remove(&self, table: Table, key: &str) -> Result<bool, StoreError> {
        let place = (table, key.to_owned());
        Ok(self.with(|rows| rows.remove(&place).is_some()))
    }

    async fn list(&self, table: Table) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let of_table = |rows: &mut Rows| {
            let rows = rows.iter().filter(|((of, _), _)| *of == table);
            rows.map(|((_, key), row)| (key.clone(), row.value.clone())).collect()
        };
        Ok(self.with(of_table))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::session::store::contract_of_records;

    #[tokio::test]
    async fn memory_keeps_the_contract_of_records() {
        let new = async |clock| Arc::new(MemoryRecords::new(clock)) as Arc<dyn RecordStore>;
        contract_of_records::holds_for(new).await;
    }

    #[tokio::test]
    async fn memory_is_bounded_and_what_has_no_end_stays() {
        let store = MemoryRecords::new(Clock::from_fn(|| std::time::UNIX_EPOCH));
        store.put(Table::Customers, "ann", b"1", None).await.unwrap();
        for number in 0..=MOST {
            let until = Some(number as u64 + 1);
            store.put(Table::Kept, &number.to_string(), b"x", until).await.unwrap();
        }
        assert_eq!(store.list(Table::Kept).await.unwrap().len(), MOST);
        assert_eq!(store.get(Table::Kept, "0").await.unwrap(), None);
        assert!(store.get(Table::Customers, "ann").await.unwrap().is_some());
    }
}

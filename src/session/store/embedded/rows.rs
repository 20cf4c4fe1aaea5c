//! Small records in the file: one table of rows by table and name, and one of the times at which
//! they expire. Must not know when a change is written.

use redb::{
    ReadTransaction, ReadableTable as _, Table as RedbTable, TableDefinition, WriteTransaction,
};

use super::fault::Fault;
use crate::session::store::Table;
use crate::session::store::table_rows::{Content, Found, Place, Resealed};
use crate::session::vault::Tag;

/// The byte of the table, and the name of the row.
type Name = [u8; 33];

/// Seconds of the end, and the sealed content.
const ROWS: TableDefinition<'_, &Name, (u64, &[u8])> = TableDefinition::new("rows");
const ENDING: TableDefinition<'_, (u64, &Name), ()> = TableDefinition::new("rows_ending");

/// The end of a row that does not expire.
const NEVER: u64 = u64::MAX;

/// Both tables, within one change.
pub(super) struct Rows<'t> {
    rows: RedbTable<'t, &'static Name, (u64, &'static [u8])>,
    ending: RedbTable<'t, (u64, &'static Name), ()>,
}

impl<'t> Rows<'t> {
    pub(super) fn open(writing: &'t WriteTransaction) -> Result<Self, Fault> {
        Ok(Self { rows: writing.open_table(ROWS)?, ending: writing.open_table(ENDING)? })
    }

    pub(super) fn put_new(
        &mut self,
        place: &Place,
        content: &Content,
        now: u64,
    ) -> Result<Option<Found>, Fault> {
        let there = first(&self.rows, place, now)?;
        if there.is_none() {
            self.put(place, content)?;
        }
        Ok(there)
    }

    pub(super) fn put(&mut self, place: &Place, content: &Content) -> Result<(), Fault> {
        self.remove(place)?;
        match place.names.first() {
            Some(name) => self.insert(&joined(place.table, name), &content.sealed, content.until),
            None => Ok(()),
        }
    }

    pub(super) fn remove(&mut self, place: &Place) -> Result<bool, Fault> {
        let mut was_there = false;
        for name in &place.names {
            was_there |= self.take(&joined(place.table, name))?.is_some();
        }
        Ok(was_there)
    }

    pub(super) fn reseal(&mut self, row: &Resealed) -> Result<(), Fault> {
        let (before, after) = (&row.before, &row.after);
        let name = joined(row.table, &before.0);
        let unchanged = self.rows.get(&name)?.is_some_and(|there| there.value().1 == before.1);
        if unchanged && let Some(until) = self.take(&name)? {
            let until = Some(until).filter(|until| *until != NEVER);
            self.insert(&joined(row.table, &after.0), &after.1, until)?;
        }
        Ok(())
    }

    /// Removes up to `step` expired rows. Returns whether there may be more.
    pub(super) fn sweep(&mut self, now: u64, step: usize) -> Result<bool, Fault> {
        let last: &Name = &[u8::MAX; 33];
        let mut over = Vec::new();
        for row in self.ending.range(..=(now, last))?.take(step) {
            over.push(*row?.0.value().1);
        }
        for name in &over {
            self.take(name)?;
        }
        Ok(over.len() == step)
    }

    fn insert(&mut self, name: &Name, sealed: &[u8], until: Option<u64>) -> Result<(), Fault> {
        self.rows.insert(name, (until.unwrap_or(NEVER), sealed))?;
        if let Some(until) = until {
            self.ending.insert((until, name), ())?;
        }
        Ok(())
    }

    /// Removes a row, and returns its end.
    fn take(&mut self, name: &Name) -> Result<Option<u64>, Fault> {
        let until = self.rows.remove(name)?.map(|row| row.value().0);
        if let Some(until) = until {
            self.ending.remove((until, name))?;
        }
        Ok(until)
    }
}

/// The row at a place.
pub(super) fn get(
    reading: &ReadTransaction,
    place: &Place,
    now: u64,
) -> Result<Option<Found>, Fault> {
    first(&reading.open_table(ROWS)?, place, now)
}

/// All rows of a table.
pub(super) fn all(reading: &ReadTransaction, table: Table, now: u64) -> Result<Vec<Found>, Fault> {
    let [from, to] = [0, u8::MAX].map(|byte| joined(table, &[byte; 32]));
    let mut found = Vec::new();
    for row in reading.open_table(ROWS)?.range::<&Name>(&from..=&to)? {
        let (name, content) = row?;
        let (until, sealed) = content.value();
        if until > now {
            found.extend(name.value().last_chunk().map(|name| (*name, sealed.to_vec())));
        }
    }
    Ok(found)
}

/// Whether a file has the tables. A file of an earlier version does not.
pub(super) fn are_there(reading: &ReadTransaction) -> bool {
    reading.open_table(ROWS).is_ok() && reading.open_table(ENDING).is_ok()
}

fn first(
    rows: &impl redb::ReadableTable<&'static Name, (u64, &'static [u8])>,
    place: &Place,
    now: u64,
) -> Result<Option<Found>, Fault> {
    for name in &place.names {
        if let Some(row) = rows.get(&joined(place.table, name))?
            && row.value().0 > now
        {
            return Ok(Some((*name, row.value().1.to_vec())));
        }
    }
    Ok(None)
}

fn joined(table: Table, name: &Tag) -> Name {
    let mut bytes = [table.byte(); 33];
    let (_, tail) = bytes.split_at_mut(1);
    tail.copy_from_slice(name);
    bytes
}

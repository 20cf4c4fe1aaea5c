//! The tables of the file, and what changes in them together. Must not know when a change is
//! written.

use redb::{
    ReadTransaction, ReadableDatabase as _, ReadableTable as _, ReadableTableMetadata as _, Table,
    TableDefinition, WriteTransaction,
};

use super::fault::Fault;
use super::rows::{self, Rows};
use crate::session::SessionKey;
use crate::session::store::session_rows::{EndedRows, SealedRow};
use crate::session::vault::{Sealed, Tag};

type Name = &'static [u8; 32];
/// Seconds of the login, seconds of the end, the tags one after the other, and the entry.
type Known = (u64, u64, &'static [u8], &'static [u8]);

const SESSIONS: TableDefinition<'_, Name, Known> = TableDefinition::new("sessions");
const RECORDS: TableDefinition<'_, Name, &[u8]> = TableDefinition::new("records");
/// A tag and the key of a session that has it.
const TAGGED: TableDefinition<'_, &[u8; 64], ()> = TableDefinition::new("tagged");
const ENDING: TableDefinition<'_, (u64, Name), ()> = TableDefinition::new("ending");

/// All tables, within one change.
pub(super) struct Tables<'t> {
    sessions: Table<'t, Name, Known>,
    records: Table<'t, Name, &'static [u8]>,
    tagged: Table<'t, &'static [u8; 64], ()>,
    ending: Table<'t, (u64, Name), ()>,
    /// The small records.
    pub(super) rows: Rows<'t>,
}

impl<'t> Tables<'t> {
    pub(super) fn open(writing: &'t WriteTransaction) -> Result<Self, Fault> {
        Ok(Self {
            sessions: writing.open_table(SESSIONS)?,
            records: writing.open_table(RECORDS)?,
            tagged: writing.open_table(TAGGED)?,
            ending: writing.open_table(ENDING)?,
            rows: Rows::open(writing)?,
        })
    }

    pub(super) fn count(&self) -> Result<u64, Fault> {
        Ok(self.sessions.len()?)
    }

    pub(super) fn put(
        &mut self,
        row: &SealedRow,
        person: &[Tag],
        per_customer: usize,
    ) -> Result<EndedRows, Fault> {
        self.remove(&row.key)?;
        let mut theirs = Vec::new();
        for tag in person {
            for key in self.tagged(tag)? {
                let known = self.sessions.get(key.bytes())?;
                theirs.extend(known.map(|known| (known.value().0, key)));
            }
        }
        theirs.sort_unstable();
        let too_many = (theirs.len() + 1).saturating_sub(per_customer);
        let mut ended = EndedRows::new();
        for (_, key) in theirs.into_iter().take(too_many) {
            ended.extend(self.remove(&key)?.map(|entry| (key, entry)));
        }
        let (name, Sealed { entry, record }) = (row.key.bytes(), &row.sealed);
        let tags = row.tags.concat();
        self.sessions.insert(name, (row.created, row.until, tags.as_slice(), entry.as_slice()))?;
        self.records.insert(name, record.as_slice())?;
        self.ending.insert((row.until, name), ())?;
        for tag in &row.tags {
            self.tagged.insert(&joined(tag, &row.key), ())?;
        }
        Ok(ended)
    }

    /// Replaces all of a session that exists, except the times of its login and end.
    pub(super) fn update(
        &mut self,
        key: &SessionKey,
        tags: &[Tag],
        sealed: &Sealed,
    ) -> Result<bool, Fault> {
        let Some((created, until, before)) = self.known(key)? else { return Ok(false) };
        for tag in before.as_chunks().0 {
            self.tagged.remove(&joined(tag, key))?;
        }
        for tag in tags {
            self.tagged.insert(&joined(tag, key), ())?;
        }
        let (tags, Sealed { entry, record }) = (tags.concat(), sealed);
        self.sessions.insert(key.bytes(), (created, until, tags.as_slice(), entry.as_slice()))?;
        self.records.insert(key.bytes(), record.as_slice())?;
        Ok(true)
    }

    /// Replaces the entry of a session that exists.
    pub(super) fn write_entry(&mut self, key: &SessionKey, entry: &[u8]) -> Result<(), Fault> {
        if let Some((created, until, tags)) = self.known(key)? {
            self.sessions.insert(key.bytes(), (created, until, tags.as_slice(), entry))?;
        }
        Ok(())
    }

    /// The seconds of the login and of the end, and the tags, of a session that exists.
    fn known(&self, key: &SessionKey) -> Result<Option<(u64, u64, Vec<u8>)>, Fault> {
        let known = self.sessions.get(key.bytes())?;
        Ok(known.map(|known| {
            let (created, until, tags, _) = known.value();
            (created, until, tags.to_vec())
        }))
    }

    /// Removes a session and returns its entry; `None` if it did not exist.
    pub(super) fn remove(&mut self, key: &SessionKey) -> Result<Option<Vec<u8>>, Fault> {
        let known = self.sessions.remove(key.bytes())?.map(|known| {
            let (_, until, tags, entry) = known.value();
            (until, tags.to_vec(), entry.to_vec())
        });
        let Some((until, tags, entry)) = known else { return Ok(None) };
        self.records.remove(key.bytes())?;
        self.ending.remove((until, key.bytes()))?;
        for tag in tags.as_chunks().0 {
            self.tagged.remove(&joined(tag, key))?;
        }
        Ok(Some(entry))
    }

    pub(super) fn remove_tagged(&mut self, tags: &[Tag]) -> Result<EndedRows, Fault> {
        let mut ended = EndedRows::new();
        for tag in tags {
            for key in self.tagged(tag)? {
                ended.extend(self.remove(&key)?.map(|entry| (key, entry)));
            }
        }
        Ok(ended)
    }

    /// Removes up to `step` sessions that had expired at `by`. Returns whether there may be more.
    pub(super) fn sweep(&mut self, by: u64, step: usize) -> Result<bool, Fault> {
        let last: Name = &[u8::MAX; 32];
        let mut over = Vec::new();
        for row in self.ending.range(..=(by, last))?.take(step) {
            over.push(SessionKey::from_bytes(*row?.0.value().1));
        }
        for key in &over {
            self.remove(key)?;
        }
        Ok(over.len() == step)
    }

    fn tagged(&self, tag: &Tag) -> Result<Vec<SessionKey>, Fault> {
        let [first, last] =
            [0, u8::MAX].map(|byte| joined(tag, &SessionKey::from_bytes([byte; 32])));
        let mut keys = Vec::new();
        for row in self.tagged.range::<&[u8; 64]>(&first..=&last)? {
            let (joined, _) = row?;
            keys.extend(joined.value().last_chunk().copied().map(SessionKey::from_bytes));
        }
        Ok(keys)
    }
}

fn joined(tag: &Tag, key: &SessionKey) -> [u8; 64] {
    let mut bytes = [0; 64];
    let (head, tail) = bytes.split_at_mut(32);
    head.copy_from_slice(tag);
    tail.copy_from_slice(key.bytes());
    bytes
}

/// Both pieces of a session.
pub(super) fn get(reading: &ReadTransaction, key: &SessionKey) -> Result<Option<Sealed>, Fault> {
    let (sessions, records) = (reading.open_table(SESSIONS)?, reading.open_table(RECORDS)?);
    let (Some(known), Some(record)) = (sessions.get(key.bytes())?, records.get(key.bytes())?)
    else {
        return Ok(None);
    };
    Ok(Some(Sealed { entry: known.value().3.to_vec(), record: record.value().to_vec() }))
}

/// Shows every entry to `see`.
pub(super) fn visit_entries(
    reading: &ReadTransaction,
    see: &mut dyn FnMut(SessionKey, &[u8]),
) -> Result<(), Fault> {
    for row in reading.open_table(SESSIONS)?.iter()? {
        let (key, known) = row?;
        see(SessionKey::from_bytes(*key.value()), known.value().3);
    }
    Ok(())
}

/// Makes sure that the file has all tables.
pub(super) fn prepare(database: &redb::Database) -> Result<u64, Fault> {
    let reading = database.begin_read()?;
    if let Ok(sessions) = reading.open_table(SESSIONS)
        && rows::are_there(&reading)
    {
        return Ok(sessions.len()?);
    }
    let mut writing = database.begin_write()?;
    writing.set_quick_repair(true);
    let count = Tables::open(&writing)?.count()?;
    writing.commit()?;
    Ok(count)
}

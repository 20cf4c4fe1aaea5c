//! Sessions in one file in `state_dir`, with redb. They survive restarts, crashes and upgrades.
//! Must not know what the sealed bytes mean.

mod disk;
mod fault;
mod rows;
mod tables;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use secrecy::SecretString;
use tokio::sync::oneshot;

use self::disk::{Disk, Job, Outcome};
use self::fault::Fault;
use self::tables::Tables;
use super::leases::{Holder, Leases};
use super::sealed::SealedStore;
use super::session_cache::SessionCache;
use super::session_rows::{EndedRows, EntryVisitor, Records, SealedRow};
use super::table_rows::{Content, Found, Place, Resealed, TableRows};
use super::{SessionStore, StoreError, Table};
use crate::domain::Clock;
use crate::session::SessionKey;
use crate::session::vault::{Sealed, Tag};

/// The most changes that one write to the disk takes.
const BATCH: usize = 1024;

/// How many expired records one step removes. It takes a millisecond or two.
const SWEEP_STEP: usize = 500;

/// Opens the sessions of a gate, with at most `capacity` of them in memory. It reads only the head
/// of the file, however many sessions there are.
///
/// A damaged file is moved aside, and everybody logs in again.
///
/// # Errors
/// When the file cannot be read and written, or another process has it open.
pub fn open(
    state_dir: &Path,
    capacity: u64,
    secrets: &[SecretString],
    clock: &Clock,
) -> Result<Arc<dyn SessionStore>, StoreError> {
    let records = EmbeddedRecords::open(state_dir, clock)?;
    Ok(SealedStore::start(records, Arc::new(SessionCache::new(capacity)), secrets, clock.clone()))
}

/// One thread writes, because the file has one writer at a time. Changes that arrive meanwhile are
/// written together, with one wait for the disk.
struct EmbeddedRecords {
    disk: Arc<Disk>,
    jobs: Option<Sender<Job>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// No other process has the file open, so leases can be in memory.
    leases: Leases,
}

impl EmbeddedRecords {
    fn open(state_dir: &Path, clock: &Clock) -> Result<Self, StoreError> {
        let disk = Arc::new(Disk::open(state_dir.join("sessions.redb"), clock.clone())?);
        let (jobs, waiting) = channel();
        let at = Arc::clone(&disk);
        let writer = std::thread::Builder::new()
            .name("sessions".to_owned())
            .spawn(move || write_all(&at, &waiting))
            .map_err(StoreError::new)?;
        let (jobs, writer) = (Some(jobs), Mutex::new(Some(writer)));
        Ok(Self { disk, jobs, writer, leases: Leases::default() })
    }

    /// Returns when the change is on the disk.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tables<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |tables| {
            let done = work(tables)?;
            Ok(Box::new(move || drop(reply.send(done))) as Outcome)
        });
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        // A job that fails is dropped, and its reply with it.
        match answer.await {
            Ok(done) if sent => Ok(done),
            _ => Err(self.disk.trouble()),
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&redb::ReadTransaction) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let disk = Arc::clone(&self.disk);
        let read = tokio::task::spawn_blocking(move || disk.read(work)).await;
        read.unwrap_or_else(|error| Err(StoreError::new(error)))
    }
}

impl Drop for EmbeddedRecords {
    /// Waits for the writer, so that the next gate does not find the file in use.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(writer) = self.writer.lock().take() {
            drop(writer.join());
        }
    }
}

fn write_all(disk: &Disk, waiting: &Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let batch = std::iter::once(first).chain(waiting.try_iter().take(BATCH - 1));
        disk.write(batch.collect());
    }
}

#[async_trait]
impl Records for EmbeddedRecords {
    async fn put(
        &self,
        row: SealedRow,
        person: Vec<Tag>,
        per_customer: usize,
    ) -> Result<EndedRows, StoreError> {
        self.write(move |tables| tables.put(&row, &person, per_customer)).await
    }

    async fn update(
        &self,
        key: SessionKey,
        tags: Vec<Tag>,
        sealed: Sealed,
    ) -> Result<bool, StoreError> {
        self.write(move |tables| tables.update(&key, &tags, &sealed)).await
    }

    async fn get(&self, key: SessionKey) -> Result<Option<Sealed>, StoreError> {
        self.read(move |reading| tables::get(reading, &key)).await
    }

    async fn lease(
        &self,
        key: SessionKey,
        holder: Holder,
        length: Duration,
    ) -> Result<bool, StoreError> {
        Ok(self.leases.take(key, holder, length))
    }

    async fn release(&self, key: SessionKey, holder: Holder) -> Result<bool, StoreError> {
        Ok(self.leases.release(&key, &holder))
    }

    async fn remove(&self, key: SessionKey) -> Result<bool, StoreError> {
        self.write(move |tables| Ok(tables.remove(&key)?.is_some())).await
    }

    async fn remove_tagged(&self, tags: Vec<Tag>) -> Result<EndedRows, StoreError> {
        self.write(move |tables| tables.remove_tagged(&tags)).await
    }

    async fn write_entries(&self, entries: EndedRows) -> Result<(), StoreError> {
        self.write(move |tables| {
            entries.iter().try_for_each(|(key, entry)| tables.write_entry(key, entry))
        })
        .await
    }

    async fn visit_entries(&self, mut see: EntryVisitor) -> Result<(), StoreError> {
        self.read(move |reading| tables::visit_entries(reading, &mut see)).await
    }

    async fn sweep(&self, by: u64) -> Result<bool, StoreError> {
        self.write(move |tables| tables.sweep(by, SWEEP_STEP)).await
    }

    fn is_cache_valid(&self) -> bool {
        true
    }

    fn count(&self) -> u64 {
        self.disk.count()
    }

    fn fault(&self) -> Option<String> {
        self.disk.fault()
    }

    async fn close(&self) {
        let disk = Arc::clone(&self.disk);
        drop(tokio::task::spawn_blocking(move || disk.close()).await);
    }
}

#[async_trait]
impl TableRows for EmbeddedRecords {
    async fn row(&self, place: Place, now: u64) -> Result<Option<Found>, StoreError> {
        self.read(move |reading| rows::get(reading, &place, now)).await
    }

    async fn put_new_row(
        &self,
        place: Place,
        content: Content,
        now: u64,
    ) -> Result<Option<Found>, StoreError> {
        self.write(move |tables| tables.rows.put_new(&place, &content, now)).await
    }

    async fn put_row(&self, place: Place, content: Content, _now: u64) -> Result<(), StoreError> {
        self.write(move |tables| tables.rows.put(&place, &content)).await
    }

    async fn remove_row(&self, place: Place) -> Result<bool, StoreError> {
        self.write(move |tables| tables.rows.remove(&place)).await
    }

    async fn rows(&self, table: Table, now: u64) -> Result<Vec<Found>, StoreError> {
        self.read(move |reading| rows::all(reading, table, now)).await
    }

    async fn reseal_row(&self, row: Resealed) -> Result<(), StoreError> {
        self.write(move |tables| tables.rows.reseal(&row)).await
    }

    async fn sweep_rows(&self, now: u64) -> Result<bool, StoreError> {
        self.write(move |tables| tables.rows.sweep(now, SWEEP_STEP)).await
    }
}

#[cfg(test)]
mod tests;

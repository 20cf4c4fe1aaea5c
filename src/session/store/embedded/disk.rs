//! The file itself: opened, opened again after a failure, and moved aside when it is damaged. Must
//! not know the tables.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use redb::{Database, ReadTransaction, ReadableDatabase as _};

use super::fault::Fault;
use super::tables::{self, Tables};
use crate::domain::Clock;
use crate::session::StoreError;
use crate::state_file;

/// How much of the file redb keeps in memory. The sessions in use are in memory already.
const PAGES_IN_MEMORY: usize = 16 * 1024 * 1024;

/// How long after a failure the file is opened again.
const PAUSE: Duration = Duration::from_secs(1);

/// A change that is made together with others. What it returns runs when all are on the disk.
pub(super) type Job = Box<dyn FnOnce(&mut Tables<'_>) -> Result<Outcome, Fault> + Send>;
pub(super) type Outcome = Box<dyn FnOnce() + Send>;

pub(super) struct Disk {
    path: PathBuf,
    clock: Clock,
    open: RwLock<State>,
    count: AtomicU64,
    /// Why the file cannot be used at present; `None` while it can.
    trouble: Mutex<Option<String>>,
}

enum State {
    /// The number distinguishes one opening from the next.
    Open(u64, Database),
    /// Since when it cannot be used.
    Failed(u64, Instant),
    Closed,
}

impl Disk {
    pub(super) fn open(path: PathBuf, clock: Clock) -> Result<Self, StoreError> {
        let disk = Self {
            path,
            clock,
            open: RwLock::new(State::Closed),
            count: AtomicU64::new(0),
            trouble: Mutex::default(),
        };
        let database = disk.database().map_err(StoreError::new)?;
        *disk.open.write() = State::Open(0, database);
        Ok(disk)
    }

    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.with(|database| work(&database.begin_read()?))
    }

    /// Makes all changes or none.
    pub(super) fn write(&self, batch: Vec<Job>) {
        let written = self.with(|database| {
            let mut writing = database.begin_write()?;
            // So that opening after a crash takes no longer than usual (redb's documentation).
            writing.set_quick_repair(true);
            let mut tables = Tables::open(&writing)?;
            let outcomes = batch.into_iter().map(|job| job(&mut tables));
            let outcomes = outcomes.collect::<Result<Vec<_>, _>>()?;
            let count = tables.count()?;
            drop(tables);
            writing.commit()?;
            self.count.store(count, Ordering::Relaxed);
            Ok(outcomes)
        });
        if let Ok(outcomes) = written {
            if self.trouble.lock().take().is_some() {
                tracing::info!(path = %self.path.display(), "sessions are written again");
            }
            for outcome in outcomes {
                outcome();
            }
        }
    }

    /// Why the file cannot be used at present; `None` while it can.
    pub(super) fn fault(&self) -> Option<String> {
        self.trouble.lock().clone()
    }

    /// The error for those whose change was not made.
    pub(super) fn trouble(&self) -> StoreError {
        let reason = self.fault();
        StoreError::new(reason.unwrap_or_else(|| "the gate stops".to_owned()))
    }

    /// Closes the file for good.
    pub(super) fn close(&self) {
        *self.open.write() = State::Closed;
    }

    fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, Fault>) -> Result<T, StoreError> {
        self.open_again();
        let (opening, fault) = {
            let open = self.open.read();
            let State::Open(opening, database) = &*open else { return Err(self.trouble()) };
            // redb panics at some kinds of damage.
            match catch_unwind(AssertUnwindSafe(|| work(database))) {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(fault)) => (*opening, fault),
                Err(_) => (*opening, Fault::Broken("what it says makes no sense".to_owned())),
            }
        };
        Err(self.mend(opening, &fault))
    }

    /// After a failure, and after damage, redb needs the file to be opened again.
    fn mend(&self, opening: u64, fault: &Fault) -> StoreError {
        let mut open = self.open.write();
        let reason = match fault {
            Fault::Broken(reason) | Fault::Failed(reason) => reason.clone(),
        };
        if matches!(&*open, State::Open(present, _) if *present == opening) {
            self.note(&reason);
            *open = State::Failed(opening, Instant::now());
            if let Fault::Broken(reason) = fault {
                self.set_aside(reason);
            }
            if let Ok(database) = self.database() {
                *open = State::Open(opening + 1, database);
            }
        }
        StoreError::new(reason)
    }

    fn open_again(&self) {
        let is_due =
            |state: &State| matches!(state, State::Failed(_, since) if since.elapsed() >= PAUSE);
        if !is_due(&self.open.read()) {
            return;
        }
        let mut open = self.open.write();
        if let State::Failed(opening, since) = &mut *open {
            match self.database() {
                Ok(database) => *open = State::Open(*opening + 1, database),
                Err(reason) => {
                    self.note(&reason);
                    *since = Instant::now();
                }
            }
        }
    }

    /// Logs once what is wrong.
    fn note(&self, reason: &str) {
        let mut trouble = self.trouble.lock();
        if trouble.replace(reason.to_owned()).is_none() {
            let path = self.path.display();
            tracing::error!(%path, reason, "sessions cannot be written: nobody can log in or out");
        }
    }

    /// Opens the file; makes a new one when there is none or when it is damaged.
    fn database(&self) -> Result<Database, String> {
        let path = self.path.display();
        match self.try_database() {
            Ok(database) => Ok(database),
            Err(Fault::Failed(reason)) => Err(format!("{path}: {reason}")),
            Err(Fault::Broken(reason)) => {
                self.set_aside(&reason);
                let opened = self.try_database();
                opened.map_err(|fault| format!("{path} cannot be made anew: {fault:?}"))
            }
        }
    }

    fn try_database(&self) -> Result<Database, Fault> {
        let failed = |error: std::io::Error| Fault::Failed(error.to_string());
        // Made here and not by redb, with rights for the gate's user alone.
        let made = OpenOptions::new().append(true).create(true).mode(0o600).open(&self.path);
        made.and_then(|file| file.set_permissions(Permissions::from_mode(0o600)))
            .and_then(|()| state_file::give_to_owner_of_folder(&self.path))
            .map_err(failed)?;
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let database = Database::builder().set_cache_size(PAGES_IN_MEMORY).create(&self.path);
            let database = match database {
                Err(redb::DatabaseError::DatabaseAlreadyOpen) => {
                    let reason = "another process has it open; a second gate on this machine needs \
                                  a state_dir of its own";
                    return Err(Fault::Failed(reason.to_owned()));
                }
                other => other?,
            };
            let count = tables::prepare(&database)?;
            Ok((database, count))
        }));
        let panicked = |_| Err(Fault::Broken("what it says makes no sense".to_owned()));
        let (database, count) = opened.unwrap_or_else(panicked)?;
        self.count.store(count, Ordering::Relaxed);
        Ok(database)
    }

    fn set_aside(&self, reason: &str) {
        let mut aside = self.path.clone().into_os_string();
        aside.push(format!(".corrupt-{}", self.clock.unix_seconds()));
        let aside = PathBuf::from(aside);
        let moved = fs::rename(&self.path, &aside);
        let (path, aside) = (self.path.display(), aside.display());
        match moved {
            Ok(()) => tracing::error!(
                %path, %aside, reason,
                "the file of sessions is damaged and moved aside: everybody logs in again"
            ),
            Err(error) => tracing::error!(%path, reason, %error, "a damaged file cannot be moved"),
        }
    }
}

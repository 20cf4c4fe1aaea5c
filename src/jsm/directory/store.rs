//! The directory on disk: one JSON file in `state_dir`, so that the gate serves when JSM is down
//! at start. It must not know what the desks are used for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::desk::Desk;
use crate::state_file;

/// Raised with each change that an older gate could not read.
const FORMAT: u32 = 1;

/// Where the directory is kept, and for which JSM.
#[derive(Clone, Debug)]
pub(super) struct Store {
    path: PathBuf,
    jsm: String,
}

/// What was read back.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) desks: Vec<Desk>,
    pub(super) read_at: Option<SystemTime>,
}

#[derive(Deserialize, Serialize)]
struct File {
    format: u32,
    /// Ids mean nothing on another JSM.
    jsm: String,
    /// Seconds since 1970-01-01 UTC.
    read_at: u64,
    desks: Vec<Desk>,
}

/// Only this much of a file of any later format is needed to refuse it.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

impl Store {
    pub(super) fn new(state_dir: &Path, jsm: &str) -> Self {
        Self { path: state_dir.join("directory.json"), jsm: jsm.to_owned() }
    }

    /// The same place for another JSM.
    pub(super) fn of(&self, jsm: &str) -> Self {
        Self { path: self.path.clone(), jsm: jsm.to_owned() }
    }

    /// Whether it is kept for this JSM.
    pub(super) fn is_of(&self, jsm: &str) -> bool {
        self.jsm == jsm
    }

    /// What was stored; nothing, with a line in the log, when it is of no use.
    pub(super) fn load(&self) -> Stored {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Stored::default(),
            Err(error) => return self.ignore(&error.to_string()),
        };
        match serde_json::from_slice(&bytes).map(|FormatOnly { format }| format) {
            Ok(FORMAT) => {}
            Ok(other) => return self.ignore(&format!("it has format {other}, not {FORMAT}")),
            Err(error) => return self.ignore(&format!("it is damaged: {error}")),
        }
        match serde_json::from_slice::<File>(&bytes) {
            Ok(file) if file.jsm != self.jsm => self.ignore(&format!("it is of {}", file.jsm)),
            Ok(file) => Stored {
                read_at: UNIX_EPOCH.checked_add(Duration::from_secs(file.read_at)),
                desks: file.desks,
            },
            Err(error) => self.ignore(&format!("it is damaged: {error}")),
        }
    }

    /// Replaces what is stored, wholly or not at all, readable by the gate's user only.
    pub(super) fn save(&self, desks: Vec<Desk>, read_at: Option<SystemTime>) -> io::Result<()> {
        let read_at = read_at.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let read_at = read_at.unwrap_or_default().as_secs();
        let file = File { format: FORMAT, jsm: self.jsm.clone(), read_at, desks };
        let bytes = serde_json::to_vec_pretty(&file)?;
        state_file::replace(&self.path, &bytes)
    }

    fn ignore(&self, why: &str) -> Stored {
        let path = self.path.display();
        tracing::warn!(%path, why, "the stored portals are ignored and will be written anew");
        Stored::default()
    }
}

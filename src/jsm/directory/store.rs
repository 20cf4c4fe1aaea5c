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

/// The part of a file of a later format that is needed to refuse it.
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

    /// What was stored. Nothing, with a line in the log, when it cannot be used.
    pub(super) fn load(&self) -> Stored {
        match self.read() {
            Ok(None) => Stored::default(),
            Ok(Some(file)) => Stored {
                read_at: UNIX_EPOCH.checked_add(Duration::from_secs(file.read_at)),
                desks: file.desks,
            },
            Err(why) => {
                let path = self.path.display();
                tracing::error!(
                    %path,
                    why,
                    remedy = "until the portals are read anew there are none; links that were kept \
                              there, such as those of renamed projects, may differ then",
                    "the stored portals cannot be used and will be moved aside"
                );
                Stored::default()
            }
        }
    }

    /// The file; `None` when there is none, an error that says why it is of no use.
    fn read(&self) -> Result<Option<File>, String> {
        let damaged = |error: serde_json::Error| format!("it is damaged: {error}");
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        match serde_json::from_slice(&bytes).map(|FormatOnly { format }| format) {
            Ok(FORMAT) => {}
            Ok(other) => return Err(format!("it has format {other}, not {FORMAT}")),
            Err(error) => return Err(damaged(error)),
        }
        match serde_json::from_slice::<File>(&bytes) {
            Ok(file) if file.jsm != self.jsm => Err(format!("it is of {}", file.jsm)),
            Ok(file) => Ok(Some(file)),
            Err(error) => Err(damaged(error)),
        }
    }

    /// Replaces what is stored, wholly or not at all, readable by the gate's user only. A file that
    /// this gate cannot use is moved aside first: links are a promise, and somebody may need them.
    pub(super) fn save(&self, desks: Vec<Desk>, read_at: Option<SystemTime>) -> io::Result<()> {
        let read_at = read_at.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let read_at = read_at.unwrap_or_default().as_secs();
        let file = File { format: FORMAT, jsm: self.jsm.clone(), read_at, desks };
        let bytes = serde_json::to_vec_pretty(&file)?;
        if let Err(why) = self.read() {
            let aside = state_file::move_aside(&self.path)?;
            let (path, aside) = (self.path.display(), aside.display());
            tracing::error!(%path, %aside, why, "the stored portals were moved aside");
        }
        state_file::replace(&self.path, &bytes)
    }
}

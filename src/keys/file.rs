//! The keys on disk: one JSON file in `state_dir`, which only the gate may read. Must not know when a
//! key is due.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::PublishedKey;
use crate::state_file;

/// Raised with each change that an older gate could not read.
const FORMAT: u32 = 1;

const REMEDY_DAMAGED: &str = "restore it from a backup, or delete it: the gate then makes a new key, and the upstream \
     refuses assertions until it has read /_gate/jwks.json again";

/// The keys cannot be read or written. The gate does not start then, and makes no new keys by
/// itself: the upstream could not know whether the old ones were lost or stolen.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the assertion's keys in {path}: {reason}; {remedy}")]
pub struct KeyringError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// One key and the time from which it signs, in Unix seconds.
#[derive(Clone, Debug)]
pub(super) struct Scheduled {
    pub(super) key: Arc<PublishedKey>,
    pub(super) signs_from: u64,
}

/// The file with the keys.
#[derive(Clone, Debug)]
pub(super) struct KeyFile {
    path: PathBuf,
}

#[derive(Deserialize, Serialize)]
struct File {
    format: u32,
    keys: Vec<StoredKey>,
}

#[derive(Deserialize, Serialize)]
struct StoredKey {
    /// PKCS #8 in base64.
    pkcs8: String,
    /// Unix seconds.
    signs_from: u64,
}

impl KeyFile {
    pub(super) fn new(state_dir: &Path) -> Self {
        Self { path: state_dir.join("assertion-keys.json") }
    }

    /// The keys in the file; `None` when there is no file.
    pub(super) fn load(&self) -> Result<Option<Vec<Scheduled>>, KeyringError> {
        match fs::metadata(&self.path) {
            Ok(found) => self.check_mode(found.permissions().mode())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable(&error)),
        }
        let bytes = fs::read(&self.path).map_err(|error| self.unusable(&error))?;
        let damaged = |reason: &str| self.error(reason, REMEDY_DAMAGED);
        let file: File =
            serde_json::from_slice(&bytes).map_err(|_| damaged("the file is damaged"))?;
        if file.format != FORMAT {
            return Err(damaged(&format!("the file has format {}, not {FORMAT}", file.format)));
        }
        let read = |stored: StoredKey| {
            let key = PublishedKey::from_stored(SecretString::from(stored.pkcs8))?;
            Some(Scheduled { key: Arc::new(key), signs_from: stored.signs_from })
        };
        let keys: Option<Vec<_>> = file.keys.into_iter().map(read).collect();
        let keys = keys.filter(|keys| !keys.is_empty());
        keys.map(Some).ok_or_else(|| damaged("a key in the file is damaged"))
    }

    /// Replaces the keys in the file.
    pub(super) fn save(&self, keys: &[Scheduled]) -> Result<(), KeyringError> {
        let stored = |one: &Scheduled| StoredKey {
            pkcs8: one.key.stored().expose_secret().to_owned(),
            signs_from: one.signs_from,
        };
        let file = File { format: FORMAT, keys: keys.iter().map(stored).collect() };
        let written = serde_json::to_vec_pretty(&file)
            .map_err(io::Error::from)
            .and_then(|bytes| state_file::replace(&self.path, &bytes));
        written.map_err(|error| self.unusable(&error))
    }

    pub(super) fn error(&self, reason: &str, remedy: &str) -> KeyringError {
        KeyringError {
            path: self.path.clone(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        }
    }

    /// The file is only for the gate's user: a reader of the keys can pose as everybody
    /// (docs/security.md H1).
    fn check_mode(&self, mode: u32) -> Result<(), KeyringError> {
        let by_others = mode & 0o077;
        if by_others == 0 {
            return Ok(());
        }
        let reason = format!("others can read or change the file (mode {:03o})", mode & 0o777);
        let path = self.path.display();
        let remedy = format!("delete it if anybody may have done so, else run: chmod 600 {path}");
        Err(self.error(&reason, &remedy))
    }

    fn unusable(&self, error: &io::Error) -> KeyringError {
        self.error(&error.to_string(), "let the gate's user own the file and its folder")
    }
}

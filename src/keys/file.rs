//! The assertion's keys on disk. Must not know when a key is due.

use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::PublishedKey;
use super::kept_file::{KeptFile, KeyringError};

const WHEN_DAMAGED: &str = "restore it from a backup, or delete it: the gate then makes a new key, and the upstream \
     refuses assertions until it has read /_gate/jwks.json again";

/// One key and the time from which it signs, in Unix seconds.
#[derive(Clone, Debug)]
pub(super) struct Scheduled {
    pub(super) key: Arc<PublishedKey>,
    pub(super) signs_from: u64,
}

/// The file with the keys.
#[derive(Clone, Debug)]
pub(super) struct KeyFile(KeptFile);

#[derive(Deserialize, Serialize)]
struct Content {
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
        Self(KeptFile {
            whose: "assertion's".to_owned(),
            path: state_dir.join("assertion-keys.json"),
            when_damaged: WHEN_DAMAGED,
        })
    }

    /// The keys in the file; `None` when there is no file.
    pub(super) fn load(&self) -> Result<Option<Vec<Scheduled>>, KeyringError> {
        let Some(Content { keys }) = self.0.load()? else { return Ok(None) };
        let read = |stored: StoredKey| {
            let key = PublishedKey::from_stored(SecretString::from(stored.pkcs8))?;
            Some(Scheduled { key: Arc::new(key), signs_from: stored.signs_from })
        };
        let keys: Option<Vec<_>> = keys.into_iter().map(read).collect();
        let keys = keys.filter(|keys| !keys.is_empty());
        keys.map(Some).ok_or_else(|| self.0.damaged("a key in the file is damaged"))
    }

    /// Replaces the keys in the file.
    pub(super) fn save(&self, keys: &[Scheduled]) -> Result<(), KeyringError> {
        let stored = |one: &Scheduled| StoredKey {
            pkcs8: one.key.stored().expose_secret().to_owned(),
            signs_from: one.signs_from,
        };
        self.0.save(Content { keys: keys.iter().map(stored).collect() })
    }

    /// No key can be made.
    pub(super) fn no_randomness(&self) -> KeyringError {
        self.0.error("no key can be made", "the system gives no random numbers")
    }
}

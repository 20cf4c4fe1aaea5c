//! A file of private keys in `state_dir`: JSON with a number of its format, which only the gate may read.
//! Must not know which keys there are.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::state_file;

/// Raised with each change that an older gate could not read.
const FORMAT: u32 = 1;

/// Keys cannot be read or written. The gate does not start then, and makes no new keys by itself: whoever
/// verifies with the old ones could not know whether they were lost or stolen.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the {whose} keys in {path}: {reason}; {remedy}")]
pub struct KeyringError {
    /// Whose keys they are: `assertion's`.
    pub whose: String,
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct KeptFile {
    /// See [`KeyringError::whose`].
    pub(super) whose: String,
    pub(super) path: PathBuf,
    /// What to do when what is in it cannot be read.
    pub(super) when_damaged: &'static str,
}

#[derive(Deserialize, Serialize)]
struct Numbered<T> {
    format: u32,
    #[serde(flatten)]
    content: T,
}

impl KeptFile {
    /// What is in the file; `None` when there is no file.
    pub(super) fn load<T: DeserializeOwned>(&self) -> Result<Option<T>, KeyringError> {
        match fs::metadata(&self.path) {
            Ok(found) => self.check_mode(found.permissions().mode())?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unusable(&error)),
        }
        let bytes = fs::read(&self.path).map_err(|error| self.unusable(&error))?;
        let damaged = || self.damaged("the file is damaged");
        let file: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
        match file.get("format").and_then(serde_json::Value::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => {
                return Err(self.damaged(&format!("the file has format {format}, not {FORMAT}")));
            }
            None => return Err(damaged()),
        }
        let file: Numbered<T> = serde_json::from_value(file).map_err(|_| damaged())?;
        Ok(Some(file.content))
    }

    /// Replaces what is in the file.
    pub(super) fn save(&self, content: impl Serialize) -> Result<(), KeyringError> {
        let written = serde_json::to_vec_pretty(&Numbered { format: FORMAT, content })
            .map_err(io::Error::from)
            .and_then(|bytes| state_file::replace(&self.path, &bytes));
        written.map_err(|error| self.unusable(&error))
    }

    /// What is in the file is not what it should be.
    pub(super) fn damaged(&self, reason: &str) -> KeyringError {
        self.error(reason, self.when_damaged)
    }

    pub(super) fn error(&self, reason: &str, remedy: &str) -> KeyringError {
        KeyringError {
            whose: self.whose.clone(),
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

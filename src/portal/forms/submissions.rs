//! How far the one request of each form has come, in the store that all gates share. Must not know how
//! JSM is called.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ticket::SubmissionKey;
use crate::domain::{AccountId, Clock, RequestKey, RequestTypeId};
use crate::session::{RecordStore, StoreError, Table};

/// How long progress is kept, in seconds: an hour longer than a ticket lasts.
const KEPT: u64 = 25 * 3600;

/// How far a form's one request has come.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Progress {
    /// It is made.
    Created(RequestKey),
    /// It was sent, and nobody knows yet what became of it.
    Sent(Sent),
}

/// What a request was sent with, by which it is found again.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Sent {
    /// When, in Unix seconds.
    pub since: u64,
    /// Who asks.
    pub reporter: AccountId,
    /// What for.
    pub request_type: RequestTypeId,
    /// Its summary.
    pub summary: String,
    /// The files that came with it, where it is found again by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<NameAndSize>,
}

/// A file by its name and its size in bytes.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct NameAndSize {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

impl NameAndSize {
    /// These files, in an order that does not depend on theirs.
    #[must_use]
    pub fn sorted(files: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort();
        files
    }
}

/// Keeps the progress of forms, by their keys.
#[derive(Clone)]
pub struct Submissions {
    records: Arc<dyn RecordStore>,
    clock: Clock,
}

impl Submissions {
    /// Progress kept in these records.
    #[must_use]
    pub fn new(records: Arc<dyn RecordStore>, clock: Clock) -> Self {
        Self { records, clock }
    }

    /// Keeps the first progress of a form. What was kept already, stays and is returned.
    pub(super) async fn begin(
        &self,
        key: &SubmissionKey,
        progress: &Progress,
    ) -> Result<Option<Progress>, StoreError> {
        let value = write(progress)?;
        let before = self.records.put_new(Table::Created, key.as_str(), &value, Some(self.until()));
        before.await?.map(|value| read(&value)).transpose()
    }

    pub(super) async fn set(
        &self,
        key: &SubmissionKey,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        let value = write(progress)?;
        self.records.put(Table::Created, key.as_str(), &value, Some(self.until())).await
    }

    /// The form may be sent again.
    pub(super) async fn forget(&self, key: &SubmissionKey) -> Result<(), StoreError> {
        self.records.remove(Table::Created, key.as_str()).await.map(drop)
    }

    fn until(&self) -> u64 {
        self.clock.unix_seconds().saturating_add(KEPT)
    }
}

impl fmt::Debug for Submissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Submissions")
    }
}

fn write(progress: &Progress) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(progress).map_err(StoreError::new)
}

/// What cannot be read is an error and not nothing: a request may have been made.
fn read(value: &[u8]) -> Result<Progress, StoreError> {
    serde_json::from_slice(value).map_err(StoreError::new)
}

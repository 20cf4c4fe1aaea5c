//! How large a file Jira takes, by its own settings. Must not know what the gate allows.

use serde::Deserialize;

use super::Requests;
use crate::jsm::rest::Call;
use crate::jsm::{Client, Error};

/// `GET /rest/api/…/attachment/meta`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    /// Attachments can be switched off for a whole site.
    #[serde(default = "yes")]
    enabled: bool,
    upload_limit: u64,
}

fn yes() -> bool {
    true
}

impl Client {
    /// Bytes of the largest file that Jira takes; none where it takes no files at all.
    ///
    /// # Errors
    /// When Jira does not tell.
    pub async fn attachment_limit(&self) -> Result<u64, Error> {
        let path = self.platform("attachment/meta").await?;
        let meta: Meta = self.read(Call::read(&path)).await?;
        Ok(if meta.enabled { meta.upload_limit } else { 0 })
    }
}

impl Requests {
    /// The same, as it was minutes ago at most, or before an outage.
    ///
    /// # Errors
    /// When Jira does not tell and did not tell before.
    pub async fn attachment_limit(&self) -> Result<u64, Error> {
        let limit = self.caches.attachment_limit.get((), self.client.attachment_limit()).await?;
        Ok(*limit)
    }
}

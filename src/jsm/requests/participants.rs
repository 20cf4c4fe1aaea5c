//! Who takes part in a request besides the reporter: added and removed. Must not decide who may do that.

use serde_json::Value;

use crate::domain::{AccountId, RequestKey};
use crate::jsm::{Change, Client, Error};

impl Client {
    /// Has somebody take part in a request.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn add_participant(
        &self,
        request: &RequestKey,
        account: &AccountId,
    ) -> Result<(), Error> {
        self.change_participants(Change::Post, request, account).await
    }

    /// Takes somebody off a request.
    ///
    /// # Errors
    /// When JSM refuses it, as for the reporter, or does not answer.
    pub async fn remove_participant(
        &self,
        request: &RequestKey,
        account: &AccountId,
    ) -> Result<(), Error> {
        self.change_participants(Change::Delete, request, account).await
    }

    async fn change_participants(
        &self,
        change: Change,
        request: &RequestKey,
        account: &AccountId,
    ) -> Result<(), Error> {
        let path = format!("/rest/servicedeskapi/request/{request}/participant");
        let people = self.people(account).await?;
        self.change::<Value>(change, &path, &people).await.map(drop)
    }
}

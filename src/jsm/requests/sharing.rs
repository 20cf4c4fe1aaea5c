//! The organisations that a request is shared with: JSM keeps them in a field. Must not decide who may
//! share.

use serde_json::{Map, Value, json};

use super::Requests;
use crate::domain::{OrganizationId, RequestKey};
use crate::jsm::{Change, Error};

impl Requests {
    /// Shares a request with these organisations and no others.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn share_with(
        &self,
        request: &RequestKey,
        organizations: &[OrganizationId],
    ) -> Result<(), Error> {
        let site = self.site().await?;
        let path = self.client.platform(&format!("issue/{request}")).await?;
        let field = site.organizations.ok_or_else(|| Error::NotUnderstood {
            call: format!("PUT {path}"),
            problem: "there is no field for organisations".to_owned(),
        })?;
        let ids: Vec<u64> = organizations.iter().map(|id| id.get()).collect();
        let fields = Map::from_iter([(field.to_string(), json!(ids))]);
        self.client
            .change::<Value>(Change::Put, &path, &json!({ "fields": fields }))
            .await
            .map(drop)
    }
}

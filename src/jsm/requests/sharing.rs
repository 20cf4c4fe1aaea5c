//! The organisations that a request is shared with: JSM keeps them in a field. Must not decide who may
//! share.

use serde_json::{Map, Value, json};

use super::Requests;
use crate::domain::{OrganizationId, RequestKey};
use crate::jsm::{Change, Error};

impl Requests {
    /// Shares a request with an organisation.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn share(
        &self,
        request: &RequestKey,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        self.change_organizations(request, "add", organization).await
    }

    /// Takes a request away from an organisation.
    ///
    /// # Errors
    /// When JSM refuses it or does not answer.
    pub async fn unshare(
        &self,
        request: &RequestKey,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        self.change_organizations(request, "remove", organization).await
    }

    /// Changes the field and does not replace it: an agent may change it at the same time. It takes numbers
    /// (AtlassianPS/JiraPS, issue 434), and these operations in both products (`operations` of `createmeta`).
    async fn change_organizations(
        &self,
        request: &RequestKey,
        operation: &str,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        let site = self.site().await?;
        let path = self.client.platform(&format!("issue/{request}")).await?;
        let field = site.organizations.ok_or_else(|| Error::NotUnderstood {
            call: format!("PUT {path}"),
            problem: "there is no field for organisations".to_owned(),
        })?;
        let operations = json!([{ operation: organization.get() }]);
        let update = Map::from_iter([(field.to_string(), operations)]);
        let body = json!({ "update": update });
        self.client.change::<Value>(Change::Put, &path, &body).await.map(drop)
    }
}

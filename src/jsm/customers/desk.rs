//! Who is listed at a desk. By that JSM decides who may raise requests at a restricted one.

use std::collections::HashMap;

use http::StatusCode;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::{CustomerAccount, User};
use crate::config::Deployment;
use crate::domain::{AccountId, Portal};
use crate::jsm::rest::{Call, Change, Client, Error, SEGMENT};

/// The role that Data Center gives to the customers of a desk ("Managing project role memberships").
const CUSTOMERS_ROLE: &str = "Service Desk Customers";

/// A desk, by what JSM's calls know it by.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// JSM's id of it.
    pub id: &'a str,
    /// Jira's id of its project.
    pub project_id: &'a str,
}

impl<'a> From<&'a Portal> for Desk<'a> {
    fn from(portal: &'a Portal) -> Self {
        Self { id: &portal.service_desk_id, project_id: &portal.project_id }
    }
}

/// `GET /rest/api/2/project/{id}/role/{id}`
#[derive(Debug, Deserialize)]
struct Role {
    #[serde(default)]
    actors: Vec<Value>,
}

/// Somebody who has a role.
#[derive(Debug, Deserialize)]
struct Actor {
    #[serde(rename = "type")]
    kind: String,
    name: String,
}

impl Desk<'_> {
    pub(super) fn path(self, below: &str) -> String {
        let id = utf8_percent_encode(self.id, SEGMENT);
        format!("/rest/servicedeskapi/servicedesk/{id}/{below}")
    }
}

impl Client {
    /// Whether JSM lists the account at the desk, by itself or with one of its organisations.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn is_listed(
        &self,
        desk: Desk<'_>,
        account: &CustomerAccount,
    ) -> Result<bool, Error> {
        let listed = match self.deployment().await? {
            Deployment::Cloud => self.is_in_list(desk, account).await?,
            Deployment::DataCenter => self.has_customers_role(desk, account).await?,
        };
        Ok(listed || !self.organizations_at(desk, &account.id).await?.is_empty())
    }

    /// Lists the account at the desk. One that is listed already stays so.
    ///
    /// # Errors
    /// When JSM refuses it or there is no usable answer.
    pub async fn add_to_desk(&self, desk: Desk<'_>, account: &AccountId) -> Result<(), Error> {
        let body = self.people(account).await?;
        self.change::<Value>(Change::Post, &desk.path("customer"), &body).await.map(drop)
    }

    /// The body of a call about one account.
    pub(in crate::jsm) async fn people(&self, account: &AccountId) -> Result<Value, Error> {
        Ok(match self.deployment().await? {
            Deployment::Cloud => json!({ "accountIds": [account] }),
            Deployment::DataCenter => json!({ "usernames": [account] }),
        })
    }

    /// Cloud's list can be looked through by address or name; what it then brings is told apart by id.
    async fn is_in_list(&self, desk: Desk<'_>, account: &CustomerAccount) -> Result<bool, Error> {
        let text = account.email.as_ref().map_or(account.name.as_str(), |email| email.as_str());
        let query: &[_] = &[("query", text.to_owned())];
        // Without either, the whole list is looked through.
        let query = if text.is_empty() { &[] } else { query };
        let listed = self.list_with::<User>(&desk.path("customer"), query).await?;
        let accounts =
            listed.entries.into_iter().filter_map(|user| user.into_account(Deployment::Cloud));
        Ok(accounts.into_iter().any(|listed| listed.id == account.id))
    }

    /// Data Center has no call for the list of a desk's customers; they have a role in its project.
    async fn has_customers_role(
        &self,
        desk: Desk<'_>,
        account: &CustomerAccount,
    ) -> Result<bool, Error> {
        let Some(role) = self.customers_role(desk).await? else { return Ok(false) };
        let actors = role.actors.into_iter().filter_map(|actor| Actor::deserialize(actor).ok());
        let (groups, users): (Vec<_>, Vec<_>) =
            actors.partition(|actor| actor.kind == "atlassian-group-role-actor");
        // Jira compares user names without regard to case.
        let is_theirs = |actor: &Actor| {
            actor.kind == "atlassian-user-role-actor"
                && actor.name.eq_ignore_ascii_case(account.id.as_str())
        };
        if users.iter().any(is_theirs) {
            return Ok(true);
        }
        if groups.is_empty() {
            return Ok(false);
        }
        let theirs = self.groups_of(&account.id).await?.names;
        Ok(groups.iter().any(|group| theirs.contains(&group.name)))
    }

    async fn customers_role(&self, desk: Desk<'_>) -> Result<Option<Role>, Error> {
        let project = utf8_percent_encode(desk.project_id, SEGMENT);
        let path = self.platform(&format!("project/{project}/role")).await?;
        let roles: HashMap<String, String> = match self.read(Call::read(&path)).await {
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => return Ok(None),
            roles => roles?,
        };
        let role = roles.iter().find(|(name, _)| name.eq_ignore_ascii_case(CUSTOMERS_ROLE));
        let id = role.and_then(|(_, address)| address.rsplit('/').next());
        let Some(id) = id.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())) else {
            return Ok(None);
        };
        self.read(Call::read(&format!("{path}/{id}"))).await.map(Some)
    }
}

//! Jira's groups, which only Data Center has its customers in, and which of them make somebody staff.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::AccountId;
use crate::jsm::rest::{Call, Change, Client, Error};

/// The groups of an account.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Groups {
    /// Their names.
    pub names: BTreeSet<String>,
    /// Whether the account may work in Jira: it is somebody of the staff.
    pub is_staff: bool,
}

/// `GET /rest/api/2/user?expand=groups,applicationRoles`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expanded {
    #[serde(default)]
    groups: Items,
    #[serde(default)]
    application_roles: Items,
}

#[derive(Debug, Default, Deserialize)]
struct Items {
    #[serde(default)]
    items: Vec<Value>,
}

/// One of `GET /rest/api/2/applicationrole`.
#[derive(Debug, Deserialize)]
struct ApplicationRole {
    groups: Vec<String>,
}

impl Client {
    /// The groups of an account.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn groups_of(&self, account: &AccountId) -> Result<Groups, Error> {
        let path = self.platform("user").await?;
        let query =
            [("username", account.to_string()), ("expand", "groups,applicationRoles".to_owned())];
        let user: Expanded = self.read(Call::Read { path: &path, query: &query }).await?;
        let name = |item: &Value| Some(item.get("name")?.as_str()?.to_owned());
        let names = user.groups.items.iter().filter_map(name).collect();
        Ok(Groups { names, is_staff: !user.application_roles.items.is_empty() })
    }

    /// The groups that give an application role: their members count against the licence and may work
    /// in Jira. An answer of which any part cannot be read is an error, because a group that is left out
    /// would pass for a harmless one.
    ///
    /// # Errors
    /// When the service account may not read them, or there is no usable answer.
    pub async fn groups_with_application_roles(&self) -> Result<BTreeSet<String>, Error> {
        let path = self.platform("applicationrole").await?;
        let roles: Vec<ApplicationRole> = self.read(Call::read(&path)).await?;
        Ok(roles.into_iter().flat_map(|role| role.groups).collect())
    }

    /// Has an account join a group.
    ///
    /// # Errors
    /// When JSM refuses it or there is no usable answer.
    pub async fn join_group(&self, group: &str, account: &AccountId) -> Result<(), Error> {
        let group = utf8_percent_encode(group, NON_ALPHANUMERIC);
        let path = format!("{}?groupname={group}", self.platform("group/user").await?);
        let body = json!({ "name": account });
        self.change::<Value>(Change::Post, &path, &body).await.map(drop)
    }
}

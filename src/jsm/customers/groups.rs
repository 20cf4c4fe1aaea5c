//! Jira's groups, which only Data Center has its customers in, and which of them make somebody staff.

use std::collections::BTreeSet;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
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

/// The same call, of which both lists have to be there: who is asked about may be an administrator.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rights {
    groups: Listed,
    application_roles: Listed,
}

#[derive(Debug, Deserialize)]
struct Listed {
    size: usize,
    items: Vec<Named>,
}

#[derive(Debug, Deserialize)]
struct Named {
    name: String,
}

/// Jira's own groups of people who administer it. They need no application role for that.
const ADMINISTRATORS: [&str; 2] = ["jira-administrators", "jira-system-administrators"];

impl Rights {
    fn are_of_staff(&self, staff_groups: &[String]) -> bool {
        let administers = |group: &Named| {
            ADMINISTRATORS.contains(&group.name.as_str())
                || staff_groups.iter().any(|it| it.to_lowercase() == group.name.to_lowercase())
        };
        // Jira may leave out a part of a long list.
        let is_whole = self.groups.items.len() == self.groups.size;
        let works = self.application_roles.size > 0 || !self.application_roles.items.is_empty();
        works || !is_whole || self.groups.items.iter().any(administers)
    }
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
        let user: Expanded = self.expanded(account).await?;
        let name = |item: &Value| Some(item.get("name")?.as_str()?.to_owned());
        let names = user.groups.items.iter().filter_map(name).collect();
        Ok(Groups { names, is_staff: !user.application_roles.items.is_empty() })
    }

    /// Whether an account may work in Jira or administer it, or is in one of these groups. Only an answer that
    /// says so in full is taken for no.
    ///
    /// # Errors
    /// When the service account may not read it, or there is no usable answer.
    pub async fn is_staff(
        &self,
        account: &AccountId,
        staff_groups: &[String],
    ) -> Result<bool, Error> {
        Ok(self.expanded::<Rights>(account).await?.are_of_staff(staff_groups))
    }

    async fn expanded<T: DeserializeOwned>(&self, account: &AccountId) -> Result<T, Error> {
        let path = self.platform("user").await?;
        let query =
            [("username", account.to_string()), ("expand", "groups,applicationRoles".to_owned())];
        self.read(Call::Read { path: &path, query: &query }).await
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn list(names: &[&str]) -> Value {
        let items: Vec<_> = names.iter().map(|name| json!({ "name": name })).collect();
        json!({ "size": items.len(), "items": items })
    }

    #[rstest]
    #[case::customer(json!({ "groups": list(&["portal-customers"]), "applicationRoles": list(&[]) }), Some(false))]
    #[case::agent(json!({ "groups": list(&[]), "applicationRoles": list(&["JSM"]) }), Some(true))]
    #[case::administrator(json!({ "groups": list(&["jira-administrators"]), "applicationRoles": list(&[]) }), Some(true))]
    #[case::named_by_the_file(json!({ "groups": list(&["site-admins"]), "applicationRoles": list(&[]) }), Some(true))]
    #[case::a_part(json!({ "groups": { "size": 60, "items": [] }, "applicationRoles": list(&[]) }), Some(true))]
    #[case::roles_counted(json!({ "groups": list(&[]), "applicationRoles": { "size": 1, "items": [] } }), Some(true))]
    #[case::no_roles(json!({ "groups": list(&[]) }), None)]
    #[case::no_groups(json!({ "applicationRoles": list(&[]) }), None)]
    #[case::not_expanded(json!({ "groups": { "size": 0 }, "applicationRoles": { "size": 0 } }), None)]
    fn dc9_only_a_whole_answer_says_that_somebody_is_no_staff(
        #[case] answer: Value,
        #[case] staff: Option<bool>,
    ) {
        let rights: Option<Rights> = serde_json::from_value(answer).ok();
        let named = ["Site-Admins".to_owned()];
        assert_eq!(rights.map(|rights| rights.are_of_staff(&named)), staff);
    }
}

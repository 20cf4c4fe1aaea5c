//! What the service account may do, as far as it decides what the gate can do for customers.

use serde::Deserialize;
use std::collections::HashMap;

use super::desk::Desk;
use crate::jsm::rest::{Call, Client, Error};

/// Makes accounts ("Create customer": Jira Administrator).
const ADMINISTER: &str = "ADMINISTER";
/// Finds people by address ("Browse users and groups").
const USER_PICKER: &str = "USER_PICKER";
/// Adds customers to a desk ("Service desk administrator").
const ADMINISTER_PROJECTS: &str = "ADMINISTER_PROJECTS";
/// Shares requests with organisations ("Edit issues").
const EDIT_ISSUES: &str = "EDIT_ISSUES";
/// Raises requests for customers and reads what they may read.
const SERVICEDESK_AGENT: &str = "SERVICEDESK_AGENT";

/// Rights over all of Jira.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rights {
    /// "Administer Jira"
    pub administrator: bool,
    /// "Browse users and groups"
    pub browses_users: bool,
}

/// Rights at one desk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DeskRights {
    /// "Administer projects"
    pub administrator: bool,
    /// "Edit issues"
    pub edits_issues: bool,
    /// "Service desk agent"; `None` where JSM does not know such a permission.
    pub agent: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Answer {
    permissions: HashMap<String, Permission>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Permission {
    have_permission: bool,
}

impl Client {
    /// What the service account may do anywhere.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn rights(&self) -> Result<Rights, Error> {
        let has = self.my_permissions(&[ADMINISTER, USER_PICKER]).await?;
        let has = |key| has.get(key) == Some(&true);
        Ok(Rights { administrator: has(ADMINISTER), browses_users: has(USER_PICKER) })
    }

    /// What the service account may do at a desk.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn rights_at(&self, desk: Desk<'_>) -> Result<DeskRights, Error> {
        let administrator = self.has_at(desk, ADMINISTER_PROJECTS).await?;
        let edits_issues = self.has_at(desk, EDIT_ISSUES).await?;
        // Its key is not in Atlassian's documentation, and a key that is not known is refused.
        let agent = self.has_at(desk, SERVICEDESK_AGENT).await.ok();
        Ok(DeskRights { administrator, edits_issues, agent })
    }

    async fn has_at(&self, desk: Desk<'_>, key: &str) -> Result<bool, Error> {
        let path = self.platform("mypermissions").await?;
        let query = [("permissions", key.to_owned()), ("projectId", desk.project_id.to_owned())];
        let answer: Answer = self.read(Call::Read { path: &path, query: &query }).await?;
        Ok(answer.permissions.get(key).is_some_and(|permission| permission.have_permission))
    }
}

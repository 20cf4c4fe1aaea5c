//! JSON shapes of the JSM and Jira REST APIs, only the fields the gate reads. Ids are texts on
//! Cloud and in places numbers on Data Center; here they are always texts.

use serde::{Deserialize, Deserializer};

use crate::config::Deployment;
use crate::domain::PortalId;

/// `GET /rest/api/…/serverInfo`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerInfo {
    /// The base address Jira believes it has.
    #[serde(default)]
    pub base_url: String,
    /// `Cloud`, or `Server` for Data Center.
    pub deployment_type: String,
    /// Version of Jira.
    #[serde(default)]
    pub version: String,
}

impl ServerInfo {
    /// Which of the two products this is.
    #[must_use]
    pub fn deployment(&self) -> Deployment {
        match self.deployment_type.as_str() {
            "Cloud" => Deployment::Cloud,
            _ => Deployment::DataCenter,
        }
    }
}

/// `GET /rest/api/…/myself`
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Cloud's id of the account.
    pub account_id: Option<String>,
    /// Data Center's user name.
    pub name: Option<String>,
    /// Hidden by the profile's privacy settings on some sites.
    pub email_address: Option<String>,
    /// The name people see.
    #[serde(default)]
    pub display_name: String,
    /// The time zone by which JSM reads dates without one in this account's searches.
    pub time_zone: Option<String>,
}

impl Account {
    /// What to call the account: its address or user name, and the name people see.
    #[must_use]
    pub fn label(&self) -> String {
        let id = [&self.email_address, &self.name, &self.account_id].into_iter().flatten().next();
        match id {
            Some(id) if self.display_name.is_empty() => id.clone(),
            Some(id) => format!("{} ({id})", self.display_name),
            None => self.display_name.clone(),
        }
    }
}

/// `GET /rest/api/…/mypermissions`
#[derive(Debug, Deserialize)]
pub(super) struct Permissions {
    pub(super) permissions: std::collections::HashMap<String, Permission>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Permission {
    pub(super) have_permission: bool,
}

/// One of `GET /rest/servicedeskapi/servicedesk`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceDesk {
    /// JSM's id of the desk.
    #[serde(deserialize_with = "text_or_number")]
    pub id: String,
    /// Jira's id of the project.
    #[serde(deserialize_with = "text_or_number")]
    pub project_id: String,
    /// The project's name; empty when JSM does not tell it.
    #[serde(default, deserialize_with = "or_default")]
    pub project_name: String,
    /// The project's key.
    pub project_key: String,
    #[serde(default, rename = "_links", deserialize_with = "or_default")]
    pub(super) links: ServiceDeskLinks,
}

/// Data Center names the portal here; Cloud does not.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct ServiceDeskLinks {
    pub(super) portal: Option<String>,
}

/// One of `GET /rest/servicedeskapi/requesttype`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestType {
    #[serde(deserialize_with = "text_or_number")]
    pub(super) id: String,
    #[serde(deserialize_with = "text_or_number")]
    pub(super) service_desk_id: String,
    /// Not told by Data Center.
    #[serde(default, deserialize_with = "maybe_portal_id")]
    pub(super) portal_id: Option<PortalId>,
}

/// `GET /rest/servicedeskapi/portals/project/{key}`, Data Center only.
#[derive(Debug, Deserialize)]
pub(super) struct PortalRef {
    #[serde(deserialize_with = "maybe_portal_id")]
    pub(super) id: Option<PortalId>,
}

/// `GET /_edge/tenant_info`, Cloud only.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TenantInfo {
    pub(super) cloud_id: String,
}

/// A page of any list of the JSM API.
///
/// The entries are read one by one, so that an odd one does not hide the others.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page {
    #[serde(rename = "isLastPage")]
    pub(super) is_last: bool,
    /// What JSM made of the limit that was asked for.
    #[serde(default)]
    pub(super) limit: Option<usize>,
    pub(super) values: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(u64),
}

impl TextOrNumber {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

pub(in crate::jsm) fn text_or_number<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<String, D::Error> {
    TextOrNumber::deserialize(from).map(TextOrNumber::into_text)
}

pub(in crate::jsm) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// A number that cannot be a portal's id counts as missing.
fn maybe_portal_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PortalId>, D::Error> {
    let said = Option::<TextOrNumber>::deserialize(from)?;
    Ok(said.and_then(|said| PortalId::parse(&said.into_text()).ok()))
}

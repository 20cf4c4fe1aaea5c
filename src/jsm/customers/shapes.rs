//! An account as JSM tells it: the same for all calls that list people, but for what it is called.

use serde::Deserialize;
use serde_json::Value;

use crate::config::Deployment;
use crate::domain::{AccountId, Email};
use crate::jsm::rest::{Entry, or_default};

/// One account in JSM.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CustomerAccount {
    /// What JSM calls it.
    pub id: AccountId,
    /// Its address, unless JSM hides it.
    pub email: Option<Email>,
    /// The name people see; empty when JSM does not tell it.
    pub name: String,
    /// Whether it may be used at all.
    pub active: bool,
}

impl CustomerAccount {
    /// One that the service account may not look at.
    pub(super) fn taken_to_be_there(id: &AccountId) -> Self {
        Self { id: id.clone(), email: None, name: String::new(), active: true }
    }
}

/// A person as both of JSM's interfaces list them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    /// Cloud's id.
    account_id: Option<String>,
    /// Data Center's user name.
    name: Option<String>,
    /// Hidden by the profile's privacy settings, or by Data Center's "user email visibility".
    #[serde(default, deserialize_with = "or_default")]
    email_address: String,
    #[serde(default, deserialize_with = "or_default")]
    display_name: String,
    active: Option<bool>,
    /// Cloud's kinds: `atlassian`, `customer` (of portals only) and `app`.
    account_type: Option<String>,
}

impl User {
    /// The account, unless it has no name that the gate could use for it.
    pub(super) fn into_account(self, deployment: Deployment) -> Option<CustomerAccount> {
        let id = match deployment {
            Deployment::Cloud => {
                AccountId::parse(&self.account_id.filter(|id| is_cloud_id(id))?).ok()?
            }
            Deployment::DataCenter => AccountId::parse(&self.name?).ok()?,
        };
        Some(CustomerAccount {
            id,
            email: Email::parse(&self.email_address).ok(),
            name: self.display_name,
            active: self.active.unwrap_or(true),
        })
    }

    /// Whether it belongs to a program.
    pub(super) fn is_app(&self) -> bool {
        self.account_type.as_deref() == Some("app")
    }
}

impl Entry for User {
    const CALLED: &'static str = "customer";

    fn id(&self) -> String {
        self.account_id.clone().or_else(|| self.name.clone()).unwrap_or_default()
    }
}

/// The shape of Cloud's ids; whatever else stands there is not one.
fn is_cloud_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b':' || byte == b'-';
    text.len() <= 128 && text.bytes().all(plain)
}

/// The people in a list, without those that cannot be read.
pub(super) fn accounts(values: Vec<Value>, deployment: Deployment) -> Vec<CustomerAccount> {
    let users = values.into_iter().filter_map(|value| User::deserialize(value).ok());
    users.filter(|user| !user.is_app()).filter_map(|user| user.into_account(deployment)).collect()
}

//! The JSON of people, for both products.

use serde_json::{Map, Value, json};

use super::super::data::people::{Account, AccountKind, Organization, People};

/// What the JSON of one answer depends on besides what it is about.
#[derive(Clone)]
pub(in crate::jsm) struct View {
    pub(in crate::jsm) cloud: bool,
    pub(in crate::jsm) base_url: String,
}

impl View {
    pub(in crate::jsm) fn rest(&self, call: &str) -> String {
        format!("{}/rest/servicedeskapi/{call}", self.base_url)
    }

    /// An account as JSM's calls have it (`UserDTO`).
    pub(in crate::jsm) fn user(&self, people: &People, account: &Account) -> Value {
        let address = self.address(account);
        let mut value = self.person(people, account);
        let links = json!({"jiraRest": address, "avatarUrls": self.avatars(), "self": address});
        value.insert("_links".to_owned(), links);
        Value::Object(value)
    }

    /// An account as the platform's calls have it.
    pub(in crate::jsm) fn platform_user(&self, people: &People, account: &Account) -> Value {
        let mut value = self.person(people, account);
        value.insert("self".to_owned(), self.address(account).into());
        value.insert("avatarUrls".to_owned(), self.avatars());
        if self.cloud {
            let kind = match account.kind {
                AccountKind::Customer => "customer",
                AccountKind::Agent => "atlassian",
            };
            value.insert("accountType".to_owned(), kind.into());
        }
        Value::Object(value)
    }

    /// The account with this id; one that is gone has its id only.
    pub(in crate::jsm) fn user_by_id(&self, people: &People, id: &str) -> Value {
        let gone = Account { active: false, ..Account::customer(id, "").with_id(id) };
        self.user(people, people.account(id).unwrap_or(&gone))
    }

    /// The same, as the platform's calls have it.
    pub(in crate::jsm) fn platform_user_by_id(&self, people: &People, id: &str) -> Value {
        let gone = Account { active: false, ..Account::customer(id, "").with_id(id) };
        self.platform_user(people, people.account(id).unwrap_or(&gone))
    }

    pub(in crate::jsm) fn organization(&self, it: &Organization) -> Value {
        let own = self.rest(&format!("organization/{}", it.id));
        let mut value = json!({
            "id": it.id.to_string(),
            "name": it.name,
            "_links": {"self": own},
        });
        if let (true, Some(members)) = (self.cloud, value.as_object_mut()) {
            members.insert("created".to_owned(), it.created.value());
        }
        value
    }

    fn person(&self, people: &People, account: &Account) -> Map<String, Value> {
        let mut value = Map::new();
        if self.cloud {
            value.insert("accountId".to_owned(), account.id.as_str().into());
        } else {
            let key = format!("JIRAUSER{}", 10_100 + people.number(&account.id));
            value.insert("name".to_owned(), account.id.as_str().into());
            value.insert("key".to_owned(), key.into());
        }
        if !account.email_hidden {
            value.insert("emailAddress".to_owned(), account.email.as_str().into());
        }
        value.insert("displayName".to_owned(), account.display_name.as_str().into());
        value.insert("active".to_owned(), account.active.into());
        value.insert("timeZone".to_owned(), "Asia/Bangkok".into());
        value
    }

    fn address(&self, account: &Account) -> String {
        let (version, name) = if self.cloud { (3, "accountId") } else { (2, "username") };
        format!("{}/rest/api/{version}/user?{name}={}", self.base_url, account.id)
    }

    fn avatars(&self) -> Value {
        let sizes = ["48x48", "24x24", "16x16", "32x32"];
        let avatar = |size: &str| format!("{}/secure/useravatar?size={size}", self.base_url);
        sizes
            .iter()
            .map(|&size| (size.to_owned(), Value::from(avatar(size))))
            .collect::<Map<_, _>>()
            .into()
    }
}

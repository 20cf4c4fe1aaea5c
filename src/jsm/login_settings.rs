//! How Atlassian's Data Center products are logged in to: their identity providers and their forms, by
//! `/rest/authconfig/1.0`, which is for system administrators. The API is private to Atlassian and may change;
//! what is not known of it is left as it is. Must not know who is to be vouched for.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::rest::{Call, Change, Client, Error};

const SETTINGS: &str = "/rest/authconfig/1.0/sso";
const PROVIDERS: &str = "/rest/authconfig/1.0/idps";

/// The most identity providers that are read: more than anybody has.
const MOST: usize = 200;

/// The member for the text of a button, and how one of the products' own documentation spells it.
const BUTTON: [&str; 2] = ["button-text", "buttonText"];

/// The members of one of the API's objects.
pub type Members = Map<String, Value>;

/// The settings of a product.
pub struct LoginSettings {
    client: Client,
}

/// A part of the list of identity providers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    results: Vec<Members>,
    is_last_page: bool,
}

impl LoginSettings {
    /// Of the product that a client calls. Its token has to be a system administrator's.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The settings that are not of one identity provider.
    ///
    /// # Errors
    /// When the token may not read them, or there is no usable answer.
    pub async fn read(&self) -> Result<Members, Error> {
        self.client.read(Call::read(SETTINGS)).await
    }

    /// Changes some of them.
    ///
    /// # Errors
    /// When they are refused, or there is no usable answer.
    pub async fn change(&self, members: &Members) -> Result<Members, Error> {
        self.client.change(Change::Patch, SETTINGS, &json!(members)).await
    }

    /// The identity provider with this entity id.
    ///
    /// # Errors
    /// When the token may not read them, or there is no usable answer.
    pub async fn identity_provider(&self, entity_id: &str) -> Result<Option<Members>, Error> {
        let is_it =
            |one: &Members| one.get("sso-issuer").and_then(Value::as_str) == Some(entity_id);
        let mut start = 0;
        while start < MOST {
            let query = [("start", start.to_string()), ("limit", "50".to_owned())];
            let call = Call::Read { path: PROVIDERS, query: &query };
            let page: Page = self.client.read(call).await?;
            let (count, is_last) = (page.results.len(), page.is_last_page);
            if let Some(found) = page.results.into_iter().find(is_it) {
                return Ok(Some(found));
            }
            if is_last || count == 0 {
                return Ok(None);
            }
            start += count;
        }
        Ok(None)
    }

    /// Adds one.
    ///
    /// # Errors
    /// When it is refused, or there is no usable answer. It may have been added then.
    pub async fn add(&self, members: &Members) -> Result<Members, Error> {
        match self.client.change(Change::Post, PROVIDERS, &json!(members)).await {
            Err(Error::Refused { message, .. }) if names_button(&message) => {
                let other = with_other_spelling(members);
                self.client.change(Change::Post, PROVIDERS, &json!(other)).await
            }
            answer => answer,
        }
    }

    /// Changes some members of one.
    ///
    /// # Errors
    /// As for [`Self::add`].
    pub async fn change_one(&self, id: u64, members: &Members) -> Result<Members, Error> {
        let path = format!("{PROVIDERS}/{id}");
        self.client.change(Change::Patch, &path, &json!(members)).await
    }

    /// Removes one.
    ///
    /// # Errors
    /// When that is refused, or there is no usable answer.
    pub async fn remove(&self, id: u64) -> Result<(), Error> {
        let path = format!("{PROVIDERS}/{id}");
        self.client.change::<Value>(Change::Delete, &path, &Value::Null).await.map(drop)
    }
}

/// Whether a member is what the product was told. An object may have more members, and a certificate other
/// line ends.
#[must_use]
pub fn is_as_told(found: Option<&Value>, told: &Value) -> bool {
    match (found, told) {
        (Some(Value::Object(found)), Value::Object(told)) => {
            told.iter().all(|(name, value)| is_as_told(found.get(name), value))
        }
        (Some(Value::String(found)), Value::String(told)) => bare(found) == bare(told),
        (found, told) => found == Some(told),
    }
}

/// A certificate without its frame and lines; any other text without blanks.
fn bare(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("-----"));
    lines.flat_map(str::chars).filter(|char| !char.is_whitespace()).collect()
}

/// Whether a refusal is about the text of the button.
fn names_button(message: &str) -> bool {
    BUTTON.iter().any(|name| message.contains(name))
}

fn with_other_spelling(members: &Members) -> Members {
    let [usual, other] = BUTTON;
    let spelled = |(name, value): (&String, &Value)| {
        let name = if name == usual { other.to_owned() } else { name.clone() };
        (name, value.clone())
    };
    members.iter().map(spelled).collect()
}

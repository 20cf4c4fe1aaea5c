//! How JSM describes a field of a request type (`GET …/requesttype/{id}/field`). Read tolerantly: Data Center leaves out most of
//! what Cloud tells.

use serde::Deserialize;
use serde_json::Value;

use super::Choice;
use super::choice::{or_default, text};

/// One field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldDefinition {
    /// JSM's name of it.
    #[serde(deserialize_with = "text")]
    pub field_id: String,
    /// What customers read.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// Help for whoever fills it in.
    #[serde(deserialize_with = "text")]
    pub description: String,
    /// Whether JSM refuses a request without it.
    #[serde(deserialize_with = "or_default")]
    pub required: bool,
    /// `false` for what the portal hides. Data Center sends visible fields only, without this.
    pub visible: Option<bool>,
    /// Its type.
    #[serde(deserialize_with = "or_default")]
    pub jira_schema: JiraSchema,
    /// What may be chosen. Empty for many kinds.
    #[serde(deserialize_with = "or_default")]
    pub valid_values: Vec<Choice>,
    /// What it has until somebody changes it.
    #[serde(deserialize_with = "or_default")]
    pub default_values: Vec<Choice>,
    /// What JSM sets without asking.
    #[serde(deserialize_with = "or_default")]
    pub preset_values: Vec<Value>,
}

impl FieldDefinition {
    /// Reads what JSM says of a field. What is no description at all, is a field that cannot be shown
    /// and that JSM may insist on.
    #[must_use]
    pub fn read(told: &Value) -> Self {
        let read = told.is_object().then(|| Self::deserialize(told).ok()).flatten();
        read.unwrap_or_else(|| Self { required: true, ..Self::default() })
    }
}

/// The type of a field, as Jira tells it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct JiraSchema {
    /// Such as `string`, `option` or `array`.
    #[serde(rename = "type", deserialize_with = "text")]
    pub value_type: String,
    /// What an array has in it.
    #[serde(deserialize_with = "text")]
    pub items: String,
    /// The name of a field that every Jira has.
    #[serde(deserialize_with = "text")]
    pub system: String,
    /// The type of a field that an administrator or an app added.
    #[serde(deserialize_with = "text")]
    pub custom: String,
}

impl JiraSchema {
    /// What to call the type in a message to the administrator.
    #[must_use]
    pub fn label(&self) -> &str {
        let names = [&self.custom, &self.system, &self.value_type];
        names.into_iter().find(|name| !name.is_empty()).map_or("unknown", String::as_str)
    }
}

//! What a customer may choose in a field.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::FieldId;

/// One of the values that a field may have. JSM calls its id `value`; Jira's own calls, which call it
/// `id`, use `value` for the label.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default)]
pub struct Choice {
    /// What JSM knows it by.
    #[serde(rename = "value", deserialize_with = "text")]
    pub id: String,
    /// What customers read.
    #[serde(deserialize_with = "text")]
    pub label: String,
    /// What can be chosen below it, in a cascading field.
    #[serde(deserialize_with = "or_default")]
    pub children: Vec<Self>,
}

impl Choice {
    /// A choice without any below it.
    #[must_use]
    pub fn new(id: &str, label: &str) -> Self {
        Self { id: id.to_owned(), label: label.to_owned(), children: Vec::new() }
    }
}

/// The choices of a project's fields by `GET /rest/api/2/issue/createmeta/{project}/issuetypes/{id}`.
/// JSM Data Center tells no choices below others, Jira does.
#[must_use]
pub fn choices_of_createmeta(fields: &[Value]) -> HashMap<FieldId, Vec<Choice>> {
    let choices = |field: &Value| {
        let id = FieldId::parse(field.get("fieldId")?.as_str()?)?;
        Some((id, of_platform(field.get("allowedValues")?)))
    };
    fields.iter().filter_map(choices).collect()
}

fn of_platform(values: &Value) -> Vec<Choice> {
    let choice = |value: &Value| {
        let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let children = value.get("children").map(of_platform).unwrap_or_default();
        Some(Choice { id: text("id")?, label: text("value").or_else(|| text("name"))?, children })
    };
    values.as_array().into_iter().flatten().filter_map(choice).collect()
}

/// A text, which may be written as a number or be missing.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

/// `null` is as good as nothing.
pub(super) fn or_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(from).map(Option::unwrap_or_default)
}

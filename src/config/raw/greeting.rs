//! What an admin says at the top of a hosted portal, as the file spells it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::config::field::Field;

/// A text, or one for each language by its tag.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum TextByLanguage {
    One(String),
    ByLanguage(BTreeMap<String, String>),
}

impl JsonSchema for TextByLanguage {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "TextByLanguage".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "object"],
            "additionalProperties": { "type": "string" },
        })
    }
}

/// What customers should know for a while.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Announcement {
    /// What it says: a text, or one for each language.
    pub(in crate::config) text: Field<TextByLanguage>,
    /// From which day or time on, in the time zone of `[hosted]`.
    #[serde(default)]
    pub(in crate::config) from: Field<String>,
    /// Until which day, to its end, or until which time.
    #[serde(default)]
    pub(in crate::config) until: Field<String>,
}

//! `[forward.assertion]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::default;
use crate::config::field::Field;

/// A signed header that proves to JSM who the customer is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Assertion {
    /// Whom it is for: the audience that JSM's side expects, such as its base address.
    pub(in crate::config) audience: Field<String>,
    /// The header that carries it; a copy a browser sends is removed.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_HEADER))]
    pub(in crate::config) header: Field<String>,
    /// How long one is valid: one to five minutes.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_LIFETIME))]
    pub(in crate::config) lifetime: Field<String>,
    /// How long a key signs before the next one does; at least two days.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_ROTATE))]
    pub(in crate::config) rotate: Field<String>,
}

//! What hosted portals may show of a request that JSM's own portal does not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something of a request that is the team's to show or not.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ShownField {
    /// How urgent it is.
    Priority,
    /// Who of the team works on it, by name.
    Assignee,
    /// By when it is to be answered or done.
    Sla,
}

//! Whom customers may name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom a customer may name by email address, to take part in a request or in a field for people. JSM
/// writes mails to them (docs/security.md P13).
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Participants {
    /// Nobody.
    None,
    /// Members of their own organisations.
    #[default]
    Organization,
    /// Every customer of the desk.
    Known,
}

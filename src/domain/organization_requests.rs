//! What members of an organisation may do with each other's requests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a customer may do with a request that is shared with an organisation of theirs and that is
/// not theirs otherwise.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum OrganizationRequests {
    /// Nothing: it is not shown.
    #[default]
    None,
    /// Read it.
    Read,
    /// Read it and reply to it.
    Comment,
}

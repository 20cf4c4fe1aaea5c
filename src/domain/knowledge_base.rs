//! Whether hosted portals show articles of JSM's knowledge base.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What hosted portals show of the knowledge base. The service account's rights decide what is found, not
/// the customer's.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KnowledgeBase {
    /// Nothing.
    #[default]
    Off,
    /// What the service account finds: it has to see nothing that is not for every customer.
    Public,
}

//! `[hosted]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Texts;
use crate::config::default;
use crate::config::field::Field;
use crate::domain::{KnowledgeBase, Language, OrganizationRequests, Participants, ShownField};

/// The portals that the gate serves itself.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Hosted {
    /// The languages that all of the gate's own pages are offered in. The first is for everybody who asks for none of
    /// them.
    #[serde(default)]
    #[schemars(extend("default" = Language::ALL))]
    pub(in crate::config) languages: Field<Vec<Field<Language>>>,
    /// The time zone in which times are told, by its name in the IANA database.
    #[serde(default)]
    #[schemars(extend("default" = super::hosted::UTC))]
    pub(in crate::config) time_zone: Field<String>,
    /// What customers may do with the requests that are shared with their organisations.
    #[serde(default)]
    #[schemars(extend("default" = OrganizationRequests::None))]
    pub(in crate::config) organization_requests: Field<OrganizationRequests>,
    /// Bytes of a file that a customer attaches.
    #[serde(default)]
    #[schemars(extend("default" = default::HOSTED_FILE_BYTES))]
    pub(in crate::config) file_bytes: Field<String>,
    /// Files of one form.
    #[serde(default)]
    #[schemars(range(min = 1, max = 60), extend("default" = default::HOSTED_FILES))]
    pub(in crate::config) files: Field<u64>,
    /// Whether articles of the knowledge base are shown.
    #[serde(default)]
    #[schemars(extend("default" = KnowledgeBase::Off))]
    pub(in crate::config) knowledge_base: Field<KnowledgeBase>,
    /// Whether pages lead to JSM's own where the gate cannot act for somebody.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) native_links: Field<bool>,
    /// What is shown of a request that JSM's own portal does not show.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) show_fields: Field<Vec<Field<ShownField>>>,
    /// Groups of Jira's that customers may choose in fields for groups.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) groups: Texts,
    /// Whom customers may name by email address, as participants or in a field for people.
    #[serde(default)]
    #[schemars(extend("default" = Participants::Organization))]
    pub(in crate::config) participants: Field<Participants>,
}

/// The time zone when the file says nothing.
pub(in crate::config) const UTC: &str = "UTC";

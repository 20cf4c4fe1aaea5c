//! `[hosted]` as the rest of the gate sees it.

use jiff::tz::TimeZone;

use crate::domain::{KnowledgeBase, Language, OrganizationRequests, Participants, ShownField};

/// `[hosted]`: the portals that the gate serves itself.
#[derive(Clone, Debug)]
pub struct HostedConfig {
    /// In which the gate's own pages are offered, at least one; the first is for everybody who asks for none of
    /// them.
    pub languages: Vec<Language>,
    /// In which times are told to customers who have chosen none.
    pub time_zone: TimeZone,
    /// What customers may do with the requests that are shared with their organisations.
    pub organization_requests: OrganizationRequests,
    /// The most bytes of a file that a customer attaches.
    pub file_bytes: u64,
    /// The most files of one form.
    pub files: usize,
    /// Whether articles of the knowledge base are shown.
    pub knowledge_base: KnowledgeBase,
    /// Whether pages lead to JSM's own where the gate cannot act for somebody.
    pub native_links: bool,
    /// What is shown of a request that JSM's own portal does not show.
    pub show_fields: Vec<ShownField>,
    /// Groups of Jira's that they may choose in fields for groups.
    pub groups: Vec<String>,
    /// Whom they may name by email address.
    pub participants: Participants,
}

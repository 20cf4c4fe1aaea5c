//! `[hosted]` as the rest of the gate sees it.

use jiff::tz::TimeZone;

use crate::domain::OrganizationRequests;

/// `[hosted]`: the portals that the gate serves itself.
#[derive(Clone, Debug)]
pub struct HostedConfig {
    /// In which times are told.
    pub time_zone: TimeZone,
    /// What customers may do with the requests that are shared with their organisations.
    pub organization_requests: OrganizationRequests,
    /// The most bytes of a file that a customer attaches.
    pub file_bytes: u64,
    /// The most files of one form.
    pub files: usize,
}

//! `[emergency]` as the rest of the gate sees it.

use ipnet::IpNet;

use crate::domain::People;

/// `[emergency]`: what emergency access is bound to.
#[derive(Clone, Debug)]
pub struct EmergencyConfig {
    /// The longest time somebody may be let in for.
    pub max_minutes: u64,
    /// From where a link may be opened.
    pub networks: Vec<IpNet>,
    /// Who may be let in, by address.
    pub allow: People,
}

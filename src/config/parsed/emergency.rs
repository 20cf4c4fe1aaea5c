//! `[emergency]` as the rest of the gate sees it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::domain::{Email, People};

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

impl EmergencyConfig {
    /// Whether somebody may be let in.
    #[must_use]
    pub fn allows(&self, email: &Email) -> bool {
        self.allow.emails.contains(email) || self.allow.has_domain_of(email)
    }

    /// Whether a link may be opened from an address.
    #[must_use]
    pub fn admits(&self, client: Option<IpAddr>) -> bool {
        let within = |client| self.networks.iter().any(|network| network.contains(&client));
        client.is_some_and(within)
    }
}

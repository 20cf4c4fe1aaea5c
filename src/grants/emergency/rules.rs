//! What `[emergency]` allows: which people, and from which addresses. Must not know links or
//! sessions.

use std::net::IpAddr;

use super::links::EmergencyAccess;
use crate::config::EmergencyConfig;
use crate::domain::{Email, Identity};

/// Whether a person may be let in.
#[must_use]
pub fn may_be_let_in(config: &EmergencyConfig, email: &Email) -> bool {
    config.allow.emails.contains(email) || config.allow.has_domain_of(email)
}

/// Whether a link may still be opened. A reload may have changed the rules since it was made.
#[must_use]
pub fn is_granted(config: &EmergencyConfig, access: &EmergencyAccess) -> bool {
    may_be_let_in(config, &access.email) && access.minutes <= config.max_minutes
}

/// Whether a link may be opened from an address.
#[must_use]
pub fn may_open_from(config: &EmergencyConfig, client: Option<IpAddr>) -> bool {
    let within = |client| config.networks.iter().any(|network| network.contains(&client));
    client.is_some_and(within)
}

/// Whether a session that began by a link may go on: only while the rules still let that person in.
#[must_use]
pub fn keeps(config: Option<&EmergencyConfig>, identity: &Identity) -> bool {
    let granted = config.zip(identity.email.known());
    granted.is_some_and(|(config, email)| may_be_let_in(config, email))
}

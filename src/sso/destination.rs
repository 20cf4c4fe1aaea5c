//! Where a login leads that was begun for a service provider, for whoever begins and ends logins. Must not know
//! how somebody logs in.

use std::sync::Arc;

use super::ServiceProvider;
use super::waiting::Waiting;
use crate::access::{self, Decision};
use crate::domain::{AccessRules, Identity};
use crate::session::Session;

/// A service provider and what it asks of the login.
#[derive(Clone, Debug)]
pub struct Destination {
    service_provider: Arc<ServiceProvider>,
    waiting: Waiting,
    rules: AccessRules,
}

impl Destination {
    pub(super) fn new(service_provider: Arc<ServiceProvider>, waiting: Waiting) -> Self {
        let rules = waiting.rules(&service_provider);
        Self { service_provider, waiting, rules }
    }

    /// The service provider.
    #[must_use]
    pub fn service_provider(&self) -> &ServiceProvider {
        &self.service_provider
    }

    /// The rules for whoever wants to log in there.
    #[must_use]
    pub fn rules(&self) -> &AccessRules {
        &self.rules
    }

    /// Whether the person of a session may log in there, at `now` (Unix seconds).
    #[must_use]
    pub fn decide(&self, session: &Session, now: u64) -> Decision {
        self.waiting.decide(&self.service_provider, Some(session), now)
    }

    /// Whether somebody who has just logged in may log in there, at `now` (Unix seconds).
    #[must_use]
    pub fn decide_about(&self, identity: &Identity, now: u64) -> Decision {
        access::decide(&self.rules, Some(identity), now)
    }
}

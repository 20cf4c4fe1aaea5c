//! Where a login leads, as far as that decides about the login: into a portal, or to a service provider. Must
//! not know how either is served.

use std::sync::Arc;

use super::LoginState;
use crate::access::{self, Decision};
use crate::audit::{Event, Kind};
use crate::auth::ReturnTo;
use crate::domain::{AccessRules, Identity, Portal};
use crate::jsm::paths::Route;
use crate::session::Session;
use crate::sso;

/// Something that not everybody may use.
pub(super) enum Destination {
    Portal(Arc<Portal>),
    ServiceProvider(Box<sso::Destination>),
}

impl LoginState {
    /// Where an address leads, with JSM's context path or without; `None` for what everybody may use who is
    /// logged in.
    pub(super) fn destination(&self, return_to: &ReturnTo) -> Option<Destination> {
        let target = return_to.target()?;
        if let Some(destination) = self.sso.destination(&target) {
            return Some(Destination::ServiceProvider(Box::new(destination)));
        }
        let target = target.below(&self.context_path);
        Route::of(&target).portal(&self.portals.load()).cloned().map(Destination::Portal)
    }
}

impl Destination {
    /// What customers know it as.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Portal(portal) => &portal.name,
            Self::ServiceProvider(to) => to.service_provider().name(),
        }
    }

    /// The rules for whoever wants to get there.
    pub(super) fn rules(&self) -> &AccessRules {
        match self {
            Self::Portal(portal) => &portal.rules,
            Self::ServiceProvider(to) => to.rules(),
        }
    }

    /// Whether the person of a session may get there, at `now` (Unix seconds).
    pub(super) fn decide(&self, session: &Session, now: u64) -> Decision {
        match self {
            Self::Portal(_) => self.decide_about(&session.identity, now),
            Self::ServiceProvider(to) => to.decide(session, now),
        }
    }

    /// Whether somebody who has just logged in may get there, at `now` (Unix seconds).
    pub(super) fn decide_about(&self, identity: &Identity, now: u64) -> Decision {
        match self {
            Self::Portal(portal) => access::decide_portal(portal, Some(identity), now),
            Self::ServiceProvider(to) => to.decide_about(identity, now),
        }
    }

    /// The event of somebody who may not get there.
    pub(super) fn refused(&self, event: impl Fn(Kind) -> Event, decision: Decision) -> Event {
        match self {
            Self::Portal(portal) => event(Kind::PortalRefused).of_portal(portal, decision),
            Self::ServiceProvider(to) => {
                let event = event(Kind::AssertionRefused).decided(decision);
                event.of_service_provider(to.service_provider().id())
            }
        }
    }
}

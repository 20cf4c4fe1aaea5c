//! The sessions of one configuration, with what happens when one ends or cannot be refreshed. Must not know
//! how sessions are kept.

use std::sync::Arc;

use super::persistent::Persistent;
use crate::audit::{Audit, Event, Kind};
use crate::auth::Authenticator;
use crate::config::{Config, SessionConfig};
use crate::domain::Proof;
use crate::grants::emergency;
use crate::session::{GrantCheck, OnEnd, OnFailure, SessionLimits, Sessions};

pub(super) fn sessions(
    config: &Config,
    persistent: &Persistent,
    providers: &Arc<Authenticator>,
) -> Sessions {
    let (store, clock) = (Arc::clone(&persistent.store), persistent.clock.clone());
    Sessions::new(store, clock, &config.gate.public_url, session_limits(config))
        .with_end_listener(session_ended(&persistent.audit))
        .with_grant_check(grants(config))
        .with_refresher(
            Arc::clone(providers) as _,
            refresh_failed(&persistent.audit),
            Arc::clone(&persistent.refresh_tasks),
        )
}

/// A session needs somebody in the configuration who vouches for it: its provider, or emergency access.
fn grants(config: &Config) -> GrantCheck {
    let emergency = config.emergency.clone();
    let providers: Vec<_> = config.providers.iter().map(|provider| provider.id.clone()).collect();
    Arc::new(move |identity| match identity.proof {
        Proof::Login { .. } => providers.contains(&identity.provider),
        Proof::Emergency { .. } => emergency::keeps(emergency.as_ref(), identity),
    })
}

fn session_limits(config: &Config) -> SessionLimits {
    let SessionConfig { idle, absolute, per_customer, .. } = config.session;
    SessionLimits { idle, absolute, per_customer }
}

fn session_ended(audit: &Audit) -> OnEnd {
    let audit = audit.clone();
    Arc::new(move |identity, ended| {
        audit.note(Event::new(Kind::SessionEnded).about(identity).because(ended));
    })
}

fn refresh_failed(audit: &Audit) -> OnFailure {
    let audit = audit.clone();
    Arc::new(move |identity, reason| {
        audit.note(Event::new(Kind::RefreshFailed).about(identity).because(reason));
    })
}

//! Which sessions a provider wants ended, and what a list tells of one session. Must not know stores.

use std::fmt;

use super::{Session, SessionKey};
use crate::domain::{Identity, ProviderId};

/// Which sessions a provider wants ended (OpenID Connect Back-Channel Logout 1.0 section 2.4). It means all
/// that match: a person may have logged in with several browsers.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SessionSelector {
    /// All sessions of one person at a provider (`sub`).
    Subject(ProviderId, String),
    /// All sessions that began from one session at the provider (`sid`).
    AtProvider(ProviderId, String),
}

impl fmt::Debug for SessionSelector {
    /// A `sid` is a secret between the provider and its customer, so it is not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subject(provider, subject) => write!(f, "Subject({provider}, {subject})"),
            Self::AtProvider(provider, _) => write!(f, "AtProvider({provider}, ***)"),
        }
    }
}

/// What is known of a session without its cookie.
#[derive(Clone, Debug)]
pub struct SessionEntry {
    /// Where it is stored.
    pub key: SessionKey,
    /// Who logged in, without groups and attributes, from which rights derive.
    pub identity: Identity,
    /// Unix seconds of the login.
    pub created: u64,
    /// Unix seconds of the latest request; up to a minute behind.
    pub last_used: u64,
}

impl SessionEntry {
    /// What is known of this session without its cookie.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            key: *session.key(),
            identity: session.identity.without_rights(),
            created: session.created,
            last_used: session.last_used(),
        }
    }
}

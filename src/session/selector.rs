//! Whose sessions are meant when several are ended at once, and what a list says of one.

use std::fmt;

use super::{Session, SessionKey};
use crate::domain::{Identity, ProviderId};

/// Several sessions, as a provider names them when it wants them ended (OpenID Connect Back-Channel
/// Logout 1.0 section 2.4). Always all of them: somebody may have logged in with several browsers.
#[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SessionSelector {
    /// Everything of one person at a provider (`sub`).
    Subject(ProviderId, String),
    /// What came of one session at a provider (`sid`).
    AtProvider(ProviderId, String),
}

impl fmt::Debug for SessionSelector {
    /// A `sid` is nobody's business.
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
    /// Who logged in, without what their rights derive from: no groups, no attributes.
    pub identity: Identity,
    /// Unix seconds of the login.
    pub created: u64,
    /// Unix seconds of the latest request; up to a minute behind.
    pub last_used: u64,
}

impl SessionEntry {
    /// What a list says of a session.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            key: *session.key(),
            identity: session.identity.without_rights(),
            created: session.created,
            last_used: session.last_used(),
        }
    }
}

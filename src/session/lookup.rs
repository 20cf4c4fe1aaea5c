//! What the session cookie of a request leads to. Must not know how it is looked up.

use std::sync::Arc;

use super::Session;

/// What a request's cookie opens.
#[derive(Clone, Debug)]
pub enum SessionLookup {
    /// A live session.
    Live(Arc<Session>),
    /// The request has no session cookie.
    NoCookie,
    /// The cookie opens no live session: it has expired or ended, or was made up.
    Invalid,
    /// There is a cookie, and the store does not answer, so nothing is known.
    StoreDown,
}

impl SessionLookup {
    /// The live session, if that is what was found.
    #[must_use]
    pub fn session(&self) -> Option<&Arc<Session>> {
        match self {
            Self::Live(session) => Some(session),
            Self::NoCookie | Self::Invalid | Self::StoreDown => None,
        }
    }
}

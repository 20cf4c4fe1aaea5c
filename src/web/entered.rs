//! A hosted portal that a customer has entered. Must not know what the portal shows them.

use std::sync::Arc;

use crate::domain::Portal;
use crate::session::Session;

/// The proof that the access rules let a customer into a hosted portal. The request path makes it, for
/// this one request, and hands it to the page as an extension. A page below `/p/` without it has
/// nothing to show.
#[derive(Clone, Debug)]
pub struct Entered {
    portal: Arc<Portal>,
    session: Arc<Session>,
}

impl Entered {
    /// Only after [`crate::access::decide`] allowed it.
    pub(crate) fn new(portal: Arc<Portal>, session: Arc<Session>) -> Self {
        Self { portal, session }
    }

    /// The portal.
    #[must_use]
    pub fn portal(&self) -> &Arc<Portal> {
        &self.portal
    }

    /// The customer's login.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }
}

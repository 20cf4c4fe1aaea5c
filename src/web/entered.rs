//! Whether a customer has entered a hosted portal. Must not know what the portal shows them.

use std::sync::Arc;

use http::Extensions;

use crate::domain::Portal;
use crate::problem::Problem;
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

/// Why the sender of a form was not let into a hosted portal. It proves nothing of them. The page gets it
/// in place of [`Entered`], so that what was typed is not lost (`PagePolicy::keeps_text`).
#[derive(Clone, Debug)]
pub struct NotEntered(Arc<Problem>);

impl NotEntered {
    /// Only where the page's policy asks for it.
    pub(crate) fn new(problem: Problem) -> Self {
        Self(Arc::new(problem))
    }

    /// What they would have been told.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0
    }
}

/// How a request comes to a page.
#[derive(Clone, Debug)]
pub(crate) enum Arrival {
    /// Into a portal.
    Entered(Entered),
    /// As a form for a portal that does not let its sender in.
    NotEntered(NotEntered),
    /// To a page of no portal.
    OfNoPortal,
}

impl Arrival {
    /// Hands it to the page.
    pub(crate) fn hand_to(self, page: &mut Extensions) {
        match self {
            Self::Entered(entered) => drop(page.insert(entered)),
            Self::NotEntered(not_entered) => drop(page.insert(not_entered)),
            Self::OfNoPortal => {}
        }
    }
}

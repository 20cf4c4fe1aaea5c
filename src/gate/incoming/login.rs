//! Who is sent to the login here, and who is told that one is needed. It must not know how somebody logs in.

use super::{Admission, Incoming};
use crate::domain::Portal;
use crate::problem::Problem;
use crate::session::SessionLookup;
use crate::web::navigation;

impl Incoming<'_> {
    /// Redirects a browser that navigates to the login; anything else gets a 401 (the four-signal
    /// rule). While it is unknown whether somebody is logged in, they are not sent in circles
    /// (docs/security.md C2).
    pub(super) fn login(&self) -> Result<Admission, Problem> {
        self.login_for(self.target.asked())
    }

    /// The same, to come back to another address.
    pub(super) fn login_for(&self, return_to: &str) -> Result<Admission, Problem> {
        if matches!(self.found, SessionLookup::StoreDown) {
            Err(Problem::SessionsUnavailable)
        } else {
            self.to_login(return_to).ok_or(Problem::LoginNeeded)
        }
    }

    /// The same for a portal that wants another login than the present one.
    pub(super) fn step_up(&self, portal: &Portal) -> Result<Admission, Problem> {
        let needed = || Problem::StepUpNeeded { portal: portal.name.clone() };
        self.to_login(self.target.asked()).ok_or_else(needed)
    }

    fn to_login(&self, return_to: &str) -> Option<Admission> {
        self.is_navigation()
            .then(|| self.context.app.pages.login_redirect(return_to))
            .map(Admission::Reply)
    }

    pub(super) fn is_navigation(&self) -> bool {
        navigation::wants_redirect(&self.request.method, &self.request.headers)
    }
}

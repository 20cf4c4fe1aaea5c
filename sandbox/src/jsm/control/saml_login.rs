//! Jira's own login: who may vouch for people, what its clock says, what it wrote into its log.

use std::time::Duration;

use super::super::{IdentityProvider, Jsm};

impl Jsm {
    /// Adds an identity provider, as an administrator does by the REST API.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub fn add_identity_provider(&self, added: IdentityProvider) -> Result<(), String> {
        self.shared.change(|state| state.saml.add(added)).map(drop)
    }

    /// Shows Jira's form for passwords on the portal's login page, or not; shown at start.
    pub fn show_login_form_for_customers(&self, show: bool) {
        self.shared.change(|state| state.saml.show_form_for_customers(show));
    }

    /// Shows the form to whoever asks for it with `auth_fallback`, or not as at start.
    pub fn allow_login_fallback(&self, allow: bool) {
        self.shared.change(|state| state.saml.allow_fallback(allow));
    }

    /// What Jira wrote about logins that failed.
    #[must_use]
    pub fn login_log(&self) -> Vec<String> {
        self.shared.change(|state| state.saml.log.clone())
    }

    /// Sets the clock by which Jira judges logins ahead.
    pub fn let_pass(&self, duration: Duration) {
        self.shared.change(|state| state.saml.ahead += duration);
    }

    /// Ends all sessions, as a restart does.
    pub fn forget_sessions(&self) {
        self.shared.change(|state| state.saml.forget_sessions());
    }

    /// Lets everybody see the portal of the desk with this project key without a login.
    pub fn open_to_anonymous(&self, key: &str) {
        let desk = self.shared.desks().into_iter().find(|desk| desk.key == key);
        self.shared.change(|state| state.saml.anonymous.extend(desk.map(|desk| desk.portal_id)));
    }

    /// Has Tomcat believe that it was asked by this scheme, as with a connector that is set up wrongly.
    pub fn believe_scheme(&self, scheme: &str) {
        self.shared.change(|state| state.saml.scheme = Some(scheme.to_owned()));
    }
}

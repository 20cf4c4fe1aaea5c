//! What the pages of login and logout work with. Must not know which page needs what.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::HeaderValue;

use crate::audit::Audit;
use crate::auth::{Authenticator, ReturnTo};
use crate::config::EmergencyConfig;
use crate::domain::{ContextPath, Portal, PortalsNow, ProviderId};
use crate::grants::{EmergencyLinks, TestLogins};
use crate::jsm::paths::Route;
use crate::problem::Problem;
use crate::session::Sessions;
use crate::telemetry::{Metrics, Strangers};
use crate::web::{Caller, Pages, Throttle};

/// What the pages work with.
#[derive(Clone)]
pub struct LoginState {
    /// Renders pages.
    pub pages: Arc<Pages>,
    /// Speaks with providers.
    pub authenticator: Arc<Authenticator>,
    /// Limits how many logins an address may begin.
    pub throttle: Arc<Throttle>,
    /// Begins and ends sessions.
    pub sessions: Arc<Sessions>,
    /// Removes Jira's own login from a browser, when the gate's session begins or ends.
    pub clear_jira_cookies: Arc<[HeaderValue]>,
    /// The portals.
    pub portals: PortalsNow,
    /// The path that JSM's own addresses begin with.
    pub context_path: ContextPath,
    /// Counts logins.
    pub metrics: Arc<Metrics>,
    /// Test logins, by one-time links that begin no session.
    pub tests: Arc<TestLogins>,
    /// Emergency access, by links that let a person in without a provider.
    pub emergency: Arc<EmergencyLinks>,
    /// What those links are bound to; `None` while there may be none.
    pub emergency_config: Option<Arc<EmergencyConfig>>,
    /// Records logins and logouts.
    pub audit: Audit,
    /// Decides which log lines about strangers are written.
    pub strangers: Arc<Strangers>,
}

impl LoginState {
    /// The page of a problem.
    pub(super) fn problem(&self, problem: &Problem, caller: &Caller) -> Response<Body> {
        self.pages.tell(problem, caller)
    }

    /// The portal that an address leads into, with JSM's context path or without.
    pub(super) fn portal_of(&self, return_to: &ReturnTo) -> Option<Arc<Portal>> {
        let target = return_to.target()?.below(&self.context_path);
        Route::of(&target).portal(&self.portals.load()).cloned()
    }

    /// The provider that a text names, if it exists.
    pub(super) fn known_provider(&self, text: &str) -> Option<ProviderId> {
        let id = ProviderId::parse(text).ok()?;
        self.authenticator.provider(&id).map(|provider| provider.id().clone())
    }
}

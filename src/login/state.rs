//! What the pages of login and logout work with. Must not know which page needs what.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;

use crate::audit::Audit;
use crate::auth::{Authenticator, Ending};
use crate::config::EmergencyConfig;
use crate::domain::{ContextPath, PortalsNow, ProviderId};
use crate::grants::{EmergencyLinks, TestLogins};
use crate::problem::Problem;
use crate::session::Sessions;
use crate::sso::SsoState;
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
    /// Ends them at their providers as well.
    pub ending: Arc<Ending>,
    /// The portals.
    pub portals: PortalsNow,
    /// The path that JSM's own addresses begin with.
    pub context_path: ContextPath,
    /// Vouches for people to service providers.
    pub sso: Arc<SsoState>,
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

    /// The provider that a text names, if it exists.
    pub(super) fn known_provider(&self, text: &str) -> Option<ProviderId> {
        let id = ProviderId::parse(text).ok()?;
        self.authenticator.provider(&id).map(|provider| provider.id().clone())
    }
}

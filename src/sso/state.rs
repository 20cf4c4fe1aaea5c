//! What the pages of single sign-on work with. Must not know which page needs what.

use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, Method};

use super::{Destination, Exchange, ServiceProvider, ServiceProviders, Signing, Trace};
use crate::audit::Audit;
use crate::auth::{Authenticator, Ending};
use crate::customers::Customers;
use crate::domain::ServiceProviderId;
use crate::jira_login::JiraLogin;
use crate::problem::Problem;
use crate::reading::Target;
use crate::session::{Sealer, Sessions};
use crate::telemetry::{Metrics, Strangers};
use crate::web::{Caller, Pages, Throttle, navigation};

/// What the pages work with.
pub struct SsoState {
    /// Renders pages.
    pub pages: Arc<Pages>,
    /// To whom the gate vouches.
    pub service_providers: Arc<ServiceProviders>,
    /// Tells the time by which sessions end.
    pub sessions: Arc<Sessions>,
    /// Knows the providers.
    pub authenticator: Arc<Authenticator>,
    /// Ends sessions, at their providers as well.
    pub ending: Arc<Ending>,
    /// Says who people are in Jira.
    pub customers: Arc<Customers>,
    /// Jira's own login, where it is the gate's.
    pub jira_login: Option<Arc<JiraLogin>>,
    /// Seals requests that wait.
    pub sealer: Arc<Sealer>,
    /// Limits how many answers a session may ask for, and a stranger's address.
    pub throttle: Arc<Throttle>,
    /// Signs answers.
    pub signing: Arc<Signing>,
    /// Remembers what was answered lately, and what was not.
    pub trace: Arc<Trace>,
    /// Counts answers.
    pub metrics: Arc<Metrics>,
    /// Records answers.
    pub audit: Audit,
    /// Decides which log lines about strangers are written.
    pub strangers: Arc<Strangers>,
}

impl SsoState {
    /// The page of a problem.
    pub(super) fn problem(&self, problem: &Problem, caller: &Caller) -> Response {
        self.pages.tell(problem, caller)
    }

    /// The service provider that an address names, or the page that says that there is none.
    pub(super) fn service_provider(
        &self,
        id: &str,
        caller: &Caller,
    ) -> Result<Arc<ServiceProvider>, Box<Response>> {
        let id = ServiceProviderId::parse(id).ok();
        let found = id.and_then(|id| self.service_providers.get(&id).cloned());
        found.ok_or_else(|| Box::new(self.problem(&Problem::ServiceProviderUnknown, caller)))
    }

    /// The service provider whose address a person opens, or the page that says why nothing comes of it.
    pub(super) fn opened(
        &self,
        id: &str,
        caller: &Caller,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Arc<ServiceProvider>, Box<Response>> {
        let service_provider = self.service_provider(id, caller)?;
        if navigation::may_be_looked_at(method, headers) {
            Ok(service_provider)
        } else {
            Err(Box::new(self.problem(&Problem::LoginNeeded, caller)))
        }
    }

    /// To whom an address on the gate leads, if it is one of a request that waits.
    pub(crate) fn destination(&self, target: &Target) -> Option<Destination> {
        self.service_providers.destination(target, &self.sealer, self.now())
    }

    /// Remembers an exchange with a service provider.
    pub(super) fn remember(&self, caller: &Caller, with: &ServiceProvider, exchange: Exchange) {
        let (at, request) = (self.now(), caller.request_id.to_string());
        self.trace.note(with.id(), Exchange { at, request, ..exchange });
    }

    /// The present time, in Unix seconds.
    pub(super) fn now(&self) -> u64 {
        self.sessions.now()
    }
}

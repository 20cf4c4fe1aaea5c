//! What one configuration needs to serve. A reload replaces all of it. Must not know what persists.

use std::sync::Arc;

use crate::auth::Authenticator;
use crate::config::Config;
use crate::customers::Customers;
use crate::jira_login::JiraLogin;
use crate::keys::{Keyring, SamlKeyrings};
use crate::portal::gatekeeper::Gatekeeper;
use crate::portal::people::People;
use crate::session::Sessions;

/// The parts that a reload replaces.
pub(super) struct Current {
    pub(super) config: Arc<Config>,
    pub(super) authenticator: Arc<Authenticator>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) keyring: Option<Arc<Keyring>>,
    pub(super) saml_keyrings: Arc<SamlKeyrings>,
    pub(super) customers: Arc<Customers>,
    /// Jira's own login, where the gate logs customers in by it.
    pub(super) jira_login: Option<Arc<JiraLogin>>,
    pub(super) gatekeeper: Arc<Gatekeeper>,
    pub(super) people: Arc<People>,
}

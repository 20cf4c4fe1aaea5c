//! The gate as configured: everything that a request needs, compiled once and replaced as a whole.
//! It must not know single requests.

use std::sync::Arc;

use super::identity::IdentityHeaders;
use super::nodes::NodeState;
use super::upstream::{NoHost, Upstream};
use super::whole_body::Room;
use crate::assertion::Signer;
use crate::audit::Audit;
use crate::config::Config;
use crate::domain::PortalsNow;
use crate::jira_login::JiraLogin;
use crate::jsm::paths::PathPolicy;
use crate::session::Sessions;
use crate::telemetry::Strangers;
use crate::web::{Pages, Site};

/// What an [`App`] is made of.
pub struct AppParts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The portals.
    pub portals: PortalsNow,
    /// Finds the login session.
    pub sessions: Arc<Sessions>,
    /// Renders errors and redirects.
    pub pages: Arc<Pages>,
    /// The gate's own pages.
    pub site: Site,
    /// Signs the assertion, if one is configured.
    pub signer: Option<Signer>,
    /// Takes the events of portals that were opened or refused.
    pub audit: Audit,
    /// Decides which log lines about strangers are written.
    pub strangers: Arc<Strangers>,
    /// Jira's own login, if customers log in to Jira by it.
    pub jira_login: Option<Arc<JiraLogin>>,
}

/// One configuration, ready to serve. Immutable: a request sees the same one from start to end.
pub struct App {
    pub(super) config: Arc<Config>,
    pub(super) portals: PortalsNow,
    pub(super) sessions: Arc<Sessions>,
    pub(super) pages: Arc<Pages>,
    pub(super) site: Site,
    pub(super) identity: Arc<IdentityHeaders>,
    pub(super) audit: Audit,
    pub(super) strangers: Arc<Strangers>,
    pub(super) upstream: Upstream,
    pub(super) policy: PathPolicy,
    pub(super) jira_login: Option<Arc<JiraLogin>>,
    /// For the bodies of data calls.
    pub(super) room: Room,
}

impl App {
    /// Compiles the parts.
    ///
    /// # Errors
    /// When the upstream has no name that its certificate could be checked against.
    pub fn new(parts: AppParts) -> Result<Self, NoHost> {
        let AppParts { config, portals, sessions, pages, site, .. } = parts;
        let AppParts { audit, strangers, signer, jira_login, .. } = parts;
        let identity = Arc::new(IdentityHeaders::new(&config, signer));
        let upstream = Upstream::new(&config)?;
        let policy = PathPolicy::new(&config);
        let room = Room::new(config.limits.data_call_bytes);
        Ok(Self {
            config,
            portals,
            sessions,
            pages,
            site,
            identity,
            audit,
            strangers,
            upstream,
            policy,
            jira_login,
            room,
        })
    }

    /// Takes over what `before` has found out about the upstream, and looks up the rest once.
    pub async fn succeed(&mut self, before: &Self) {
        self.upstream.nodes.inherit(&before.upstream.nodes);
        self.upstream.nodes.look_up_missing().await;
    }

    /// Whether the upstream's name has been found.
    #[must_use]
    pub fn is_resolved(&self) -> bool {
        self.upstream.nodes.are_resolved()
    }

    /// The paths of the gate's own pages, as the router spells them.
    #[must_use]
    pub fn page_paths(&self) -> Vec<&'static str> {
        self.site.paths().to_vec()
    }

    /// How the upstream's nodes are.
    #[must_use]
    pub fn nodes(&self) -> Vec<NodeState> {
        self.upstream.nodes.states()
    }

    /// Keeps fresh what is known of the upstream, for ever.
    pub async fn keep_fresh(&self) {
        self.upstream.keep_fresh(&self.config.forward).await;
    }
}

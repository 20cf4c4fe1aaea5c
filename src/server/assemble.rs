//! The assembly of a running gate: what persists, what a configuration made, and what the rest of
//! `server` asks of both. Must not know what a request means.

mod app;
mod background;
mod build;
mod current;
mod persistent;
mod sessions;
mod site;
mod take_over;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinSet;

use app::assemble;
use build::{proxy, saml_keyrings, server_conf};
use current::Current;
use persistent::Persistent;

use super::accept::Acceptor;
use super::reload::Reloads;
use super::tls::Certificates;
use super::{StartError, workers};
use crate::audit::{Audit, AuditError};
use crate::auth::Authenticator;
use crate::config::Config;
use crate::customers::Customers;
use crate::domain::Clock;
use crate::gate::{App, Gate, NodeState};
use crate::grants::{EmergencyLinks, TestLogins};
use crate::jsm::{Client, Directory};
use crate::keys::SamlKeyrings;
use crate::session::{SessionStore, Sessions};
use crate::sso::Trace;
use crate::telemetry::Metrics;

/// How often the requests under way are counted while the gate drains.
const DRAIN_POLL: Duration = Duration::from_millis(20);

/// All that runs.
pub struct Assembly {
    current: ArcSwap<Current>,
    app: Arc<ArcSwap<App>>,
    persistent: Persistent,
    certificates: Option<Certificates>,
    in_flight: Box<dyn Fn() -> usize + Send + Sync>,
    of_customers: Box<dyn Fn() -> usize + Send + Sync>,
    at_upstream: Box<dyn Fn() -> (usize, usize) + Send + Sync>,
    close_tunnels: Box<dyn Fn() + Send + Sync>,
    gate: Mutex<Option<Gate>>,
    background: Mutex<JoinSet<()>>,
}

impl Assembly {
    pub(super) fn new(
        config: Config,
        clock: Clock,
        certificates: Option<Certificates>,
    ) -> Result<Self, StartError> {
        prepare_state_dir(&config.gate.state_dir)?;
        let client = Client::new(&config.jsm).map_err(StartError::from_display)?;
        let persistent = Persistent::new(&config, clock, client.clone())?;
        let keyrings = saml_keyrings(&config, &persistent.clock)?;
        let (app, current) = assemble(Arc::new(config), &persistent, client, keyrings)?;
        let app = Arc::new(ArcSwap::from_pointee(app));
        let gate = Gate::new(Arc::clone(&app), Arc::clone(&persistent.metrics));
        Ok(Self {
            current: ArcSwap::from_pointee(current),
            app,
            persistent,
            certificates,
            in_flight: Box::new(gate.in_flight()),
            of_customers: Box::new(gate.of_customers()),
            at_upstream: Box::new(gate.at_upstream()),
            close_tunnels: Box::new(gate.close_tunnels()),
            gate: Mutex::new(Some(gate)),
            background: Mutex::default(),
        })
    }

    /// The configuration in use.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.current.load().config)
    }

    /// The portals, for readiness and for programs that embed the gate.
    #[must_use]
    pub fn directory(&self) -> &Arc<Directory> {
        &self.persistent.directory
    }

    /// The providers, for readiness.
    #[must_use]
    pub fn authenticator(&self) -> Arc<Authenticator> {
        Arc::clone(&self.current.load().authenticator)
    }

    /// The keys that verify the assertion, as a JWK set; `None` when none is sent.
    #[must_use]
    pub fn assertion_keys(&self) -> Option<serde_json::Value> {
        self.current.load().keyring.as_ref().map(|keyring| keyring.public())
    }

    /// The signing keys of service providers.
    #[must_use]
    pub fn saml_keyrings(&self) -> Arc<SamlKeyrings> {
        Arc::clone(&self.current.load().saml_keyrings)
    }

    /// The live sessions.
    #[must_use]
    pub fn sessions(&self) -> Arc<Sessions> {
        Arc::clone(&self.current.load().sessions)
    }

    /// Whether the upstream's name is resolved.
    #[must_use]
    pub fn upstream_is_resolved(&self) -> bool {
        self.app.load().is_resolved()
    }

    /// The state of the upstream's nodes.
    #[must_use]
    pub fn upstream_nodes(&self) -> Vec<NodeState> {
        self.app.load().nodes()
    }

    /// Who people are in JSM.
    #[must_use]
    pub fn customers(&self) -> Arc<Customers> {
        Arc::clone(&self.current.load().customers)
    }

    /// The paths of the gate's own pages, as the router spells them.
    #[must_use]
    pub fn page_paths(&self) -> Vec<&'static str> {
        self.app.load().page_paths()
    }

    /// The metrics.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.persistent.metrics
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.persistent.audit
    }

    /// Test logins, by one-time links that begin no session.
    pub(super) fn tests(&self) -> &TestLogins {
        &self.persistent.tests
    }

    /// The last exchanges with service providers.
    pub(super) fn trace(&self) -> &Trace {
        &self.persistent.trace
    }

    /// Emergency access, by links that let a person in without a provider.
    #[must_use]
    pub fn emergency(&self) -> &Arc<EmergencyLinks> {
        &self.persistent.emergency
    }

    /// The session store, for readiness.
    #[must_use]
    pub fn store(&self) -> &dyn SessionStore {
        &*self.persistent.store
    }

    /// The certificate that new connections get; `None` without TLS.
    pub(super) fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// The reloads from the file.
    pub(super) fn reloads(&self) -> &Reloads {
        &self.persistent.reloads
    }

    /// When the gate was started.
    pub(super) fn started_at(&self) -> SystemTime {
        self.persistent.started_at
    }

    /// The present time.
    pub(super) fn now(&self) -> SystemTime {
        self.persistent.clock.now()
    }

    /// Opens the file of the audit trail again by its name, as after logrotate has moved it.
    pub(super) async fn reopen_audit(&self) -> Result<(), AuditError> {
        self.persistent.audit.reopen(&self.config().audit).await
    }

    /// Requests under way.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        (self.in_flight)()
    }

    /// How many requests JSM works on, and how many wait for JSM.
    #[must_use]
    pub fn at_upstream(&self) -> (usize, usize) {
        (self.at_upstream)()
    }

    /// Waits until no request is under way. After `anonymous_timeout` it waits only for requests of
    /// customers who are logged in, since strangers could delay the stop. WebSockets are closed,
    /// because they do not end by themselves.
    pub(super) async fn idle(&self, anonymous_timeout: Duration) {
        let began = tokio::time::Instant::now();
        let under_way = || {
            let count = if began.elapsed() < anonymous_timeout {
                &self.in_flight
            } else {
                &self.of_customers
            };
            count()
        };
        while under_way() > 0 {
            // Repeatedly: a WebSocket may be opening just now.
            (self.close_tunnels)();
            tokio::time::sleep(DRAIN_POLL).await;
        }
    }

    /// Waits until no refresh is asking a provider.
    pub(super) async fn refreshed(&self) {
        self.persistent.refresh_tasks.finish().await;
    }

    /// Writes what is still to be written. Nobody is served afterwards.
    pub(super) async fn close(&self) {
        self.persistent.store.close().await;
        self.persistent.strangers.sum_up();
        self.persistent.audit.flush().await;
    }

    /// Serves customers on sockets that are already bound.
    pub(super) fn serve(
        &self,
        listeners: &[TcpListener],
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), StartError> {
        let Some(gate) = self.gate.lock().take() else { return Ok(()) };
        let config = self.config();
        let conf = Arc::new(server_conf(&config));
        let tls = self.certificates.as_ref().map(Certificates::settings).transpose()?;
        let tls = tls.map(|settings| Arc::new(settings.build()));
        let connection_limits = &self.persistent.connection_limits;
        for _ in 0..workers::count() {
            let app = proxy(gate.for_another_thread(), &conf, &config);
            let acceptor = Acceptor::new(app, tls.clone(), Arc::clone(connection_limits));
            workers::start(stopping.clone(), |stopping| acceptor.open(listeners, stopping))?;
        }
        Ok(())
    }
}

fn prepare_state_dir(path: &Path) -> Result<(), StartError> {
    std::fs::create_dir_all(path)
        .map_err(|source| StartError::StateDir { path: path.to_owned(), source })
}

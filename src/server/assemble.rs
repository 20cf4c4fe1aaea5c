//! Puts the rooms together: what one configuration needs to serve, and what outlives a reload.

mod build;
mod site;

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use build::{authenticator, keyring, proxy, rules, server_conf, sessions, signer, store};
use site::site;

use super::accept::Acceptor;
use super::connection_limits::{ConnectionLimits, LimitConfig};
use super::reload::Reloads;
use super::tls::Certificates;
use super::{StartError, control, workers};
use crate::audit::{Audit, AuditError};
use crate::auth::Authenticator;
use crate::config::{Config, Startup};
use crate::domain::Clock;
use crate::gate::{App, AppParts, Gate, NodeState};
use crate::grants::{EmergencyLinks, TestLogins};
use crate::jsm::{Client, Directory};
use crate::keys::Keyring;
use crate::session::{RefreshTasks, SessionStore, Sessions};
use crate::telemetry::{Metrics, Strangers};
use crate::web::Pages;

/// How often what strangers caused is summed up.
const TALLY_INTERVAL: Duration = Duration::from_secs(60);

/// How often the number of requests under way is looked at while the gate drains.
const DRAIN_POLL: Duration = Duration::from_millis(20);

/// How long a reload waits for providers and names that are new in the configuration. Those of before
/// are known already.
const RELOAD_TIMEOUT: Duration = Duration::from_secs(3);

/// Everything that runs, in its present shape.
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

/// What a reload leaves as it is.
struct Persistent {
    directory: Arc<Directory>,
    store: Arc<dyn SessionStore>,
    /// Refreshes of sessions under way.
    refresh_tasks: Arc<RefreshTasks>,
    metrics: Arc<Metrics>,
    connection_limits: Arc<ConnectionLimits>,
    audit: Audit,
    strangers: Arc<Strangers>,
    tests: Arc<TestLogins>,
    emergency: Arc<EmergencyLinks>,
    reloads: Reloads,
    /// What the gate was started with of what only a start takes up.
    startup: Startup,
    started_at: SystemTime,
    clock: Clock,
}

/// What a reload replaces.
struct Current {
    config: Arc<Config>,
    authenticator: Arc<Authenticator>,
    sessions: Arc<Sessions>,
    keyring: Option<Arc<Keyring>>,
}

impl Assembly {
    pub(super) fn new(
        config: Config,
        clock: Clock,
        certificates: Option<Certificates>,
    ) -> Result<Self, StartError> {
        prepare_state_dir(&config.gate.state_dir)?;
        let persistent = Persistent::new(&config, clock)?;
        let (app, current) = assemble(Arc::new(config), &persistent)?;
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

    /// The portals, for readiness and for who embeds the gate.
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

    /// The live sessions.
    #[must_use]
    pub fn sessions(&self) -> Arc<Sessions> {
        Arc::clone(&self.current.load().sessions)
    }

    /// Whether the upstream's name has been found.
    #[must_use]
    pub fn upstream_is_resolved(&self) -> bool {
        self.app.load().is_resolved()
    }

    /// How the upstream's nodes are.
    #[must_use]
    pub fn upstream_nodes(&self) -> Vec<NodeState> {
        self.app.load().nodes()
    }

    /// What has been counted.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.persistent.metrics
    }

    /// The audit trail.
    #[must_use]
    pub fn audit(&self) -> &Audit {
        &self.persistent.audit
    }

    /// Logins by one-time links that begin no session.
    pub(super) fn tests(&self) -> &TestLogins {
        &self.persistent.tests
    }

    /// Links that let somebody in without a provider.
    #[must_use]
    pub fn emergency(&self) -> &Arc<EmergencyLinks> {
        &self.persistent.emergency
    }

    /// The sessions' store, for readiness.
    #[must_use]
    pub fn store(&self) -> &dyn SessionStore {
        &*self.persistent.store
    }

    /// The certificate that new connections get; `None` without TLS.
    pub(super) fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// Reloads from the file.
    pub(super) fn reloads(&self) -> &Reloads {
        &self.persistent.reloads
    }

    /// When the gate was started.
    pub(super) fn started_at(&self) -> SystemTime {
        self.persistent.started_at
    }

    /// What time it is.
    pub(super) fn now(&self) -> SystemTime {
        self.persistent.clock.now()
    }

    /// Opens the audit trail of the present configuration anew, by its name.
    pub(super) async fn reopen_audit(&self) -> Result<(), AuditError> {
        self.persistent.audit.reopen(&self.config().audit).await
    }

    /// Requests under way.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        (self.in_flight)()
    }

    /// Requests that JSM works on, and requests that wait until it can.
    #[must_use]
    pub fn at_upstream(&self) -> (usize, usize) {
        (self.at_upstream)()
    }

    /// Ends when no request is under way; after `patience`, when none of a customer's is who is logged
    /// in, since any stranger could hold up the stop. WebSockets would never end by themselves.
    pub(super) async fn idle(&self, patience: Duration) {
        let began = tokio::time::Instant::now();
        let under_way = || {
            let count =
                if began.elapsed() < patience { &self.in_flight } else { &self.of_customers };
            count()
        };
        while under_way() > 0 {
            // Again and again: a WebSocket may just be opening.
            (self.close_tunnels)();
            tokio::time::sleep(DRAIN_POLL).await;
        }
    }

    /// Ends when no provider is being asked to renew its word for a session.
    pub(super) async fn refreshed(&self) {
        self.persistent.refresh_tasks.finish().await;
    }

    /// Writes what is still to be written of the sessions. Nobody is served afterwards.
    pub(super) async fn close(&self) {
        self.persistent.store.close().await;
        self.persistent.strangers.sum_up();
        self.persistent.audit.flush().await;
    }

    /// Serves customers on sockets that are bound already.
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

    /// Starts what runs beside the requests, until the gate stops.
    pub(super) fn keep_fresh(self: &Arc<Self>, mut stopping: watch::Receiver<bool>) {
        self.start_background();
        let assembly = Arc::clone(self);
        tokio::spawn(async move {
            let directory = Arc::clone(&assembly.persistent.directory);
            let interval = assembly.config().jsm.refresh;
            tokio::select! {
                () = directory.keep_fresh(interval) => {}
                () = assembly.sum_up_strangers() => {}
                _ = stopping.wait_for(|stopping| *stopping) => {}
            }
            assembly.background.lock().abort_all();
        });
    }

    /// Takes over a new configuration, and returns the keys of it that wait for the next start. On
    /// any error the present one serves on, untouched.
    ///
    /// # Errors
    /// When a part cannot be made of it.
    pub async fn reload(&self, mut config: Config) -> Result<Vec<&'static str>, StartError> {
        let waiting = self.persistent.startup.changed(&Startup::of(&config));
        let client = Client::new(&config.jsm).map_err(StartError::from_display)?;
        let rules = rules(&config);
        // The keys stay where the rest of the state is.
        config.gate.state_dir.clone_from(&self.config().gate.state_dir);
        let config = Arc::new(config);
        let (mut app, new) = assemble(config, &self.persistent)?;
        let certificates = new.config.gate.tls.as_ref().map(Certificates::load).transpose()?;
        // The last that may fail; what follows takes over.
        self.persistent.audit.reopen(&new.config.audit).await.map_err(StartError::from_display)?;
        if let (Some(current), Some(new)) = (&self.certificates, &certificates) {
            current.replace(new);
        }
        new.authenticator.inherit(&self.authenticator());
        // A name that is not found in time is looked for by `keep_fresh`.
        let before = self.app.load_full();
        let names = timeout(RELOAD_TIMEOUT, app.succeed(&before));
        drop(tokio::join!(discover(&new.authenticator), names));
        self.persistent.store.use_secrets(&new.config.session.secrets);
        self.persistent.directory.use_client(client);
        self.persistent.directory.apply(rules);
        self.persistent.connection_limits.apply(LimitConfig::of(&new.config));
        self.app.store(Arc::new(app));
        self.current.store(Arc::new(new));
        self.start_background();
        // A WebSocket that the new rules may not allow must not outlive the old ones.
        (self.close_tunnels)();
        if self.config().emergency.is_none()
            && let Err(error) = control::end_emergency(self, None).await
        {
            tracing::warn!(%error, "emergency sessions could not be ended: they end with their time");
        }
        for key in &waiting {
            tracing::warn!(key, "differs from what the gate was started with: restart to apply it");
        }
        Ok(waiting)
    }

    /// Sums up once a minute what strangers caused, for ever.
    async fn sum_up_strangers(&self) {
        loop {
            tokio::time::sleep(TALLY_INTERVAL).await;
            self.persistent.audit.sum_up();
            self.persistent.strangers.sum_up();
        }
    }

    fn start_background(&self) {
        let authenticator = self.authenticator();
        let (app, sessions) = (self.app.load_full(), self.sessions());
        let keyring = self.current.load().keyring.clone();
        let mut background = self.background.lock();
        background.abort_all();
        background.spawn(async move { authenticator.keep_fresh().await });
        background.spawn(async move { app.keep_fresh().await });
        background.spawn(async move { sessions.keep_refreshed().await });
        if let Some(keyring) = keyring {
            background.spawn(async move { keyring.keep_rotated().await });
        }
    }
}

impl Persistent {
    fn new(config: &Config, clock: Clock) -> Result<Self, StartError> {
        let metrics = Arc::new(Metrics::default());
        let directory = Directory::open(
            &config.gate.state_dir,
            Client::new(&config.jsm).map_err(StartError::from_display)?,
            rules(config),
            clock.clone(),
        );
        let store = store(config, &clock)?;
        let audit =
            Audit::open(&config.audit, &config.gate.state_dir, clock.clone(), metrics.audit_lost());
        Ok(Self {
            directory: Arc::new(directory),
            store,
            refresh_tasks: Arc::default(),
            connection_limits: ConnectionLimits::new(LimitConfig::of(config), Arc::clone(&metrics)),
            metrics,
            audit: audit.map_err(StartError::from_display)?,
            strangers: Arc::default(),
            tests: Arc::new(TestLogins::new(clock.clone())),
            emergency: Arc::new(EmergencyLinks::new(clock.clone())),
            reloads: Reloads::default(),
            startup: Startup::of(config),
            started_at: clock.now(),
            clock,
        })
    }
}

/// Makes the parts of one configuration.
fn assemble(config: Arc<Config>, persistent: &Persistent) -> Result<(App, Current), StartError> {
    let clock = &persistent.clock;
    let public_url = &config.gate.public_url;
    let authenticator = Arc::new(authenticator(&config, clock)?);
    let sessions = Arc::new(sessions(&config, persistent, &authenticator));
    let keyring = keyring(&config, clock)?;
    let pages = Arc::new(
        Pages::new(public_url, config.providers.len() > 1).map_err(StartError::from_display)?,
    );
    let current = Current { config, authenticator, sessions, keyring };
    let app = App::new(AppParts {
        config: Arc::clone(&current.config),
        portals: persistent.directory.portals_now(),
        sessions: Arc::clone(&current.sessions),
        site: site(&pages, &current, persistent)?,
        pages,
        signer: signer(&current.config, current.keyring.as_ref(), clock),
        audit: persistent.audit.clone(),
        strangers: Arc::clone(&persistent.strangers),
    });
    Ok((app.map_err(StartError::from_display)?, current))
}

/// Waits until every provider is known, or not for long: one that is down must not hold up the rest.
async fn discover(authenticator: &Authenticator) {
    let all_ready = async {
        while !authenticator.providers().iter().all(crate::auth::Provider::is_ready) {
            tokio::time::sleep(DRAIN_POLL).await;
        }
    };
    tokio::select! {
        () = authenticator.keep_fresh() => {}
        () = all_ready => {}
        () = tokio::time::sleep(RELOAD_TIMEOUT) => {}
    }
}

fn prepare_state_dir(path: &Path) -> Result<(), StartError> {
    std::fs::create_dir_all(path)
        .map_err(|source| StartError::StateDir { path: path.to_owned(), source })
}

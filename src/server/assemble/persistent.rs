//! What outlives a reload: sessions, the directory, counters, the audit trail. Must not know what is made
//! anew with each configuration.

use std::sync::Arc;
use std::time::SystemTime;

use crate::audit::Audit;
use crate::config::{Config, Startup, StoreConfig};
use crate::domain::Clock;
use crate::grants::{EmergencyLinks, TestLogins};
use crate::jsm::{Client, Directory, PortalRules};
use crate::server::StartError;
use crate::server::connection_limits::{ConnectionLimits, LimitConfig};
use crate::server::reload::Reloads;
use crate::session::store::{MemoryStore, embedded, redis};
use crate::session::{RefreshTasks, SessionStore};
use crate::sso::{Signing, Trace};
use crate::telemetry::{Metrics, Strangers};

/// What a reload keeps.
pub(super) struct Persistent {
    pub(super) directory: Arc<Directory>,
    pub(super) store: Arc<dyn SessionStore>,
    /// Refreshes that are running.
    pub(super) refresh_tasks: Arc<RefreshTasks>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) connection_limits: Arc<ConnectionLimits>,
    pub(super) audit: Audit,
    pub(super) strangers: Arc<Strangers>,
    pub(super) tests: Arc<TestLogins>,
    pub(super) emergency: Arc<EmergencyLinks>,
    /// Signs what service providers are told.
    pub(super) signing: Arc<Signing>,
    /// The last exchanges with service providers.
    pub(super) trace: Arc<Trace>,
    pub(super) reloads: Reloads,
    /// The settings of the start that only another start can change.
    pub(super) startup: Startup,
    pub(super) started_at: SystemTime,
    pub(super) clock: Clock,
}

impl Persistent {
    pub(super) fn new(config: &Config, clock: Clock, client: Client) -> Result<Self, StartError> {
        let metrics = Arc::new(Metrics::default());
        let directory =
            Directory::open(&config.gate.state_dir, client, rules(config), clock.clone());
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
            signing: Arc::default(),
            trace: Arc::default(),
            reloads: Reloads::default(),
            startup: Startup::of(config),
            started_at: clock.now(),
            clock,
        })
    }
}

fn store(config: &Config, clock: &Clock) -> Result<Arc<dyn SessionStore>, StartError> {
    let (session, capacity) = (&config.session, config.limits.sessions);
    match &session.store {
        StoreConfig::Embedded => {
            embedded::open(&config.gate.state_dir, capacity, &session.secrets, clock)
                .map_err(StartError::from_display)
        }
        StoreConfig::Memory => Ok(Arc::new(MemoryStore::new(capacity).with_clock(clock.clone()))),
        StoreConfig::Redis(redis) => {
            redis::open(redis, capacity, &session.secrets, clock).map_err(StartError::from_display)
        }
    }
}

/// The rules of the configuration for portals.
pub(super) fn rules(config: &Config) -> PortalRules {
    PortalRules { defaults: config.portal_defaults.clone(), rules: config.portals.clone() }
}

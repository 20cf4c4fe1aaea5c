//! The state of the gate, and of what it depends on, at one moment. `/readyz` shows it as JSON and
//! `/metrics` as gauges, so that both say the same.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use serde::Serialize;

use crate::domain::expiry;

const DAY: u64 = 24 * 60 * 60;

/// How long before its end a certificate counts as a problem: even monthly renewals should have run
/// by then.
const SOON: u64 = 21 * DAY;

/// The state of everything. Times are Unix seconds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Snapshot {
    /// Whether this gate should get customers.
    pub ready: bool,
    /// Whether the gate is stopping.
    pub draining: bool,
    /// The gate's version.
    pub version: &'static str,
    /// When it was started.
    pub started_at: u64,
    /// What is wrong, a sentence each; empty when nothing is.
    pub problems: Vec<String>,
    /// The providers, in the order of the configuration.
    pub providers: Vec<ProviderState>,
    /// How many portals JSM has.
    pub portals: usize,
    /// When the list of portals was last read.
    pub directory_read_at: Option<u64>,
    /// Why the latest reading failed.
    pub directory_error: Option<String>,
    /// The servers that requests are forwarded to.
    pub upstream: Vec<UpstreamState>,
    /// Live sessions, roughly.
    pub sessions: u64,
    /// Why sessions cannot be kept.
    pub session_store_error: Option<String>,
    /// When the certificate expires.
    pub certificate_expires_at: Option<u64>,
    /// The service providers, in the order of the configuration.
    pub service_providers: Vec<ServiceProviderState>,
    /// The latest reload.
    pub reload: Option<ReloadState>,
    /// Links and sessions of emergency access.
    pub emergency_open: usize,
    /// Events of the audit trail that could not be written.
    pub audit_lost: u64,
}

/// A provider.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderState {
    /// Its id.
    pub id: String,
    /// Whether logins can begin there.
    pub ready: bool,
    /// Why it could not be read the last time.
    pub error: Option<String>,
    /// When it could.
    pub read_at: Option<u64>,
}

/// A service provider.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceProviderState {
    /// Its id.
    pub id: String,
    /// When the certificate that the gate signs with expires.
    pub certificate_expires_at: u64,
}

/// A server of JSM.
#[derive(Clone, Debug, Serialize)]
pub struct UpstreamState {
    /// Host and port.
    pub node: String,
    /// Whether the name is found.
    pub resolved: bool,
    /// Whether it answers, as far as is known.
    pub up: bool,
}

/// How a reload ended.
#[derive(Clone, Debug, Serialize)]
pub struct ReloadState {
    /// When.
    pub at: u64,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Snapshot {
    /// Fills in `problems` from the rest, as of `now`.
    #[must_use]
    pub fn with_problems(mut self, now: u64) -> Self {
        let problem =
            |what: String, why: &Option<String>| why.as_ref().map(|why| format!("{what}: {why}"));
        let provider = |it: &ProviderState| problem(format!("provider {}", it.id), &it.error);
        let mut problems: Vec<String> = self.providers.iter().filter_map(provider).collect();
        problems.extend(problem("portals not read".to_owned(), &self.directory_error));
        let down = self.upstream.iter().filter(|node| !(node.resolved && node.up));
        problems.extend(down.map(|UpstreamState { node, resolved, .. }| {
            let how = if *resolved { "down" } else { "not found by its name" };
            format!("upstream {node} is {how}")
        }));
        problems.extend(problem("sessions".to_owned(), &self.session_store_error));
        problems.extend(self.certificate_problem(now));
        problems.extend(self.service_providers.iter().filter_map(|one| {
            let told = expiry::of_pasted(one.certificate_expires_at, now)?;
            Some(format!("service provider {}: the certificate of its signing key {told}", one.id))
        }));
        let refused = self.reload.as_ref().and_then(|reload| reload.refused.as_ref());
        problems.extend(refused.map(|why| format!("reload refused: {why}")));
        if self.audit_lost > 0 {
            problems.push(format!("{} events of the audit trail were lost", self.audit_lost));
        }
        self.problems = problems;
        self
    }

    fn certificate_problem(&self, now: u64) -> Option<String> {
        let left = self.certificate_expires_at?.checked_sub(now);
        match left {
            None => Some("the certificate has expired".to_owned()),
            Some(left) if left < SOON => {
                Some(format!("the certificate expires in {} days", left / DAY))
            }
            Some(_) => None,
        }
    }
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct ProviderLabel {
    provider: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct ServiceProviderLabel {
    service_provider: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct NodeLabel {
    node: String,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct VersionLabel {
    version: &'static str,
}

type NoLabels = [(&'static str, &'static str); 0];

/// The gauges of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Gauges {
    build: Family<VersionLabel, Gauge>,
    started_at: Gauge,
    draining: Gauge,
    provider_up: Family<ProviderLabel, Gauge>,
    provider_read_at: Family<ProviderLabel, Gauge>,
    portals: Gauge,
    portals_up: Gauge,
    portals_read_at: Gauge,
    upstream_node_up: Family<NodeLabel, Gauge>,
    sessions: Gauge,
    session_store_up: Gauge,
    certificate_expires_at: Family<NoLabels, Gauge>,
    service_provider_certificate_expires_at: Family<ServiceProviderLabel, Gauge>,
    reload_successful: Gauge,
    reload_at: Family<NoLabels, Gauge>,
    emergency_open: Gauge,
}

impl Gauges {
    /// Puts them into registries: those of the gate, and those that every process has.
    pub(super) fn register(&self, gate: &mut Registry) {
        let one = "Always 1; the label has the version";
        gate.register("build_info", one, self.build.clone());
        gate.register("draining", "Whether the gate is stopping", self.draining.clone());
        let up = "Whether the latest reading of a provider's discovery document and keys succeeded";
        gate.register("provider_up", up, self.provider_up.clone());
        let read = "When a provider was last read";
        gate.register("provider_read_timestamp_seconds", read, self.provider_read_at.clone());
        gate.register("portals", "Portals that JSM has", self.portals.clone());
        let up = "Whether the latest reading of the portals from JSM succeeded";
        gate.register("portals_up", up, self.portals_up.clone());
        let read = "When the portals were last read from JSM";
        gate.register("portals_read_timestamp_seconds", read, self.portals_read_at.clone());
        let up = "Whether a node of the upstream is up, as far as is known";
        gate.register("upstream_node_up", up, self.upstream_node_up.clone());
        gate.register("sessions", "Live sessions", self.sessions.clone());
        let up = "Whether sessions can be kept and found";
        gate.register("session_store_up", up, self.session_store_up.clone());
        let expires = "When the certificate that new connections get expires";
        let name = "certificate_expiry_timestamp_seconds";
        gate.register(name, expires, self.certificate_expires_at.clone());
        let expires =
            "When the certificate that the gate signs with for a service provider expires";
        let name = "service_provider_certificate_expiry_timestamp_seconds";
        gate.register(name, expires, self.service_provider_certificate_expires_at.clone());
        let reload = "Whether the latest reload was taken over; 1 before the first";
        gate.register("config_last_reload_successful", reload, self.reload_successful.clone());
        let at = "When the latest reload was asked for";
        gate.register("config_last_reload_timestamp_seconds", at, self.reload_at.clone());
        let about = "Links and sessions of emergency access that are open";
        gate.register("emergency_open", about, self.emergency_open.clone());
    }

    /// The one that every process has.
    pub(super) fn register_start(&self, registry: &mut Registry) {
        let started = "When the process was started";
        registry.register("process_start_time_seconds", started, self.started_at.clone());
    }

    /// Shows another moment.
    pub(super) fn show(&self, now: &Snapshot) {
        self.build.get_or_create(&VersionLabel { version: now.version }).set(1);
        self.started_at.set(number(now.started_at));
        self.draining.set(i64::from(now.draining));
        self.show_providers(&now.providers);
        self.portals.set(number(now.portals));
        let read = now.directory_error.is_none() && now.directory_read_at.is_some();
        self.portals_up.set(i64::from(read));
        self.portals_read_at.set(number(now.directory_read_at.unwrap_or_default()));
        // A reload may have taken some away.
        self.upstream_node_up.clear();
        for UpstreamState { node, resolved, up } in &now.upstream {
            let label = NodeLabel { node: node.clone() };
            self.upstream_node_up.get_or_create(&label).set(i64::from(*resolved && *up));
        }
        self.sessions.set(number(now.sessions));
        self.session_store_up.set(i64::from(now.session_store_error.is_none()));
        optional(&self.certificate_expires_at, now.certificate_expires_at);
        // A reload may have taken some away.
        self.service_provider_certificate_expires_at.clear();
        for ServiceProviderState { id, certificate_expires_at } in &now.service_providers {
            let label = ServiceProviderLabel { service_provider: id.clone() };
            let gauge = self.service_provider_certificate_expires_at.get_or_create(&label);
            gauge.set(number(*certificate_expires_at));
        }
        let refused = now.reload.as_ref().is_some_and(|reload| reload.refused.is_some());
        self.reload_successful.set(i64::from(!refused));
        optional(&self.reload_at, now.reload.as_ref().map(|reload| reload.at));
        self.emergency_open.set(number(now.emergency_open));
    }

    fn show_providers(&self, providers: &[ProviderState]) {
        self.provider_up.clear();
        self.provider_read_at.clear();
        for ProviderState { id, ready, error, read_at } in providers {
            let label = ProviderLabel { provider: id.clone() };
            let up = *ready && error.is_none();
            self.provider_up.get_or_create(&label).set(i64::from(up));
            if let Some(read_at) = read_at {
                self.provider_read_at.get_or_create(&label).set(number(*read_at));
            }
        }
    }
}

/// A gauge that is missing while there is nothing to show: 0 would mean a time.
fn optional(gauge: &Family<NoLabels, Gauge>, value: Option<u64>) {
    gauge.clear();
    if let Some(value) = value {
        gauge.get_or_create(&[]).set(number(value));
    }
}

fn number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

//! Logs and metrics. Neither may hold a token, a code, a cookie, a query or a secret. It must not
//! know what requests mean.

mod answers;
mod exposition;
mod journal;
mod log_format;
mod log_queue;
mod process;
mod snapshot;
mod strangers;

use std::io::IsTerminal as _;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::writer::{BoxMakeWriter, MakeWriterExt as _};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

pub use answers::Answers;
pub(crate) use process::most_open_files;
pub use snapshot::{ProviderState, ReloadState, ServiceProviderState, Snapshot, UpstreamState};
pub use strangers::Strangers;

use answers::AllAnswers;
use log_format::{TextFields, VisibleJson};
use log_queue::LogQueue;
use process::Process;
use snapshot::Gauges;

use crate::config::LogFormat;
use crate::domain::ServiceProviderId;

/// The target of the lines of the audit trail.
const AUDIT: &str = "audit";

/// How long the end of the process waits for the log to be written.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Lines of the log that could not be written since the process began.
static LINES_LOST: LazyLock<Counter> = LazyLock::new(Counter::default);

/// The lines of a running gate on their way.
static QUEUE: OnceLock<LogQueue> = OnceLock::new();

/// Whether a line of the log may hold up its writer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogWriting {
    /// It may: a command has nothing else to do.
    AtOnce,
    /// It may not: lines go through memory (`log_queue`). Those of the audit trail do not, because
    /// its thread has to know whether they were written.
    Queued,
}

/// Starts logging to standard error. `RUST_LOG` wins over `filter`; neither hides the audit trail. Does
/// nothing the second time.
pub fn start_logging(format: LogFormat, filter: &str, writing: LogWriting) {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).ok().filter(|it| !it.is_empty());
    let filter = wanted
        .and_then(|wanted| EnvFilter::try_new(wanted).ok())
        .or_else(|| EnvFilter::try_new(filter).ok())
        .unwrap_or_else(|| EnvFilter::new("info"))
        // Without level hints, every line that a library might trace would be formatted before it
        // is dropped.
        .and(filter_fn(tells_no_secrets).with_max_level_hint(LevelFilter::TRACE))
        .or(filter_fn(|line| line.target() == AUDIT).with_max_level_hint(LevelFilter::INFO));
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(journal::Lines::to(writer(writing)));
    let log = match format {
        LogFormat::Text => log.fmt_fields(TextFields).with_target(false).boxed(),
        LogFormat::Json => log.json().flatten_event(true).map_event_format(VisibleJson).boxed(),
    };
    drop(tracing_subscriber::registry().with(log.with_filter(filter)).try_init());
}

fn writer(writing: LogWriting) -> BoxMakeWriter {
    if writing == LogWriting::AtOnce {
        return BoxMakeWriter::new(std::io::stderr);
    }
    match LogQueue::new(std::io::stderr(), LINES_LOST.clone()) {
        Ok(queue) => {
            // Panics of the threads that serve customers are logged as well.
            std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
            let queue = QUEUE.get_or_init(|| queue);
            let queued = move || queue.clone();
            let is_queued = |line: &Metadata<'_>| line.target() != AUDIT;
            BoxMakeWriter::new(queued.with_filter(is_queued).or_else(std::io::stderr))
        }
        Err(_) => BoxMakeWriter::new(std::io::stderr),
    }
}

/// Waits until the log is written, for a short time only: a reader that is stuck must not keep the
/// process.
pub fn flush_log() {
    if let Some(queue) = QUEUE.get() {
        queue.flush(LAST_WORDS);
    }
}

/// Libraries trace whole requests, with cookies and codes in them; they are kept at `info`,
/// whatever filter is set (docs/security.md G11, H6). pingora is kept out of the log: it quotes
/// what it cannot read, and reports every stranger who breaks off as an error. The gate itself says
/// what failed of a request.
fn tells_no_secrets(line: &Metadata<'_>) -> bool {
    let ours = line.target().starts_with("jsm_gate") || line.target() == "access";
    ours || *line.level() <= Level::INFO && !line.target().starts_with("pingora")
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Code {
    code: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Asserted {
    service_provider: String,
    code: &'static str,
}

const RELOADED: &str = "ok";
const REFUSED: &str = "refused";

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct Outcome {
    outcome: &'static str,
}

/// What is counted while the gate runs, and its state when somebody asks.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answers: AllAnswers,
    failures: Family<Code, Counter>,
    logins: Family<Code, Counter>,
    assertions: Family<Asserted, Counter>,
    reloads: Family<Outcome, Counter>,
    connections: Gauge,
    connections_refused: Counter,
    audit_lost: Counter,
    upstream_requests: Gauge,
    upstream_waiting: Gauge,
    gauges: Gauges,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Process));
        let gauges = Gauges::default();
        gauges.register_start(&mut registry);
        let gate = registry.sub_registry_with_prefix("jsm_gate");
        gauges.register(gate);
        let answers = AllAnswers::default();
        gate.register_collector(Box::new(answers.clone()));
        let failures = Family::<Code, Counter>::default();
        gate.register("failures", "Requests that failed, by error code", failures.clone());
        let logins = Family::<Code, Counter>::default();
        gate.register("logins", "Finished logins by outcome", logins.clone());
        let assertions = Family::<Asserted, Counter>::default();
        let about = "Requests to vouch for somebody to a service provider, by outcome";
        gate.register("assertions", about, assertions.clone());
        let reloads = register_reloads(gate);
        let (connections, connections_refused) = (Gauge::default(), Counter::default());
        let refused = "Connections closed because their address had its share";
        gate.register("connections", "Connections of customers", connections.clone());
        gate.register("connections_refused", refused, connections_refused.clone());
        let audit_lost = Counter::default();
        let about = "Events of the audit trail that could not be written";
        gate.register("audit_lost", about, audit_lost.clone());
        let (upstream_requests, upstream_waiting) = register_upstream(gate);
        let about = "Lines of the log that could not be written";
        gate.register("log_lines_lost", about, LINES_LOST.clone());
        Self {
            registry,
            answers,
            failures,
            logins,
            assertions,
            reloads,
            connections,
            connections_refused,
            audit_lost,
            upstream_requests,
            upstream_waiting,
            gauges,
        }
    }
}

/// Reloads by outcome. Both outcomes exist from the start, so that the first one shows as an
/// increase.
fn register_reloads(gate: &mut Registry) -> Family<Outcome, Counter> {
    let reloads = Family::<Outcome, Counter>::default();
    for outcome in [RELOADED, REFUSED] {
        drop(reloads.get_or_create(&Outcome { outcome }));
    }
    let about = "Reloads from the file: taken over, or refused";
    gate.register("config_reloads", about, reloads.clone());
    reloads
}

/// How busy JSM is: the requests that it works on, and those that wait for it.
fn register_upstream(gate: &mut Registry) -> (Gauge, Gauge) {
    let (requests, waiting) = (Gauge::default(), Gauge::default());
    gate.register("upstream_requests", "Requests that JSM works on", requests.clone());
    let about = "Requests that wait until JSM can work on them";
    gate.register("upstream_waiting", about, waiting.clone());
    (requests, waiting)
}

impl Metrics {
    /// The counters of one more thread.
    #[must_use]
    pub fn answers(&self) -> Arc<Answers> {
        self.answers.of_a_thread()
    }

    /// Counts a failed request by the code its page showed.
    pub fn failed(&self, code: &'static str) {
        self.failures.get_or_create(&Code { code }).inc();
    }

    /// Counts a login that came to an end: `ok`, or the code its page showed.
    pub fn logged_in(&self, code: &'static str) {
        self.logins.get_or_create(&Code { code }).inc();
    }

    /// Counts a request to vouch for somebody to a service provider: `ok`, or the code its page showed.
    pub fn asserted(&self, service_provider: &ServiceProviderId, code: &'static str) {
        let service_provider = service_provider.to_string();
        self.assertions.get_or_create(&Asserted { service_provider, code }).inc();
    }

    /// Counts a customer's connection.
    pub fn connection_opened(&self) {
        self.connections.inc();
    }

    /// Counts the end of a customer's connection.
    pub fn connection_closed(&self) {
        self.connections.dec();
    }

    /// Counts a connection that was over the limit of its address.
    pub fn connection_refused(&self) {
        self.connections_refused.inc();
    }

    /// Counts a reload.
    pub fn reloaded(&self, taken_over: bool) {
        let outcome = if taken_over { RELOADED } else { REFUSED };
        self.reloads.get_or_create(&Outcome { outcome }).inc();
    }

    /// Notes how many requests JSM works on, and how many wait until it can.
    pub fn at_upstream(&self, (requests, waiting): (usize, usize)) {
        self.upstream_requests.set(i64::try_from(requests).unwrap_or(i64::MAX));
        self.upstream_waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
    }

    /// The counter of events that the audit trail lost.
    #[must_use]
    pub fn audit_lost(&self) -> Counter {
        self.audit_lost.clone()
    }

    /// Everything, as of a moment, in the text format of Prometheus.
    #[must_use]
    pub fn text(&self, now: &Snapshot) -> String {
        self.gauges.show(now);
        let mut text = String::new();
        match prometheus_client::encoding::text::encode(&mut text, &self.registry) {
            Ok(()) => exposition::prometheus(&text),
            Err(std::fmt::Error) => String::new(),
        }
    }
}

//! What the rest of the gate sees of the configuration: every field a valid value, every default
//! filled in, every secret read.

mod provider;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderName;
use ipnet::IpNet;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::domain::{
    Access, Email, LinkName, LoginDemand, Mode, OpenPath, People, PortalId, ProviderId, PublicUrl,
};

pub use provider::{
    AttributeMap, ClientAuth, ClientKeyAudience, ClientKeyConfig, EmailAuthority, EmailPolicy,
    Logo, LogoutForm, OAuth2, ProviderConfig, RequestConfig, ResponseMode, SecretMethod,
    SigningAlgorithm,
};

/// The whole configuration. Immutable; a reload makes a new one.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[gate]`
    pub gate: GateConfig,
    /// `[jsm]`
    pub jsm: JsmConfig,
    /// `[[provider]]`, in the file's order, at least one.
    pub providers: Vec<ProviderConfig>,
    /// `[portals]`
    pub portal_defaults: PortalDefaults,
    /// `[[portal]]`, in the file's order.
    pub portals: Vec<PortalRule>,
    /// `[session]`
    pub session: SessionConfig,
    /// `[forward]`
    pub forward: ForwardConfig,
    /// `[emergency]`; `None` while it is off.
    pub emergency: Option<EmergencyConfig>,
    /// `[limits]`
    pub limits: LimitsConfig,
    /// `[audit]`
    pub audit: AuditConfig,
    /// `[log]`
    pub log: LogConfig,
}

/// `[gate]`: where the gate is reached.
#[derive(Clone, Debug)]
pub struct GateConfig {
    /// What customers see.
    pub public_url: PublicUrl,
    /// Where to listen, unless systemd hands sockets over.
    pub listen: Vec<SocketAddr>,
    /// Certificate and key; none behind a front that ends TLS, or on loopback.
    pub tls: Option<TlsFiles>,
    /// Networks whose `X-Forwarded-*` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    pub operations_listen: Option<SocketAddr>,
    /// Where the directory and, unless told otherwise, sessions are kept.
    pub state_dir: PathBuf,
}

/// PEM files of the public listener.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate: PathBuf,
    /// The key of the leaf.
    pub private_key: PathBuf,
}

/// Which of the two products JSM is. They differ in REST calls and in whether they take identity.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deployment {
    /// `*.atlassian.net`
    Cloud,
    /// Self-hosted Jira.
    DataCenter,
}

/// `[jsm]`: the JSM server and the service account.
#[derive(Clone, Debug)]
pub struct JsmConfig {
    /// Base address without a trailing slash in its path; may have a context path (`/jira`).
    pub url: Url,
    /// Said by the admin, or by the host name of a Cloud site; asked of JSM when `None`.
    pub deployment: Option<Deployment>,
    /// The service account's address; needed for Cloud.
    pub email: Option<Email>,
    /// The service account's API token (Cloud) or personal access token (Data Center).
    pub api_token: SecretString,
    /// How often the directory is read again.
    pub refresh: Duration,
    /// How long one REST call may take.
    pub timeout: Duration,
    /// Extra trusted certificate authority for `url` (PEM).
    pub ca_file: Option<PathBuf>,
    /// Base of Atlassian's API gateway, used by scoped tokens; `https://api.atlassian.com`.
    pub cloud_api_url: Url,
}

/// `[portals]`: for every portal that says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct PortalDefaults {
    /// How portals are served.
    pub mode: Mode,
    /// Who may use them.
    pub access: Access,
}

/// `[[portal]]`: what differs for one portal.
#[derive(Clone, Debug)]
pub struct PortalRule {
    /// Project key or project id.
    pub project: String,
    /// The name in its link.
    pub link: Option<LinkName>,
    /// JSM's portal number, for a desk whose number cannot be found out.
    pub portal_id: Option<PortalId>,
    /// How it is served.
    pub mode: Option<Mode>,
    /// Who may use it.
    pub access: Option<Access>,
    /// Whom `private` lets in.
    pub allow: People,
    /// Who stays out, whatever else lets them in.
    pub deny: People,
    /// The only provider whose people may use it.
    pub provider: Option<ProviderId>,
    /// What a login has to be like.
    pub demand: LoginDemand,
}

/// `[session]`
#[derive(Clone, Debug)]
pub struct SessionConfig {
    /// Ends after this long without a request.
    pub idle: Duration,
    /// Ends this long after login, used or not.
    pub absolute: Duration,
    /// How many sessions a customer may have; the oldest ends for the newest.
    pub per_customer: usize,
    /// Where sessions are kept.
    pub store: StoreConfig,
    /// Seals cookies and sessions with the first; opens with any (rotation). Each at least 32 bytes.
    pub secrets: Vec<SecretString>,
}

/// `[session] store`
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// One file in `state_dir`.
    Embedded,
    /// In this process alone.
    Memory,
    /// Redis or Valkey, shared by several gates.
    Redis(RedisConfig),
}

/// How to reach a Redis or Valkey.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// Host, port, number of the database and name of the user; no password.
    pub url: Url,
    /// The password.
    pub password: Option<SecretString>,
    /// The certificate authority to trust instead of the system's (PEM).
    pub ca_file: Option<PathBuf>,
}

/// `[forward]`: how forward mode speaks to the upstream.
#[derive(Clone, Debug)]
pub struct ForwardConfig {
    /// `[forward.identity]`: header = template such as `{email}`.
    pub identity: Vec<(HeaderName, String)>,
    /// `[forward.assertion]`; none is sent without it.
    pub assertion: Option<AssertionConfig>,
    /// The host the upstream is told it was asked for.
    pub host: ForwardedHost,
    /// Open to customers besides what a portal needs.
    pub allow_paths: Vec<OpenPath>,
    /// Of what is open, readable without login.
    pub public_paths: Vec<OpenPath>,
    /// To reach the upstream.
    pub connect_timeout: Duration,
    /// Between two reads of a response.
    pub read_timeout: Duration,
    /// Between two writes of a request.
    pub write_timeout: Duration,
    /// How long an unused upstream connection is kept; below Tomcat's own 20 s, so that a POST
    /// never meets a connection the upstream just closed.
    pub keep_alive: Duration,
    /// Extra trusted certificate authority for the upstream (PEM).
    pub ca_file: Option<PathBuf>,
    /// The servers to forward to; the one in `[jsm] url` when empty.
    pub upstreams: Vec<ServerName>,
    /// What each of several servers is asked for to see whether it is well, below the context path;
    /// empty: only a connection is made.
    pub health_path: String,
    /// How often.
    pub health_interval: Duration,
    /// Whether the upstream's address is replaced in the bodies of its answers.
    pub rewrite_bodies: bool,
    /// Whether a WebSocket may pass (pingora #946: off unless needed).
    pub websockets: bool,
    /// Requests that the upstream works on at once, all its servers together; more wait.
    pub concurrency: usize,
    /// How long a request waits until the upstream may work on it, before it is answered 503.
    pub queue_timeout: Duration,
}

/// `[forward.assertion]`: a signed header that proves who the customer is.
#[derive(Clone, Debug)]
pub struct AssertionConfig {
    /// The header that carries it.
    pub header: HeaderName,
    /// `aud`: whom it is for.
    pub audience: String,
    /// From `iat` to `exp`; at most five minutes.
    pub lifetime: Duration,
    /// How long a key signs.
    pub rotate: Duration,
}

/// A host and a port.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ServerName {
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl fmt::Display for ServerName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// Which `Host` the upstream sees.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ForwardedHost {
    /// The host in `[jsm] url`: right for Cloud and wherever the upstream picks a site by name.
    #[default]
    Upstream,
    /// The host customers see: right when that is Jira's own base address.
    Public,
}

/// `[emergency]`: what emergency access is bound to.
#[derive(Clone, Debug)]
pub struct EmergencyConfig {
    /// The longest time somebody may be let in for.
    pub max_minutes: u64,
    /// From where a link may be opened.
    pub networks: Vec<IpNet>,
    /// Who may be let in, by address.
    pub allow: People,
}

impl EmergencyConfig {
    /// Whether somebody may be let in.
    #[must_use]
    pub fn allows(&self, email: &Email) -> bool {
        self.allow.emails.contains(email) || self.allow.has_domain_of(email)
    }

    /// Whether a link may be opened from an address.
    #[must_use]
    pub fn admits(&self, client: Option<IpAddr>) -> bool {
        let within = |client| self.networks.iter().any(|network| network.contains(&client));
        client.is_some_and(within)
    }
}

/// `[limits]`
#[derive(Clone, Copy, Debug)]
pub struct LimitsConfig {
    /// Bytes of request line and headers together; more is answered 431.
    pub header_bytes: usize,
    /// Number of request headers; more is answered 431.
    pub headers: usize,
    /// Bytes of a request body; more is answered 413.
    pub body_bytes: u64,
    /// Bytes of a data call's body that is looked into; more is answered 413.
    pub data_call_bytes: usize,
    /// Bytes of the headers that tell the upstream who the customer is; more is answered 403.
    pub identity_bytes: usize,
    /// Logins a browser may have open at once; the oldest is dropped.
    pub pending_logins: usize,
    /// How long a login may take.
    pub pending_login_age: Duration,
    /// Logins that one address (an IPv6 /64) may begin within a minute; more is answered 429.
    pub logins_per_minute: u32,
    /// Connections of customers, all together; more wait.
    pub connections: usize,
    /// Connections from one address (an IPv6 /64); more are closed.
    pub connections_per_address: usize,
    /// Requests of one customer under way at once; more are answered 503.
    pub requests_per_customer: usize,
    /// Requests under way at once from one address (an IPv6 /64), of people who are not logged in; more
    /// are answered 503.
    pub requests_per_address: usize,
    /// WebSockets of one customer; more are answered 503.
    pub websockets_per_customer: usize,
    /// WebSockets of all customers together; more are answered 503.
    pub websockets: usize,
    /// How long a connection may take for TLS and the head of a request.
    pub header_timeout: Duration,
    /// How long an idle customer connection is kept.
    pub keep_alive: Duration,
    /// Sessions kept in memory.
    pub sessions: u64,
    /// How long a stop waits for requests to finish.
    pub drain: Duration,
}

/// `[audit]`: where the audit trail goes.
#[derive(Clone, Debug)]
pub struct AuditConfig {
    /// Where its lines are written.
    pub to: AuditTo,
}

/// Where the audit trail is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AuditTo {
    /// Into the log, whatever its level.
    Log,
    /// JSON lines on standard output.
    Stdout,
    /// JSON lines in a file.
    File(PathBuf),
}

/// `[log]`
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `text` or `json`.
    pub format: LogFormat,
    /// A `RUST_LOG` filter; `info`.
    pub level: String,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

//! `[session]`, `[forward]`, `[limits]`, `[audit]` and `[log]`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::config::default;
use crate::config::given::Given;
use crate::config::parsed::{ForwardedHost, LogFormat};
use crate::config::raw::Texts;

/// The gate's own login session.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Session {
    /// Ends after this long without a request.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_IDLE))]
    pub(in crate::config) idle: Given<String>,
    /// Ends this long after login, used or not.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_ABSOLUTE))]
    pub(in crate::config) absolute: Given<String>,
    /// Sessions that one customer may have at once; the oldest ends for the newest.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::SESSION_PER_CUSTOMER))]
    pub(in crate::config) per_customer: Given<u64>,
    /// Where sessions are kept: "embedded", "memory", or a Redis for several gates.
    #[serde(default)]
    #[schemars(extend("default" = default::SESSION_STORE))]
    pub(in crate::config) store: Given<String>,
    /// File with the password of the Redis store.
    #[serde(default)]
    pub(in crate::config) store_password_file: Given<String>,
    /// Environment variable with the password.
    #[serde(default)]
    pub(in crate::config) store_password_env: Given<String>,
    /// systemd credential with the password.
    #[serde(default)]
    pub(in crate::config) store_password_credential: Given<String>,
    /// PEM file of the certificate authority to trust for a `rediss://` store, instead of the system's.
    #[serde(default)]
    pub(in crate::config) store_ca_file: Given<String>,
    /// File with the secrets that seal cookies and sessions, one a line: the first seals, all open.
    #[serde(default)]
    pub(in crate::config) secret_file: Given<String>,
    /// Environment variable with the secrets.
    #[serde(default)]
    pub(in crate::config) secret_env: Given<String>,
    /// systemd credential with the secrets.
    #[serde(default)]
    pub(in crate::config) secret_credential: Given<String>,
}

/// How forward mode speaks to the upstream.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Forward {
    /// Header = template, such as `X-User = "{email}"`; a copy a browser sends is removed.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) identity: Given<BTreeMap<Spanned<String>, Given<String>>>,
    /// A signed header that proves to JSM who the customer is; none is sent without this section.
    #[serde(default)]
    pub(in crate::config) assertion: Given<Assertion>,
    /// Which host the upstream is told it was asked for: its own, or the one customers see.
    #[serde(default)]
    #[schemars(extend("default" = "upstream"))]
    pub(in crate::config) host: Given<ForwardedHost>,
    /// Paths open to customers besides those a portal needs; `/x/` is all below it.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) allow_paths: Texts,
    /// Paths that need no login to read, of those that are open; `/x/` is all below it.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) public_paths: Texts,
    /// Whether addresses in pages, scripts, styles and JSON are replaced by the public one.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) rewrite_bodies: Given<bool>,
    /// To reach the upstream.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_CONNECT_TIMEOUT))]
    pub(in crate::config) connect_timeout: Given<String>,
    /// Between two reads of a response.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_READ_TIMEOUT))]
    pub(in crate::config) read_timeout: Given<String>,
    /// Between two writes of a request.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_WRITE_TIMEOUT))]
    pub(in crate::config) write_timeout: Given<String>,
    /// How long an unused connection to the upstream is kept; below the upstream's own.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_KEEP_ALIVE))]
    pub(in crate::config) keep_alive: Given<String>,
    /// PEM file of a further certificate authority to trust for the upstream.
    #[serde(default)]
    pub(in crate::config) ca_file: Given<String>,
    /// Servers to forward to, host and port each; the one in `[jsm] url` when there are none.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) upstreams: Texts,
    /// What each of several servers is asked for to see whether it is well; "" only connects.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_HEALTH_PATH))]
    pub(in crate::config) health_path: Given<String>,
    /// How often each of several servers is asked.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_HEALTH_INTERVAL))]
    pub(in crate::config) health_interval: Given<String>,
    /// Requests that the upstream works on at once; more wait.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::FORWARD_CONCURRENCY))]
    pub(in crate::config) concurrency: Given<u64>,
    /// How long a request waits until the upstream may work on it.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_QUEUE_TIMEOUT))]
    pub(in crate::config) queue_timeout: Given<String>,
    /// Whether a WebSocket may pass.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) websockets: Given<bool>,
}

/// A signed header that proves to JSM who the customer is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Assertion {
    /// Whom it is for: the audience that JSM's side expects, such as its base address.
    pub(in crate::config) audience: Given<String>,
    /// The header that carries it; a copy a browser sends is removed.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_HEADER))]
    pub(in crate::config) header: Given<String>,
    /// How long one is valid: one to five minutes.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_LIFETIME))]
    pub(in crate::config) lifetime: Given<String>,
    /// How long a key signs before the next one does; at least two days.
    #[serde(default)]
    #[schemars(extend("default" = default::ASSERTION_ROTATE))]
    pub(in crate::config) rotate: Given<String>,
}

/// What one request, one browser and one gate may take.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Limits {
    /// Bytes of request line and headers together.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_HEADER_BYTES))]
    pub(in crate::config) header_bytes: Given<String>,
    /// Number of request headers.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_HEADERS))]
    pub(in crate::config) headers: Given<u64>,
    /// Bytes of a request body.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_BODY_BYTES))]
    pub(in crate::config) body_bytes: Given<String>,
    /// Bytes of the body of a portal's data call, where it has to be looked into.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_DATA_CALL_BYTES))]
    pub(in crate::config) data_call_bytes: Given<String>,
    /// Bytes of the headers that tell JSM who the customer is.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_IDENTITY_BYTES))]
    pub(in crate::config) identity_bytes: Given<String>,
    /// Logins a browser may have open at once; the oldest is dropped.
    #[serde(default)]
    #[schemars(range(min = 1, max = 20), extend("default" = default::LIMIT_PENDING_LOGINS))]
    pub(in crate::config) pending_logins: Given<u64>,
    /// How long a login may take.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_PENDING_LOGIN_AGE))]
    pub(in crate::config) pending_login_age: Given<String>,
    /// Logins that one address may begin within a minute.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_LOGINS_PER_MINUTE))]
    pub(in crate::config) logins_per_minute: Given<u64>,
    /// Connections of customers, all together.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_CONNECTIONS))]
    pub(in crate::config) connections: Given<u64>,
    /// Connections from one address.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_CONNECTIONS_PER_ADDRESS))]
    pub(in crate::config) connections_per_address: Given<u64>,
    /// Requests of one customer under way at once.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_REQUESTS_PER_CUSTOMER))]
    pub(in crate::config) requests_per_customer: Given<u64>,
    /// Requests under way at once from one address, of people who are not logged in.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_REQUESTS_PER_ADDRESS))]
    pub(in crate::config) requests_per_address: Given<u64>,
    /// WebSockets of one customer.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_WEBSOCKETS_PER_CUSTOMER))]
    pub(in crate::config) websockets_per_customer: Given<u64>,
    /// WebSockets of all customers together.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_WEBSOCKETS))]
    pub(in crate::config) websockets: Given<u64>,
    /// How long a connection may take for TLS and the head of a request.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_HEADER_TIMEOUT))]
    pub(in crate::config) header_timeout: Given<String>,
    /// How long an idle customer connection is kept.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_KEEP_ALIVE))]
    pub(in crate::config) keep_alive: Given<String>,
    /// Sessions kept in memory.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::LIMIT_SESSIONS))]
    pub(in crate::config) sessions: Given<u64>,
    /// How long a stop waits for requests to finish.
    #[serde(default)]
    #[schemars(extend("default" = default::LIMIT_DRAIN))]
    pub(in crate::config) drain: Given<String>,
}

/// The audit trail: who got in, when, and why not.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Audit {
    /// File of its JSON lines, or "stdout"; part of the log when left out.
    #[serde(default)]
    pub(in crate::config) file: Given<String>,
}

/// Log lines.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Log {
    /// For people or for machines.
    #[serde(default)]
    #[schemars(extend("default" = "text"))]
    pub(in crate::config) format: Given<LogFormat>,
    /// What is written: error, warn, info, debug or trace, or a filter of modules.
    #[serde(default)]
    #[schemars(extend("default" = default::LOG_LEVEL))]
    pub(in crate::config) level: Given<String>,
}

//! `[forward]` as the file spells it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::{Assertion, Texts};
use crate::config::default;
use crate::config::field::Field;
use crate::config::parsed::{ForwardedHost, JiraLogin};

/// How forward mode speaks to the upstream.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Forward {
    /// Header = template, such as `X-User = "{email}"`; a copy a browser sends is removed.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) identity: Field<BTreeMap<Spanned<String>, Field<String>>>,
    /// A signed header that proves to JSM who the customer is; none is sent without this section.
    #[serde(default)]
    pub(in crate::config) assertion: Field<Assertion>,
    /// Which host the upstream is told it was asked for: its own, or the one customers see.
    #[serde(default)]
    #[schemars(extend("default" = "upstream"))]
    pub(in crate::config) host: Field<ForwardedHost>,
    /// How customers get Jira's own login: by what tells Jira who they are, by Jira's built-in SAML
    /// login, or not at all.
    #[serde(default)]
    #[schemars(extend("default" = "headers"))]
    pub(in crate::config) jira_login: Field<JiraLogin>,
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
    pub(in crate::config) rewrite_bodies: Field<bool>,
    /// To reach the upstream.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_CONNECT_TIMEOUT))]
    pub(in crate::config) connect_timeout: Field<String>,
    /// Between two reads of a response.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_READ_TIMEOUT))]
    pub(in crate::config) read_timeout: Field<String>,
    /// Between two writes of a request.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_WRITE_TIMEOUT))]
    pub(in crate::config) write_timeout: Field<String>,
    /// How long an unused connection to the upstream is kept; below the upstream's own.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_KEEP_ALIVE))]
    pub(in crate::config) keep_alive: Field<String>,
    /// PEM file of a further certificate authority to trust for the upstream.
    #[serde(default)]
    pub(in crate::config) ca_file: Field<String>,
    /// Servers to forward to, host and port each; the one in `[jsm] url` when there are none.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) upstreams: Texts,
    /// What each of several servers is asked for to see whether it is well; "" only connects.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_HEALTH_PATH))]
    pub(in crate::config) health_path: Field<String>,
    /// How often each of several servers is asked.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_HEALTH_INTERVAL))]
    pub(in crate::config) health_interval: Field<String>,
    /// Requests that the upstream works on at once; more wait.
    #[serde(default)]
    #[schemars(range(min = 1), extend("default" = default::FORWARD_CONCURRENCY))]
    pub(in crate::config) concurrency: Field<u64>,
    /// How long a request waits until the upstream may work on it.
    #[serde(default)]
    #[schemars(extend("default" = default::FORWARD_QUEUE_TIMEOUT))]
    pub(in crate::config) queue_timeout: Field<String>,
    /// Whether a WebSocket may pass.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) websockets: Field<bool>,
}

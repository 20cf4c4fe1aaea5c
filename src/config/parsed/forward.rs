//! `[forward]` as the rest of the gate sees it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderName;
use schemars::JsonSchema;
use serde::Deserialize;

use super::AssertionConfig;
use crate::domain::{OpenPath, Template};

/// `[forward]`: how forward mode speaks to the upstream.
#[derive(Clone, Debug)]
pub struct ForwardConfig {
    /// `[forward.identity]`: header = template such as `{email}`.
    pub identity: Vec<(HeaderName, Template)>,
    /// `[forward.assertion]`; none is sent without it.
    pub assertion: Option<AssertionConfig>,
    /// The host the upstream is told it was asked for.
    pub host: ForwardedHost,
    /// How customers get Jira's own login.
    pub jira_login: JiraLogin,
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

/// How customers get Jira's own login, so that Jira knows who they are.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum JiraLogin {
    /// Something in Jira trusts the headers of `[forward.identity]` or `[forward.assertion]`.
    #[default]
    Headers,
    /// By the SAML login that Jira Data Center has built in; the gate is its identity provider.
    Saml,
    /// Not at all: portals are open to anybody in Jira, or customers log in there themselves.
    None,
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

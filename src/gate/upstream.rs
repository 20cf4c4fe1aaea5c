//! The JSM server that requests are forwarded to: its names, its nodes and how they are reached. It
//! must not know who sends a request, or whether it may be forwarded.

mod affinity;
mod request;

use std::net::SocketAddr;
use std::sync::Arc;

use http::{HeaderValue, Method};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::upstreams::peer::{HttpPeer, HttpUpstreamRequestPolicy, Peer as _, PeerOptions};
use pingora::{Error, ErrorType, Result};
use url::Url;

use super::context::RequestContext;
use super::nodes::check::Check;
use super::nodes::{NodePreference, Nodes};
use super::rewrite::{Addresses, BodyRewriter};
use super::translate::Translation;
use super::tunnel::Tunnels;
use crate::config::{Config, ForwardConfig, ForwardedHost, ServerName};
use crate::domain::ContextPath;

pub(crate) use request::drop_header_case;

use request::RequestMaker;

/// The JSM server that requests are forwarded to.
pub(crate) struct Upstream {
    tls: bool,
    /// Never empty: an empty name would turn certificate checks off (pingora, as nginx).
    name: String,
    pub(crate) nodes: Nodes,
    check: Check,
    options: PeerOptions,
    requests: RequestMaker,
    translation: Translation,
    /// What to rewrite in bodies, if anything.
    rewriting: Option<Arc<Addresses>>,
    pub(crate) tunnels: Tunnels,
}

/// The configured address of JSM names no host.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("[jsm] url has no host name")]
pub struct NoHost;

impl Upstream {
    pub(crate) fn new(config: &Config) -> Result<Self, NoHost> {
        let url = &config.jsm.url;
        let name = url.host_str().filter(|name| !name.is_empty()).ok_or(NoHost)?;
        let name = name.trim_start_matches('[').trim_end_matches(']').to_owned();
        let public = &config.gate.public_url;
        let sees_public_host = config.forward.host == ForwardedHost::Public;
        let host = if sees_public_host { public.authority().to_owned() } else { authority(url) };
        let host = HeaderValue::try_from(host).map_err(|_| NoHost)?;
        let rewriting = rewriting(config);
        Ok(Self {
            tls: url.scheme() == "https",
            nodes: Nodes::new(servers(config, &name)),
            check: check(config, &host),
            options: peer_options(config),
            requests: RequestMaker::new(config, host, rewriting.is_some()).map_err(|_| NoHost)?,
            translation: Translation::new(public, url),
            rewriting,
            name,
            tunnels: Tunnels::default(),
        })
    }

    /// Looks names up and asks how the nodes are, for ever.
    pub(crate) async fn keep_fresh(&self, forward: &ForwardConfig) {
        let connector = self.tunnels.connector(forward);
        let asking =
            self.check.keep_checking(&self.nodes, connector, |address| self.peer_at(address));
        tokio::join!(self.nodes.keep_resolved(), asking);
    }

    /// What all of JSM's pages are below, if anything.
    pub(crate) fn context_path(&self) -> &ContextPath {
        self.translation.context_path()
    }

    /// The server to try next, noted in `context`.
    pub(crate) fn peer(
        &self,
        request: &RequestHeader,
        context: &mut RequestContext,
    ) -> Result<Box<HttpPeer>> {
        let preference = if self.nodes.are_several() {
            affinity::preferred_node(request, context)
        } else {
            NodePreference::default()
        };
        let next = self.nodes.next(preference, &context.tried);
        let (node, address) = next.ok_or_else(|| {
            Error::explain(ErrorType::ConnectNoRoute, "the upstream's name is not known yet")
        })?;
        context.node = node;
        Ok(Box::new(self.peer_at(address)))
    }

    fn peer_at(&self, address: SocketAddr) -> HttpPeer {
        let mut peer = HttpPeer::new(address, self.tls, self.name.clone());
        peer.options = self.options.clone();
        peer
    }

    /// Notes that a server could not be reached; whether there is another to try.
    pub(crate) fn unreachable(&self, peer: &HttpPeer, context: &mut RequestContext) -> bool {
        if let Some(address) = peer.address().as_inet() {
            self.nodes.record_unreachable(*address);
            context.tried.push(*address);
        }
        self.nodes.next(NodePreference::default(), &context.tried).is_some()
    }

    /// Turns a customer's request into the one that the upstream gets.
    ///
    /// # Errors
    /// When nobody has decided that it may be forwarded.
    pub(crate) fn prepare(
        &self,
        request: &mut RequestHeader,
        context: &RequestContext,
    ) -> Result<()> {
        self.requests.prepare(request, context, &self.translation)
    }

    /// Learns from an answer what a node appends to the ids of its sessions.
    pub(crate) fn learn_route(&self, response: &ResponseHeader, context: &RequestContext) {
        if self.nodes.are_several() {
            affinity::learn_route(&self.nodes, context.node, &response.headers);
        }
    }

    /// Turns the head of the upstream's answer into one that is true at the public address.
    pub(crate) fn translate(&self, response: &mut ResponseHeader) -> Result<()> {
        self.translation.headers_down(response)
    }

    /// What the body of an answer to a `method` request has to go through, if anything; the head
    /// is made to fit.
    pub(crate) fn rewriter(
        &self,
        method: &Method,
        response: &mut ResponseHeader,
    ) -> Result<Option<BodyRewriter>> {
        match &self.rewriting {
            Some(addresses) => BodyRewriter::begin(addresses, method, response),
            None => Ok(None),
        }
    }
}

/// The servers to forward to: those that are named, or the one in JSM's address.
fn servers(config: &Config, name: &str) -> Vec<ServerName> {
    if config.forward.upstreams.is_empty() {
        let port = config.jsm.url.port_or_known_default().unwrap_or(443);
        return vec![ServerName { host: name.to_owned(), port }];
    }
    config.forward.upstreams.clone()
}

fn check(config: &Config, host: &HeaderValue) -> Check {
    let forward = &config.forward;
    let path = &forward.health_path;
    let context_path = ContextPath::of(&config.jsm.url);
    let path = (!path.is_empty()).then(|| context_path.before(path).into_owned());
    Check {
        path,
        host: host.clone(),
        interval: forward.health_interval,
        timeout: forward.connect_timeout * 2,
    }
}

fn peer_options(config: &Config) -> PeerOptions {
    let forward = &config.forward;
    let mut options = PeerOptions::new();
    options.connection_timeout = Some(forward.connect_timeout);
    options.total_connection_timeout = Some(forward.connect_timeout * 2);
    options.read_timeout = Some(forward.read_timeout);
    options.write_timeout = Some(forward.write_timeout);
    options.idle_timeout = Some(forward.keep_alive);
    // WebSockets go through a tunnel; nothing else is ever upgraded.
    options.http_upstream_request_policy = HttpUpstreamRequestPolicy::deny_upgrades();
    options
}

fn rewriting(config: &Config) -> Option<Arc<Addresses>> {
    let between = || Addresses::new(&config.jsm.url, &config.gate.public_url);
    config.forward.rewrite_bodies.then(between).flatten().map(Arc::new)
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

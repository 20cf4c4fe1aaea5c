//! Where requests are forwarded to, and what they look like when they get there.

use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HOST, ORIGIN, REFERER, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, request};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::upstreams::peer::{HttpPeer, HttpUpstreamRequestPolicy, Peer as _, PeerOptions};
use pingora::{Error, ErrorType, Result};
use url::Url;

use super::client;
use super::context::{Forward, RequestContext};
use super::identity;
use super::nodes::check::Check;
use super::nodes::{NodePreference, Nodes, stable_hash};
use super::rewrite::{self, Addresses, BodyRewriter};
use super::stripped_headers::StrippedHeaders;
use super::translate::Translation;
use super::tunnel::Tunnels;
use crate::config::{Config, ForwardConfig, ForwardedHost, ServerName};
use crate::domain::ContextPath;
use crate::jsm::paths::{REMEMBER_ME_COOKIE, SESSION_COOKIE};
use crate::session::cookie;

/// How many headers the gate puts into a request, besides who the customer is.
const ADDED: usize = 6;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The JSM server that requests are forwarded to.
pub(crate) struct Upstream {
    tls: bool,
    /// Never empty: an empty name would turn certificate checks off (pingora, as nginx).
    name: String,
    pub(crate) nodes: Nodes,
    check: Check,
    options: PeerOptions,
    host: HeaderValue,
    sees_public_host: bool,
    public_host: HeaderValue,
    public_scheme: HeaderValue,
    translation: Translation,
    /// What to rewrite in bodies, if anything.
    rewriting: Option<Arc<Addresses>>,
    stripped: StrippedHeaders,
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
        let translation = Translation::new(public, url);
        Ok(Self {
            tls: url.scheme() == "https",
            nodes: Nodes::new(servers(config, &name)),
            check: check(config, &host),
            options: peer_options(config),
            host,
            sees_public_host,
            public_host: HeaderValue::from_str(public.authority()).map_err(|_| NoHost)?,
            public_scheme: HeaderValue::from_static(if public.is_https() {
                "https"
            } else {
                "http"
            }),
            rewriting: rewriting(config),
            translation,
            stripped: StrippedHeaders::new(identity::names(config)),
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
            preferred_node(request, context)
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

    /// Turns a customer's request into the one the upstream gets: without anything the customer
    /// could say about who they are, with what the gate says (docs/security.md B).
    pub(crate) fn prepare(
        &self,
        request: &mut RequestHeader,
        context: &RequestContext,
    ) -> Result<()> {
        let forward = context.forward.as_ref().ok_or_else(|| {
            Error::explain(ErrorType::InternalError, "a request that was not decided on")
        })?;
        let mut head = take(request);
        self.prepare_headers(&mut head.headers, forward, context);
        *request = head.into();
        let path = forward.target.with_context(self.context_path());
        // Usually it is there already, and parsing it again would take longer than comparing.
        if request.raw_path() == path.as_bytes() {
            Ok(())
        } else {
            request.set_raw_path(path.as_bytes())
        }
    }

    fn prepare_headers(
        &self,
        headers: &mut HeaderMap,
        forward: &Forward,
        context: &RequestContext,
    ) {
        for name in self.stripped.among(headers) {
            headers.remove(name);
        }
        headers.remove(AUTHORIZATION);
        replace_cookies(headers, forward.session.is_none());
        // Room for what follows, made once.
        headers.reserve(ADDED + forward.identity.as_ref().map_or(0, |it| it.values.len()));
        headers.insert(HOST, self.host.clone());
        if self.rewriting.is_some() {
            let acceptable = HeaderValue::from_static(rewrite::acceptable(headers));
            headers.insert(ACCEPT_ENCODING, acceptable);
        }
        if !self.sees_public_host {
            self.translate_up(headers, ORIGIN);
            self.translate_up(headers, REFERER);
        }
        self.say_where_from(headers, context);
        if let Some(values) = &forward.identity {
            context.app.identity.put(values, headers);
        }
    }

    /// Learns from an answer what a node appends to the ids of its sessions.
    pub(crate) fn learn_route(&self, response: &ResponseHeader, context: &RequestContext) {
        if !self.nodes.are_several() {
            return;
        }
        let cookies = response.headers.get_all(SET_COOKIE).iter();
        for cookie in cookies.filter_map(|cookie| cookie.to_str().ok()) {
            let id = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            let id = id.filter(|(name, _)| name.trim() == SESSION_COOKIE).map(|(_, id)| id);
            if let Some(route) = id.and_then(route_of) {
                self.nodes.learn_route(context.node, route);
            }
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

    /// Sets what a front tells an upstream, in place of whatever the customer sent.
    fn say_where_from(&self, headers: &mut HeaderMap, context: &RequestContext) {
        if let Some(client) = context.client.and_then(client::header_value) {
            headers.insert(X_FORWARDED_FOR, client);
        }
        headers.insert(X_FORWARDED_HOST, self.public_host.clone());
        headers.insert(X_FORWARDED_PROTO, self.public_scheme.clone());
        headers.insert(X_REQUEST_ID, context.request_id.header_value());
    }

    fn translate_up(&self, headers: &mut HeaderMap, name: HeaderName) {
        let value = headers.get(&name).and_then(|value| value.to_str().ok());
        let translated = value.and_then(|value| self.translation.address_up(value));
        if let Some(value) = translated.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
}

/// Leaves the letter case of names behind, which pingora keeps in a second map: it is copied with
/// every request and each change has to keep it true. Names are alike in any case (RFC 9110, 5.1).
/// For targets that [`crate::reading::Target`] has let through only: others would be lost as well.
pub(crate) fn drop_header_case(request: &mut RequestHeader) {
    if request.has_case() {
        *request = take(request).into();
    }
}

fn take(request: &mut RequestHeader) -> request::Parts {
    mem::replace(request, Request::new(()).into_parts().0.into()).into()
}

/// The node that a request prefers. Who is not logged in is told apart by their address.
fn preferred_node<'a>(request: &'a RequestHeader, context: &RequestContext) -> NodePreference<'a> {
    let session = context.forward.as_ref().and_then(|forward| forward.session.as_ref());
    let customer = match (session, context.client) {
        (Some(session), _) => stable_hash(&[session.key().bytes()]),
        (None, Some(address)) => stable_hash(&[address.to_string().as_bytes()]),
        (None, None) => 0,
    };
    let route = cookie::value(&request.headers, SESSION_COOKIE).and_then(route_of);
    NodePreference { route, customer }
}

/// What follows the last dot of a session's id.
fn route_of(id: &str) -> Option<&str> {
    id.trim().trim_matches('"').rsplit_once('.').map(|(_, route)| route)
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

/// The upstream gets one `Cookie` line (HTTP/2 browsers send several: pingora #892) without any of
/// the gate's own, which would also fill up Tomcat's 8 KB. A request of nobody's logs nobody in to Jira
/// by what a browser remembers of an earlier login there.
fn replace_cookies(headers: &mut HeaderMap, nobody: bool) {
    let logs_in = |name: &str| nobody && name.eq_ignore_ascii_case(REMEMBER_ME_COOKIE);
    match cookie::without(headers, |name| cookie::is_ours(name) || logs_in(name)) {
        Some(rest) => headers.insert(COOKIE, rest),
        None => headers.remove(COOKIE),
    };
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

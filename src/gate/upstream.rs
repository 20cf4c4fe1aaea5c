//! Where requests are forwarded to, and what they look like when they get there.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use http::header::{
    AUTHORIZATION, CONTENT_LOCATION, COOKIE, HOST, LOCATION, ORIGIN, REFERER, SET_COOKIE,
};
use http::{HeaderName, HeaderValue};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::upstreams::peer::{HttpPeer, HttpUpstreamRequestPolicy, PeerOptions};
use pingora::{Error, ErrorType, Result};
use url::Url;

use super::context::RequestContext;
use super::hidden::HiddenHeaders;
use super::hygiene::Target;
use super::identity;
use super::translate::Translation;
use super::tunnel::Tunnels;
use crate::config::{Config, ForwardedHost};
use crate::session::cookie;

/// How often the upstream's name is looked up again.
const LOOK_UP_EVERY: Duration = Duration::from_secs(30);

/// The JSM server that requests are forwarded to.
pub(crate) struct Upstream {
    tls: bool,
    /// Never empty: an empty name would turn certificate checks off (pingora, as nginx).
    name: String,
    port: u16,
    addresses: ArcSwap<Vec<SocketAddr>>,
    options: PeerOptions,
    host: HeaderValue,
    sees_public_host: bool,
    translation: Translation,
    hidden: HiddenHeaders,
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
        let translation =
            Translation::new(public, &url.origin().ascii_serialization(), context_path(url));
        Ok(Self {
            tls: url.scheme() == "https",
            port: url.port_or_known_default().unwrap_or(443),
            addresses: ArcSwap::default(),
            options: peer_options(config),
            host: HeaderValue::try_from(host).map_err(|_| NoHost)?,
            sees_public_host,
            translation,
            hidden: HiddenHeaders::new(identity::names(config)),
            name,
            tunnels: Tunnels::default(),
        })
    }

    /// Looks the name up now and then for ever, so that no request ever waits for it.
    pub(crate) async fn keep_resolved(&self) {
        loop {
            match tokio::net::lookup_host((self.name.as_str(), self.port)).await {
                Ok(found) => self.addresses.store(Arc::new(found.collect())),
                Err(error) => {
                    tracing::warn!(host = self.name, %error, "the upstream's name is not found");
                }
            }
            let missing = self.addresses.load().is_empty();
            tokio::time::sleep(if missing { Duration::from_secs(1) } else { LOOK_UP_EVERY }).await;
        }
    }

    /// A target without the upstream's context path, which its pages may put in their links.
    pub(crate) fn without_context_path(&self, target: Target) -> Target {
        let raw = self.translation.without_context(&target.raw);
        match (raw, self.translation.without_context(&target.path)) {
            (Some(raw), Some(path)) => Target { raw: raw.to_owned(), path: path.to_owned() },
            _ => target,
        }
    }

    /// The server to try next: each attempt takes the next address.
    pub(crate) fn peer(&self, attempt: usize) -> Result<Box<HttpPeer>> {
        let addresses = self.addresses.load();
        let at = attempt.checked_rem(addresses.len());
        let address = at.and_then(|at| addresses.get(at)).ok_or_else(|| {
            Error::explain(ErrorType::ConnectNoRoute, "the upstream's name is not known yet")
        })?;
        let mut peer = HttpPeer::new(*address, self.tls, self.name.clone());
        peer.options = self.options.clone();
        Ok(Box::new(peer))
    }

    /// How many addresses there are to try.
    pub(crate) fn address_count(&self) -> usize {
        self.addresses.load().len()
    }

    /// Turns a customer's request into the one the upstream gets: without anything the customer
    /// could say about who they are, with what the gate says (threats.md B).
    pub(crate) fn prepare(
        &self,
        request: &mut RequestHeader,
        context: &RequestContext,
    ) -> Result<()> {
        let passed = context.passed.as_ref().ok_or_else(|| {
            Error::explain(ErrorType::InternalError, "a request that was not decided on")
        })?;
        request.set_raw_path(self.translation.path_up(&passed.target.raw).as_bytes())?;
        for name in self.hidden.among(&request.headers) {
            request.remove_header(&name);
        }
        request.remove_header(&AUTHORIZATION);
        replace_cookies(request)?;
        request.insert_header(HOST, &self.host)?;
        if !self.sees_public_host {
            self.translate_up(request, ORIGIN)?;
            self.translate_up(request, REFERER)?;
        }
        say_where_from(request, context)?;
        match &passed.identity {
            Some(values) => context.app.identity.put(values, request),
            None => Ok(()),
        }
    }

    /// Turns the upstream's answer into one that is true at the public address.
    pub(crate) fn translate(&self, response: &mut ResponseHeader) -> Result<()> {
        for name in [LOCATION, CONTENT_LOCATION] {
            let value = response.headers.get(&name).and_then(|value| value.to_str().ok());
            if let Some(value) = value.and_then(|value| self.translation.location_down(value)) {
                response.insert_header(name, value)?;
            }
        }
        let cookies: Vec<_> = response.headers.get_all(SET_COOKIE).iter().cloned().collect();
        if !cookies.is_empty() {
            response.remove_header(&SET_COOKIE);
            for cookie in cookies.iter().filter_map(|cookie| self.translation.cookie_down(cookie)) {
                response.append_header(SET_COOKIE, cookie)?;
            }
        }
        Ok(())
    }

    fn translate_up(&self, request: &mut RequestHeader, name: HeaderName) -> Result<()> {
        let value = request.headers.get(&name).and_then(|value| value.to_str().ok());
        match value.and_then(|value| self.translation.address_up(value)) {
            Some(value) => request.insert_header(name, value),
            None => Ok(()),
        }
    }
}

/// Sets what a front tells an upstream, in place of whatever the customer sent.
fn say_where_from(request: &mut RequestHeader, context: &RequestContext) -> Result<()> {
    let public = &context.app.config.gate.public_url;
    if let Some(client) = context.client {
        request.insert_header("X-Forwarded-For", client.to_string())?;
    }
    request.insert_header("X-Forwarded-Host", public.authority())?;
    let scheme = if public.is_https() { "https" } else { "http" };
    request.insert_header("X-Forwarded-Proto", scheme)?;
    request.insert_header("X-Request-Id", context.request_id.as_str())?;
    Ok(())
}

/// The upstream gets one `Cookie` line (HTTP/2 browsers send several: pingora #892) without any of
/// the gate's own, which would also fill up Tomcat's 8 KB.
fn replace_cookies(request: &mut RequestHeader) -> Result<()> {
    if let Some(rest) = cookie::without_ours(&request.headers) {
        return request.insert_header(COOKIE, rest);
    }
    request.remove_header(&COOKIE);
    Ok(())
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

fn context_path(url: &Url) -> &str {
    url.path().trim_end_matches('/')
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

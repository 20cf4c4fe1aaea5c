//! WebSockets: a connection of its own from the customer to the upstream, opened like any other
//! request and ended with the session. It must not know what is said in it.
//!
//! pingora's own proxying of upgrades is not used: it breaks a connection off when the upstream is
//! quick (#946), and it runs no code while nobody speaks, so a logout would not end it.

mod frames;
mod head;

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use http::StatusCode;
use pingora::connectors::ConnectorOptions;
use pingora::connectors::http::v1::Connector;
use pingora::http::RequestHeader;
use pingora::protocols::http::v1::client::HttpSession as Upstream;
use pingora::proxy::Session;
use pingora::{Error, ErrorType, OrErr as _, Result};
use tokio::sync::watch;
use tokio::time::timeout;

use self::frames::Frames;
use super::context::RequestContext;
use super::{answer, reply};
use crate::config::ForwardConfig;

pub(crate) use head::is_wanted;

/// Policy violation: what allowed the WebSocket has ended (RFC 6455, section 7.4.1).
const SESSION_OVER: u16 = 1008;
/// Going away: the gate stops or has a new configuration, so the customer should connect again.
const GOING_AWAY: u16 = 1001;

/// How long the last frame to a customer may take, who may be gone already.
const LAST_WORD: Duration = Duration::from_secs(1);

/// Opens connections to the upstream that are never shared.
#[derive(Default)]
pub(crate) struct Tunnels(OnceLock<Connector>);

impl Tunnels {
    /// Made when first needed: it reads the system's certificates.
    pub(crate) fn connector(&self, config: &ForwardConfig) -> &Connector {
        self.0.get_or_init(|| {
            let mut options = ConnectorOptions::new(0);
            options.ca_file = config.ca_file.as_ref().map(|path| path.display().to_string());
            Connector::new(Some(options))
        })
    }
}

/// Serves a request for a WebSocket that was let through, to its very end.
///
/// # Errors
/// When the upstream cannot be reached or either side breaks off.
pub(crate) async fn serve(
    session: &mut Session,
    context: &mut RequestContext,
    closing: watch::Receiver<()>,
) -> Result<()> {
    let public_url = &context.app.config.gate.public_url;
    if let Err(problem) = head::check(session.req_header(), public_url) {
        let response = reply::problem(session.req_header(), context, &problem);
        session.set_keepalive(None);
        return reply::send(session, context, response).await;
    }
    let mut request = head::to_send(session.req_header())?;
    context.app.upstream.prepare(&mut request, context)?;
    let mut upstream = connect(session.req_header(), context).await?;
    let asked = Instant::now();
    ask(&mut upstream, request, context.app.config.forward.read_timeout).await?;
    context.upstream_took = Some(asked.elapsed());
    if upstream.get_status() == Some(StatusCode::SWITCHING_PROTOCOLS) {
        accept(session, context, &upstream).await?;
        bridge(session, &mut upstream, context, closing).await
    } else {
        relay(session, &mut upstream, context).await
    }
}

/// A new connection to the first address that takes one.
async fn connect(customers: &RequestHeader, context: &mut RequestContext) -> Result<Upstream> {
    let app = Arc::clone(&context.app);
    let forward = &app.config.forward;
    let connector = app.upstream.tunnels.connector(forward);
    loop {
        let peer = app.upstream.peer(customers, context)?;
        match connector.get_http_session(peer.as_ref()).await {
            Ok((mut upstream, _)) => {
                upstream.write_timeout = Some(forward.write_timeout);
                return Ok(upstream);
            }
            Err(error) => {
                if !app.upstream.unreachable(&peer, context) {
                    return Err(error.into_up());
                }
            }
        }
    }
}

/// Sends the request and waits for an answer. What the customer sent after the request is still
/// unread: it goes nowhere unless the upstream agrees (docs/security.md F1).
async fn ask(upstream: &mut Upstream, request: RequestHeader, limit: Duration) -> Result<()> {
    upstream.read_timeout = Some(limit);
    let asking = async {
        upstream.write_request_header(Box::new(request)).await?;
        loop {
            upstream.read_response().await?;
            let status = upstream.get_status();
            let is_interim = status.is_some_and(|status| status.is_informational());
            if !is_interim || status == Some(StatusCode::SWITCHING_PROTOCOLS) {
                return Ok(());
            }
        }
    };
    match asking.await {
        Ok(()) => Ok(()),
        Err(error) => Err(Error::into_up(error)),
    }
}

/// Passes the upstream's agreement on to the customer.
async fn accept(
    session: &mut Session,
    context: &mut RequestContext,
    upstream: &Upstream,
) -> Result<()> {
    let mut header = answer_of(upstream)?;
    if !upstream.was_upgraded() || !head::is_agreed(&header) {
        return Err(Error::new_up(ErrorType::Custom("another protocol, which nobody asked for")));
    }
    answer::pass_on_head(&mut header, context)?;
    head::to_pass_on(&mut header)?;
    context.status = header.status.as_u16();
    context.hold.is_only_a_tunnel();
    // A WebSocket may be silent for long. A customer who is gone is noticed by writing.
    session.set_read_timeout(None);
    session.set_write_timeout(Some(context.app.config.forward.write_timeout));
    session.write_response_header(Box::new(header), false).await
}

/// The upstream wants no WebSocket: its answer is passed on like any other. The connection ends
/// with it, because it is unknown what the customer sent after the request.
async fn relay(
    session: &mut Session,
    upstream: &mut Upstream,
    context: &mut RequestContext,
) -> Result<()> {
    let mut header = answer_of(upstream)?;
    answer::pass_on_head(&mut header, context)?;
    context.status = header.status.as_u16();
    session.set_keepalive(None);
    session.write_response_header(Box::new(header), false).await?;
    while let Some(chunk) = upstream.read_body_bytes().await.map_err(Error::into_up)? {
        session.write_response_body(Some(chunk), false).await?;
    }
    session.write_response_body(None, true).await
}

fn answer_of(upstream: &Upstream) -> Result<pingora::http::ResponseHeader> {
    let header = upstream.resp_header().cloned();
    header.ok_or_else(|| Error::explain(ErrorType::InternalError, "no answer was read"))
}

/// How a WebSocket ended.
enum End {
    /// The customer or the upstream closed it.
    Closed,
    /// The gate closes it, and says so with this status.
    ByGate(u16),
}

/// Carries both ways until the customer, the upstream, the end of the session or the gate ends it.
async fn bridge(
    session: &mut Session,
    upstream: &mut Upstream,
    context: &RequestContext,
    mut closing: watch::Receiver<()>,
) -> Result<()> {
    upstream.read_timeout = None;
    upstream.maybe_upgrade_body_writer();
    let mut to_customer = Outgoing::default();
    let end = tokio::select! {
        carried = carry(session, upstream, context, &mut to_customer) => {
            carried?;
            End::Closed
        }
        () = session_over(context) => End::ByGate(SESSION_OVER),
        _ = closing.changed() => End::ByGate(GOING_AWAY),
    };
    if let End::ByGate(status) = end {
        tracing::info!(request_id = %context.request_id, status, "a WebSocket is closed");
        if to_customer.are_whole() {
            let frame = frames::close_frame(status).to_vec().into();
            let said = session.as_downstream_mut().write_response_body(frame, false);
            drop(timeout(LAST_WORD, said).await);
        }
    }
    // The rest of what the customer sent is not read. A customer who reads nothing is not waited
    // for.
    let finished = timeout(LAST_WORD, session.as_downstream_mut().finish_body()).await;
    finished.unwrap_or_else(|_| Error::e_explain(ErrorType::WriteTimedout, "to a WebSocket"))
}

/// Ends with the session. It never ends where nobody is logged in, on a public portal.
async fn session_over(context: &RequestContext) {
    match context.forward.as_ref().and_then(|forward| forward.session.as_ref()) {
        Some(session) => context.app.sessions.wait_for_end(session).await,
        None => std::future::pending().await,
    }
}

/// Carries until one side closes. At most one read of each side waits to be written.
async fn carry(
    session: &mut Session,
    upstream: &mut Upstream,
    context: &RequestContext,
    to_customer: &mut Outgoing,
) -> Result<()> {
    let who = context.forward.as_ref().and_then(|forward| forward.session.as_ref());
    let mut from_customer = Frames::default();
    loop {
        tokio::select! {
            read = session.as_downstream_mut().read_request_body() => {
                let Some(bytes) = read.map_err(Error::into_down)? else { return Ok(()) };
                let spoke = from_customer.follow(&bytes);
                if let (true, Some(who)) = (spoke, who) {
                    context.app.sessions.record_use(who);
                }
                upstream.write_body(&bytes).await.map_err(Error::into_up)?;
            }
            read = upstream.read_body_bytes() => {
                let Some(bytes) = read.map_err(Error::into_up)? else { return Ok(()) };
                to_customer.begin(&bytes);
                let sent = session.as_downstream_mut().write_response_body(bytes, false).await;
                sent.or_err(ErrorType::WriteError, "to a WebSocket").map_err(Error::into_down)?;
                to_customer.done();
            }
        }
    }
}

/// Whether the customer has got whole frames only, so that a frame of the gate's own can follow.
#[derive(Default)]
struct Outgoing {
    frames: Frames,
    is_writing: bool,
}

impl Outgoing {
    fn begin(&mut self, bytes: &[u8]) {
        self.frames.follow(bytes);
        self.is_writing = true;
    }

    fn done(&mut self) {
        self.is_writing = false;
    }

    fn are_whole(&self) -> bool {
        !self.is_writing && self.frames.are_whole()
    }
}

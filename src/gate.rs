//! The request path: hygiene, route, access, then forward or page. The only room besides `server`
//! that knows pingora; its `ProxyHttp` implementation translates between pingora and the rooms
//! below and decides nothing itself.

mod access_log;
mod admit;
mod ahead;
mod answer;
mod app;
mod audit_portal;
mod caching;
mod client;
mod context;
mod failure;
mod framing;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod head_clock;
mod hop_by_hop;
mod hygiene;
mod identity;
mod in_process;
mod incoming;
mod isolation;
mod links;
mod load;
mod nodes;
mod pace;
mod reply;
mod rewrite;
mod stripped_headers;
mod translate;
mod tunnel;
mod upstream;
mod whole_body;
mod worker;

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use bytes::Bytes;
use http::header::TRANSFER_ENCODING;
use http::{StatusCode, Version};
use parking_lot::Mutex;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::modules::http::HttpModules;
use pingora::proxy::{FailToProxy, ProxyHttp, Session};
use pingora::upstreams::peer::HttpPeer;
use pingora::{Error, ErrorType, Result};
use tokio::sync::watch;

pub use app::{App, AppParts};
pub use head_clock::HeadClock;
pub use nodes::NodeState;
pub use pace::{LEAST, WINDOW};
pub use upstream::NoHost;

use context::RequestContext;
use failure::{Cause, LOGIN_IN_FORM};
use head_clock::UnderWay;
use incoming::Admission;
use load::Load;
use pace::{AnswerPace, Pace};
use worker::Worker;

use crate::problem::Problem;
use crate::telemetry::Metrics;

/// How long the rest of a request body is read away before its connection is closed.
const DRAIN: Duration = Duration::from_secs(5);

/// The proxy: everything that customers reach, as one thread serves it.
pub struct Gate {
    app: Arc<ArcSwap<App>>,
    worker: Arc<Worker>,
    /// Those of all threads.
    workers: Arc<Mutex<Vec<Arc<Worker>>>>,
    metrics: Arc<Metrics>,
    close_tunnels: watch::Sender<()>,
}

impl Gate {
    /// A gate that serves whatever `app` holds when a request arrives.
    #[must_use]
    pub fn new(app: Arc<ArcSwap<App>>, metrics: Arc<Metrics>) -> Self {
        let worker = Arc::new(Worker::new(&app, &metrics, &Arc::new(Load::default())));
        let workers = Arc::new(Mutex::new(vec![Arc::clone(&worker)]));
        Self { app, worker, workers, metrics, close_tunnels: watch::Sender::new(()) }
    }

    /// The same gate for another thread.
    #[must_use]
    pub fn for_another_thread(&self) -> Self {
        let worker = Arc::new(Worker::new(&self.app, &self.metrics, &self.worker.load));
        self.workers.lock().push(Arc::clone(&worker));
        Self {
            app: Arc::clone(&self.app),
            worker,
            workers: Arc::clone(&self.workers),
            metrics: Arc::clone(&self.metrics),
            close_tunnels: self.close_tunnels.clone(),
        }
    }

    /// Counts the requests under way, of all threads.
    pub fn in_flight(&self) -> impl Fn() -> usize + Send + 'static {
        let workers = Arc::clone(&self.workers);
        move || workers.lock().iter().map(|worker| worker.in_flight()).sum()
    }

    /// Counts those of them that customers sent who are logged in.
    pub fn of_customers(&self) -> impl Fn() -> usize + Send + 'static {
        let workers = Arc::clone(&self.workers);
        move || workers.lock().iter().map(|worker| worker.of_customers()).sum()
    }

    /// Counts the requests that JSM works on, and those that wait until it can.
    pub fn at_upstream(&self) -> impl Fn() -> (usize, usize) + Send + 'static {
        let load = Arc::clone(&self.worker.load);
        move || load.at_upstream()
    }

    /// What says when a WebSocket has to close, where one is wanted. It is listened to from before
    /// the decision on: none that the old configuration allowed may miss that there is a new one.
    fn tunnel_closing(
        &self,
        session: &Session,
        context: &mut RequestContext,
    ) -> Option<watch::Receiver<()>> {
        let open = |app: &App| app.config.forward.websockets;
        if !open(&context.app) || !tunnel::is_wanted(session.req_header()) {
            return None;
        }
        let closing = self.close_tunnels.subscribe();
        context.app = self.worker.app(&self.app);
        open(&context.app).then_some(closing)
    }

    /// Gets a request what it needs at JSM: the beginning of its body first, since nobody is to be
    /// waited for once it has a turn.
    async fn wait_for_turn(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
        is_tunnel: bool,
    ) -> Result<(), Problem> {
        let (forward, limits) = (&context.app.config.forward, &context.app.config.limits);
        if is_tunnel {
            let most = limits.websockets;
            if !context.hold.take_tunnel(limits.websockets_per_customer, most) {
                return Err(Problem::TooManyWebsockets);
            }
        } else if !session.as_downstream_mut().is_body_done() {
            Box::pin(ahead::read(session)).await?;
        }
        let patience = forward.queue_timeout;
        if context.hold.take_turn(forward.concurrency)
            || Box::pin(context.hold.wait_for_turn(patience)).await
        {
            return Ok(());
        }
        Err(Problem::UpstreamBusy)
    }

    /// Refuses a request that was let through and cannot be forwarded.
    fn refuse(
        &self,
        session: &mut Session,
        context: &RequestContext,
        problem: &Problem,
    ) -> axum::response::Response {
        // Of a body that breaks off, is malformed or does not come no more is read.
        if problem.status() != StatusCode::SERVICE_UNAVAILABLE {
            session.set_keepalive(None);
        }
        self.metrics.failed(problem.code().as_str());
        reply::problem(session.req_header(), context, problem)
    }

    /// Closes every WebSocket: customers' pages open them again, under what holds by then.
    pub fn close_tunnels(&self) -> impl Fn() + Send + Sync + 'static {
        let close = self.close_tunnels.clone();
        move || close.send_replace(())
    }
}

#[async_trait]
impl ProxyHttp for Gate {
    type CTX = RequestContext;

    fn new_ctx(&self) -> RequestContext {
        RequestContext::new(self.worker.app(&self.app), &self.worker)
    }

    /// None: pingora would set up its compression for every request.
    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    async fn early_request_filter(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<()> {
        // Whether the connection is kept is left to pingora, and for how long to its clock.
        session.set_total_drain_timeout(Some(DRAIN));
        session.set_read_timeout(Some(WINDOW));
        // Over HTTP/1.1 the connection itself looks how fast the customer takes what is sent.
        if session.as_downstream().is_http2() {
            session.set_write_timeout(Some(WINDOW));
            context.answer = Some(AnswerPace::new());
        }
        // Of interim answers only the `100 Continue` that a customer waits for is forward on.
        session.set_ignore_info_resp(true);
        context.under_way = UnderWay::begin(session);
        let peer = session.client_addr().and_then(|address| address.as_inet());
        let trusted = &context.app.config.gate.trusted_proxies;
        let headers = &session.req_header().headers;
        context.client = peer.map(|peer| client::address(peer.ip(), headers, trusted));
        Ok(())
    }

    /// What is not on the way of a forwarded request is boxed: pingora makes and moves this future
    /// for each request, as large as the largest way through it.
    async fn request_filter(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<bool> {
        let closing = self.tunnel_closing(session, context);
        let response = match admit::decide(session, context).await {
            Admission::Forward(forward) => {
                context.forward = Some(forward);
                match (self.wait_for_turn(session, context, closing.is_some()).await, closing) {
                    (Err(problem), _) => self.refuse(session, context, &problem),
                    (Ok(()), None) => {
                        upstream::drop_header_case(session.req_header_mut());
                        hop_by_hop::end_nominated(session.req_header_mut());
                        return Ok(false);
                    }
                    (Ok(()), Some(closing)) => {
                        Box::pin(tunnel::serve(session, context, closing)).await?;
                        return Ok(true);
                    }
                }
            }
            Admission::Page(caller) => {
                let app = Arc::clone(&context.app);
                let policy = app.site.policy(session.req_header().uri.path());
                Box::pin(in_process::call(session, app.site.router(), policy, caller)).await
            }
            Admission::Reply(response) => {
                // Of whoever sends what can be read in two ways, no more is read.
                if response.status() == StatusCode::BAD_REQUEST {
                    session.set_keepalive(None);
                }
                response
            }
        };
        Box::pin(reply::send(session, context, response)).await?;
        Ok(true)
    }

    async fn upstream_peer(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<Box<HttpPeer>> {
        let app = Arc::clone(&context.app);
        app.upstream.peer(session.req_header(), context)
    }

    async fn upstream_request_filter(
        &self,
        _session: &mut Session,
        request: &mut RequestHeader,
        context: &mut RequestContext,
    ) -> Result<()> {
        context.asked_upstream = Some(Instant::now());
        context.app.upstream.prepare(request, context)
    }

    async fn request_body_filter(
        &self,
        _session: &mut Session,
        body: &mut Option<Bytes>,
        end_of_stream: bool,
        context: &mut RequestContext,
    ) -> Result<()> {
        // What was looked into goes on, at a second try too. pingora may have kept the end of it only.
        if let Some(whole) = context.forward.as_ref().and_then(|forward| forward.body.as_ref()) {
            *body = Some(whole.bytes().clone());
        }
        let length = body.as_ref().map_or(0, Bytes::len);
        if !context.upload.get_or_insert_with(Pace::new).note(length) {
            return Err(Error::explain(ErrorType::HTTPStatus(408), "a body below the least rate"));
        }
        if end_of_stream {
            context.upload = None;
        }
        context.body_bytes = context.body_bytes.saturating_add(length as u64);
        if context.body_bytes > context.app.config.limits.body_bytes {
            return Err(Error::explain(ErrorType::HTTPStatus(413), "request body over the limit"));
        }
        let form = context.forward.as_mut().and_then(|forward| forward.form.as_mut());
        let part = body.as_deref().unwrap_or_default();
        if form.is_some_and(|form| form.has_login(part, end_of_stream)) {
            return Err(Error::explain(ErrorType::HTTPStatus(400), LOGIN_IN_FORM));
        }
        // pingora #935: an empty last chunk would end the upstream's body twice, and the second
        // end would be read as the beginning of somebody else's request.
        if end_of_stream && length == 0 {
            *body = None;
        }
        Ok(())
    }

    async fn upstream_response_filter(
        &self,
        session: &mut Session,
        response: &mut ResponseHeader,
        context: &mut RequestContext,
    ) -> Result<()> {
        if response.status.is_informational() {
            return answer::pass_on_interim(response);
        }
        context.upstream_took = context.asked_upstream.map(|asked| asked.elapsed());
        answer::pass_on(response, context)?;
        context.status = response.status.as_u16();
        context.app.upstream.learn_route(response, context);
        let method = &session.req_header().method;
        let rewriter = context.app.upstream.rewriter(method, response)?;
        context.rewriter = rewriter.map(|rewriter| Box::new(Mutex::new(rewriter)));
        Ok(())
    }

    /// HTTP/1.0 knows no chunks (RFC 9112, 6.1), in which pingora puts whatever has no length: there
    /// an answer ends with its connection.
    async fn response_filter(
        &self,
        session: &mut Session,
        response: &mut ResponseHeader,
        _context: &mut RequestContext,
    ) -> Result<()> {
        if session.req_header().version == Version::HTTP_10
            && response.remove_header(&TRANSFER_ENCODING).is_some()
        {
            session.set_keepalive(None);
        }
        Ok(())
    }

    fn response_body_filter(
        &self,
        _session: &mut Session,
        body: &mut Option<Bytes>,
        end_of_stream: bool,
        context: &mut RequestContext,
    ) -> Result<Option<Duration>> {
        if let Some(rewriter) = &mut context.rewriter {
            let chunk = body.take().unwrap_or_default();
            let rewritten = rewriter.get_mut().push(chunk, end_of_stream);
            *body = Some(rewritten.map_err(|error| {
                Error::because(ErrorType::Custom("its body does not decode"), "", error).into_up()
            })?);
        }
        let length = body.as_ref().map_or(0, Bytes::len);
        if context.answer.as_mut().is_some_and(|pace| !pace.note(length)) {
            return Err(
                Error::explain(ErrorType::WriteTimedout, "below the least rate").into_down()
            );
        }
        if end_of_stream {
            context.hold.end_turn();
        }
        Ok(None)
    }

    fn fail_to_connect(
        &self,
        _session: &mut Session,
        peer: &HttpPeer,
        context: &mut RequestContext,
        mut error: Box<Error>,
    ) -> Box<Error> {
        let app = Arc::clone(&context.app);
        // Nothing was sent, so any request may be tried at the next address.
        error.set_retry(app.upstream.unreachable(peer, context));
        error
    }

    async fn fail_to_proxy(
        &self,
        session: &mut Session,
        error: &Error,
        context: &mut RequestContext,
    ) -> FailToProxy {
        context.hold.end_turn();
        let waits_for_body = context.upload.as_ref().is_some_and(Pace::is_behind);
        let limit = context.app.config.limits.body_bytes;
        let Some(problem) = failure::problem_of(error, limit, waits_for_body) else {
            return FailToProxy { error_code: 0, can_reuse_downstream: false };
        };
        self.metrics.failed(problem.code().as_str());
        let error_code = problem.status().as_u16();
        if session.response_written().is_none() {
            session.set_keepalive(None);
            let response = reply::problem(session.req_header(), context, &problem);
            if let Err(error) = reply::send(session, context, response).await {
                tracing::debug!(cause = %Cause(&error), "the customer is gone");
            }
            // Or the rest of an upload would reset the connection, and the page be lost with it.
            if !session.as_downstream().is_http2() && !session.as_downstream_mut().is_body_done() {
                session.as_downstream_mut().shutdown().await;
            }
        }
        FailToProxy { error_code, can_reuse_downstream: false }
    }

    async fn logging(
        &self,
        session: &mut Session,
        error: Option<&Error>,
        context: &mut RequestContext,
    ) {
        if let Some(error) = error
            && context.may_log("a request failed")
        {
            let request_id = &context.request_id;
            tracing::warn!(%request_id, cause = %Cause(error), "a request failed");
        }
        self.worker.answers.count(context.status, context.started.elapsed());
        access_log::write(session, context);
    }

    /// pingora would log the query, and with it codes and states of logins.
    fn request_summary(&self, session: &Session, context: &RequestContext) -> String {
        let request = session.req_header();
        format!("{} {} ({})", request.method, request.uri.path(), context.request_id)
    }

    /// Failures are logged once, by [`Self::logging`].
    fn suppress_error_log(&self, _: &Session, _: &RequestContext, _: &Error) -> bool {
        true
    }
}

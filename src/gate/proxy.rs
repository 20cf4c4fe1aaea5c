//! The calls that pingora makes while a request passes, each handed to the file that deals with it.
//! It must not decide anything itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::TRANSFER_ENCODING;
use http::{StatusCode, Version};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::modules::http::HttpModules;
use pingora::proxy::{FailToProxy, ProxyHttp, Session};
use pingora::upstreams::peer::HttpPeer;
use pingora::{Error, Result};
use tokio::sync::watch;

use super::context::RequestContext;
use super::failure::{self, Cause};
use super::incoming::Admission;
use super::pace::{AnswerPace, Pace, WINDOW};
use super::read_deadline::UnderWay;
use super::{
    App, Gate, access_log, admit, answer, client, hop_by_hop, in_process, jira_visit, reply,
    tunnel, turn, upload, upstream,
};
use crate::problem::Problem;
use crate::web::response::with_cookies;

/// How long the rest of a request body is read away before its connection is closed.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

impl Gate {
    /// What says when a WebSocket has to close, where one is wanted. It is listened to from before
    /// the decision on: a WebSocket that the old configuration allowed must hear that there is a
    /// new one.
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

    /// Refuses a request that was let through and cannot be forwarded.
    fn refuse(
        &self,
        session: &mut Session,
        context: &RequestContext,
        problem: &Problem,
    ) -> axum::response::Response {
        // The rest of a body that breaks off, is malformed or does not come is not read.
        if problem.status() != StatusCode::SERVICE_UNAVAILABLE {
            session.set_keepalive(None);
        }
        self.metrics.failed(problem.code().as_str());
        reply::problem(session.req_header(), context, problem)
    }
}

#[async_trait]
impl ProxyHttp for Gate {
    type CTX = RequestContext;

    fn new_ctx(&self) -> RequestContext {
        RequestContext::new(self.worker.app(&self.app), &self.worker)
    }

    /// No modules: pingora would set up its compression for every request.
    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    async fn early_request_filter(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<()> {
        // pingora decides whether the connection is kept, and the connection's read deadline for
        // how long.
        session.set_total_drain_timeout(Some(DRAIN_TIMEOUT));
        session.set_read_timeout(Some(WINDOW));
        // Over HTTP/1.1 the connection itself measures how fast the customer takes what is sent.
        if session.as_downstream().is_http2() {
            session.set_write_timeout(Some(WINDOW));
            context.answer = Some(AnswerPace::new());
        }
        // Of interim answers only the `100 Continue` that a customer waits for is passed on.
        session.set_ignore_info_resp(true);
        context.under_way = UnderWay::begin(session);
        let peer = session.client_addr().and_then(|address| address.as_inet());
        let trusted = &context.app.config.gate.trusted_proxies;
        let headers = &session.req_header().headers;
        context.client = peer.map(|peer| client::address(peer.ip(), headers, trusted));
        Ok(())
    }

    /// Boxes whatever a forwarded request does not need: pingora makes and moves this future for
    /// each request, and it is as large as the largest branch.
    async fn request_filter(
        &self,
        session: &mut Session,
        context: &mut RequestContext,
    ) -> Result<bool> {
        let closing = self.tunnel_closing(session, context);
        let response = match admit::decide(session, context).await {
            Admission::Forward(forward) => {
                context.forward = Some(forward);
                match (turn::wait(session, context, closing.is_some()).await, closing) {
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
            Admission::Page(caller, arrival) => {
                let app = Arc::clone(&context.app);
                Box::pin(in_process::call(session, &app.site, caller, arrival)).await
            }
            Admission::VisitJira(visit) => {
                Box::pin(jira_visit::begin(session.req_header(), context, visit)).await
            }
            Admission::Reply(response) => {
                // After a request that could be read in two ways, no more is read from the
                // connection.
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
        upload::pass_on(body, end_of_stream, context)
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
        answer::pass_on(&session.req_header().method, response, context)
    }

    /// HTTP/1.0 knows no chunks (RFC 9112, 6.1), into which pingora puts an answer without a
    /// length. There, the answer ends with the connection.
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
        answer::pass_on_body(body, end_of_stream, context)?;
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
        let turned_back = context.turned_back.take().unwrap_or_default();
        let response = if let Some(address) = &turned_back.to {
            context.app.pages.redirect(address)
        } else {
            let noted = context.problem.take();
            let Some(problem) = noted.or_else(|| failure::problem_of(error, waits_for_body)) else {
                return FailToProxy { error_code: 0, can_reuse_downstream: false };
            };
            self.metrics.failed(problem.code().as_str());
            reply::problem(session.req_header(), context, &problem)
        };
        let error_code = response.status().as_u16();
        if session.response_written().is_none() {
            session.set_keepalive(None);
            let response = with_cookies(response, &turned_back.cookies);
            if let Err(error) = reply::send(session, context, response).await {
                tracing::debug!(cause = %Cause(&error), "the customer is gone");
            }
            // Otherwise the rest of an upload would reset the connection, and the page would be lost.
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

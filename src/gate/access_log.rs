//! The access log: one line a request, and a few for each stranger. docs/operations.md explains the
//! fields. It must not know what was decided.

use std::borrow::Cow;
use std::time::Duration;

use http::HeaderMap;
use http::header::USER_AGENT;
use pingora::proxy::Session;

use super::context::RequestContext;

/// How much of a `User-Agent` is kept.
const USER_AGENT_BYTES: usize = 256;

/// Writes the line. The query is left out, because codes and states of logins and searches are in
/// it.
pub(super) fn write(session: &Session, context: &RequestContext) {
    if !context.may_log("access") {
        return;
    }
    let request = session.req_header();
    let who = context.forward.as_ref().and_then(|forward| forward.session.as_ref());
    tracing::info!(
        target: "access",
        request_id = %context.request_id,
        client = context.client.map(display),
        user = who.map(|session| session.identity.label()),
        session = who.map(|session| display(session.key())),
        method = request.method.as_str(),
        path = request.uri.path(),
        status = context.status,
        bytes = session.body_bytes_sent(),
        duration_ms = milliseconds(context.started.elapsed()),
        upstream_ms = context.upstream_took.map(milliseconds),
        user_agent = user_agent(&request.headers).as_deref(),
    );
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn user_agent(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let name = headers.get(USER_AGENT)?.as_bytes();
    Some(String::from_utf8_lossy(name.get(..USER_AGENT_BYTES).unwrap_or(name)))
}

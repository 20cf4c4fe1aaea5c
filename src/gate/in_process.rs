//! Calls the axum router of the gate's own pages in process: no second hop, no identity in
//! headers. The body is streamed, so that an upload never has to fit in memory. Must not know the pages.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use pingora::proxy::Session;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tower::ServiceExt as _;

use crate::web::{Caller, PagePolicy};

/// Chunks that wait for a handler to read them.
const CHUNKS_AHEAD: usize = 4;

/// Why a handler's request body ends early.
#[derive(Debug, thiserror::Error)]
#[error("the request body broke off")]
struct BrokenBody;

/// Answers a request with a page. The response carries the policy of the page's route.
pub(crate) async fn call(
    session: &mut Session,
    router: &Router,
    policy: PagePolicy,
    caller: Caller,
) -> Response<Body> {
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let request = request(session, receiver, caller);
    let answer = router.clone().oneshot(request);
    // The handler is polled while the body waits for room: a handler that answers without reading
    // would otherwise never get to, and both would wait for ever.
    let mut response = tokio::select! {
        biased;
        response = answer => response.unwrap_or_else(|never| match never {}),
        never = feed(session, sender, policy.body_timeout) => match never {},
    };
    response.extensions_mut().insert(policy);
    response
}

fn request(
    session: &Session,
    receiver: mpsc::Receiver<Result<Bytes, BrokenBody>>,
    caller: Caller,
) -> Request<Body> {
    let chunks = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    let header = session.req_header();
    let mut request = Request::new(Body::from_stream(chunks));
    *request.method_mut() = header.method.clone();
    *request.uri_mut() = header.uri.clone();
    *request.headers_mut() = header.headers.clone();
    request.extensions_mut().insert(caller);
    request
}

/// Hands the request body on chunk by chunk, then waits for ever: the answer ends the race.
async fn feed(
    session: &mut Session,
    sender: mpsc::Sender<Result<Bytes, BrokenBody>>,
    time: Duration,
) -> std::convert::Infallible {
    if session.as_downstream_mut().is_body_done() {
        drop(sender);
    } else {
        hand_on(session, sender, time).await;
    }
    std::future::pending().await
}

async fn hand_on(
    session: &mut Session,
    sender: mpsc::Sender<Result<Bytes, BrokenBody>>,
    time: Duration,
) {
    let expects = session.req_header().headers.contains_key(http::header::EXPECT);
    if expects && session.as_downstream_mut().write_continue_response().await.is_err() {
        return;
    }
    let until = Instant::now() + time;
    while let Ok(room) = sender.reserve().await {
        let read = session.as_downstream_mut().read_request_body();
        match timeout_at(until, read).await {
            Ok(Ok(Some(chunk))) => room.send(Ok(chunk)),
            Ok(Ok(None)) => return,
            Ok(Err(_)) | Err(_) => return room.send(Err(BrokenBody)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use http::StatusCode;
    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::session::Found;

    const TIME: Duration = PagePolicy::STRICT.body_timeout;
    const HEAD: &[u8] = b"POST /_gate/form HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";

    /// Byte by byte, each sooner than pingora would give up.
    async fn drip(mut customer: DuplexStream) {
        while customer.write_all(b"x").await.is_ok() {
            tokio::time::sleep(TIME / 3).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn g7_a_form_that_comes_drop_by_drop_is_given_up() {
        let (mut customer, gates) = duplex(4096);
        customer.write_all(HEAD).await.unwrap();
        let mut session = Session::new_h1(Box::new(gates));
        session.as_downstream_mut().read_request().await.unwrap();
        tokio::spawn(drip(customer));
        let router = Router::new().route("/_gate/form", post(async |body: Bytes| body));
        let request_id = "1".into();
        let caller = Caller { found: Found::NoCookie, request_id, client: None, html: false };
        let began = Instant::now();
        let answer = call(&mut session, &router, PagePolicy::STRICT, caller).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(began.elapsed() <= TIME * 2, "after {:?}", began.elapsed());
    }
}

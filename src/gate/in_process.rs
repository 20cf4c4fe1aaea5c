//! Calls the axum router of the gate's own pages in process: no second hop, no identity in
//! headers. The body is streamed, so that an upload never has to fit in memory. Must not know the pages.

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response};
use pingora::ErrorType;
use pingora::proxy::Session;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tower::ServiceExt as _;

use super::pace::{Pace, WINDOW};
use crate::jsm;
use crate::web::{Arrival, BrokenBody, Caller, PagePolicy, Site};

/// Chunks that wait for a handler to read them.
const CHUNKS_AHEAD: usize = 4;

/// Answers a request with a page. The response carries the policy of the page's route.
pub(crate) async fn call(
    session: &mut Session,
    site: &Site,
    caller: Caller,
    arrival: Arrival,
) -> Response<Body> {
    let policy = site.policy(session.req_header().uri.path());
    let (sender, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let mut request = request(session, receiver);
    let customer = caller.found.session().cloned();
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(policy);
    arrival.hand_to(request.extensions_mut());
    let identity = customer.as_deref().map(|session| &session.identity);
    let answer = jsm::for_customer(identity, site.router().clone().oneshot(request));
    // The handler is polled while the body waits for room: otherwise a handler that answers without
    // reading would never run, and both would wait for ever.
    let mut response = tokio::select! {
        biased;
        response = answer => response.unwrap_or_else(|never| match never {}),
        never = feed(session, sender, policy) => match never {},
    };
    response.extensions_mut().insert(policy);
    response
}

fn request(
    session: &Session,
    receiver: mpsc::Receiver<Result<Bytes, BrokenBody>>,
) -> Request<Body> {
    let chunks = stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    });
    let header = session.req_header();
    let mut request = Request::new(Body::from_stream(chunks));
    *request.method_mut() = header.method.clone();
    *request.uri_mut() = header.uri.clone();
    *request.headers_mut() = header.headers.clone();
    request
}

/// Hands the request body on chunk by chunk, then waits for ever: the answer ends the race.
async fn feed(
    session: &mut Session,
    sender: mpsc::Sender<Result<Bytes, BrokenBody>>,
    policy: PagePolicy,
) -> std::convert::Infallible {
    if session.as_downstream_mut().is_body_done() {
        drop(sender);
    } else {
        hand_on(session, sender, policy).await;
    }
    std::future::pending().await
}

/// Hands on as much of a body as its route takes, and one byte more. By that byte a handler with
/// the limit sees that the body is too long; a handler without one reads no further.
async fn hand_on(
    session: &mut Session,
    sender: mpsc::Sender<Result<Bytes, BrokenBody>>,
    policy: PagePolicy,
) {
    let expects = session.req_header().headers.contains_key(http::header::EXPECT);
    if expects && session.as_downstream_mut().write_continue_response().await.is_err() {
        return;
    }
    let mut time = BodyTime::of(policy);
    let mut left = policy.whole_body().saturating_add(1);
    loop {
        let waits = Instant::now();
        let Ok(room) = sender.reserve().await else { return };
        time.excuse(waits.elapsed());
        let read = session.as_downstream_mut().read_request_body();
        let broken = match timeout_at(time.until(), read).await {
            Ok(Ok(Some(mut chunk))) if left > 0 => {
                chunk.truncate(left);
                left -= chunk.len();
                if time.keeps_up(chunk.len()) {
                    room.send(Ok(chunk));
                    continue;
                }
                BrokenBody::TooSlow
            }
            Ok(Ok(Some(_))) => BrokenBody::TooLong,
            Ok(Ok(None)) => return,
            Ok(Err(error)) if *error.etype() == ErrorType::ReadTimedout => BrokenBody::TooSlow,
            Ok(Err(_)) => BrokenBody::BrokeOff,
            Err(_) => BrokenBody::TooSlow,
        };
        return room.send(Err(broken));
    }
}

/// How long a customer may take for a body.
enum BodyTime {
    /// Until then, for the whole of a small one.
    Until(Instant),
    /// As long as it comes at the least rate. While the page has no room, the customer waits for JSM and
    /// not the other way round.
    AtRate(Pace),
}

impl BodyTime {
    fn of(policy: PagePolicy) -> Self {
        match policy.file_bytes {
            0 => Self::Until(Instant::now() + policy.body_timeout),
            _ => Self::AtRate(Pace::new()),
        }
    }

    fn excuse(&mut self, wait: std::time::Duration) {
        if let Self::AtRate(pace) = self {
            pace.excuse(wait);
        }
    }

    /// When the next part has to be there.
    fn until(&self) -> Instant {
        match self {
            Self::Until(then) => *then,
            Self::AtRate(_) => Instant::now() + WINDOW,
        }
    }

    /// Notes a part that came. Returns whether it came fast enough.
    fn keeps_up(&mut self, bytes: usize) -> bool {
        match self {
            Self::Until(_) => true,
            Self::AtRate(pace) => pace.note(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use axum::routing::{MethodRouter, post};
    use futures_util::StreamExt as _;
    use http::StatusCode;
    use jiff::tz::TimeZone;
    use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::domain::{Language, PublicUrl};
    use crate::session::SessionLookup;
    use crate::web::{Brings, PageSettings, Pages, Preferences, Routes};

    const TIME: Duration = PagePolicy::STRICT.body_timeout;
    const HEAD: &[u8] = b"POST /_gate/form HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";

    const CHUNKED_HEAD: &[u8] =
        b"POST /_gate/form HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    fn site(page: MethodRouter) -> Site {
        site_with(PagePolicy::STRICT, page)
    }

    fn site_with(policy: PagePolicy, page: MethodRouter) -> Site {
        let room = Routes::new().route("/_gate/form", policy, page);
        let public_url = PublicUrl::parse("https://help.example.com").unwrap();
        let pages = Pages::new(&PageSettings::new(&public_url));
        Site::new(&Arc::new(pages.unwrap()), [room]).unwrap()
    }

    fn stranger() -> Caller {
        let preferences = Preferences { language: Language::En, zone: TimeZone::UTC };
        let (found, request_id, brings) = (SessionLookup::NoCookie, "1".into(), Brings::Form);
        Caller { found, request_id, client: None, html: false, brings, preferences }
    }

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
        let site = site(post(async |body: Bytes| body));
        let caller = stranger();
        let began = Instant::now();
        let answer = call(&mut session, &site, caller, Arrival::OfNoPortal).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(began.elapsed() <= TIME * 2, "after {:?}", began.elapsed());
    }

    /// The answer to a body of 300 KB of which so many bytes come every so often.
    async fn uploaded(bytes: usize, every: Duration) -> StatusCode {
        let (mut customer, gates) = duplex(4096);
        let head = "POST /_gate/form HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n";
        customer.write_all(head.as_bytes()).await.unwrap();
        let mut session = Session::new_h1(Box::new(gates));
        session.as_downstream_mut().read_request().await.unwrap();
        tokio::spawn(async move {
            while customer.write_all(&vec![b'x'; bytes]).await.is_ok() {
                tokio::time::sleep(every).await;
            }
        });
        let read = async |body: Body| {
            let mut chunks = body.into_data_stream();
            while let Some(chunk) = chunks.next().await {
                if chunk.is_err() {
                    return StatusCode::REQUEST_TIMEOUT;
                }
            }
            StatusCode::OK
        };
        let site = site_with(PagePolicy::STRICT.with_files(1_000_000), post(read));
        call(&mut session, &site, stranger(), Arrival::OfNoPortal).await.status()
    }

    #[tokio::test(start_paused = true)]
    async fn g7_a_body_with_files_takes_as_long_as_it_keeps_the_least_rate() {
        assert_eq!(uploaded(3000, TIME / 90).await, StatusCode::OK, "in {:?}", TIME * 10 / 9);
        assert_eq!(uploaded(1000, TIME / 90).await, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(uploaded(1000, TIME * 2).await, StatusCode::REQUEST_TIMEOUT);
    }

    /// The answer to so many bytes in chunks, and how many a handler without a limit has read.
    async fn echoed(bytes: usize) -> (StatusCode, usize) {
        let (mut customer, gates) = duplex(256 * 1024);
        customer.write_all(CHUNKED_HEAD).await.unwrap();
        for _ in 0..bytes.div_ceil(1024) {
            customer.write_all(b"400\r\n").await.unwrap();
            customer.write_all(&[b'x'; 1024]).await.unwrap();
            customer.write_all(b"\r\n").await.unwrap();
        }
        customer.write_all(b"0\r\n\r\n").await.unwrap();
        let mut session = Session::new_h1(Box::new(gates));
        session.as_downstream_mut().read_request().await.unwrap();
        let read = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&read);
        let forgetful = async move |body: Body| {
            let mut chunks = body.into_data_stream();
            while let Some(chunk) = chunks.next().await {
                let Ok(chunk) = chunk else { return StatusCode::BAD_REQUEST };
                count.fetch_add(chunk.len(), Ordering::Relaxed);
            }
            StatusCode::OK
        };
        let site = site(post(forgetful));
        let answer = call(&mut session, &site, stranger(), Arrival::OfNoPortal).await;
        (answer.status(), read.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn g7_a_handler_that_forgets_the_limit_reads_no_more_than_its_route_takes() {
        let limit = PagePolicy::STRICT.body_limit;
        assert_eq!(echoed(limit).await, (StatusCode::OK, limit));
        assert_eq!(echoed(8 * limit).await, (StatusCode::BAD_REQUEST, limit + 1));
    }
}

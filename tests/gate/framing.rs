//! HTTP itself: what pingora is relied on for, and where it needs help. One test a fact, run again
//! at every upgrade of pingora.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::Request;
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::site::{Site, log_in, site, until};

/// An upstream that writes down every byte and answers whatever looks like a request.
struct Recorder {
    address: std::net::SocketAddr,
    received: Arc<Mutex<String>>,
}

impl Recorder {
    async fn start() -> Self {
        Self::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await
    }

    /// One that says `answer`, and hangs up after one that does not say where it ends.
    async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::<Mutex<String>>::default();
        let written = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Self::answer(stream, Arc::clone(&written), answer));
            }
        });
        Self { address, received }
    }

    async fn answer(mut stream: TcpStream, received: Arc<Mutex<String>>, answer: &str) {
        let has_end = answer.contains("Content-Length: 2") || answer.ends_with("0\r\n\r\n");
        let mut buffer = [0; 8192];
        let mut pending = String::new();
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
            pending.push_str(&text);
            received.lock().unwrap().push_str(&text);
            let body_over = !pending.contains("chunked") || pending.contains("0\r\n\r\n");
            if pending.contains("\r\n\r\n") && body_over {
                pending.clear();
                stream.write_all(answer.as_bytes()).await.unwrap();
                if !has_end {
                    return;
                }
            }
        }
    }

    /// The customers' requests; the gate's own REST calls left out.
    fn customers(&self) -> String {
        let received = self.received.lock().unwrap();
        received.split_inclusive("\r\n\r\n").filter(|part| !part.contains("jsm-gate/")).collect()
    }
}

/// A connection that speaks HTTP/2 over TLS.
pub(crate) async fn http2(site: &Site) -> h2::client::SendRequest<Bytes> {
    let stream = site.connect_tls("h2").await;
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    requests.ready().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pingora_935_an_empty_last_frame_ends_the_upstreams_body_once() {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let mut http2 = http2(&site).await;
    let request = Request::post(site.at("/servicedesk/customer/echo"))
        .header("cookie", ann.cookie_header(&site.url))
        .body(())
        .unwrap();
    let (answer, mut body) = http2.send_request(request, false).unwrap();
    body.send_data(Bytes::from_static(b"hello"), false).unwrap();
    body.send_data(Bytes::new(), true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);

    let again = Request::get(site.at("/servicedesk/customer/after"))
        .header("cookie", ann.cookie_header(&site.url))
        .body(())
        .unwrap();
    let mut http2 = http2.ready().await.unwrap();
    let (answer, _) = http2.send_request(again, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    let received = upstream.customers();
    let (_, after_body) = received.split_once("5\r\nhello\r\n").expect("a chunked body");
    assert!(after_body.starts_with("0\r\n\r\nGET /servicedesk/customer/after"), "{after_body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pingora_892_cookie_crumbs_reach_the_upstream_as_one_line() {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let session = format!("__Host-gate={}", ann.cookie("__Host-gate").unwrap());
    let request = Request::get(site.at("/servicedesk/customer/echo"))
        .header("cookie", "a=1")
        .header("cookie", session)
        .header("cookie", "b=2")
        .body(())
        .unwrap();
    let (answer, _) = http2(&site).await.send_request(request, true).unwrap();
    assert_eq!(answer.await.unwrap().status(), 200, "the session was not found");
    let received = upstream.customers().to_lowercase();
    let (_, request) = received.split_once("get /servicedesk/customer/echo").unwrap();
    let lines: Vec<_> = request.lines().filter(|line| line.starts_with("cookie:")).collect();
    assert_eq!(lines, ["cookie: a=1; b=2"]);
}

/// threats.md F2, F3, F4: two readers of one connection must agree where a request ends.
#[rstest]
#[case::f2_length_and_chunked(
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"
)]
#[case::f2_two_lengths("Content-Length: 5\r\nContent-Length: 6", "hello!")]
#[case::f2_signed_length("Content-Length: +5", "hello")]
#[case::f2_unknown_coding("Transfer-Encoding: xchunked", "0\r\n\r\n")]
#[case::f2_two_codings("Transfer-Encoding: chunked, identity", "0\r\n\r\n")]
#[case::f4_bad_chunk_size("Transfer-Encoding: chunked", "xyz\r\nhello\r\n0\r\n\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn f_an_ambiguous_body_smuggles_nothing(#[case] headers: &str, #[case] body: &str) {
    let upstream = Recorder::start().await;
    let site = site().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let request = format!(
        "POST /servicedesk/customer/echo HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{headers}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answers = String::new();
    // The gate closes the connection: whatever follows such a request is not read as another.
    let _ = stream.read_to_string(&mut answers).await;
    assert!(answers.matches("HTTP/1.1").count() <= 1, "{answers}");
    assert!(!upstream.customers().contains("GET /smuggled"), "{}", upstream.customers());
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_each_request_of_a_connection_is_decided_on_its_own() {
    let upstream = Recorder::start().await;
    let site = site().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let as_ann = format!(
        "GET /servicedesk/customer/one HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
    );
    let as_nobody = format!("GET /servicedesk/customer/two HTTP/1.1\r\nHost: {host}\r\n\r\n");
    for (request, status) in [(as_ann, "200"), (as_nobody, "302")] {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.unwrap();
        let answer = String::from_utf8_lossy(&buffer[..read]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    assert!(!upstream.customers().contains("/servicedesk/customer/two"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_an_upgrade_is_not_passed_on_unless_allowed() {
    let upstream = Recorder::start().await;
    let site = site().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let request = format!(
        "GET /servicedesk/customer/socket HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    until("the request arrives", || upstream.customers().contains("/servicedesk/customer/socket"))
        .await;
    assert!(!upstream.customers().to_lowercase().contains("upgrade: websocket"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_a_header_of_http1_in_http2_reaches_nobody() {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    let request = Request::post(site.at("/servicedesk/customer/echo"))
        .header("cookie", ann.cookie_header(&site.url))
        .header("transfer-encoding", "chunked")
        .body(());
    let sent = http2(&site).await.send_request(request.unwrap(), true);
    if let Ok((answer, _)) = sent {
        assert!(answer.await.is_err_and(|error| error.is_reset() || error.is_go_away()));
    }
    assert!(!upstream.customers().contains("POST /servicedesk/customer/echo"));
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
const TO_THE_END: &str = "HTTP/1.1 200 OK\r\n\r\nok";
const BROKEN_OFF: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";

/// What the gate says to `version` of HTTP when the upstream says `answer`, up to the end of the
/// connection.
async fn said(answer: &'static str, version: &str) -> String {
    let upstream = Recorder::answering(answer).await;
    let site = site().with_upstream(upstream.address).start().await;
    let mut ann = site.visitor();
    // Back to a page of the gate: this upstream's answers are not for browsers.
    let page = ann.open(&site.at("/_gate/login?return_to=/_gate/whoami")).await;
    log_in(&mut ann, &page, "ann").await;
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let request = format!(
        "GET /servicedesk/customer/echo {version}\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    said
}

/// RFC 9112, 6.1: to HTTP/1.0 nothing is said in chunks, as nginx asks by default.
#[rstest]
#[case::in_chunks(CHUNKED)]
#[case::up_to_the_end(TO_THE_END)]
#[case::of_http_1_0("HTTP/1.0 200 OK\r\n\r\nok")]
#[tokio::test(flavor = "multi_thread")]
async fn f3_http_1_0_gets_no_chunks(#[case] answer: &'static str) {
    let said = said(answer, "HTTP/1.0").await;
    assert!(said.ends_with("\r\n\r\nok"), "{said}");
    assert!(!said.to_lowercase().contains("transfer-encoding"), "{said}");
}

/// RFC 9112, 8: what broke off must not look whole.
#[rstest]
#[case::in_chunks(CHUNKED, "2\r\nok\r\n0\r\n\r\n")]
#[case::up_to_the_end(TO_THE_END, "2\r\nok\r\n0\r\n\r\n")]
#[case::broken_off_in_chunks(BROKEN_OFF, "2\r\nok\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_whole_where_the_upstreams_is(
    #[case] answer: &'static str,
    #[case] expected: &str,
) {
    let said = said(answer, "HTTP/1.1").await;
    assert_eq!(said.split_once("\r\n\r\n").map_or("", |(_, body)| body), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_breaks_off_before_its_length_is_shorter() {
    let said = said("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", "HTTP/1.1").await;
    let body = said.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    assert!(body.is_empty() || body == "ok" && said.contains("Content-Length: 3"), "{said}");
}

#[rstest]
#[case::nothing("")]
#[case::no_http("what?\r\n\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_speaks_no_http_counts_as_down(#[case] answer: &'static str) {
    let said = said(answer, "HTTP/1.1").await;
    assert!(said.starts_with("HTTP/1.1 502") && said.contains("upstream-unreachable"), "{said}");
}

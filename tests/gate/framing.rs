//! HTTP itself: what pingora is relied on for, and where it needs help. One test a fact, run again
//! at every upgrade of pingora.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::http2::{
    DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, RST_STREAM, Received, fields, frame, preface,
    receive,
};
use crate::recorder::Recorder;
use crate::site::{Site, TEST_TIMEOUT, site, until};
use crate::visitor::Visitor;

const ECHO: &str = "/servicedesk/customer/echo";

/// A connection that speaks HTTP/2 over TLS.
pub(crate) async fn http2(site: &Site) -> h2::client::SendRequest<Bytes> {
    let stream = site.connect_tls("h2").await;
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    requests.ready().await.unwrap()
}

/// All of a body that came over HTTP/2.
pub(crate) async fn text(mut body: h2::RecvStream) -> String {
    let mut text = Vec::new();
    while let Some(chunk) = body.data().await {
        text.extend_from_slice(&chunk.unwrap());
    }
    String::from_utf8(text).unwrap()
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

const CHUNKED: &str = "Transfer-Encoding: chunked";

/// docs/security.md F2, F3, F4: two readers of one connection must agree where a request ends. A second
/// request of Ann's follows at once; it is never answered, and the upstream gets just this of the
/// body of the first, or no request at all.
#[rstest]
#[case::f2_length_and_chunked(
    "1.1",
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "0\r\n\r\n",
    200,
    Some("")
)]
#[case::f2_chunked_and_length(
    "1.1",
    "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "0\r\n\r\n",
    200,
    Some("")
)]
#[case::f2_two_lengths("1.1", "Content-Length: 5\r\nContent-Length: 6", "hello", 400, None)]
#[case::f2_one_length_twice("1.1", "Content-Length: 5\r\nContent-Length: 5", "hello", 400, None)]
#[case::f2_a_list_of_lengths("1.1", "Content-Length: 5, 5", "hello", 400, None)]
#[case::f2_signed_length("1.1", "Content-Length: +5", "hello", 400, None)]
#[case::f2_negative_length("1.1", "Content-Length: -5", "hello", 400, None)]
#[case::f2_length_in_hex("1.1", "Content-Length: 0x5", "hello", 400, None)]
#[case::f2_length_of_nothing("1.1", "Content-Length: ", "hello", 400, None)]
#[case::f2_unknown_coding("1.1", "Transfer-Encoding: xchunked", "0\r\n\r\n", 400, None)]
#[case::f2_chunked_is_not_the_last(
    "1.1",
    "Transfer-Encoding: chunked, identity",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f2_chunked_is_not_the_first(
    "1.1",
    "Transfer-Encoding: gzip, chunked",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f2_chunked_twice(
    "1.1",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f2_identity_and_chunked(
    "1.1",
    "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f2_chunked_behind_a_tab("1.1", "Transfer-Encoding:\tchunked", "0\r\n\r\n", 200, Some(""))]
#[case::f2_chunked_behind_a_vertical_tab(
    "1.1",
    "Transfer-Encoding: \x0bchunked",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f2_blank_before_the_colon("1.1", "Transfer-Encoding : chunked", "0\r\n\r\n", 400, None)]
#[case::f2_chunked_in_http_1_0(
    "1.0",
    "Connection: keep-alive\r\nTransfer-Encoding: chunked",
    "0\r\n\r\n",
    400,
    None
)]
#[case::f3_no_length_in_http_1_0("1.0", "Accept: */*", "", 400, None)]
#[case::f3_no_length_in_http_1_0_kept("1.0", "Connection: keep-alive", "", 400, None)]
#[case::f3_a_second_request_in_http_1_0(
    "1.0",
    "Connection: keep-alive\r\nContent-Length: 5",
    "hello",
    200,
    Some("hello")
)]
#[case::f3_no_length_in_http_1_1("1.1", "Accept: */*", "", 200, Some(""))]
#[case::f4_no_size("1.1", CHUNKED, "xyz\r\nhello\r\n0\r\n\r\n", 400, None)]
#[case::f4_negative_size("1.1", CHUNKED, "-5\r\nhello\r\n0\r\n\r\n", 400, None)]
#[case::f4_size_with_0x("1.1", CHUNKED, "0x5\r\nhello\r\n0\r\n\r\n", 400, None)]
#[case::f4_size_that_overflows(
    "1.1",
    CHUNKED,
    "10000000000000005\r\nhello\r\n0\r\n\r\n",
    400,
    None
)]
#[case::f4_longer_than_its_size("1.1", CHUNKED, "3\r\nhello\r\n0\r\n\r\n", 400, None)]
#[case::f4_extensions(
    "1.1",
    CHUNKED,
    "5;a=b\r\nhello\r\n0;c\r\n\r\n",
    200,
    Some("5\r\nhello\r\n0\r\n\r\n")
)]
#[case::f4_line_feed_in_an_extension("1.1", CHUNKED, "5;a\nhello\r\n0\r\n\r\n", 400, None)]
#[case::f4_line_feeds("1.1", CHUNKED, "5\nhello\n0\n\n", 400, None)]
#[case::f4_line_feed_behind_the_data("1.1", CHUNKED, "5\r\nhello\n0\r\n\r\n", 400, None)]
#[case::f4_line_feeds_at_the_end("1.1", CHUNKED, "5\r\nhello\r\n0\n\n", 400, None)]
#[case::f4_carriage_returns("1.1", CHUNKED, "5\rhello\r0\r\r", 400, None)]
#[case::f4_trailers(
    "1.1",
    CHUNKED,
    "5\r\nhello\r\n0\r\nX-Forwarded-User: admin\r\n\r\n",
    200,
    Some("5\r\nhello\r\n0\r\n\r\n")
)]
#[tokio::test(flavor = "multi_thread")]
async fn f_an_ambiguous_body_smuggles_nothing(
    #[case] version: &str,
    #[case] headers: &str,
    #[case] body: &str,
    #[case] expected: u16,
    #[case] forwarded: Option<&str>,
) {
    let upstream = Recorder::start().await;
    let site = site().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let hers = format!("Host: {}\r\nCookie: {}", site.address, ann.cookie_header(&site.url));
    let request = format!("POST {ECHO} HTTP/{version}\r\n{hers}\r\n{headers}\r\n\r\n{body}");
    let smuggled = format!("GET /smuggled HTTP/1.1\r\n{hers}\r\n\r\n");
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all([request, smuggled].concat().as_bytes()).await.unwrap();
    let mut answers = String::new();
    // An error where the gate closes before it has read everything.
    drop(timeout(TEST_TIMEOUT, stream.read_to_string(&mut answers)).await.expect("it stays open"));
    assert!(answers.starts_with(&format!("HTTP/1.1 {expected} ")), "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
    assert!(expected == 200 || answers.contains("\r\nConnection: close\r\n"), "{answers}");
    if forwarded.is_some() {
        until("the upstream has the head", || upstream.customers().contains("\r\n\r\n")).await;
    }
    let received = upstream.customers();
    assert_eq!(received.split_once("\r\n\r\n").map(|(_, body)| body), forwarded, "{received}");
    let framing = ["content-length:", "transfer-encoding:"];
    let framing = |line: &&str| framing.iter().any(|name| line.to_lowercase().starts_with(name));
    assert!(received.lines().filter(framing).count() <= 1, "{received}");
}

/// docs/security.md F4: the same over HTTP/2, where trailers are headers behind the body.
#[tokio::test(flavor = "multi_thread")]
async fn f4_trailers_of_http2_are_dropped() {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let request = Request::post(site.at(ECHO)).header("cookie", ann.cookie_header(&site.url));
    let mut http2 = http2(&site).await;
    let (answer, mut body) = http2.send_request(request.body(()).unwrap(), false).unwrap();
    body.send_data(Bytes::from_static(b"hello"), false).unwrap();
    let spoofed = HeaderValue::from_static("admin");
    body.send_trailers(
        [(HeaderName::from_static("x-forwarded-user"), spoofed)].into_iter().collect(),
    )
    .unwrap();
    assert_eq!(answer.await.unwrap().status(), 200);
    let received = upstream.customers();
    assert!(received.ends_with("\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), "{received}");
    assert!(!received.contains("admin"), "{received}");
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

/// An early answer leaves the connection at the beginning of the next request, or closes it.
#[rstest]
#[case::too_large(true, 2000, "413", false)]
#[case::too_large_of_nobody(false, 2000, "413", false)]
#[case::of_nobody(false, 500, "401", false)]
#[case::of_nobody_without_a_body(false, 0, "401", true)]
#[tokio::test(flavor = "multi_thread")]
async fn f6_after_an_early_answer_the_next_request_is_judged_anew(
    #[case] as_ann: bool,
    #[case] length: usize,
    #[case] expected: &str,
    #[case] kept: bool,
) {
    let upstream = Recorder::start().await;
    let builder = site().with_limit("body_bytes = \"1KB\"");
    let site = builder.with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let nobody = format!("Host: {}", site.address);
    let hers = format!("{nobody}\r\nCookie: {}", ann.cookie_header(&site.url));
    let smuggled = format!("GET /servicedesk/customer/smuggled HTTP/1.1\r\n{hers}\r\n\r\n");
    let body: String = smuggled.chars().cycle().take(length).collect();
    let who = if as_ann { &hers } else { &nobody };
    let post = format!("POST {ECHO} HTTP/1.1\r\n{who}\r\nContent-Length: {length}\r\n\r\n{body}");
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(post.as_bytes()).await.unwrap();
    let first = read_answer(&mut stream).await.unwrap();
    assert!(first.starts_with(&format!("HTTP/1.1 {expected} ")), "{first}");

    let get = format!("GET /servicedesk/customer/two HTTP/1.1\r\n{nobody}\r\n\r\n");
    // An error where the gate has closed it.
    drop(stream.write_all(get.as_bytes()).await);
    let second = read_answer(&mut stream).await;
    assert_eq!(second.is_some(), kept, "{second:?}");
    assert!(second.is_none_or(|second| second.starts_with("HTTP/1.1 302 ")));
    assert_eq!(upstream.customers(), "");
}

/// One whole answer; `None` where the connection is closed instead.
async fn read_answer(stream: &mut TcpStream) -> Option<String> {
    let mut answer = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = timeout(TEST_TIMEOUT, stream.read(&mut buffer)).await.expect("no answer");
        let read = read.ok().filter(|read| *read > 0)?;
        answer.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        if body.len() >= length.unwrap_or("0").parse().unwrap() {
            return Some(answer);
        }
    }
}

/// What JSM tells of a request: who asks for what.
fn told(answer: &str) -> (String, String) {
    let told: Value = serde_json::from_str(answer).unwrap();
    let headers = told["headers"].as_array().unwrap();
    let user = headers.iter().find(|header| header[0] == "x-forwarded-user").unwrap();
    (user[1].as_str().unwrap().to_owned(), told["target"].as_str().unwrap().to_owned())
}

/// With bodies and refusals in between, so that connections to JSM are given back in every state.
#[tokio::test(flavor = "multi_thread")]
async fn f6_customers_who_share_connections_to_jsm_get_their_own_answers() {
    let site = Arc::new(site().with_limit("body_bytes = \"1KB\"").start().await);
    let mut customers = Vec::new();
    for at in 0..8 {
        let name = if at % 2 == 0 { "ann" } else { "bob" };
        let (site, mut visitor) = (Arc::clone(&site), site.logged_in(name).await);
        customers.push(tokio::spawn(async move {
            for round in 0..100 {
                let target = format!("{ECHO}?{name}-{at}-{round}");
                let (method, length) =
                    [(Method::GET, 0), (Method::POST, 500), (Method::POST, 2000)][round % 3]
                        .clone();
                let send = |request: RequestBuilder| request.body("x".repeat(length));
                let answer = visitor.request(method, &site.at(&target), send).await;
                if length > 1024 {
                    assert_eq!(answer.status(), 413);
                    continue;
                }
                let told = told(&answer.text().await.unwrap());
                assert_eq!(told, (format!("{name}@example.com"), target));
            }
        }));
    }
    for customer in customers {
        customer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f6_customers_who_share_a_connection_of_http2_get_their_own_answers() {
    let site = site().over_tls().start().await;
    let cookie = async |name| Some(site.logged_in(name).await.cookie_header(&site.url));
    let everybody = [("ann", cookie("ann").await), ("bob", cookie("bob").await), ("nobody", None)];
    let mut http2 = http2(&site).await;
    let mut asked = Vec::new();
    for round in 0..20 {
        for (name, cookie) in &everybody {
            let target = format!("{ECHO}?{name}-{round}");
            let mut request = Request::get(site.at(&target));
            if let Some(cookie) = cookie {
                request = request.header("cookie", cookie);
            }
            let (answer, _) = http2.send_request(request.body(()).unwrap(), true).unwrap();
            asked.push((name, target, answer));
        }
    }
    for (name, target, answer) in asked {
        let answer = answer.await.unwrap();
        if *name == "nobody" {
            assert_eq!(answer.status(), 302);
            continue;
        }
        assert_eq!(told(&text(answer.into_body()).await), (format!("{name}@example.com"), target));
    }
    assert!(site.forwarded().iter().all(|seen| !seen.target.contains("nobody")));
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

const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: jira\r\n\r\n";

/// For a row that leaves what a browser would send as it is.
const PLAIN: (&str, &str) = ("", "");

/// docs/security.md F5: what HTTP/1.1 would read otherwise must not get that far. Every row is a request
/// of Ann's with one header in place of hers of that name, and more behind, as no library sends it.
#[rstest]
#[case::transfer_encoding(PLAIN, &[("transfer-encoding", "chunked")], "0\r\n\r\n")]
#[case::transfer_encoding_and_length(PLAIN, &[("transfer-encoding", "chunked"), ("content-length", "5")], "0\r\n\r\n")]
#[case::connection(PLAIN, &[("connection", "close")], "")]
#[case::keep_alive(PLAIN, &[("keep-alive", "timeout=5")], "")]
#[case::upgrade(PLAIN, &[("upgrade", "websocket")], "")]
#[case::te(PLAIN, &[("te", "chunked")], "")]
#[case::blank_in_the_path((":path", "/servicedesk/customer/echo HTTP/1.1"), &[], "")]
#[case::line_break_in_the_path((":path", "/servicedesk/customer/echo HTTP/1.1\r\nX: 1\r\n\r\nGET /smuggled"), &[], "")]
#[case::line_feed_in_the_path((":path", "/servicedesk/customer/echo\nX-Forwarded-User: admin"), &[], "")]
#[case::no_slash((":path", "servicedesk/customer/echo"), &[], "")]
#[case::star((":path", "*"), &[], "")]
#[case::empty_path((":path", ""), &[], "")]
#[case::line_break_in_a_value(PLAIN, &[("x-a", "1\r\nX-Forwarded-User: admin")], "")]
#[case::line_feed_in_a_value(PLAIN, &[("x-a", "1\nX-Forwarded-User: admin")], "")]
#[case::line_break_in_a_name(PLAIN, &[("x-a: 1\r\nx-forwarded-user", "admin")], "")]
#[case::colon_in_a_name(PLAIN, &[("x-forwarded-user:", "admin")], "")]
#[case::upper_case(PLAIN, &[("X-Forwarded-User", "admin")], "")]
#[case::line_break_in_the_method((":method", "POST /smuggled HTTP/1.1\r\nX: 1"), &[], "")]
#[case::blank_in_the_method((":method", "POST /"), &[], "")]
#[case::line_break_in_the_host((":authority", "HOST\r\nX-Forwarded-User: admin"), &[], "")]
#[case::other_scheme((":scheme", "https\r\nX: 1"), &[], "")]
#[case::two_methods((":method", "POST"), &[(":method", "GET")], "")]
#[case::two_paths((":path", "/servicedesk/customer/echo"), &[(":path", "/smuggled")], "")]
#[case::two_hosts((":authority", "HOST"), &[(":authority", "evil.example")], "")]
#[case::two_schemes((":scheme", "https"), &[(":scheme", "http")], "")]
#[case::unknown_pseudo_header(PLAIN, &[(":x", "1")], "")]
#[case::of_an_answer(PLAIN, &[(":status", "200")], "")]
#[case::signed_length(PLAIN, &[("content-length", "+5")], "hello")]
#[case::two_lengths(PLAIN, &[("content-length", "5"), ("content-length", "6")], "hello")]
#[tokio::test(flavor = "multi_thread")]
async fn f5_what_would_be_something_else_in_http1_reaches_nobody(
    #[case] instead: (&str, &str),
    #[case] more: &[(&str, &str)],
    #[case] body: &str,
) {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let answer = send_raw_http2(&site, &ann, instead, more, body).await;
    assert!(answer.is_none_or(|status| status == 400), "{answer:?}");
    assert_eq!(upstream.customers(), "", "the upstream got something");
}

/// The head is on its way by the time the body turns out to be another than it says: then nothing
/// of the body follows, and the next request of anybody begins where the upstream expects one.
#[rstest]
#[case::more_is_said("900", SMUGGLED)]
#[case::none_is_said("0", SMUGGLED)]
#[case::less_is_said("5", "helloGET /smuggled HTTP/1.1\r\n\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn f5_a_body_of_another_length_than_said_goes_nowhere(
    #[case] length: &str,
    #[case] body: &str,
) {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let answer = send_raw_http2(&site, &ann, PLAIN, &[("content-length", length)], body).await;
    assert_ne!(answer, Some(200), "answered");
    let received = upstream.customers();
    assert!(received.is_empty() || received.ends_with("\r\n\r\n"), "{received}");
    assert!(!received.contains("GET /smuggled"), "{received}");
    let mut bob = site.logged_in("bob").await;
    for _ in 0..20 {
        assert_eq!(bob.request(Method::GET, &site.at(ECHO), |get| get).await.status(), 200);
    }
}

/// That the rows above fail for what is in them.
#[rstest]
#[case::without_a_body("")]
#[case::with_a_body("hello")]
#[tokio::test(flavor = "multi_thread")]
async fn f5_the_same_request_without_a_fault_is_forwarded(#[case] body: &str) {
    let upstream = Recorder::start().await;
    let site = site().over_tls().with_upstream(upstream.address).start().await;
    let ann = site.logged_in("ann").await;
    upstream.forget();
    let length = body.len().to_string();
    let answer = send_raw_http2(&site, &ann, PLAIN, &[("content-length", &length)], body).await;
    assert_eq!(answer, Some(200));
    let received = upstream.customers();
    assert!(received.starts_with("POST /servicedesk/customer/echo HTTP/1.1\r\n"), "{received}");
    assert!(received.ends_with(&format!("\r\n\r\n{body}")), "{received}");
}

/// A request of Ann's, all at once, and what became of it: the status, or `None` for a stream or a
/// connection that was broken off.
async fn send_raw_http2(
    site: &Site,
    ann: &Visitor,
    instead: (&str, &str),
    more: &[(&str, &str)],
    body: &str,
) -> Option<u16> {
    let host = site.address.to_string();
    let cookie = format!("__Host-gate={}", ann.cookie("__Host-gate").unwrap());
    let value = instead.1.replace("HOST", &host);
    let plain = [
        (":method", "POST"),
        (":scheme", "https"),
        (":authority", &host),
        (":path", ECHO),
        ("cookie", &cookie),
    ];
    let hers = |(name, plain)| (name, if name == instead.0 { value.as_str() } else { plain });
    let pseudo = |(name, _): &&(&str, &str)| name.starts_with(':');
    let behind = more.iter().filter(|field| !pseudo(field));
    let head: Vec<_> =
        more.iter().filter(pseudo).copied().chain(plain.map(hers)).chain(behind.copied()).collect();
    let mut stream = site.connect_tls("h2").await;
    let frames = [
        preface(),
        frame(HEADERS, END_HEADERS, 1, &fields(&head)),
        frame(DATA, END_STREAM, 1, body.as_bytes()),
    ];
    stream.write_all(&frames.concat()).await.unwrap();
    loop {
        match receive(&mut stream).await {
            None | Some(Received { kind: RST_STREAM | GOAWAY, .. }) => return None,
            Some(Received { kind: HEADERS, payload }) => return Some(status(&payload)),
            Some(_) => {}
        }
    }
}

/// The status that begins the head of an answer, where it is one of the static table (RFC 7541,
/// appendix A); 0 for any other.
fn status(head: &[u8]) -> u16 {
    let common = [200, 204, 206, 304, 400, 404, 500];
    let at = head.first().and_then(|first| usize::from(*first).checked_sub(0x88));
    at.and_then(|at| common.get(at)).copied().unwrap_or_default()
}

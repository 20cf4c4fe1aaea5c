//! Answers of an upstream as HTTP frames them: whole, without an end of their own, broken off. The
//! other direction is `framing`.

use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::recorder::Recorder;
use crate::site::{log_in, site};

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

//! Uploads and downloads: whole, and cut off where a limit says so.

use bytes::Bytes;
use futures_util::stream;
use http::Request;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_RANGE, IF_RANGE, ORIGIN, RANGE};
use reqwest::{Body, Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::site::{Site, TEST_TIMEOUT, site, until};
use crate::visitor::Visitor;

const UPLOAD: &str = "/servicedesk/customershim/upload?name=big.bin";

/// A body in pieces, whose length is not said before.
fn pieces(count: usize) -> Body {
    let piece = Bytes::from(vec![b'x'; 10_000]);
    Body::wrap_stream(stream::iter((0..count).map(move |_| Ok::<_, std::io::Error>(piece.clone()))))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_a_file_is_just_that_and_its_name_is_kept() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let path = site.jsm.add_download("Bericht für März.pdf", 1000, Duration::ZERO);
    let part = |get: RequestBuilder| get.header(RANGE, "bytes=251-260");
    let answer = ann.request(Method::GET, &site.at(&path), part).await;
    assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(answer.headers()[CONTENT_RANGE], "bytes 251-260/1000");
    let name = "attachment; filename*=UTF-8''Bericht%20f%C3%BCr%20M%C3%A4rz.pdf";
    assert_eq!(answer.headers()[CONTENT_DISPOSITION], name);
    assert_eq!(answer.bytes().await.unwrap(), (0..10).collect::<Vec<u8>>());

    let outside = |get: RequestBuilder| get.header(RANGE, "bytes=5000-").header(IF_RANGE, "\"x\"");
    let answer = ann.request(Method::GET, &site.at(&path), outside).await;
    assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE);
}

#[rstest]
#[case::h1(false)]
#[case::h2(true)]
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_of_unknown_length_arrives_whole(#[case] tls: bool) {
    let jsm = JsmSettings::data_center();
    let site = site().in_front_of(jsm);
    let site = if tls { site.over_tls() } else { site }.start().await;
    let mut ann = site.logged_in("ann").await;
    let origin = site.url.clone();
    let post = |post: RequestBuilder| post.header(ORIGIN, origin).body(pieces(300));
    let answer = ann.request(Method::POST, &site.at(UPLOAD), post).await;
    let expected = if tls { reqwest::Version::HTTP_2 } else { reqwest::Version::HTTP_11 };
    assert_eq!(answer.version(), expected);
    assert!(answer.text().await.unwrap().contains("\"bytes\":3000000"));
}

/// What nobody announced is counted.
#[rstest]
#[case::h1(false)]
#[case::h2(true)]
#[tokio::test(flavor = "multi_thread")]
async fn g7_an_upload_that_grows_over_the_limit_is_cut_off_with_413(#[case] tls: bool) {
    let site = site().with_limit(r#"body_bytes = "1MB""#);
    let site = if tls { site.over_tls() } else { site }.start().await;
    let ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let answer = if tls { over_http2(&site, &ann).await } else { over_http1(&site, &ann).await };
    assert_eq!(answer, 413);
    until("JSM gave up too", || site.forwarded().iter().all(|seen| seen.body_len <= 1_000_000))
        .await;
}

/// Sends two megabytes and then listens; the gate may have hung up by then.
async fn over_http1(site: &Site, visitor: &Visitor) -> u16 {
    let (origin, cookie) = (&site.url, visitor.cookie_header(&site.url));
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\n\r\n",
        site.address
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.split();
    let piece = format!("{:x}\r\n{}\r\n", 10_000, "x".repeat(10_000));
    let send = async {
        for _ in 0..200 {
            if write.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
        }
    };
    let mut answer = [0; 12];
    let (answered, ()) = tokio::join!(read.read_exact(&mut answer), send);
    answered.unwrap();
    std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap()
}

async fn over_http2(site: &Site, visitor: &Visitor) -> u16 {
    let stream = site.connect_tls("h2").await;
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post(site.at(UPLOAD))
        .header("cookie", visitor.cookie_header(&site.url))
        .header("origin", &site.url)
        .body(())
        .unwrap();
    let mut requests = requests.ready().await.unwrap();
    let (answer, mut body) = requests.send_request(request, false).unwrap();
    let send = async {
        for _ in 0..200 {
            body.reserve_capacity(10_000);
            let room = std::future::poll_fn(|cx| body.poll_capacity(cx)).await;
            if !matches!(room, Some(Ok(_))) {
                return;
            }
            if body.send_data(Bytes::from(vec![b'x'; 10_000]), false).is_err() {
                return;
            }
        }
    };
    let (answer, ()) = tokio::join!(answer, timeout_quietly(send));
    answer.unwrap().status().as_u16()
}

async fn timeout_quietly(future: impl Future<Output = ()>) {
    drop(timeout(TEST_TIMEOUT, future).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_over_the_limit_gets_a_page() {
    let site = site().with_limit(r#"body_bytes = "1MB""#).start().await;
    let mut ann = site.logged_in("ann").await;
    let post =
        |post: RequestBuilder| post.header("accept", "text/html").body(vec![b'x'; 1_100_000]);
    let answer = ann.request(Method::POST, &site.at(UPLOAD), post).await;
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().await.unwrap().contains("body-too-large"));
}

/// A customer who sends to the end before listening still learns why it was for nothing.
#[rstest]
#[case::plain(false)]
#[case::tls(true)]
#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_an_upload_over_the_limit_is_not_lost(#[case] tls: bool) {
    let site = site().with_limit(r#"body_bytes = "1MB""#);
    let site = if tls { site.over_tls() } else { site }.start().await;
    let ann = site.logged_in("ann").await;
    let request = four_megabytes(&site, &ann);
    for _ in 0..10 {
        let answer = if tls {
            all_sent(site.connect_tls("http/1.1").await, &request).await
        } else {
            all_sent(TcpStream::connect(site.address).await.unwrap(), &request).await
        };
        assert!(
            answer.starts_with("HTTP/1.1 413") && answer.contains("body-too-large"),
            "{answer}"
        );
    }
}

/// The same where the upload had been let through.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_a_jsm_that_is_down_is_not_lost_to_an_upload() {
    let site = site().start().await;
    let ann = site.logged_in("ann").await;
    site.jsm.go_down().await;
    let request = four_megabytes(&site, &ann);
    for _ in 0..10 {
        let answer = all_sent(TcpStream::connect(site.address).await.unwrap(), &request).await;
        let page = answer.starts_with("HTTP/1.1 502") && answer.contains("upstream-unreachable");
        assert!(page, "{answer}");
    }
}

/// An upload, to be sent as it is.
fn four_megabytes(site: &Site, visitor: &Visitor) -> String {
    let (host, origin, cookie) = (site.address, &site.url, visitor.cookie_header(&site.url));
    let body = "x".repeat(4_000_000);
    format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn all_sent(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    let mut answer = String::new();
    timeout(TEST_TIMEOUT, stream.read_to_string(&mut answer)).await.expect("no end").unwrap();
    answer
}

/// An upstream that answers when it has five bytes of a body, and asks for none.
async fn five_bytes() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\nhello") {
                    assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0);
                    let text = String::from_utf8_lossy(&request).to_lowercase();
                    assert!(!text.contains("expect:"), "the customer was told already");
                    if text.starts_with("get ") && text.ends_with("\r\n\r\n") {
                        break;
                    }
                }
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                stream.write_all(answer).await.unwrap();
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_is_told_to_go_on_and_the_body_arrives() {
    let site = site().with_upstream(five_bytes().await).start().await;
    let ann = site.logged_in("ann").await;
    let mut stream = asks_to_send(&site, &ann.cookie_header(&site.url), 5).await;
    let mut told = [0; 25];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut told)).await.expect("not told to go on").unwrap();
    assert!(told.starts_with(b"HTTP/1.1 100 Continue"), "{}", String::from_utf8_lossy(&told));
    stream.write_all(b"hello").await.unwrap();
    let mut answer = [0; 12];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut answer)).await.expect("no answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[rstest]
#[case::too_large(5_000_000_000, true, "HTTP/1.1 413")]
#[case::without_login(5, false, "HTTP/1.1 401")]
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_what_is_refused_need_not_send_it(
    #[case] length: u64,
    #[case] logged_in: bool,
    #[case] expected: &str,
) {
    let site = site().with_upstream(five_bytes().await).start().await;
    let cookie = if logged_in {
        site.logged_in("ann").await.cookie_header(&site.url)
    } else {
        String::new()
    };
    let mut stream = asks_to_send(&site, &cookie, length).await;
    let mut answer = [0; 12];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut answer)).await.expect("no answer").unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), expected);
}

async fn asks_to_send(site: &Site, cookie: &str, length: u64) -> TcpStream {
    let (host, origin) = (site.address, &site.url);
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// TLS hands over as much as has come, and of the beginning only so much can be kept.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_over_tls_arrives_whole_however_it_comes() {
    const LENGTH: usize = 300_000;
    let site = site().over_tls().start().await;
    let ann = site.logged_in("ann").await;
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Length: {LENGTH}\r\nConnection: close\r\n\r\n",
        site.address,
        site.url,
        ann.cookie_header(&site.url)
    );
    for beginning in (0..20).map(|at| 1 + at * 1500) {
        let mut stream = site.connect_tls_to(site.address, "http/1.1").await;
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&vec![b'x'; beginning]).await.unwrap();
        stream.flush().await.unwrap();
        until("it is under way", || site.gate.assembly().in_flight() == 1).await;
        stream.write_all(&vec![b'x'; LENGTH - beginning]).await.unwrap();
        stream.flush().await.unwrap();
        let mut answer = Vec::new();
        timeout(TEST_TIMEOUT, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.contains(&format!("\"bytes\":{LENGTH}")), "{beginning}: {answer}");
    }
}

//! How much one customer, and all of them together, may take.

use std::time::Duration;

use jsm_gate::config;
use jsm_gate::telemetry::Snapshot;
use reqwest::header::{COOKIE, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::site::{Site, TEST_TIMEOUT, site};

const ECHO: &str = "/servicedesk/customer/echo";

/// Everything that comes back until the gate closes the connection.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let read = timeout(TEST_TIMEOUT, stream.read_to_end(&mut answer)).await.expect("still open");
    // A connection that is closed with bytes unread is reset.
    drop(read);
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends a byte at a time, for as long as anybody takes them. The pause between two bytes is what makes
/// the request slow, which is what these tests are about.
async fn trickle(stream: &mut TcpStream, bytes: &str) {
    for byte in bytes.bytes().cycle() {
        if stream.write_all(&[byte]).await.is_err() {
            return;
        }
        let mut answer = [0; 1024];
        match timeout(Duration::from_millis(20), stream.read(&mut answer)).await {
            Ok(Ok(1..)) => panic!("{}", String::from_utf8_lossy(&answer)),
            Ok(_) => return,
            Err(_) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let site = site().with_limit(r#"header_timeout = "1s""#).start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    timeout(TEST_TIMEOUT, trickle(&mut stream, "X-Slow: 1\r\n")).await.expect("still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_nor_is_the_next_head_of_a_connection() {
    let limits = "header_timeout = \"1s\"\nkeep_alive = \"1s\"";
    let site = site().with_limit(limits).start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let request = format!("GET /p/it HTTP/1.1\r\nHost: {}\r\n\r\n", site.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 8192];
    assert_ne!(stream.read(&mut answer).await.unwrap(), 0);
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    timeout(TEST_TIMEOUT, trickle(&mut stream, "X-Slow: 1\r\n")).await.expect("still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_as_long_as_the_limit_says() {
    let limits = "header_timeout = \"1h\"\nkeep_alive = \"1s\"";
    let site = site().with_limit(limits).start().await;
    let mut stream = connected(&site).await;
    assert!(is_answered(&site, &mut stream).await, "closed at once");
    assert_eq!(until_closed(&mut stream).await, "");
}

/// docs/security.md F2, F3: what may not be kept is not kept, however long the limit is. Whoever reads to
/// the end of the connection would wait for it.
#[rstest]
#[case::who_says_close("GET /p/it HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n")]
#[case::f3_http_1_0("GET /p/it HTTP/1.0\r\nHost: HOST\r\n\r\n")]
#[case::f3_http_1_0_forwarded(
    "GET /servicedesk/customer/echo HTTP/1.0\r\nHost: HOST\r\nCOOKIE\r\n"
)]
#[case::f2_length_and_chunked(
    "POST /servicedesk/customer/echo HTTP/1.1\r\nHost: HOST\r\nCOOKIEContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_kept_is_closed(#[case] request: &str) {
    let site = site().with_limit("keep_alive = \"1h\"").start().await;
    let ann = site.logged_in("ann").await;
    let cookie = format!("Cookie: {}\r\n", ann.cookie_header(&site.url));
    let request = request.replace("HOST", &site.address.to_string()).replace("COOKIE", &cookie);
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = until_closed(&mut stream).await;
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
}

#[rstest]
#[case::plain(false)]
#[case::before_tls(true)]
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_connection_without_a_word_is_closed(#[case] tls: bool) {
    let site = site().with_limit(r#"header_timeout = "1s""#);
    let site = if tls { site.over_tls() } else { site }.start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    assert_eq!(until_closed(&mut stream).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_under_way_may_take_its_time() {
    let limits = "header_timeout = \"1s\"\nkeep_alive = \"1s\"";
    let site = site().with_limit(limits).start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.slow_down(Duration::from_secs(4));
    let answer = ann.request(Method::GET, &site.at(ECHO), |get| get).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_over_the_limit_wait_for_a_place() {
    let site = site().with_limit("connections = 2").start().await;
    let first = connected(&site).await;
    let _second = connected(&site).await;
    let mut third = TcpStream::connect(site.address).await.unwrap();
    let request = format!("GET /p/it HTTP/1.1\r\nHost: {}\r\n\r\n", site.address);
    third.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    // That something does not happen can only be seen by waiting; a shorter wait would see less.
    let early = timeout(Duration::from_millis(300), third.read_exact(&mut answer)).await;
    assert!(early.is_err(), "served without a place");
    drop(first);
    timeout(TEST_TIMEOUT, third.read_exact(&mut answer)).await.expect("still waits").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 302");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_its_share_of_connections() {
    let site = site().with_limit("connections_per_address = 2").start().await;
    let first = connected(&site).await;
    let _second = connected(&site).await;
    let mut third = TcpStream::connect(site.address).await.unwrap();
    assert_eq!(until_closed(&mut third).await, "");
    let metrics = site.gate.assembly().metrics().text(&Snapshot::default());
    assert!(metrics.contains("jsm_gate_connections 2"), "{metrics}");
    assert!(metrics.contains("jsm_gate_connections_refused_total 1"), "{metrics}");
    drop(first);
    let again = async {
        while !is_served(&site).await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(TEST_TIMEOUT, again).await.expect("the place is not free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_changes_how_many_connections_there_may_be() {
    let site = site().with_limit("connections_per_address = 1").start().await;
    let _first = connected(&site).await;
    assert!(!is_served(&site).await);
    let file = site.folder.path().join("proxy.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let more = text.replace("connections_per_address = 1", "connections_per_address = 2");
    std::fs::write(&file, more).unwrap();
    site.gate.assembly().reload(config::load(&file).unwrap().config).await.unwrap();
    assert!(is_served(&site).await);
}

/// A connection that holds a place: it has been answered, and is kept.
async fn connected(site: &Site) -> TcpStream {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    assert!(is_answered(site, &mut stream).await);
    stream
}

async fn is_served(site: &Site) -> bool {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    is_answered(site, &mut stream).await
}

async fn is_answered(site: &Site, stream: &mut TcpStream) -> bool {
    let request = format!("GET /p/it HTTP/1.1\r\nHost: {}\r\n\r\n", site.address);
    let sent = stream.write_all(request.as_bytes()).await;
    let mut answer = [0; 8192];
    sent.is_ok() && stream.read(&mut answer).await.is_ok_and(|read| read > 0)
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_an_address_that_begins_too_many_logins_has_to_wait() {
    let site = site().with_limit("logins_per_minute = 3").start().await;
    let mut statuses = Vec::new();
    for from in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"] {
        // Nobody trusts this header here: all four are one address.
        let begin = |get: RequestBuilder| get.header("x-forwarded-for", from);
        let address = site.at("/_gate/login?go=1");
        let answer = site.visitor().request(Method::GET, &address, begin).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(answer.headers()[RETRY_AFTER], "60");
            assert!(answer.text().await.unwrap().contains("too-many-logins"));
            break;
        }
        statuses.push(answer.status());
    }
    assert_eq!(statuses, [StatusCode::FOUND; 3]);
    site.let_pass(Duration::from_secs(60));
    site.logged_in("ann").await;
}

/// docs/security.md F7: neither way into HTTP/2 without TLS is open.
#[rstest]
#[case::f7_upgrade(
    "GET /p/it HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
    "HTTP/1.1 401"
)]
#[case::f7_prior_knowledge("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 400")]
#[tokio::test(flavor = "multi_thread")]
async fn f7_http2_is_spoken_over_tls_alone(#[case] request: &str, #[case] expected: &str) {
    let site = site().start().await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let request = request.replace("HOST", &site.address.to_string());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 8192];
    let read = timeout(TEST_TIMEOUT, stream.read(&mut answer)).await.unwrap().unwrap_or(0);
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.is_empty() || answer.starts_with(expected), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_upgrade_to_http2_does_not_reach_the_upstream() {
    let site = site().with_forward("websockets = true").start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let cookie = ann.cookie_header(&site.url);
    let request = format!(
        "GET {ECHO} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        site.address
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert!(!seen.headers.contains_key("upgrade") && !seen.headers.contains_key("http2-settings"));
    let again = ann.request(Method::GET, &site.at(ECHO), |get| get.header(COOKIE, cookie)).await;
    assert_eq!(again.status(), StatusCode::OK);
}

//! Attacks on memory and time (docs/security.md G), against a gate of its own process: what it takes is
//! measured by the system, and bounded.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream;
use reqwest::header::ORIGIN;
use reqwest::{Body, Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::http2::{
    CONTINUATION, END_HEADERS, END_STREAM, GOAWAY, HEADERS, RST_STREAM, frame, preface, receive,
};
use crate::process::Process;
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, log_in, site};

/// A gate in a process of its own, and what it took before the attack.
pub(crate) struct Target {
    pub(crate) site: Site,
    pub(crate) gate: Process,
    before: f64,
}

impl Target {
    pub(crate) async fn start(builder: SiteBuilder) -> Self {
        let site = builder.start().await;
        let gate = Process::logging(&site, "json", "info,access=off").await;
        Self { before: gate.memory(), site, gate }
    }

    /// Begins to measure; what a first request sets up is no matter of the attack.
    pub(crate) fn measure(&mut self) {
        self.before = self.gate.memory();
        self.gate.forget_peak();
    }

    /// Whether the peak stayed within so many megabytes above what there was before.
    pub(crate) fn assert_grew_at_most(&self, megabytes: f64) {
        let grew = self.gate.peak_memory() - self.before;
        assert!(grew <= megabytes, "grew by {grew:.1} MB");
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.gate.address).await.unwrap()
    }

    /// The gate goes on for everybody else.
    pub(crate) async fn assert_serves(&self) {
        let scheme = if self.site.certificate.is_some() { "https" } else { "http" };
        let address = format!("{scheme}://{}/_gate/logged-out", self.gate.address);
        let answer = self.site.visitor().request(Method::GET, &address, |get| get).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}

pub(crate) fn quiet() -> SiteBuilder {
    site().with_limit("logins_per_minute = 100000")
}

#[rstest]
#[case::one_large_header(|| format!("X-Large: {}\r\n", "x".repeat(1 << 20)))]
#[case::many_cookies(|| "Cookie: c=1\r\n".repeat(1000))]
#[tokio::test(flavor = "multi_thread")]
async fn g1_a_bomb_of_headers_takes_no_memory(#[case] headers: fn() -> String) {
    let mut target = Target::start(quiet()).await;
    target.assert_serves().await;
    target.measure();
    let mut head = format!("GET /p/it HTTP/1.1\r\nHost: {}\r\n", target.gate.address);
    head.push_str(&headers());
    head.push_str("\r\n");
    for _ in 0..20 {
        join_all((0..8).map(|_| send_head(&target, &head))).await;
    }
    // Of 160 MB that are sent, eight heads at a time.
    target.assert_grew_at_most(64.0);
    target.assert_serves().await;
}

/// Sends it as far as the gate takes it; a refusal is the only answer there may be.
async fn send_head(target: &Target, head: &str) {
    let mut stream = target.connect().await;
    drop(stream.write_all(head.as_bytes()).await);
    let mut answer = [0; 12];
    if timeout(TEST_TIMEOUT, stream.read_exact(&mut answer)).await.expect("no end").is_ok() {
        let refusals: [&[u8]; 2] = [b"HTTP/1.1 400", b"HTTP/1.1 431"];
        assert!(refusals.contains(&&answer[..]), "{}", String::from_utf8_lossy(&answer));
    }
}

/// `GET / https` and the host, by the static table (RFC 7541, appendix A); nothing is remembered.
fn head(target: &Target) -> Vec<u8> {
    let host = target.gate.address.to_string();
    let mut head = vec![0x82, 0x84, 0x87, 0x01, u8::try_from(host.len()).unwrap()];
    head.extend(host.bytes());
    head
}

/// Sends these over HTTP/2 until they are all sent or the gate hangs up, and tells what it said
/// when it did.
async fn send_http2(target: &Target, frames: impl Iterator<Item = Vec<u8>>) -> String {
    let stream = target.site.connect_tls_to(target.gate.address, "h2").await;
    let (read, mut write) = tokio::io::split(stream);
    let listening = tokio::spawn(goodbye(read));
    for frame in std::iter::once(preface()).chain(frames) {
        if listening.is_finished() || write.write_all(&frame).await.is_err() {
            break;
        }
    }
    drop(write.shutdown().await);
    timeout(TEST_TIMEOUT, listening).await.expect("the gate keeps it open").unwrap()
}

/// The words of the GOAWAY frame that ends a connection (RFC 9113, section 6.8).
async fn goodbye(mut read: impl tokio::io::AsyncRead + Unpin) -> String {
    while let Some(frame) = receive(&mut read).await {
        if frame.kind == GOAWAY {
            return String::from_utf8_lossy(&frame.payload[8..]).into_owned();
        }
    }
    "nothing".to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn g1_a_head_that_goes_on_for_ever_is_cut_off() {
    let mut target = Target::start(quiet().over_tls()).await;
    target.assert_serves().await;
    target.measure();
    let begin = frame(HEADERS, END_STREAM, 1, &head(&target));
    // A literal that is not remembered: name and value of 8 KB.
    let more = [&[0, 1, b'x', 0x7f, 0x81, 0x3f][..], &[b'x'; 8192]].concat();
    let more = frame(CONTINUATION, 0, 1, &more);
    let frames = std::iter::once(begin).chain(std::iter::repeat_n(more, 10_000));
    assert_eq!(send_http2(&target, frames).await, "too_many_continuations");
    target.assert_grew_at_most(16.0);
    target.assert_serves().await;
}

/// CVE-2023-44487
#[tokio::test(flavor = "multi_thread")]
async fn g1_streams_that_are_reset_at_once_are_not_kept() {
    let mut target = Target::start(quiet().over_tls()).await;
    target.assert_serves().await;
    target.measure();
    let head = head(&target);
    let streams = (0..30_000).map(|at| {
        let stream = at * 2 + 1;
        let open = frame(HEADERS, END_STREAM | END_HEADERS, stream, &head);
        [open, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
    });
    assert_eq!(send_http2(&target, streams).await, "too_many_resets");
    target.assert_grew_at_most(24.0);
    target.assert_serves().await;
}

/// CVE-2026-105297: a small head that stands for a large one, on as many streams as there may be.
#[tokio::test(flavor = "multi_thread")]
async fn g1_a_head_that_unpacks_to_megabytes_is_not_unpacked() {
    let mut target = Target::start(quiet().over_tls()).await;
    target.assert_serves().await;
    target.measure();
    // Remembered once, as `cookie` with a value of 3500 bytes; then named 4000 times a head.
    let cookie = [&[0x40 | 32, 0x7f, 0xad, 0x1a][..], &[b'x'; 3500]].concat();
    let first = [head(&target), cookie].concat();
    let again = [head(&target), vec![0xbe; 4000]].concat();
    let streams = (0..400).map(|at| {
        let block = if at == 0 { &first } else { &again };
        frame(HEADERS, END_HEADERS, at * 2 + 1, block)
    });
    assert_eq!(send_http2(&target, streams).await, "header_list_way_too_large");
    target.assert_grew_at_most(32.0);
    target.assert_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_a_flood_of_visitors_and_of_logins_that_go_nowhere_leaves_nothing_behind() {
    let mut target = Target::start(quiet()).await;
    flood(&target, 200).await;
    target.measure();
    flood(&target, 3000).await;
    target.assert_grew_at_most(16.0);
    target.assert_serves().await;
}

/// So many visitors without cookies, each of whom asks for a portal and begins a login.
async fn flood(target: &Target, visitors: usize) {
    let mut stream = target.connect().await;
    for at in 0..visitors {
        let path = if at % 2 == 0 { "/p/it" } else { "/_gate/login?go=1" };
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", target.gate.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = read_head(&mut stream).await;
        assert!(
            answer.starts_with("HTTP/1.1 302") || answer.starts_with("HTTP/1.1 503"),
            "{answer}"
        );
        if answer.contains("onnection: close") || answer.starts_with("HTTP/1.1 503") {
            stream = target.connect().await;
        }
    }
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 8192];
    while !answer.windows(4).any(|window| window == b"\r\n\r\n") {
        let read =
            timeout(TEST_TIMEOUT, stream.read(&mut buffer)).await.expect("no answer").unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_connections_that_idle_are_cheap() {
    let mut target = Target::start(quiet()).await;
    target.assert_serves().await;
    target.measure();
    let mut kept = Vec::new();
    let request = format!("GET /p/it HTTP/1.1\r\nHost: {}\r\n\r\n", target.gate.address);
    for _ in 0..900 {
        let mut stream = target.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        read_head(&mut stream).await;
        kept.push(stream);
    }
    // pingora's own listener takes 64 KB more, for reading ahead.
    target.assert_grew_at_most(900.0 * 0.05);
}

/// Megabytes that pass through in each direction.
const LARGE: u64 = 200;

#[rstest]
#[case::h1(false)]
#[case::h2(true)]
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_large_upload_streams_through(#[case] tls: bool) {
    let site = quiet().with_limit(r#"body_bytes = "1GB""#);
    let mut target = Target::start(if tls { site.over_tls() } else { site }).await;
    let (mut ann, url) = logged_in(&target).await;
    target.measure();
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    let pieces = (0..LARGE).map(move |_| Ok::<_, io::Error>(piece.clone()));
    let body = Body::wrap_stream(stream::iter(pieces));
    let upload = format!("{url}/servicedesk/customershim/upload?name=large.bin");
    target.site.jsm.set_base_url(&url);
    let post = |post: RequestBuilder| post.header(ORIGIN, &url).body(body);
    let answer = ann.request(Method::POST, &upload, post).await;
    let told = answer.text().await.unwrap();
    assert!(told.contains(&format!("\"bytes\":{}", LARGE << 20)), "{told}");
    target.assert_grew_at_most(16.0);
}

#[rstest]
#[case::h1(false)]
#[case::h2(true)]
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_large_download_streams_through(#[case] tls: bool) {
    let mut target = Target::start(if tls { quiet().over_tls() } else { quiet() }).await;
    let (mut ann, url) = logged_in(&target).await;
    let path = target.site.jsm.add_download("large.bin", LARGE << 20, Duration::ZERO);
    target.measure();
    let mut answer = ann.request(Method::GET, &format!("{url}{path}"), |get| get).await;
    let mut bytes = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        bytes += chunk.len() as u64;
    }
    assert_eq!(bytes, LARGE << 20);
    target.assert_grew_at_most(16.0);
}

/// Somebody logged in at the gate in its own process, and that gate's address.
pub(crate) async fn logged_in(target: &Target) -> (crate::visitor::Visitor, String) {
    let url =
        target.site.url.replace(&target.site.address.to_string(), &target.gate.address.to_string());
    let mut ann = target.site.visitor();
    let mut page = ann.open(&format!("{url}/p/it")).await;
    // Until it knows portals and provider.
    while page.status == StatusCode::SERVICE_UNAVAILABLE {
        page = ann.open(&format!("{url}/p/it")).await;
    }
    log_in(&mut ann, &page, "ann").await;
    (ann, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn g9_a_provider_that_hangs_holds_up_nobody_who_is_logged_in() {
    let site = quiet().start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(Fault::SlowToken(Duration::from_secs(60)));
    let mut others = Vec::new();
    for _ in 0..50 {
        let mut other = site.visitor();
        let page = other.open(&site.at("/p/it")).await;
        others.push((other, page));
    }
    let hanging = others.into_iter().map(|(mut other, page)| {
        tokio::spawn(async move { log_in(&mut other, &page, "bob").await })
    });
    let hanging: Vec<_> = hanging.collect();
    let token_calls = || site.provider.count("/token");
    crate::site::until("all logins hang", || token_calls() >= 50).await;
    for _ in 0..20 {
        let asked = Instant::now();
        assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
        assert!(asked.elapsed() < Duration::from_secs(2), "after {:?}", asked.elapsed());
    }
    assert!(hanging.iter().all(|login| !login.is_finished()), "nothing hung");
    hanging.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn g10_a_path_of_many_kilobytes_is_refused_at_once() {
    let site = quiet().start().await;
    for path in ["/a".repeat(32_000), "/%41".repeat(16_000), "/a?".repeat(20_000)] {
        let asked = Instant::now();
        let answer = site.visitor().request(Method::GET, &site.at(&path), |get| get).await;
        assert_eq!(answer.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        assert!(asked.elapsed() < Duration::from_secs(2), "after {:?}", asked.elapsed());
    }
}

#[rstest]
#[case::json("json")]
#[case::text("text")]
#[tokio::test(flavor = "multi_thread")]
async fn g11_nobody_writes_lines_into_the_log(#[case] format: &str) {
    let site = quiet().start().await;
    let gate = Process::logging(&site, format, "debug").await;
    let host = gate.address;
    for (target, agent) in [
        ("/p/it%0d%0aforged%1b%5b31m", "plain"),
        ("/p/it\"}forged", "\"} forged {\""),
        ("/p/forged", "\u{1b}[31mforged"),
        ("/_gate/login?return_to=%0aforged", "forged\r\n forged: folded"),
        ("/p/it", "\u{202e}forged\u{200b}\u{9b}31m"),
        ("/last", "plain"),
    ] {
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nX-Forwarded-For: {agent}\r\nConnection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        drop(stream.read_to_end(&mut Vec::new()).await);
    }
    gate.until_logged("/last").await;
    let log = gate.log();
    assert!(!log.contains(['\u{1b}', '\r', '\u{202e}', '\u{200b}', '\u{9b}']), "{log}");
    for line in log.lines() {
        let whole = match format {
            "json" => serde_json::from_str::<Value>(line).is_ok(),
            // Every line begins with its time.
            _ => line.starts_with("20") && line.get(10..11) == Some("T"),
        };
        assert!(whole, "{line}");
    }
}

/// docs/security.md G11: whoever reads the log for errors must not have to read what anybody can put there.
#[tokio::test(flavor = "multi_thread")]
async fn g11_strangers_who_break_off_leave_no_errors_in_the_log() {
    let site = quiet().start().await;
    let gate = Process::logging(&site, "text", "info").await;
    let last = format!("GET /last HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", gate.address);
    for sent in ["", "rubbish\r\n\r\n", "GET / HTTP/1.1\r\nHo", last.as_str()] {
        let mut stream = TcpStream::connect(gate.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        drop(stream.read_to_end(&mut Vec::new()).await);
    }
    gate.until_logged("/last").await;
    assert!(!gate.log().contains("ERROR"), "{}", gate.log());
}

/// docs/security.md G7: bodies that no form of the gate sends.
#[rstest]
#[case::empty("/_gate/logout", "application/x-www-form-urlencoded", "")]
#[case::multipart("/_gate/logout", "multipart/form-data; boundary=x", "--x\r\n\r\n--x--")]
#[case::rubbish("/_gate/logout", "application/x-www-form-urlencoded", "%%%=&&&")]
#[case::where_none_is_wanted("/_gate/login", "text/plain", "hello")]
#[case::callback("/_gate/callback/idp", "multipart/form-data; boundary=x", "--x")]
#[tokio::test(flavor = "multi_thread")]
async fn g7_an_odd_body_is_refused(#[case] path: &str, #[case] kind: &str, #[case] body: &str) {
    let site = quiet().start().await;
    let mut ann = site.logged_in("ann").await;
    let (origin, body) = (site.url.clone(), body.to_owned());
    let post =
        |post: RequestBuilder| post.header(ORIGIN, origin).header("content-type", kind).body(body);
    let answer = ann.request(Method::POST, &site.at(path), post).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
}

//! What requests may hold (docs/security.md G7): places of their account, turns at JSM, and nothing at all
//! of JSM while their body is still to come.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::Request;
use reqwest::header::{ORIGIN, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::exhaustion::{Target, logged_in, quiet};
use crate::framing::http2;
use crate::http2::{END_HEADERS, END_STREAM, HEADERS, SETTINGS, fields, frame, receive};
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, site, until};
use crate::visitor::Visitor;

const HANGS: &str = "/servicedesk/customer/hangs";
const ECHO: &str = "/servicedesk/customer/echo";
const UPLOAD: &str = "/servicedesk/customershim/upload?name=big.bin";

/// An upstream that does not answer requests for [`HANGS`] until it is let go, and all others at
/// once, whatever their body.
struct Hanging {
    address: SocketAddr,
    /// Requests it works on, of those that hang.
    works_on: AtomicUsize,
    /// All it has read.
    read: Mutex<Vec<u8>>,
    go: watch::Sender<bool>,
}

impl Hanging {
    async fn start() -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (works_on, read) = (AtomicUsize::new(0), Mutex::default());
        let upstream = Arc::new(Self { address, works_on, read, go: watch::Sender::new(false) });
        let serving = Arc::clone(&upstream);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&serving).serve(stream));
            }
        });
        upstream
    }

    async fn serve(self: Arc<Self>, mut stream: TcpStream) {
        let mut go = self.go.subscribe();
        loop {
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            self.read.lock().unwrap().extend_from_slice(&head);
            if String::from_utf8_lossy(&head).contains(HANGS) {
                self.works_on.fetch_add(1, Ordering::SeqCst);
                go.wait_for(|go| *go).await.unwrap();
                self.works_on.fetch_sub(1, Ordering::SeqCst);
            }
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    }

    fn site(&self) -> SiteBuilder {
        site().with_upstream(self.address)
    }

    async fn works_on(&self, count: usize) {
        until(&format!("JSM works on {count}"), || self.works_on.load(Ordering::SeqCst) == count)
            .await;
    }

    fn let_go(&self) {
        self.go.send_replace(true);
    }
}

/// Somebody asks for what hangs, in a window of their own.
async fn hang(site: &Site, who: &str) -> JoinHandle<StatusCode> {
    hang_in(site, site.logged_in(who).await)
}

fn hang_in(site: &Site, mut visitor: Visitor) -> JoinHandle<StatusCode> {
    let address = site.at(HANGS);
    tokio::spawn(async move { visitor.request(Method::GET, &address, |get| get).await.status() })
}

async fn get(visitor: &mut Visitor, site: &Site, path: &str) -> Response {
    visitor.request(Method::GET, &site.at(path), |get| get).await
}

/// Refused with a page that says why, and when to come back.
async fn assert_refused(answer: Response, code: &str) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key(RETRY_AFTER));
    let page = answer.text().await.unwrap();
    assert!(page.contains(code), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_one_customer_keeps_half_of_jsm_busy_at_most_and_others_are_served() {
    let jsm = Hanging::start().await;
    let limits = "concurrency = 4\nqueue_timeout = \"100ms\"";
    let site = jsm.site().with_forward(limits).start().await;
    let mut anns_third = site.logged_in("ann").await;
    let mut bob = site.logged_in("bob").await;
    let first = [hang(&site, "ann").await, hang(&site, "ann").await];
    jsm.works_on(2).await;
    assert_refused(get(&mut anns_third, &site, HANGS).await, "upstream-busy").await;
    assert_eq!(get(&mut bob, &site, ECHO).await.status(), StatusCode::OK);
    assert_eq!(jsm.works_on.load(Ordering::SeqCst), 2, "JSM works on what was refused");
    jsm.let_go();
    for answer in first {
        assert_eq!(answer.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(get(&mut anns_third, &site, HANGS).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_jsm_is_served_as_soon_as_it_can() {
    let jsm = Hanging::start().await;
    let limits = "concurrency = 1\nqueue_timeout = \"1h\"";
    let site = jsm.site().with_forward(limits).start().await;
    let mut windows = Vec::new();
    for who in ["ann", "ann", "bob"] {
        windows.push(site.logged_in(who).await);
    }
    let requests: Vec<_> = windows.into_iter().map(|window| hang_in(&site, window)).collect();
    until("two wait", || site.gate.assembly().at_upstream() == (1, 2)).await;
    jsm.let_go();
    for answer in join_all(requests).await {
        assert_eq!(answer.unwrap(), StatusCode::OK);
    }
    assert_eq!(site.gate.assembly().at_upstream(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_a_customer_has_so_many_requests_under_way_whatever_the_session() {
    let jsm = Hanging::start().await;
    let site = jsm.site().with_limit("requests_per_customer = 2").start().await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let first = [hang(&site, "ann").await, hang(&site, "ann").await];
    jsm.works_on(2).await;
    assert_refused(get(&mut ann, &site, ECHO).await, "too-many-requests").await;
    assert_eq!(get(&mut bob, &site, ECHO).await.status(), StatusCode::OK);
    jsm.let_go();
    join_all(first).await;
    assert_eq!(get(&mut ann, &site, ECHO).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_each_stream_of_http2_is_a_request() {
    let jsm = Hanging::start().await;
    let site = jsm.site().over_tls().with_limit("requests_per_customer = 2").start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    let mut http2 = http2(&site).await;
    let mut ask = |path: &str| {
        let request = Request::get(site.at(path)).header("cookie", &cookie).body(()).unwrap();
        http2.send_request(request, true).unwrap().0
    };
    let _first = (ask(HANGS), ask(HANGS));
    jsm.works_on(2).await;
    let answer = timeout(TEST_TIMEOUT, ask(ECHO)).await.unwrap().unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key(RETRY_AFTER));
}

/// A form of the gate's own that never comes holds a place of its address, and of no other.
#[rstest]
#[case::by_connection(false)]
#[case::behind_a_front(true)]
#[tokio::test(flavor = "multi_thread")]
async fn g7_strangers_share_the_places_of_their_address(#[case] front: bool) {
    let trusted = if front { "trusted_proxies = [\"127.0.0.0/8\"]" } else { "" };
    let site = site().with_gate(trusted).with_limit("requests_per_address = 1").start().await;
    let mut ann = site.logged_in("ann").await;
    let mut held = TcpStream::connect(site.address).await.unwrap();
    let form = format!(
        "POST /_gate/logout HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n",
        site.address
    );
    held.write_all(form.as_bytes()).await.unwrap();
    let address = site.at("/_gate/logged-out");
    let ask = async |last: u8| {
        let local = Ipv4Addr::new(127, 0, 0, if front { 1 } else { last });
        let client =
            reqwest::Client::builder().tls_certs_only([]).local_address(Some(local.into()));
        let said = format!("192.0.2.{last}");
        Visitor::with(client)
            .request(Method::GET, &address, |get| get.header("x-forwarded-for", said))
            .await
    };
    until("the form is under way", || site.gate.assembly().in_flight() == 1).await;
    assert_refused(ask(1).await, "too-many-requests").await;
    assert_eq!(ask(2).await.status(), StatusCode::OK);
    assert_eq!(ann.open(&address).await.status, StatusCode::OK, "the address is not ann's account");
    drop(held);
    until("the form is given up", || site.gate.assembly().in_flight() == 0).await;
    assert_eq!(ask(1).await.status(), StatusCode::OK);
}

/// Of a body that is announced and comes drop by drop, or not at all, JSM hears nothing.
#[rstest]
#[case::h1_length("Content-Length: 100000\r\n")]
#[case::h1_chunked("Transfer-Encoding: chunked\r\n")]
#[case::h1_expect("Expect: 100-continue\r\nContent-Length: 100000\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_body_that_is_still_to_come_keeps_nothing_of_jsm(#[case] framing: &str) {
    let jsm = Hanging::start().await;
    let site = jsm.site().start().await;
    let mut ann = site.logged_in("ann").await;
    jsm.read.lock().unwrap().clear();
    let head = format!(
        "POST {UPLOAD} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\n{framing}\r\n",
        site.address,
        site.url,
        ann.cookie_header(&site.url)
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let part = if framing.contains("chunked") { "3\r\nxxx\r\n" } else { "xxx" };
    stream.write_all(part.as_bytes()).await.unwrap();
    until("it is under way", || site.gate.assembly().in_flight() == 1).await;
    // Whatever of the first might be sent ahead would have been by now.
    assert_eq!(get(&mut ann, &site, ECHO).await.status(), StatusCode::OK);
    let read = String::from_utf8(jsm.read.lock().unwrap().clone()).unwrap();
    assert!(read.contains(ECHO) && !read.contains("upload"), "{read}");
    assert_eq!(site.gate.assembly().at_upstream(), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn g7_nor_does_one_over_http2() {
    let jsm = Hanging::start().await;
    let site = jsm.site().over_tls().start().await;
    let mut ann = site.logged_in("ann").await;
    jsm.read.lock().unwrap().clear();
    let mut http2 = http2(&site).await;
    let mut bodies = Vec::new();
    for _ in 0..20 {
        let request = Request::post(site.at(UPLOAD))
            .header("cookie", ann.cookie_header(&site.url))
            .header(ORIGIN, &site.url)
            .header("content-length", 100_000)
            .body(());
        let (_, mut body) = http2.send_request(request.unwrap(), false).unwrap();
        body.send_data(Bytes::from_static(b"x"), false).unwrap();
        bodies.push(body);
    }
    until("they are under way", || site.gate.assembly().in_flight() == 20).await;
    assert_eq!(get(&mut ann, &site, ECHO).await.status(), StatusCode::OK);
    let read = String::from_utf8(jsm.read.lock().unwrap().clone()).unwrap();
    assert!(!read.contains("upload"), "{read}");
}

/// With windows that never open: what waits for such a customer is bounded, in JSM and in the gate.
#[tokio::test(flavor = "multi_thread")]
async fn g7_answers_that_nobody_takes_pile_up_nowhere() {
    let mut target = Target::start(quiet().over_tls()).await;
    let (ann, url) = logged_in(&target).await;
    let path = target.site.jsm.add_download("large.bin", 50 << 20, Duration::ZERO);
    target.measure();
    target.site.jsm.clear_seen();
    let host = url.rsplit('/').next().unwrap().to_owned();
    let cookie = ann.cookie_header(&url);
    let mut head = vec![0x82, 0x87];
    head.extend(fields(&[(":path", &path), (":authority", &host)]));
    for pair in cookie.split("; ") {
        head.extend(fields(&[("cookie", pair)]));
    }
    let closed = [0, 4, 0, 0, 0, 0];
    let mut connections = Vec::new();
    for _ in 0..10 {
        let mut stream = target.site.connect_tls_to(target.gate.address, "h2").await;
        let mut sent = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        sent.extend(frame(SETTINGS, 0, 0, &closed));
        for at in 0..100 {
            sent.extend(frame(HEADERS, END_STREAM | END_HEADERS, at * 2 + 1, &head));
        }
        stream.write_all(&sent).await.unwrap();
        connections.push(stream);
    }
    // Of one of them, the heads of all answers: nothing is refused in silence.
    let mut answered = 0;
    while answered < 100 {
        let received = timeout(TEST_TIMEOUT, receive(&mut connections[9])).await.expect("silence");
        answered += usize::from(received.expect("closed").kind == HEADERS);
    }
    let seen = target.site.jsm.seen().iter().filter(|it| it.path().contains("large")).count();
    assert!((1..=32).contains(&seen), "JSM was asked {seen} times");
    target.assert_grew_at_most(80.0);
    target.assert_serves().await;
}

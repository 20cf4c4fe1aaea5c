//! WebSockets: whom they let through, and when they end.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use http::HeaderName;
use jsm_gate::config;
use reqwest::Method;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Seen, Response};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

use crate::process::Process;
use crate::redis::Redis;
use crate::site::{ANN, Site, SiteBuilder, TEST_TIMEOUT, free_address, site, until};
use crate::visitor::Visitor;

const SOCKET: &str = "/servicedesk/customer/socket";

/// An upstream that opens WebSockets and says everything twice: here as text, there as it came.
#[derive(Default)]
struct Echo {
    opened: Mutex<Vec<http::HeaderMap>>,
    targets: Mutex<Vec<String>>,
}

impl Echo {
    async fn start() -> (SocketAddr, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = Arc::new(Self::default());
        let told = Arc::clone(&echo);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&told).serve(stream));
            }
        });
        (address, echo)
    }

    #[expect(clippy::result_large_err, reason = "the library's own callback")]
    async fn serve(self: Arc<Self>, stream: TcpStream) {
        let note = |request: &Seen, response: Response| {
            self.opened.lock().unwrap().push(request.headers().clone());
            self.targets.lock().unwrap().push(request.uri().to_string());
            Ok(response)
        };
        let Ok(mut socket) = accept_hdr_async(stream, note).await else { return };
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() && socket.send(message).await.is_err() {
                return;
            }
        }
    }
}

fn with_websockets(upstream: SocketAddr) -> SiteBuilder {
    site().with_forward("websockets = true").with_upstream(upstream)
}

/// What a browser sends on behalf of a page of the gate.
fn request(site: &Site, visitor: &Visitor) -> Request {
    let address = format!("{}{SOCKET}", site.url.replacen("http", "ws", 1));
    let mut request = address.into_client_request().unwrap();
    let cookies = visitor.cookie_header(&site.url);
    request.headers_mut().insert("cookie", cookies.parse().unwrap());
    request.headers_mut().insert("origin", site.url.parse().unwrap());
    request
}

type Socket = WebSocketStream<TcpStream>;

async fn open(site: &Site, request: Request) -> Result<Socket, Error> {
    let stream = TcpStream::connect(site.address).await.unwrap();
    client_async(request, stream).await.map(|(socket, _)| socket)
}

async fn opened(site: &Site, visitor: &Visitor) -> Socket {
    open(site, request(site, visitor)).await.unwrap()
}

/// Says something and hears it back.
async fn is_open(socket: &mut Socket) -> bool {
    let said = socket.send(Message::text("hello")).await;
    said.is_ok() && matches!(socket.next().await, Some(Ok(Message::Text(text))) if text == "hello")
}

/// Listens until the gate says why it closes.
async fn close_code(socket: &mut Socket) -> CloseCode {
    let closed = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code,
                Some(Ok(_)) => {}
                end => panic!("closed without a word: {end:?}"),
            }
        }
    };
    timeout(TEST_TIMEOUT, closed).await.expect("still open")
}

fn refused_with(result: Result<Socket, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("not answered: {:?}", other.err()),
    }
}

/// Browsers follow no redirect when they open one.
#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_asked_for_without_the_context_path_is_forwarded_with_it() {
    let (address, upstream) = Echo::start().await;
    let below = format!("http://{address}/jira");
    let site = site().with_forward("websockets = true").with_upstream_url(&below).start().await;
    let ann = site.logged_in("ann").await;
    assert!(is_open(&mut opened(&site, &ann).await).await);
    assert_eq!(*upstream.targets.lock().unwrap(), [format!("/jira{SOCKET}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_goes_both_ways_and_the_upstream_knows_who_says_it() {
    let (upstream, echo) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut socket = opened(&site, &ann).await;
    let large = "x".repeat(300_000);
    for text in ["hello", "", &large] {
        socket.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap().to_text().unwrap(), text);
    }
    let seen = &echo.opened.lock().unwrap()[0];
    assert_eq!(seen["x-forwarded-user"], ANN);
    assert!(seen.get("cookie").is_none_or(|cookie| !cookie.to_str().unwrap().contains("gate")));
}

/// docs/security.md B1, B4, B5, B6: by somebody without groups, who would like to have some.
#[rstest]
#[case::plain(&[])]
#[case::b1_underscores(&[("X_Forwarded_User", "admin"), ("x.gate_groups", "admins")])]
#[case::b2_twice(&[("X-Forwarded-User", "admin"), ("x-FORWARDED-user", "root")])]
#[case::b4_groups_of_somebody_without_any(&[("X-Gate-Groups", "admins")])]
#[case::b5_assertion(&[("X-Gate-Assertion", "forged"), ("X_Gate_Assertion", "forged")])]
#[case::b6_nominated(&[("Connection", "Upgrade, X-Forwarded-User, X-Gate-Assertion")])]
#[case::b6_nominated_beside(&[("Connection", "X-Forwarded-User"), ("X-Forwarded-User", "admin")])]
#[case::b8_address(&[("X-Forwarded-For", "10.9.8.7"), ("X-Real-IP", "10.9.8.7")])]
#[case::b9_credentials(&[("Authorization", "Bearer forged")])]
#[tokio::test(flavor = "multi_thread")]
async fn b_an_upgrade_says_only_what_the_gate_says(#[case] spoofed: &[(&str, &str)]) {
    let (upstream, echo) = Echo::start().await;
    let assertion = "[forward.assertion]\naudience = \"https://jira.example.com\"";
    let site = with_websockets(upstream).with(assertion).start().await;
    let cleo = site.logged_in("cleo").await;
    let mut request = request(&site, &cleo);
    for (name, value) in spoofed {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().append(name, value.parse().unwrap());
    }
    let mut socket = open(&site, request).await.unwrap();
    assert!(is_open(&mut socket).await);

    let opened = echo.opened.lock().unwrap();
    let [seen] = &opened[..] else { panic!("not opened once") };
    let values = |name: &str| -> Vec<_> {
        seen.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    };
    assert_eq!(values("x-forwarded-user"), ["cleo@example.com"]);
    assert_eq!(values("x-forwarded-for"), ["127.0.0.1"]);
    assert!(matches!(values("x-gate-assertion")[..], [one] if one.split('.').count() == 3));
    for (name, value) in seen {
        let forged = ["admin", "admins", "root", "forged", "Bearer forged", "10.9.8.7"];
        assert!(!forged.iter().any(|forged| value == forged), "{name}: {value:?}");
    }
    assert!(!seen.contains_key("x-gate-groups"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_works_over_tls_too() {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).over_tls().start().await;
    let ann = site.logged_in("ann").await;
    let stream = site.connect_tls("http/1.1").await;
    let (mut socket, _) = client_async(request(&site, &ann), stream).await.unwrap();
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("hello"));
}

#[tokio::test(flavor = "multi_thread")]
async fn c13_a_logout_closes_it() {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let (mut ann, bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let (mut hers, mut his) = (opened(&site, &ann).await, opened(&site, &bob).await);
    assert!(is_open(&mut hers).await);

    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    let out = Instant::now();
    assert_eq!(close_code(&mut hers).await, CloseCode::Policy);
    assert!(out.elapsed() < Duration::from_secs(5), "after {:?}", out.elapsed());
    assert!(is_open(&mut his).await, "somebody else's is closed too");
    assert!(is_over(&mut hers).await, "the connection stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn c13_a_logout_on_one_gate_closes_it_on_another() {
    let redis = Redis::start(free_address(), &[]);
    let (upstream, _) = Echo::start().await;
    let store = format!("store = \"redis://{}\"", redis.address);
    let site = with_websockets(upstream).with_session(&store).start().await;
    let other = Process::beside(&site).await;
    let mut ann = site.logged_in("ann").await;
    let mut request = request(&site, &ann);
    *request.uri_mut() = format!("ws://{}{SOCKET}", other.address).parse().unwrap();
    for (name, value) in [("origin", other.at("")), ("host", other.address.to_string())] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(other.address).await.unwrap();
    let (mut socket, _) = client_async(request, stream).await.unwrap();
    assert!(is_open(&mut socket).await);

    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    let out = Instant::now();
    assert_eq!(close_code(&mut socket).await, CloseCode::Policy);
    assert!(out.elapsed() < Duration::from_secs(2), "after {:?}", out.elapsed());
}

#[rstest]
#[case::by_the_providers_server(true)]
#[case::by_a_page_of_the_providers(false)]
#[tokio::test(flavor = "multi_thread")]
async fn c13_a_logout_by_the_provider_closes_it(#[case] back_channel: bool) {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let (bob, ann) = (site.logged_in("bob").await, site.logged_in("ann").await);
    let (mut hers, mut his) = (opened(&site, &ann).await, opened(&site, &bob).await);
    assert!(is_open(&mut hers).await);

    let out = Instant::now();
    if back_channel {
        let form = [("logout_token", site.provider.logout_token("ann", &[]).unwrap())];
        let address = site.at("/_gate/backchannel-logout/idp");
        site.visitor().request(Method::POST, &address, |post| post.form(&form)).await;
    } else {
        let (issuer, sid) = (site.provider.issuer(), site.provider.latest_sid("ann").unwrap());
        let query = format!("/_gate/frontchannel-logout/idp?iss={issuer}&sid={sid}");
        site.visitor().request(Method::GET, &site.at(&query), |get| get).await;
    }
    assert_eq!(close_code(&mut hers).await, CloseCode::Policy);
    assert!(out.elapsed() < Duration::from_secs(5), "after {:?}", out.elapsed());
    assert!(is_open(&mut his).await, "somebody else's is closed too");
}

#[rstest]
#[case::a_login_that_the_provider_takes_back(
    Fault::TokenAnswer(400, json!({"error": "invalid_grant"})))]
#[case::rights_that_changed(Fault::Claim("groups", json!(["former"])))]
#[tokio::test(flavor = "multi_thread")]
async fn c13_a_refresh_closes_it(#[case] fault: Fault) {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).with_refresh().start().await;
    let mut ann = site.logged_in("ann").await;
    let mut hers = opened(&site, &ann).await;
    assert!(is_open(&mut hers).await);
    site.provider.misbehave(fault);
    site.let_pass(Duration::from_secs(270));
    ann.open(&site.at("/_gate/whoami")).await;
    assert_eq!(close_code(&mut hers).await, CloseCode::Policy);
}

/// Whether nothing more comes.
async fn is_over(socket: &mut Socket) -> bool {
    timeout(TEST_TIMEOUT, socket.next()).await.is_ok_and(|next| !matches!(next, Some(Ok(_))))
}

#[tokio::test(flavor = "multi_thread")]
async fn c13_it_ends_when_the_session_expires() {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut socket = opened(&site, &ann).await;
    site.let_pass(Duration::from_secs(31 * 60));
    let expired = Instant::now();
    assert_eq!(close_code(&mut socket).await, CloseCode::Policy);
    assert!(expired.elapsed() < Duration::from_secs(5), "after {:?}", expired.elapsed());
}

#[rstest]
#[case::words_are(Message::text("hello"), true)]
#[case::pings_are_not(Message::Ping("hello".into()), false)]
#[tokio::test(flavor = "multi_thread")]
async fn c13_what_a_customer_says_is_use_of_the_session(
    #[case] message: Message,
    #[case] lives: bool,
) {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let mut ann = site.logged_in("ann").await;
    let mut socket = opened(&site, &ann).await;
    site.let_pass(Duration::from_secs(20 * 60));
    socket.send(message).await.unwrap();
    assert!(socket.next().await.unwrap().is_ok(), "no echo");
    site.let_pass(Duration::from_secs(20 * 60));
    let whoami = ann.request(Method::GET, &site.at("/_gate/whoami"), |get| get).await;
    let answer = whoami.text().await.unwrap();
    assert_eq!(answer.contains(ANN), lives, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_closes_it_so_that_new_rules_hold() {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut socket = opened(&site, &ann).await;
    let loaded = config::load(&site.folder.path().join("proxy.toml")).unwrap();
    site.gate.assembly().reload(loaded.config).await.unwrap();
    assert_eq!(close_code(&mut socket).await, CloseCode::Away);
    let mut again = opened(&site, &ann).await;
    assert!(is_open(&mut again).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_it() {
    let (upstream, _) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut socket = opened(&site, &ann).await;
    let stopped = timeout(TEST_TIMEOUT, site.gate.stop());
    let (stopped, code) = tokio::join!(stopped, close_code(&mut socket));
    stopped.expect("waits for the WebSocket");
    assert_eq!(code, CloseCode::Away);
}

#[rstest]
#[case::another_site(Some("https://evil.example"), 403)]
#[case::opaque(Some("null"), 403)]
#[case::unsaid(None, 403)]
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_open_none(#[case] origin: Option<&str>, #[case] expected: u16) {
    let (upstream, echo) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut request = request(&site, &ann);
    match origin {
        Some(origin) => drop(request.headers_mut().insert("origin", origin.parse().unwrap())),
        None => drop(request.headers_mut().remove("origin")),
    }
    assert_eq!(refused_with(open(&site, request).await), expected);
    assert!(echo.opened.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_login_there_is_none() {
    let (upstream, echo) = Echo::start().await;
    let site = with_websockets(upstream).start().await;
    let nobody = request(&site, &site.visitor());
    assert_eq!(refused_with(open(&site, nobody).await), 401);
    assert!(echo.opened.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_off_unless_switched_on() {
    let (upstream, echo) = Echo::start().await;
    let site = site().with_upstream(upstream).start().await;
    let ann = site.logged_in("ann").await;
    assert!(open(&site, request(&site, &ann)).await.is_err());
    assert!(echo.opened.lock().unwrap().is_empty());
}

/// An upstream that answers the first customer with these bytes and notes all it gets on that
/// connection, to its end.
async fn answers_once(answer: &'static str) -> (SocketAddr, Arc<Mutex<Option<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let received = Arc::<Mutex<Option<String>>>::default();
    let note = Arc::clone(&received);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let note = Arc::clone(&note);
            tokio::spawn(async move {
                if let Some(all) = answer_and_listen(stream, answer).await {
                    *note.lock().unwrap() = Some(all);
                }
            });
        }
    });
    (address, received)
}

/// `None` for the gate's own REST calls.
async fn answer_and_listen(mut stream: TcpStream, answer: &str) -> Option<String> {
    let mut all = Vec::new();
    let mut buffer = [0; 4096];
    while !all.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0);
        all.extend_from_slice(&buffer[..read]);
    }
    if !String::from_utf8_lossy(&all).starts_with(&format!("GET {SOCKET}")) {
        return None;
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    let _ = stream.read_to_end(&mut all).await;
    Some(String::from_utf8_lossy(&all).into_owned())
}

/// docs/security.md F1, CVE-2026-2833: a customer who does not wait for the upstream's agreement.
#[rstest]
#[case::f1_unknown("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", 404)]
#[case::f1_ok("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnone\r\n0\r\n\r\n", 200)]
#[tokio::test(flavor = "multi_thread")]
async fn f1_bytes_sent_ahead_go_nowhere_when_the_upstream_refuses(
    #[case] answer: &'static str,
    #[case] expected: u16,
) {
    let (upstream, received) = answers_once(answer).await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let ahead = "GET /smuggled HTTP/1.1\r\nHost: jira\r\n\r\n";
    let bytes = format!("{}{ahead}", raw_request(&site, &ann));
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    assert!(answers.starts_with(&format!("HTTP/1.1 {expected}")), "{answers}");
    assert_eq!(answers.matches("HTTP/1.1").count(), 1, "{answers}");
    assert!(answers.contains("none"));
    until("the upstream's connection has ended", || received.lock().unwrap().is_some()).await;
    let received = received.lock().unwrap().clone().unwrap();
    assert!(received.ends_with("\r\n\r\n") && !received.contains("/smuggled"), "{received}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_bytes_sent_ahead_are_the_first_of_the_websocket_when_it_agrees() {
    let agreed = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst";
    let (upstream, received) = answers_once(agreed).await;
    let site = with_websockets(upstream).start().await;
    let ann = site.logged_in("ann").await;
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    let bytes = format!("{}ahead", raw_request(&site, &ann));
    stream.write_all(bytes.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.unwrap();
    assert!(answers.starts_with("HTTP/1.1 101"), "{answers}");
    until("the upstream's connection has ended", || received.lock().unwrap().is_some()).await;
    let received = received.lock().unwrap().clone().unwrap();
    assert!(received.ends_with("\r\n\r\nahead"), "{received}");
}

fn raw_request(site: &Site, visitor: &Visitor) -> String {
    let (host, origin, cookie) = (site.address, &site.url, visitor.cookie_header(&site.url));
    format!(
        "GET {SOCKET} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
}

/// docs/security.md G7: they stay for long, so they have a limit of their own and take no place from
/// requests.
#[tokio::test(flavor = "multi_thread")]
async fn g7_a_customer_has_so_many_and_they_are_no_requests() {
    let (upstream, echo) = Echo::start().await;
    let limits = "websockets_per_customer = 2\nrequests_per_customer = 2";
    let site = with_websockets(upstream).with_limit(limits).start().await;
    let (ann, bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let mut first = opened(&site, &ann).await;
    let second = opened(&site, &ann).await;
    assert_eq!(refused_with(open(&site, request(&site, &ann)).await), 503);
    assert_eq!(echo.opened.lock().unwrap().len(), 2, "JSM was asked for one that was refused");
    assert!(is_open(&mut first).await && is_open(&mut opened(&site, &bob).await).await);
    drop(second);
    until("the place is free", || site.gate.assembly().in_flight() == 1).await;
    assert!(is_open(&mut opened(&site, &ann).await).await);
}

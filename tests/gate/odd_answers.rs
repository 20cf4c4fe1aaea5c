//! Answers of JSM that no server should give, over both versions of HTTP: what the customer gets of
//! them, and that the next answer on the same connection is the right one.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::framing::{http2, text};
use crate::process::Process;
use crate::site::{Site, TEST_TIMEOUT, log_in, site};

const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

/// An upstream that gives one answer at `/servicedesk/customer/odd` and a good one everywhere else, and
/// leaves its connections open.
async fn upstream(odd: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, odd));
        }
    });
    address
}

async fn answer(mut stream: TcpStream, odd: &'static str) {
    let mut pending = String::new();
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        pending.push_str(&String::from_utf8_lossy(&buffer[..read]));
        while let Some((head, rest)) = pending.split_once("\r\n\r\n") {
            let answer = if head.contains("/customer/odd ") { odd } else { GOOD };
            pending = rest.to_owned();
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    Http1,
    Http2,
}

/// What a customer got.
#[derive(Debug)]
struct Got {
    status: u16,
    headers: HeaderMap,
    body: String,
    /// Heads of the interim answers before it.
    interim: Vec<String>,
}

impl Got {
    fn has(&self, name: &str) -> bool {
        self.headers.contains_key(name)
    }
}

/// What Ann gets of an odd answer. Asked for something else on the same connection, she gets that,
/// or finds the connection closed.
async fn got(odd: &'static str, version: Version, more: &str) -> Got {
    let site = site().over_tls().with_upstream(upstream(odd).await).start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    match version {
        Version::Http1 => got_http1(&site, &cookie, more).await,
        Version::Http2 => got_http2(&site, &cookie).await,
    }
}

async fn got_http1(site: &Site, cookie: &str, more: &str) -> Got {
    let mut stream = site.connect_tls("http/1.1").await;
    let request = |path: &str, more: &str| {
        let host = site.address;
        let path = format!("/servicedesk/customer/{path}");
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{more}\r\n")
    };
    stream.write_all(request("odd", more).as_bytes()).await.unwrap();
    let first = read_answer(&mut stream).await.expect("an answer");
    drop(stream.write_all(request("even", "").as_bytes()).await);
    if let Some(second) = read_answer(&mut stream).await {
        assert_eq!((second.status, second.body.as_str()), (200, "good"), "after {first:?}");
        assert_eq!(second.interim, [""; 0]);
    }
    first
}

async fn got_http2(site: &Site, cookie: &str) -> Got {
    let mut requests = http2(site).await;
    let mut got = Vec::new();
    for path in ["odd", "even"] {
        let uri = site.at(&format!("/servicedesk/customer/{path}"));
        let request = Request::get(uri).header("cookie", cookie).body(()).unwrap();
        requests = requests.ready().await.unwrap();
        let (answer, _) = requests.send_request(request, true).unwrap();
        let answer = timeout(TEST_TIMEOUT, answer).await.expect("no answer").unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = text(answer.into_body()).await;
        got.push(Got { status, headers, body, interim: Vec::new() });
    }
    let second = got.pop().unwrap();
    assert_eq!((second.status, second.body.as_str()), (200, "good"), "after {got:?}");
    got.pop().unwrap()
}

/// One whole answer of HTTP/1.1, read by the book; `None` where the connection is closed instead.
async fn read_answer(stream: &mut (impl AsyncRead + Unpin)) -> Option<Got> {
    let mut interim = Vec::new();
    loop {
        let head = read_until(stream, "\r\n\r\n").await?;
        let (first, lines) = head.split_once("\r\n").unwrap();
        let status: u16 = first.split(' ').nth(1).unwrap().parse().unwrap();
        if (100..200).contains(&status) {
            interim.push(head);
            continue;
        }
        let lines = lines.lines().filter_map(|line| line.split_once(": "));
        let headers: HeaderMap = lines
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let body = read_body(stream, status, &headers).await?;
        return Some(Got { status, headers, body, interim });
    }
}

async fn read_body(
    stream: &mut (impl AsyncRead + Unpin),
    status: u16,
    headers: &HeaderMap,
) -> Option<String> {
    if matches!(status, 204 | 304) {
        return Some(String::new());
    }
    if headers.contains_key("transfer-encoding") {
        return read_until(stream, "0\r\n\r\n").await;
    }
    let [length] = &headers.get_all("content-length").iter().collect::<Vec<_>>()[..] else {
        panic!("not one length: {headers:?}");
    };
    let mut body = vec![0; length.to_str().unwrap().parse().unwrap()];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut body)).await.expect("no body").ok()?;
    Some(String::from_utf8(body).unwrap())
}

async fn read_until(stream: &mut (impl AsyncRead + Unpin), end: &str) -> Option<String> {
    let mut text = String::new();
    while !text.ends_with(end) {
        let read = timeout(TEST_TIMEOUT, stream.read_u8()).await.expect("nothing more comes");
        text.push(char::from(read.ok()?));
    }
    Some(text)
}

/// docs/security.md F2, for what JSM says: an answer whose end can be found in two places is none.
#[rstest]
#[case::a_list_of_lengths("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nodd")]
#[case::one_length_twice("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nodd")]
#[case::two_lengths("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nodd")]
#[case::signed_length("HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nodd")]
#[case::negative_length("HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nodd")]
#[case::length_of_nothing("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\nodd")]
#[case::chunked_twice(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::chunked_in_a_list(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::identity_and_chunked(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::chunked_is_not_the_last(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::a_coding_below_chunked(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::unknown_coding(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::chunked_in_http_1_0(
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n"
)]
#[case::another_protocol(
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nodd"
)]
#[case::another_protocol_after_an_interim_answer(
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nSet-Cookie: odd=1\r\n\r\nodd"
)]
#[case::blank_in_a_name("HTTP/1.1 200 OK\r\nX Bad: 1\r\nContent-Length: 3\r\n\r\nodd")]
#[tokio::test(flavor = "multi_thread")]
async fn f2_an_ambiguous_answer_is_none(
    #[case] odd: &'static str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let got = got(odd, version, "").await;
    assert_eq!(got.status, 502, "{got:?}");
    assert!(got.body.contains("upstream-unreachable") && !got.body.contains("odd"), "{got:?}");
    assert!(!got.has("set-cookie"), "{got:?}");
}

/// The end of these is beyond doubt, and nothing behind it is taken for another answer.
#[rstest]
#[case::length_and_chunked(
    "HTTP/1.1 200 OK\r\nContent-Length: 90\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n",
    200,
    "odd"
)]
#[case::more_than_its_length(
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\noddHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",
    200,
    "odd"
)]
#[case::a_second_answer_behind_the_last_chunk(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong",
    200,
    "odd"
)]
#[case::no_content_with_a_length(
    "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nwrong",
    204,
    ""
)]
#[case::no_content_in_chunks(
    "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    204,
    ""
)]
#[tokio::test(flavor = "multi_thread")]
async fn f6_an_answer_ends_where_it_says(
    #[case] odd: &'static str,
    #[case] status: u16,
    #[case] body: &str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let got = got(odd, version, "").await;
    assert_eq!(got.status, status, "{got:?}");
    assert!(got.body.contains(body) && !got.body.contains("wrong"), "{got:?}");
    let framed = got.has("content-length") || got.has("transfer-encoding");
    assert!(!(status == 204 && framed), "{got:?}");
}

/// RFC 9110, 15.2: an interim answer is no place to say anything.
#[rstest]
#[case::continue_unasked("HTTP/1.1 100 Continue\r\nSet-Cookie: odd=1\r\n\r\n", "", 0)]
#[case::continue_awaited(
    "HTTP/1.1 100 Continue\r\nSet-Cookie: odd=1\r\nConnection: close\r\nContent-Length: 4\r\n\r\n",
    "Expect: 100-continue\r\n",
    1
)]
#[case::early_hints("HTTP/1.1 103 Early Hints\r\nLink: </odd>; rel=preload\r\n\r\n", "", 0)]
#[case::made_up("HTTP/1.1 199 Odd\r\nSet-Cookie: odd=1\r\n\r\n", "", 0)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interim_answer_brings_nothing_along(
    #[case] interim: &'static str,
    #[case] more: &str,
    #[case] passed_on: usize,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let both: &'static str = Box::leak(format!("{interim}{GOOD}").into_boxed_str());
    let got = got(both, version, more).await;
    assert_eq!((got.status, got.body.as_str()), (200, "good"), "{got:?}");
    assert!(!got.has("set-cookie") && !got.has("link"), "{got:?}");
    let expected = if version == Version::Http1 { passed_on } else { 0 };
    assert_eq!(got.interim, vec!["HTTP/1.1 100 Continue\r\n\r\n"; expected]);
}

/// RFC 9110, 7.6.1: what is between JSM and the gate stays there, and takes nothing along that a
/// customer's browser needs.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_jsms_connection_stays_there(
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let odd = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nUpgrade: h2,h2c\r\nTE: trailers\r\n\
        Connection: Upgrade, Keep-Alive, X-Foo\r\nConnection: Content-Type, content-length\r\n\
        Keep-Alive: timeout=300, max=100\r\nProxy-Connection: keep-alive\r\nTrailer: X-Bar\r\n\
        Proxy-Authenticate: Basic realm=\"x\"\r\nX-Foo: 1\r\nX-Kept: 1\r\nContent-Length: 9\r\n\r\n\
        <p>odd</p";
    let got = got(odd, version, "").await;
    assert_eq!((got.status, got.body.as_str()), (200, "<p>odd</p"));
    for name in [
        "upgrade",
        "te",
        "keep-alive",
        "proxy-connection",
        "trailer",
        "proxy-authenticate",
        "x-foo",
    ] {
        assert!(!got.has(name), "{name} in {got:?}");
    }
    let connection: Vec<_> = got.headers.get_all("connection").iter().collect();
    assert_eq!(connection, if version == Version::Http1 { &["keep-alive"][..] } else { &[] });
    assert!(got.has("content-type") && got.has("x-kept"), "{got:?}");
}

/// docs/security.md B9: what a customer typed into the browser's own box would never reach JSM.
#[rstest]
#[case::basic("WWW-Authenticate: Basic realm=\"Jira\"")]
#[case::negotiate_and_ntlm("WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM")]
#[case::in_one_line(
    "www-authenticate: OAuth realm=\"a, Basic b\", Digest realm=\"x\", nonce=\"y\", Basic realm=z"
)]
#[case::of_a_proxy("Proxy-Authenticate: Basic realm=\"Jira\"")]
#[tokio::test(flavor = "multi_thread")]
async fn b9_a_challenge_does_not_reach_a_browser(
    #[case] challenge: &str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let odd = format!("HTTP/1.1 401 Unauthorized\r\n{challenge}\r\nContent-Length: 3\r\n\r\nodd");
    let got = got(Box::leak(odd.into_boxed_str()), version, "").await;
    assert_eq!((got.status, got.body.as_str()), (401, "odd"));
    assert!(!got.has("www-authenticate") && !got.has("proxy-authenticate"), "{got:?}");
}

/// docs/security.md C10: whatever some browser would send back as a cookie of the gate's. Jira's own arrive.
#[rstest]
#[case::plain("Set-Cookie: __Host-gate=x; Path=/; Secure")]
#[case::of_a_login("Set-Cookie: __Host-gate-login-1=x; Path=/; Secure")]
#[case::without_prefix("Set-Cookie: gate=x")]
#[case::nameless("Set-Cookie: =__Host-gate=x; Path=/; Secure")]
#[case::nameless_with_blanks("Set-Cookie:  =  __Host-gate=x; Path=/")]
#[case::without_an_equals_sign("Set-Cookie: __Host-gate")]
#[case::behind_an_empty_pair("Set-Cookie: ; __Host-gate=x")]
#[case::another_case("Set-Cookie: __HOST-Gate=x; Path=/; Secure")]
#[case::blanks_around("Set-Cookie: \t __Host-gate\t =x; Path=/; Secure")]
#[case::blank_before_the_colon("Set-Cookie : __Host-gate=x; Path=/; Secure")]
#[case::folded("X-A: 1\r\nSet-Cookie:\r\n __Host-gate=x; Path=/; Secure")]
#[case::of_rfc_2965("Set-Cookie2: __Host-gate=x; Version=1")]
#[tokio::test(flavor = "multi_thread")]
async fn c10_no_answer_plants_a_cookie_of_the_gate(
    #[case] planted: &str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let odd = format!(
        "HTTP/1.1 200 OK\r\nSet-Cookie: atlassian.xsrf.token=1; Path=/\r\n{planted}\r\n\
         Content-Length: 3\r\n\r\nodd"
    );
    let got = got(Box::leak(odd.into_boxed_str()), version, "").await;
    let cookies: Vec<_> = got.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["atlassian.xsrf.token=1; Path=/; Secure"]);
    assert!(!got.has("set-cookie2"), "{got:?}");
}

/// The same for a WebSocket: what the upstream agrees to must be what it was asked for.
#[rstest]
#[case::to_it("HTTP/1.1 101 Odd\r\nUpgrade: WebSocket\r\nConnection: upgrade", 101)]
#[case::to_another("HTTP/1.1 101 Odd\r\nUpgrade: h2c\r\nConnection: upgrade", 502)]
#[case::to_both("HTTP/1.1 101 Odd\r\nUpgrade: websocket, h2c\r\nConnection: upgrade", 502)]
#[case::to_nothing("HTTP/1.1 101 Odd\r\nConnection: upgrade", 502)]
#[case::in_http_1_0("HTTP/1.0 101 Odd\r\nUpgrade: websocket\r\nConnection: upgrade", 502)]
#[tokio::test(flavor = "multi_thread")]
async fn f1_only_a_web_socket_is_agreed_to(#[case] agreement: &str, #[case] expected: u16) {
    let more = "Keep-Alive: timeout=5\r\nContent-Length: 5\r\nSet-Cookie: gate=x\r\nX-Kept: 1";
    let odd = Box::leak(format!("{agreement}\r\n{more}\r\n\r\n").into_boxed_str());
    let site = site().with_forward("websockets = true").with_upstream(upstream(odd).await);
    let site = site.start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    let request = format!(
        "GET /servicedesk/customer/odd HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {cookie}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        site.address, site.url
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_until(&mut stream, "\r\n\r\n").await.unwrap().to_lowercase();
    assert!(head.starts_with(&format!("http/1.1 {expected} ")), "{head}");
    assert!(!head.contains("keep-alive:") && !head.contains("gate=x"), "{head}");
    let agreed = head.contains("\r\nupgrade: websocket\r\n") && head.contains("x-kept: 1");
    let framed = head.contains("content-length") || head.contains("transfer-encoding");
    assert_eq!((agreed, framed), (expected == 101, expected != 101), "{head}");
}

/// docs/security.md G11: neither a cookie of Jira's nor a page gets into the log, however much it tells.
#[rstest]
#[case::malformed_head(
    "HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=Secret0; Path=/\r\nX Bad: Secret0\r\n\r\n"
)]
#[case::malformed_length(
    "HTTP/1.1 200 OK\r\nSet-Cookie: a=Secret0\r\nContent-Length: Secret0\r\n\r\n"
)]
#[case::no_http("Secret0\r\n\r\n")]
#[tokio::test(flavor = "multi_thread")]
async fn g11_a_malformed_answer_is_not_quoted_in_the_log(#[case] odd: &'static str) {
    let site = site().with_upstream(upstream(odd).await).start().await;
    let gate =
        Process::logging(&site, "text", "trace,pingora_proxy=trace,pingora_core=trace").await;
    let cookie = {
        let mut ann = site.visitor();
        let mut page = ann.open(&gate.at("/servicedesk/customer/portals")).await;
        while page.status == StatusCode::SERVICE_UNAVAILABLE {
            page = ann.open(&gate.at("/servicedesk/customer/portals")).await;
        }
        log_in(&mut ann, &page, "ann").await;
        ann.cookie_header(&gate.at(""))
    };
    let request = format!(
        "GET /servicedesk/customer/odd HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
        gate.address
    );
    let mut stream = TcpStream::connect(gate.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let answer = read_answer(&mut stream).await.expect("an answer");
    assert_eq!(answer.status, 502);
    gate.until_logged("malformed head").await;
    gate.until_logged("/servicedesk/customer/odd").await;
    let log = gate.log();
    assert!(!log.contains("Secret0"), "{log}");
}

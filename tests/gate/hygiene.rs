//! Requests that nobody sends by mistake.

use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::site::{Site, site};

/// Sends bytes and reads until the gate closes or the whole head of an answer is there.
async fn raw(site: &Site, request: &str) -> String {
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        answer.extend_from_slice(&buffer[..read]);
        let whole = answer.windows(4).any(|window| window == b"\r\n\r\n");
        if read == 0 || whole {
            return String::from_utf8_lossy(&answer).into_owned();
        }
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// docs/security.md A: with a login, so that only the check itself can stop it.
#[rstest]
#[case::a6_path_parameter("/servicedesk/customer;x=1/portal/3")]
#[case::a6_dot_segment_behind_a_parameter("/public/..;/servicedesk/customer/portal/3")]
#[case::a6_dots_before_an_encoded_parameter("/public/..%3B/servicedesk/customer/portal/3")]
#[case::a6_dots_before_an_encoded_query("/public/..%3Fx/servicedesk/customer/portal/3")]
#[case::a6_nothing_but_an_encoded_parameter("/servicedesk/%3B/customer/portal/3")]
#[case::a6_encoded_dots("/x/%2e%2e/servicedesk/customer/portal/3")]
#[case::a6_encoded_slash("/servicedesk/customer%2fportal/3")]
#[case::a6_encoded_backslash("/servicedesk%5ccustomer/portal/3")]
#[case::a6_double_encoding("/x/%252e%252e/servicedesk/customer/portal/3")]
#[case::a6_empty_segment("//servicedesk/customer/portal/3")]
#[case::a6_single_dot("/./servicedesk/customer/portal/3")]
#[case::a6_nul("/servicedesk/customer/portal/3%00")]
#[case::a6_line_feed("/servicedesk/customer/portal/3%0a")]
#[case::a6_overlong("/%c0%ae%c0%ae/servicedesk/customer/portal/3")]
#[case::a6_raw_backslash("/x\\..\\servicedesk/customer/portal/3")]
#[case::a6_session_id("/servicedesk/customer/portal/3;jsessionid=1")]
#[case::a9_absolute_form("http://elsewhere.example/servicedesk/customer/portal/3")]
#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_servers_may_read_differently_is_refused(#[case] target: &str) {
    let private =
        "[[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = { groups = [\"x\"] }";
    let site = site().with(private).start().await;
    let ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
    let answer = raw(&site, &request).await;
    assert_eq!(status(&answer), 400, "{answer}");
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

#[tokio::test(flavor = "multi_thread")]
async fn a4_a_raw_fragment_decides_nothing_and_is_not_forwarded() {
    let site = site().start().await;
    let ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let (host, cookie) = (site.address, ann.cookie_header(&site.url));
    let target = "/servicedesk/customer/echo#/_gate/logged-out";
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
    raw(&site, &request).await;
    let targets: Vec<_> = site.forwarded().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/servicedesk/customer/echo"]);
}

#[rstest]
#[case::other_host("Host: evil.example", 421)]
#[case::a9_two_hosts("Host: ADDRESS\r\nHost: evil.example", 400)]
#[case::a9_user_info("Host: admin@ADDRESS", 400)]
#[case::a9_trailing_dot("Host: ADDRESS.", 421)]
#[case::no_host("Accept: */*", 421)]
#[case::our_host("Host: ADDRESS", 302)]
#[tokio::test(flavor = "multi_thread")]
async fn a9_only_the_public_host_is_served(#[case] header: &str, #[case] expected: u16) {
    let site = site().start().await;
    let header = header.replace("ADDRESS", &site.address.to_string());
    let answer = raw(&site, &format!("GET /p/it HTTP/1.1\r\n{header}\r\n\r\n")).await;
    assert_eq!(status(&answer), expected, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_a_query_decides_nothing() {
    let site = site().start().await;
    for query in ["x=/_gate/logged-out", "/_gate/login", "a=/p/fac/../.."] {
        let address = site.at(&format!("/servicedesk/customer/portal/3?{query}"));
        let answer = site.visitor().request(Method::GET, &address, |get| get).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        assert!(answer.headers()["location"].to_str().unwrap().contains("/_gate/login?"));
    }
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn g1_too_many_or_too_large_headers_are_refused_with_431() {
    let site = site().start().await;
    let many = |get: RequestBuilder| {
        (0..120).fold(get, |get, at| get.header(format!("x-header-{at}"), "1"))
    };
    let large = |get: RequestBuilder| get.header("x-header", "x".repeat(40_000));
    let visitor = &mut site.visitor();
    let answer = visitor.request(Method::GET, &site.at("/p/it"), many).await;
    assert_eq!(answer.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let answer = visitor.request(Method::GET, &site.at("/p/it"), large).await;
    assert_eq!(answer.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_health_checks_open_nothing() {
    let site = site().start().await;
    for path in ["/healthz", "/readyz", "/metrics", "/ping"] {
        let probe = |get: RequestBuilder| get.header("user-agent", "kube-probe/1.30");
        let answer = site.visitor().request(Method::GET, &site.at(path), probe).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} on the public listener");
    }
}

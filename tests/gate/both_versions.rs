//! Attacks that have to fail over HTTP/1.1 and HTTP/2 alike, one row a case. What is sent is sent
//! as it stands here; JSM counts what it receives.

use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::framing::{http2, text};
use crate::site::{ANN, Site, site};

const HR_IS_PRIVATE: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["x"] }
    [[portal]]
    project = "FAC"
    access = "public"
"#;

const PORTAL: &str = "/servicedesk/customer/portal/2";

/// Spelled as a session's cookie is, and no session.
const UNKNOWN: &str =
    "__Host-gate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const PUBLIC_FILES: &str = r#"public_paths = ["/s/"]"#;

#[derive(Clone, Copy, Debug)]
enum Version {
    Http1,
    Http2,
}

async fn start() -> Site {
    site().over_tls().with(HR_IS_PRIVATE).with_forward(PUBLIC_FILES).start().await
}

/// What came back.
struct Answer {
    status: u16,
    /// Where it leads.
    location: String,
    body: String,
}

/// Sends a request to the public host and tells the status; `None` when there is no answer but a
/// broken connection.
async fn send(
    site: &Site,
    version: Version,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> Option<u16> {
    let host = site.address.to_string();
    ask(site, version, &host, method, target, headers).await.map(|answer| answer.status)
}

/// The same to a host of that name, and with all of the answer.
async fn ask(
    site: &Site,
    version: Version,
    host: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> Option<Answer> {
    match version {
        Version::Http1 => ask_http1(site, host, method, target, headers).await,
        Version::Http2 => ask_http2(site, host, method, target, headers).await,
    }
}

async fn ask_http1(
    site: &Site,
    host: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> Option<Answer> {
    let mut stream = site.connect_tls("http/1.1").await;
    let lines: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let lines = lines.concat();
    let request =
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    let location = headers.find(|(name, _)| name.eq_ignore_ascii_case("location"));
    let location = location.map(|(_, to)| to.to_owned()).unwrap_or_default();
    Some(Answer { status, location, body: body.to_owned() })
}

async fn ask_http2(
    site: &Site,
    host: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
) -> Option<Answer> {
    // CONNECT names a host and no path.
    let uri = if method == "CONNECT" { host.to_owned() } else { format!("https://{host}{target}") };
    let mut request = http::Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (answer, _) = http2(site).await.send_request(request.body(()).unwrap(), true).unwrap();
    let answer = answer.await.ok()?;
    let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    let status = answer.status().as_u16();
    let body = text(answer.into_body()).await;
    Some(Answer { status, location: location.unwrap_or_default(), body })
}

/// As Ann, so that only the check itself can stop it: 400 for what can be read in two ways, a
/// page of the gate for what is closed. JSM never hears of it.
#[rstest]
#[case::a1_query("/servicedesk/customer/portal/3?x=/s/x/_/download/y", 403)]
#[case::a1_query_path("/servicedesk/customer/portal/3?/s/", 403)]
#[case::a4_encoded_fragment("/servicedesk/customer/portal/3%23/s/", 404)]
#[case::a4_encoded_fragment_before("/s/%23/../servicedesk/customer/portal/3", 400)]
#[case::a5_probe("/ping/../servicedesk/customer/portal/3", 400)]
#[case::a6_parameter_and_dots("/s/..;/servicedesk/customer/portal/3", 400)]
#[case::a6_encoded_dots("/s/%2e%2e/servicedesk/customer/portal/3", 400)]
#[case::a6_encoded_slash("/s/..%2fservicedesk/customer/portal/3", 400)]
#[case::a6_encoded_backslash("/s/..%5cservicedesk/customer/portal/3", 400)]
#[case::a6_twice_encoded("/s/%252e%252e/servicedesk/customer/portal/3", 400)]
#[case::a6_empty_segment("//servicedesk/customer/portal/3", 400)]
#[case::a6_dot("/./servicedesk/customer/portal/3", 400)]
#[case::a6_parameter("/s;x=/../servicedesk/customer/portal/3", 400)]
#[case::a6_session_id("/servicedesk/customer/portal/3;jsessionid=1", 400)]
#[case::a6_upper_case("/SERVICEDESK/customer/portal/3", 403)]
#[case::a6_slash_at_the_end("/servicedesk/customer/portal/3/", 403)]
#[case::a6_suffix("/servicedesk/customer/portal/3.json", 404)]
#[case::a6_escaped_letter("/servicedesk/customer/%70ortal/3", 403)]
#[case::a6_nul("/servicedesk/customer/portal/3%00", 400)]
#[case::a6_line_feed("/servicedesk/customer/portal/3%0a", 400)]
#[case::a6_overlong("/s/%c0%ae%c0%ae/servicedesk/customer/portal/3", 400)]
#[case::a6_behind_a_cache_key("/s/x/_/servicedesk/customer/portal/3", 403)]
#[tokio::test(flavor = "multi_thread")]
async fn a_what_is_forwarded_is_what_was_decided_on(
    #[case] target: &str,
    #[case] expected: u16,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let status = send(&site, version, "GET", target, &[("cookie", &cookie)]).await;
    assert_eq!(status, Some(expected));
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// As nobody: saying so in a header opens nothing, and a method is what it is.
#[rstest]
#[case::a2_forwarded_uri("GET", &[("x-forwarded-uri", "/s/x/_/download/y")], 302)]
#[case::a2_original_uri("GET", &[("x-original-uri", "/s/x/_/download/y")], 302)]
#[case::a2_original_url("GET", &[("x-original-url", "/s/x/_/download/y")], 302)]
#[case::a2_rewrite_url("GET", &[("x-rewrite-url", "/s/x/_/download/y")], 302)]
#[case::a2_envoy("GET", &[("x-envoy-original-path", "/s/x/_/download/y")], 302)]
#[case::a2_prefix("GET", &[("x-forwarded-prefix", "/s")], 302)]
#[case::a5_user_agent("GET", &[("user-agent", "GoogleHC/1.0")], 302)]
#[case::a7_plain("GET", &[], 302)]
#[case::a8_post_as_get("POST", &[("x-http-method-override", "GET")], 401)]
#[case::a8_options("OPTIONS", &[], 401)]
#[case::a8_preflight("OPTIONS", &[("origin", "https://evil.example"), ("access-control-request-method", "GET")], 401)]
#[case::a8_trace("TRACE", &[], 405)]
#[case::b9_basic("GET", &[("authorization", "Basic YWRtaW46YWRtaW4=")], 302)]
#[case::b9_bearer("GET", &[("authorization", "Bearer junk")], 302)]
#[case::b1_identity("GET", &[("x-forwarded-user", "ann@example.com")], 302)]
#[tokio::test(flavor = "multi_thread")]
async fn a_nobody_gets_in_by_saying_so(
    #[case] method: &str,
    #[case] headers: &[(&str, &str)],
    #[case] expected: u16,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let target = "/servicedesk/customer/portal/2";
    assert_eq!(send(&site, version, method, target, headers).await, Some(expected));
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// Of every copy of an identity header that a browser sends, none arrives, on no path.
#[rstest]
#[case::page("GET", "/servicedesk/customer/echo", true)]
#[case::b5_options("OPTIONS", "/servicedesk/customer/echo", true)]
#[case::b5_post("POST", "/servicedesk/customer/echo", true)]
#[case::b5_public_portal("GET", "/servicedesk/customer/portal/4", false)]
#[case::b5_public_file("GET", "/s/sandbox/_/download/batch/portal.css", false)]
#[tokio::test(flavor = "multi_thread")]
async fn b_what_a_browser_says_of_itself_is_not_forwarded(
    #[case] method: &str,
    #[case] target: &str,
    #[case] as_ann: bool,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    const SPOOFED: [&str; 18] = [
        "x-gate-user",
        "x_gate_user",
        "x.gate~user",
        "x-gate-made-up",
        "x-forwarded-made-up",
        "x!forwarded#user",
        "x-forwarded-user",
        "x_forwarded_user",
        "x-forwarded_user",
        "x.forwarded.user",
        "x-gate-groups",
        "x_gate_groups",
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "true-client-ip",
        "x-forwarded-uri",
        "authorization",
    ];
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let twice = SPOOFED.iter().chain(&SPOOFED).map(|name| (*name, "spoofed"));
    let cookie = [("cookie", &cookie[..])].into_iter().filter(|_| as_ann);
    let headers: Vec<_> = twice.chain(cookie).collect();
    send(&site, version, method, target, &headers).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    let spoofed = seen.headers.iter().find(|(_, value)| *value == "spoofed");
    assert!(spoofed.is_none(), "{spoofed:?}");
    let users: Vec<_> = seen.headers.get_all("x-forwarded-user").iter().collect();
    assert_eq!(users, if as_ann { &[ANN][..] } else { &[] });
}

/// The gate's own pages are no way past it.
#[rstest]
#[case("/")]
#[case("/p/it")]
#[case("/_gate/callback/idp?code=1&state=2")]
#[case("/_gate/whoami")]
#[case("/_gate/nothing")]
#[tokio::test(flavor = "multi_thread")]
async fn b5_pages_of_the_gate_are_not_forwarded(
    #[case] target: &str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let spoofed = [("x-forwarded-user", "admin"), ("x-gate-groups", "admins")];
    let host = site.address.to_string();
    let answer = ask(&site, version, &host, "GET", target, &spoofed).await.unwrap();
    assert_ne!(answer.status, 500);
    assert!(!answer.body.contains("admin"), "{}", answer.body);
    let told = target == "/_gate/whoami";
    assert_eq!(answer.body.contains("\"logged_in\":false"), told, "{}", answer.body);
    assert!(site.forwarded().is_empty());
}

/// Over HTTP/1.1 only: HTTP/2 libraries cannot even send these.
#[rstest]
#[case::b3_blank_before_the_colon("X-Forwarded-User : admin")]
#[case::b3_tab_before_the_colon("X-Forwarded-User\t: admin")]
#[case::b3_folded("X-A: 1\r\n X-Forwarded-User: admin")]
#[case::b3_not_ascii("X-Forwärded-User: admin")]
#[case::b3_no_name(": admin")]
#[tokio::test(flavor = "multi_thread")]
async fn b3_names_that_are_none_are_refused(#[case] line: &str) {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let (name, value) = line.split_once(':').unwrap();
    let headers = [("cookie", &cookie[..]), (name, value.trim_start_matches(' '))];
    let status = send(&site, Version::Http1, "GET", "/servicedesk/customer/echo", &headers).await;
    assert!(status.is_none_or(|status| status == 400), "{status:?}");
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// Two names for the host, of which one is ours.
#[tokio::test(flavor = "multi_thread")]
async fn a9_a_host_beside_the_authority_is_refused() {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let target = "/servicedesk/customer/echo";
    let headers = [("cookie", &cookie[..]), ("host", "evil.example")];
    for version in [Version::Http1, Version::Http2] {
        let status = send(&site, version, "GET", target, &headers).await;
        assert!(status.is_none_or(|status| status == 400), "{version:?}: {status:?}");
    }
    assert!(site.forwarded().is_empty());
}

/// As Ann, on an address that she could open otherwise.
#[rstest]
#[case::trace("TRACE", PORTAL)]
#[case::connect("CONNECT", "ADDRESS")]
#[case::webdav("PROPFIND", PORTAL)]
#[case::made_up("FETCH", PORTAL)]
#[case::lower_case("get", PORTAL)]
#[case::mixed_case("Get", PORTAL)]
#[tokio::test(flavor = "multi_thread")]
async fn a8_methods_that_reach_no_portal(
    #[case] method: &str,
    #[case] target: &str,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let target = target.replace("ADDRESS", &site.address.to_string());
    let status = send(&site, version, method, &target, &[("cookie", &cookie)]).await;
    assert!(status.is_none_or(|status| [400, 405].contains(&status)), "{status:?}");
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

/// As Ann, who would get the page at the public host.
#[rstest]
#[case::public("127.0.0.1:PORT", 200)]
#[case::foreign("evil.example", 421)]
#[case::longer("127.0.0.1:PORT.evil.example", 421)]
#[case::trailing_dot("127.0.0.1.:PORT", 421)]
#[case::user("admin@127.0.0.1:PORT", 400)]
#[case::user_of_a_foreign_one("127.0.0.1:PORT@evil.example", 400)]
#[case::another_port("127.0.0.1:1", 421)]
#[case::no_port("127.0.0.1", 421)]
#[tokio::test(flavor = "multi_thread")]
async fn a9_a_customer_is_served_at_no_other_host(
    #[case] host: &str,
    #[case] expected: u16,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let host = host.replace("PORT", &site.address.port().to_string());
    let answer = ask(&site, version, &host, "GET", PORTAL, &[("cookie", &cookie)]).await;
    assert_eq!(answer.map(|answer| answer.status), Some(expected));
    assert_eq!(site.forwarded().len(), usize::from(expected == 200));
}

/// An address in the request line that is another one than in `Host`.
#[rstest]
#[case("https://evil.example/servicedesk/customer/portal/2")]
#[case("https://ADDRESS@evil.example/servicedesk/customer/portal/2")]
#[case("http://evil.example/servicedesk/customer/portal/2")]
#[tokio::test(flavor = "multi_thread")]
async fn a9_an_absolute_address_elsewhere_is_refused(#[case] target: &str) {
    let site = start().await;
    let cookie = site.logged_in("ann").await.cookie_header(&site.url);
    site.jsm.clear_seen();
    let target = target.replace("ADDRESS", &site.address.to_string());
    let status = send(&site, Version::Http1, "GET", &target, &[("cookie", &cookie)]).await;
    assert_eq!(status, Some(400));
    assert!(site.forwarded().is_empty());
}

/// Who has a session gets the portal; who has a cookie and no session begins a login.
#[rstest]
#[case::none(&[], false)]
#[case::hers(&["SESSION"], true)]
#[case::hers_twice(&["SESSION; SESSION"], true)]
#[case::c1_made_up(&["__Host-gate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], false)]
#[case::c1_well_formed(&[UNKNOWN], false)]
#[case::c1_short(&["__Host-gate=AAAA"], false)]
#[case::c1_empty(&["__Host-gate="], false)]
#[case::c1_not_base64(&["__Host-gate=%%%%"], false)]
#[case::c1_cut(&["SESSIO"], false)]
#[case::c1_longer(&["SESSIONA"], false)]
#[case::c1_quoted(&["__Host-gate=\"AAAA\""], false)]
#[case::c9_of_a_gate_without_tls(&["gate=VALUE"], false)]
#[case::c10_another_first(&[UNKNOWN, "SESSION"], false)]
#[case::c10_another_last(&["SESSION", UNKNOWN], false)]
#[case::c10_another_on_the_line(&["SESSION; __Host-gate=AAAA"], false)]
#[case::c10_an_empty_one(&["__Host-gate=", "SESSION"], false)]
#[case::c10_a_sibling_domains(&["gate=AAAA", "SESSION"], true)]
#[case::g3_all_semicolons(&[";;;;=;;__Host-gate;;="], false)]
#[tokio::test(flavor = "multi_thread")]
async fn c_only_the_cookie_of_a_session_opens_anything(
    #[case] cookies: &[&str],
    #[case] opens: bool,
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let value = site.logged_in("ann").await.cookie("__Host-gate").unwrap().to_owned();
    site.jsm.clear_seen();
    let session = format!("__Host-gate={value}");
    let cut = &session[..session.len() - 1];
    let filled = |cookie: &&str| {
        cookie.replace("SESSION", &session).replace("SESSIO", cut).replace("VALUE", &value)
    };
    let cookies: Vec<_> = cookies.iter().map(filled).collect();
    let cookies: Vec<_> = cookies.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
    let host = site.address.to_string();
    let answer = ask(&site, version, &host, "GET", PORTAL, &cookies).await;
    let Answer { status, location, .. } = answer.unwrap();
    assert_eq!(status, if opens { 200 } else { 302 });
    assert_eq!(location.contains("/_gate/login?"), !opens, "{location}");
    assert_eq!(site.forwarded().len(), usize::from(opens));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn c6_a_copy_of_the_cookie_opens_nothing_after_the_logout(
    #[values(Version::Http1, Version::Http2)] version: Version,
) {
    let site = start().await;
    let mut ann = site.logged_in("ann").await;
    let stolen = ann.cookie_header(&site.url);
    let host = site.address.to_string();
    let steal = async || {
        site.jsm.clear_seen();
        let answer = ask(&site, version, &host, "GET", PORTAL, &[("cookie", &stolen)]).await;
        let Answer { status, location, .. } = answer.unwrap();
        (status, location, site.forwarded().len())
    };
    assert_eq!(steal().await, (200, String::new(), 1));
    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    let (status, location, forwarded) = steal().await;
    assert_eq!((status, forwarded), (302, 0));
    assert!(location.contains("/_gate/login?"), "{location}");
}

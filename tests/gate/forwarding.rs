//! What JSM sees of a customer's request, and what the customer sees of JSM's answer.

use std::time::Duration;

use reqwest::header::{ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::site::{ANN, site};

const ECHO: &str = "/servicedesk/customer/echo";
const GROUPS: &str = "x-gate-groups";

/// docs/security.md B: whatever a customer says about who they are, JSM hears only the gate.
#[rstest]
#[case::b1_underscores("X_Forwarded_User", "admin")]
#[case::b1_mixed("x-forwarded_user", "admin")]
#[case::b2_another_case("x-FORWARDED-user", "admin")]
#[case::b3_dots("X.Forwarded.User", "admin")]
#[case::b4_groups_of_a_customer_without_any("X-Gate-Groups", "admins")]
#[case::b8_address("X-Forwarded-For", "10.9.8.7")]
#[case::b8_forwarded("Forwarded", "for=10.9.8.7")]
#[case::b8_real_ip("X-Real-IP", "10.9.8.7")]
#[case::b8_true_client("True-Client-IP", "10.9.8.7")]
#[case::b9_credentials("Authorization", "Bearer admin")]
#[case::a2_original_url("X-Original-URL", "/status")]
#[case::a2_rewrite_url("X-Rewrite-URL", "/status")]
#[case::a2_prefix("X-Forwarded-Prefix", "/status")]
#[case::a8_method("X-HTTP-Method-Override", "DELETE")]
#[case::e6_host("X-Forwarded-Host", "evil.example")]
#[tokio::test(flavor = "multi_thread")]
async fn b_headers_only_the_gate_may_set(#[case] name: &str, #[case] value: &str) {
    let site = site().start().await;
    let mut cleo = site.logged_in("cleo").await;
    site.jsm.clear_seen();
    let spoof = |get: RequestBuilder| get.header(name, value).header(name, "another");
    cleo.request(Method::GET, &site.at(ECHO), spoof).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    for (name, found) in &seen.headers {
        let found = found.to_str().unwrap();
        assert!(![value, "another"].contains(&found), "{name}: {found} reached JSM");
    }
    let users: Vec<_> = seen.headers.get_all("x-forwarded-user").iter().collect();
    assert_eq!(users, ["cleo@example.com"]);
    assert!(!seen.headers.contains_key("x-gate-groups"));
    assert_eq!(seen.header("x-forwarded-for"), "127.0.0.1");
    assert_eq!(format!("http://{}", seen.header("x-forwarded-host")), site.url);
}

/// docs/security.md B7: each header is one, and encoded as docs/identity.md says.
#[rstest]
#[case::line_break("name", json!("a\r\nX-Admin: 1"), "x-gate-name", Some("a%0D%0AX-Admin: 1"))]
#[case::nul("name", json!("a\0b"), "x-gate-name", Some("a%00b"))]
#[case::umlaut("name", json!("Jürgen"), "x-gate-name", Some("J%C3%BCrgen"))]
#[case::other_alphabet("name", json!("Анна"), "x-gate-name", Some("%D0%90%D0%BD%D0%BD%D0%B0"))]
#[case::comma("name", json!("Doe, Ann | %0A"), "x-gate-name", Some("Doe, Ann | %250A"))]
#[case::nothing("name", json!(" "), "x-gate-name", None)]
#[case::comma_in_a_group("groups", json!(["a,admins", "b"]), GROUPS, Some("a%2Cadmins,b"))]
#[case::line_break_in_a_group("groups", json!(["a\nX: 1"]), GROUPS, Some("a%0AX: 1"))]
#[case::blank_before_a_group("groups", json!(["a", " b"]), GROUPS, Some("a,%20b"))]
#[case::group_without_a_name("groups", json!([""]), GROUPS, None)]
#[tokio::test(flavor = "multi_thread")]
async fn b7_a_claim_arrives_as_one_encoded_header(
    #[case] claim: &'static str,
    #[case] said: Value,
    #[case] header: &str,
    #[case] expected: Option<&str>,
) {
    let site = site().with("X-Gate-Name = \"{name}\"").start().await;
    site.provider.misbehave(Fault::Claim(claim, said));
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let answer = ann.request(Method::GET, &site.at(ECHO), |get| get).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    let values: Vec<_> = seen.headers.get_all(header).iter().collect();
    assert_eq!(values, expected.as_slice());
    assert!(!seen.headers.contains_key("x-admin") && !seen.headers.contains_key("x"));
    assert_eq!(seen.header("x-forwarded-user"), ANN);
}

#[tokio::test(flavor = "multi_thread")]
async fn b6_a_connection_header_cannot_take_the_gates_headers_away() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let nominate =
        |get: RequestBuilder| get.header("connection", "x-forwarded-user, x-gate-groups");
    ann.request(Method::GET, &site.at(ECHO), nominate).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!((seen.header("x-forwarded-user"), seen.header("x-gate-groups")), (ANN, "customers"));
}

/// Who sends this through is served: what may not be named is not there any more when its turn comes.
#[rstest]
#[case::addresses("close, X-Forwarded-For, x-forwarded-host, X-Forwarded-Proto, x-private")]
#[case::every_spelling("X-Gate-User, x_gate_user, X-Gate-Groups, x-private")]
#[case::many("a, b, c, d, e, f, g, h, i, j, k, x-private")]
#[case::no_names("\"X-Forwarded-For\", :authority, (), x-private,,")]
#[tokio::test(flavor = "multi_thread")]
async fn b6_a_connection_header_may_name_what_the_gate_sets(#[case] named: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let send = |get: RequestBuilder| {
        let get = get.header("connection", named).header("x-forwarded-for", "192.0.2.1");
        get.header("x-private", "1").header("x-gate-user", "admin")
    };
    let answer = ann.request(Method::GET, &site.at(ECHO), send).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!((seen.header("x-forwarded-user"), seen.header("x-gate-groups")), (ANN, "customers"));
    assert_eq!(seen.header("x-forwarded-for"), "127.0.0.1");
    for gone in ["x-private", "x-gate-user", "connection"] {
        assert!(!seen.headers.contains_key(gone), "{gone} in {:?}", seen.headers);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b9_credentials_are_no_login() {
    let site = site().start().await;
    let send = |get: RequestBuilder| get.basic_auth("admin", Some("admin"));
    let answer =
        site.visitor().request(Method::GET, &site.at("/servicedesk/customer/portals"), send).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn c10_jsm_never_sees_a_cookie_of_the_gate() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    ann.plant_cookie(&site.url, "theme", "dark");
    site.jsm.clear_seen();
    ann.request(Method::GET, &site.at(ECHO), |get| get).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    let cookies = seen.header("cookie");
    assert!(!cookies.contains("gate") && cookies.contains("theme=dark"), "{cookies}");
    assert!(cookies.contains("JSESSIONID"), "JSM's own cookie did not come back: {cookies}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_raised_through_jsms_own_form_and_origin_check() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    let created = ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;
    assert_eq!(
        (created.status, created.url.path()),
        (StatusCode::OK, "/servicedesk/customer/portal/2/IT-1")
    );
    assert!(created.body.contains("My screen is dark") && created.body.contains(ANN));
}

#[rstest]
#[case::own_address("")]
#[case::context_path("/jira")]
#[tokio::test(flavor = "multi_thread")]
async fn jsm_may_live_at_another_address(#[case] context_path: &str) {
    let jsm = JsmSettings::data_center().with_context_path(context_path);
    let site = site().in_front_of(jsm).with_another_base_address().start().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    assert_eq!(form.status, StatusCode::OK, "{form:?}");
    site.jsm.clear_seen();
    let created = ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;

    let page = format!("{context_path}/servicedesk/customer/portal/2/IT-1");
    assert_eq!(created.url.as_str(), site.at(&page));
    let post = site.forwarded().into_iter().find(|seen| seen.method == Method::POST).unwrap();
    assert_eq!(post.target, format!("{context_path}/servicedesk/customer/portal/2/create/66"));
    assert_eq!(post.header("origin"), site.jsm.origin());
    assert_eq!(format!("http://{}", post.header("host")), site.jsm.origin());
    assert!(post.header("cookie").contains("JSESSIONID"), "JSM's own cookie did not come back");
}

/// Browsers would try another port than the gate's, and forget the gate's session.
#[rstest]
#[case("alt-svc", "h3=\":443\"; ma=86400")]
#[case("clear-site-data", "\"cookies\"")]
#[tokio::test(flavor = "multi_thread")]
async fn what_jsm_says_of_its_own_site_does_not_reach_browsers(
    #[case] name: &'static str,
    #[case] value: &str,
) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    site.jsm.answer_next(1, &Canned::text(200, "hello").header(name, value).for_paths(ECHO));
    let answer = ann.request(Method::GET, &site.at(ECHO), |get| get).await;
    assert!(!answer.headers().contains_key(name), "{:?}", answer.headers());
    assert_eq!((answer.text().await.unwrap().as_str(), site.forwarded().len()), ("hello", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn cloud_is_forwarded_too_and_knows_nobody() {
    let site = site().in_front_of(JsmSettings::cloud()).with_another_base_address().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/it/create/66")).await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    assert!(page.body.contains("anonymous") && !page.body.contains(ANN), "{}", page.body);
    let basic =
        site.jsm.seen().iter().any(|seen| seen.header("authorization").starts_with("Basic"));
    assert!(basic, "the service account was not used");
    let leaked = site.forwarded().iter().any(|seen| seen.headers.contains_key("authorization"));
    assert!(!leaked, "the service account's token went along with a customer's request");
}

/// Also where something between takes `Origin` out.
#[rstest]
#[case::another_origin("origin", "https://evil.example")]
#[case::no_origin_that_is_told("origin", "null")]
#[case::another_site("sec-fetch-site", "cross-site")]
#[case::a_sibling("sec-fetch-site", "same-site")]
#[tokio::test(flavor = "multi_thread")]
async fn p21_a_form_of_another_site_is_stopped(#[case] header: &str, #[case] says: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let post = |post: RequestBuilder| post.header(header, says).body("summary=x");
    for address in ["/servicedesk/customer/portal/2/create/66", "/_gate/preferences"] {
        let answer = ann.request(Method::POST, &site.at(address), post).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{address}");
    }
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_the_portals_own_passes_whatever_its_browser_says_of_it() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let origin = site.url.clone();
    for says in ["same-origin", "none"] {
        let post = |post: RequestBuilder| {
            post.header(ORIGIN, &origin).header("sec-fetch-site", says).body("summary=x")
        };
        let address = site.at("/servicedesk/customer/portal/2/create/66");
        ann.request(Method::POST, &address, post).await;
    }
    assert_eq!(site.forwarded().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_streams_through_whole() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let bytes = 30 * 1024 * 1024;
    let path = site.jsm.add_download("big.bin", bytes, Duration::ZERO);
    let answer = ann.request(Method::GET, &site.at(&path), |get| get).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.bytes().await.unwrap().len() as u64, bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_within_the_limit_arrives_and_one_over_it_is_refused() {
    let site = site().with_limit(r#"body_bytes = "1MB""#).start().await;
    let mut ann = site.logged_in("ann").await;
    let upload_address = site.at("/servicedesk/customershim/upload?name=big.bin");
    site.jsm.clear_seen();
    let upload = |size: usize| move |post: RequestBuilder| post.body(vec![b'x'; size]);
    let arrived = ann.request(Method::POST, &upload_address, upload(900_000)).await;
    assert_eq!(arrived.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!(seen.body_len, 900_000);

    site.jsm.clear_seen();
    let announced = ann.request(Method::POST, &upload_address, upload(1_100_000)).await;
    assert_eq!(announced.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert!(site.forwarded().is_empty(), "JSM saw an upload that said it is too large");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_jsm_is_down_a_page_says_so() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.go_down().await;
    let page = ann.open(&site.at("/p/it")).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.body.contains("upstream-unreachable") && page.body.contains("still logged in"));

    site.jsm.come_up().await.unwrap();
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jsm_that_takes_too_long_is_told_apart_from_one_that_is_down() {
    let site = site().with_forward(r#"read_timeout = "1s""#).start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.slow_down(Duration::from_secs(30));
    let page = ann.open(&site.at("/servicedesk/customer/portal/2")).await;
    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
    assert!(page.body.contains("upstream-slow"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_of_the_gate_keeps_the_connection() {
    let site = site().start().await;
    let answer = site.visitor().request(Method::GET, &site.at("/p/it"), |get| get).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(answer.headers()["content-length"], "0");
    assert!(answer.headers().get("connection").is_none_or(|value| value != "close"));
    assert!(!answer.headers().contains_key(SET_COOKIE));
}

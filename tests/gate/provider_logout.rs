//! The provider logs customers out: its server tells the gate, or a page of its own in the browser.

use std::time::{Duration, Instant};

use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::audit::{FILE, trail};
use crate::process::Process;
use crate::redis::Redis;
use crate::site::{Site, free_address, site, until};
use crate::visitor::Visitor;

const BACK: &str = "/_gate/backchannel-logout/idp";
const FRONT: &str = "/_gate/frontchannel-logout/idp";

async fn post(site: &Site, form: String) -> Response {
    let kind = "application/x-www-form-urlencoded";
    let post = |post: RequestBuilder| post.header(CONTENT_TYPE, kind).body(form);
    site.visitor().request(Method::POST, &site.at(BACK), post).await
}

/// Sends a logout token for the latest login of somebody.
async fn send(site: &Site, username: &str, faults: &[Fault]) -> Response {
    post(site, format!("logout_token={}", site.provider.logout_token(username, faults).unwrap()))
        .await
}

/// Whether the gate still knows who somebody is.
async fn is_in(site: &Site, visitor: &mut Visitor) -> bool {
    is_known(&site.at("/_gate/whoami"), visitor).await
}

/// The same, by that address of any gate.
async fn is_known(whoami: &str, visitor: &mut Visitor) -> bool {
    let whoami = visitor.request(Method::GET, whoami, |get| get).await;
    whoami.text().await.unwrap().contains("@example.com")
}

/// Begins a second session at the gate of the same session at the provider; returns the first.
async fn again(site: &Site, visitor: &mut Visitor) -> Visitor {
    let mut first = site.visitor();
    first.plant_cookie(&site.url, "gate", visitor.cookie("gate").unwrap());
    visitor.forget_cookie("gate");
    visitor.open(&site.at("/p/it")).await;
    assert!(is_in(site, visitor).await, "the provider asked again");
    first
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_every_session_of_one_at_the_provider_ends_and_no_other() {
    let site = site().with(FILE).start().await;
    let (mut bob, mut elsewhere) = (site.logged_in("bob").await, site.logged_in("ann").await);
    let mut ann = site.logged_in("ann").await;
    let mut first = again(&site, &mut ann).await;

    let answer = send(&site, "ann", &[]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert!(!is_in(&site, &mut first).await && !is_in(&site, &mut ann).await);
    assert!(is_in(&site, &mut elsewhere).await && is_in(&site, &mut bob).await);

    let trail = trail(&site).await;
    let logouts: Vec<_> = trail.iter().filter(|event| event["event"] == "logout").collect();
    assert_eq!(logouts.len(), 2, "{trail:?}");
    for logout in logouts {
        assert_eq!((&logout["by"], &logout["subject"]), (&"provider".into(), &"ann".into()));
        assert_eq!(logout["reason"], "back-channel logout");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_every_session_of_a_person_ends_when_the_token_names_no_session() {
    let site = site().start().await;
    let (mut bob, mut ann) = (site.logged_in("bob").await, site.logged_in("ann").await);
    let (mut phone, mut tablet) = (site.logged_in("ann").await, site.logged_in("ann").await);
    assert_eq!(send(&site, "ann", &[Fault::NoClaim("sid")]).await.status(), StatusCode::OK);
    for gone in [&mut ann, &mut phone, &mut tablet] {
        assert!(!is_in(&site, gone).await);
    }
    assert!(is_in(&site, &mut bob).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_what_one_gate_is_told_holds_on_all_within_two_seconds() {
    let redis = Redis::start(free_address(), &[]);
    let store = format!("store = \"redis://{}\"", redis.address);
    let site = site().with_session(&store).start().await;
    let other = Process::beside(&site).await;
    let whoami = other.at("/_gate/whoami");
    let mut hers = [site.logged_in("ann").await, site.logged_in("ann").await];
    for visitor in &mut hers {
        assert!(is_known(&whoami, visitor).await, "one login is good on all gates");
    }
    assert_eq!(send(&site, "ann", &[Fault::NoClaim("sid")]).await.status(), StatusCode::OK);
    let told = Instant::now();
    for visitor in &mut hers {
        while is_known(&whoami, visitor).await {
            assert!(told.elapsed() < Duration::from_secs(2), "still known");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_not_there_is_logged_out_already() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let unknown = Fault::Claim("sid", json!("unknown"));
    assert_eq!(send(&site, "ann", &[unknown]).await.status(), StatusCode::OK);
    assert!(is_in(&site, &mut ann).await);
}

#[rstest]
#[case::no_event(Fault::NoClaim("events"))]
#[case::bad_signature(Fault::BadSignature)]
#[tokio::test(flavor = "multi_thread")]
async fn d11_a_refused_token_is_answered_with_the_reason_and_ends_nothing(#[case] fault: Fault) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let answer = send(&site, "ann", &[fault]).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    let said: Value = answer.json().await.unwrap();
    assert_eq!(said["error"], "invalid_request");
    assert!(said["error_description"].is_string());
    assert!(is_in(&site, &mut ann).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_a_replayed_token_is_refused() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let token = site.provider.logout_token("ann", &[]).unwrap();
    let sent = post(&site, format!("logout_token={token}&more=ignored")).await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert!(!is_in(&site, &mut ann).await);
    let again = post(&site, format!("logout_token={token}")).await;
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
}

#[rstest]
#[case::get(Method::GET, "application/x-www-form-urlencoded", StatusCode::METHOD_NOT_ALLOWED)]
#[case::json(Method::POST, "application/json", StatusCode::BAD_REQUEST)]
#[case::no_type(Method::POST, "", StatusCode::BAD_REQUEST)]
#[case::plain_text(Method::POST, "text/plain", StatusCode::BAD_REQUEST)]
#[tokio::test(flavor = "multi_thread")]
async fn d11_only_a_posted_form_is_a_logout_request(
    #[case] method: Method,
    #[case] kind: &str,
    #[case] status: StatusCode,
) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let form = format!("logout_token={}", site.provider.logout_token("ann", &[]).unwrap());
    let address = match method {
        Method::GET => format!("{}?{form}", site.at(BACK)),
        _ => site.at(BACK),
    };
    let send = |request: RequestBuilder| request.header(CONTENT_TYPE, kind).body(form);
    let answer = site.visitor().request(method, &address, send).await;
    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert!(is_in(&site, &mut ann).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_ten_megabytes_are_no_logout_request() {
    let site = site().start().await;
    let answer = post(&site, format!("logout_token={}", "A".repeat(10_000_000))).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_cannot_post_there_and_an_unknown_provider_has_no_address() {
    let site = site().start().await;
    let foreign = |post: RequestBuilder| {
        post.header(ORIGIN, "https://evil.example").form(&[("logout_token", "x")])
    };
    let answer = site.visitor().request(Method::POST, &site.at(BACK), foreign).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let elsewhere = site.at("/_gate/backchannel-logout/other");
    let form = |post: RequestBuilder| post.form(&[("logout_token", "x")]);
    let answer = site.visitor().request(Method::POST, &elsewhere, form).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

/// `oidcc-client-test-rp-backchannel-rpinitlogout` to its end: one session logs out at the gate, the
/// provider tells the gate, and the other session of the same login ends with it.
#[tokio::test(flavor = "multi_thread")]
async fn oidcc_client_test_rp_backchannel_rpinitlogout() {
    let site = site().start().await;
    site.provider.tell_of_logouts(Some(site.at(BACK)), None);
    let mut ann = site.logged_in("ann").await;
    let mut first = again(&site, &mut ann).await;
    let home = ann.open(&site.at("/")).await;
    let out = ann.submit(&home, "/_gate/logout", &[]).await;
    assert!(out.body.contains("logged out here and at Example Organisation"), "{}", out.body);
    let seen = site.provider.seen();
    let told = seen.iter().find(|seen| seen.path == "logout token sent").unwrap();
    assert_eq!(told.parameter("answer"), Some("200 OK"));
    assert!(!is_in(&site, &mut first).await);
}

async fn framed(site: &Site, visitor: &mut Visitor, query: &str, dest: &'static str) -> Response {
    let get = |get: RequestBuilder| get.header("Sec-Fetch-Dest", dest);
    visitor.request(Method::GET, &format!("{}{query}", site.at(FRONT)), get).await
}

fn named(site: &Site, username: &str) -> String {
    let sid = site.provider.latest_sid(username).unwrap();
    format!("?iss={}&sid={sid}", site.provider.issuer())
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_a_frame_of_the_providers_ends_the_session_it_names_and_revokes_nothing() {
    let site = site().with(FILE).start().await;
    let (mut bob, mut elsewhere) = (site.logged_in("bob").await, site.logged_in("ann").await);
    let mut ann = site.logged_in("ann").await;
    let query = named(&site, "ann");
    // As from another site: without the session's cookie.
    let answer = framed(&site, &mut site.visitor(), &query, "iframe").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert!(!answer.headers().contains_key("x-frame-options"));
    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    let by_the_provider = format!("frame-ancestors {}", site.provider.issuer());
    assert!(policy.ends_with(&by_the_provider), "{policy}");
    assert!(!is_in(&site, &mut ann).await);
    assert!(is_in(&site, &mut elsewhere).await && is_in(&site, &mut bob).await);
    assert_eq!(site.provider.count("/revoke"), 0);
    let trail = trail(&site).await;
    let logout = trail.last().unwrap();
    assert_eq!(
        (&logout["by"], &logout["reason"]),
        (&"provider".into(), &"front-channel logout".into())
    );
}

#[rstest]
#[case::unknown_session("?iss=ISS&sid=unknown", StatusCode::OK)]
#[case::other_issuer("?iss=https://other.example.com&sid=SID", StatusCode::BAD_REQUEST)]
#[case::no_issuer("?sid=SID", StatusCode::BAD_REQUEST)]
#[case::no_session("?iss=ISS", StatusCode::BAD_REQUEST)]
#[case::two_sessions("?iss=ISS&sid=SID&sid=SID", StatusCode::BAD_REQUEST)]
#[tokio::test(flavor = "multi_thread")]
async fn d13_a_forged_frame_ends_nothing(#[case] query: &str, #[case] status: StatusCode) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let sid = site.provider.latest_sid("ann").unwrap();
    let query = query.replace("ISS", site.provider.issuer()).replace("SID", &sid);
    assert_eq!(framed(&site, &mut ann, &query, "iframe").await.status(), status);
    assert!(is_in(&site, &mut ann).await);
}

#[rstest]
#[case::a_frame("iframe", false)]
#[case::a_link("document", true)]
#[case::a_picture("image", true)]
#[tokio::test(flavor = "multi_thread")]
async fn d13_without_a_name_only_a_frame_ends_the_browsers_own_session(
    #[case] dest: &'static str,
    #[case] lives: bool,
) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let answer = framed(&site, &mut ann, "", dest).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers().contains_key("set-cookie"), !lives);
    assert_eq!(is_in(&site, &mut ann).await, lives);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_given_back_when_the_customer_logs_out() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let home = ann.open(&site.at("/")).await;
    ann.submit(&home, "/_gate/logout", &[]).await;
    until("the token is revoked", || site.provider.count("/revoke") == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_leads_back_to_the_page_it_was_asked_from_and_nowhere_else() {
    let site = site().start().await;
    for (asked, expected) in [("/p/it/IT-1", "/p/it/IT-1"), ("//evil.example", "/")] {
        let mut ann = site.logged_in("ann").await;
        let question = ann.open(&site.at(&format!("/_gate/logout?return_to={asked}"))).await;
        let out = ann.submit(&question, "/_gate/logout", &[]).await;
        let link = format!("href=\"{}\">Log in again", expected.replace('/', "&#x2f;"));
        assert!(out.body.contains(&link), "{}", out.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_where_the_provider_has_none_says_what_it_did_not_do() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.provider.misbehave(Fault::LogoutState(None));
    let home = ann.open(&site.at("/")).await;
    let out = ann.submit(&home, "/_gate/logout", &[]).await;
    assert!(out.body.contains("may still be open"), "{}", out.body);
    assert_eq!(out.url.query(), None);
    // What is remembered of the way there does not outlive the way back.
    site.let_pass(Duration::from_secs(1));
    assert_eq!(ann.cookie("gate-logout"), None);
}

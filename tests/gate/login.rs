//! From a substitute link to the page it names.

use std::time::Duration;

use reqwest::header::{ACCEPT, LOCATION, SET_COOKIE};
use reqwest::{Method, StatusCode};
use rstest::rstest;

use crate::site::{ANN, log_in, site, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_link_leads_through_the_login_to_exactly_the_page_it_names() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it/create/66?summary=a%20b&next=%2Fc%3Fd")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    assert!(site.forwarded().is_empty(), "JSM was reached before the login");

    let landed = log_in(&mut visitor, &asked, "ann").await;

    let target = "/servicedesk/customer/portal/2/create/66?summary=a%20b&next=%2Fc%3Fd";
    assert_eq!((landed.status, landed.url.as_str()), (StatusCode::OK, &*site.at(target)));
    let [seen] = &site.forwarded()[..] else { panic!("JSM was asked more than once") };
    assert_eq!((seen.target.as_str(), seen.header("x-forwarded-user")), (target, ANN));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_logged_in_is_not_asked_again() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/fac")).await;
    assert_eq!(page.status, StatusCode::OK);
    let sent_on = page.way.iter().all(|url| url.as_str().starts_with(&site.url));
    assert!(sent_on, "asked again: {:?}", page.way);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_can_log_in_at_the_same_time() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let first = visitor.open(&site.at("/p/it/IT-1")).await;
    let second = visitor.open(&site.at("/p/fac")).await;
    let second = log_in(&mut visitor, &second, "ann").await;
    assert!(second.url.path().starts_with("/servicedesk/customer/portal/"), "{second:?}");
    let first = log_in(&mut visitor, &first, "ann").await;
    assert_eq!(first.url.path(), "/servicedesk/customer/portal/2/IT-1");
}

/// The four-signal rule of `web::navigation`, through the door.
#[rstest]
#[case::fetch("/servicedesk/customer/portal/2", &[("sec-fetch-mode", "cors"), ("accept", "*/*")])]
#[case::xml_http_request("/rest/servicedeskapi/request", &[("x-requested-with", "XMLHttpRequest")])]
#[case::json("/rest/servicedeskapi/request", &[("accept", "application/json")])]
#[case::prefetch("/p/it", &[("sec-purpose", "prefetch"), ("accept", "text/html")])]
#[case::image("/p/it", &[("sec-fetch-dest", "image"), ("accept", "image/*")])]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_log_in_gets_401_with_the_login_address(
    #[case] path: &str,
    #[case] headers: &[(&str, &str)],
) {
    let site = site().start().await;
    let send = |get: reqwest::RequestBuilder| {
        headers.iter().fold(get, |get, (name, value)| get.header(*name, *value))
    };
    let answer = site.visitor().request(Method::GET, &site.at(path), send).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(!answer.headers().contains_key(SET_COOKIE), "something was stored for nobody");
    if !headers.contains(&("accept", "text/html")) {
        let told: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(told["error"], "login-needed");
        assert_eq!(told["login"], site.at("/_gate/login"));
    }
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_without_login_is_not_redirected() {
    let site = site().start().await;
    let create = site.at("/servicedesk/customer/portal/2/create/66");
    let answer = site.visitor().request(Method::POST, &create, |post| post.body("a=b")).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_an_anonymous_request_leaves_nothing_behind() {
    let site = site().start().await;
    for _ in 0..50 {
        let answer = site.visitor().request(Method::GET, &site.at("/p/it"), |get| get).await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        assert!(!answer.headers().contains_key(SET_COOKIE));
    }
    assert_eq!(site.gate.assembly().sessions().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_takes_the_fragment_along() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    // What continue.js asks for after it has read the address bar.
    let login = "/_gate/login?return_to=/p/it/IT-1%3Fa%3Db&go=1&fragment=comment-7";
    let asked = visitor.open(&site.at(login)).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    let back = landed.way.iter().find(|url| url.path() == "/p/it/IT-1").expect("the link again");
    assert_eq!((back.query(), back.fragment()), (Some("a=b"), Some("comment-7")));
}

/// Spelled as a session's id is, and none.
const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[tokio::test(flavor = "multi_thread")]
async fn c5_a_login_replaces_the_session_the_browser_came_with() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let before = ann.cookie("gate").unwrap().to_owned();
    let asked = ann.open(&site.at("/_gate/login?return_to=/p/it")).await;
    assert!(asked.url.as_str().starts_with(&site.url), "a live session needs no login");

    // Planted cookies, of which one is a session, are not taken over by the login either.
    for planted in [UNKNOWN, "AAAA", &before] {
        let mut victim = site.visitor();
        let asked = victim.open(&site.at("/p/it")).await;
        victim.plant_cookie(&site.url, "gate", planted);
        log_in(&mut victim, &asked, "cleo").await;
        let after = victim.cookie("gate").unwrap();
        assert_ne!(after, planted);
        let whoami = victim.open(&site.at("/_gate/whoami")).await.body;
        assert!(whoami.contains("cleo@example.com"), "{whoami}");
        victim.plant_cookie(&site.url, "gate", planted);
        let whoami = victim.open(&site.at("/_gate/whoami")).await.body;
        assert!(whoami.contains("\"logged_in\":false"), "the planted id is good: {whoami}");
    }
}

#[rstest]
#[case::idle(Duration::from_secs(30 * 60))]
#[case::absolute(Duration::from_secs(8 * 3600))]
#[tokio::test(flavor = "multi_thread")]
async fn c12_a_session_that_is_over_leads_to_the_login(#[case] passed: Duration) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.let_pass(passed);
    let answer = ann.request(Method::GET, &site.at("/p/it"), |get| get).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert!(answer.headers()[LOCATION].to_str().unwrap().contains("/_gate/login"));
    let fetch = ann
        .request(Method::GET, &site.at("/servicedesk/customer/x"), |get| get.header(ACCEPT, "a/b"))
        .await;
    assert_eq!(fetch.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn d16_the_back_button_after_a_login_goes_on_instead_of_failing() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    let callback = landed.way.iter().find(|url| url.path().starts_with("/_gate/callback/"));
    let again = visitor.open(callback.unwrap().as_str()).await;
    assert_eq!((again.status, again.url.path()), (StatusCode::OK, "/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_somebody_elses_callback_logs_nobody_in() {
    let site = site().start().await;
    let mut attacker = site.visitor();
    let asked = attacker.open(&site.at("/p/it")).await;
    let landed = log_in(&mut attacker, &asked, "bob").await;
    let callback = landed.way.iter().find(|url| url.path().starts_with("/_gate/callback/"));

    let mut victim = site.visitor();
    let page = victim.open(callback.unwrap().as_str()).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("login-expired"), "{}", page.body);
    assert_eq!(victim.cookie("gate"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn d15_what_the_address_says_does_not_reach_the_provider() {
    let site = site().start().await;
    let login = "/_gate/login?return_to=/&go=1&scope=admin&redirect_uri=https://evil.example";
    let asked = site.visitor().open(&site.at(login)).await;
    let asked = asked.url.query().unwrap().to_owned();
    assert!(!asked.contains("evil") && !asked.contains("admin"), "{asked}");
}

/// docs/security.md E6: every address the gate gives out is of its `public_url`.
#[rstest]
#[case("X-Forwarded-Host", "evil.example")]
#[case("X_Forwarded_Host", "evil.example")]
#[case("X-Host", "evil.example")]
#[case("X-Original-Host", "evil.example")]
#[case("Forwarded", "host=evil.example;proto=https")]
#[case("X-Forwarded-Proto", "evil")]
#[case("X-Forwarded-Prefix", "/evil")]
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_forged_host_is_in_no_address(#[case] name: &str, #[case] value: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let forge = |get: reqwest::RequestBuilder| get.header(name, value);
    let mut stranger = site.visitor();
    for target in ["/p/it", "/_gate/login?return_to=/p/it", "/_gate/login?return_to=/p/it&go=1"] {
        let answer = stranger.request(Method::GET, &site.at(target), forge).await;
        let location = answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned());
        let page = answer.text().await.unwrap();
        assert!(!page.contains("evil"), "{target}: {page}");
        let Some(location) = location else { continue };
        assert!(!location.contains("evil"), "{target}: {location}");
    }
    let home = ann.request(Method::GET, &site.at("/"), forge).await.text().await.unwrap();
    assert!(home.contains("/p/it") && !home.contains("evil"), "{home}");

    let begin = site.at("/_gate/login?return_to=/p/it&go=1");
    let answer = stranger.request(Method::GET, &begin, forge).await;
    let provider = url::Url::parse(answer.headers()[LOCATION].to_str().unwrap()).unwrap();
    let redirect = provider.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1;
    assert_eq!(redirect, site.at("/_gate/callback/idp"));
}

#[rstest]
#[case("https://evil.example/")]
#[case("//evil.example/")]
#[case("/%5cevil.example")]
#[case("/\\evil.example")]
#[case::e7_script("javascript:alert(1)")]
#[case::e7_data("data:text/html,x")]
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_login_never_ends_on_another_site(#[case] return_to: &str) {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let login = url::Url::parse_with_params(
        &site.at("/_gate/login"),
        [("return_to", return_to), ("go", "1")],
    );
    let asked = visitor.open(login.unwrap().as_str()).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    assert!(landed.url.as_str().starts_with(&site.url), "{:?}", landed.way);
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_browser_that_drops_the_session_is_told_so_after_three_rounds() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let mut page = visitor.open(&site.at("/p/it")).await;
    page = log_in(&mut visitor, &page, "ann").await;
    for _ in 0..4 {
        if page.body.contains("login-loop") {
            break;
        }
        visitor.forget_cookie("gate");
        page = visitor.open(&site.at("/p/it")).await;
    }
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("login-loop") && page.body.contains("does not keep"));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_provider_is_down_a_page_says_so_and_the_gate_heals_by_itself() {
    let mut site = site().while_the_provider_is_down().start().await;
    let page = site.visitor().open(&site.at("/p/it")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.body.contains("provider-unreachable") && page.body.contains("Example Organisation")
    );

    site.provider.resume().await.unwrap();
    let authenticator = site.gate.assembly().authenticator();
    until("the provider is found", || authenticator.providers()[0].is_ready()).await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it")).await;
    assert_eq!(log_in(&mut visitor, &asked, "ann").await.status, StatusCode::OK);
}

#[rstest]
#[case::unverified("dan", "email-unverified")]
#[tokio::test(flavor = "multi_thread")]
async fn d7_who_the_provider_does_not_vouch_for_stays_out(#[case] who: &str, #[case] code: &str) {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it")).await;
    let page = log_in(&mut visitor, &asked, who).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains(code), "{}", page.body);
    assert_eq!(visitor.cookie("gate"), None);
    assert!(site.forwarded().is_empty());
}

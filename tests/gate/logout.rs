//! Out again: here and at the provider.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::site::{Site, log_in, site};

/// The cookies by which Jira knows a browser.
const JIRAS: [&str; 2] = ["JSESSIONID", "seraph.rememberme.cookie"];

#[tokio::test(flavor = "multi_thread")]
async fn c6_c8_logging_out_ends_the_session_here_and_at_the_provider() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let stolen = ann.cookie_header(&site.url);
    let home = ann.open(&site.at("/")).await;
    let out = ann.submit(&home, "/_gate/logout", &[]).await;

    assert_eq!((out.status, out.url.path()), (StatusCode::OK, "/_gate/logged-out"));
    let at_provider = out.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(at_provider, "the provider was not told: {:?}", out.way);
    assert_eq!(ann.cookie("gate"), None);
    site.jsm.clear_seen();
    let replay = |get: reqwest::RequestBuilder| get.header(COOKIE, stolen);
    let portal = site.at("/servicedesk/customer/portal/2");
    let replayed = site.visitor().request(Method::GET, &portal, replay).await;
    assert_eq!(replayed.status(), StatusCode::FOUND, "a copy of the cookie opens the session");
    assert!(replayed.headers()[LOCATION].to_str().unwrap().contains("/_gate/login?"));
    assert!(site.forwarded().is_empty());
    let asked = ann.open(&site.at("/p/it")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "not asked again: {asked:?}");
    assert!(asked.body.contains("password"), "the provider did not ask: {}", asked.body);
}

/// Jira would go on taking the browser for whom it was, though the gate knows better.
#[rstest]
#[case::at_the_root("")]
#[case::below_a_context_path("/jira")]
#[tokio::test(flavor = "multi_thread")]
async fn c6_jiras_own_login_goes_with_the_gates(#[case] context_path: &str) {
    let jsm = JsmSettings::data_center().with_context_path(context_path);
    let site = site().in_front_of(jsm).with_another_base_address().start().await;
    let mut browser = site.visitor();
    let page = browser.open(&site.at("/servicedesk/customer/portals")).await;
    for name in JIRAS {
        browser.plant_cookie(&site.at("/"), name, "earlier");
    }
    let page = log_in(&mut browser, &page, "ann").await;
    assert_eq!(page.status, StatusCode::OK);
    let sent = |site: &Site| site.forwarded().pop().map(|seen| seen.header("cookie").to_owned());
    assert!(!sent(&site).unwrap().contains("earlier"), "JSM saw {:?}", site.forwarded());

    browser.open(&site.at("/servicedesk/customer/portals")).await;
    assert!(browser.cookie("JSESSIONID").is_some() && sent(&site).unwrap().contains("JSESSIONID"));
    browser.plant_cookie(&site.at("/"), "seraph.rememberme.cookie", "x");
    let home = browser.open(&site.at("/")).await;
    browser.submit(&home, "/_gate/logout", &[]).await;
    assert_eq!(JIRAS.map(|name| browser.cookie(name).is_some()), [false; 2]);
}

/// Its session has to be: an anonymous form needs one, and the node that has it.
#[tokio::test(flavor = "multi_thread")]
async fn c6_what_jira_remembers_of_a_browser_logs_nobody_in() {
    let public = "[[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let site = site().with(public).start().await;
    let cookies = "a=1; seraph.rememberme.cookie=u%3Ax; JSESSIONID=1; Seraph.RememberMe.Cookie=y; crowd.token_key=z";
    let remembered = |get: reqwest::RequestBuilder| get.header(COOKIE, cookies);
    let address = site.at("/servicedesk/customer/portal/4");
    let answer = site.visitor().request(Method::GET, &address, remembered).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!(seen.header("cookie"), "a=1; JSESSIONID=1");
}

#[rstest]
#[case::no_token("")]
#[case::wrong_token("token=AAAAAAAAAAAAAAAAAAAAAA")]
#[case::rubbish("%%%%")]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_without_the_sessions_token_logs_nobody_out(#[case] form: &'static str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let origin = site.url.clone();
    let post = |post: reqwest::RequestBuilder| {
        post.header(ORIGIN, origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
    };
    let answer = ann.request(Method::POST, &site.at("/_gate/logout"), post).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_the_logout_only_asks() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let asked = ann.open(&site.at("/_gate/logout")).await;
    assert!(asked.body.contains("Log out?"));
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_without_a_login_is_fine() {
    let site = site().start().await;
    let page = site.visitor().open(&site.at("/_gate/logout")).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/_gate/logged-out"));
}

//! What strangers can cause and learn: people who are not logged in, and pages of other sites.

use std::time::Duration;

use reqwest::header::SET_COOKIE;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;

use crate::audit;
use crate::process::Process;
use crate::site::{log_in, site};

fn with<'a>(
    headers: &'a [(&'static str, &'static str)],
) -> impl Fn(RequestBuilder) -> RequestBuilder + 'a {
    |get| headers.iter().fold(get, |get, (name, value)| get.header(*name, *value))
}

const NAVIGATES: &[(&str, &str)] = &[
    ("accept", "text/html"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-site", "cross-site"),
];

/// Of another site's page, or of a browser that only looks ahead.
#[rstest]
#[case::image(Method::GET, &[("sec-fetch-dest", "image"), ("sec-fetch-mode", "no-cors")])]
#[case::old_image(Method::GET, &[("accept", "image/avif,image/webp")])]
#[case::frame(Method::GET, &[("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "navigate")])]
#[case::script(Method::GET, &[("sec-fetch-dest", "script")])]
#[case::fetch(Method::GET, &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")])]
#[case::prefetch(Method::GET, &[("sec-purpose", "prefetch"), ("accept", "text/html")])]
#[case::head(Method::HEAD, &[])]
#[tokio::test(flavor = "multi_thread")]
async fn g5_only_a_navigation_begins_a_login(
    #[case] method: Method,
    #[case] headers: &[(&'static str, &'static str)],
) {
    let site = site().with_limit("logins_per_minute = 3").start().await;
    let mut stranger = site.visitor();
    for query in ["return_to=/p/it&go=1", "provider=idp", "another=1&go=1"] {
        for _ in 0..4 {
            let login = site.at(&format!("/_gate/login?{query}"));
            let answer = stranger.request(method.clone(), &login, with(headers)).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
            assert!(!answer.headers().contains_key(SET_COOKIE), "a login is pending");
        }
    }
    site.logged_in("ann").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_another_site_does_not_begin_logins_and_a_link_of_one_still_leads_to_the_page() {
    let site = site().with_limit("logins_per_minute = 3").start().await;
    let mut stranger = site.visitor();
    for _ in 0..4 {
        let login = site.at("/_gate/login?return_to=/p/it&go=1");
        let answer = stranger.request(Method::GET, &login, with(NAVIGATES)).await;
        assert_eq!(answer.status(), StatusCode::OK, "the page that goes on");
        assert!(!answer.headers().contains_key(SET_COOKIE), "a login is pending");
    }
    // The one login that others may begin, at an address of its own.
    let issuer = site.provider.issuer().to_owned();
    let begun = site.at(&format!("/_gate/login?iss={issuer}"));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(stranger.request(Method::GET, &begun, with(NAVIGATES)).await.status());
    }
    let (found, too_many) = (StatusCode::FOUND, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(statuses, [found, found, found, too_many]);
    site.logged_in("ann").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn d16_answers_count_against_the_address_that_brings_them() {
    let site = site().with_limit("logins_per_minute = 3").start().await;
    let mut eve = site.visitor();
    let asked = eve.open(&site.at("/p/it")).await;
    let state = asked.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let cookie = eve.cookie_header(&site.url);
    let iss = site.provider.issuer().to_owned();
    let mut statuses = Vec::new();
    for code in 0..5 {
        let callback = site.at(&format!("/_gate/callback/idp?code={code}&state={state}&iss={iss}"));
        let send = |get: RequestBuilder| get.header("cookie", &cookie);
        statuses.push(site.visitor().request(Method::GET, &callback, send).await.status());
    }
    let (bad, too_many) = (StatusCode::BAD_REQUEST, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(statuses, [bad, bad, bad, too_many, too_many]);
    assert_eq!(site.provider.count("/token"), 1);
    // Those of nobody's login count for nobody.
    for _ in 0..9 {
        let made_up = site.at("/_gate/callback/idp?code=x&state=y");
        let answer = site.visitor().request(Method::GET, &made_up, |get| get).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    site.let_pass(Duration::from_secs(60));
    site.logged_in("ann").await;
}

#[rstest]
#[case("/p/it", "/p/nothing")]
#[case("/p/it/create/66", "/p/nothing/create/66")]
#[case("/servicedesk/customer/portal/2", "/servicedesk/customer/portal/999")]
#[case::gone("/p/it", "/p/fac")]
#[tokio::test(flavor = "multi_thread")]
async fn h4_strangers_are_not_told_which_portals_there_are(#[case] there: &str, #[case] not: &str) {
    let site = site().start().await;
    site.jsm.remove_desk("FAC").unwrap();
    site.gate.assembly().directory().refresh().await.unwrap();
    let mut stranger = site.visitor();
    let mut told = Vec::new();
    for path in [there, not] {
        let navigation = stranger.request(Method::GET, &site.at(path), |get| get).await;
        let script = with(&[("accept", "application/json")]);
        let script = stranger.request(Method::GET, &site.at(path), script).await;
        told.push((navigation.status(), script.status()));
    }
    assert_eq!(told, [(StatusCode::FOUND, StatusCode::UNAUTHORIZED); 2]);
    // Who is logged in is.
    let asked = stranger.open(&site.at(not)).await;
    let page = log_in(&mut stranger, &asked, "ann").await;
    assert!([StatusCode::NOT_FOUND, StatusCode::GONE].contains(&page.status), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn g11_what_strangers_do_is_summed_up_in_the_audit_trail() {
    let site = site().with(audit::FILE).start().await;
    for _ in 0..50 {
        for target in ["/_gate/callback/idp?code=x&state=y", "/_gate/callback/idp?error=x"] {
            site.visitor().request(Method::GET, &site.at(target), |get| get).await;
        }
    }
    site.logged_in("ann").await;
    let trail = audit::trail(&site).await;
    for rule in ["login-expired", "callback-invalid"] {
        let refused: Vec<_> = trail.iter().filter(|event| event["rule"] == rule).collect();
        assert_eq!(refused.len(), 5 + 1, "{trail:#?}");
        assert_eq!(refused.last().unwrap()["count"], 45);
    }
    assert!(trail.iter().any(|event| event["event"] == "login_succeeded"), "{trail:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn g11_people_are_in_a_trail_of_the_gates_own_that_strangers_do_not_reach() {
    let site = site().start().await;
    let mut stranger = site.visitor();
    stranger.request(Method::GET, &site.at("/_gate/callback/idp?code=x&state=y"), |get| get).await;
    site.logged_in("ann").await;
    site.gate.assembly().audit().flush().await;
    let kept = std::fs::read_to_string(site.folder.path().join("state/audit.log")).unwrap();
    assert!(kept.contains("login_succeeded") && kept.contains("ann@example.com"), "{kept}");
    assert!(!kept.contains("login-expired") && !kept.contains("login_started"), "{kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn g11_what_strangers_do_is_summed_up_in_the_log() {
    let site = site().start().await;
    let process = Process::beside(&site).await;
    let mut stranger = site.visitor();
    for _ in 0..50 {
        for target in ["/secure/admin", "/_gate/callback/idp?code=x&state=y"] {
            stranger.request(Method::GET, &process.at(target), |get| get).await;
        }
    }
    process.signal("-TERM");
    process.until_logged("log lines about strangers were left out").await;
    let log = process.log();
    for line in ["\"target\":\"access\"", "\"not open\"", "a login failed"] {
        let lines = log.lines().filter(|said| said.contains(line)).count();
        // One more is the sum's, which names what it sums up.
        assert!((30..=31).contains(&lines), "{lines} of {line}: {log}");
    }
}

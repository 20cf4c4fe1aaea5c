//! Portals that want a stronger or a more recent login than others.

use std::fs;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Method, StatusCode};
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::site::{Site, log_in, site};
use crate::visitor::Visitor;

const STRONG: &str = "[[portal]]\nproject = \"HR\"\nacr_values = [\"mfa\", \"hwk\"]\n\
                      [audit]\nfile = \"audit.log\"\n";

const RECENT: &str = "[[portal]]\nproject = \"HR\"\nmax_age = \"15m\"\n";

fn says(site: &Site, claim: &'static str, value: Value) {
    site.provider.behave();
    site.provider.misbehave(Fault::Claim(claim, value));
}

/// What the provider was asked by the latest authorization request.
fn asked(site: &Site, parameter: &str) -> Option<String> {
    let seen = site.provider.seen().into_iter().rfind(|seen| seen.path == "/authorize");
    seen.unwrap().parameter(parameter).map(str::to_owned)
}

fn logins(site: &Site) -> usize {
    site.provider.seen().iter().filter(|seen| seen.path == "/authorize").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stronger_login_is_asked_for_when_the_portal_is_opened() {
    let site = site().with(STRONG).start().await;
    says(&site, "acr", json!("pwd"));
    let mut ann = site.logged_in("ann").await;
    assert_eq!(asked(&site, "acr_values"), None, "for no portal in particular");
    assert!(ann.open(&site.at("/")).await.body.contains("/p/hr"), "hers all the same");
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    says(&site, "acr", json!("hwk"));
    let page = ann.open(&site.at("/p/hr?x=1")).await;
    assert_eq!(page.url.path(), "/servicedesk/customer/portal/3", "{page:?}");
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(asked(&site, "acr_values").as_deref(), Some("mfa hwk"));
    let before = logins(&site);
    assert_eq!(ann.open(&site.at("/p/hr")).await.status, StatusCode::OK);
    assert_eq!(logins(&site), before, "asked again for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_asked_for_it_with_the_first_login() {
    let site = site().with(STRONG).start().await;
    says(&site, "acr", json!("mfa"));
    let mut ann = site.visitor();
    let page = ann.open(&site.at("/p/hr")).await;
    let page = log_in(&mut ann, &page, "ann").await;
    assert_eq!((page.status, logins(&site)), (StatusCode::OK, 1), "{page:?}");
    assert_eq!(asked(&site, "acr_values").as_deref(), Some("mfa hwk"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_still_falls_short_is_told_so_and_not_asked_again() {
    let site = site().with(STRONG).start().await;
    let mut ann = site.logged_in("ann").await;
    let before = logins(&site);
    for round in 1..=3 {
        let page = ann.open(&site.at("/p/hr")).await;
        let told = page.body.contains("step-up-failed");
        assert_eq!((page.status, told), (StatusCode::FORBIDDEN, true), "{}", page.body);
        assert_eq!(logins(&site), before + round, "not once for each visit");
    }
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK, "still logged in");
    site.gate.assembly().audit().flush().await;
    let trail = fs::read_to_string(site.folder.path().join("audit.log")).unwrap();
    let refused: Vec<_> = trail.lines().filter(|line| line.contains("portal_refused")).collect();
    assert_eq!(refused.len(), 3, "{trail}");
    assert!(refused[0].contains("\"rule\":\"acr_values\""), "{}", refused[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_of_long_ago_is_made_again() {
    let site = site().with(RECENT).start().await;
    let long_ago = now() - 3600;
    says(&site, "auth_time", json!(long_ago));
    let mut ann = site.logged_in("ann").await;
    assert_eq!(ann.open(&site.at("/p/it")).await.status, StatusCode::OK);
    let page = ann.open(&site.at("/p/hr")).await;
    assert_eq!(asked(&site, "max_age").as_deref(), Some("900"));
    assert!(page.body.contains("token-invalid"), "a provider that does not do it: {}", page.body);
    site.provider.behave();
    site.provider.misbehave(Fault::NoClaim("auth_time"));
    let page = ann.open(&site.at("/p/hr")).await;
    assert!(page.body.contains("token-invalid"), "one that does not say: {}", page.body);
    site.provider.behave();
    let page = ann.open(&site.at("/p/hr")).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/servicedesk/customer/portal/3"));
}

/// docs/security.md C5: a copy of the cookie from before must not gain by it, nor live on.
#[tokio::test(flavor = "multi_thread")]
async fn c5_the_session_from_before_a_step_up_is_over() {
    let site = site().with(STRONG).start().await;
    says(&site, "acr", json!("pwd"));
    let mut ann = site.logged_in("ann").await;
    let mut copy = site.visitor();
    copy.plant_cookie(&site.url, "gate", ann.cookie("gate").unwrap());
    assert_eq!(is_logged_in(&site, &mut copy).await, json!(true));
    says(&site, "acr", json!("hwk"));
    assert_eq!(ann.open(&site.at("/p/hr")).await.status, StatusCode::OK);
    site.jsm.clear_seen();

    assert_eq!(is_logged_in(&site, &mut ann).await, json!(true));
    assert_eq!(is_logged_in(&site, &mut copy).await, json!(false), "the old session lives on");
    for path in ["/servicedesk/customer/portal/2", "/servicedesk/customer/portal/3"] {
        let answer = copy.request(Method::GET, &site.at(path), |get| get).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{path}");
        assert!(answer.headers()[LOCATION].to_str().unwrap().contains("/_gate/login?"), "{path}");
    }
    assert!(site.forwarded().is_empty());
}

async fn is_logged_in(site: &Site, visitor: &mut Visitor) -> Value {
    let answer = visitor.request(Method::GET, &site.at("/_gate/whoami"), |get| get).await;
    answer.json::<Value>().await.unwrap()["logged_in"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_cannot_be_walked_around() {
    let site = site().with(STRONG).start().await;
    let mut ann = site.logged_in("ann").await;
    let before = site.forwarded().len();
    for path in [
        "/servicedesk/customer/portal/3",
        "/servicedesk/customer/portal/3/HR-1",
        "/rest/servicedesk/1/customer/portal/3",
        "/rest/servicedeskapi/servicedesk/HR/requesttype",
        "/rest/servicedeskapi/request/HR-1",
        "/p/%68r",
        "/servicedesk/customer/%70ortal/3",
    ] {
        for accept in ["text/html", "application/json"] {
            let answer = get(&mut ann, &site.at(path), accept).await;
            assert!(!answer.is_success(), "{path} {accept}: {answer}");
        }
    }
    assert_eq!(site.forwarded().len(), before);
    let page = ann.open(&site.at("/servicedesk/customer/%70ortal/3")).await;
    assert!(page.body.contains("step-up-failed"), "another spelling: {page:?}");
}

async fn get(visitor: &mut Visitor, address: &str, accept: &str) -> StatusCode {
    let script = |get: reqwest::RequestBuilder| get.header(ACCEPT, accept);
    visitor.request(Method::GET, address, script).await.status()
}

#[expect(clippy::disallowed_methods, reason = "the stand-in provider's clock is the machine's")]
fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap().as_secs()
}

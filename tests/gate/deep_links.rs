//! Addresses that come from outside: links in JSM's mails, and JSM sending a browser into a portal.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::Canned;

use crate::site::{log_in, site};

/// What stands in JSM's mails, opened before logging in.
#[rstest]
#[case::request("/servicedesk/customer/portal/2/IT-1?sda_source=notification-email")]
#[case::unsubscribe(
    "/servicedesk/customer/portal/2/IT-1/unsubscribe?jwt=eyJ0eXAiOiJKV1Qi.e30.c2ln"
)]
#[case::approval("/servicedesk/customer/portal/2/IT-1/approve?token=a%2Bb%3D&x=%C3%A4")]
#[case::portal("/servicedesk/customer/portal/2/group/6/create/66?summary=a+b%26c")]
#[case::link("/p/it/IT-1?sda_source=notification-email")]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_in_a_mail_opens_after_the_login(#[case] target: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;
    site.jsm.clear_seen();

    let mut mail = site.visitor();
    let asked = mail.open(&site.at(target)).await;
    let landed = log_in(&mut mail, &asked, "ann").await;
    let native = target.replace("/p/it", "/servicedesk/customer/portal/2");
    assert_eq!(landed.url.as_str(), site.at(&native));
    let seen: Vec<_> = site.forwarded().into_iter().map(|seen| seen.target).collect();
    assert_eq!(seen, [native], "JSM saw something else");
}

#[tokio::test(flavor = "multi_thread")]
async fn into_a_portal_jsm_sends_by_the_link_and_the_browser_arrives() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let native = site.at("/servicedesk/customer/portal/2/create/66?summary=a%20b");
    let sent_on = || Canned::text(302, "").header("location", &native);
    let portals = "/servicedesk/customer/portals";
    site.jsm.answer_next(1, &sent_on().for_paths(portals));
    let answer = ann.request(Method::GET, &site.at(portals), |get| get).await;
    assert_eq!(answer.headers()["location"], site.at("/p/it/create/66?summary=a%20b").as_str());

    site.jsm.answer_next(1, &sent_on().for_paths(portals));
    let page = ann.open(&site.at(portals)).await;
    assert_eq!((page.status, page.url.as_str()), (StatusCode::OK, native.as_str()));
    assert_eq!(page.way.len(), 3, "{:?}", page.way);
}

/// Within a portal its pages stay at JSM's own address, so that no redirect becomes two.
#[tokio::test(flavor = "multi_thread")]
async fn within_a_portal_addresses_stay_jsms_own() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    let created = ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;
    assert_eq!(created.way.len(), 2, "{:?}", created.way);
    assert_eq!(created.url.path(), "/servicedesk/customer/portal/2/IT-1");

    let with_slash = site.at("/servicedesk/customer/portal/2/");
    let canned = Canned::text(302, "").header("location", "/servicedesk/customer/portal/2");
    site.jsm.answer_next(1, &canned.for_paths("/servicedesk/customer/portal/2/"));
    let page = ann.open(&with_slash).await;
    assert_eq!((page.status, page.way.len()), (StatusCode::OK, 2), "{:?}", page.way);
}

#[rstest]
#[case::repeats_a_post(307, "/servicedesk/customer/portal/2")]
#[case::elsewhere(302, "https://elsewhere.example/servicedesk/customer/portal/2")]
#[case::no_portal(302, "/servicedesk/customer/portal/99")]
#[case::no_redirect(201, "/servicedesk/customer/portal/2/IT-1")]
#[tokio::test(flavor = "multi_thread")]
async fn other_locations_stay_as_they_are(#[case] status: u16, #[case] location: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let canned = Canned::text(status, "").header("location", location);
    site.jsm.answer_next(1, &canned.for_paths("/servicedesk/customer/portals"));
    let answer = ann.request(Method::GET, &site.at("/servicedesk/customer/portals"), |it| it).await;
    assert_eq!(answer.headers()["location"], location);
}

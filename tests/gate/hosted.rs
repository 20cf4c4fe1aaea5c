//! The way into a portal that the gate serves itself: by its link and by JSM's own addresses. Nothing of
//! it reaches JSM as a forwarded request.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::site::{Site, log_in, site};

const IT_IS_HOSTED: &str = "[[portal]]\nproject = \"IT\"\nmode = \"hosted\"";
const ALL_ARE_HOSTED: &str = "[portals]\nmode = \"hosted\"";

async fn hosted(toml: &str) -> Site {
    site().with(toml).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_logs_in_and_shows_the_gates_own_page() {
    let site = hosted(&format!("{IT_IS_HOSTED}\nopen_desk = true")).await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/p/it")).await;
    let home = log_in(&mut ann, &asked, "ann").await;
    assert_eq!((home.status, home.url.path()), (StatusCode::OK, "/p/it"));
    assert!(home.body.contains("IT"), "{}", home.body);
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

#[rstest]
#[case("/servicedesk/customer/portal/2", "/p/it")]
#[case("/servicedesk/customer/portal/2/", "/p/it/")]
#[case("/servicedesk/customer/portal/2/create/66?summary=a%20b", "/p/it/create/66?summary=a%20b")]
#[case("/servicedesk/customer/portal/2/group/6/create/66", "/p/it/group/6/create/66")]
#[case("/servicedesk/customer/portal/2/IT-1?sda_source=mail", "/p/it/IT-1?sda_source=mail")]
#[tokio::test(flavor = "multi_thread")]
async fn jsms_own_address_leads_to_the_link(#[case] address: &str, #[case] link: &str) {
    let site = hosted(IT_IS_HOSTED).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let answer = ann.request(Method::GET, &site.at(address), |get| get).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert_eq!(answer.headers()["location"], site.at(link).as_str());
    let posted = ann.request(Method::POST, &site.at(address), |post| post.body("a=b")).await;
    assert_eq!(posted.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

/// A data call runs in JSM as the customer, past everything that the gate's own pages hold back.
#[rstest]
#[case(Method::GET, "/rest/servicedeskapi/request/IT-1", "")]
#[case(Method::GET, "/rest/servicedeskapi/servicedesk/12/requesttype", "")]
#[case(Method::POST, "/rest/servicedeskapi/request", r#"{"serviceDeskId":"12"}"#)]
#[case(Method::GET, "/servicedesk/customer/portal/4/user-search?projectKey=IT", "")]
#[tokio::test(flavor = "multi_thread")]
async fn no_data_call_reaches_a_hosted_portal(
    #[case] method: Method,
    #[case] address: &str,
    #[case] body: &'static str,
) {
    let site = hosted(IT_IS_HOSTED).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let whole =
        |it: reqwest::RequestBuilder| it.header("content-type", "application/json").body(body);
    let answer = ann.request(method, &site.at(address), whole).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.forwarded().len(), 0, "{address} was forwarded");
}

/// Atlassian lets nobody else log customers in to its own portal; a portal of strangers has nobody to log in.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_of_cloud_is_hosted_unless_strangers_may_use_it() {
    let rules = "[[portal]]\nproject = \"IT\"\nopen_desk = true\n\
                 [[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let cloud = site().in_front_of(JsmSettings::cloud()).with_jsm("deployment = \"cloud\"");
    let site = cloud.with(rules).start().await;
    let mut stranger = site.visitor();
    let page = stranger.open(&site.at("/p/fac")).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/servicedesk/customer/portal/4"));
    assert_eq!(site.forwarded().len(), 1);
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/p/it")).await;
    site.jsm.clear_seen();
    let home = log_in(&mut ann, &asked, "ann").await;
    assert_eq!((home.status, home.url.path()), (StatusCode::OK, "/p/it"));
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

/// The other portals of the same JSM are forwarded as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_portal_beside_it_is_forwarded() {
    let site = hosted(IT_IS_HOSTED).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let page = ann.open(&site.at("/p/fac")).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/servicedesk/customer/portal/4"));
    assert_eq!(site.forwarded().len(), 1);
}

#[rstest]
#[case("/servicedesk/customer/portals", "/")]
#[case("/servicedesk/customer/user/requests", "/_gate/requests")]
#[tokio::test(flavor = "multi_thread")]
async fn where_all_portals_are_hosted_jsms_lists_lead_to_the_gates(
    #[case] address: &str,
    #[case] page: &str,
) {
    let site = hosted(ALL_ARE_HOSTED).await;
    let mut ann = site.visitor();
    let answer = ann.request(Method::GET, &site.at(address), |get| get).await;
    assert_eq!(answer.headers()["location"], site.at(page).as_str());
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_a_login() {
    let site = hosted(IT_IS_HOSTED).await;
    let mut stranger = site.visitor();
    let asked = |it: reqwest::RequestBuilder| it.header("accept", "application/json");
    let get = stranger.request(Method::GET, &site.at("/p/it"), asked).await;
    assert_eq!(get.status(), StatusCode::UNAUTHORIZED);
    let post = stranger.request(Method::POST, &site.at("/p/it/create/66"), asked).await;
    assert_eq!(post.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

//! Portals that JSM serves at its own address (`mode = "sso"`): the link logs in, decides, and leads there. Nothing
//! of such a portal is forwarded.

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;

use crate::service_provider::ServiceProvider;
use crate::site::{Site, log_in, site};
use crate::visitor::Visitor;

const IT: &str = "[[portal]]\nproject = \"IT\"\nmode = \"sso\"\nservice_provider = \"app\"";
const ALL: &str = "[portals]\nmode = \"sso\"\nservice_provider = \"app\"";

async fn behind(preset: &str, keys: &str, portals: &str) -> (ServiceProvider, Site) {
    let app = ServiceProvider::new("app").with(keys);
    let site = site().with(&app.toml_of(preset)).with(portals).start().await;
    (app, site)
}

/// Where a browser is sent from an address.
async fn sent_to(visitor: &mut Visitor, address: &str) -> String {
    let send = |get: RequestBuilder| get.header(ACCEPT, "text/html");
    let answer = visitor.request(Method::GET, address, send).await;
    assert_eq!(answer.status(), StatusCode::FOUND, "{address}");
    answer.headers()[LOCATION].to_str().unwrap().to_owned()
}

/// Atlassian would ask for the address first: the gate vouches by itself, with the portal as RelayState.
#[rstest]
#[case("/p/it", "/servicedesk/customer/portal/2")]
#[case("/p/it/create/66?a=%20b&c", "/servicedesk/customer/portal/2/create/66?a=%20b&c")]
#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_portal_for_accounts_leads_in_at_once(
    #[case] link: &str,
    #[case] at_jsm: &str,
) {
    let (app, site) = behind("atlassian-accounts", "", IT).await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at(link)).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    let answer = app.answer(&site.url, &page, None);
    assert_eq!(answer.relay_state, Some(format!("{}{at_jsm}", site.jsm.url())));
    assert_eq!((answer.name_id().as_str(), site.forwarded().len()), ("ann@example.com", 0));
    // It was one login, and the next link needs none.
    let page = ann.open(&site.at(link)).await;
    app.answer(&site.url, &page, None);
}

/// RelayState has its limit at Atlassian.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_address_is_too_long_leads_to_its_portal() {
    let (app, site) = behind("atlassian-accounts", "", IT).await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(&format!("/p/it/create/66?a={}", "b".repeat(2000)))).await;
    let answer = app.answer(&site.url, &page, None);
    let portal = format!("{}/servicedesk/customer/portal/2", site.jsm.url());
    assert_eq!(answer.relay_state, Some(portal));
}

#[rstest]
#[case::portal_only(
    "atlassian-portal",
    "",
    "JSM/servicedesk/customer/user/login?destination=portal%2F2%2Fcreate%2F66%3Fa%3Db"
)]
#[case::external("atlassian-external", "", "JSM/servicedesk/customer/portal/2/create/66?a=b")]
#[case::any("saml", "", "JSM/servicedesk/customer/portal/2/create/66?a=b")]
#[case::elsewhere("saml", "start_url = \"https://x.example/in\"", "https://x.example/in")]
#[case::accounts_elsewhere(
    "atlassian-accounts",
    "start_url = \"https://x.example/in\"",
    "https://x.example/in"
)]
#[tokio::test(flavor = "multi_thread")]
async fn the_link_leads_to_jsm_by_the_door_of_the_service_provider(
    #[case] preset: &str,
    #[case] keys: &str,
    #[case] expected: &str,
) {
    let (_, site) = behind(preset, keys, IT).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let sent = sent_to(&mut ann, &site.at("/p/it/create/66?a=b")).await;
    assert_eq!(sent, expected.replace("JSM", &site.jsm.url()));
    assert_eq!(site.forwarded().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_log_in_and_the_portals_rules_decide() {
    let private = format!("{IT}\naccess = \"private\"\nallow = {{ groups = [\"customers\"] }}");
    let (_, site) = behind("atlassian-external", "", &private).await;
    let mut cleo = site.visitor();
    let asked = cleo.open(&site.at("/p/it")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{asked:?}");
    let refused = log_in(&mut cleo, &asked, "cleo").await;
    assert_eq!((refused.status, refused.url.path()), (StatusCode::FORBIDDEN, "/p/it"));
    assert!(refused.body.contains("refused"), "{}", refused.body);
    let mut ann = site.logged_in("ann").await;
    let sent = sent_to(&mut ann, &site.at("/p/it")).await;
    assert_eq!(sent, format!("{}/servicedesk/customer/portal/2", site.jsm.url()));
    assert_eq!(site.forwarded().iter().filter(|seen| seen.target.contains("/portal/2")).count(), 0);
}

/// The rules of the service provider count as well, on the way through its door.
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_service_provider_keeps_out_does_not_get_in_by_the_link() {
    let keys = "access = \"private\"\nallow = { groups = [\"customers\"] }";
    let open = format!("{IT}\naccess = \"default\"");
    let (_, site) = behind("atlassian-accounts", keys, &open).await;
    let mut cleo = site.logged_in("cleo").await;
    let refused = cleo.open(&site.at("/p/it")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("refused") && !refused.body.contains("SAMLResponse"));
}

#[rstest]
#[case("/servicedesk/customer/portal/2", "/p/it")]
#[case("/servicedesk/customer/portal/2/create/66?a=b", "/p/it/create/66?a=b")]
#[tokio::test(flavor = "multi_thread")]
async fn jsms_own_address_leads_to_the_link(#[case] address: &str, #[case] link: &str) {
    let (_, site) = behind("atlassian-external", "", IT).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    assert_eq!(sent_to(&mut ann, &site.at(address)).await, site.at(link));
    let posted = ann.request(Method::POST, &site.at(address), |post| post.body("a=b")).await;
    assert_eq!(posted.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

/// A data call runs in JSM as the customer.
#[rstest]
#[case(Method::GET, "/rest/servicedeskapi/request/IT-1", "")]
#[case(Method::GET, "/rest/servicedeskapi/servicedesk/12/requesttype", "")]
#[case(Method::POST, "/rest/servicedeskapi/request", r#"{"serviceDeskId":"12"}"#)]
#[case(Method::GET, "/servicedesk/customer/portal/4/user-search?projectKey=IT", "")]
#[tokio::test(flavor = "multi_thread")]
async fn no_data_call_reaches_such_a_portal(
    #[case] method: Method,
    #[case] address: &str,
    #[case] body: &'static str,
) {
    let (_, site) = behind("atlassian-external", "", IT).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let whole = |it: RequestBuilder| it.header("content-type", "application/json").body(body);
    let answer = ann.request(method, &site.at(address), whole).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.forwarded().len(), 0, "{address} was forwarded");
}

/// The other portals of the same JSM are forwarded as before, and the start page lists all of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_portal_beside_it_is_forwarded() {
    let (_, site) = behind("atlassian-external", "", IT).await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let page = ann.open(&site.at("/p/fac")).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/servicedesk/customer/portal/4"));
    assert_eq!(site.forwarded().len(), 1);
    let home = ann.open(&site.at("/")).await;
    for link in ["href=\"/p/it\"", "href=\"/p/fac\""] {
        assert!(home.body.contains(link), "no {link} in {}", home.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_portal_is_forwarded_jsms_list_leads_to_the_gates() {
    let (_, site) = behind("atlassian-external", "", ALL).await;
    let mut ann = site.visitor();
    let sent = sent_to(&mut ann, &site.at("/servicedesk/customer/portals")).await;
    assert_eq!(sent, site.at("/"));
    assert_eq!(site.forwarded().len(), 0, "something was forwarded");
}

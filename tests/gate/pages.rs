//! The gate's own pages: what they say, to whom, and with which headers.

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::Desk;
use serde_json::Value;

use crate::routes::ROUTES;
use crate::site::{log_in, site, until};

const HR_IS_PRIVATE: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["customers"] }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_lists_the_portals_one_may_use_and_no_other() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let ann = site.logged_in("ann").await.open(&site.at("/")).await;
    let cleo = site.logged_in("cleo").await.open(&site.at("/")).await;
    for link in ["/p/it", "/p/fac"] {
        assert!(ann.body.contains(&format!("href=\"{link}\"")), "{}", ann.body);
        assert!(cleo.body.contains(&format!("href=\"{link}\"")), "{}", cleo.body);
    }
    assert!(ann.body.contains("href=\"/p/hr\""));
    assert!(!cleo.body.contains("/p/hr"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_is_told_who_they_are_and_what_to_do() {
    let site = site().with(HR_IS_PRIVATE).start().await;
    let mut cleo = site.logged_in("cleo").await;
    let native = site.jsm.seen().len();
    for address in ["/p/hr", "/p/hr/create/1", "/servicedesk/customer/portal/3/create/1"] {
        let page = cleo.open(&site.at(address)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{address}");
        for words in ["People &amp; Culture", "cleo@example.com", "Log in as someone else"] {
            assert!(page.body.contains(words), "{address}: no {words:?} in {}", page.body);
        }
    }
    let after = site.jsm.seen();
    let reached = after[native..].iter().any(|seen| seen.target.contains("portal/3"));
    assert!(!reached, "JSM saw a refused request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_portal_needs_no_login_and_names_nobody() {
    let public = "[[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let site = site().with(public).start().await;
    let mut visitor = site.visitor();
    let page = visitor.open(&site.at("/p/fac")).await;
    assert_eq!(page.status, StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert!(!seen.headers.contains_key("x-forwarded-user"));
    let other = visitor.open(&site.at("/p/it")).await;
    assert!(other.url.as_str().starts_with(site.provider.issuer()), "{other:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_is_gone_says_so_and_the_link_stays_its_own() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let desk = site.jsm.remove_desk("FAC").unwrap();
    site.gate.assembly().directory().refresh().await.unwrap();
    let page = ann.open(&site.at("/p/fac")).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("portal-gone") && page.body.contains("Facilities"));

    site.jsm.add_desk(desk);
    site.gate.assembly().directory().refresh().await.unwrap();
    assert_eq!(ann.open(&site.at("/p/fac")).await.status, StatusCode::OK);
}

#[rstest]
#[case::unknown_link("/p/nothing", 404, "portal-unknown")]
#[case::no_link("/p/UPPER", 404, "portal-unknown")]
#[case::unknown_number("/servicedesk/customer/portal/999", 404, "portal-unknown")]
#[case::other_spelling("/servicedesk/customer/portal/02", 404, "portal-unknown")]
#[case::unknown_page("/_gate/nothing", 404, "not-found")]
#[case::unknown_provider("/_gate/callback/nobody?code=1&state=2", 404, "provider-unknown")]
#[case::no_provider("/_gate/callback/NOBODY?code=1&state=2", 404, "not-found")]
#[case::d1_callback_of_nothing("/_gate/callback/idp?code=1&state=2", 400, "login-expired")]
#[case::d1_callback_without_state("/_gate/callback/idp?code=1", 400, "callback-invalid")]
#[case::d14_two_states("/_gate/callback/idp?code=1&state=2&state=3", 400, "callback-invalid")]
#[tokio::test(flavor = "multi_thread")]
async fn problems_have_a_page_for_people_and_json_for_programs(
    #[case] path: &str,
    #[case] status: u16,
    #[case] code: &str,
) {
    let site = site().start().await;
    let mut ann =
        if path.contains("callback") { site.visitor() } else { site.logged_in("ann").await };
    let page = ann.open(&site.at(path)).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (status, path.split('?').next().unwrap()));
    assert!(page.body.contains(code) && page.body.starts_with("<!doctype html>"), "{}", page.body);

    let json = |get: reqwest::RequestBuilder| get.header(ACCEPT, "application/json");
    let answer = ann.request(Method::GET, &site.at(path), json).await;
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let told: Value = answer.json().await.unwrap();
    assert_eq!((told["error"].as_str(), told["request_id"].as_str()), (Some(code), Some(&*id)));
}

#[rstest]
#[case("/")]
#[case("/p/it")]
#[case("/_gate/login")]
#[case("/_gate/login?go=1")]
#[case("/_gate/logged-out")]
#[case("/_gate/whoami")]
#[case("/_gate/nothing")]
#[case("/servicedesk/customer/portal/2/../3")]
#[tokio::test(flavor = "multi_thread")]
async fn e8_e9_every_answer_of_the_gate_carries_the_security_headers(#[case] path: &str) {
    let site = site().over_tls().start().await;
    let answer = site.visitor().request(Method::GET, &site.at(path), |get| get).await;
    let header = |name: &str| {
        let value = answer.headers().get(name).unwrap_or_else(|| panic!("{path}: no {name}"));
        value.to_str().unwrap().to_owned()
    };
    let policy = header(CONTENT_SECURITY_POLICY.as_str());
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(header(CACHE_CONTROL.as_str()), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("strict-transport-security").contains("max-age"));
    assert!(answer.headers().contains_key("content-length"), "the connection would be closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn h4_whoami_tells_no_tokens() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let told = ann.open(&site.at("/_gate/whoami")).await.body;
    assert!(told.contains("ann@example.com") && told.contains("customers"));
    let cookie = ann.cookie("gate").unwrap();
    assert!(!told.contains("eyJ") && !told.contains(cookie), "{told}");
    let nobody = site.visitor().open(&site.at("/_gate/whoami")).await.body;
    assert_eq!(nobody, r#"{"logged_in":false}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn e8_what_the_provider_says_is_shown_as_text() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it")).await;
    let state = asked.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let callback = url::Url::parse_with_params(
        &site.at("/_gate/callback/idp"),
        [
            ("error", "access_denied"),
            ("error_description", "<script>alert('x')</script> & co"),
            ("state", &state),
            ("iss", site.provider.issuer()),
        ],
    );
    let page = visitor.open(callback.unwrap().as_str()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(page.body.contains("&lt;script&gt;") && page.body.contains("provider-refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_portals_are_known_a_page_says_so() {
    let site = site().while_jsm_is_down().start().await;
    let mut visitor = site.visitor();
    let page = visitor.open(&site.at("/p/it")).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("directory-empty"));
    let answer = visitor.request(Method::GET, &site.at("/p/it"), |get| get).await;
    assert!(answer.headers().contains_key(RETRY_AFTER));

    site.jsm.come_up().await.unwrap();
    let directory = site.gate.assembly().directory().clone();
    until("the portals are known", || !directory.portals().all().is_empty()).await;
    let asked = visitor.open(&site.at("/p/it")).await;
    assert_eq!(log_in(&mut visitor, &asked, "ann").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_portals_are_in_the_order_in_which_people_count_and_can_be_searched() {
    let site = site().start().await;
    for number in [10, 2, 11, 1, 3, 20] {
        let (key, name) = (format!("D{number}"), format!("Desk {number}"));
        site.jsm.add_desk(Desk::new(100 + number, &key, &name));
    }
    site.gate.assembly().directory().refresh().await.unwrap();
    let mut ann = site.logged_in("ann").await;
    let names = |page: &str| -> Vec<String> {
        let tiles = page.split("<li class=\"tile\">").skip(1);
        let name =
            |tile: &str| tile.split("\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        tiles.map(name).filter(|name| name.starts_with("Desk")).collect()
    };
    let home = ann.open(&site.at("/")).await.body;
    let expected = ["Desk 1", "Desk 2", "Desk 3", "Desk 10", "Desk 11", "Desk 20"];
    assert_eq!(names(&home), expected);
    // Without scripts the form asks for the page again.
    let found = ann.open(&site.at("/?q=1+dESK")).await.body;
    assert_eq!(names(&found), ["Desk 1", "Desk 10", "Desk 11"]);
    assert!(found.contains("value=\"1 dESK\""), "{found}");
    let none = ann.open(&site.at("/?q=%3Cb%3E")).await.body;
    assert!(none.contains("No portal has such a name") && !none.contains("<b>"), "{none}");
}

#[rstest]
#[case::unknown_portal("/p/nothing")]
#[case::closed("/secure/admin")]
#[case::odd_address("/servicedesk/customer/portal/2%2f3")]
#[case::unknown_page("/_gate/nothing")]
#[case::refused("/p/hr")]
#[tokio::test(flavor = "multi_thread")]
async fn every_problem_is_told_with_who_is_logged_in(#[case] path: &str) {
    let private = HR_IS_PRIVATE.replace("customers", "others");
    let site = site().with(&private).start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(path)).await;
    assert!(page.status.is_client_error(), "{page:?}");
    for words in ["logged in as <strong>ann@example.com", "Log out"] {
        assert!(page.body.contains(words), "no {words:?} in {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_jsm_is_down_the_page_can_be_tried_again_and_a_form_is_not_sent_twice() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.go_down().await;
    let page = ann.open(&site.at("/servicedesk/customer/portal/2")).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    for words in
        ["upstream-unreachable", "ann@example.com", ">Try again</a>", "data-seconds=\"10\""]
    {
        assert!(page.body.contains(words), "no {words:?} in {}", page.body);
    }
    let form = site.at("/servicedesk/customer/portal/2/create/66");
    let html = |post: reqwest::RequestBuilder| {
        post.header(ACCEPT, "text/html").header("content-type", "text/plain").body("x")
    };
    let answer = ann.request(Method::POST, &form, html).await;
    assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
    let page = answer.text().await.unwrap();
    let told = page.contains("Before you send it again") && !page.contains("Try again");
    assert!(told && !page.contains("data-seconds"), "{page}");
}

/// The browser's test opens what the list says, so a page that is not on it would be looked at by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_on_the_list_that_the_browser_goes_by() {
    let site = site().start().await;
    let mut routes = site.gate.assembly().page_paths();
    let mut listed: Vec<_> = ROUTES.iter().map(|(route, _)| *route).collect();
    routes.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, routes);
}

//! What of JSM can be reached through the gate at all, and by whom without a login.

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ORIGIN};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};
use serde_json::Value;

use crate::site::site;
use crate::visitor::fields;

const BEHIND_A_KEY: &str = "/s/x/_/secure/Dashboard.jspa";

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

const STYLE: &str = "/s/sandbox/_/download/batch/portal.css";

/// For everybody, logged in or not: what is closed needs no login to be refused.
#[rstest]
#[case::a6_login_page("/login.jsp")]
#[case::a6_other_case("/LOGIN.jsp")]
#[case::agents("/browse/IT-1")]
#[case::queues("/projects/IT/queues/custom/1")]
#[case::administration("/secure/admin/ViewApplicationProperties.jspa")]
#[case::dashboard("/secure/Dashboard.jspa")]
#[case::apps("/plugins/servlet/upm")]
#[case::user_search("/rest/servicedesk/1/customer/portal/2/user-search/proforma?query=a")]
#[case::users("/rest/api/2/user/search?username=a")]
#[case::sessions("/rest/auth/1/session")]
#[case::behind_a_cache_key("/s/x/_/secure/Dashboard.jspa")]
#[case::shim_to_rest("/servicedesk/customershim/rest/api/2/user/search?username=a")]
#[case::login_of_a_portal("/servicedesk/customer/portal/2/user/login?destination=portals")]
#[case::password_of_a_portal("/servicedesk/customer/portal/2/user/forgotpassword/sent")]
#[case::login_of_jsm("/servicedesk/customer/user/login?destination=portals")]
#[tokio::test(flavor = "multi_thread")]
async fn what_no_portal_needs_is_not_forwarded(#[case] target: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let page = ann.open(&site.at(target)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    // Of Jira's own login its reader is told more.
    let told = ["path-not-open", "customer-unknown"].iter().any(|code| page.body.contains(code));
    assert!(told, "{}", page.body);
    let json = |get: RequestBuilder| get.header(ACCEPT, "application/json");
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let answer = site.visitor().request(method, &site.at(target), json).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        let told: Value = answer.json().await.unwrap();
        assert_eq!(told["error"], "path-not-open");
    }
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_path_changes_nothing_about_it() {
    let jsm = JsmSettings::data_center().with_context_path("/jira");
    let site = site().in_front_of(jsm).with_another_base_address().start().await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(ann.open(&site.at("/jira/servicedesk/customer/portals")).await.status, 200);
    site.jsm.clear_seen();
    for target in [
        "/login.jsp",
        "/jira/login.jsp",
        "/jira/secure/Dashboard.jspa",
        "/jira/jira/login.jsp",
        "/jira/jira/servicedesk/customer/portals",
        "/%6Aira/servicedesk/customer/portals",
    ] {
        assert_eq!(ann.open(&site.at(target)).await.status, StatusCode::FORBIDDEN, "{target}");
    }
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_can_open_more() {
    let open = r#"allow_paths = ["/plugins/servlet/our-app/", "/echo", "/s/"]"#;
    let site = site().with_forward(open).start().await;
    let mut ann = site.logged_in("ann").await;
    for target in ["/plugins/servlet/our-app/page", "/echo"] {
        assert_eq!(ann.open(&site.at(target)).await.status, StatusCode::OK, "{target}");
        let nobody = site.visitor().request(Method::GET, &site.at(target), |get| get).await;
        assert_eq!(nobody.status(), StatusCode::FOUND, "{target} without a login");
    }
    for target in ["/plugins/servlet/our-apps", "/plugins/servlet/upm", "/echo/x", BEHIND_A_KEY] {
        assert_eq!(ann.open(&site.at(target)).await.status, StatusCode::FORBIDDEN, "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jiras_logout_leads_to_the_gates() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    for target in [
        "/logout",
        "/secure/Logout.jspa",
        "/secure/Logout!default.jspa?atl_token=x",
        "/servicedesk/customer/portal/2/user/logout",
    ] {
        let page = ann.open(&site.at(target)).await;
        assert_eq!((page.status, page.url.path()), (StatusCode::OK, "/_gate/logout"));
    }
    assert!(site.forwarded().is_empty());
}

/// Jira's Seraph takes a login from any address, and would make somebody else of the customer.
#[rstest]
#[case("os_username=admin&os_password=admin")]
#[case("os_authType=basic")]
#[case("a=b&os%5Fusername=admin")]
#[case("OS_USERNAME=admin")]
#[tokio::test(flavor = "multi_thread")]
async fn b9_a_login_in_the_query_is_not_forwarded(#[case] query: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let address = site.at(&format!("/servicedesk/customer/portals?{query}"));
    for method in [Method::GET, Method::POST] {
        let answer = ann.request(method, &address, |it| it).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    }
    assert!(site.forwarded().is_empty());
}

/// Tomcat reads a form's fields as it reads the query's, in the alphabet that the form names.
#[rstest]
#[case::login("os_username=admin&os_password=admin", FORM)]
#[case::escaped("summary=x&os%5Fauthtype=basic", FORM)]
#[case::in_another_alphabet("summary=x", "application/x-www-form-urlencoded; charset=IBM037")]
#[tokio::test(flavor = "multi_thread")]
async fn b9_a_login_in_a_form_of_nobodys_is_not_forwarded(
    #[case] form: &'static str,
    #[case] kind: &'static str,
) {
    let public = "[[portal]]\nproject = \"FAC\"\naccess = \"public\"";
    let site = site().with(public).start().await;
    let mut nobody = site.visitor();
    let create = site.at("/servicedesk/customer/portal/4/create/401");
    let post = |form: &'static str, kind: &'static str| {
        move |it: RequestBuilder| it.header(CONTENT_TYPE, kind).body(form)
    };
    let refused = nobody.request(Method::POST, &create, post(form, kind)).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let plain = "summary=os_username";
    nobody.request(Method::POST, &create, post(plain, FORM)).await;
    // JSM may notice late that the refused form breaks off; nothing of what is in it ever arrives.
    let arrived = site.forwarded().into_iter().map(|seen| seen.body_len).filter(|len| *len > 0);
    assert_eq!(arrived.collect::<Vec<_>>(), [plain.len() as u64], "by their lengths");
}

/// Whoever is logged in may post more than is read ahead: the form breaks off before the login in it.
#[rstest]
#[case::at_once(0)]
#[case::behind_much_else(200_000)]
#[tokio::test(flavor = "multi_thread")]
async fn b9_a_login_in_a_form_does_not_reach_jsm(#[case] padding: usize) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/it/create/66")).await;
    let fields = fields(&page, "create");
    let (_, token) = fields.iter().find(|(name, _)| name == "atl_token").unwrap();
    let plain = format!("atl_token={token}&summary=Dark&description={}", "x".repeat(padding));
    let post = |form: &str| {
        let (form, origin) = (form.to_owned(), site.url.clone());
        move |it: RequestBuilder| it.header(CONTENT_TYPE, FORM).header(ORIGIN, origin).body(form)
    };
    site.jsm.clear_seen();
    let login = format!("{plain}&os_username=admin&os_password=admin");
    let refused = ann.request(Method::POST, page.url.as_str(), post(&login)).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    let most = site.forwarded().iter().map(|seen| seen.body_len).max();
    assert!(most.is_none_or(|it| it <= plain.len() as u64), "JSM saw {:?}", site.forwarded());
    let requests = ann.open(&site.at("/servicedesk/customer/user/requests")).await;
    assert!(!requests.body.contains("Dark"), "{}", requests.body);

    let raised = ann.request(Method::POST, page.url.as_str(), post(&plain)).await;
    assert_eq!(raised.status(), StatusCode::FOUND, "{raised:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_public_paths_everything_needs_a_login() {
    let site = site().start().await;
    let answer = site.visitor().request(Method::GET, &site.at(STYLE), |get| get).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    assert!(site.forwarded().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_public_paths_are_read_by_nobody_in_particular() {
    let site = site().with_forward(r#"public_paths = ["/s/"]"#).start().await;
    let spoof = |get: RequestBuilder| get.header("X-Forwarded-User", "admin");
    let answer = site.visitor().request(Method::GET, &site.at(STYLE), spoof).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CACHE_CONTROL], "public, max-age=3600");
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert!(!seen.headers.contains_key("x-forwarded-user"));

    site.jsm.clear_seen();
    for (method, target, status) in [
        (Method::POST, STYLE, StatusCode::FORBIDDEN),
        (Method::GET, "/s/x/_/secure/Dashboard.jspa", StatusCode::FORBIDDEN),
        (Method::GET, "/s/x/_/servicedesk/customer/portal/2", StatusCode::FORBIDDEN),
        (Method::GET, "/s/x/_/download/..%2f..%2fsecure", StatusCode::BAD_REQUEST),
        (Method::GET, "/servicedesk/customer/portals?/s/x", StatusCode::FOUND),
    ] {
        let answer = site.visitor().request(method, &site.at(target), |it| it).await;
        assert_eq!(answer.status(), status, "{target}");
    }
    assert!(site.forwarded().is_empty(), "JSM saw {:?}", site.forwarded());
}

#[tokio::test(flavor = "multi_thread")]
async fn e9_what_somebody_logged_in_gets_is_theirs_alone() {
    let site = site().with_forward(r#"public_paths = ["/s/"]"#).start().await;
    let mut ann = site.logged_in("ann").await;
    let style = ann.request(Method::GET, &site.at(STYLE), |get| get).await;
    assert_eq!(style.headers()[CACHE_CONTROL], "private, max-age=3600");
    let page = ann.request(Method::GET, &site.at("/servicedesk/customer/portals"), |get| get).await;
    assert_eq!(page.headers()[CACHE_CONTROL], "private");

    let canned = Canned::text(200, "x")
        .header("cache-control", "s-maxage=60, immutable")
        .header("surrogate-control", "max-age=60");
    site.jsm.answer_next(1, &canned.for_paths("/servicedesk/customer/portals"));
    let page = ann.request(Method::GET, &site.at("/servicedesk/customer/portals"), |get| get).await;
    assert_eq!(page.headers()[CACHE_CONTROL], "private, immutable");
    assert!(!page.headers().contains_key("surrogate-control"));
}

/// Jira has browsers show it for a year, to whoever uses them.
#[rstest]
#[case::attachment(
    "/servicedesk/customershim/secure/attachment/1/a.png",
    "private, max-age=31536000",
    "private, no-cache"
)]
#[case::preview(
    "/servicedesk/customershim/secure/thumbnail/1/a.png",
    "public",
    "private, no-cache"
)]
#[case::not_kept("/servicedesk/customershim/secure/attachment/1/a.png", "no-store", "no-store")]
#[case::of_everybody(
    "/servicedesk/customershim/secure/viewavatar",
    "max-age=60",
    "private, max-age=60"
)]
#[tokio::test(flavor = "multi_thread")]
async fn e9_a_browser_shows_no_file_of_a_request_without_asking(
    #[case] path: &str,
    #[case] said: &str,
    #[case] told: &str,
) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let canned = Canned::text(200, "x").header("cache-control", said).for_paths(path);
    site.jsm.answer_next(1, &canned);
    let answer = ann.request(Method::GET, &site.at(path), |get| get).await;
    assert_eq!(answer.headers()[CACHE_CONTROL], told);
}

/// Browsers put what a 304 says in place of what they were told with the answer itself.
#[rstest]
#[case::nothing_said(None, None)]
#[case::for_others_too(Some("public, max-age=60"), Some("private, max-age=60"))]
#[tokio::test(flavor = "multi_thread")]
async fn e9_what_is_not_modified_keeps_its_age(
    #[case] said: Option<&str>,
    #[case] told: Option<&str>,
) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let canned = Canned::text(304, "");
    let canned = match said {
        Some(said) => canned.header("cache-control", said),
        None => canned,
    };
    site.jsm.answer_next(1, &canned.for_paths(STYLE));
    let ask = |get: RequestBuilder| get.header("if-none-match", "\"a\"");
    let answer = ann.request(Method::GET, &site.at(STYLE), ask).await;
    assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    let cached = answer.headers().get(CACHE_CONTROL).map(|value| value.to_str().unwrap());
    assert_eq!(cached, told);
    assert_eq!(site.forwarded()[0].header("if-none-match"), "\"a\"");
}

//! A JSM with all its pages below a path: browsers see it there too, because JSM's own scripts put
//! the path before what they ask for.

use reqwest::header::{CACHE_CONTROL, LOCATION, ORIGIN, REFERER};
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};

use crate::site::{Site, SiteBuilder, log_in, site};

const PORTALS: &str = "/servicedesk/customer/portals";
const PRIVATE: &str = r#"
    [[portal]]
    project = "HR"
    access = "private"
    allow = { groups = ["staff"] }
"#;
const ECHO: &str = "/jira/servicedesk/customer/echo";

fn below_jira() -> SiteBuilder {
    let jsm = JsmSettings::data_center().with_context_path("/jira");
    site().in_front_of(jsm).with_another_base_address()
}

/// What of it JSM saw.
fn targets(site: &Site) -> Vec<String> {
    site.forwarded().into_iter().map(|seen| seen.target).collect()
}

#[rstest]
#[case::get(Method::GET)]
#[case::head(Method::HEAD)]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_asked_for_without_it_is_at_its_own_address(#[case] method: Method) {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let asked = site.at("/servicedesk/customer/portal/2?summary=a%20b&next=%2Fc");
    let answer = ann.request(method, &asked, |it| it).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let native = site.at("/jira/servicedesk/customer/portal/2?summary=a%20b&next=%2Fc");
    assert_eq!(answer.headers()[LOCATION], native.as_str());
    assert_eq!(answer.headers()[CACHE_CONTROL], "no-store");
    assert!(site.forwarded().is_empty(), "JSM was asked for {:?}", targets(&site));

    assert_eq!(ann.open(&asked).await.url.as_str(), native);
    assert_eq!(targets(&site), [native.strip_prefix(&site.url).unwrap()]);
}

/// A redirect would lose what they send.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_without_it_is_forwarded_with_it() {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let upload = "/servicedesk/customershim/upload?name=a%20b.txt";
    let post = |post: RequestBuilder| post.header(ORIGIN, &site.url).body("hello");
    let answer = ann.request(Method::POST, &site.at(upload), post).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!((seen.target.clone(), seen.body_len), (format!("/jira{upload}"), 5));
}

#[rstest]
#[case::as_it_is("/jira/servicedesk/customer/portal/2?a=b%20c")]
#[case::without_it("/servicedesk/customer/portal/2?a=b%20c")]
#[case::by_the_link("/p/it?a=b%20c")]
#[tokio::test(flavor = "multi_thread")]
async fn the_login_comes_back_to_the_page(#[case] asked: &str) {
    let site = below_jira().start().await;
    let mut ann = site.visitor();
    let form = ann.open(&site.at(asked)).await;
    let landed = log_in(&mut ann, &form, "ann").await;
    let native = "/jira/servicedesk/customer/portal/2?a=b%20c";
    assert_eq!((landed.status, landed.url.as_str()), (StatusCode::OK, &*site.at(native)));
    assert!(landed.way.iter().any(|there| there.as_str() == site.at(asked)), "{:?}", landed.way);
    assert_eq!(targets(&site), [native]);
}

/// The login has to know the portal in either spelling.
#[rstest]
#[case("/jira/servicedesk/customer/portal/2")]
#[case("/servicedesk/customer/portal/2")]
#[case("/p/it")]
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_asks_its_provider_for_its_own_kind_of_login(#[case] asked: &str) {
    let demand = "[[portal]]\nproject = \"IT\"\nacr_values = [\"mfa\"]";
    let site = below_jira().with(demand).start().await;
    let form = site.visitor().open(&site.at(asked)).await;
    let wanted = form.url.query_pairs().find(|(name, _)| name == "acr_values");
    assert_eq!(wanted.map(|(_, value)| value.into_owned()).as_deref(), Some("mfa"), "{form:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_link_leads_straight_below_it() {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/it/create/66?summary=a%20b")).await;
    let native = site.at("/jira/servicedesk/customer/portal/2/create/66?summary=a%20b");
    assert_eq!((page.status, page.url.as_str()), (StatusCode::OK, native.as_str()));
    assert_eq!(page.way.len(), 2, "{:?}", page.way);
}

#[rstest]
#[case::the_gates_home("/jira", "/")]
#[case::the_gates_home("/jira/", "/")]
#[case::a_link("/jira/p/it", "/jira/servicedesk/customer/portal/2")]
#[case::a_page_of_the_gate("/jira/_gate/whoami", "/_gate/whoami")]
#[tokio::test(flavor = "multi_thread")]
async fn the_gates_own_addresses_are_not_below_it(#[case] asked: &str, #[case] there: &str) {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(asked)).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, there));
}

/// A login does not end in a logout, in whichever spelling.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_leads_to_no_page_of_login_or_logout_below_it() {
    let site = below_jira().start().await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/_gate/login?go=1&return_to=/jira/_gate/logout")).await;
    let landed = log_in(&mut ann, &asked, "ann").await;
    assert_eq!((landed.status, landed.url.path()), (StatusCode::OK, "/"));
}

#[rstest]
#[case::as_it_is("/jira/servicedesk/a?b", "/jira/servicedesk/a?b")]
#[case::without_it("/p/it", "/jira/p/it")]
#[tokio::test(flavor = "multi_thread")]
async fn jsms_origin_check_sees_it_once(#[case] here: &str, #[case] seen_as: &str) {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    let referer = site.at(here);
    ann.request(Method::GET, &site.at(ECHO), |get| get.header(REFERER, referer)).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    assert_eq!(seen.header("referer"), format!("{}{seen_as}", site.jsm.origin()));
}

#[rstest]
#[case::into_a_portal("{jsm}/jira/servicedesk/customer/portal/2/IT-1", "{gate}/p/it/IT-1")]
#[case::into_a_portal("/jira/servicedesk/customer/portal/2?a#b", "{gate}/p/it?a#b")]
#[case::elsewhere("{jsm}/jira/servicedesk/customer/user", "{gate}/jira/servicedesk/customer/user")]
#[case::relative("/jira/servicedesk/customer/user", "/jira/servicedesk/customer/user")]
#[case::another_application("{jsm}/wiki/x", "{jsm}/wiki/x")]
#[case::e3_another_host("//evil.example/jira/x", "//evil.example/jira/x")]
#[case::e3_another_host("{jsm}.evil.example/jira/x", "{jsm}.evil.example/jira/x")]
#[tokio::test(flavor = "multi_thread")]
async fn a_location_keeps_it(#[case] location: &str, #[case] expected: &str) {
    let site = below_jira().start().await;
    let mut ann = site.logged_in("ann").await;
    let spell = |text: &str| text.replace("{jsm}", &site.jsm.origin()).replace("{gate}", &site.url);
    let canned = Canned::text(302, "").header("location", &spell(location));
    site.jsm.answer_next(1, &canned.for_paths("/jira/servicedesk/customer/portals"));
    let answer = ann.request(Method::GET, &site.at(&format!("/jira{PORTALS}")), |get| get).await;
    assert_eq!(answer.headers()[LOCATION], spell(expected).as_str());
}

/// A portal stays closed in each spelling, its data calls too.
#[rstest]
#[case("/jira/servicedesk/customer/portal/3")]
#[case("/servicedesk/customer/portal/3")]
#[case("/jira/servicedesk/customer/portal/2/HR-1")]
#[case("/jira/rest/servicedesk/1/customer/portal/3/x")]
#[case("/jira/jira/servicedesk/customer/portal/2")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_closed_is_closed_below_it(#[case] target: &str) {
    let site = below_jira().with(PRIVATE).start().await;
    let mut ann = site.logged_in("ann").await;
    site.jsm.clear_seen();
    assert_eq!(ann.open(&site.at(target)).await.status, StatusCode::FORBIDDEN);
    assert!(site.forwarded().is_empty(), "JSM was asked for {:?}", targets(&site));
}

/// On Jira's own base address Jira writes what browsers see.
#[tokio::test(flavor = "multi_thread")]
async fn at_jiras_own_base_address_nothing_is_left_to_translate() {
    let jsm = JsmSettings::data_center().with_context_path("/jira");
    let site = site().in_front_of(jsm).start().await;
    let mut ann = site.logged_in("ann").await;
    let form = ann.open(&site.at("/p/it/create/66")).await;
    let created = ann.submit(&form, "create", &[("summary", "My screen is dark")]).await;
    let native = site.at("/jira/servicedesk/customer/portal/2/IT-1");
    assert_eq!((created.status, created.url.as_str()), (StatusCode::OK, native.as_str()));
    assert!(created.body.contains(&site.at("/jira/servicedesk/")), "{}", created.body);
}

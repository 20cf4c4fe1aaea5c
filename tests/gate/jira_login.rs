//! Jira Data Center lets customers in by its own login, with the gate as its identity provider and nothing
//! installed in Jira. The stand-in checks answers as Jira does, and believes no header.

use jsm_gate::domain::Clock;
use reqwest::header::{ORIGIN, SET_COOKIE};
use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Account, JsmSettings};
use sandbox::provider::Fault;
use std::time::Duration;

use crate::site::{ANN, KEY_FILES, Site, SiteBuilder, log_in, site};
use crate::visitor::{Page, Visitor};

const FORM: &str = "/servicedesk/customer/portal/2/create/66?summary=a%20b";
const PORTAL: &str = "/servicedesk/customer/portal/2";

/// What names the customer on every page of the stand-in.
fn names(page: &Page, customer: &str) -> bool {
    page.body.contains(&format!("id=\"customer\">{customer}</span>"))
}

fn with_jira_login() -> SiteBuilder {
    site().with_jira_login()
}

/// A browser in which somebody has logged in and seen a portal.
async fn at_portal(site: &Site, username: &str) -> Visitor {
    let mut visitor = site.visitor().with_scripts();
    let page = visitor.open(&site.at(PORTAL)).await;
    let page = log_in(&mut visitor, &page, username).await;
    assert_eq!((page.status, page.url.path()), (StatusCode::OK, PORTAL), "{:?}", page.way);
    assert!(names(&page, &format!("{username}@example.com")), "{}", page.body);
    visitor
}

/// Addresses that customers' requests reached Jira with.
fn reached(site: &Site, part: &str) -> usize {
    site.forwarded().iter().filter(|seen| seen.target.contains(part)).count()
}

#[rstest]
#[case::at_the_root("")]
#[case::below_a_path("/jira")]
#[tokio::test(flavor = "multi_thread")]
async fn dc3_a_customer_opens_a_link_logs_in_once_and_is_in_jiras_portal_as_themselves(
    #[case] context_path: &str,
) {
    let jsm = JsmSettings::data_center().with_context_path(context_path);
    let site = site().in_front_of(jsm).with_jira_login().start().await;
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at("/p/it/create/66?summary=a%20b")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    assert_eq!(site.forwarded().len(), 0, "nothing reaches Jira before the login here");

    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.url.as_str(), site.at(&format!("{context_path}{FORM}")), "{:?}", page.way);
    assert!(names(&page, ANN), "{}", page.body);
    let at_provider = |url: &&url::Url| url.as_str().starts_with(site.provider.issuer());
    assert_eq!(page.way.iter().filter(at_provider).count(), 1, "asked once: {:?}", page.way);
    assert_eq!(site.jsm.login_log(), Vec::<String>::new());
    assert_eq!(site.jsm.accounts_of(ANN).len(), 1, "the account was made");

    let mine =
        ann.open(&site.at(&format!("{context_path}/servicedesk/customer/user/requests"))).await;
    assert!(names(&mine, ANN) && mine.way.len() == 1, "{:?}", mine.way);
}

/// The name of the cookie is what counts; its value is empty.
#[tokio::test(flavor = "multi_thread")]
async fn dc1_cookies_without_a_value_pass_both_ways() {
    let site = with_jira_login().start().await;
    at_portal(&site, "ann").await;
    let seen = site.forwarded();
    let posted = seen.iter().find(|seen| seen.target.contains("samlconsumer")).unwrap();
    let begins: Vec<_> =
        posted.header("cookie").split("; ").filter(|it| it.starts_with("session-data-")).collect();
    assert_eq!(begins.len(), 1, "{}", posted.header("cookie"));
    assert!(begins[0].ends_with('='), "{begins:?}");
    assert!(!posted.header("cookie").contains("gate"), "{}", posted.header("cookie"));
}

#[rstest]
#[case::read(Method::GET, "/plugins/servlet/samlconsumer")]
#[case::another_case(Method::POST, "/plugins/servlet/SAMLConsumer")]
#[case::other_servlet(Method::GET, "/plugins/servlet/upm")]
#[case::no_number(Method::GET, "/plugins/servlet/external-login/x")]
#[case::settings(Method::GET, "/rest/authconfig/1.0/sso")]
#[case::change(Method::POST, "/rest/authconfig/1.0/idps")]
#[case::written(Method::POST, "/rest/authconfig/1.0/login-options")]
#[case::agents(Method::GET, "/login.jsp")]
#[tokio::test(flavor = "multi_thread")]
async fn dc2_the_steps_of_the_login_are_open_and_the_rest_of_their_trees_is_not(
    #[case] method: Method,
    #[case] path: &str,
) {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    site.jsm.clear_seen();
    let origin = site.url.clone();
    let answer = ann.request(method, &site.at(path), |it| it.header(ORIGIN, origin)).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(site.forwarded().len(), 0);
    let options = ann.open(&site.at("/rest/authconfig/1.0/login-options")).await;
    assert!(
        options.body.contains("LOGIN_FORM") || options.body.contains("IDP"),
        "{}",
        options.body
    );
}

#[rstest]
#[case("/servicedesk/customer/user/login?destination=portal%2F2", PORTAL)]
#[case("/servicedesk/customer/user/login", "/servicedesk/customer/portals")]
#[case("/servicedesk/customer/user/login?destination=..%2Fx", "/servicedesk/customer/portals")]
#[tokio::test(flavor = "multi_thread")]
async fn dc3_a_stranger_logs_in_here_before_jira_is_asked_for_a_login(
    #[case] start: &str,
    #[case] lands: &str,
) {
    let site = with_jira_login().start().await;
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at(start)).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    assert_eq!(site.forwarded().len(), 0);
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.url.path(), lands, "{:?}", page.way);
    assert!(names(&page, ANN), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn dc3_no_answer_reaches_jira_without_a_login_here() {
    let site = with_jira_login().start().await;
    let form = [("SAMLResponse", "x"), ("RelayState", "y")];
    let origin = site.url.clone();
    let mut stranger = site.visitor();
    let to = site.at("/plugins/servlet/samlconsumer");
    let answer =
        stranger.request(Method::POST, &to, |it| it.header(ORIGIN, origin).form(&form)).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(site.forwarded().len(), 0);
}

/// Jira would show the page to anybody, and would never ask.
#[tokio::test(flavor = "multi_thread")]
async fn dc4_a_portal_that_jira_opens_to_anybody_is_entered_as_oneself() {
    let site = with_jira_login().start().await;
    site.jsm.open_to_anonymous("IT");
    at_portal(&site, "ann").await;
}

/// Jira asks again for somebody whom it does not let in. Answered silently, that would have no end.
#[tokio::test(flavor = "multi_thread")]
async fn dc5_whom_jira_does_not_let_in_is_told_so_and_not_sent_in_circles() {
    let site = with_jira_login().start().await;
    site.jsm.open_desk("HR", false);
    let mut ann = at_portal(&site, "ann").await;
    let page = ann.open(&site.at("/servicedesk/customer/portal/3")).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("jira-denied") && page.body.contains(ANN), "{}", page.body);
    assert!(page.body.contains("another=1"), "another account may help: {}", page.body);
    assert_eq!(site.jsm.login_log(), ["Looks like permissions violation"]);
    let back = ann.open(&site.at(PORTAL)).await;
    assert!(names(&back, ANN), "the rest goes on: {}", back.body);
}

/// Later, Jira asks because it wants to know anew.
#[tokio::test(flavor = "multi_thread")]
async fn dc5_after_a_minute_the_provider_is_asked_anew_and_then_jiras_word_stands() {
    let site = with_jira_login().start().await;
    site.jsm.open_desk("HR", false);
    let mut ann = at_portal(&site, "ann").await;
    site.let_pass(Duration::from_secs(61));
    let asked = ann.open(&site.at("/servicedesk/customer/portal/3")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    let at_the_gate = Clock::system().unix_seconds() + 62;
    site.provider.misbehave(Fault::Claim("auth_time", at_the_gate.into()));
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}\n{}", page.way, page.body);
    assert!(page.body.contains("jira-denied"), "{}", page.body);
}

/// Jira forgets a request after five minutes, and would refuse the answer.
#[tokio::test(flavor = "multi_thread")]
async fn dc6_a_login_that_takes_too_long_begins_anew_at_the_portal() {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    site.jsm.forget_sessions();
    site.let_pass(Duration::from_secs(61));
    let start = site.at("/servicedesk/customer/user/login?destination=portal%2F2%2Fcreate%2F66");
    let answer =
        ann.request(Method::GET, &start, |it| it.header("sec-fetch-mode", "navigate")).await;
    let page = answer.text().await.unwrap();
    let sso = page.split("window.location.replace(").nth(1).unwrap().split(");").next().unwrap();
    let sso: String = serde_json::from_str(sso).unwrap();
    ann.forget_cookie("gate");
    ann.forget_cookie("sandbox_login");
    let asked = ann.open(&sso).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);

    site.let_pass(Duration::from_secs(271));
    site.jsm.let_pass(Duration::from_secs(332));
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.url.path(), "/servicedesk/customer/portal/2/create/66", "{:?}", page.way);
    assert!(names(&page, ANN), "{}", page.body);
    assert_eq!(site.jsm.login_log(), Vec::<String>::new(), "Jira refused nothing");
}

#[rstest]
#[case("/servicedesk/customer/portals?logout=true")]
#[case("/servicedesk/customer/user/login?logout=true&destination=portals")]
#[case("/plugins/servlet/sso-logout?sd-logout=true")]
#[case("/servicedesk/customer/user/logout")]
#[case("/secure/Logout!default.jspa")]
#[tokio::test(flavor = "multi_thread")]
async fn dc7_the_portals_logout_ends_both_logins(#[case] logout: &str) {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    let in_jira = ann.cookie("JSESSIONID").unwrap().to_owned();
    site.jsm.clear_seen();
    let ask = ann.open(&site.at(logout)).await;
    assert_eq!(ask.url.path(), "/_gate/logout", "{:?}", ask.way);
    assert_eq!(site.forwarded().len(), 0, "Jira alone would log in again at once");
    ann.submit(&ask, "/_gate/logout", &[]).await;
    assert_eq!((ann.cookie("gate"), ann.cookie("JSESSIONID")), (None, None));

    ann.plant_cookie(&site.url, "JSESSIONID", &in_jira);
    let asked = ann.open(&site.at(PORTAL)).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    assert_eq!(site.forwarded().len(), 0);
}

#[rstest]
#[case::portal(Method::POST, "/servicedesk/customer/user/login")]
#[case::of_portal(Method::POST, "/servicedesk/customer/portal/2/user/login")]
#[case::agents(Method::POST, "/login.jsp")]
#[case::fallback(Method::GET, "/servicedesk/customer/user/login?auth_fallback")]
#[case::native(
    Method::GET,
    "/servicedesk/customer/user/login?destination=portals&native_login=true"
)]
#[case::encoded(Method::GET, "/servicedesk/customer/user/login?auth%5Ffallback=1")]
#[case::anywhere(Method::GET, "/servicedesk/customer/portals?Auth_Fallback=1")]
#[tokio::test(flavor = "multi_thread")]
async fn dc8_no_password_reaches_jira_and_its_form_shows_to_nobody(
    #[case] method: Method,
    #[case] target: &str,
) {
    let site = with_jira_login().start().await;
    site.jsm.allow_login_fallback(true);
    let mut ann = at_portal(&site, "ann").await;
    site.jsm.clear_seen();
    let form = [("username", "admin"), ("password", "admin")];
    for mut visitor in [site.visitor(), std::mem::replace(&mut ann, site.visitor())] {
        let (origin, at) = (site.url.clone(), site.at(target));
        let answer =
            visitor.request(method.clone(), &at, |it| it.header(ORIGIN, origin).form(&form)).await;
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(site.forwarded().len(), 0);
}

#[rstest]
#[case::portals("/servicedesk/customer/user/login?destination=//evil.example&absolute=true")]
#[case::by_number("/plugins/servlet/external-login/1?authDest=https://evil.example")]
#[case::the_gate_begins("/_gate/saml/jira/start?RelayState=https://evil.example/")]
#[tokio::test(flavor = "multi_thread")]
async fn e1_no_login_in_jira_leads_to_another_site(#[case] address: &str) {
    let site = with_jira_login().start().await;
    let ann = at_portal(&site, "ann").await;
    site.jsm.clear_seen();
    for mut visitor in [site.visitor(), ann] {
        let page = visitor.open(&site.at(address)).await;
        assert_eq!((page.status, page.way.len()), (StatusCode::BAD_REQUEST, 1), "{:?}", page.way);
    }
    assert_eq!(site.forwarded().len(), 0);
}

/// An address that only they say is theirs finds the account of somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn s25_nobody_is_logged_in_by_an_address_that_the_provider_does_not_vouch_for() {
    let site = with_jira_login().with_provider("insecure_allow_unverified_email = true");
    let site = site.start().await;
    site.jsm.add_account(Account::customer("Dan", "dan@example.com"));
    let mut dan = site.visitor().with_scripts();
    let asked = dan.open(&site.at(PORTAL)).await;
    let page = log_in(&mut dan, &asked, "dan").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("not-vouched"), "{}", page.body);
    assert_eq!(reached(&site, "samlconsumer"), 0);
}

/// Whoever has the gate's key could be anybody in Jira.
#[rstest]
#[case::agent(&["jira-servicedesk"], "staff")]
#[case::administrator(&[], "jira-administrators")]
#[tokio::test(flavor = "multi_thread")]
async fn dc9_who_works_in_jira_is_not_logged_in(#[case] roles: &[&str], #[case] group: &str) {
    let site = with_jira_login().start().await;
    let ann = site.jsm.add_account(Account::customer("Ann", ANN));
    site.jsm.add_group(group, roles);
    site.jsm.join_group(group, &ann);
    let mut visitor = site.visitor().with_scripts();
    let asked = visitor.open(&site.at(PORTAL)).await;
    let page = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("customer-staff") && page.body.contains(ANN), "{}", page.body);
    assert_eq!(reached(&site, "samlconsumer"), 0);
}

/// Jira does not tell whom such a group lets administer it, so the file does.
#[tokio::test(flavor = "multi_thread")]
async fn dc9_who_is_in_a_group_of_staff_is_not_logged_in() {
    let named = "[customers]\nstaff_groups = [\"Site-Admins\"]";
    let site = with_jira_login().with(named).start().await;
    let ann = site.jsm.add_account(Account::customer("Ann", ANN));
    site.jsm.add_group("site-admins", &[]);
    site.jsm.join_group("site-admins", &ann);
    let mut visitor = site.visitor().with_scripts();
    let asked = visitor.open(&site.at(PORTAL)).await;
    let page = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("customer-staff"), "{}", page.body);
    assert_eq!(reached(&site, "samlconsumer"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn dc9_who_works_in_jira_is_logged_in_if_the_file_says_so() {
    let site =
        site().with_jira_login_and(&format!("{KEY_FILES}\nallow_staff = true")).start().await;
    site.jsm.add_account(Account::agent("Ann", ANN));
    at_portal(&site, "ann").await;
}

/// Unknown is not no.
#[tokio::test(flavor = "multi_thread")]
async fn dc9_nobody_is_logged_in_of_whom_jira_does_not_tell_what_they_may() {
    let site = with_jira_login().start().await;
    site.jsm.revoke_permission("USER_PICKER");
    let mut visitor = site.visitor().with_scripts();
    let asked = visitor.open(&site.at(PORTAL)).await;
    let page = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{:?}", page.way);
    assert_eq!(reached(&site, "samlconsumer"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_jira_does_not_have_is_told_so_where_no_accounts_are_made() {
    let site = with_jira_login().with("[customers]\ncreate = false").start().await;
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at(PORTAL)).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{:?}", page.way);
    assert!(page.body.contains("customer-missing"), "{}", page.body);
    assert_eq!(reached(&site, "login"), 0);
}

/// Jira decides who may use a desk. The gate adds whom the configuration names.
#[tokio::test(flavor = "multi_thread")]
async fn whom_a_rule_names_is_listed_at_a_closed_desk_on_the_way_in() {
    let rule = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = { emails = [\"ann@example.com\"] }";
    let site = with_jira_login().with(rule).start().await;
    site.jsm.open_desk("HR", false);
    let mut ann = at_portal(&site, "ann").await;
    assert_eq!(site.jsm.customers_of("HR"), Vec::<String>::new());
    let page = ann.open(&site.at("/p/hr")).await;
    assert_eq!(page.url.path(), "/servicedesk/customer/portal/3", "{:?}", page.way);
    assert!(names(&page, ANN), "{}", page.body);
    assert_eq!(site.jsm.customers_of("HR"), [ANN]);
    assert_eq!(site.jsm.customers_of("IT"), Vec::<String>::new());
}

/// A session in Jira that has ended is begun again without a question; what cannot be sent on is refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_jira_has_ended_is_begun_again() {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    site.jsm.forget_sessions();
    site.let_pass(Duration::from_secs(61));
    let call = site.at("/rest/servicedesk/1/customer/models");
    let origin = site.url.clone();
    let answer = ann.request(Method::POST, &call, |it| {
        it.header(ORIGIN, origin).json(&serde_json::json!({ "models": ["user"] }))
    });
    assert_eq!(answer.await.status(), StatusCode::UNAUTHORIZED);
    let page = ann.open(&site.at(FORM)).await;
    assert!(names(&page, ANN) && page.url.as_str() == site.at(FORM), "{:?}", page.way);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jira_that_forgets_logins_at_once_is_no_circle() {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    site.jsm.forget_sessions();
    let page = ann.open(&site.at(PORTAL)).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{:?}", page.way);
    assert!(page.body.contains("jira-login-lost"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_jira_does_not_take_is_told() {
    let site = with_jira_login().start().await;
    site.jsm.believe_scheme("https");
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at(PORTAL)).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{:?}", page.way);
    assert!(page.body.contains("jira-login-refused"), "{}", page.body);
    let log = site.jsm.login_log();
    assert!(log[0].contains("The response was received at https://"), "{log:?}");
}

/// Where the form for passwords is still on, Jira offers it beside the gate.
#[tokio::test(flavor = "multi_thread")]
async fn jiras_own_form_does_not_show_to_customers() {
    let site = with_jira_login().start().await;
    site.jsm.show_login_form_for_customers(true);
    let mut ann = site.visitor().with_scripts();
    let asked = ann.open(&site.at(PORTAL)).await;
    let page = log_in(&mut ann, &asked, "ann").await;
    assert!(page.body.contains("customer-unknown"), "{}", page.body);
    assert!(!page.body.contains("Choose how to log in"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_logged_in_costs_jira_no_call_of_the_service_account() {
    let site = with_jira_login().start().await;
    let mut ann = at_portal(&site, "ann").await;
    let before = site.jsm.seen().len();
    for _ in 0..20 {
        let page = ann.open(&site.at(PORTAL)).await;
        assert_eq!(page.way.len(), 1, "{:?}", page.way);
    }
    // The directory is read meanwhile.
    let by_now = site.jsm.seen();
    let about_people = by_now
        .iter()
        .skip(before)
        .filter(|seen| seen.headers.contains_key("authorization") && seen.target.contains("/user"));
    assert_eq!(about_people.count(), 0);
    let answer = ann.request(Method::GET, &site.at(PORTAL), |it| it).await;
    let sets = answer.headers().get_all(SET_COOKIE).iter().count();
    assert_eq!(sets, 0, "nothing is written for each request: {:?}", answer.headers());
}

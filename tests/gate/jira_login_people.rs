//! Two people in one browser, and Jira's own login: nobody ever sees the other's session in Jira.

use reqwest::header::ORIGIN;
use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Account, Canned};
use std::time::Duration;

use crate::control::{file, run, text};
use crate::site::{ANN, Site, log_in, site};
use crate::visitor::{Page, Visitor, fields};

const PORTAL: &str = "/servicedesk/customer/portal/2";

fn names(page: &Page, customer: &str) -> bool {
    page.body.contains(&format!("id=\"customer\">{customer}</span>"))
}

/// A browser in which Ann has logged in and seen a portal.
async fn anns_browser(site: &Site) -> Visitor {
    let mut visitor = site.visitor().with_scripts();
    let asked = visitor.open(&site.at(PORTAL)).await;
    let page = log_in(&mut visitor, &asked, "ann").await;
    assert!(names(&page, ANN), "{:?}\n{}", page.way, page.body);
    visitor
}

/// Everything that Jira was sent with one of its sessions.
fn reached_with(site: &Site, session: &str) -> usize {
    let cookie = format!("JSESSIONID={session}");
    site.forwarded().iter().filter(|seen| seen.header("cookie").contains(&cookie)).count()
}

#[rstest]
#[case::logged_out(true)]
#[case::session_over(false)]
#[tokio::test(flavor = "multi_thread")]
async fn dc10_who_logs_in_after_somebody_is_themselves_in_jira(#[case] logs_out: bool) {
    let site = site().with_jira_login().start().await;
    let mut browser = anns_browser(&site).await;
    let anns = browser.cookie("JSESSIONID").unwrap().to_owned();
    let anns_record = browser.cookie("gate-jira").unwrap().to_owned();
    if logs_out {
        let ask = browser.open(&site.at("/_gate/logout")).await;
        browser.submit(&ask, "/_gate/logout", &[]).await;
    } else {
        browser.forget_cookie("gate");
    }
    site.jsm.clear_seen();
    let asked = browser.open(&site.at("/_gate/login?return_to=/p/it&another=1&go=1")).await;
    let page = log_in(&mut browser, &asked, "cleo").await;
    assert!(names(&page, "cleo@example.com"), "{:?}\n{}", page.way, page.body);

    // Whatever comes back, by another tab or a crash of the browser.
    for record in [None, Some(&anns_record)] {
        browser.plant_cookie(&site.url, "JSESSIONID", &anns);
        if let Some(record) = record {
            browser.plant_cookie(&site.url, "gate-jira", record);
        }
        site.let_pass(Duration::from_secs(61));
        let page = browser.open(&site.at(PORTAL)).await;
        assert!(names(&page, "cleo@example.com"), "{:?}\n{}", page.way, page.body);
    }
    assert_eq!(reached_with(&site, &anns), 0);
}

/// The account may be somebody else's by now, so the session in it is of no use any more.
#[rstest]
#[case::unbound(&["unbind", ANN])]
#[case::forgotten(&["forget", ANN])]
#[case::bound_to_another(&["bind", ANN, "other"])]
#[tokio::test(flavor = "multi_thread")]
async fn dc10_a_change_of_whose_an_account_is_leads_to_a_new_decision(#[case] command: &[&str]) {
    let site = site().with_jira_login().start().await;
    let other = site.jsm.add_account(Account::customer("Ann", "ann.new@example.com"));
    let mut browser = anns_browser(&site).await;
    let mut cleo = site.logged_in("cleo").await;
    let anns = browser.cookie("JSESSIONID").unwrap().to_owned();
    let command = command.iter().map(|word| if *word == "other" { &*other } else { *word });
    let command: Vec<_> = std::iter::once("customers").chain(command).collect();
    let ended = run(&file(&site), &command).await;
    assert!(text(&ended.stdout).contains("1 logged out"), "{ended:?}");
    site.jsm.clear_seen();
    let page = browser.open(&site.at(PORTAL)).await;
    let at_provider = page.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(at_provider, "a new login: {:?}", page.way);
    let is_bound_to_another = command.contains(&"bind");
    assert!(names(&page, if is_bound_to_another { &other } else { ANN }), "{}", page.body);
    assert_eq!(reached_with(&site, &anns), 0);
    assert_eq!(cleo.open(&site.at("/")).await.way.len(), 1, "nobody else is asked anything");
}

/// A form would have been sent in the name of the other.
#[tokio::test(flavor = "multi_thread")]
async fn dc10_nothing_is_done_in_the_session_of_the_person_before() {
    let site = site().with_jira_login().start().await;
    let mut browser = anns_browser(&site).await;
    let anns = browser.cookie("JSESSIONID").unwrap().to_owned();
    browser.forget_cookie("gate");
    let asked = browser.open(&site.at("/_gate/login?return_to=/p/it&another=1&go=1")).await;
    log_in(&mut browser, &asked, "cleo").await;
    browser.plant_cookie(&site.url, "JSESSIONID", &anns);
    site.jsm.clear_seen();
    let origin = site.url.clone();
    let form = [("atl_token", "x"), ("summary", "Not Ann's")];
    let to = site.at("/servicedesk/customer/portal/2/create/66");
    let answer =
        browser.request(Method::POST, &to, |it| it.header(ORIGIN, origin).form(&form)).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(reached_with(&site, &anns), 0);
    assert_eq!(site.jsm.requests().len(), 0);
}

/// Crowd's single sign-on is of a whole domain, and Tomcat reads cookies of an old version in a way of their own.
#[tokio::test(flavor = "multi_thread")]
async fn dc10_no_cookie_but_the_sessions_own_logs_in_to_jira() {
    let site = site().with_jira_login().start().await;
    let mut browser = anns_browser(&site).await;
    let own = format!("JSESSIONID={}", browser.cookie("JSESSIONID").unwrap());
    browser.plant_cookie(&site.url, "crowd.token_key", "others");
    browser.plant_cookie(&site.url, "$Version", "1");
    site.jsm.clear_seen();
    let page = browser.open(&site.at(PORTAL)).await;
    assert!(names(&page, ANN), "{}", page.body);
    let seen = site.forwarded();
    let cookies = seen[0].header("cookie");
    assert!(cookies.contains(&own), "{cookies}");
    assert!(!cookies.contains("others") && !cookies.contains('$'), "{cookies}");
}

/// Tomcat's `LegacyCookieProcessor` finds a cookie within the value of another, and behind separators: any page of
/// the domain can set such a one.
#[rstest]
#[case::behind_a_comma("theme", "dark,JSESSIONID=others")]
#[case::behind_a_separator("(JSESSIONID", "others")]
#[case::without_a_name("", "JSESSIONID=others")]
#[case::for_weeks("theme", "dark, seraph.rememberme.cookie=others")]
#[case::of_the_domain("theme", "dark,crowd.token_key=others")]
#[tokio::test(flavor = "multi_thread")]
async fn dc10_a_cookie_within_another_does_not_reach_jira(#[case] name: &str, #[case] value: &str) {
    let site = site().with_jira_login().start().await;
    let mut browser = anns_browser(&site).await;
    let own = format!("JSESSIONID={}", browser.cookie("JSESSIONID").unwrap());
    browser.plant_cookie(&site.url, name, value);
    site.jsm.clear_seen();
    let page = browser.open(&site.at(PORTAL)).await;
    assert!(names(&page, ANN), "{}", page.body);
    let seen = site.forwarded();
    let cookies = seen[0].header("cookie");
    assert!(cookies.contains(&own) && !cookies.contains("others"), "{cookies}");
}

/// On a portal for everybody, too, nobody is anybody.
#[tokio::test(flavor = "multi_thread")]
async fn dc10_a_stranger_is_nobody_in_jira_whoever_was_there_before() {
    let public = "[[portal]]\nproject = \"IT\"\naccess = \"public\"";
    let site = site().with_jira_login().with(public).start().await;
    site.jsm.open_to_anonymous("IT");
    let mut browser = site.visitor().with_scripts();
    let asked = browser.open(&site.at("/_gate/login?return_to=/p/it&go=1")).await;
    let page = log_in(&mut browser, &asked, "ann").await;
    assert!(names(&page, ANN), "{:?}\n{}", page.way, page.body);
    let anns = browser.cookie("JSESSIONID").unwrap().to_owned();
    browser.forget_cookie("gate");
    site.jsm.clear_seen();
    let page = browser.open(&site.at(PORTAL)).await;
    assert!(names(&page, "anonymous"), "{}", page.body);
    assert_eq!(reached_with(&site, &anns), 0);
    let own = browser.cookie("JSESSIONID").unwrap().to_owned();
    assert_ne!(own, anns);
    browser.open(&site.at(PORTAL)).await;
    assert_eq!(reached_with(&site, &own), 1, "nobody's own session goes on");
}

#[rstest]
#[case::somebody_else("bob%40example.com")]
#[case::nobody("anonymous")]
#[case::longer("ann%40example.com.evil")]
#[tokio::test(flavor = "multi_thread")]
async fn dc11_an_answer_for_somebody_else_is_not_passed_on_and_leads_to_a_new_login(
    #[case] named: &str,
) {
    let site = site().with_jira_login().start().await;
    let mut ann = anns_browser(&site).await;
    site.let_pass(Duration::from_secs(61));
    let others =
        || Canned::html(200, "SOMEBODY ELSE'S").header("x-ausername", named).for_paths(PORTAL);
    site.jsm.answer_next(1, &others());
    let page = ann.open(&site.at(PORTAL)).await;
    assert!(names(&page, ANN), "{:?}\n{}", page.way, page.body);
    assert!(page.way.len() > 3, "a new login: {:?}", page.way);

    site.jsm.answer_next(1, &others());
    let page = ann.open(&site.at(PORTAL)).await;
    assert!(page.body.contains("jira-login-lost"), "right after a login: {}", page.body);
    assert!(!page.body.contains("SOMEBODY ELSE'S"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn dc11_a_script_gets_no_answer_for_somebody_else() {
    let site = site().with_jira_login().start().await;
    let mut ann = anns_browser(&site).await;
    let session = ann.cookie("JSESSIONID").unwrap().to_owned();
    let call = "/rest/servicedeskapi/request";
    let others = Canned::json(200, "\"SOMEBODY ELSE'S\"").header("x-ausername", "bob");
    site.jsm.answer_next(1, &others.for_paths(call));
    let by_script = |it: RequestBuilder| it.header("sec-fetch-mode", "cors");
    let answer = ann.request(Method::GET, &site.at(call), by_script).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(!answer.text().await.unwrap().contains("SOMEBODY ELSE'S"));
    assert_eq!(ann.cookie("JSESSIONID"), Some(session.as_str()), "a late answer ends nothing");
}

/// Jira writes names in its own case.
#[tokio::test(flavor = "multi_thread")]
async fn dc11_a_name_in_another_case_is_the_same() {
    let site = site().with_jira_login().start().await;
    let mut ann = anns_browser(&site).await;
    let same = Canned::html(200, "HERS").header("x-ausername", "Ann@Example.com").for_paths(PORTAL);
    site.jsm.answer_next(1, &same);
    assert_eq!(ann.open(&site.at(PORTAL)).await.body, "HERS");
}

/// The page that posts the answer, as it stands in a browser's history.
async fn answer_page(site: &Site, visitor: &mut Visitor) -> Page {
    let start = site.at("/servicedesk/customer/user/login?destination=portal%2F2");
    let page = visitor.open(&start).await;
    let sso =
        page.body.split("window.location.replace(").nth(1).unwrap().split(");").next().unwrap();
    visitor.open(&serde_json::from_str::<String>(sso).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn dc12_an_answer_reaches_jira_once_and_from_the_browser_that_it_was_given_to() {
    let site = site().with_jira_login().start().await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/_gate/login?return_to=/&go=1")).await;
    log_in(&mut ann, &asked, "ann").await;
    let mut cleo = site.logged_in("cleo").await;
    let page = answer_page(&site, &mut ann).await;
    let form = fields(&page, "samlconsumer");
    let post = async |visitor: &mut Visitor, origin: &str| {
        let (form, origin) = (form.clone(), origin.to_owned());
        let to = site.at("/plugins/servlet/samlconsumer");
        visitor.request(Method::POST, &to, |it| it.header(ORIGIN, origin).form(&form)).await
    };
    let reached =
        || site.forwarded().iter().filter(|it| it.target.contains("samlconsumer")).count();
    assert_eq!(post(&mut ann, "https://evil.example").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(post(&mut cleo, &site.url).await.status(), StatusCode::FOUND, "it is not hers");
    assert_eq!(reached(), 0);
    let taken = post(&mut ann, &site.url).await;
    assert_eq!((taken.status(), reached()), (StatusCode::FOUND, 1));
    let again = post(&mut ann, &site.url).await;
    let location = again.headers()["location"].to_str().unwrap();
    assert_eq!((location, reached()), (&*site.at("/servicedesk/customer/portals"), 1));
}

async fn answer(
    site: &Site,
    visitor: &mut Visitor,
    query: &str,
    form: &[(String, String)],
) -> StatusCode {
    let to = site.at(&format!("/plugins/servlet/samlconsumer{query}"));
    let origin = site.url.clone();
    visitor.request(Method::POST, &to, |it| it.header(ORIGIN, origin).form(form)).await.status()
}

fn answers_at_jira(site: &Site) -> usize {
    site.forwarded().iter().filter(|it| it.target.contains("samlconsumer")).count()
}

/// The page that posts the answer about the first person is still open when the second one has got theirs.
#[tokio::test(flavor = "multi_thread")]
async fn dc12_an_answer_about_the_person_before_does_not_reach_jira() {
    let site = site().with_jira_login().start().await;
    let mut browser = site.visitor();
    let asked = browser.open(&site.at("/_gate/login?return_to=/&go=1")).await;
    log_in(&mut browser, &asked, "ann").await;
    let anns = fields(&answer_page(&site, &mut browser).await, "samlconsumer");
    browser.forget_cookie("gate");
    let asked = browser.open(&site.at("/_gate/login?return_to=/&another=1&go=1")).await;
    log_in(&mut browser, &asked, "cleo").await;
    let cleos = fields(&answer_page(&site, &mut browser).await, "samlconsumer");
    assert_eq!(answer(&site, &mut browser, "", &anns).await, StatusCode::FOUND);
    assert_eq!(answers_at_jira(&site), 0);
    assert_eq!(answer(&site, &mut browser, "", &cleos).await, StatusCode::FOUND);
    assert_eq!(answers_at_jira(&site), 1);
    let page = browser.open(&site.at(PORTAL)).await;
    assert!(names(&page, "cleo@example.com"), "{:?}\n{}", page.way, page.body);
}

/// Jira may know other identity providers, whose answers are none of the gate's.
#[rstest]
#[case::another("", &[("SAMLResponse", "evil")])]
#[case::beside_it("", &[("SAMLResponse", ""), ("SAMLResponse", "evil")])]
#[case::in_the_address("?SAMLResponse=evil", &[("SAMLResponse", "")])]
#[case::none("", &[])]
#[tokio::test(flavor = "multi_thread")]
async fn dc12_no_answer_but_the_gates_own_reaches_jira(
    #[case] query: &str,
    #[case] answers: &[(&str, &str)],
) {
    let site = site().with_jira_login().start().await;
    let mut ann = site.visitor();
    let asked = ann.open(&site.at("/_gate/login?return_to=/&go=1")).await;
    log_in(&mut ann, &asked, "ann").await;
    let own = fields(&answer_page(&site, &mut ann).await, "samlconsumer");
    let value = |name: &str| own.iter().find(|(it, _)| it == name).unwrap().1.clone();
    let mut form = vec![("RelayState".to_owned(), value("RelayState"))];
    for (name, other) in answers {
        let posted = if other.is_empty() { value(name) } else { (*other).to_owned() };
        form.push(((*name).to_owned(), posted));
    }
    assert_eq!(answer(&site, &mut ann, query, &form).await, StatusCode::FOUND);
    assert_eq!(answers_at_jira(&site), 0);
    assert_eq!(answer(&site, &mut ann, "", &own).await, StatusCode::FOUND);
    assert_eq!(answers_at_jira(&site), 1, "its own is still taken");
}

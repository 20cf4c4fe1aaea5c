//! Logins that do not end where somebody wanted: with the wrong account, cancelled, or too late. Each
//! page leads on, and back to what was asked for.

use jsm_gate::domain::ProviderId;
use reqwest::StatusCode;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::Value;
use url::Url;

use crate::site::{Site, log_in, site, until};
use crate::visitor::{Page, Visitor};

const STAFF_ONLY: &str = "[[portal]]\nproject = \"HR\"\naccess = \"private\"\n\
                          allow = { emails = [\"ann@example.com\"] }\n";

/// Where a link of a page leads.
fn link(page: &Page, words: &str) -> String {
    let before = page.body.split(&format!(">{words}</a>")).next().unwrap();
    assert!(before.len() < page.body.len(), "no link {words:?} in {}", page.body);
    let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
    let href = href.replace("&#x2f;", "/").replace("&#x2F;", "/").replace("&amp;", "&");
    page.url.join(&href).unwrap().into()
}

fn state(asked: &Page) -> String {
    asked.url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned()
}

/// Comes back from the provider with an error.
async fn refused(site: &Site, visitor: &mut Visitor, asked: &Page, error: [&str; 2]) -> Page {
    let answer = [
        ("error", error[0]),
        ("error_description", error[1]),
        ("state", &state(asked)),
        ("iss", site.provider.issuer()),
    ];
    let callback = Url::parse_with_params(&site.at("/_gate/callback/idp"), answer).unwrap();
    visitor.open(callback.as_str()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_provider_remembers_wrongly_can_log_in_as_someone_else_and_gets_to_the_page() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it/create/66?summary=a%20b")).await;
    let page = log_in(&mut visitor, &asked, "dan").await;
    assert!(page.body.contains("email-unverified"), "{}", page.body);
    let again = visitor.open(&link(&page, "Log in again")).await;
    assert!(again.body.contains("email-unverified"), "the provider remembers: {}", again.body);

    let asked = visitor.open(&link(&again, "Log in as someone else")).await;
    assert!(asked.url.as_str().starts_with(site.provider.issuer()), "{:?}", asked.way);
    let landed = log_in(&mut visitor, &asked, "ann").await;
    let target = "/servicedesk/customer/portal/2/create/66?summary=a%20b";
    assert_eq!((landed.status, landed.url.as_str()), (StatusCode::OK, &*site.at(target)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_can_log_in_as_someone_else_and_gets_to_the_page() {
    let site = site().with(STAFF_ONLY).start().await;
    let mut visitor = site.logged_in("cleo").await;
    let page = visitor.open(&site.at("/p/hr/create/301?x=y")).await;
    assert!(page.body.contains("cleo@example.com"), "{}", page.body);
    let asked = visitor.open(&link(&page, "Log in as someone else")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    let target = "/servicedesk/customer/portal/3/create/301?x=y";
    assert_eq!((landed.status, landed.url.as_str()), (StatusCode::OK, &*site.at(target)));
}

/// A provider that knows neither `prompt=login` nor `select_account` gives the same account again, for
/// as long as its own session lasts.
#[tokio::test(flavor = "multi_thread")]
async fn whom_the_provider_does_not_ask_again_can_log_out_there_and_then_be_someone_else() {
    let site = site().with(STAFF_ONLY).start().await;
    site.provider.misbehave(Fault::IgnoredPrompt);
    let mut visitor = site.logged_in("cleo").await;
    let page = visitor.open(&site.at("/p/hr/create/301?x=y")).await;
    let same = visitor.open(&link(&page, "Log in as someone else")).await;
    assert_eq!((same.status, same.url.path()), (StatusCode::OK, "/_gate/callback/idp"));
    assert!(same.body.contains("cleo@example.com"), "{}", same.body);
    let goes_on = link(&same, "Go on with this account");
    assert!(goes_on.ends_with("/p/hr/create/301?x=y"), "{goes_on}");

    let out = visitor.submit(&same, "/_gate/logout", &[]).await;
    let at_provider = out.way.iter().any(|url| url.as_str().starts_with(site.provider.issuer()));
    assert!(at_provider, "the provider's session goes on: {:?}", out.way);
    let asked = visitor.open(&link(&out, "Log in as someone else")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    let target = "/servicedesk/customer/portal/3/create/301?x=y";
    assert_eq!((landed.status, landed.url.as_str()), (StatusCode::OK, &*site.at(target)));
}

/// Without a session here there is nothing to log out of but the provider's own.
#[tokio::test(flavor = "multi_thread")]
async fn whose_login_fails_again_with_the_same_account_can_log_out_at_the_provider() {
    let site = site().start().await;
    site.provider.misbehave(Fault::IgnoredPrompt);
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it/IT-1")).await;
    let page = log_in(&mut visitor, &asked, "dan").await;
    assert!(!page.body.contains("Log out at"), "nobody asked for another account yet");
    let again = visitor.open(&link(&page, "Log in as someone else")).await;
    assert!(again.body.contains("email-unverified"), "{}", again.body);
    assert!(again.body.contains("Log out at Example Organisation"), "{}", again.body);

    let out = visitor.submit(&again, "/_gate/logout", &[]).await;
    assert!(out.url.as_str().starts_with(site.provider.issuer()), "{:?}", out.way);
    let asked = visitor.open(&site.at("/p/it/IT-1")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1", "{:?}", landed.way);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_without_a_logout_is_not_offered_for_it() {
    let site = site().with(STAFF_ONLY).start().await;
    site.provider.misbehave(Fault::IgnoredPrompt);
    site.provider.misbehave(Fault::Discovery("end_session_endpoint", Value::Null));
    let config = jsm_gate::config::load(&site.folder.path().join("proxy.toml")).unwrap().config;
    site.gate.assembly().reload(config).await.unwrap();
    let id = ProviderId::parse("idp").unwrap();
    until("discovery is read again", || !site.gate.assembly().authenticator().has_logout(&id))
        .await;
    let mut visitor = site.logged_in("cleo").await;
    let page = visitor.open(&site.at("/p/hr")).await;
    let same = visitor.open(&link(&page, "Log in as someone else")).await;
    assert!(same.body.contains("did not ask for another account"), "{}", same.body);
    assert!(same.body.contains("private window"), "{}", same.body);
    assert!(!same.body.contains("<button class=\"btn\">Log out at"), "{}", same.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_logout_the_way_back_is_kept_for_everybody() {
    let site = site().start().await;
    let mut visitor = site.logged_in("cleo").await;
    let logout = visitor.open(&site.at("/_gate/logout?return_to=/p/it/IT-1")).await;
    let done = visitor.submit(&logout, "/_gate/logout", &[]).await;
    let asked = visitor.open(&link(&done, "Log in as someone else")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1", "{:?}", landed.way);
}

#[rstest]
#[case::cancelled(["access_denied", "The login was cancelled."], 403, "login-cancelled")]
#[case::not_assigned(["access_denied", "User is not assigned."], 403, "provider-refused")]
#[case::busy(["temporarily_unavailable", "try later"], 503, "provider-busy")]
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_it_is_and_leaves_nothing_in_the_address(
    #[case] error: [&str; 2],
    #[case] status: u16,
    #[case] code: &str,
) {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let asked = visitor.open(&site.at("/p/it/IT-1")).await;
    let page = refused(&site, &mut visitor, &asked, error).await;
    assert_eq!(page.status.as_u16(), status);
    assert!(page.body.contains(code) && page.body.contains(error[1]), "{}", page.body);
    assert_eq!(page.body.contains("You cancelled"), code == "login-cancelled");
    let address = "data-address=\"&#x2f;_gate&#x2f;login?return_to=&#x2f;p&#x2f;it&#x2f;IT-1\"";
    assert!(page.body.contains(address), "{}", page.body);
    assert!(!page.body.contains(&state(&asked)), "{}", page.body);
    let asked = visitor.open(&link(&page, "Log in again")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
}

/// Keycloak's login page that stood open for too long (keycloak#27793).
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_timed_out_at_the_provider_begins_again_by_itself_once() {
    let site = site().start().await;
    let mut visitor = site.visitor();
    let timed_out = ["temporarily_unavailable", "authentication_expired"];
    let first = visitor.open(&site.at("/p/it/IT-1")).await;
    let second = refused(&site, &mut visitor, &first, timed_out).await;
    assert!(second.url.as_str().starts_with(site.provider.issuer()), "{:?}", second.way);
    assert_ne!(state(&first), state(&second));

    let page = refused(&site, &mut visitor, &second, timed_out).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("login-timed-out"), "{}", page.body);
    let asked = visitor.open(&link(&page, "Log in again")).await;
    let landed = log_in(&mut visitor, &asked, "ann").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
}

/// JSM sends whom it does not know to a login of its own.
#[rstest]
#[case("/servicedesk/customer/user/login?destination=portal%2F2%2FIT-1")]
#[case("/servicedesk/customer/portal/2/user/login?destination=portal%2F2%2FIT-1")]
#[case("/login.jsp?destination=portal%2F2%2FIT-1")]
#[tokio::test(flavor = "multi_thread")]
async fn whom_jira_does_not_know_is_told_so(#[case] login: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(login)).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let told = page.body.contains("customer-unknown") && page.body.contains("ann@example.com");
    assert!(told, "{}", page.body);
    let asked = ann.open(&link(&page, "Log in as someone else")).await;
    let landed = log_in(&mut ann, &asked, "cleo").await;
    assert_eq!(landed.url.path(), "/servicedesk/customer/portal/2/IT-1");
    let stranger = site.visitor().open(&site.at(login)).await;
    assert!(stranger.body.contains("path-not-open"), "{}", stranger.body);
    let reached = site.forwarded().iter().any(|seen| seen.target.contains("login"));
    assert!(!reached, "Jira's login was reached");
}

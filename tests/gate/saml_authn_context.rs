//! What service providers ask of how somebody logs in (`RequestedAuthnContext`), and what they are told of it.

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::json;

use crate::saml_login::{app, in_front_of};
use crate::site::Site;
use crate::visitor::Page;

const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const MFA: &str = "https://refeds.org/profile/mfa";

/// From now on the provider says this of how people log in.
fn says(site: &Site, acr: &str) {
    site.provider.behave();
    site.provider.misbehave(Fault::Claim("acr", json!(acr)));
}

fn is_refused(page: &Page, status: StatusCode, code: &str) {
    assert_eq!(page.status, status, "{page:?}");
    assert!(page.body.contains(code), "no {code} in {}", page.body);
    assert!(!page.body.contains("SAMLResponse"), "{}", page.body);
}

/// python3-saml and node-saml ask for it unless they are told otherwise.
#[rstest]
#[case::exact("exact", None)]
#[case::least("minimum", None)]
#[case::most("maximum", None)]
#[case::of_a_stronger_login("exact", Some(MFA))]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_password_over_tls_is_told_of_one(
    #[case] comparison: &str,
    #[case] acr: Option<&str>,
) {
    let app = app();
    let site = in_front_of(&app).start().await;
    if let Some(acr) = acr {
        says(&site, acr);
    }
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url).with_authn_context(comparison, &[PASSWORD]);
    // The longest RelayState leaves room for it.
    let relay_state = "x".repeat(1536);
    let page = ann.open(&app.by_redirect(&site.url, &request, Some(&relay_state))).await;
    let told = app.answer(&site.url, &page, Some(&request));
    assert_eq!(told.part("AuthnContextClassRef").as_deref(), Some(PASSWORD));

    let mut stranger = site.visitor();
    let asked = stranger.open(&app.by_redirect(&site.url, &request, Some(&relay_state))).await;
    let page = crate::site::log_in(&mut stranger, &asked, "ann").await;
    let told = app.answer(&site.url, &page, Some(&request));
    assert_eq!(told.part("AuthnContextClassRef").as_deref(), Some(PASSWORD));
    assert_eq!(told.relay_state, Some(relay_state));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_of_its_own_is_asked_of_the_provider_and_told_if_it_says_so() {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    says(&site, MFA);
    let request = app.request(&site.url).with_authn_context("exact", &[MFA]);
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    let told = app.answer(&site.url, &page, Some(&request));
    assert_eq!(told.part("AuthnContextClassRef").as_deref(), Some(MFA));
    let seen = site.provider.seen().into_iter().rfind(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(seen.parameter("acr_values"), Some(MFA));
}

/// Nothing is asserted that the provider does not say.
#[rstest]
#[case::nothing_said(None)]
#[case::another_class(Some(PASSWORD))]
#[tokio::test(flavor = "multi_thread")]
async fn without_the_class_that_is_asked_for_nobody_is_vouched_for(#[case] acr: Option<&str>) {
    let app = app();
    let site = in_front_of(&app).start().await;
    if let Some(acr) = acr {
        says(&site, acr);
    }
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url).with_authn_context("exact", &[MFA]);
    let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
    is_refused(&page, StatusCode::FORBIDDEN, "step-up-failed");

    let passive = request.with("IsPassive", Some("true"));
    let page = ann.open(&app.by_redirect(&site.url, &passive, None)).await;
    assert!(app.posted(&page).xml.contains("status:NoPassive"), "{}", page.body);
}

/// What the configuration asks for counts besides.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_does_not_take_the_place_of_the_rules() {
    let app = app().with("acr_values = [\"hwk\"]");
    let site = in_front_of(&app).start().await;
    says(&site, MFA);
    let mut ann = site.logged_in("ann").await;
    for classes in [[MFA], [PASSWORD]] {
        let request = app.request(&site.url).with_authn_context("exact", &classes);
        let page = ann.open(&app.by_redirect(&site.url, &request, None)).await;
        is_refused(&page, StatusCode::FORBIDDEN, "step-up-failed");
    }
}

#[rstest]
#[case::no_order("better", PASSWORD, 0)]
#[case::no_word("evil", PASSWORD, 0)]
#[case::no_uri("exact", "e vil", 0)]
#[case::too_long(
    "exact",
    "https://sp.example.com/a-class-with-a-name-that-is-too-long-to-be-carried",
    1536
)]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_for_is_refused(
    #[case] comparison: &str,
    #[case] class: &str,
    #[case] state: usize,
) {
    let app = app();
    let site = in_front_of(&app).start().await;
    let mut ann = site.logged_in("ann").await;
    let request = app.request(&site.url).with_authn_context(comparison, &[class]);
    let state = "x".repeat(state);
    let page = ann.open(&app.by_redirect(&site.url, &request, Some(&state))).await;
    is_refused(&page, StatusCode::BAD_REQUEST, "saml-request");
}

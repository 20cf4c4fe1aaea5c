//! Logout at the provider too (RP-initiated logout 1.0), and the single sign-on it ends.

use http::StatusCode;
use jsm_gate::sandbox::provider::Fault;
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::harness::{GATE, Gate, Person, config, id, provider};

#[rstest]
#[case::oidcc_client_test_rp_init_logout(Some("xyz"), "?state=xyz")]
#[case::oidcc_client_test_rp_init_logout_no_state(None, "")]
#[tokio::test]
async fn logout_ends_the_providers_session_and_comes_back(
    #[case] state: Option<&str>,
    #[case] query: &str,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let done = ann.log_in_as("ann").await.unwrap();

    let location = ann.begin("/").await.unwrap();
    let silent = ann.browser.get(&location).await;
    assert!(silent.location().is_some(), "a second login asks nothing");

    let address = gate.auth.end_session_address(&id("sandbox"), &done.id_token, state).unwrap();
    let page = ann.browser.get(&address).await;
    assert_eq!(page.location().unwrap().as_str(), format!("{GATE}/_gate/logged-out{query}"));
    let seen = provider.seen().pop().unwrap();
    assert_eq!(seen.parameter("id_token_hint"), Some(done.id_token.expose_secret()));
    assert_eq!(seen.parameter("client_id"), Some("jsm-gate"));

    let location = ann.begin("/").await.unwrap();
    let form = ann.browser.get(&location).await;
    assert_eq!(form.status, StatusCode::OK, "now the login form is shown again");
}

#[tokio::test]
async fn a_provider_without_logout_has_no_address_for_it() {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("end_session_endpoint", Value::Null));
    let gate = Gate::ready(&[config(&provider)]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(gate.auth.end_session_address(&id("sandbox"), &done.id_token, None), None);
}

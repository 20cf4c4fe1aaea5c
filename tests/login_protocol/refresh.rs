//! Refresh of a login: the modules of the OpenID Foundation's plan for it by their names, and what a
//! refreshed token must not say.

use jsm_gate::auth::Tokens;
use jsm_gate::domain::Proof;
use jsm_gate::session::{ProviderData, RefreshError, RefreshedTokens, TokenRefresher as _};
use rstest::rstest;
use sandbox::provider::{Fault, Provider};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, now, provider};

/// A login of Ann that can be refreshed, and what comes of it at a provider that misbehaves by then.
async fn refreshed(
    provider: &Provider,
    faults: &[Fault],
) -> (ProviderData, Result<RefreshedTokens, RefreshError>) {
    let mut config = config(provider);
    config.request.scopes.push("offline_access".to_owned());
    let gate = Gate::ready(&[config]).await;
    let login = Person::at(&gate).log_in_as("ann").await.unwrap().login;
    for fault in faults {
        provider.misbehave(fault.clone());
    }
    let renewed = gate.auth.refresh(&login.identity, &login.provider_data).await;
    (login.provider_data, renewed)
}

fn shown(provider_data: &ProviderData) -> (String, String) {
    let tokens = Tokens::from_state(&provider_data.state);
    let refresh = tokens.refresh.unwrap();
    (tokens.id.expose_secret().to_owned(), refresh.expose_secret().to_owned())
}

#[tokio::test]
async fn oidcc_client_test_refresh_token() {
    let provider = provider().await;
    let faults =
        [Fault::Claim("groups", json!(["staff"])), Fault::Claim("acr", json!("of nobody's login"))];
    let (before, renewed) = refreshed(&provider, &faults).await;
    let RefreshedTokens { provider_data, identity } = renewed.unwrap();
    let identity = identity.unwrap();
    assert_eq!(identity.groups.values(), ["staff"]);
    assert!(matches!(identity.proof, Proof::Login { acr: None, .. }), "{:?}", identity.proof);
    let ((id, refresh), (new_id, new_refresh)) = (shown(&before), shown(&provider_data));
    assert!(id != new_id && refresh != new_refresh);
    let token_lifetime = provider_data.token_lifetime.unwrap();
    assert!(token_lifetime.until - token_lifetime.since == 300);
    let sent = provider.seen().into_iter().rfind(|seen| seen.path == "/token").unwrap();
    assert_eq!(sent.parameter("refresh_token"), Some(refresh.as_str()));
    assert!(sent.authorization.unwrap().starts_with("Basic "));
}

#[rstest]
#[case::oidcc_client_test_refresh_token_invalid_issuer(
    Fault::Claim("iss", json!("https://other.example.com")), true)]
#[case::oidcc_client_test_refresh_token_invalid_sub(Fault::Claim("sub", json!("bob")), true)]
#[case::bad_signature(Fault::BadSignature, false)]
#[case::unsigned(Fault::Unsigned, false)]
#[case::hmac(Fault::HmacWithClientSecret, false)]
#[case::invalid_aud(Fault::Claim("aud", json!("other")), false)]
#[case::other_party(Fault::Claim("azp", json!("other")), false)]
#[case::other_nonce(Fault::Claim("nonce", json!("other")), false)]
#[case::older_than_the_login(Fault::Claim("iat", json!(now() - 3600)), false)]
#[case::in_the_future(Fault::Claim("iat", json!(now() + 3600)), false)]
#[case::expired(Fault::Claim("exp", json!(now() - 120)), false)]
#[case::other_access_token(Fault::Claim("at_hash", json!("AAAA")), false)]
#[tokio::test]
async fn d6_a_refreshed_token_is_checked_like_the_first(#[case] fault: Fault, #[case] over: bool) {
    let (before, renewed) = refreshed(&provider().await, &[fault]).await;
    let RefreshedTokens { provider_data, identity } = renewed.unwrap();
    match identity.unwrap_err() {
        RefreshError::Revoked(_) => assert!(over),
        RefreshError::Temporary(reason) | RefreshError::NoAnswer(reason) => {
            assert!(!over, "{reason}");
        }
    }
    let ((id, refresh), (kept_id, kept_refresh)) = (shown(&before), shown(&provider_data));
    assert_eq!(id, kept_id, "a token that is not believed is kept");
    assert_ne!(refresh, kept_refresh, "the rotated token is lost");
    assert_eq!(before.token_lifetime, provider_data.token_lifetime);
}

#[rstest]
#[case::no_sub(Fault::NoClaim("sub"))]
#[case::no_iat(Fault::NoClaim("iat"))]
#[case::odd_sub(Fault::Claim("sub", json!(1)))]
#[case::encrypted(Fault::Encrypted)]
#[tokio::test]
async fn a_token_that_cannot_be_read_changes_nothing_but_the_refresh_token(#[case] fault: Fault) {
    let (before, renewed) = refreshed(&provider().await, &[fault]).await;
    let RefreshedTokens { provider_data, identity } = renewed.unwrap();
    assert!(matches!(identity, Err(RefreshError::Temporary(_))), "{identity:?}");
    let ((id, refresh), (kept_id, kept_refresh)) = (shown(&before), shown(&provider_data));
    assert!(id == kept_id && refresh != kept_refresh, "the rotated token is lost");
}

#[tokio::test]
async fn user_info_that_is_refused_leaves_what_it_would_have_said_as_it_was() {
    let faults = [
        Fault::NoClaim("groups"),
        Fault::Claim("name", json!("Ann Other")),
        Fault::UserInfoAnswer(401, "text/html", String::new()),
    ];
    let (_, renewed) = refreshed(&provider().await, &faults).await;
    let identity = renewed.unwrap().identity.unwrap();
    assert_eq!(identity.groups.values(), ["customers"]);
    assert_eq!(identity.name.as_deref(), Some("Ann Other"), "what is said counts");
}

#[tokio::test]
async fn without_a_new_id_token_user_info_says_who_it_is_by_now() {
    let provider = provider().await;
    let faults = [Fault::NoIdToken, Fault::UserInfoClaim("groups", json!(["staff"]))];
    let (before, renewed) = refreshed(&provider, &faults).await;
    let RefreshedTokens { provider_data, identity } = renewed.unwrap();
    assert_eq!(identity.unwrap().groups.values(), ["staff"]);
    assert_eq!(shown(&before).0, shown(&provider_data).0, "the hint for the logout stays");
}

#[rstest]
#[case::somebody_elses(Fault::UserInfoClaim("sub", json!("bob")))]
#[case::unavailable(Fault::UserInfoAnswer(503, "text/plain", String::new()))]
#[tokio::test]
async fn d18_a_bad_answer_of_user_info_changes_nothing(#[case] fault: Fault) {
    let (_, renewed) = refreshed(&provider().await, &[Fault::NoIdToken, fault]).await;
    assert!(matches!(renewed.unwrap().identity, Err(RefreshError::Temporary(_))));
}

#[rstest]
#[case::taken_back(400, "invalid_grant", true)]
#[case::our_own_fault(401, "invalid_client", false)]
#[case::trouble(500, "server_error", false)]
#[tokio::test]
async fn only_invalid_grant_takes_a_login_back(
    #[case] status: u16,
    #[case] error: &str,
    #[case] over: bool,
    #[values(
        json!({}), json!({"error_description": 17, "error_uri": null}),
        json!({"error_description": ["a", "b"], "error_uri": {}, "error_codes": [50173]})
    )]
    beside: Value,
) {
    let mut answer = beside;
    answer["error"] = json!(error);
    let fault = Fault::TokenAnswer(status, answer);
    let (_, renewed) = refreshed(&provider().await, &[fault]).await;
    assert_eq!(matches!(renewed, Err(RefreshError::Revoked(_))), over, "{renewed:?}");
}

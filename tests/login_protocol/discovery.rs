//! What the gate believes of a provider's description of itself, and how it lives with one that is
//! away.

use futures_util::future::join_all;
use jsm_gate::auth::LoginError;
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, config_of, id, provider, provider_with, until};

#[rstest]
#[case::oidcc_client_test_discovery_issuer_mismatch(
    Fault::Discovery("issuer", json!("https://other.example.com")), "is of issuer"
)]
#[case::public_http_endpoint(
    Fault::Discovery("token_endpoint", json!("http://id.example.com/token")), "token_endpoint"
)]
#[case::public_endpoint_of_a_local_issuer(
    Fault::Discovery("authorization_endpoint", json!("https://id.example.com/a")), "authorization_endpoint"
)]
#[case::link_local_endpoint(
    Fault::Discovery("jwks_uri", json!("http://169.254.169.254/latest")), "jwks_uri"
)]
#[case::script_endpoint(
    Fault::Discovery("end_session_endpoint", json!("javascript:alert(1)")), "end_session_endpoint"
)]
#[case::file_endpoint(
    Fault::Discovery("userinfo_endpoint", json!("file:///etc/passwd")), "userinfo_endpoint"
)]
#[case::redirect(Fault::DiscoveryRedirect("http://127.0.0.1:1/".to_owned()), "302")]
#[case::ten_megabytes(Fault::DiscoverySize(10_000_000), "larger than 1 MB")]
#[case::no_document(Fault::DiscoverySize(100), "not a discovery document")]
#[case::failure(Fault::DiscoveryStatus(500), "500")]
#[case::no_token_endpoint(Fault::Discovery("token_endpoint", Value::Null), "no token_endpoint")]
#[case::shared_secret_signatures_only(
    Fault::Discovery("id_token_signing_alg_values_supported", json!(["HS256", "none"])), "no way that is allowed"
)]
#[case::unknown_client_authentication(
    Fault::Discovery("token_endpoint_auth_methods_supported", json!(["private_key_jwt"])),
    "does not take"
)]
#[case::no_keys(Fault::KeysStatus(500), "/jwks cannot be read")]
#[tokio::test]
async fn d17_a_provider_that_describes_itself_badly_is_not_used(
    #[case] fault: Fault,
    #[case] reason: &str,
) {
    let provider = provider_with(&[fault]).await;
    let gate = Gate::start(&[config(&provider)]);
    until(|| !gate.last_error().is_empty()).await;
    assert!(gate.last_error().contains(reason), "{}", gate.last_error());
    assert!(!gate.auth.providers()[0].is_ready());
    let refused = Person::at(&gate).begin("/p/it").await.unwrap_err();
    assert_eq!(refused.code(), "provider-unreachable");
}

#[tokio::test]
async fn d17_a_provider_that_cannot_prove_its_name_is_not_used() {
    let provider = provider().await;
    let issuer = provider.issuer().replace("http:", "https:");
    let gate = Gate::start(&[config_of("sandbox", &issuer)]);
    until(|| !gate.last_error().is_empty()).await;
    assert!(gate.last_error().contains("cannot be read"), "{}", gate.last_error());
    assert!(provider.seen().is_empty());
}

#[tokio::test]
async fn the_gate_starts_without_its_provider_and_heals_when_it_comes() {
    let mut provider = provider().await;
    provider.stop().await;
    let gate = Gate::start(&[config(&provider)]);
    until(|| !gate.last_error().is_empty()).await;
    let mut ann = Person::at(&gate);
    let LoginError::ProviderUnreachable { provider: which, reason } =
        ann.begin("/").await.unwrap_err()
    else {
        panic!("the provider is away");
    };
    assert_eq!(which, id("sandbox"));
    assert!(reason.to_lowercase().contains("refused"), "{reason}");

    provider.resume().await.unwrap();
    gate.until_ready().await;
    assert_eq!(gate.last_error(), "");
    ann.log_in_as("ann").await.unwrap();
}

#[tokio::test]
async fn what_is_known_of_a_provider_holds_a_day_and_no_longer() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    gate.later(23 * 60 * 60);
    assert!(gate.auth.providers()[0].is_ready());
    gate.later(60 * 60);
    assert!(!gate.auth.providers()[0].is_ready());
    let refused = Person::at(&gate).begin("/").await.unwrap_err();
    assert_eq!(refused.code(), "provider-unreachable");
}

#[rstest]
#[case::answering(&[])]
#[case::slow(&[Fault::SlowKeys(std::time::Duration::from_millis(200))])]
#[case::failing(&[Fault::KeysStatus(503)])]
#[tokio::test]
async fn g6_unknown_keys_cost_one_fetch_in_ten_seconds(#[case] faults: &[Fault]) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(Fault::UnknownKey);
    for fault in faults {
        provider.misbehave(fault.clone());
    }
    let flood = || async {
        let logins = (0..40).map(|_| async { Person::at(&gate).log_in_as("ann").await });
        for result in join_all(logins).await {
            assert_eq!(result.unwrap_err().error.code(), "token-invalid");
        }
    };
    flood().await;
    assert_eq!(provider.count("/jwks"), 2, "one at the start, one for all of them");
    flood().await;
    assert_eq!(provider.count("/jwks"), 2, "none within ten seconds");
    gate.later(10);
    flood().await;
    assert_eq!(provider.count("/jwks"), 3, "one in the next ten");
}

/// As after a day on which the machine was suspended. Whoever comes first wakes the gate; nobody waits
/// for the hour at which it would have read again.
#[tokio::test]
async fn c12_after_a_clock_jump_logins_go_on() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    gate.later(25 * 60 * 60);
    until(|| gate.auth.providers()[0].is_ready()).await;
    Person::at(&gate).begin("/p/it").await.unwrap();
}

/// What was noted in the future does not keep a new key waiting until then.
#[tokio::test]
async fn c12_a_clock_that_is_set_back_keeps_no_new_key_waiting() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    gate.later(240);
    provider.rotate_keys().unwrap();
    Person::at(&gate).log_in_as("ann").await.unwrap();
    gate.earlier(240);
    provider.rotate_keys().unwrap();
    Person::at(&gate).log_in_as("ann").await.unwrap();
}

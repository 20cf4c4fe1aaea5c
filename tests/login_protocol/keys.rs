//! A provider's keys: how the gate lives with new ones, and which of them prove nothing.

use futures_util::future::join_all;
use sandbox::provider::{Fault, Provider, ProviderSettings, SigningAlgorithm};
use serde_json::json;

use crate::harness::{Gate, Person, config, provider, settings, until};

async fn refused(gate: &Gate) -> String {
    let refused = Person::at(gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid");
    refused.error.to_string()
}

#[tokio::test]
async fn a_new_key_under_the_name_of_the_old_one_is_found() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.replace_key().unwrap();
    Person::at(&gate).log_in_as("ann").await.unwrap();
    Person::at(&gate).log_in_as("bob").await.unwrap();
    assert_eq!(provider.count("/jwks"), 2, "once for the new key, not once a login");
}

#[tokio::test]
async fn a_key_set_that_is_seconds_late_keeps_nobody_out_for_longer() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    for renew in [Provider::rotate_keys, Provider::replace_key] {
        provider.hold_keys_back();
        renew(&provider).unwrap();
        refused(&gate).await;
        provider.publish_keys();
        gate.later(10);
        Person::at(&gate).log_in_as("ann").await.unwrap();
        gate.later(10);
    }
}

#[tokio::test]
async fn g6_bad_signatures_cost_one_fetch_in_ten_seconds() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(Fault::BadSignature);
    join_all((0..20).map(|_| refused(&gate))).await;
    assert_eq!(provider.count("/jwks"), 2, "one at the start, one for all of them");
    gate.later(10);
    join_all((0..20).map(|_| refused(&gate))).await;
    assert_eq!(provider.count("/jwks"), 3);
}

/// Whoever knows the public half of such a key finds the private one.
#[tokio::test]
async fn d8_a_key_that_is_too_short_proves_nothing() {
    let settings = ProviderSettings { algorithm: SigningAlgorithm::Rs256Short, ..settings() };
    let provider = Provider::start(settings).await.unwrap();
    let gate = Gate::ready(&[config(&provider)]).await;
    let reason = refused(&gate).await;
    assert!(reason.contains("no key"), "{reason}");
}

#[tokio::test]
async fn odd_keys_in_a_set_do_not_harm_the_others() {
    let provider = provider().await;
    provider.publish_beside(vec![
        json!({}),
        json!("key"),
        json!({"kty": "XYZ", "kid": 7}),
        json!({"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "a"}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "use": "enc", "x5c": "text"}),
        json!({"kty": "oct", "k": "c2VjcmV0"}),
    ]);
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
}

#[tokio::test]
async fn what_is_no_key_set_is_told() {
    let (provider, other) = (provider().await, provider().await);
    let elsewhere = format!("{}/.well-known/openid-configuration", other.issuer());
    provider.misbehave(Fault::Discovery("jwks_uri", json!(elsewhere)));
    let gate = Gate::start(&[config(&provider)]);
    until(|| !gate.last_error().is_empty()).await;
    assert!(gate.last_error().contains("keys is not a list"), "{}", gate.last_error());
}

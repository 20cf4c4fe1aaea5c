//! ID tokens that prove nothing: each is refused, with the reason in the log's sentence.

use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, login_with, now, provider};

async fn refusal_with(fault: Fault) -> String {
    let refused = login_with(&[fault]).await.expect_err("the token is no proof");
    assert_eq!(refused.error.code(), "token-invalid", "{}", refused.error);
    assert_eq!(refused.return_to.unwrap().as_str(), "/p/it");
    assert!(refused.set_cookies.iter().any(|c| c.to_str().unwrap().contains("Max-Age=0")));
    refused.error.to_string()
}

#[rstest]
#[case::wrong_issuer("iss", json!("https://evil.example.com"), "iss is another issuer")]
#[case::issuer_with_slash("iss", json!("http://127.0.0.1/"), "iss is another issuer")]
#[case::wrong_audience("aud", json!("somebody-else"), "aud")]
#[case::empty_audience("aud", json!([]), "aud")]
#[case::audience_with_strangers("aud", json!(["jsm-gate", "stranger"]), "aud names other clients")]
#[case::other_party("azp", json!("somebody-else"), "azp names another client")]
#[case::expired("exp", json!(now() - 120), "exp is over")]
#[case::issued_in_the_future("iat", json!(now() + 120), "iat is in the future")]
#[case::not_valid_yet("nbf", json!(now() + 120), "nbf is in the future")]
#[case::wrong_nonce("nonce", json!("other"), "nonce is of another login")]
#[case::empty_nonce("nonce", json!(""), "nonce is of another login")]
#[case::null_nonce("nonce", Value::Null, "nonce is missing")]
#[case::empty_subject("sub", json!(""), "sub is empty")]
#[case::other_access_token("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"), "at_hash")]
#[tokio::test]
async fn d4_a_token_with_a_wrong_claim_is_refused(
    #[case] claim: &'static str,
    #[case] value: Value,
    #[case] reason: &str,
) {
    let text = refusal_with(Fault::Claim(claim, value)).await;
    assert!(text.contains(reason), "{text}");
}

#[rstest]
#[case::issuer("iss", "iss")]
#[case::audience("aud", "aud")]
#[case::subject("sub", "sub")]
#[case::issue_time("iat", "iat")]
#[case::expiry("exp", "exp")]
#[case::nonce("nonce", "nonce is missing")]
#[tokio::test]
async fn d4_a_token_that_lacks_a_claim_is_refused(
    #[case] claim: &'static str,
    #[case] reason: &str,
) {
    let text = refusal_with(Fault::NoClaim(claim)).await;
    assert!(text.contains(reason), "{text}");
}

#[rstest]
#[case::text_expiry("exp", json!("9999999999"))]
#[case::date_expiry("exp", json!("2999-01-01T00:00:00Z"))]
#[case::endless_expiry("exp", json!(1e300))]
#[case::negative_expiry("exp", json!(-1))]
#[case::object_expiry("exp", json!({}))]
#[case::text_issue_time("iat", json!("1"))]
#[case::date_issue_time("iat", json!("2020-01-01T00:00:00Z"))]
#[case::text_not_before("nbf", json!("never"))]
#[case::object_audience("aud", json!({}))]
#[case::number_audience("aud", json!(1))]
#[case::mixed_audience("aud", json!(["jsm-gate", 1]))]
#[case::number_subject("sub", json!(1))]
#[case::list_subject("sub", json!(["ann"]))]
#[case::number_nonce("nonce", json!(1))]
#[case::list_issuer("iss", json!(["https://id.example.com"]))]
#[tokio::test]
async fn d5_a_claim_of_the_wrong_type_is_not_taken_for_absent(
    #[case] claim: &'static str,
    #[case] value: Value,
) {
    refusal_with(Fault::Claim(claim, value)).await;
}

#[rstest]
#[case::duplicate_subject(Fault::ClaimTwice("sub", json!("bob")))]
#[case::duplicate_audience(Fault::ClaimTwice("aud", json!("jsm-gate")))]
#[case::duplicate_groups(Fault::ClaimTwice("groups", json!(["admins"])))]
#[case::deep(Fault::Claim("x", deep(1000)))]
#[case::list(Fault::Payload("[]".to_owned()))]
#[case::no_json(Fault::Payload("not json".to_owned()))]
#[case::empty(Fault::Payload(String::new()))]
#[tokio::test]
async fn d5_a_payload_that_can_be_read_two_ways_is_refused(#[case] fault: Fault) {
    refusal_with(fault).await;
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[rstest]
#[case::bad_signature(Fault::BadSignature)]
#[case::unsigned(Fault::Unsigned)]
#[case::unsigned_in_capitals(Fault::Header("alg", json!("None")))]
#[case::hmac_with_the_public_key(Fault::HmacWithPublicKey)]
#[case::hmac_with_the_client_secret(Fault::HmacWithClientSecret)]
#[case::embedded_key(Fault::EmbeddedKey)]
#[case::unknown_key(Fault::UnknownKey)]
#[case::other_curve(Fault::Header("alg", json!("ES384")))]
#[case::other_kind_of_key(Fault::Header("alg", json!("RS256")))]
#[case::critical_extension(Fault::Header("crit", json!(["exp"])))]
#[case::nested(Fault::Header("cty", json!("JWT")))]
#[case::path_as_key_id(Fault::Header("kid", json!("../../../../dev/null")))]
#[case::address_as_key_id(Fault::Header("kid", json!("http://169.254.169.254/")))]
#[case::access_token_type(Fault::Header("typ", json!("at+jwt")))]
#[case::encrypted(Fault::Encrypted)]
#[case::none_at_all(Fault::NoIdToken)]
#[tokio::test]
async fn d8_a_token_nobody_but_the_provider_signed_is_refused(#[case] fault: Fault) {
    refusal_with(fault).await;
}

#[rstest]
#[case::jku("jku")]
#[case::x5u("x5u")]
#[tokio::test]
async fn d8_a_key_address_in_the_header_is_never_opened(#[case] member: &'static str) {
    let (provider, other) = (provider().await, provider().await);
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(Fault::UnknownKey);
    provider.misbehave(Fault::Header(member, json!(format!("{}/jwks", other.issuer()))));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid");
    assert!(other.seen().is_empty());
}

#[rstest]
#[case::just_expired(Fault::Claim("exp", json!(now() - 30)))]
#[case::clock_a_little_ahead(Fault::Claim("iat", json!(now() + 30)))]
#[case::valid_in_a_moment(Fault::Claim("nbf", json!(now() + 30)))]
#[case::audience_as_a_list(Fault::Claim("aud", json!(["jsm-gate"])))]
#[case::we_are_the_party(Fault::Claim("azp", json!("jsm-gate")))]
#[case::no_access_token_hash(Fault::NoClaim("at_hash"))]
#[case::date_in_a_claim_of_no_weight(Fault::Claim("updated_at", json!("2026-01-01T00:00:00Z")))]
#[case::fractional_times(Fault::Claim("iat", json!(1_700_000_000.5)))]
#[tokio::test]
async fn a_token_that_differs_harmlessly_is_accepted(#[case] fault: Fault) {
    let done = login_with(&[fault]).await.unwrap();
    assert_eq!(done.login.identity.subject, "ann");
}

//! Back-channel logout: which logout tokens are believed, and whom they name. Modules of the OpenID
//! Foundation's plan, and what docs/security.md D11 adds.

use jsm_gate::auth::{JwsFault, LogoutFault, LogoutRequest};
use jsm_gate::session::SessionSelector;
use rstest::rstest;
use sandbox::provider::{Fault, Provider};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, id, now, provider, provider_with, tokens_of};

/// A provider at which ann is logged in, and a gate that knows it.
async fn logged_in() -> (Provider, Gate) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    (provider, gate)
}

async fn send(gate: &Gate, token: &str) -> Result<LogoutRequest, LogoutFault> {
    gate.auth.back_channel(&id("sandbox"), &format!("logout_token={token}")).await
}

async fn outcome(faults: &[Fault]) -> Result<LogoutRequest, LogoutFault> {
    let (provider, gate) = logged_in().await;
    send(&gate, &provider.logout_token("ann", faults).unwrap()).await
}

#[tokio::test]
async fn oidcc_client_test_rp_backchannel_rpinitlogout() {
    let (provider, gate) = logged_in().await;
    let token = provider.logout_token("ann", &[]).unwrap();
    let request = send(&gate, &token).await.unwrap();
    let sid = provider.latest_sid("ann").unwrap();
    assert_eq!(request.selector, SessionSelector::AtProvider(id("sandbox"), sid));
}

#[tokio::test]
async fn d12_without_a_session_it_is_the_person() {
    let request = outcome(&[Fault::NoClaim("sid")]).await.unwrap();
    assert_eq!(request.selector, SessionSelector::Subject(id("sandbox"), "ann".to_owned()));
}

#[tokio::test]
async fn the_session_of_a_login_is_the_one_that_a_logout_names() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(done.login.sid.as_deref(), provider.latest_sid("ann").as_deref());
}

#[rstest]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_alg_none(
    Fault::Unsigned,
    JwsFault::Algorithm
)]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_wrong_alg(
    Fault::HmacWithClientSecret,
    JwsFault::Algorithm
)]
#[case::hmac_with_the_public_key(Fault::HmacWithPublicKey, JwsFault::Algorithm)]
#[case::unknown_algorithm(Fault::Header("alg", json!("XS256")), JwsFault::Malformed)]
#[case::no_algorithm(Fault::NoHeader("alg"), JwsFault::Malformed)]
#[case::not_announced(Fault::Header("alg", json!("RS256")), JwsFault::Algorithm)]
#[case::bad_signature(Fault::BadSignature, JwsFault::Signature)]
#[case::unknown_key(Fault::UnknownKey, JwsFault::NoKey)]
#[case::embedded_key(Fault::EmbeddedKey, JwsFault::Signature)]
#[case::number_as_key_id(Fault::Header("kid", json!(1)), JwsFault::NoKey)]
#[case::critical_extension(Fault::Header("crit", json!(["exp"])), JwsFault::Malformed)]
#[case::nested(Fault::Header("cty", json!("JWT")), JwsFault::Malformed)]
#[case::encrypted(Fault::Encrypted, JwsFault::Malformed)]
#[case::list(Fault::Payload("[]".to_owned()), JwsFault::Malformed)]
#[case::empty(Fault::Payload(String::new()), JwsFault::Malformed)]
#[case::two_subjects(Fault::ClaimTwice("sub", json!("bob")), JwsFault::Malformed)]
#[tokio::test]
async fn d11_a_token_that_nobody_but_the_provider_signed_is_refused(
    #[case] fault: Fault,
    #[case] expected: JwsFault,
) {
    assert_eq!(outcome(&[fault]).await.unwrap_err(), LogoutFault::Token(expected));
}

#[rstest]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_no_event(
    Fault::NoClaim("events"),
    LogoutFault::NoEvent
)]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_wrong_event(
    Fault::Claim("events", json!({ "http://schemas.openid.net/event/other": {} })),
    LogoutFault::NoEvent)]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_with_nonce(
    Fault::Claim("nonce", json!("n")), LogoutFault::Nonce)]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_wrong_aud(
    Fault::Claim("aud", json!("somebody-else")), LogoutFault::Audience)]
#[case::oidcc_client_test_rp_backchannel_rpinitlogout_wrong_iss(
    Fault::Claim("iss", json!("https://other.example.com")), LogoutFault::Issuer)]
#[case::event_as_text(Fault::Claim("events", json!("logout")), LogoutFault::NoEvent)]
#[case::event_that_is_no_object(
    Fault::Claim("events", json!({ "http://schemas.openid.net/event/backchannel-logout": 1 })),
    LogoutFault::NoEvent)]
#[case::null_nonce(Fault::Claim("nonce", Value::Null), LogoutFault::Nonce)]
#[case::strangers(Fault::Claim("aud", json!(["jsm-gate", "x"])), LogoutFault::Audience)]
#[case::nobodys(Fault::Claim("aud", json!([])), LogoutFault::Audience)]
#[case::no_audience(Fault::NoClaim("aud"), LogoutFault::Audience)]
#[case::no_issuer(Fault::NoClaim("iss"), LogoutFault::Issuer)]
#[case::no_issue_time(Fault::NoClaim("iat"), LogoutFault::IssuedAt)]
#[case::old(Fault::Claim("iat", json!(now() - 700)), LogoutFault::IssuedAt)]
#[case::from_the_future(Fault::Claim("iat", json!(now() + 120)), LogoutFault::IssuedAt)]
#[case::text_time(Fault::Claim("iat", json!("1")), LogoutFault::IssuedAt)]
#[case::no_expiry(Fault::NoClaim("exp"), LogoutFault::Expired)]
#[case::expired(Fault::Claim("exp", json!(now() - 120)), LogoutFault::Expired)]
#[case::endless(Fault::Claim("exp", json!(1e300)), LogoutFault::Expired)]
#[case::before_time_began(Fault::Claim("exp", json!(-1)), LogoutFault::Expired)]
#[case::no_id(Fault::NoClaim("jti"), LogoutFault::NoId)]
#[case::empty_id(Fault::Claim("jti", json!("")), LogoutFault::NoId)]
#[case::endless_id(Fault::Claim("jti", json!("x".repeat(2000))), LogoutFault::NoId)]
#[case::number_as_session(Fault::Claim("sid", json!(1)), LogoutFault::Nobody)]
#[case::empty_session(Fault::Claim("sid", json!("")), LogoutFault::Nobody)]
#[case::access_token_type(Fault::Header("typ", json!("at+jwt")), LogoutFault::Type)]
#[case::number_as_type(Fault::Header("typ", json!(1)), LogoutFault::Type)]
#[tokio::test]
async fn d11_a_token_that_says_something_wrong_is_refused(
    #[case] fault: Fault,
    #[case] expected: LogoutFault,
) {
    assert_eq!(outcome(&[fault]).await.unwrap_err(), expected);
}

#[tokio::test]
async fn d11_a_token_about_nobody_is_refused() {
    let faults = [Fault::NoClaim("sub"), Fault::NoClaim("sid")];
    assert_eq!(outcome(&faults).await.unwrap_err(), LogoutFault::Nobody);
}

#[rstest]
#[case::a_list_of_us_alone(Fault::Claim("aud", json!(["jsm-gate"])))]
#[case::typed_as_older_providers_do(Fault::Header("typ", json!("JWT")))]
#[case::typed_in_full(Fault::Header("typ", json!("application/Logout+JWT")))]
#[case::untyped(Fault::NoHeader("typ"))]
#[case::key_without_a_name(Fault::NoHeader("kid"))]
#[case::just_expired(Fault::Claim("exp", json!(now() - 30)))]
#[case::clock_a_little_ahead(Fault::Claim("iat", json!(now() + 30)))]
#[case::session_alone(Fault::NoClaim("sub"))]
#[case::more_than_we_know(Fault::Claim("trace_id", json!("x")))]
#[tokio::test]
async fn a_token_that_differs_harmlessly_is_followed(#[case] fault: Fault) {
    outcome(&[fault]).await.unwrap();
}

#[tokio::test]
async fn d11_an_id_token_is_no_logout_token() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    let refused = send(&gate, tokens_of(&done.login).id.expose_secret()).await.unwrap_err();
    assert_eq!(refused, LogoutFault::NoEvent);
}

#[tokio::test]
async fn d11_a_token_that_was_followed_is_not_followed_again() {
    let (provider, gate) = logged_in().await;
    let lasting = [Fault::Claim("exp", json!(now() + 3600))];
    let token = provider.logout_token("ann", &lasting).unwrap();
    let request = send(&gate, &token).await.unwrap();
    send(&gate, &token).await.expect("what was not carried out may come again");
    gate.auth.record_logout(&id("sandbox"), &request);
    assert_eq!(send(&gate, &token).await.unwrap_err(), LogoutFault::Replayed);
    gate.later(9 * 60);
    assert_eq!(send(&gate, &token).await.unwrap_err(), LogoutFault::Replayed);
    send(&gate, &provider.logout_token("ann", &lasting).unwrap()).await.expect("another one");
    gate.later(2 * 60);
    assert_eq!(send(&gate, &token).await.unwrap_err(), LogoutFault::IssuedAt);
}

#[rstest]
#[case::nothing("")]
#[case::no_token("logout_token=")]
#[case::another_name("token=x")]
#[case::two_tokens("logout_token=a&logout_token=b")]
#[case::two_equal_ones("logout_token=a&logout_token=a")]
#[tokio::test]
async fn d14_a_form_has_one_token(#[case] form: &str) {
    let (_provider, gate) = logged_in().await;
    let refused = gate.auth.back_channel(&id("sandbox"), form).await.unwrap_err();
    assert!(matches!(refused, LogoutFault::Request(_)), "{refused}");
}

#[rstest]
#[case::no_dots("abc")]
#[case::two_parts("e30.e30")]
#[case::no_base64("%%%.%%%.%%%")]
#[case::no_json("YQ.YQ.YQ")]
#[case::empty_parts("..")]
#[tokio::test]
async fn d11_rubbish_is_no_token(#[case] token: &str) {
    let (_provider, gate) = logged_in().await;
    let refused = send(&gate, token).await.unwrap_err();
    assert_eq!(refused, LogoutFault::Token(JwsFault::Malformed));
}

#[tokio::test]
async fn a_token_signed_with_a_new_key_is_followed() {
    let (provider, gate) = logged_in().await;
    provider.rotate_keys().unwrap();
    send(&gate, &provider.logout_token("ann", &[]).unwrap()).await.unwrap();
    assert_eq!(provider.count("/jwks"), 2);
}

#[tokio::test]
async fn g6_forged_tokens_cost_one_fetch_a_minute_and_none_of_those_for_logins() {
    let (provider, gate) = logged_in().await;
    for _ in 0..5 {
        let forged = provider.logout_token("ann", &[Fault::UnknownKey]).unwrap();
        assert_eq!(send(&gate, &forged).await.unwrap_err(), LogoutFault::Token(JwsFault::NoKey));
    }
    assert_eq!(provider.count("/jwks"), 2);
    provider.rotate_keys().unwrap();
    Person::at(&gate).log_in_as("ann").await.expect("the login fetches the new key");
}

#[tokio::test]
async fn nothing_is_believed_while_the_providers_keys_are_not_known() {
    let provider = provider_with(&[Fault::KeysStatus(503)]).await;
    let gate = Gate::start(&[config(&provider)]);
    let refused = send(&gate, "e30.e30.e30").await.unwrap_err();
    assert_eq!(refused, LogoutFault::Token(JwsFault::Malformed), "it has no algorithm");
    let token = "eyJhbGciOiJFUzI1NiJ9.e30.e30";
    assert_eq!(send(&gate, token).await.unwrap_err(), LogoutFault::ProviderUnreachable);
}

//! The OpenID Foundation's relying-party modules of the plans Basic, Form Post and Config, by their
//! names. Form Post has all modules of Basic, with the answer posted as a form: they are cases here.
//! Those that send a bad ID token are in `id_token.rs` as well, with many more.

use jsm_gate::config::{ClientAuth, ProviderConfig, ResponseMode};
use rstest::rstest;
use sandbox::provider::{Fault, Provider, ProviderSettings, SigningAlgorithm};
use serde_json::{Value, json};

use crate::harness::{
    GATE, Gate, Person, answering_by, config, login_by, login_with, now, provider, provider_with,
    settings,
};

/// `oidcc-client-test`, with what the suite checks in every module.
#[rstest]
#[tokio::test]
async fn oidcc_client_test(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let provider = provider_with(&[Fault::SlimIdToken]).await;
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();

    let seen = provider.seen();
    let at = |path: &str| seen.iter().find(|seen| seen.path == path).unwrap();
    let (authorize, token, user_info) = (at("/authorize"), at("/token"), at("/userinfo"));
    assert_eq!(authorize.parameter("response_type"), Some("code"));
    assert!(authorize.parameter("scope").unwrap().split(' ').any(|scope| scope == "openid"));
    assert_eq!(authorize.parameter("code_challenge_method"), Some("S256"));
    let callback = format!("{GATE}/_gate/callback/sandbox");
    assert_eq!(authorize.parameter("redirect_uri"), Some(callback.as_str()));
    assert_eq!(token.parameter("redirect_uri"), Some(callback.as_str()));
    assert_eq!(token.parameter("grant_type"), Some("authorization_code"));
    assert!(user_info.authorization.as_ref().unwrap().starts_with("Bearer "));
    assert!(user_info.parameters.is_empty(), "no token in an address");
    assert_eq!(provider.count("/token"), 1, "the code is used once");
}

#[rstest]
#[case::oidcc_client_test_invalid_iss(Fault::Claim("iss", json!("https://other.example.com")))]
#[case::oidcc_client_test_missing_sub(Fault::NoClaim("sub"))]
#[case::oidcc_client_test_invalid_aud(Fault::Claim("aud", json!("other")))]
#[case::oidcc_client_test_missing_aud(Fault::NoClaim("aud"))]
#[case::oidcc_client_test_missing_iat(Fault::NoClaim("iat"))]
#[case::oidcc_client_test_idtoken_sig_none(Fault::Unsigned)]
#[case::oidcc_client_test_invalid_sig_es256(Fault::BadSignature)]
#[case::oidcc_client_test_invalid_sig_hs256(Fault::HmacWithClientSecret)]
#[case::oidcc_client_test_nonce_invalid(Fault::Claim("nonce", json!("other")))]
#[tokio::test]
async fn a_bad_token_is_refused_and_nothing_further_is_asked(
    #[case] fault: Fault,
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let provider = provider_with(&[Fault::SlimIdToken]).await;
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    provider.misbehave(fault);
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid");
    assert_eq!(provider.count("/userinfo"), 0);
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let provider = provider_with(&[Fault::NoKeyIds]).await;
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_kid_absent_multiple_jwks(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let provider = provider_with(&[Fault::NoKeyIds]).await;
    provider.publish_another_key().unwrap();
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_idtoken_sig_rs256_and_invalid_sig_rs256(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let settings = ProviderSettings { algorithm: SigningAlgorithm::Rs256, ..settings() };
    let provider = Provider::start(settings).await.unwrap();
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    for fault in [Fault::BadSignature, Fault::HmacWithPublicKey] {
        provider.behave();
        provider.misbehave(fault);
        let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
        assert_eq!(refused.error.code(), "token-invalid");
    }
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_userinfo_invalid_sub(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let faults = [Fault::SlimIdToken, Fault::UserInfoClaim("sub", json!("invalid"))];
    let refused = login_by(mode, &faults).await.unwrap_err();
    assert_eq!(refused.error.code(), "user-info-invalid");
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_scope_userinfo_claims(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let done = login_by(mode, &[Fault::SlimIdToken]).await.unwrap();
    assert_eq!(done.login.identity.name.as_deref(), Some("Ann Example"), "profile");
    assert_eq!(done.login.identity.email.known().unwrap().as_str(), "ann@example.com", "email");
}

#[rstest]
#[tokio::test]
async fn oidcc_client_test_client_secret_basic(
    #[values(ResponseMode::Query, ResponseMode::FormPost)] mode: ResponseMode,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[answering_by(mode, &provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    let token = provider.seen().into_iter().find(|seen| seen.path == "/token").unwrap();
    assert!(token.authorization.unwrap().starts_with("Basic "));
    assert!(token.parameters.iter().all(|(name, _)| name != "client_secret"));
}

#[tokio::test]
async fn client_secret_post_is_used_where_only_that_is_announced() {
    let methods = json!(["client_secret_post", "private_key_jwt"]);
    let provider =
        provider_with(&[Fault::Discovery("token_endpoint_auth_methods_supported", methods)]).await;
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    let token = provider.seen().into_iter().find(|seen| seen.path == "/token").unwrap();
    assert_eq!(token.parameter("client_secret"), Some("sandbox-secret"));
    assert_eq!(token.authorization, None);
}

#[tokio::test]
async fn a_public_client_sends_no_secret() {
    let settings = ProviderSettings { client_secret: None, ..settings() };
    let provider = Provider::start(settings).await.unwrap();
    let client_auth = ClientAuth::Public;
    let public = ProviderConfig { client_auth, ..config(&provider) };
    let gate = Gate::ready(&[public]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    let token = provider.seen().into_iter().find(|seen| seen.path == "/token").unwrap();
    assert_eq!(token.authorization, None);
    assert_eq!(token.parameter("client_id"), Some("jsm-gate"));
}

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config_and_jwks_uri_keys() {
    let (provider, keys) = (provider().await, provider().await);
    let elsewhere = format!("{}/jwks", keys.issuer());
    provider.misbehave(Fault::Discovery("jwks_uri", json!(elsewhere)));
    let gate = Gate::ready(&[config(&provider)]).await;
    assert_eq!((provider.count("/jwks"), keys.count("/jwks")), (0, 1), "the address it names");
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid", "and no other keys");
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.rotate_keys().unwrap();
    Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(provider.count("/jwks"), 2);
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    provider.rotate_keys().unwrap();
    Person::at(&gate).log_in_as("ann").await.unwrap();
    Person::at(&gate).log_in_as("bob").await.unwrap();
    assert_eq!(provider.count("/jwks"), 2, "once for the new key, not once a login");
}

/// What the plans of FAPI 2.0 add for clients, as far as it applies to a client of its own.
#[rstest]
#[case::fapi2_token_type_case_insensitivity(Fault::TokenMember("token_type", json!("bEaReR")), None)]
#[case::fapi2_no_expires_in(Fault::TokenMember("expires_in", Value::Null), None)]
#[case::fapi2_valid_aud_as_array(Fault::Claim("aud", json!(["jsm-gate"])), None)]
#[case::fapi2_no_token_type(Fault::TokenMember("token_type", Value::Null), Some("token-response"))]
#[case::fapi2_invalid_secondary_aud(
    Fault::Claim("aud", json!(["jsm-gate", "other"])), Some("token-invalid"))]
#[case::fapi2_invalid_null_alg(Fault::Unsigned, Some("token-invalid"))]
#[case::fapi2_invalid_alternate_alg(Fault::Header("alg", json!("RS256")), Some("token-invalid"))]
#[case::fapi2_invalid_missing_exp(Fault::NoClaim("exp"), Some("token-invalid"))]
#[case::fapi2_invalid_expired_exp(Fault::Claim("exp", json!(now() - 120)), Some("token-invalid"))]
#[case::fapi2_iat_is_week_in_past(Fault::Claim("iat", json!(now() - 604_800)), None)]
#[case::fapi2_remove_authorization_response_iss(
    Fault::CallbackIssuer(None),
    Some("issuer-mismatch")
)]
#[case::fapi2_invalid_authorization_response_iss(
    Fault::CallbackIssuer(Some("https://other.example.com".to_owned())), Some("issuer-mismatch"))]
#[tokio::test]
async fn an_answer_that_fapi_2_tries_is_taken_or_refused(
    #[case] fault: Fault,
    #[case] refusal: Option<&str>,
) {
    let ended = login_with(&[fault]).await;
    assert_eq!(ended.err().map(|refused| refused.error.code().as_str()), refusal);
}

//! What `jsm-gate check` says of a provider.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use jsm_gate::auth::Authenticator;
use jsm_gate::config::ProviderConfig;
use jsm_gate::domain::{Finding, Level};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::authority::Authority;
use crate::harness::{clock, config, config_of, provider, public_url, secret};

async fn check(config: &ProviderConfig, seconds_ahead: u64) -> Vec<Finding> {
    let clock = clock(&Arc::new(AtomicU64::new(seconds_ahead)));
    Authenticator::check(config, &public_url(), &clock).await.findings
}

fn bad(findings: &[Finding]) -> Vec<(Level, &str)> {
    let bad = findings.iter().filter(|finding| finding.level != Level::Ok);
    bad.map(|finding| (finding.level, finding.text.as_str())).collect()
}

#[tokio::test]
async fn a_good_provider_passes_and_the_addresses_to_register_are_named() {
    let provider = provider().await;
    let findings = check(&config(&provider), 0).await;
    assert_eq!(bad(&findings), []);
    let text: String = findings.iter().map(|finding| finding.text.as_str()).collect();
    assert!(text.contains("http://localhost:9/_gate/callback/sandbox"), "{text}");
    assert!(text.contains("http://localhost:9/_gate/logged-out"), "{text}");
    assert!(text.contains("http://localhost:9/_gate/backchannel-logout/sandbox"), "{text}");
}

#[tokio::test]
async fn a_wrong_secret_is_told_before_anybody_logs_in() {
    let provider = provider().await;
    let client_auth = secret("wrong");
    let findings = check(&ProviderConfig { client_auth, ..config(&provider) }, 0).await;
    let bad = bad(&findings);
    assert_eq!(bad.len(), 1);
    assert!(bad[0].0 == Level::Failure && bad[0].1.contains("client secret"), "{bad:?}");
}

#[rstest]
#[case(40, Level::Warning)]
#[case(90, Level::Failure)]
#[tokio::test]
async fn clocks_that_are_apart_are_told(#[case] seconds: u64, #[case] level: Level) {
    let provider = provider().await;
    let findings = check(&config(&provider), seconds).await;
    let bad = bad(&findings);
    assert_eq!(bad.len(), 1);
    assert!(bad[0].0 == level && bad[0].1.contains("seconds apart"), "{bad:?}");
}

#[rstest]
#[case::logout(
    Fault::Discovery("end_session_endpoint", Value::Null),
    Level::Warning,
    "ends its own session"
)]
#[case::scopes(Fault::Discovery("scopes_supported", json!(["openid"])), Level::Warning, "groups")]
#[case::issuer(Fault::Discovery("issuer", json!("https://x.com")), Level::Failure, "is of issuer")]
#[case::document(Fault::DiscoveryStatus(404), Level::Failure, "404")]
#[tokio::test]
async fn what_a_provider_lacks_is_told_with_a_remedy(
    #[case] fault: Fault,
    #[case] level: Level,
    #[case] text: &str,
) {
    let provider = provider().await;
    provider.misbehave(fault);
    let findings = check(&config(&provider), 0).await;
    let bad = bad(&findings);
    assert_eq!(bad.len(), 1);
    assert!(bad[0].0 == level && bad[0].1.contains(text), "{bad:?}");
    assert!(findings.iter().filter(|f| f.level != Level::Ok).all(|f| f.remedy.is_some()));
}

#[rstest]
#[case::nobody_there("http://127.0.0.1:1", "cannot be read")]
#[case::plain_http("http://id.example.com", "https://")]
#[case::no_address("id.example.com", "is not an address")]
#[tokio::test]
async fn an_issuer_that_cannot_be_reached_is_told(#[case] issuer: &str, #[case] text: &str) {
    let findings = check(&config_of("sandbox", issuer), 0).await;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].text.contains(text), "{findings:?}");
}

#[tokio::test]
async fn an_authoritys_own_certificate_is_told_in_words() {
    let authority = Authority::start().await;
    let issuer = format!("https://localhost:{}", authority.address.port());
    let mut config = config_of("sandbox", &issuer);
    config.ca_file = Some(authority.file.clone());
    let findings = check(&config, 0).await;
    assert!(findings[0].text.contains("an authority's own (CA:TRUE)"), "{findings:?}");
    assert!(!findings[0].text.contains("OtherError"), "{findings:?}");
    assert!(findings[0].remedy.as_ref().unwrap().contains("CA:FALSE"), "{findings:?}");
}

#[tokio::test]
async fn what_user_info_is_asked_for_and_what_happens_without_is_told() {
    let provider = provider().await;
    let findings = check(&config(&provider), 0).await;
    let told = |findings: &[Finding], text: &str| findings.iter().any(|f| f.text.contains(text));
    assert!(told(&findings, "without email in the ID token nobody logs in"), "{findings:?}");
    let findings = check(&ProviderConfig { asks_user_info: false, ..config(&provider) }, 0).await;
    assert!(told(&findings, "UserInfo is not asked"), "{findings:?}");
}

#[rstest]
#[case::endpoint(Fault::Discovery("end_session_endpoint", json!("/logout")), "end_session_endpoint")]
#[case::user_info(Fault::Discovery("userinfo_endpoint", json!(7)), "userinfo_endpoint")]
#[tokio::test]
async fn a_member_that_cannot_be_read_is_told(#[case] fault: Fault, #[case] member: &str) {
    let provider = provider().await;
    provider.misbehave(fault);
    let findings = check(&config(&provider), 0).await;
    let odd = |f: &Finding| f.level == Level::Warning && f.text.contains(member);
    assert!(findings.iter().any(odd), "{findings:?}");
}

#[tokio::test]
async fn keys_that_are_too_weak_are_told() {
    let provider = provider().await;
    provider.publish_beside(vec![json!({"kty": "RSA", "kid": "old", "n": "AQAB", "e": "AQAB"})]);
    let findings = check(&config(&provider), 0).await;
    let bad = bad(&findings);
    assert!(bad[0].1.contains("old: RSA of 17 bits"), "{bad:?}");
}

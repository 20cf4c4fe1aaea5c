//! From claims to an identity: what is believed of a person, and where it is looked for.

use std::collections::BTreeMap;

use jsm_gate::domain::{Email, Identity, Proof, Told};
use rstest::rstest;
use sandbox::provider::Fault;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, id, login_with, provider};

#[rstest]
#[case::in_the_id_token(&[])]
#[case::in_user_info(&[Fault::SlimIdToken])]
#[tokio::test]
async fn the_identity_is_complete_wherever_its_claims_are(#[case] faults: &[Fault]) {
    let login = login_with(faults).await.unwrap().login;
    let Proof::Login { acr: None, auth_time: Some(_) } = login.identity.proof else {
        panic!("not as the ID token says: {:?}", login.identity.proof)
    };
    let expected = Identity {
        provider: id("sandbox"),
        subject: "ann".into(),
        email: Told::Known(Email::parse("ann@example.com").unwrap()),
        name: Some("Ann Example".into()),
        first_name: Some("Ann".into()),
        last_name: Some("Example".into()),
        groups: Told::Known(vec!["customers".into()]),
        attributes: BTreeMap::new(),
        proof: login.identity.proof.clone(),
    };
    assert_eq!(login.identity, expected);
}

#[tokio::test]
async fn user_info_is_asked_only_for_what_the_id_token_leaves_open() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(provider.count("/userinfo"), 0);
    let cleo = Person::at(&gate).log_in_as("cleo").await.unwrap();
    assert_eq!(provider.count("/userinfo"), 1, "cleo has no groups");
    assert!(cleo.login.identity.groups.values().is_empty());
}

#[tokio::test]
async fn a_provider_without_user_info_is_enough() {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("userinfo_endpoint", Value::Null));
    provider.misbehave(Fault::SlimIdToken);
    let gate = Gate::ready(&[config(&provider)]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(done.login.identity.label(), "ann");
    assert_eq!(done.login.identity.email, Told::Absent);
}

#[rstest]
#[case::other_subject(Fault::UserInfoClaim("sub", json!("bob")))]
#[case::number_as_subject(Fault::UserInfoClaim("sub", json!(1)))]
#[case::list(Fault::UserInfoAnswer(200, "application/json", "[{\"sub\":\"ann\"}]".to_owned()))]
#[case::no_subject(Fault::UserInfoAnswer(200, "application/json", "{}".to_owned()))]
#[case::two_subjects(Fault::UserInfoAnswer(
    200, "application/json", "{\"sub\":\"bob\",\"sub\":\"ann\"}".to_owned()
))]
#[case::signed(Fault::UserInfoAnswer(200, "application/jwt", "e30.e30.AAAA".to_owned()))]
#[case::page(Fault::UserInfoAnswer(200, "text/html", "<p>".to_owned()))]
#[case::failure(Fault::UserInfoAnswer(500, "application/json", "{\"sub\":\"ann\"}".to_owned()))]
#[tokio::test]
async fn d18_user_info_about_somebody_else_is_refused(#[case] fault: Fault) {
    let refused = login_with(&[Fault::SlimIdToken, fault]).await.unwrap_err();
    assert_eq!(refused.error.code(), "user-info-invalid");
}

#[rstest]
#[case::not_verified("email_verified", json!(false), "email-unverified")]
#[case::not_verified_as_text("email_verified", json!("false"), "email-unverified")]
#[case::two_domains("email", json!("a@evil.com@corp.com"), "email-invalid")]
#[case::blank_at_the_end("email", json!("a@corp.com "), "email-invalid")]
#[case::look_alike("email", json!("a@c\u{043e}rp.com"), "email-invalid")]
#[case::line_break("email", json!("a@corp.com\r\nX-Evil: 1"), "email-invalid")]
#[tokio::test]
async fn d7_an_email_that_proves_nothing_is_refused(
    #[case] claim: &'static str,
    #[case] value: Value,
    #[case] code: &str,
) {
    let refused = login_with(&[Fault::Claim(claim, value)]).await.unwrap_err();
    assert_eq!(refused.error.code(), code);
}

#[tokio::test]
async fn d7_verification_that_is_not_said_is_looked_for_and_then_refused() {
    let done = login_with(&[Fault::NoClaim("email_verified")]).await.unwrap();
    assert_eq!(
        done.login.identity.email.known().unwrap().as_str(),
        "ann@example.com",
        "UserInfo says it"
    );
    let nowhere =
        [Fault::NoClaim("email_verified"), Fault::UserInfoClaim("email_verified", Value::Null)];
    let refused = login_with(&nowhere).await.unwrap_err();
    assert_eq!(refused.error.code(), "email-unverified");
}

#[tokio::test]
async fn d7_the_domain_is_case_folded() {
    let done = login_with(&[Fault::Claim("email", json!("A@CORP.com"))]).await.unwrap();
    assert_eq!(done.login.identity.email.known().unwrap().domain(), "corp.com");
}

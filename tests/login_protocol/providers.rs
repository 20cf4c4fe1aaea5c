//! Several providers side by side: who may speak for whom, which one is remembered, and how those
//! that are not quite standard are spoken to.

use jsm_gate::auth::{LoginWish, ReturnTo};
use jsm_gate::config::{LogoutForm, OAuth2, ProviderConfig};
use jsm_gate::domain::{Email, EmailDomain};
use rstest::rstest;
use sandbox::provider::{Fault, Provider, ProviderSettings};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::harness::{GATE, Gate, Person, config, config_of, id, provider, settings, tokens_of};

fn domain(text: &str) -> EmailDomain {
    EmailDomain::parse(text).unwrap()
}

/// The provider people log in with, and another one that `example.com` belongs to.
async fn with_owner(change: impl Fn(&mut ProviderConfig)) -> (Provider, Provider, Gate) {
    let (here, there) = (provider().await, provider().await);
    let mut owner = config_of("owner", there.issuer());
    owner.email.domains = vec![domain("example.com")];
    let mut ours = config(&here);
    change(&mut ours);
    let gate = Gate::ready(&[ours, owner]).await;
    (here, there, gate)
}

#[tokio::test]
async fn a_provider_cannot_make_people_of_another_ones_mail_domain() {
    let (here, _there, gate) = with_owner(|_| {}).await;
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "email-domain-elsewhere");

    here.misbehave(Fault::Claim("email", json!("ann@example.org")));
    Person::at(&gate).log_in_as("ann").await.expect("a domain that nobody claims");
    here.behave();
    here.misbehave(Fault::Claim("email", json!("ANN@Example.COM")));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "email-domain-elsewhere", "in any case");
}

#[tokio::test]
async fn unless_it_is_told_that_it_may() {
    let shared =
        |ours: &mut ProviderConfig| ours.email.shared_domains = vec![domain("example.com")];
    let (_here, _there, gate) = with_owner(shared).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
}

/// Not even the switch for unverified addresses opens the domains of others.
#[tokio::test]
async fn nor_with_an_address_that_nobody_verified() {
    let insecure = |ours: &mut ProviderConfig| ours.email.insecure_allow_unverified = true;
    let (_here, _there, gate) = with_owner(insecure).await;
    let refused = Person::at(&gate).log_in_as("dan").await.unwrap_err();
    assert_eq!(refused.error.code(), "email-domain-elsewhere");
}

#[tokio::test]
async fn a_mail_domain_leads_to_its_provider_and_no_domain_below_it_does() {
    let (_here, _there, gate) = with_owner(|_| {}).await;
    let leads = |email: &str| {
        let email = Email::parse(email).unwrap();
        gate.auth.provider_of(&email).map(|provider| provider.id().to_string())
    };
    assert_eq!(leads("Ann@EXAMPLE.com").as_deref(), Some("owner"));
    assert_eq!(leads("ann@mail.example.com"), None);
    assert_eq!(leads("ann@example.org"), None);
}

#[tokio::test]
async fn a_provider_that_was_chosen_is_remembered_once_the_login_succeeds() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let home = ReturnTo::home();
    let chosen = LoginWish { chosen: true, ..LoginWish::to(&home) };
    let remembered = |person: &Person<'_>| {
        gate.auth.last_provider(&person.headers()).map(|provider| provider.id().to_string())
    };
    let location = ann.begin_as(&chosen).await.unwrap();
    assert_eq!(remembered(&ann), None, "not before");
    let query = ann.at_provider(&location, "ann").await;
    ann.finish(&query).await.unwrap();
    assert_eq!(remembered(&ann).as_deref(), Some("sandbox"));

    let mut bob = Person::at(&gate);
    bob.log_in_as("bob").await.unwrap();
    assert_eq!(remembered(&bob), None, "he did not choose");

    let without = Gate::ready(&[config_of("other", provider.issuer())]).await;
    assert!(without.auth.last_provider(&ann.headers()).is_none(), "it is gone");
}

/// As GitHub: no discovery, no ID token, a number for a name, addresses in a list of their own.
async fn plain() -> (Provider, ProviderConfig) {
    let provider = Provider::start(ProviderSettings { plain_oauth2: true, ..settings() });
    let provider = provider.await.unwrap();
    let at = |path: &str| Url::parse(&format!("{}{path}", provider.issuer())).unwrap();
    let mut config = config(&provider);
    config.oauth2 = Some(OAuth2 {
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        userinfo_endpoint: at("/userinfo"),
        emails_endpoint: Some(at("/emails")),
    });
    "id".clone_into(&mut config.attributes.subject);
    config.request.scopes = vec!["user:email".to_owned()];
    (provider, config)
}

#[tokio::test]
async fn plain_oauth2_tells_who_somebody_is_without_an_id_token() {
    let (provider, config) = plain().await;
    let gate = Gate::ready(&[config]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(done.login.identity.subject, "ann");
    assert_eq!(
        done.login.identity.email.known().unwrap().as_str(),
        "ann@example.com",
        "the primary one"
    );
    assert_eq!(done.login.identity.groups.values(), ["customers"]);
    assert_eq!(provider.count("/.well-known/openid-configuration") + provider.count("/jwks"), 0);
    let authorize = provider.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(authorize.parameter("scope"), Some("user:email"));
    assert_eq!(authorize.parameter("nonce"), None);
    assert!(authorize.parameter("code_challenge").is_some(), "PKCE all the same");
    assert!(
        gate.auth.log_out(&id("sandbox"), &tokens_of(&done.login).id, &ReturnTo::home()).is_none()
    );
}

#[tokio::test]
async fn d7_plain_oauth2_believes_no_address_that_is_not_verified() {
    let (_provider, config) = plain().await;
    let gate = Gate::ready(&[config]).await;
    let refused = Person::at(&gate).log_in_as("dan").await.unwrap_err();
    assert_eq!(refused.error.code(), "email-unverified");
}

#[rstest]
#[case::number(json!(4711), "4711")]
#[case::text(json!("u-1"), "u-1")]
#[tokio::test]
async fn a_person_of_plain_oauth2_has_a_number_or_a_text_for_a_name(
    #[case] value: Value,
    #[case] subject: &str,
) {
    let (provider, config) = plain().await;
    let gate = Gate::ready(&[config]).await;
    provider.misbehave(Fault::UserInfoClaim("id", value));
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(done.login.identity.subject, subject);
}

#[rstest]
#[case::none(Value::Null)]
#[case::empty(json!(""))]
#[case::object(json!({}))]
#[tokio::test]
async fn a_person_without_a_name_of_their_own_is_nobody(#[case] value: Value) {
    let (provider, config) = plain().await;
    let gate = Gate::ready(&[config]).await;
    provider.misbehave(Fault::UserInfoClaim("id", value));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "user-info-invalid");
}

/// GitHub answers 200 with an error of its own naming.
#[rstest]
#[case("bad_verification_code", "login-expired")]
#[case("incorrect_client_credentials", "client-rejected")]
#[case("redirect_uri_mismatch", "token-response")]
#[tokio::test]
async fn github_refuses_in_words_of_its_own(#[case] error: &str, #[case] code: &str) {
    let (provider, config) = plain().await;
    let gate = Gate::ready(&[config]).await;
    provider.misbehave(Fault::TokenAnswer(200, json!({ "error": error })));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), code);
}

#[rstest]
#[case::cognito(LogoutForm::Cognito, false, "/end-session", &["client_id", "logout_uri"])]
#[case::cognito_unannounced(LogoutForm::Cognito, true, "/logout", &["client_id", "logout_uri"])]
#[case::old_auth0(LogoutForm::Auth0, true, "/v2/logout", &["client_id", "returnTo"])]
#[case::auth0(
    LogoutForm::Auth0,
    false,
    "/end-session",
    &["id_token_hint", "client_id", "post_logout_redirect_uri", "state"]
)]
#[tokio::test]
async fn logout_takes_the_providers_own_form(
    #[case] logout: LogoutForm,
    #[case] unannounced: bool,
    #[case] path: &str,
    #[case] names: &[&str],
) {
    let provider = provider().await;
    if unannounced {
        provider.misbehave(Fault::Discovery("end_session_endpoint", Value::Null));
    }
    let gate = Gate::ready(&[ProviderConfig { logout, ..config(&provider) }]).await;
    let proof = SecretString::from("proof");
    let start = gate.auth.log_out(&id("sandbox"), &proof, &ReturnTo::home()).unwrap();
    let address = Url::parse(&start.location).unwrap();
    assert_eq!(address.path(), path);
    let pairs: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    assert_eq!(pairs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
    assert!(pairs.iter().any(|(_, value)| *value == format!("{GATE}/_gate/logged-out")));
}

//! How the gate proves that it is the client, and how its request goes.

use std::time::Duration;

use jsm_gate::auth::{LoginWish, ReturnTo};
use jsm_gate::config::{
    ClientAuth, ClientKeyAudience, ClientKeyConfig, ProviderConfig, ResponseMode, SecretMethod,
    SigningAlgorithm,
};
use jsm_gate::domain::{Email, LoginDemand};
use jsm_gate::keys::SigningKey;
use rstest::rstest;
use sandbox::provider::{Fault, Provider, ProviderSettings, Seen};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::harness::{Gate, Person, config, provider, secret, settings};

/// A key of the gate's, and its public half for the provider.
fn keys() -> (SigningKey, String) {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    (SigningKey::from_pem(&pair.serialize_pem()).unwrap(), pair.public_key_pem())
}

fn signing(key: SigningKey, audience: ClientKeyAudience) -> ClientAuth {
    ClientAuth::Key(ClientKeyConfig { key, id: Some("one".to_owned()), audience })
}

async fn provider_with_key(public: &str, pushed_requests: bool) -> Provider {
    let client_key = Some(public.to_owned());
    let settings =
        ProviderSettings { client_key, client_secret: None, pushed_requests, ..settings() };
    Provider::start(settings).await.unwrap()
}

fn first(provider: &Provider, path: &str) -> Seen {
    provider.seen().into_iter().find(|seen| seen.path == path).unwrap()
}

/// The header and claims of the assertion in a request.
fn assertion(seen: &Seen) -> [Value; 2] {
    use base64::Engine as _;
    let text = seen.parameter("client_assertion").unwrap();
    let mut parts = text.split('.').map(|part| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap_or_default()
    });
    [(); 2].map(|()| serde_json::from_slice(&parts.next().unwrap()).unwrap())
}

#[rstest]
#[case(ClientKeyAudience::Issuer, "")]
#[case(ClientKeyAudience::TokenEndpoint, "/token")]
#[tokio::test]
async fn private_key_jwt_proves_the_client_without_a_shared_secret(
    #[case] audience: ClientKeyAudience,
    #[case] path: &str,
) {
    let (key, public) = keys();
    let provider = provider_with_key(&public, false).await;
    let client_auth = signing(key, audience);
    let gate = Gate::ready(&[ProviderConfig { client_auth, ..config(&provider) }]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    Person::at(&gate).log_in_as("bob").await.expect("an assertion of its own");

    let token = first(&provider, "/token");
    assert_eq!(token.authorization, None);
    assert_eq!(token.parameter("client_secret"), None);
    assert_eq!(token.parameter("client_id"), Some("jsm-gate"));
    let [header, claims] = assertion(&token);
    assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &json!("one")));
    assert_eq!(claims["aud"], format!("{}{path}", provider.issuer()), "one audience, as text");
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 60);
}

#[tokio::test]
async fn a_key_that_the_provider_does_not_have_is_refused() {
    let ((key, _), (_, public)) = (keys(), keys());
    let provider = provider_with_key(&public, false).await;
    let client_auth = signing(key, ClientKeyAudience::Issuer);
    let gate = Gate::ready(&[ProviderConfig { client_auth, ..config(&provider) }]).await;
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "client-rejected");
}

#[rstest]
#[case(SecretMethod::Basic, true)]
#[case(SecretMethod::Post, false)]
#[tokio::test]
async fn a_secret_goes_where_the_configuration_says(
    #[case] method: SecretMethod,
    #[case] basic: bool,
) {
    let provider = provider().await;
    let client_auth = ClientAuth::Secret(SecretString::from("sandbox-secret"), Some(method));
    let gate = Gate::ready(&[ProviderConfig { client_auth, ..config(&provider) }]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    let token = first(&provider, "/token");
    assert_eq!(token.authorization.is_some(), basic);
    assert_eq!(token.parameter("client_secret").is_none(), basic);
}

/// RFC 9126: nothing of the request stands in the address that the browser is sent to.
#[rstest]
#[case::with_a_secret(false)]
#[case::with_a_key(true)]
#[tokio::test]
async fn a_request_is_pushed_where_that_is_announced(#[case] with_key: bool) {
    let (key, public) = keys();
    let provider = if with_key {
        provider_with_key(&public, true).await
    } else {
        let settings = ProviderSettings { pushed_requests: true, ..settings() };
        Provider::start(settings).await.unwrap()
    };
    let signing = signing(key, ClientKeyAudience::Issuer);
    let client_auth = if with_key { signing } else { secret("sandbox-secret") };
    let mut config = ProviderConfig { client_auth, ..config(&provider) };
    config.request.parameters = vec![("hd".to_owned(), "example.com".to_owned())];
    let gate = Gate::ready(&[config]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();

    let query = url::Url::parse(&location).unwrap();
    let names: Vec<_> = query.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    let pushed = first(&provider, "/par");
    for name in ["state", "nonce", "code_challenge", "redirect_uri", "scope", "hd"] {
        assert!(pushed.parameter(name).is_some(), "{name} is missing");
    }
    let query = ann.at_provider(&location, "ann").await;
    ann.finish(&query).await.unwrap();
}

#[tokio::test]
async fn par_can_be_switched_off_and_insisted_on() {
    let settings = ProviderSettings { pushed_requests: true, ..settings() };
    let provider = Provider::start(settings).await.unwrap();
    let mut never = config(&provider);
    never.request.pushed = Some(false);
    let gate = Gate::ready(&[never]).await;
    Person::at(&gate).log_in_as("ann").await.unwrap();
    assert_eq!(provider.count("/par"), 0);

    let without = crate::harness::provider().await;
    let mut always = config(&without);
    always.request.pushed = Some(true);
    let gate = Gate::start(&[always]);
    crate::harness::until(|| gate.last_error().contains("pushed_authorization_request")).await;
    let refused = Person::at(&gate).begin("/p/it").await.unwrap_err();
    assert_eq!(refused.code(), "provider-unreachable");
}

#[tokio::test]
async fn a_pushed_request_that_is_refused_is_told_by_its_reason() {
    let settings = ProviderSettings { pushed_requests: true, ..settings() };
    let provider = Provider::start(settings).await.unwrap();
    let wrong = ProviderConfig { client_auth: secret("wrong"), ..config(&provider) };
    let gate = Gate::ready(&[wrong]).await;
    let refused = Person::at(&gate).begin("/p/it").await.unwrap_err();
    assert_eq!(refused.code(), "client-rejected");
    let elsewhere = Fault::Discovery(
        "pushed_authorization_request_endpoint",
        json!(format!("{}/userinfo", provider.issuer())),
    );
    provider.misbehave(elsewhere);
    let gate = Gate::ready(&[config(&provider)]).await;
    let refused = Person::at(&gate).begin("/p/it").await.unwrap_err();
    assert_eq!(refused.code(), "request-refused");
}

#[tokio::test]
async fn the_request_says_what_the_configuration_adds_and_each_thing_once() {
    let provider = provider().await;
    let mut config = config(&provider);
    config.request.response_mode = ResponseMode::FormPost;
    config.request.prompt = Some("login".to_owned());
    config.request.acr_values = vec!["phr".to_owned(), "mfa".to_owned()];
    config.request.max_age = Some(Duration::from_secs(3600));
    config.request.parameters = vec![("domain_hint".to_owned(), "a b&c".to_owned())];
    let gate = Gate::ready(&[config]).await;
    let mut ann = Person::at(&gate);
    let (home, email) = (ReturnTo::home(), Email::parse("ann@example.com").unwrap());
    let wish = LoginWish { login_hint: Some(&email), ..LoginWish::to(&home) };
    let location = url::Url::parse(&ann.begin_as(&wish).await.unwrap()).unwrap();
    let pairs: Vec<_> = location.query_pairs().into_owned().collect();
    for (name, value) in [
        ("response_mode", "form_post"),
        ("prompt", "login"),
        ("acr_values", "phr mfa"),
        ("max_age", "3600"),
        ("domain_hint", "a b&c"),
        ("login_hint", "ann@example.com"),
        ("scope", "openid profile email groups"),
    ] {
        let values: Vec<_> = pairs.iter().filter(|(key, _)| key == name).collect();
        assert!(matches!(values[..], [(_, found)] if found == value), "{name}: {values:?}");
    }
}

#[rstest]
#[case::recent(json!(crate::harness::now() - 3600), true)]
#[case::too_long_ago(json!(crate::harness::now() - 3700), false)]
#[case::not_a_number(json!("now"), false)]
#[tokio::test]
async fn max_age_is_checked_and_not_only_asked_for(#[case] auth_time: Value, #[case] good: bool) {
    let provider = provider().await;
    let mut config = config(&provider);
    config.request.max_age = Some(Duration::from_secs(3600));
    let gate = Gate::ready(&[config]).await;
    provider.misbehave(Fault::Claim("auth_time", auth_time));
    assert_eq!(Person::at(&gate).log_in_as("ann").await.is_ok(), good);
    provider.behave();
    provider.misbehave(Fault::NoClaim("auth_time"));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid");
}

#[rstest]
#[case::after_it(json!(crate::harness::now() + 1), true)]
#[case::before_it(json!(crate::harness::now() - 120), false)]
#[case::not_said(Value::Null, false)]
#[tokio::test]
async fn a_login_that_has_to_be_new_is_asked_for_and_checked(
    #[case] auth_time: Value,
    #[case] good: bool,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let demand = LoginDemand { since: Some(crate::harness::now()), ..LoginDemand::default() };
    let home = ReturnTo::home();
    let wish = LoginWish { demand: Some(&demand), ..LoginWish::to(&home) };
    provider.misbehave(Fault::Claim("auth_time", auth_time));
    let mut ann = Person::at(&gate);
    let location = ann.begin_as(&wish).await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let done = ann.finish(&query).await;
    let seen = provider.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    assert_eq!(["prompt", "max_age"].map(|name| seen.parameter(name)), [Some("login"), Some("0")]);
    assert_eq!(done.is_ok(), good);
}

#[tokio::test]
async fn d8_only_the_pinned_algorithms_are_accepted() {
    let provider = provider().await;
    let signing_algorithms = vec![SigningAlgorithm::RS256];
    let gate = Gate::start(&[ProviderConfig { signing_algorithms, ..config(&provider) }]);
    crate::harness::until(|| gate.last_error().contains("announces ES256")).await;

    let both = Fault::Discovery("id_token_signing_alg_values_supported", json!(["RS256", "ES256"]));
    provider.misbehave(both);
    let signing_algorithms = vec![SigningAlgorithm::RS256];
    let gate = Gate::ready(&[ProviderConfig { signing_algorithms, ..config(&provider) }]).await;
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "token-invalid", "it signs with ES256 all the same");
}

#[rstest]
#[case::recent(json!(crate::harness::now() - 600), true)]
#[case::too_long_ago(json!(crate::harness::now() - 1000), false)]
#[case::not_said(Value::Null, false)]
#[tokio::test]
async fn what_a_portal_demands_outweighs_what_every_login_does(
    #[case] auth_time: Value,
    #[case] good: bool,
) {
    let provider = provider().await;
    let mut config = config(&provider);
    config.request.max_age = Some(Duration::from_secs(3600));
    config.request.acr_values = vec!["pwd".to_owned()];
    let gate = Gate::ready(&[config]).await;
    let max_age = Some(Duration::from_secs(900));
    let acr_values = vec!["mfa".to_owned(), "hwk".to_owned()];
    let demand = LoginDemand { acr_values, max_age, ..LoginDemand::default() };
    let home = ReturnTo::home();
    let wish = LoginWish { demand: Some(&demand), ..LoginWish::to(&home) };
    provider.misbehave(Fault::Claim("auth_time", auth_time));
    provider.misbehave(Fault::Claim("acr", json!("hwk")));
    let mut ann = Person::at(&gate);
    let location = ann.begin_as(&wish).await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let done = ann.finish(&query).await;
    let seen = provider.seen().into_iter().find(|seen| seen.path == "/authorize").unwrap();
    let asked = ["acr_values", "max_age"].map(|name| seen.parameter(name));
    assert_eq!(asked, [Some("mfa hwk"), Some("900")]);
    assert_eq!(done.is_ok(), good);
}

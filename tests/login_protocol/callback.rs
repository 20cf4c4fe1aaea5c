//! The way back from the provider: whose answer it is, and that it counts once.

use futures_util::future::join_all;
use http::HeaderMap;
use jsm_gate::auth::{Expiry, LoginError, LoginWish, Meaning, Occasion, Refusal, ReturnTo};
use rstest::rstest;
use sandbox::provider::{Fault, Provider};
use serde_json::{Value, json};
use url::Url;

use crate::harness::{Gate, Person, config, config_of, id, in_time, provider, query, settings};

#[rstest]
#[case::no_query(None, "callback-invalid")]
#[case::no_state(Some("code=x"), "callback-invalid")]
#[case::unknown_state(Some("code=x&state=y"), "login-expired")]
#[case::hostile_state(Some("code=x&state=%00%0d%0a;gate=1"), "login-expired")]
#[tokio::test]
async fn d1_an_answer_nobody_waits_for_is_refused(#[case] query: Option<&str>, #[case] code: &str) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let refused = gate.auth.finish(&id("sandbox"), query, &HeaderMap::new()).await.unwrap_err();
    assert_eq!(refused.error.code(), code);
    assert_eq!(provider.count("/token"), 0, "no code is redeemed");
}

#[tokio::test]
async fn d1_a_login_that_took_too_long_is_refused() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    gate.later(600);
    let refused = ann.finish(&query).await.unwrap_err();
    assert_eq!(refused.error, LoginError::Expired(Expiry::TooOld));
    assert_eq!(refused.return_to.unwrap().as_str(), "/p/it", "they need not look for it again");
}

#[tokio::test]
async fn d2_the_answer_of_one_browser_is_refused_in_another() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let (mut attacker, mut victim) = (Person::at(&gate), Person::at(&gate));
    let location = attacker.begin("/p/it").await.unwrap();
    let query = attacker.at_provider(&location, "bob").await;
    victim.begin("/p/it").await.unwrap();
    let refused = victim.finish(&query).await.unwrap_err();
    assert_eq!(refused.error, LoginError::Expired(Expiry::NotPending));
}

#[tokio::test]
async fn d3_an_answer_at_the_address_of_another_provider_is_refused() {
    let (provider, other) = (provider().await, Provider::start(settings()).await.unwrap());
    let gate = Gate::ready(&[config(&provider), config_of("other", other.issuer())]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let refused = gate.auth.finish(&id("other"), Some(&query), &ann.headers()).await.unwrap_err();
    assert_eq!(refused.error.code(), "issuer-mismatch");
    assert_eq!(other.count("/token"), 0, "the code is not given away");
}

#[rstest]
#[case::of_another(Fault::CallbackIssuer(Some("https://other.example.com".to_owned())))]
#[case::with_a_slash(Fault::CallbackIssuer(Some("http://127.0.0.1/".to_owned())))]
#[case::missing(Fault::CallbackIssuer(None))]
#[tokio::test]
async fn d3_an_answer_without_the_right_issuer_is_refused(#[case] fault: Fault) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(fault);
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "issuer-mismatch");
    assert_eq!(provider.count("/token"), 0);
}

#[tokio::test]
async fn d3_an_issuer_counts_even_where_it_is_not_announced() {
    let provider = provider().await;
    provider.misbehave(Fault::NoIssuerInResponses);
    let gate = Gate::ready(&[config(&provider)]).await;
    Person::at(&gate).log_in_as("ann").await.expect("none announced, none sent");
    provider.misbehave(Fault::CallbackIssuer(Some("https://other.example.com".to_owned())));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), "issuer-mismatch");
}

#[rstest]
#[case("&state=x")]
#[case("&code=x")]
#[case("&iss=x")]
#[case("&error=x&error=y")]
#[tokio::test]
async fn d14_an_answer_that_says_a_thing_twice_is_refused(#[case] more: &str) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let refused = ann.finish(&format!("{query}{more}")).await.unwrap_err();
    assert_eq!(refused.error.code(), "callback-invalid");
    ann.finish(&query).await.expect("the login itself is still pending");
}

#[tokio::test]
async fn d15_only_the_gates_own_parameters_reach_the_provider() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let hostile = "/p/it?scope=all&redirect_uri=https://evil.example.com&acr_values=0";
    let location = Url::parse(&Person::at(&gate).begin(hostile).await.unwrap()).unwrap();
    let mut names: Vec<_> = location.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    let ours = [
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, ours);
    assert!(!location.as_str().contains("evil"));
}

#[tokio::test]
async fn d16_the_same_answer_logs_in_once() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    ann.finish(&query).await.unwrap();
    let again = ann.finish(&query).await.unwrap_err();
    assert_eq!(again.error, LoginError::Expired(Expiry::NotPending));
}

#[tokio::test]
async fn d16_fifty_answers_at_once_are_one_login() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let (headers, sandbox) = (ann.headers(), id("sandbox"));
    let all = (0..50).map(|_| gate.auth.finish(&sandbox, Some(&query), &headers));
    let (done, refused): (Vec<_>, Vec<_>) =
        join_all(all).await.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 49));
    for refused in refused.into_iter().map(Result::unwrap_err) {
        assert_eq!(refused.error, LoginError::Expired(Expiry::Spent));
        assert_eq!(refused.return_to, ReturnTo::parse("/p/it"), "where the page leads on to");
    }
}

/// One browser's cookie with one made-up code after another is one call with the gate's secret.
#[tokio::test]
async fn d16_one_login_redeems_one_code_whatever_is_sent_with_it() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let code = |query: &str| {
        let mut parameters = url::form_urlencoded::parse(query.as_bytes());
        parameters.find(|(name, _)| name == "code").unwrap().1.into_owned()
    };
    let headers = ann.headers();
    for made_up in 0..20 {
        let query = query.replace(&code(&query), &format!("made-up-{made_up}"));
        gate.auth.finish(&id("sandbox"), Some(&query), &headers).await.unwrap_err();
    }
    assert_eq!(provider.count("/token"), 1);
    let refused = gate.auth.finish(&id("sandbox"), Some(&query), &headers).await.unwrap_err();
    assert_eq!(refused.error, LoginError::Expired(Expiry::Spent));
    assert_eq!(provider.count("/token"), 1);
    ann.log_in_as("ann").await.expect("the next login is another one");
}

/// Keycloak 23 announces RFC 9207 and leaves `iss` out of refusals (keycloak#25584); others leave the
/// state out.
#[rstest]
#[case::without_issuer("issuer-mismatch", &["iss"])]
#[case::without_state("callback-invalid", &["iss", "state"])]
#[tokio::test]
async fn what_a_refusal_of_nobody_known_says_is_kept_for_the_help_desk(
    #[case] code: &str,
    #[case] left_out: &[&str],
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = Url::parse(&ann.begin("/p/it").await.unwrap()).unwrap();
    let state = location.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let answer = [
        ("error", "access_denied"),
        ("error_description", "The user cancelled"),
        ("state", &state),
        ("iss", provider.issuer()),
    ];
    let answer = answer.into_iter().filter(|(name, _)| !left_out.contains(name));
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
    let refused = ann.finish(&query).await.unwrap_err();
    assert_eq!(refused.error.code(), code);
    let told = refused.error.to_string();
    assert!(told.contains("access_denied: The user cancelled"), "{told}");
    assert!(!told.contains(&state), "{told}");
}

#[rstest]
#[case::nothing_announced(json!(null), "login")]
#[case::choosing_announced(json!(["none", "login", "select_account"]), "select_account")]
#[case::login_announced(json!(["none", "login", "consent"]), "login")]
#[case::odd(json!("login"), "login")]
#[tokio::test]
async fn whoever_wants_another_account_is_asked_by_the_provider(
    #[case] announced: Value,
    #[case] expected: &str,
) {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("prompt_values_supported", announced));
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let prompt = |location: &str| {
        let url = Url::parse(location).unwrap();
        url.query_pairs().find(|(name, _)| name == "prompt").map(|(_, value)| value.into_owned())
    };
    assert_eq!(prompt(&ann.begin("/p/it").await.unwrap()), None);
    let home = ReturnTo::home();
    let wish = LoginWish { occasion: Occasion::AnotherAccount, ..LoginWish::to(&home) };
    assert_eq!(prompt(&ann.begin_as(&wish).await.unwrap()).as_deref(), Some(expected));
}

#[tokio::test]
async fn e7_the_providers_refusal_is_told_short_and_plain() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let form = ann.browser.get(&location).await;
    let request = form.field("request").unwrap();
    let action = form.url.join("/login").unwrap();
    let cancel = [("request", request.as_str()), ("cancel", "1")];
    let page = ann.browser.post(action.as_str(), &cancel).await;
    let refused = ann.finish(&query(&page)).await.unwrap_err();
    let expected = LoginError::ProviderRefused(Refusal {
        error: "access_denied".to_owned(),
        description: Some("The login was cancelled.".to_owned()),
        meaning: Meaning::Cancelled,
    });
    assert_eq!(refused.error, expected);
}

#[rstest]
#[case::used_code(400, "invalid_grant", "login-expired")]
#[case::wrong_secret(401, "invalid_client", "client-rejected")]
#[case::not_allowed(400, "unauthorized_client", "client-rejected")]
#[case::something_else(400, "server_error", "token-response")]
#[tokio::test]
async fn a_refusal_of_the_token_endpoint_says_whose_fault_it_is(
    #[case] status: u16,
    #[case] error: &str,
    #[case] code: &str,
    #[values(json!(null), json!("words"), json!(["words"]), json!(7))] description: Value,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let answer = json!({ "error": error, "error_description": description, "error_uri": {} });
    provider.misbehave(Fault::TokenAnswer(status, answer));
    let refused = Person::at(&gate).log_in_as("ann").await.unwrap_err();
    assert_eq!(refused.error.code(), code);
}

#[tokio::test]
async fn a_provider_that_goes_away_during_a_login_does_not_end_it() {
    let mut provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    provider.stop().await;
    let refused = ann.finish(&query).await.unwrap_err();
    assert_eq!(refused.error.code(), "provider-unreachable");
    provider.resume().await.unwrap();
    ann.finish(&query).await.expect("reloading the page is enough");
}

#[tokio::test]
async fn g9_a_token_endpoint_that_hangs_ends_in_a_refusal() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(Fault::SlowToken(std::time::Duration::from_secs(600)));
    let refused = in_time(Person::at(&gate).log_in_as("ann")).await.unwrap_err();
    assert_eq!(refused.error.code(), "provider-unreachable");
}

#[tokio::test]
async fn g11_no_sentence_for_the_log_holds_a_secret() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    provider.misbehave(Fault::BadSignature);
    let mut ann = Person::at(&gate);
    let location = ann.begin("/p/it").await.unwrap();
    let query = ann.at_provider(&location, "ann").await;
    let refused = ann.finish(&query).await.unwrap_err();
    let told = format!("{} {:?}", refused.error, refused.error);
    for secret in url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "iss") {
        assert!(!told.contains(&*secret.1), "{told}");
    }
}

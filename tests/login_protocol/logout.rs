//! Logout at the provider too (RP-initiated logout 1.0), the single sign-on it ends, and the tokens
//! that are given back (RFC 7009).

use http::{HeaderMap, StatusCode};
use jsm_gate::auth::{
    FrontChannel, LoggedOut, LoginDone, LogoutFault, LogoutStart, ReturnTo, Tokens,
};
use jsm_gate::domain::ProviderId;
use jsm_gate::session::SessionSelector;
use rstest::rstest;
use sandbox::provider::{Fault, Provider};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::harness::{GATE, Gate, Person, config, id, provider, tokens_of};

/// The provider whose session has ended too.
fn ended_at(after: &LoggedOut) -> Option<&ProviderId> {
    after.provider.as_ref().filter(|_| after.is_done)
}

/// The way out and back: what the gate makes of the browser that returns.
async fn log_out(gate: &Gate, ann: &mut Person<'_>, done: &LoginDone) -> (Url, LoggedOut) {
    let return_to = ReturnTo::parse("/p/it?a=b").unwrap();
    let start = gate.auth.log_out(&id("sandbox"), &tokens_of(&done.login).id, &return_to).unwrap();
    ann.browser.keep("localhost", &start.set_cookie.unwrap());
    let back = ann.browser.get(&start.location).await.location().unwrap();
    let after = gate.auth.after_logout(back.query(), &ann.headers());
    ann.browser.keep("localhost", after.set_cookie.as_ref().unwrap());
    (back, after)
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let done = ann.log_in_as("ann").await.unwrap();
    let location = ann.begin("/").await.unwrap();
    let silent = ann.browser.get(&location).await;
    assert!(silent.location().is_some(), "a second login asks nothing");

    let (back, after) = log_out(&gate, &mut ann, &done).await;
    assert!(back.as_str().starts_with(&format!("{GATE}/_gate/logged-out?state=")), "{back}");
    assert_eq!(ended_at(&after), Some(&id("sandbox")));
    assert_eq!(after.return_to.as_str(), "/p/it?a=b");
    let seen = provider.seen().pop().unwrap();
    assert_eq!(seen.parameter("id_token_hint"), Some(tokens_of(&done.login).id.expose_secret()));
    assert_eq!(seen.parameter("client_id"), Some("jsm-gate"));
    assert!(seen.parameter("state").unwrap().len() >= 22, "128 bits");

    let again = gate.auth.after_logout(back.query(), &ann.headers());
    assert_eq!((ended_at(&again), again.set_cookie.as_ref()), (None, None), "told twice");
    let location = ann.begin("/").await.unwrap();
    let form = ann.browser.get(&location).await;
    assert_eq!(form.status, StatusCode::OK, "now the login form is shown again");
}

#[rstest]
#[case::oidcc_client_test_rp_init_logout_other_state(Some("other"))]
#[case::oidcc_client_test_rp_init_logout_no_state(None)]
#[tokio::test]
async fn a_browser_that_comes_back_with_another_state_is_told_of_the_gate_alone(
    #[case] state: Option<&str>,
) {
    let provider = provider().await;
    provider.misbehave(Fault::LogoutState(state.map(str::to_owned)));
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let done = ann.log_in_as("ann").await.unwrap();
    let (_, after) = log_out(&gate, &mut ann, &done).await;
    assert_eq!(ended_at(&after), None);
    assert_eq!(after.return_to.as_str(), "/p/it?a=b");
    assert!(ann.browser.cookie_names("localhost").iter().all(|name| !name.contains("logout")));
}

#[rstest]
#[case::no_cookie("", "state=x")]
#[case::rubbish("gate-logout=rubbish", "state=x")]
#[case::no_query("gate-logout=rubbish", "")]
#[tokio::test]
async fn a_stranger_at_the_post_logout_address_is_told_nothing(
    #[case] cookie: &str,
    #[case] query: &str,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let headers = HeaderMap::from_iter([(http::header::COOKIE, cookie.parse().unwrap())]);
    let after = gate.auth.after_logout(Some(query), &headers);
    assert_eq!((ended_at(&after), &after.return_to), (None, &ReturnTo::home()));
}

#[tokio::test]
async fn d14_a_state_that_is_there_twice_counts_as_none() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let start = gate.auth.log_out(&id("sandbox"), &SecretString::default(), &ReturnTo::home());
    let LogoutStart { location, set_cookie } = start.unwrap();
    let location = Url::parse(&location).unwrap();
    let (_, state) = location.query_pairs().find(|(name, _)| name == "state").unwrap();
    let cookie = set_cookie.unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let headers = HeaderMap::from_iter([(http::header::COOKIE, cookie.parse().unwrap())]);
    let after = |query: &str| gate.auth.after_logout(Some(query), &headers).is_done;
    assert!(after(&format!("state={state}")));
    assert!(!after(&format!("state={state}&state={state}")));
}

#[tokio::test]
async fn a_provider_without_logout_has_no_address_for_it() {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("end_session_endpoint", Value::Null));
    let gate = Gate::ready(&[config(&provider)]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    let tokens = tokens_of(&done.login);
    assert!(gate.auth.log_out(&id("sandbox"), &tokens.id, &ReturnTo::home()).is_none());
}

#[tokio::test]
async fn a_hint_too_long_for_an_address_is_left_out() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let long = SecretString::from("x".repeat(7000));
    let start = gate.auth.log_out(&id("sandbox"), &long, &ReturnTo::home()).unwrap();
    assert!(!start.location.contains("id_token_hint") && start.location.contains("client_id"));
}

/// The tokens that a login with these scopes leaves, and what of them the provider is given back.
async fn given_back(provider: &Provider, scopes: &[&str]) -> (Tokens, Vec<(String, String)>) {
    let mut config = config(provider);
    config.request.scopes.extend(scopes.iter().map(|&scope| scope.to_owned()));
    let gate = Gate::ready(&[config]).await;
    let done = Person::at(&gate).log_in_as("ann").await.unwrap();
    let tokens = tokens_of(&done.login);
    gate.auth.revoke(&id("sandbox"), &tokens).await;
    let seen = provider.seen().into_iter().filter(|seen| seen.path == "/revoke");
    let given = seen.map(|seen| {
        assert!(seen.authorization.as_ref().unwrap().starts_with("Basic "));
        ["token", "token_type_hint"].map(|name| seen.parameter(name).unwrap().to_owned()).into()
    });
    (tokens, given.collect())
}

fn shown(token: Option<SecretString>) -> String {
    token.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn a_refresh_token_is_revoked_and_with_it_the_access_token() {
    let (tokens, given) = given_back(&provider().await, &["offline_access"]).await;
    assert!(tokens.access.is_none(), "kept for nothing");
    assert_eq!(given, [(shown(tokens.refresh), "refresh_token".to_owned())]);
}

#[tokio::test]
async fn without_a_refresh_token_the_access_token_is_revoked() {
    let (tokens, given) = given_back(&provider().await, &[]).await;
    assert!(tokens.refresh.is_none());
    assert_eq!(given, [(shown(tokens.access), "access_token".to_owned())]);
}

#[tokio::test]
async fn where_nothing_can_be_revoked_no_access_token_is_kept() {
    let provider = provider().await;
    provider.misbehave(Fault::Discovery("revocation_endpoint", Value::Null));
    let (tokens, given) = given_back(&provider, &[]).await;
    assert!(tokens.access.is_none() && tokens.refresh.is_none());
    assert_eq!(given, []);
}

#[rstest]
#[case::oidcc_client_test_rp_frontchannel_rpinitlogout("iss=ISS&sid=s", Ok(true))]
#[case::oidcc_client_test_rp_frontchannel_opinitlogout("sid=s&iss=ISS&x=y", Ok(true))]
#[case::neither("", Ok(false))]
#[case::other_issuer("iss=https://other.example.com&sid=s", Err(LogoutFault::Issuer))]
#[case::issuer_with_slash("iss=ISS/&sid=s", Err(LogoutFault::Issuer))]
#[case::no_issuer("sid=s", Err(LogoutFault::Request("iss and sid belong together")))]
#[case::no_session("iss=ISS", Err(LogoutFault::Request("iss and sid belong together")))]
#[case::empty_session("iss=ISS&sid=", Err(LogoutFault::Request("iss and sid belong together")))]
#[case::two_sessions(
    "iss=ISS&sid=a&sid=b",
    Err(LogoutFault::Request("a parameter is given twice"))
)]
#[tokio::test]
async fn d13_a_page_of_the_providers_names_one_session_or_none(
    #[case] query: &str,
    #[case] expected: Result<bool, LogoutFault>,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let query = query.replace("ISS", provider.issuer());
    let asked = gate.auth.front_channel(&id("sandbox"), Some(&query));
    let named = asked.map(|asked| match asked {
        FrontChannel::Named(selector) => {
            assert_eq!(selector, SessionSelector::AtProvider(id("sandbox"), "s".to_owned()));
            true
        }
        FrontChannel::ThisBrowser => false,
    });
    assert_eq!(named, expected);
}

//! The authorization request: the address that a browser is sent to, and the secrets that the
//! answer is checked against. Must not know browsers.

use std::time::Duration;

use http::StatusCode;
use openidconnect::{CsrfToken, Nonce, PkceCodeChallenge};
use serde::Deserialize;
use url::Url;

use super::client_auth;
use super::discovery::Discovered;
use super::error::LoginError;
use super::error_answer::ErrorAnswer;
use super::login::{LoginWish, Occasion};
use super::provider::Provider;
use crate::config::ResponseMode;
use crate::domain::LoginDemand;

type Parameters = Vec<(&'static str, String)>;

/// A new request.
pub(super) struct Request {
    pub(super) location: String,
    /// State, nonce and PKCE verifier: 128, 128 and 256 random bits.
    pub(super) secrets: [String; 3],
}

impl Request {
    /// The authorization code flow, always with `state`, `nonce` and PKCE S256 (RFC 9700 section
    /// 2.1.1). Nothing that a customer sent becomes a parameter (docs/security.md D15), except the
    /// address they typed, as a hint.
    pub(super) async fn new(
        provider: &Provider,
        discovered: &Discovered,
        wish: &LoginWish<'_>,
    ) -> Result<Self, LoginError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, nonce) = (CsrfToken::new_random(), Nonce::new_random());
        let mut parameters = vec![
            ("response_type", "code".to_owned()),
            ("redirect_uri", provider.redirect().to_owned()),
            ("state", state.secret().clone()),
            ("code_challenge", challenge.as_str().to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ];
        if provider.config.oauth2.is_none() {
            parameters.push(("nonce", nonce.secret().clone()));
        }
        parameters.extend(wish.login_hint.map(|email| ("login_hint", email.to_string())));
        parameters.extend(configured(provider, wish.demand));
        let prompt = prompt(provider, discovered, wish);
        parameters.extend(prompt.map(|prompt| ("prompt", prompt)));
        let location = match &discovered.pushed {
            None => address(provider, discovered, parameters),
            Some(endpoint) => {
                let reference = push(provider, discovered, endpoint, parameters).await?;
                address(provider, discovered, vec![("request_uri", reference)])
            }
        };
        let secrets = [state.into_secret(), nonce.secret().clone(), verifier.into_secret()];
        Ok(Self { location: location.into(), secrets })
    }
}

/// The parameters from the configuration. What a portal demands outweighs what every login asks
/// for.
fn configured(provider: &Provider, demand: Option<&LoginDemand>) -> Parameters {
    let request = &provider.config.request;
    let acr_values =
        demand.map(LoginDemand::acr_values_to_ask_for).filter(|values| !values.is_empty());
    let max_age = demand.and_then(|demand| demand.max_age).or(request.max_age);
    // A login of its own, whatever is remembered. Without `max_age` providers need not tell when it was.
    let anew = demand.and_then(|demand| demand.since).map(|_| Duration::ZERO);
    let max_age = anew.or(max_age);
    let list = |values: &[String]| (!values.is_empty()).then(|| values.join(" "));
    let form_post = request.response_mode == ResponseMode::FormPost;
    [
        ("scope", list(&request.scopes)),
        ("response_mode", form_post.then(|| "form_post".to_owned())),
        ("acr_values", list(acr_values.unwrap_or(&request.acr_values))),
        ("max_age", max_age.map(|age| age.as_secs().to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

/// `prompt` as configured. Whoever has to prove anew who they are is asked for a login. For another account it is the value by which the provider lets people
/// choose an account, or at least asks who they are (OpenID Connect Core 1.0 section 3.1.2.1).
fn prompt(provider: &Provider, discovered: &Discovered, wish: &LoginWish<'_>) -> Option<String> {
    let request = &provider.config.request;
    if wish.demand.is_some_and(|demand| demand.since.is_some()) && provider.config.oauth2.is_none()
    {
        return Some("login".to_owned());
    }
    if wish.occasion != Occasion::AnotherAccount {
        return request.prompt.clone();
    }
    let metadata = &discovered.metadata;
    let announced = ["select_account", "login"].into_iter().find(|value| metadata.prompts(value));
    Some(announced.unwrap_or(request.account_prompt).to_owned())
}

/// The address for the browser. The authorization endpoint may have a query already. The provider's
/// own parameters go there, or into the pushed request.
fn address(provider: &Provider, discovered: &Discovered, parameters: Parameters) -> Url {
    let mut url = discovered.metadata.authorization_endpoint.clone();
    let mut query = url.query_pairs_mut();
    query.append_pair("client_id", &provider.config.client_id).extend_pairs(parameters);
    if discovered.pushed.is_none() {
        query.extend_pairs(&provider.config.request.parameters);
    }
    drop(query);
    url
}

/// Sends the request to the provider beforehand, so that no browser can read or change it (RFC
/// 9126).
async fn push(
    provider: &Provider,
    discovered: &Discovered,
    endpoint: &Url,
    mut parameters: Parameters,
) -> Result<String, LoginError> {
    #[derive(Deserialize)]
    struct Pushed {
        request_uri: String,
    }
    parameters.push(("client_id", provider.config.client_id.clone()));
    let own = provider.config.request.parameters.iter();
    let own = own.map(|(name, value)| (name.as_str(), value.clone()));
    let all: Vec<(&str, String)> = parameters.into_iter().chain(own).collect();
    let request = client_auth::form(provider, discovered, endpoint.as_str(), &all);
    let unsigned = || LoginError::RequestRefused("the request could not be signed".to_owned());
    let answer = provider.http.send(request.ok_or_else(unsigned)?).await;
    let answer = answer.map_err(|error| LoginError::ProviderUnreachable {
        provider: provider.id().clone(),
        reason: format!("{endpoint} cannot be reached: {error}"),
    })?;
    if matches!(answer.status(), StatusCode::CREATED | StatusCode::OK)
        && let Ok(pushed) = serde_json::from_slice::<Pushed>(answer.body())
    {
        return Ok(pushed.request_uri);
    }
    Err(refusal(provider, answer.status(), answer.body()))
}

/// RFC 9126 section 2.3.
fn refusal(provider: &Provider, status: StatusCode, body: &[u8]) -> LoginError {
    match ErrorAnswer::read(body) {
        None => {
            LoginError::RequestRefused(format!("the endpoint of pushed requests said {status}"))
        }
        Some(answer) if answer.is_of_client() => {
            LoginError::ClientRejected { provider: provider.id().clone(), reason: answer.reason }
        }
        Some(answer) => LoginError::RequestRefused(answer.reason),
    }
}

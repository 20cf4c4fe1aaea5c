//! The stand-in provider's authorization endpoint and login form.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::faults::Fault;
use super::page;
use super::state::{Grant, Login, Shared};

/// The single sign-on cookie: a second login at this provider asks nothing.
pub(super) const COOKIE: &str = "sandbox_login";

/// What the login form posts.
#[derive(Debug, Deserialize)]
pub(super) struct LoginForm {
    /// The query of the authorization request.
    request: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    /// Present when the customer cancels.
    cancel: Option<String>,
}

/// `GET /authorize` (OpenID Connect Core 1.0 section 3.1.2.1).
pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Response {
    shared.state().saw("/authorize", &parameters, None);
    let parameters = pulled(&shared, parameters);
    let request = match Request::parse(&shared, parameters) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    let known = login_cookie(&headers).and_then(|login| shared.state().logged_in(login));
    let heeds = !shared.state().faults.contains(&Fault::IgnoredPrompt);
    match (known, request.get("prompt").filter(|_| heeds)) {
        (Some(login), None | Some("none" | "consent")) => request.grant(&shared, &login),
        (None, Some("none")) => request.refuse(&shared, "login_required", "Nobody is logged in."),
        _ => Html(page::login(&shared.settings.users, &request.query(), None)).into_response(),
    }
}

/// `POST /login`: the form of the page.
pub(super) async fn log_in(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<LoginForm>,
) -> Response {
    shared.state().saw("/login", &[("username".to_owned(), form.username.clone())], None);
    let parameters = form_urlencoded::parse(form.request.as_bytes()).into_owned().collect();
    let request = match Request::parse(&shared, parameters) {
        Ok(request) => request,
        Err(response) => return *response,
    };
    if form.cancel.is_some() {
        return request.refuse(&shared, "access_denied", "The login was cancelled.");
    }
    let Some(user) = shared.authenticate(&form.username, &form.password) else {
        let page = page::login(&shared.settings.users, &form.request, Some("Wrong password."));
        return (StatusCode::UNAUTHORIZED, Html(page)).into_response();
    };
    let (value, login) = shared.state().log_in(&user.username);
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], request.grant(&shared, &login)).into_response()
}

/// The request that was pushed, if the browser brings its reference (RFC 9126 section 4).
fn pulled(shared: &Shared, parameters: Vec<(String, String)>) -> Vec<(String, String)> {
    let reference = parameters.iter().find(|(name, _)| name == "request_uri");
    let pushed = reference.and_then(|(_, reference)| shared.state().pull(reference));
    pushed.unwrap_or(parameters)
}

/// The value of the single sign-on cookie.
pub(super) fn login_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

/// An authorization request that may be answered at its redirect address.
struct Request {
    parameters: Vec<(String, String)>,
    redirect_uri: String,
    challenge: String,
}

impl Request {
    /// An unknown client or redirect address is told to the customer, never to that address
    /// (RFC 6749 section 4.1.2.1). This provider insists on PKCE.
    fn parse(shared: &Shared, parameters: Vec<(String, String)>) -> Result<Self, Box<Response>> {
        let get = |name: &str| {
            parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let bad = |text: &str| {
            let page = page::message("This login request is not valid", text);
            Box::new((StatusCode::BAD_REQUEST, Html(page)).into_response())
        };
        if get("client_id").as_deref() != Some(&shared.settings.client_id) {
            return Err(bad("There is no such client_id."));
        }
        let redirect_uri = get("redirect_uri").ok_or_else(|| bad("redirect_uri is missing."))?;
        let registered = &shared.settings.redirect_uris;
        if !registered.is_empty() && !registered.contains(&redirect_uri) {
            return Err(bad("This redirect_uri is not registered."));
        }
        let s256 = get("code_challenge_method").as_deref() == Some("S256");
        let challenge = get("code_challenge").filter(|_| s256);
        let scope = get("scope").unwrap_or_default();
        let openid = shared.settings.plain_oauth2 || scope.split(' ').any(|s| s == "openid");
        let code = get("response_type").as_deref() == Some("code");
        match challenge {
            Some(challenge) if openid && code => Ok(Self { parameters, redirect_uri, challenge }),
            _ => Err(bad("It must ask for a code, the scope openid and PKCE with S256.")),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.parameters).finish()
    }

    fn grant(&self, shared: &Shared, login: &Login) -> Response {
        let scope = self.get("scope").unwrap_or_default();
        let code = shared.state().issue_code(Grant {
            username: login.username.clone(),
            redirect_uri: self.redirect_uri.clone(),
            nonce: self.get("nonce").map(str::to_owned),
            challenge: self.challenge.clone(),
            sid: login.sid.clone(),
            offline: scope.split(' ').any(|scope| scope == "offline_access"),
        });
        self.answer(shared, &[("code", &code)])
    }

    fn refuse(&self, shared: &Shared, error: &str, description: &str) -> Response {
        self.answer(shared, &[("error", error), ("error_description", description)])
    }

    fn answer(&self, shared: &Shared, parameters: &[(&str, &str)]) -> Response {
        let issuer = callback_issuer(shared);
        let own = [("state", self.get("state")), ("iss", issuer.as_deref())];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let all: Vec<_> = parameters.iter().copied().chain(own).collect();
        if self.get("response_mode") == Some("form_post") {
            return Html(page::form_post(&self.redirect_uri, &all)).into_response();
        }
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return StatusCode::BAD_REQUEST.into_response();
        };
        url.query_pairs_mut().extend_pairs(all);
        (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(url))]).into_response()
    }
}

fn callback_issuer(shared: &Shared) -> Option<String> {
    let mut issuer = Some(shared.issuer.clone()).filter(|_| !shared.settings.plain_oauth2);
    for fault in &shared.state().faults {
        match fault {
            Fault::CallbackIssuer(other) => issuer.clone_from(other),
            Fault::NoIssuerInResponses => issuer = None,
            _ => {}
        }
    }
    issuer
}

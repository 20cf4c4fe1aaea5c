//! Where answers of identity providers arrive: the login that they belong to, the account that they name, and
//! the new session. It must not know how an answer is checked.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::post;
use axum::{Form, Router};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use super::super::cookies::{SESSION_COOKIE, cookie};
use super::super::redirect::found;
use super::super::state::{App, Shared};
use super::judge::{self, Expected};
use super::login_page::{CONSUMER, fragment_name, session_data_name};
use super::sessions::new_id;
use super::signature::TrustedKey;
use super::{JiraSession, Requested, uuid};

pub(super) fn routes() -> Router<App> {
    Router::new().route(CONSUMER, post(consume))
}

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "SAMLResponse")]
    response: String,
    #[serde(rename = "RelayState", default)]
    relay_state: String,
}

async fn consume(
    State(app): State<App>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if !app.settings.saml_login {
        return StatusCode::NOT_FOUND.into_response();
    }
    let requested = requested(&app, &headers, &fields.relay_state);
    match accept(&app, &headers, &fields.response, requested.as_ref()) {
        Ok(user) => {
            let target = requested.and_then(|it| it.target).unwrap_or_default();
            let fragment = cookie(&headers, &fragment_name(&fields.relay_state));
            let fragment =
                fragment.map(|it| percent_decode_str(&it).decode_utf8_lossy().into_owned());
            log_in(&app, &headers, &user, &format!("{target}{}", fragment.unwrap_or_default()))
        }
        Err(Refused { status, why }) => refuse(&app, status, &why),
    }
}

/// The login that this browser began under this name.
fn requested(app: &Shared, headers: &HeaderMap, relay_state: &str) -> Option<Requested> {
    let is_of_browser = cookie(headers, &session_data_name(relay_state)).is_some();
    app.change(|state| is_of_browser.then(|| state.saml.take(relay_state)).flatten())
}

struct Refused {
    status: StatusCode,
    why: String,
}

impl From<String> for Refused {
    fn from(why: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, why }
    }
}

/// The account that an answer names, once all of it is right.
fn accept(
    app: &Shared,
    headers: &HeaderMap,
    response: &str,
    requested: Option<&Requested>,
) -> Result<String, Refused> {
    let xml = BASE64_STANDARD.decode(response).ok().and_then(|xml| String::from_utf8(xml).ok());
    let xml = xml.ok_or_else(|| "SAML Response could not be processed".to_owned())?;
    let (request_url, audience) = (request_url(app, headers), app.base_url());
    let (provider, now) = app.change(|state| {
        let saml = &state.saml;
        let provider = if let Some(requested) = requested {
            saml.identity_provider(requested.identity_provider)
        } else {
            let issuer = judge::issuer(&xml);
            let mut enabled = saml.identity_providers.iter().filter(|it| it.enabled);
            enabled.find(|it| Some(&it.sso_issuer) == issuer.as_ref())
        };
        (provider.cloned(), saml.now())
    });
    let provider = provider.ok_or_else(|| Refused {
        status: StatusCode::NOT_FOUND,
        why: "could not find enabled IDP".to_owned(),
    })?;
    let key = TrustedKey::from_pem(&provider.certificate);
    let key = key.ok_or_else(|| "the certificate cannot be read".to_owned())?;
    let judged = judge::judge(
        &xml,
        &Expected {
            key: &key,
            issuer: &provider.sso_issuer,
            audience: &audience,
            request_url: &request_url,
            request_id: requested.map(|it| it.request_id.as_str()),
            now,
        },
    )?;
    use_up(app, &judged.assertion_id)?;
    let user = judged.username(&provider.username_attribute)?;
    may_log_in(app, &user)?;
    Ok(user)
}

/// As Tomcat builds it: the scheme is its connector's, the host is the request's.
fn request_url(app: &Shared, headers: &HeaderMap) -> String {
    let base = app.base_url();
    let own = base.split_once("://").map_or("http", |(scheme, _)| scheme).to_owned();
    let scheme = app.change(|state| state.saml.scheme.clone()).unwrap_or(own);
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    format!("{scheme}://{host}{}{CONSUMER}", app.context_path())
}

fn use_up(app: &Shared, assertion_id: &str) -> Result<(), String> {
    app.change(|state| {
        let used = &mut state.saml.used;
        if used.iter().any(|id| id == assertion_id) {
            return Err(format!("Assertion with the id {assertion_id} has already been used"));
        }
        used.push(assertion_id.to_owned());
        Ok(())
    })
}

/// Someone who is switched off does not exist, either.
fn may_log_in(app: &Shared, user: &str) -> Result<(), String> {
    let exists = app.change(|state| state.people.account(user).is_some_and(|it| it.active));
    if exists {
        Ok(())
    } else {
        Err(format!("Received SSO request for user {user}, but the user does not exist"))
    }
}

/// Ends the session that the browser came with and begins another.
fn log_in(app: &Shared, headers: &HeaderMap, user: &str, target: &str) -> Response {
    let id = new_id();
    app.change(|state| {
        if let Some(before) = cookie(headers, SESSION_COOKIE) {
            state.saml.sessions.remove(&before);
        }
        let session = JiraSession { user: Some(user.to_owned()) };
        state.saml.sessions.insert(id.clone(), session);
    });
    let base = app.base_url();
    let mut response = found(&format!("{base}{target}"));
    let path = if app.context_path().is_empty() { "/" } else { app.context_path() };
    let secure = if base.starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={id}; Path={path}; HttpOnly{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The page tells nothing; the log does.
fn refuse(app: &Shared, status: StatusCode, why: &str) -> Response {
    let name = uuid();
    app.change(|state| state.saml.log.push(format!("[{name}] {why}")));
    let page = format!(
        "<!DOCTYPE html>\n<html><head><title>We can't log you in right now</title></head><body>\
         <h1>We can't log you in right now</h1><p>Ask your Jira administrator, and tell them {name}.\
         </p></body></html>\n"
    );
    (status, Html(page)).into_response()
}

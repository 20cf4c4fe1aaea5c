//! The pages that log in: which ways there are, and the request that sends a browser to an identity provider.
//! It must not know how an answer is checked.

use std::io::Write as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::form_urlencoded;

use super::super::api::ask::Asked;
use super::super::pages;
use super::super::redirect::found;
use super::super::state::{App, Shared};
use super::super::visitor::Visitor;
use super::sessions::user_of;
use super::{Gateway, LoginOption, REQUESTED, Requested, uuid};

/// Where answers are posted, below the base address.
pub(super) const CONSUMER: &str = "/plugins/servlet/samlconsumer";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/servicedesk/customer/user/login", get(portal).post(password))
        .route("/login.jsp", get(jira).post(password))
        .route("/plugins/servlet/login", get(chooser))
        .route("/plugins/servlet/external-login/{id}", get(external))
        .route("/plugins/servlet/sso-logout", get(log_out))
}

/// `destination` is an address below the portal's pages unless `absolute` says otherwise.
async fn portal(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked,
) -> Response {
    let absolute = asked.flag("absolute", false);
    let below = if absolute { "" } else { "/servicedesk/customer" };
    let target =
        asked.first("destination").map(|to| format!("{below}/{}", to.trim_start_matches('/')));
    log_in(&app, &visitor, &headers, &asked, (Gateway::Portal, target))
}

async fn jira(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    asked: Asked,
) -> Response {
    let target = asked.first("os_destination").map(|to| format!("/{}", to.trim_start_matches('/')));
    log_in(&app, &visitor, &headers, &asked, (Gateway::Jira, target))
}

fn log_in(
    app: &Shared,
    visitor: &Visitor,
    headers: &HeaderMap,
    asked: &Asked,
    (gateway, target): (Gateway, Option<String>),
) -> Response {
    let asks_for_form =
        ["auth_fallback", "native_login"].iter().any(|it| asked.first(it).is_some());
    let fallback = asked.first("auth_fallback").is_some();
    let options = app.change(|state| state.saml.options(gateway, fallback));
    match options.as_slice() {
        _ if !app.settings.saml_login => form(app, visitor),
        [] => form(app, visitor),
        all if asks_for_form && all.contains(&LoginOption::Form) => form(app, visitor),
        [LoginOption::Form] => form(app, visitor),
        [LoginOption::IdentityProvider(id)] => start(app, headers, *id, target),
        _ => found(&format!("{}/plugins/servlet/login", app.base_url())),
    }
}

fn form(app: &Shared, visitor: &Visitor) -> Response {
    let text = "This is Jira's own login. A customer behind the gate should never see it.";
    pages::message(app, visitor, StatusCode::OK, "Log in to Jira", text)
}

async fn chooser(State(app): State<App>, visitor: Visitor) -> Response {
    let text =
        "This page offers several ways to log in. A customer behind the gate should never see it.";
    pages::message(&app, &visitor, StatusCode::OK, "Choose how to log in", text)
}

/// A password that reaches Jira logs in, whatever its pages show.
async fn password(State(app): State<App>, visitor: Visitor) -> Response {
    let text = "A password has reached Jira.";
    pages::message(&app, &visitor, StatusCode::OK, "Logged in by password", text)
}

/// The way that belongs to one identity provider, for Jira's own login page.
async fn external(
    State(app): State<App>,
    Path(id): Path<u64>,
    headers: HeaderMap,
    asked: Asked,
) -> Response {
    let enabled = app.change(|state| state.saml.identity_provider(id).is_some_and(|it| it.enabled));
    if !enabled || !app.settings.saml_login {
        app.change(|state| state.saml.log.push("could not find enabled IDP".to_owned()));
        return StatusCode::NOT_FOUND.into_response();
    }
    start(&app, &headers, id, asked.first("authDest").map(str::to_owned))
}

/// What the portal shows after a logout when one identity provider is all there is.
async fn log_out(State(app): State<App>, visitor: Visitor) -> Response {
    pages::message(
        &app,
        &visitor,
        StatusCode::OK,
        "Logged out of Jira",
        "You have been logged out.",
    )
}

/// Sends a browser to an identity provider. With a target that is a page whose script keeps the fragment of
/// the address; without one it is a redirect.
fn start(app: &Shared, headers: &HeaderMap, id: u64, target: Option<String>) -> Response {
    let relay_state = uuid();
    // Whoever is logged in and asks for a login may not see a page.
    let again = user_of(app, headers).is_some();
    let has_target = target.is_some();
    let Some(location) = begin(app, &relay_state, (id, again), target) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response =
        if has_target { keeping_fragment(&location, &relay_state) } else { found(&location) };
    if let Ok(cookie) = HeaderValue::from_str(&session_data_cookie(app, &relay_state)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Remembers a login, and returns where the browser brings the request for it.
fn begin(
    app: &Shared,
    relay_state: &str,
    (id, again): (u64, bool),
    target: Option<String>,
) -> Option<String> {
    let request_id = format!("ONELOGIN_{}", uuid());
    let (sso_url, issued) = app.change(|state| {
        let saml = &mut state.saml;
        let sso_url = saml.identity_provider(id)?.sso_url.clone();
        let at = saml.now();
        if again {
            saml.log.push("Looks like permissions violation".to_owned());
        }
        let request_id = request_id.clone();
        let requested = Requested { request_id, identity_provider: id, target, at };
        saml.remember(relay_state, requested);
        Some((sso_url, at.utc()))
    })?;
    let request = request(&app.base_url(), &request_id, &issued, &sso_url, again);
    let separator = if sso_url.contains('?') { '&' } else { '?' };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLRequest", &deflated(&request))
        .append_pair("RelayState", relay_state)
        .finish();
    Some(format!("{sso_url}{separator}{query}"))
}

fn request(base: &str, id: &str, issued: &str, sso_url: &str, again: bool) -> String {
    let force = if again { " ForceAuthn=\"true\"" } else { "" };
    let sso_url = sso_url.replace('&', "&amp;");
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{issued}\"{force} Destination=\"{sso_url}\" \
         ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         AssertionConsumerServiceURL=\"{base}{CONSUMER}\"><saml:Issuer>{base}</saml:Issuer>\
         </samlp:AuthnRequest>"
    )
}

/// Its value is empty: the name is what counts.
fn session_data_cookie(app: &Shared, relay_state: &str) -> String {
    let path = if app.context_path().is_empty() { "/" } else { app.context_path() };
    let age = REQUESTED.as_secs();
    format!(
        "{}=; Path={path}; Max-Age={age}; Secure; HttpOnly; SameSite=None",
        session_data_name(relay_state)
    )
}

/// The name of the cookie that binds a login to the browser that began it.
pub(super) fn session_data_name(relay_state: &str) -> String {
    format!("session-data-{relay_state}")
}

/// The name of the cookie that keeps the fragment of the address that a login leads to.
pub(super) fn fragment_name(relay_state: &str) -> String {
    format!("atlassian-authentication-plugin-url-fragment_{relay_state}")
}

fn keeping_fragment(location: &str, relay_state: &str) -> Response {
    let location = serde_json::Value::from(location).to_string().replace('<', "\\u003C");
    let name = fragment_name(relay_state);
    Html(format!(
        "<!DOCTYPE html>\n<html><head><title>Redirecting</title><script>\n\
         document.cookie = \"{name}=\" + encodeURIComponent(window.location.hash) + \"; path=/\";\n\
         window.location.replace({location});\n</script></head><body></body></html>\n"
    ))
    .into_response()
}

fn deflated(request: &str) -> String {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
    let written = deflate.write_all(request.as_bytes());
    BASE64_STANDARD.encode(written.and_then(|()| deflate.finish()).unwrap_or_default())
}

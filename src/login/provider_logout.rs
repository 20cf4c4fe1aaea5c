//! Logout by the provider: its server says so (back-channel), or a page of its own in the
//! customer's browser (front-channel). It ends sessions and nothing else. Must not decide what to
//! believe: that is for `auth`.

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::StringRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::LoginState;
use crate::audit::{Actor, Kind};
use crate::auth::{FrontChannel, LogoutFault};
use crate::domain::ProviderId;
use crate::problem::Problem;
use crate::session::{SessionEntry, SessionSelector, StoreError};
use crate::web::response::{json_response, with_cookies};
use crate::web::{Caller, FramedBy, foreign_form};

/// `POST /_gate/backchannel-logout/{provider}` (Back-Channel Logout 1.0 sections 2.5 to 2.8).
pub(super) async fn back_channel(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Response {
    let Some(provider) = state.known_provider(&provider) else {
        return state.problem(&Problem::NotFound, &caller);
    };
    let request = match foreign_form::read(&headers, body) {
        Some(form) => state.authenticator.back_channel(&provider, &form).await,
        None => Err(LogoutFault::Request("it is not a form")),
    };
    match request {
        Ok(request) => {
            match end_all(&state, &caller, &request.selector, "back-channel logout").await {
                Ok(_) => {
                    state.authenticator.record_logout(&provider, &request);
                    Response::new(Body::empty())
                }
                Err(error) => failed(&caller, &provider, &error),
            }
        }
        Err(fault) => refuse(&state, &caller, &provider, fault),
    }
}

/// `GET /_gate/frontchannel-logout/{provider}` (Front-Channel Logout 1.0 section 2).
///
/// Any site can make a browser request this. So it ends the sessions of a `sid` that only the
/// provider and its customer know, or the browser's own session from within a frame. It revokes no
/// token (docs/security.md D13).
pub(super) async fn front_channel(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(provider) = state.known_provider(&provider) else {
        return state.problem(&Problem::NotFound, &caller);
    };
    let selector = match state.authenticator.front_channel(&provider, query.as_deref()) {
        Ok(FrontChannel::Named(selector)) => Some(selector),
        Ok(FrontChannel::ThisBrowser) => None,
        Err(fault) => {
            if state.strangers.may_write(caller.client, "front-channel logout is refused") {
                let request_id = &caller.request_id;
                tracing::warn!(%request_id, %provider, %fault, "front-channel logout is refused");
            }
            return state.problem(&Problem::bad_request(fault.to_string()), &caller);
        }
    };
    let ended = match selector {
        Some(selector) => end_named(&state, &caller, &selector).await,
        None if is_framed(&headers) => end_own(&state, &caller, &provider).await,
        None => Ok(false),
    };
    match ended {
        Ok(own) => framed(&state, &provider, own),
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, %error, "a logout failed");
            state.problem(&Problem::SessionsUnavailable, &caller)
        }
    }
}

/// Ends the sessions of a `sid`. Returns whether this browser's session was among them.
async fn end_named(
    state: &LoginState,
    caller: &Caller,
    selector: &SessionSelector,
) -> Result<bool, StoreError> {
    let ended = end_all(state, caller, selector, "front-channel logout").await?;
    let own = caller.found.session().map(|session| *session.key());
    Ok(own.is_some_and(|key| ended.iter().any(|entry| entry.key == key)))
}

/// Ends the session that this browser has of the provider. Returns whether there was one.
async fn end_own(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
) -> Result<bool, StoreError> {
    let own = caller.found.session().filter(|session| session.identity.provider == *provider);
    let Some(session) = own else { return Ok(false) };
    state.sessions.end(session).await?;
    let event = caller.event(Kind::Logout).about(&session.identity);
    state.audit.note(event.by(Actor::Provider).because("front-channel logout"));
    Ok(true)
}

async fn end_all(
    state: &LoginState,
    caller: &Caller,
    selector: &SessionSelector,
    how: &str,
) -> Result<Vec<SessionEntry>, StoreError> {
    let ended = state.sessions.end_all(selector).await?;
    for entry in &ended {
        let event = caller.event(Kind::Logout).about(&entry.identity);
        state.audit.note(event.by(Actor::Provider).because(how));
        let who = entry.identity.label();
        tracing::info!(request_id = %caller.request_id, who, how, "logged out by the provider");
    }
    Ok(ended)
}

/// Without a frame a link could log a customer out: browsers send the session's cookie with it.
fn is_framed(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest == "iframe" || dest == "frame")
}

fn framed(state: &LoginState, provider: &ProviderId, own_ended: bool) -> Response {
    let mut response = Response::new(Body::from("Logged out.\n"));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response.extensions_mut().insert(FramedBy(state.authenticator.frame_ancestors(provider)));
    if !own_ended {
        return response;
    }
    let response = with_cookies(response, state.sessions.clear_cookie().as_slice());
    with_cookies(response, &state.ending.clear_cookies)
}

fn refuse(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    fault: LogoutFault,
) -> Response {
    if state.strangers.may_write(caller.client, "back-channel logout is refused") {
        let request_id = &caller.request_id;
        tracing::warn!(%request_id, %provider, %fault, "back-channel logout is refused");
    }
    let error = json!({ "error": "invalid_request", "error_description": fault.to_string() });
    json_response(StatusCode::BAD_REQUEST, &error)
}

/// Tells the provider that it failed, by the only status that there is for that (section 2.8).
fn failed(caller: &Caller, provider: &ProviderId, error: &StoreError) -> Response {
    tracing::error!(request_id = %caller.request_id, %provider, %error, "back-channel logout failed");
    let words = "the sessions cannot be ended now; send it again";
    let error = json!({ "error": "temporarily_unavailable", "error_description": words });
    json_response(StatusCode::BAD_REQUEST, &error)
}

//! The two ends of a login: off to the provider, and back.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, RawQuery, State};
use axum::response::Response;
use axum::{Extension, body::Body};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::login_problem;
use super::render::{login_path, redirect};
use super::{Caller, PagesState};
use crate::audit::Kind;
use crate::auth::{LoginDone, LoginError, LoginRefused, ReturnTo};
use crate::domain::ProviderId;
use crate::error::Problem;
use crate::session::Found;

/// What `/_gate/login` takes. Nothing of it reaches the provider (threats.md D15).
#[derive(Debug, Default, Deserialize)]
pub(super) struct LoginQuery {
    return_to: Option<String>,
    fragment: Option<String>,
    go: Option<String>,
}

/// `GET /_gate/login?return_to=…`
///
/// A browser is first given a page whose script takes the `#fragment` along, which browsers do not
/// send to servers: it comes back at once with `go`. Everything else goes straight on.
pub(super) async fn begin(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<LoginQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let return_to = query.return_to.as_deref().and_then(ReturnTo::parse);
    let return_to = return_to.unwrap_or_else(ReturnTo::home);
    let return_to = match &query.fragment {
        Some(fragment) => return_to.with_fragment(fragment),
        None => return_to,
    };
    if caller.found.session().is_some() {
        return state.pages.redirect(return_to.as_str());
    }
    if query.go.is_none() && is_navigation(&headers) {
        let target = format!("{}&go=1", login_path(return_to.as_str()));
        let values = context! { target => target, take_fragment => true };
        return state.pages.page(StatusCode::OK, "continue.html", values);
    }
    start(&state, &caller, &return_to, &headers)
}

fn start(
    state: &PagesState,
    caller: &Caller,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Response {
    let Some(provider) = state.authenticator.providers().first() else {
        return state.problem(&Problem::internal(), caller);
    };
    if caller.client.is_some_and(|client| !state.throttle.allows(client)) {
        let problem = Problem::too_many_logins();
        tracing::warn!(request_id = %caller.request_id, client = ?caller.client, "too many logins");
        state.metrics.logged_in(problem.code);
        return state.problem(&problem, caller);
    }
    match state.authenticator.begin(provider.id(), return_to, headers) {
        Ok(start) => {
            state.audit.note(caller.event(Kind::LoginStarted).at_provider(provider.id()));
            with_cookies(redirect(&start.location), &start.set_cookies)
        }
        Err(error) => {
            tracing::warn!(request_id = %caller.request_id, %error, "a login did not start");
            note_refused(state, caller, provider.id(), &error);
            refuse(state, caller, &error, Some(return_to))
        }
    }
}

/// `GET /_gate/callback/{provider}`
pub(super) async fn finish(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(provider) = ProviderId::parse(&provider) else {
        return state.problem(&Problem::not_found(), &caller);
    };
    if state.authenticator.provider(&provider).is_none() {
        return state.problem(&Problem::not_found(), &caller);
    }
    match state.authenticator.finish(&provider, query.as_deref(), &headers).await {
        Ok(done) => log_in(&state, &caller, done).await,
        Err(refused) => turn_away(&state, &caller, &provider, &refused),
    }
}

async fn log_in(state: &PagesState, caller: &Caller, done: LoginDone) -> Response {
    let LoginDone { identity, id_token, return_to, set_cookies } = done;
    let subject = identity.label().to_owned();
    let event = caller.event(Kind::LoginSucceeded).about(&identity);
    let began = match end_earlier(state, caller).await {
        Ok(()) => state.sessions.begin(identity, id_token).await,
        Err(error) => Err(error),
    };
    match began {
        Ok(cookie) => {
            state.metrics.logged_in("ok");
            state.audit.note(event);
            tracing::info!(request_id = %caller.request_id, who = subject, "logged in");
            let response = state.pages.redirect(return_to.as_str());
            with_cookies(with_cookies(response, &set_cookies), &[cookie])
        }
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, %error, "nobody is logged in");
            let event = caller.event(Kind::LoginRefused).by_rule("sessions-unavailable");
            state.audit.note(event.because(error));
            state.problem(&Problem::sessions_unavailable(), caller)
        }
    }
}

/// A login replaces the session the browser came with (threats.md C5).
async fn end_earlier(
    state: &PagesState,
    caller: &Caller,
) -> Result<(), crate::session::StoreError> {
    if let Found::Session(session) = &caller.found {
        state.sessions.end(session).await?;
        let event = caller.event(Kind::SessionEnded).about(&session.identity);
        state.audit.note(event.because("replaced by a new login"));
    }
    Ok(())
}

/// The back button, or a second click, brings an answer of the provider that was used before: who
/// is logged in by now just goes on (threats.md D16).
fn turn_away(
    state: &PagesState,
    caller: &Caller,
    provider: &ProviderId,
    refused: &LoginRefused,
) -> Response {
    let LoginRefused { error, return_to, set_cookies } = refused;
    tracing::warn!(request_id = %caller.request_id, %error, "a login failed");
    note_refused(state, caller, provider, error);
    let response = if error.code() == "login-expired" && caller.found.session().is_some() {
        state.pages.redirect("/")
    } else {
        refuse(state, caller, error, return_to.as_ref())
    };
    with_cookies(response, set_cookies)
}

fn note_refused(state: &PagesState, caller: &Caller, provider: &ProviderId, error: &LoginError) {
    state.metrics.logged_in(error.code());
    let event = caller.event(Kind::LoginRefused).at_provider(provider);
    state.audit.note(event.by_rule(error.code()).because(error));
}

fn refuse(
    state: &PagesState,
    caller: &Caller,
    error: &LoginError,
    return_to: Option<&ReturnTo>,
) -> Response {
    let again = login_path(return_to.map_or("/", ReturnTo::as_str));
    let problem = login_problem::of(error, &state.authenticator);
    state.pages.problem_with(&problem, &caller.viewer(), Some(&again)).map(Body::from)
}

fn is_navigation(headers: &HeaderMap) -> bool {
    let is = |name, value: &str| headers.get(name).is_some_and(|found| found == value);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}

fn with_cookies(mut response: Response, cookies: &[HeaderValue]) -> Response {
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.clone());
    }
    response
}

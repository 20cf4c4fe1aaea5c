//! The end of a login: the provider's answer, in the callback's query or posted as a form. Must not
//! know what proves an answer.

use axum::Extension;
use axum::extract::rejection::StringRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;

use super::start::{
    logout_offer, note_refused, note_too_many, refuse, show_problem, show_problem_with, start,
};
use super::{LoginState, problem, same_account, session, test_login};
use crate::access::Decision;
use crate::audit::Kind;
use crate::auth::{
    LoginDone, LoginError, LoginRefused, LoginWish, Meaning, Occasion, Refusal, ReturnTo,
};
use crate::domain::{Identity, ProviderId};
use crate::problem::Problem;
use crate::web::response::{redirect, with_cookies};
use crate::web::{Brings, Caller, Counted, Viewer, foreign_form};

/// The fields of a posted answer that the gate's own page posts again.
const ANSWER: [&str; 5] = ["state", "code", "iss", "error", "error_description"];

/// `GET /_gate/callback/{provider}`
pub(super) async fn finish(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match state.known_provider(&provider) {
        Some(provider) => end(&state, &caller, &provider, query.as_deref(), &headers).await,
        None => unknown(&state, &caller, &provider),
    }
}

/// `POST /_gate/callback/{provider}` (OAuth 2.0 Form Post Response Mode 1.0).
///
/// The form comes from the provider's page, and browsers send no `SameSite=Lax` cookie with it. The
/// login's cookie could be `None`, but then it would be sent for any site. So the gate answers with
/// a page of its own that posts the same form again. No field is ever in an address, which is the
/// point of `form_post`.
pub(super) async fn finish_posted(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Response {
    let Some(provider) = state.known_provider(&provider) else {
        return unknown(&state, &caller, &provider);
    };
    let Some(body) = foreign_form::read(&headers, body) else {
        return state.problem(&Problem::bad_request("it is not a form"), &caller);
    };
    let again = foreign_form::is_second_post(&body);
    if again || state.authenticator.pending_return_to(&body, &headers).is_some() {
        return end(&state, &caller, &provider, Some(&body), &headers).await;
    }
    let action = format!("/_gate/callback/{provider}");
    state.pages.resubmit(&caller.preferences, &action, &body, &ANSWER)
}

/// The page for an answer at a provider that is not configured.
fn unknown(state: &LoginState, caller: &Caller, provider: &str) -> Response {
    match ProviderId::parse(provider) {
        Ok(id) => refuse(state, caller, &LoginError::UnknownProvider(id), None),
        Err(_) => state.problem(&Problem::NotFound, caller),
    }
}

async fn end(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    answer: Option<&str>,
    headers: &HeaderMap,
) -> Response {
    if let Some(problem) = too_many(state, caller, answer, headers) {
        return problem;
    }
    match state.authenticator.finish(provider, answer, headers).await {
        Ok(done) => log_in(state, caller, done).await,
        Err(refused) if may_begin_again(&refused) => {
            note_refused(state, caller, provider, &refused.error);
            begin_again(state, caller, provider, refused, headers).await
        }
        Err(refused) => turn_away(state, caller, provider, &refused),
    }
}

/// The viewer of a page that answers a callback. An answer counts once, so the page must not ask
/// for itself again.
fn answered(caller: &Caller) -> Viewer<'_> {
    Viewer { brings: Brings::Answer, ..caller.viewer() }
}

/// Only answers to a login of this browser count: any site can send it others.
fn too_many(
    state: &LoginState,
    caller: &Caller,
    answer: Option<&str>,
    headers: &HeaderMap,
) -> Option<Response> {
    let (client, return_to) =
        (caller.client?, state.authenticator.pending_return_to(answer?, headers)?);
    (!state.throttle.allows(client, Counted::Answered)).then(|| {
        let problem = Problem::TooManyLogins;
        note_too_many(state, caller);
        show_problem(state, &answered(caller), &problem, &return_to)
    })
}

/// A login page that stood open for too long is no refusal: Keycloak asks for a new request at
/// once.
fn may_begin_again(refused: &LoginRefused) -> bool {
    let timed_out = |refusal: &Refusal| refusal.meaning == Meaning::TimedOut;
    matches!(&refused.error, LoginError::ProviderRefused(refusal) if timed_out(refusal))
        && refused.may_retry
        && refused.return_to.is_some()
}

/// Sends the browser to the provider again, without asking.
async fn begin_again(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    refused: LoginRefused,
    headers: &HeaderMap,
) -> Response {
    let return_to = refused.return_to.clone().unwrap_or_else(ReturnTo::home);
    let Some(at) = state.authenticator.provider(provider) else {
        return turn_away(state, caller, provider, &refused);
    };
    let (occasion, purpose) = (Occasion::TimedOut, refused.purpose.clone());
    let wish = LoginWish { occasion, purpose, ..LoginWish::to(&return_to) };
    match start(state, caller, at, wish, headers).await {
        Ok((location, cookies)) => {
            with_cookies(with_cookies(redirect(&location), &refused.set_cookies), &cookies)
        }
        Err(response) => *response,
    }
}

async fn log_in(state: &LoginState, caller: &Caller, done: LoginDone) -> Response {
    if !done.purpose.is_session() {
        return test_login::report_success(state, caller, &done).await;
    }
    let another_account = done.another_account;
    let is_same = another_account && same_account::is_of(caller, &done.login.identity);
    let LoginDone { login, return_to, set_cookies, .. } = done;
    let subject = login.identity.label().to_owned();
    let short = falls_short(state, caller, &login.identity, &return_to);
    let event = caller.event(Kind::LoginSucceeded).about(&login.identity);
    match session::begin(state, caller, login).await {
        Ok((session, cookie)) => {
            state.metrics.logged_in("ok");
            state.audit.note(event);
            tracing::info!(request_id = %caller.request_id, who = subject, "logged in");
            let viewer = Viewer { session: Some(&session), ..answered(caller) };
            let response = match short {
                Some(problem) => {
                    let logout = logout_offer(state, &session.identity.provider, another_account);
                    show_problem_with(state, &viewer, &problem, &return_to, logout)
                }
                None if is_same => same_account::page(state, caller, &session, &return_to),
                None => state.pages.redirect(return_to.as_str()),
            };
            let response = with_cookies(with_cookies(response, &set_cookies), &[cookie]);
            with_cookies(response, &state.ending.clear_cookies)
        }
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, %error, "a login succeeded, and its session cannot be stored");
            let event = caller.event(Kind::LoginRefused).by_rule("sessions-unavailable");
            state.audit.note(event.because(error));
            let problem = Problem::SessionsUnavailable;
            let page = show_problem(state, &answered(caller), &problem, &return_to);
            with_cookies(page, &set_cookies)
        }
    }
}

/// Why a login does not lead to where it was made for. The customer has a session nevertheless, and
/// gets a page instead, so that a provider that never meets the demand is asked once and not for ever.
fn falls_short(
    state: &LoginState,
    caller: &Caller,
    identity: &Identity,
    return_to: &ReturnTo,
) -> Option<Problem> {
    let destination = state.destination(return_to)?;
    let decision = destination.decide_about(identity, state.sessions.now());
    let Decision::StepUpNeeded(_) = decision else { return None };
    let event = destination.refused(|kind| caller.event(kind).about(identity), decision);
    let event = event.because("the provider was asked for another login and gave this one");
    state.audit.note_customer(event);
    Some(Problem::StepUpFailed { portal: destination.name().to_owned() })
}

/// The back button, or a second click, brings an answer that was used before. A customer who is
/// logged in by now just goes on (docs/security.md D16).
fn turn_away(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    refused: &LoginRefused,
) -> Response {
    if let Some(tested) = test_login::report_failure(state, caller, provider, refused) {
        return tested;
    }
    let LoginRefused { error, return_to, set_cookies, .. } = refused;
    if state.strangers.may_write(caller.client, "a login failed") {
        tracing::warn!(request_id = %caller.request_id, %error, "a login failed");
    }
    note_refused(state, caller, provider, error);
    let return_to = return_to.clone().unwrap_or_else(ReturnTo::home);
    let goes_on = matches!(error, LoginError::Expired(_)) && caller.found.session().is_some();
    let response = if goes_on {
        state.pages.redirect(return_to.as_str())
    } else {
        let problem = problem::of(error, &state.authenticator, &return_to);
        let logout = logout_offer(state, provider, refused.another_account);
        show_problem_with(state, &answered(caller), &problem, &return_to, logout)
    };
    with_cookies(response, set_cookies)
}

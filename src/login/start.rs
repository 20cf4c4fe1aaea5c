//! What all ways into a login share: starting it at a provider, and reporting that it failed. Must
//! not know which way a customer came.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderValue};

use super::{LoginState, problem};
use crate::access::{Decision, Refusal};
use crate::audit::Kind;
use crate::auth::{LoginError, LoginWish, Provider, ReturnTo};
use crate::domain::ProviderId;
use crate::problem::{Code, Problem};
use crate::web::renderer::{LoginRetry, LogoutOffer};
use crate::web::{Brings, Caller, Counted, Viewer, navigation};

/// Returns where to send the browser and with which cookies, or the page that says why not.
pub(super) async fn start(
    state: &LoginState,
    caller: &Caller,
    provider: &Provider,
    wish: LoginWish<'_>,
    headers: &HeaderMap,
) -> Result<(String, Vec<HeaderValue>), Box<Response>> {
    let elsewhere = navigation::is_from_elsewhere(headers);
    let counted = if elsewhere { Counted::BegunElsewhere } else { Counted::Begun };
    if caller.client.is_some_and(|client| !state.throttle.allows(client, counted)) {
        let problem = Problem::TooManyLogins;
        note_too_many(state, caller);
        return Err(Box::new(state.problem(&problem, caller)));
    }
    let destination = state.destination(wish.return_to);
    let demand = destination.as_ref().map(|destination| &destination.rules().demand);
    let replaces_session = caller.found.session().is_some();
    let wish = LoginWish { replaces_session, demand, ..wish };
    match state.authenticator.begin(provider.id(), &wish, headers).await {
        Ok(start) => {
            let event = caller.event(Kind::LoginStarted);
            state.audit.note_stranger(event.at_provider(provider.id()));
            Ok((start.location, start.set_cookies))
        }
        Err(error) => {
            if state.strangers.may_write(caller.client, "a login did not start") {
                tracing::warn!(request_id = %caller.request_id, %error, "a login did not start");
            }
            note_refused(state, caller, provider.id(), &error);
            Err(Box::new(refuse(state, caller, &error, Some(wish.return_to))))
        }
    }
}

/// A customer who is logged in needs no login, unless where they go wants another or a stronger one.
pub(super) fn needs_login(state: &LoginState, caller: &Caller, return_to: &ReturnTo) -> bool {
    let Some(session) = caller.found.session() else { return true };
    let Some(destination) = state.destination(return_to) else { return false };
    let decision = destination.decide(session, state.sessions.now());
    matches!(decision, Decision::StepUpNeeded(_) | Decision::Refused(Refusal::OtherProvider))
}

/// Counts a login that failed, and records it in the audit trail.
pub(super) fn note_refused(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    error: &LoginError,
) {
    state.metrics.logged_in(error.code().as_str());
    let event = caller.event(Kind::LoginRefused).at_provider(provider);
    let event = event.by_rule(error.code().as_str()).because(error);
    if error.is_of_person() {
        state.audit.note(event);
    } else {
        state.audit.note_stranger(event);
    }
}

/// Counts and records a login that the throttle stopped.
pub(super) fn note_too_many(state: &LoginState, caller: &Caller) {
    let code = Code::TooManyLogins.as_str();
    state.metrics.logged_in(code);
    state.audit.note_stranger(caller.event(Kind::LoginRefused).by_rule(code));
}

/// The page for a login that failed, with a way to try again.
pub(super) fn refuse(
    state: &LoginState,
    caller: &Caller,
    error: &LoginError,
    return_to: Option<&ReturnTo>,
) -> Response {
    let home = ReturnTo::home();
    let return_to = return_to.unwrap_or(&home);
    let problem = problem::of(error, &state.authenticator, return_to);
    show_problem(state, &caller.viewer(), &problem, return_to)
}

/// A page with a way to log in again.
pub(super) fn show_problem(
    state: &LoginState,
    viewer: &Viewer<'_>,
    problem: &Problem,
    return_to: &ReturnTo,
) -> Response {
    show_problem_with(state, viewer, problem, return_to, None)
}

/// The same, with a way to log out at the provider.
pub(super) fn show_problem_with(
    state: &LoginState,
    viewer: &Viewer<'_>,
    problem: &Problem,
    return_to: &ReturnTo,
    logout: Option<LogoutOffer<'_>>,
) -> Response {
    // Nothing of theirs can have arrived by the form of a login: they log in again.
    let brings = if viewer.brings == Brings::Form { Brings::Answer } else { viewer.brings };
    let viewer = &Viewer { brings, ..*viewer };
    let retry = LoginRetry { return_to: return_to.as_str(), logout };
    state.pages.login_problem(problem, viewer, retry).map(Body::from)
}

/// The offer to log out at a provider that was asked for another account. A provider that heeds
/// neither `prompt=login` nor `select_account` gives the same account again until its own session
/// ends.
pub(super) fn logout_offer<'a>(
    state: &'a LoginState,
    provider: &ProviderId,
    another_account: bool,
) -> Option<LogoutOffer<'a>> {
    let provider = state.authenticator.provider(provider).filter(|_| another_account)?;
    let offer = LogoutOffer { provider: provider.id(), name: provider.name() };
    state.authenticator.has_logout(provider.id()).then_some(offer)
}

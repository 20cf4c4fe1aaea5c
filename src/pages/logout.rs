//! Logging out: the gate's session first, then the provider's own.

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use axum::{Extension, Form};
use http::StatusCode;
use http::header::SET_COOKIE;
use minijinja::context;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use super::{Caller, PagesState};
use crate::audit::{Actor, Kind};
use crate::error::Problem;
use crate::session::Session;

/// The token that proves the form is this session's own.
#[derive(Deserialize)]
pub(super) struct LogoutForm {
    token: String,
}

/// `GET /_gate/logout`: a link may ask for it, only a button does it.
pub(super) async fn ask(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let Some(session) = caller.found.session() else {
        return state.pages.redirect("/_gate/logged-out");
    };
    let values =
        context! { who => session.identity.label(), form_token => session.form_token.as_str() };
    state.pages.page(StatusCode::OK, "logout.html", values)
}

/// `POST /_gate/logout`
pub(super) async fn end(
    State(state): State<PagesState>,
    Extension(caller): Extension<Caller>,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Response {
    let Some(session) = caller.found.session() else {
        return state.pages.redirect("/_gate/logged-out");
    };
    let token = form.map(|Form(form)| form.token).unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(session.form_token.as_bytes())) {
        return state.problem(&Problem::stale_form(), &caller);
    }
    if let Err(error) = state.sessions.end(session).await {
        tracing::error!(request_id = %caller.request_id, %error, "a logout failed");
        return state.problem(&Problem::sessions_unavailable(), &caller);
    }
    let event = caller.event(Kind::Logout).about(&session.identity);
    state.audit.note(event.by(Actor::Customer));
    tracing::info!(request_id = %caller.request_id, who = session.identity.label(), "logged out");
    let mut response = go_on(&state, session);
    // Who logs out on purpose is not going round in circles.
    let cookies = [state.sessions.clear_cookie(), state.authenticator.forget_rounds()];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// On to the provider, so that the next login asks again (OpenID Connect RP-Initiated Logout 1.0).
/// By a page and not a redirect: browsers hold the whole chain of redirects after a form against
/// `form-action`, which lets nothing but the gate itself be there.
fn go_on(state: &PagesState, session: &Session) -> Response {
    let provider = &session.identity.provider;
    match state.authenticator.end_session_address(provider, &session.id_token, None) {
        Some(target) => {
            let values = context! { target => target, take_fragment => false };
            state.pages.page(StatusCode::OK, "continue.html", values)
        }
        None => state.pages.redirect("/_gate/logged-out"),
    }
}

/// `GET /_gate/logged-out`
pub(super) async fn done(State(state): State<PagesState>) -> Response {
    state.pages.page(StatusCode::OK, "logged-out.html", context! {})
}

//! Logout by the customer: the gate's session first, then the provider's own. Must not know how a
//! provider logs out: that is for `auth`.

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use axum::{Extension, Form};
use http::{HeaderMap, HeaderValue, StatusCode};
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;

use super::LoginState;
use crate::audit::{Actor, Kind};
use crate::auth::{LoggedOut, LogoutStart, Provider, ReturnTo, Tokens};
use crate::domain::ProviderId;
use crate::problem::Problem;
use crate::session::{Session, StoreError};
use crate::web::Caller;
use crate::web::addresses::{another_account_path, login_path};
use crate::web::renderer::frame;
use crate::web::response::with_cookies;

/// The parameters of `/_gate/logout`.
#[derive(Default, Deserialize)]
pub(super) struct LogoutForm {
    /// Proves that the form is this session's own.
    #[serde(default)]
    token: String,
    /// Where the customer may want to go on.
    return_to: Option<String>,
    /// The provider to log out at, if it is not the one of the session.
    provider: Option<String>,
}

impl LogoutForm {
    fn return_to(&self) -> ReturnTo {
        self.return_to.as_deref().and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home)
    }
}

/// `GET /_gate/logout`: a link only asks, a button logs out.
pub(super) async fn ask(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    query: Result<Query<LogoutForm>, QueryRejection>,
) -> Response {
    let Some(session) = caller.found.session() else {
        return state.pages.redirect("/_gate/logged-out");
    };
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let values = context! {
        return_to => query.return_to().as_str(),
        ..frame(Some(session), &caller.preferences)
    };
    state.pages.page(&caller.preferences, StatusCode::OK, "logout.html", values)
}

/// `POST /_gate/logout`. Without a session it goes on to the provider that the form names: a login
/// there that opens no portal here could not be ended otherwise.
pub(super) async fn end(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    form: Result<Form<LogoutForm>, FormRejection>,
) -> Response {
    let form = form.map(|Form(form)| form).unwrap_or_default();
    let named = form.provider.as_deref().and_then(|text| state.known_provider(text));
    let Some(session) = caller.found.session() else {
        return match named {
            Some(provider) => at_provider_alone(&state, &caller, &provider, &form.return_to()),
            None => state.pages.redirect("/_gate/logged-out"),
        };
    };
    if !session.form_token.matches(&form.token) {
        return state.problem(&Problem::StaleForm, &caller);
    }
    let tokens = match end_and_keep_tokens(&state, session).await {
        Ok(tokens) => tokens,
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, %error, "a logout failed");
            return state.problem(&Problem::SessionsUnavailable, &caller);
        }
    };
    let event = caller.event(Kind::Logout).about(&session.identity);
    state.audit.note(event.by(Actor::Customer));
    tracing::info!(request_id = %caller.request_id, who = session.identity.label(), "logged out");
    let provider = &session.identity.provider;
    let (response, left) = match named.filter(|named| named != provider) {
        Some(other) => go_on(&state, &caller, &other, &SecretString::default(), &form.return_to()),
        None => go_on(&state, &caller, provider, &tokens.id, &form.return_to()),
    };
    give_back(&state, provider, tokens);
    // A logout on purpose is no loop.
    let loop_guard = state.authenticator.clear_loop_guard();
    let cookies = [state.sessions.clear_cookie(), loop_guard, left];
    let response = with_cookies(response, &cookies.into_iter().flatten().collect::<Vec<_>>());
    with_cookies(response, &state.clear_jira_cookies)
}

fn at_provider_alone(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    return_to: &ReturnTo,
) -> Response {
    let (response, left) = go_on(state, caller, provider, &SecretString::default(), return_to);
    with_cookies(response, left.as_slice())
}

/// Takes the tokens out of the session before it ends. Afterwards nobody else has them.
async fn end_and_keep_tokens(state: &LoginState, session: &Session) -> Result<Tokens, StoreError> {
    let provider_data = state.sessions.provider_data(session).await?;
    state.sessions.end(session).await?;
    Ok(Tokens::from_state(&provider_data.state))
}

/// Revokes the tokens. The customer does not wait for that.
fn give_back(state: &LoginState, provider: &ProviderId, tokens: Tokens) {
    let (authenticator, provider) = (Arc::clone(&state.authenticator), provider.clone());
    tokio::spawn(async move { authenticator.revoke(&provider, &tokens).await });
}

/// Goes on to the provider, so that the next login asks again (OpenID Connect RP-Initiated Logout
/// 1.0). By a page and not a redirect: browsers check the whole chain of redirects after a form
/// against `form-action`, which allows only the gate.
fn go_on(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    id_token: &SecretString,
    return_to: &ReturnTo,
) -> (Response, Option<HeaderValue>) {
    match state.authenticator.log_out(provider, id_token, return_to) {
        Some(LogoutStart { location, set_cookie }) => {
            let values = context! { target => location, take_fragment => false };
            let reader = &caller.preferences;
            let page = state.pages.page(reader, StatusCode::OK, "continue.html", values);
            (page, set_cookie)
        }
        None => (state.pages.redirect("/_gate/logged-out"), None),
    }
}

/// `GET /_gate/logged-out`: where the provider sends browsers back to.
pub(super) async fn done(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let after = state.authenticator.after_logout(query.as_deref(), &headers);
    let LoggedOut { at, return_to, set_cookie } = after;
    let at = at.and_then(|id| state.authenticator.provider(&id));
    let return_to = return_to.as_str();
    let values = context! {
        at => at.map(Provider::name),
        return_to => return_to,
        another => another_account_path(return_to),
        choose => format!("{}&choose=1", login_path(return_to)),
    };
    let reader = &caller.preferences;
    let response = state.pages.page(reader, StatusCode::OK, "logged-out.html", values);
    with_cookies(response, set_cookie.as_slice())
}

//! Logout by the customer: the gate's session first, then the provider's own, then those at service
//! providers. Must not know how any of them ends: that is for `auth` and `sso`.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use axum::{Extension, Form};
use http::{HeaderMap, StatusCode};
use minijinja::context;
use secrecy::SecretString;
use serde::Deserialize;

use super::LoginState;
use crate::audit::{Actor, Kind};
use crate::auth::{Ended, LoggedOut, LogoutStart, Provider, ReturnTo};
use crate::domain::ProviderId;
use crate::problem::Problem;
use crate::sso::NextLogout;
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
    headers: HeaderMap,
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
    let chain = state.sso.log_out_of(session, &headers);
    let ended = state.ending.end(session, named.as_ref(), &form.return_to()).await;
    let Ended { location, set_cookies } = match ended {
        Ok(ended) => ended,
        Err(error) => {
            tracing::error!(request_id = %caller.request_id, %error, "a logout failed");
            return state.problem(&Problem::SessionsUnavailable, &caller);
        }
    };
    let event = caller.event(Kind::Logout).about(&session.identity);
    state.audit.note(event.by(Actor::Customer));
    tracing::info!(request_id = %caller.request_id, who = session.identity.label(), "logged out");
    let response = go_on(&state, &caller, location.as_deref());
    with_cookies(with_cookies(response, &set_cookies), &chain)
}

fn at_provider_alone(
    state: &LoginState,
    caller: &Caller,
    provider: &ProviderId,
    return_to: &ReturnTo,
) -> Response {
    match state.authenticator.log_out(provider, &SecretString::default(), return_to) {
        Some(LogoutStart { location, set_cookie }) => {
            with_cookies(go_on(state, caller, Some(&location)), set_cookie.as_slice())
        }
        None => go_on(state, caller, None),
    }
}

/// Goes on to the provider, so that the next login asks again (OpenID Connect RP-Initiated Logout
/// 1.0). By a page and not a redirect: browsers check the whole chain of redirects after a form
/// against `form-action`, which allows only the gate.
fn go_on(state: &LoginState, caller: &Caller, location: Option<&str>) -> Response {
    let Some(target) = location else { return state.pages.redirect("/_gate/logged-out") };
    let values = context! { target => target, take_fragment => false };
    state.pages.page(&caller.preferences, StatusCode::OK, "continue.html", values)
}

/// `GET /_gate/logged-out`: where the provider sends browsers back to. Service providers that were told of
/// the session come first, one after the other.
pub(super) async fn done(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let after = state.authenticator.after_logout(query.as_deref(), &headers);
    let (at_provider, over) = match state.sso.next_logout(&caller, &headers, after.is_done).await {
        NextLogout::Page(page) => return page,
        NextLogout::Over { at_provider, set_cookie } => (at_provider, set_cookie),
    };
    let LoggedOut { provider, return_to, set_cookie, .. } = after;
    let at = provider.filter(|_| at_provider).and_then(|id| state.authenticator.provider(&id));
    let return_to = return_to.as_str();
    let values = context! {
        at => at.map(Provider::name),
        return_to => return_to,
        another => another_account_path(return_to),
        choose => format!("{}&choose=1", login_path(return_to)),
    };
    let reader = &caller.preferences;
    let response = state.pages.page(reader, StatusCode::OK, "logged-out.html", values);
    with_cookies(with_cookies(response, set_cookie.as_slice()), over.as_slice())
}

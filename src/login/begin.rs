//! The beginning of a login: finds the provider and sends the browser there. Must not know how a
//! provider answers.

use axum::Extension;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use minijinja::context;
use serde::Deserialize;

use super::LoginState;
use super::choose::{self, Choice};
use super::start::{needs_login, refuse, start};
use super::third_party::{self, Initiation};
use crate::auth::{LoginWish, Occasion, ReturnTo};
use crate::domain::{Email, ProviderId};
use crate::problem::Problem;
use crate::web::addresses::login_path;
use crate::web::response::{redirect, with_cookies};
use crate::web::{Caller, navigation};

/// The parameters of `/_gate/login`. Nothing of them reaches the provider (docs/security.md D15),
/// except the address that a person typed.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LoginQuery {
    return_to: Option<String>,
    fragment: Option<String>,
    go: Option<String>,
    /// The id of the provider that was chosen.
    provider: Option<String>,
    /// Whether to choose again, whatever was chosen before.
    choose: Option<String>,
    /// Whether to log in as someone else.
    another: Option<String>,
    /// The issuer, when another site begins the login.
    iss: Option<String>,
    /// Where that site wants the login to end.
    target_link_uri: Option<String>,
    /// Who that site says it is.
    login_hint: Option<String>,
}

/// The form of the page on which to choose a provider.
#[derive(Debug, Default, Deserialize)]
pub(super) struct EmailForm {
    return_to: Option<String>,
    #[serde(default)]
    email: String,
}

/// `GET /_gate/login?return_to=…`
///
/// A browser first gets a page whose script takes the `#fragment` along, which browsers do not send
/// to servers. The page comes back at once with `go`. A browser that another site sends with `go`
/// gets the same page, so that no site begins logins. Every other navigation goes on to the
/// provider at once.
pub(super) async fn begin(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    method: Method,
    query: Result<Query<LoginQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    if !navigation::may_be_looked_at(&method, &headers) {
        return begin_nothing(&state, &caller, &query, &headers);
    }
    if let Some(wish) = query.initiation() {
        return third_party::begin(&state, &caller, &wish, &headers).await;
    }
    let return_to = return_to(&state, query.return_to.as_deref());
    let return_to = match &query.fragment {
        Some(fragment) => return_to.with_fragment(fragment),
        None => return_to,
    };
    if query.another.is_none() && !needs_login(&state, &caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let plain = query.go.is_none() && query.provider.is_none();
    if navigation::is_browser(&headers) && (plain || navigation::is_from_elsewhere(&headers)) {
        let values = context! { target => query.go_to(&return_to), take_fragment => true };
        return state.pages.page(&caller.preferences, StatusCode::OK, "continue.html", values);
    }
    let query = at_the_same_provider(&state, &caller, query);
    match choose::provider(&state, query.choice(), &return_to, &headers) {
        Choice::Made { provider, chosen } => {
            let wish =
                LoginWish { chosen, occasion: query.occasion(), ..LoginWish::to(&return_to) };
            match start(&state, &caller, provider, wish, &headers).await {
                Ok((location, cookies)) => with_cookies(redirect(&location), &cookies),
                Err(response) => *response,
            }
        }
        Choice::Open => choose::page(&state, &caller, &return_to, None),
    }
}

/// For requests that show no page to a person: they must not leave a pending login behind. A page
/// that waits for the provider learns here whether it is back.
fn begin_nothing(
    state: &LoginState,
    caller: &Caller,
    query: &LoginQuery,
    headers: &HeaderMap,
) -> Response {
    let return_to = return_to(state, query.return_to.as_deref());
    match choose::provider(state, query.choice(), &return_to, headers) {
        Choice::Made { provider, .. } if let Some(error) = provider.why_away() => {
            refuse(state, caller, &error, Some(&return_to))
        }
        Choice::Made { .. } | Choice::Open => state.problem(&Problem::LoginNeeded, caller),
    }
}

/// A customer who is logged in and needs another login gets it at the provider of the present one,
/// unless they want to choose.
fn at_the_same_provider(state: &LoginState, caller: &Caller, query: LoginQuery) -> LoginQuery {
    let several = state.authenticator.providers().len() > 1;
    let session = caller.found.session().filter(|_| several && query.choose.is_none());
    let same = session.map(|session| session.identity.provider.to_string());
    LoginQuery { provider: query.provider.or(same), ..query }
}

/// `POST /_gate/login`: an email address, whose domain tells the provider. The answer is a page and
/// not a redirect, because browsers check the whole chain of redirects after a form against
/// `form-action`.
pub(super) async fn by_email(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    form: Result<Form<EmailForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return state.problem(&Problem::bad_request("it is not a form"), &caller);
    };
    if !navigation::is_navigation(&headers) {
        return state.problem(&Problem::LoginNeeded, &caller);
    }
    let return_to = return_to(&state, form.return_to.as_deref());
    if !needs_login(&state, &caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let typed = form.email.trim();
    let Ok(email) = Email::parse(typed) else {
        return choose::page(&state, &caller, &return_to, Some((typed, choose::NO_ADDRESS)));
    };
    let Some(provider) = state.authenticator.provider_of(&email) else {
        return choose::page(&state, &caller, &return_to, Some((typed, choose::NO_PROVIDER)));
    };
    let wish = LoginWish { chosen: true, login_hint: Some(&email), ..LoginWish::to(&return_to) };
    match start(&state, &caller, provider, wish, &headers).await {
        Ok((target, cookies)) => {
            let values = context! { target => target, take_fragment => false };
            let reader = &caller.preferences;
            let page = state.pages.page(reader, StatusCode::OK, "continue.html", values);
            with_cookies(page, &cookies)
        }
        Err(response) => *response,
    }
}

/// Where to go after the login. The gate's own pages are also known below JSM's context path.
fn return_to(state: &LoginState, text: Option<&str>) -> ReturnTo {
    let may_be = |rest: &str| !rest.starts_with('/') || ReturnTo::parse(rest).is_some();
    let is_fine = |it: &ReturnTo| state.context_path.below(it.as_str()).is_none_or(may_be);
    text.and_then(ReturnTo::nearest).filter(is_fine).unwrap_or_else(ReturnTo::home)
}

impl LoginQuery {
    /// The parameters of a login that another site begins, if it is one.
    fn initiation(&self) -> Option<Initiation<'_>> {
        let (target_link_uri, login_hint) =
            (self.target_link_uri.as_deref(), self.login_hint.as_deref());
        let issuer = self.iss.as_deref()?;
        Some(Initiation { issuer, target_link_uri, login_hint })
    }

    fn choice(&self) -> choose::Wish<'_> {
        choose::Wish { provider: self.provider.as_deref(), again: self.choose.is_some() }
    }

    fn occasion(&self) -> Occasion {
        if self.another.is_some() { Occasion::AnotherAccount } else { Occasion::Visit }
    }

    /// The address of the same login that begins at once.
    fn go_to(&self, return_to: &ReturnTo) -> String {
        let login = login_path(return_to.as_str());
        let choose = if self.choose.is_some() { "&choose=1" } else { "" };
        let another = if self.another.is_some() { "&another=1" } else { "" };
        let provider = self.provider.as_deref().and_then(|id| ProviderId::parse(id).ok());
        let provider = provider.map(|id| format!("&provider={id}")).unwrap_or_default();
        format!("{login}{choose}{another}{provider}&go=1")
    }
}

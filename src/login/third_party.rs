//! A login that another site begins: the provider's page of applications, or a portal of the
//! customer's (OpenID Connect Core 1.0 section 4). Must not know how the gate itself begins one.

use axum::response::Response;
use http::HeaderMap;

use super::LoginState;
use super::start::{needs_login, start};
use crate::auth::{LoginWish, ReturnTo};
use crate::domain::Email;
use crate::problem::Problem;
use crate::web::Caller;
use crate::web::response::{redirect, with_cookies};

/// What the other site asks for.
pub(super) struct Initiation<'a> {
    /// Its issuer.
    pub(super) issuer: &'a str,
    /// Where it wants the login to end.
    pub(super) target_link_uri: Option<&'a str>,
    /// Who it says the person is.
    pub(super) login_hint: Option<&'a str>,
}

/// `GET /_gate/login?iss=…&target_link_uri=…&login_hint=…`
///
/// Any site can send a browser here. It chooses one of the known providers, and where on this gate
/// the login ends. Nothing else of it counts (docs/security.md D15).
pub(super) async fn begin(
    state: &LoginState,
    caller: &Caller,
    wish: &Initiation<'_>,
    headers: &HeaderMap,
) -> Response {
    let mut providers = state.authenticator.providers().iter();
    let Some(provider) = providers.find(|provider| provider.issuer() == wish.issuer) else {
        let problem = Problem::bad_request("it names an issuer that is no provider here");
        return state.problem(&problem, caller);
    };
    let target = wish.target_link_uri.and_then(|target| state.pages.path_of(target));
    let return_to = target.and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home);
    if !needs_login(state, caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let hint = wish.login_hint.and_then(|hint| Email::parse(hint).ok());
    let wish = LoginWish { login_hint: hint.as_ref(), ..LoginWish::to(&return_to) };
    match start(state, caller, provider, wish, headers).await {
        Ok((location, cookies)) => with_cookies(redirect(&location), &cookies),
        Err(response) => *response,
    }
}

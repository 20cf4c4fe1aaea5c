//! A login that somebody else begins: the provider's own page of applications, or a portal of the
//! customer's (OpenID Connect Core 1.0 section 4).

use axum::response::Response;
use http::HeaderMap;

use super::login::{LoginQuery, needs_login, start};
use super::render::{redirect, with_cookies};
use super::{Caller, PagesState};
use crate::auth::{LoginWish, ReturnTo};
use crate::domain::Email;
use crate::problem::Problem;

/// `GET /_gate/login?iss=…&target_link_uri=…&login_hint=…`
///
/// Any site can send a browser here. It decides at which of the known providers, and where on this
/// gate the customer lands; nothing else of it counts (threats.md D15).
pub(super) async fn begin(
    state: &PagesState,
    caller: &Caller,
    issuer: &str,
    query: &LoginQuery,
    headers: &HeaderMap,
) -> Response {
    let mut providers = state.authenticator.providers().iter();
    let Some(provider) = providers.find(|provider| provider.issuer() == issuer) else {
        let problem = Problem::bad_request("it names an issuer that is no provider here");
        return state.problem(&problem, caller);
    };
    let target = query.target_link_uri.as_deref().and_then(|target| state.pages.path_of(target));
    let return_to = target.and_then(ReturnTo::parse).unwrap_or_else(ReturnTo::home);
    if !needs_login(state, caller, &return_to) {
        return state.pages.redirect(return_to.as_str());
    }
    let hint = query.login_hint.as_deref().and_then(|hint| Email::parse(hint).ok());
    let wish = LoginWish { login_hint: hint.as_ref(), ..LoginWish::to(&return_to) };
    match start(state, caller, provider, wish, headers).await {
        Ok((location, cookies)) => with_cookies(redirect(&location), &cookies),
        Err(response) => *response,
    }
}

//! The page for a customer who wanted to log in as someone else and came back with the same
//! account: the provider did not ask. Must not know how a provider is asked.

use axum::response::Response;
use http::StatusCode;
use minijinja::context;

use super::LoginState;
use crate::auth::{Provider, ReturnTo};
use crate::domain::Identity;
use crate::session::Session;
use crate::web::Caller;
use crate::web::renderer::frame;

/// Whether a login has the account that the browser is logged in with already.
pub(super) fn is_of(caller: &Caller, identity: &Identity) -> bool {
    caller.found.session().is_some_and(|session| {
        let present = &session.identity;
        present.provider == identity.provider && present.subject == identity.subject
    })
}

/// Offers to log out at the provider first, if it has a page for that, and to go on as before.
pub(super) fn page(
    state: &LoginState,
    caller: &Caller,
    session: &Session,
    return_to: &ReturnTo,
) -> Response {
    let reader = &caller.preferences;
    let id = &session.identity.provider;
    let provider = state.authenticator.provider(id);
    let values = context! {
        provider => provider.map_or(id.as_str(), Provider::name),
        can_log_out => state.authenticator.has_logout(id),
        return_to => return_to.as_str(),
        ..frame(Some(session), reader)
    };
    state.pages.page(reader, StatusCode::OK, "same-account.html", values)
}

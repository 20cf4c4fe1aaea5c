//! Which provider a person logs in with: the one of where they go, the one they chose, the only one, the one
//! they chose last time; or else the page on which to choose. Must not begin a login.

use axum::response::Response;
use http::{HeaderMap, StatusCode};
use minijinja::{Value, context};

use super::{LoginState, logo};
use crate::auth::{Provider, ReturnTo};
use crate::domain::ProviderId;
use crate::web::Caller;
use crate::web::addresses::login_path;

/// Why an address is not accepted, by the name of the text.
pub(super) const NO_ADDRESS: &str = "choose-no-address";
/// The same for a complete address.
pub(super) const NO_PROVIDER: &str = "choose-no-provider";

/// Whether the provider is known.
pub(super) enum Choice<'a> {
    Made {
        provider: &'a Provider,
        /// Whether the customer chose it, so that they need not choose again next time.
        chosen: bool,
    },
    Open,
}

/// What the browser asks for.
#[derive(Clone, Copy)]
pub(super) struct Wish<'a> {
    /// The id of a provider.
    pub(super) provider: Option<&'a str>,
    /// Whether to choose again, whatever was chosen before.
    pub(super) again: bool,
}

/// The provider of the login that begins.
pub(super) fn provider<'a>(
    state: &'a LoginState,
    wish: Wish<'_>,
    return_to: &ReturnTo,
    headers: &HeaderMap,
) -> Choice<'a> {
    let authenticator = &state.authenticator;
    let destination = state.destination(return_to);
    let wanted = destination.and_then(|destination| destination.rules().provider.clone());
    let wanted = wanted.and_then(|id| authenticator.provider(&id));
    let asked = wish.provider.and_then(|id| ProviderId::parse(id).ok());
    let asked = asked.and_then(|id| authenticator.provider(&id));
    let remembered = || authenticator.last_provider(headers).filter(|_| !wish.again);
    match (wanted, asked, authenticator.providers()) {
        (Some(provider), ..) | (None, None, [provider]) => Choice::Made { provider, chosen: false },
        (None, Some(provider), _) => Choice::Made { provider, chosen: true },
        (None, None, _) => match remembered() {
            Some(provider) => Choice::Made { provider, chosen: true },
            None => Choice::Open,
        },
    }
}

/// The page on which to choose. `wrong` is an address that was not accepted, and why.
pub(super) fn page(
    state: &LoginState,
    caller: &Caller,
    return_to: &ReturnTo,
    wrong: Option<(&str, &str)>,
) -> Response {
    let login = login_path(return_to.as_str());
    let all = state.authenticator.providers();
    let offered = all.iter().filter(|provider| provider.is_offered());
    let offered: Vec<_> = offered.map(|provider| button(provider, &login)).collect();
    let values = context! {
        return_to => return_to.as_str(),
        by_email => all.iter().any(Provider::has_domains),
        providers => offered,
        email => wrong.map(|(email, _)| email),
        mistake => wrong.map(|(_, mistake)| mistake),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    state.pages.page(&caller.preferences, status, "choose.html", values)
}

fn button(provider: &Provider, login: &str) -> Value {
    let words = provider.name().split_whitespace().take(2);
    let initial: String =
        words.filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect();
    context! {
        name => provider.name(),
        link => format!("{login}&provider={}&go=1", provider.id()),
        logo => provider.logo().map(|logo| logo::address(provider.id(), logo)),
        initial => initial,
    }
}

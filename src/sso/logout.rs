//! Single logout (SAML profiles 2.0, 4.4): a service provider has a session here ended, and a logout here ends
//! those at service providers. Must not know how a session ends at its provider: that is for `auth`.
//!
//! The browser goes from one service provider to the next. What is still to be done is in a sealed cookie, and
//! is crossed out before the browser leaves: whoever does not send it back is not asked again.

mod chain;
mod initiator;
pub(super) mod there;

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::StringRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use minijinja::context;
use saml::ReadError;
use saml::logout::{self, LogoutRequest, LogoutResponse, LogoutStatus};
use url::form_urlencoded;

use self::chain::Chain;
use self::initiator::Initiator;
use self::there::Way;
use super::{Exchange, ServiceProvider, SsoState, form, refusal, session_index};
use crate::audit::{Actor, Kind};
use crate::auth::{Ended, ReturnTo};
use crate::problem::Problem;
use crate::session::Session;
use crate::web::response::with_cookies;
use crate::web::{Brings, Caller};

/// Where a logout goes on.
const LOGGED_OUT: &str = "/_gate/logged-out";

/// What comes next of a logout.
pub enum NextLogout {
    /// The browser goes on with this.
    Page(Response),
    /// Nothing: it is over.
    Over {
        /// Whether the provider has ended its own session.
        at_provider: bool,
        /// A `Set-Cookie` value.
        set_cookie: Option<HeaderValue>,
    },
}

/// `GET /_gate/saml/{id}/logout`: a request of the service provider's, or its answer to one of the gate's.
pub(super) async fn by_redirect(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let from = match state.opened(&id, &caller, &method, &headers) {
        Ok(from) => from,
        Err(page) => return *page,
    };
    let (query, peer, url, now) =
        (query.unwrap_or_default(), from.peer(), from.logout_url(), state.now());
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "SAMLResponse") {
        let response = logout::response_by_redirect(&query, &peer, url, now);
        take_response(&state, &caller, &from, response, &headers)
    } else {
        let request = logout::request_by_redirect(&query, &peer, url, now);
        take_request(&state, &caller, &from, request, &headers).await
    }
}

/// `POST /_gate/saml/{id}/logout`: the same, by a form.
pub(super) async fn by_post(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Response {
    let caller = Caller { brings: Brings::Answer, ..caller };
    let (from, form) = match form::take(&state, &caller, (&id, "logout"), &headers, body) {
        Ok(taken) => taken,
        Err(page) => return *page,
    };
    let (relay_state, peer, url, now) =
        (form.relay_state.as_deref(), from.peer(), from.logout_url(), state.now());
    if let Some(response) = &form.response {
        let response = logout::response_by_post(response, relay_state, &peer, url, now);
        take_response(&state, &caller, &from, response, &headers)
    } else {
        let request = form.request.unwrap_or_default();
        let request = logout::request_by_post(&request, relay_state, &peer, url, now);
        take_request(&state, &caller, &from, request, &headers).await
    }
}

/// Ends the session of this browser, if it is the one that the service provider means. A browser without one
/// is logged out already.
async fn take_request(
    state: &SsoState,
    caller: &Caller,
    from: &ServiceProvider,
    request: Result<LogoutRequest, ReadError>,
    headers: &HeaderMap,
) -> Response {
    let request = match request {
        Ok(request) => request,
        Err(why) => return refusal::of_unreadable(state, caller, from, &why),
    };
    let initiator = Initiator::of(from.id(), &request);
    match caller.found.session() {
        Some(session) if is_meant(state, session, from, &request) => {
            end(state, caller, from, session, initiator, headers).await
        }
        Some(_) => state.answer_logout(caller, &initiator, LogoutStatus::Failed).await,
        None => state.answer_logout(caller, &initiator, LogoutStatus::Success).await,
    }
}

/// By the name of the session, or else by the person's: they may have logged in again since.
fn is_meant(
    state: &SsoState,
    session: &Session,
    from: &ServiceProvider,
    request: &LogoutRequest,
) -> bool {
    let index = session_index::of(session.key(), from.id());
    request.session_indexes.contains(&index)
        || there::name_of(state, session, from).is_some_and(|name| name == request.name_id)
}

async fn end(
    state: &SsoState,
    caller: &Caller,
    from: &ServiceProvider,
    session: &Session,
    initiator: Initiator,
    headers: &HeaderMap,
) -> Response {
    let others = there::sessions(state, session, headers);
    let others = others.into_iter().filter(|there| there.id != *from.id()).collect();
    let Ended { location, set_cookies } =
        match state.ending.end(session, None, &ReturnTo::home()).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(request_id = %caller.request_id, %error, "a logout failed");
                return state.problem(&Problem::SessionsUnavailable, caller);
            }
        };
    let event = caller.event(Kind::Logout).about(&session.identity);
    let event = event.of_service_provider(from.id()).by(Actor::ServiceProvider);
    state.audit.note(event.because("SAML logout"));
    tracing::info!(request_id = %caller.request_id, service_provider = %from.id(), "logged out by a service provider");
    state.remember(
        caller,
        from,
        Exchange::default().of(&session.identity).ended("logged-out", None),
    );
    let chain = Chain::new(others, Some(initiator)).set(state);
    let response = match location {
        Some(location) => state.leave_for(caller, &location),
        None => state.pages.redirect(LOGGED_OUT),
    };
    let own_cookies: Vec<_> = [chain, there::forget(state)].into_iter().flatten().collect();
    with_cookies(with_cookies(response, &set_cookies), &own_cookies)
}

/// Crosses out the service provider that has answered, and goes on.
fn take_response(
    state: &SsoState,
    caller: &Caller,
    from: &ServiceProvider,
    response: Result<LogoutResponse, ReadError>,
    headers: &HeaderMap,
) -> Response {
    let Some(chain) = Chain::read(state, headers) else { return state.pages.redirect(LOGGED_OUT) };
    let chain = match response {
        Ok(response) => {
            chain.answered_by(from.id(), response.in_response_to.as_str(), response.status)
        }
        Err(why) => {
            if state.strangers.may_write(caller.client, "a logout response is refused") {
                let request_id = &caller.request_id;
                tracing::warn!(%request_id, service_provider = %from.id(), %why, "a logout response is refused");
            }
            chain
        }
    };
    with_cookies(state.pages.redirect(LOGGED_OUT), chain.set(state).as_slice())
}

impl SsoState {
    /// `Set-Cookie` values by which the logout of a session goes on at the service providers that were told of
    /// it. To be asked before the session ends.
    #[must_use]
    pub fn log_out_of(&self, session: &Session, headers: &HeaderMap) -> Vec<HeaderValue> {
        let sessions = there::sessions(self, session, headers);
        let chain = (!sessions.is_empty()).then(|| Chain::new(sessions, None).set(self)).flatten();
        chain.into_iter().chain(there::forget(self)).collect()
    }

    /// What comes next of the logout of this browser. `at_provider` says that the provider has ended its own
    /// session.
    pub async fn next_logout(
        &self,
        caller: &Caller,
        headers: &HeaderMap,
        at_provider: bool,
    ) -> NextLogout {
        let Some(chain) = Chain::read(self, headers) else {
            return NextLogout::Over { at_provider, set_cookie: None };
        };
        let mut chain = chain.back(at_provider);
        while let Some(there) = chain.next() {
            match self.logout_request(&there).await {
                Some((id, way)) => {
                    let cookie = chain.waiting_for(&there.id, &id).set(self);
                    let page = self.leave_by(caller, &way);
                    return NextLogout::Page(with_cookies(page, cookie.as_slice()));
                }
                None => chain = chain.without_answer(),
            }
        }
        let set_cookie = Chain::clear(self);
        match chain.initiator() {
            Some(initiator) => {
                let page = self.answer_logout(caller, initiator, chain.status()).await;
                NextLogout::Page(with_cookies(page, set_cookie.as_slice()))
            }
            None => NextLogout::Over { at_provider: chain.at_provider(), set_cookie },
        }
    }

    /// Has the browser bring the answer to whoever began the logout.
    async fn answer_logout(
        &self,
        caller: &Caller,
        initiator: &Initiator,
        status: LogoutStatus,
    ) -> Response {
        match self.logout_response(initiator, status).await {
            Some(way) => self.leave_by(caller, &way),
            None => self.pages.redirect(LOGGED_OUT),
        }
    }

    /// A page that brings a message to a service provider.
    fn leave_by(&self, caller: &Caller, way: &Way) -> Response {
        match way {
            Way::Address(location) => self.leave_for(caller, location),
            Way::Form { action, fields } => {
                let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
                self.pages.posting(&caller.preferences, action, &fields)
            }
        }
    }

    /// A page from which the browser goes elsewhere, and comes back here if nobody answers there. A redirect
    /// would count against the `form-action` of a form that began it.
    fn leave_for(&self, caller: &Caller, location: &str) -> Response {
        let values = context! { target => location, take_fragment => false, then => LOGGED_OUT };
        self.pages.page(&caller.preferences, StatusCode::OK, "continue.html", values)
    }
}

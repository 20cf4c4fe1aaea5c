//! The single sign-on service: takes a service provider's request by HTTP-Redirect and HTTP-POST (SAML bindings
//! 2.0, 3.4 and 3.5). Must not know how it is answered.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::StringRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use saml::ReadError;
use saml::authn_request::{self, AuthnRequest};

use super::answer::{answer, answer_passively};
use super::form;
use super::waiting::Waiting;
use super::{ServiceProvider, SsoState, refusal};
use crate::web::{Brings, Caller};

/// `GET /_gate/saml/{id}/sso`
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
    let query = query.unwrap_or_default();
    let request = authn_request::by_redirect(&query, &from.peer(), from.sso_url(), state.now());
    take(&state, &caller, &from, request, &headers).await
}

/// `POST /_gate/saml/{id}/sso`. The form comes from the service provider's page, and browsers send no cookie
/// of the gate's with it: where there is none, the gate's own page posts it once more.
pub(super) async fn by_post(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Result<String, StringRejection>,
) -> Response {
    // A request that is refused is not one of the reader's own forms.
    let caller = Caller { brings: Brings::Answer, ..caller };
    let (from, form) = match form::take(&state, &caller, (&id, "sso"), &headers, body) {
        Ok(taken) => taken,
        Err(page) => return *page,
    };
    let (request, relay_state) = (form.request.unwrap_or_default(), form.relay_state.as_deref());
    let request =
        authn_request::by_post(&request, relay_state, &from.peer(), from.sso_url(), state.now());
    take(&state, &caller, &from, request, &headers).await
}

async fn take(
    state: &SsoState,
    caller: &Caller,
    from: &Arc<ServiceProvider>,
    request: Result<AuthnRequest, ReadError>,
    headers: &HeaderMap,
) -> Response {
    let request = match request {
        Ok(request) => request,
        Err(why) => return refusal::of_unreadable(state, caller, from, &why),
    };
    let is_passive = request.is_passive;
    let session = caller.found.session().map(AsRef::as_ref);
    let waiting = match Waiting::asked(request, session, state.now()) {
        Ok(waiting) => waiting,
        Err(why) => return refusal::of_unreadable(state, caller, from, &why),
    };
    if is_passive {
        answer_passively(state, caller, from, &waiting, headers).await
    } else {
        answer(state, caller, from, &waiting, headers).await
    }
}

//! The sessions that service providers have of a session of the gate's, and the messages by which they end. Which
//! service providers were told of it the browser keeps in a cookie, which says nothing else. Must not know the
//! order in which they end.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderValue};
use saml::logout::{LogoutStatus, OwnLogoutRequest, OwnLogoutResponse};
use saml::{Id, NameId, RequestId};
use serde::{Deserialize, Serialize};

use super::initiator::Initiator;
use crate::config::{NameIdValue, SloBinding};
use crate::domain::ServiceProviderId;
use crate::session::{Session, cookie};
use crate::sso::statement::Statement;
use crate::sso::{ServiceProvider, SsoState, session_index};

const PURPOSE: &str = "service-providers";

/// What stands between the ids. No id has it.
const BETWEEN: char = '.';

/// A session at a service provider.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct There {
    #[serde(rename = "s")]
    pub(super) id: ServiceProviderId,
    /// Whose it is, as it was told.
    #[serde(rename = "n")]
    name_id: String,
    /// Which it is, as it was told.
    #[serde(rename = "x")]
    session_index: String,
}

/// The sessions that can be ended at service providers which were told of a session.
pub(super) fn sessions(
    state: &SsoState,
    session: &Session,
    headers: &HeaderMap,
) -> VecDeque<There> {
    let ids = told(state, headers);
    let there = |id: ServiceProviderId| {
        let at = state.service_providers.get(&id).filter(|at| at.its_slo_url().is_some())?;
        let name_id = name_of(state, session, at)?;
        let session_index = session_index::of(session.key(), &id);
        Some(There { id, name_id, session_index })
    };
    ids.into_iter().filter_map(there).collect()
}

/// What the person of a session is called at a service provider. Where that is for Jira to say, there is no
/// single logout.
pub(super) fn name_of(state: &SsoState, session: &Session, at: &ServiceProvider) -> Option<String> {
    if at.name_id().value == NameIdValue::JiraUsername {
        return None;
    }
    let people = state.service_providers.people();
    let statement = Statement::of(&session.identity, None, session.created, at, people);
    statement.ok().map(|statement| statement.name_id)
}

/// The service providers that this browser was told to be known at.
fn told(state: &SsoState, headers: &HeaderMap) -> Vec<ServiceProviderId> {
    let name = cookie::name(state.pages.public_url(), PURPOSE);
    let ids = cookie::value(headers, &name).unwrap_or_default().split(BETWEEN);
    ids.filter_map(|id| ServiceProviderId::parse(id).ok()).collect()
}

/// A `Set-Cookie` value that adds a service provider which can end sessions; `None` where there is nothing to add.
pub(in crate::sso) fn tell(
    state: &SsoState,
    headers: &HeaderMap,
    at: &ServiceProvider,
) -> Option<HeaderValue> {
    let mut ids = told(state, headers);
    if at.its_slo_url().is_none() || ids.contains(at.id()) {
        return None;
    }
    ids.retain(|id| state.service_providers.get(id).is_some());
    ids.push(at.id().clone());
    let public_url = state.pages.public_url();
    let ids: Vec<_> = ids.iter().map(ServiceProviderId::as_str).collect();
    let value = ids.join(&BETWEEN.to_string());
    cookie::set(public_url, &cookie::name(public_url, PURPOSE), &value, None)
}

/// A `Set-Cookie` value that forgets them all.
pub(super) fn forget(state: &SsoState) -> Option<HeaderValue> {
    let public_url = state.pages.public_url();
    cookie::clear(public_url, &cookie::name(public_url, PURPOSE))
}

/// What brings a message to a service provider.
pub(super) enum Way {
    /// The browser goes to this address.
    Address(String),
    /// The browser posts these fields.
    Form { action: String, fields: Vec<(&'static str, String)> },
}

impl Way {
    fn form(action: &str, name: &'static str, document: &str, relay_state: Option<&str>) -> Self {
        let message = (name, BASE64_STANDARD.encode(document));
        let relay_state = relay_state.map(|state| ("RelayState", state.to_owned()));
        let fields = std::iter::once(message).chain(relay_state).collect();
        Self::Form { action: action.to_owned(), fields }
    }
}

impl SsoState {
    /// A request to end a session at a service provider: its identifier, and what brings it there.
    pub(super) async fn logout_request(&self, there: &There) -> Option<(String, Way)> {
        let to = self.service_providers.get(&there.id)?;
        let (key, now, there) = (to.key(), self.now(), there.clone());
        let id = Id::from_random(rand::random());
        let name = id.as_str().to_owned();
        let (issuer, destination) = (to.entity_id().to_owned(), to.its_slo_url()?.to_owned());
        let (format, binding) = (to.name_id().format.uri(), to.slo_binding());
        let signed = self.signing.run(move || {
            let request = OwnLogoutRequest {
                issuer: &issuer,
                destination: &destination,
                name_id: NameId { format, value: &there.name_id },
                session_index: &there.session_index,
                issued_at: now,
                id,
            };
            match binding {
                SloBinding::Redirect => request.redirect_url(None, key.signing()).map(Way::Address),
                SloBinding::Post => request
                    .document(key.signing())
                    .map(|document| Way::form(&destination, "SAMLRequest", &document, None)),
            }
        });
        Some((name, signed.await.ok()?.ok()?))
    }

    /// What brings the answer to whoever began a logout; `None` where they take no answers.
    pub(super) async fn logout_response(
        &self,
        initiator: &Initiator,
        status: LogoutStatus,
    ) -> Option<Way> {
        let to = self.service_providers.get(&initiator.id)?;
        let request = RequestId::parse(&initiator.request).ok()?;
        let (key, now, relay_state) = (to.key(), self.now(), initiator.relay_state.clone());
        let (issuer, destination) = (to.entity_id().to_owned(), to.its_slo_url()?.to_owned());
        let binding = to.slo_binding();
        let signed = self.signing.run(move || {
            let response = OwnLogoutResponse {
                issuer: &issuer,
                destination: &destination,
                in_response_to: &request,
                status,
                issued_at: now,
                id: Id::from_random(rand::random()),
            };
            let relay_state = relay_state.as_deref();
            match binding {
                SloBinding::Redirect => {
                    response.redirect_url(relay_state, key.signing()).map(Way::Address)
                }
                SloBinding::Post => response.document(key.signing()).map(|document| {
                    Way::form(&destination, "SAMLResponse", &document, relay_state)
                }),
            }
        });
        signed.await.ok()?.ok()
    }
}

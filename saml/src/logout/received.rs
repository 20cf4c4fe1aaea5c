//! Logout messages that service providers send. Each has to be signed: anybody could end other people's sessions
//! otherwise. Must not know which sessions there are.

use roxmltree::Node;

use super::{LogoutStatus, PARTIAL_LOGOUT};
use crate::binding::{Delivered, Parameter, post, redirect};
use crate::message::{self, Demand, Expected, Message, TOLERANCE};
use crate::response::SUCCESS;
use crate::xml::{self, Namespace};
use crate::{Quoted, ReadError, RequestId, ServiceProvider};

/// Somebody's sessions shall end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoutRequest {
    /// What the answer's `InResponseTo` repeats.
    pub id: RequestId,
    /// Whose sessions: the name as it was asserted.
    pub name_id: String,
    /// The name's format, if the request says one.
    pub name_id_format: Option<String>,
    /// Which sessions: those of these `SessionIndex`; all of the person if there is none.
    pub session_indexes: Vec<String>,
    /// What comes back with the answer, byte for byte.
    pub relay_state: Option<String>,
}

/// The answer to a logout request of ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogoutResponse {
    /// Which request it answers. Whoever sent the request compares it.
    pub in_response_to: RequestId,
    /// What became of it.
    pub status: LogoutStatus,
    /// What went along with the request.
    pub relay_state: Option<String>,
}

/// Reads a logout request by HTTP-Redirect. `raw_query` is the query as it was sent, undecoded; `slo_url` is the
/// address that it came to.
///
/// # Errors
/// Says what is wrong with it; above all when it is not signed.
pub fn request_by_redirect(
    raw_query: &str,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutRequest, ReadError> {
    request(redirect::read(raw_query, Parameter::Request)?, peer, slo_url, now)
}

/// Reads a logout request by HTTP-POST: the two fields of its form, decoded.
///
/// # Errors
/// As [`request_by_redirect`].
pub fn request_by_post(
    saml_request: &str,
    relay_state: Option<&str>,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutRequest, ReadError> {
    request(post::read(saml_request, relay_state, Parameter::Request)?, peer, slo_url, now)
}

/// Reads the answer to a logout request of ours by HTTP-Redirect.
///
/// # Errors
/// As [`request_by_redirect`].
pub fn response_by_redirect(
    raw_query: &str,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutResponse, ReadError> {
    response(redirect::read(raw_query, Parameter::Response)?, peer, slo_url, now)
}

/// Reads the answer to a logout request of ours by HTTP-POST: the two fields of its form, decoded.
///
/// # Errors
/// As [`request_by_redirect`].
pub fn response_by_post(
    saml_response: &str,
    relay_state: Option<&str>,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutResponse, ReadError> {
    response(post::read(saml_response, relay_state, Parameter::Response)?, peer, slo_url, now)
}

fn request(
    delivered: Delivered,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutRequest, ReadError> {
    let expected = expected("LogoutRequest", peer, slo_url, now);
    let document = message::parse(&delivered)?;
    let Message { root, id, .. } = Message::accept(&document, &delivered, &expected)?;
    not_expired(root, now)?;
    let name_id = name_id(root)?;
    let name_id_format = xml::attribute(name_id, "Format").map(str::to_owned);
    let name_id = xml::only_text(name_id)?;
    let session_indexes = xml::children(root, Namespace::Protocol, "SessionIndex")
        .map(xml::only_text)
        .collect::<Result<_, _>>()?;
    drop(document);
    let relay_state = delivered.relay_state;
    Ok(LogoutRequest { id, name_id, name_id_format, session_indexes, relay_state })
}

fn response(
    delivered: Delivered,
    peer: &ServiceProvider<'_>,
    slo_url: &str,
    now: u64,
) -> Result<LogoutResponse, ReadError> {
    let expected = expected("LogoutResponse", peer, slo_url, now);
    let document = message::parse(&delivered)?;
    let Message { root, .. } = Message::accept(&document, &delivered, &expected)?;
    let in_response_to = RequestId::parse(message::attribute(root, "InResponseTo")?)?;
    let status = status(root)?;
    drop(document);
    Ok(LogoutResponse { in_response_to, status, relay_state: delivered.relay_state })
}

fn expected<'e>(
    name: &'static str,
    peer: &ServiceProvider<'e>,
    slo_url: &'e str,
    now: u64,
) -> Expected<'e> {
    Expected {
        name,
        issuer: peer.entity_id,
        destination: slo_url,
        keys: peer.keys,
        signature: Demand::Always,
        now,
    }
}

/// A request may say how long it is good (core section 3.7.1). Clocks may be as far apart as for `IssueInstant`.
fn not_expired(root: Node<'_, '_>, now: u64) -> Result<(), ReadError> {
    let Some(text) = xml::attribute(root, "NotOnOrAfter") else { return Ok(()) };
    let end = message::time(root, "NotOnOrAfter")?;
    if now < end.saturating_add(TOLERANCE.as_secs()) {
        Ok(())
    } else {
        Err(ReadError::Expired(Quoted::new(text)))
    }
}

fn name_id<'a, 'i>(root: Node<'a, 'i>) -> Result<Node<'a, 'i>, ReadError> {
    if xml::child(root, Namespace::Assertion, "EncryptedID")?.is_some() {
        return Err(ReadError::NotSupported("an EncryptedID"));
    }
    message::element(root, Namespace::Assertion, "NameID")
}

/// The outer code says whether it worked, an inner one whether everywhere (core section 3.2.2.2).
fn status(root: Node<'_, '_>) -> Result<LogoutStatus, ReadError> {
    let status = message::element(root, Namespace::Protocol, "Status")?;
    let outer = message::element(status, Namespace::Protocol, "StatusCode")?;
    let inner = xml::child(outer, Namespace::Protocol, "StatusCode")?;
    let inner = inner.and_then(|code| xml::attribute(code, "Value"));
    Ok(match (message::attribute(outer, "Value")?, inner) {
        (_, Some(PARTIAL_LOGOUT)) => LogoutStatus::Partial,
        (SUCCESS, _) => LogoutStatus::Success,
        _ => LogoutStatus::Failed,
    })
}

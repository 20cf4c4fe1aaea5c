//! The request that begins a login (core section 3.4): who asks, and where the answer goes. Must not know who
//! is logged in.

use roxmltree::Node;

use crate::binding::{Delivered, Parameter, post, redirect};
use crate::message::{self, Demand, Expected, Message};
use crate::xml::{self, Namespace};
use crate::{Quoted, ReadError, RequestId, ServiceProvider};

const HTTP_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// A request that was understood, and whose answer goes to a registered address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuthnRequest {
    /// What the answer's `InResponseTo` repeats.
    pub id: RequestId,
    /// Where the answer goes: one of [`ServiceProvider::acs_urls`].
    pub acs_url: String,
    /// The person has to log in anew, even with a session.
    pub force_authn: bool,
    /// Nobody may be asked anything; without a session the answer is [`no_passive`](crate::response::no_passive).
    pub is_passive: bool,
    /// The context classes of which the login has to be one (`RequestedAuthnContext`); none if any login will do.
    pub authn_context: Vec<String>,
    /// What comes back with the answer, byte for byte. An empty one is an empty one.
    pub relay_state: Option<String>,
    /// When it was made, in Unix seconds.
    pub issued_at: u64,
}

/// Reads a request by HTTP-Redirect. `raw_query` is the query as it was sent, undecoded; `sso_url` is the address
/// that it came to.
///
/// # Errors
/// Says what is wrong with it. Such a request gets no answer but a page of our own.
pub fn by_redirect(
    raw_query: &str,
    peer: &ServiceProvider<'_>,
    sso_url: &str,
    now: u64,
) -> Result<AuthnRequest, ReadError> {
    read(redirect::read(raw_query, Parameter::Request)?, peer, sso_url, now)
}

/// Reads a request by HTTP-POST: the two fields of its form, decoded.
///
/// # Errors
/// As [`by_redirect`].
pub fn by_post(
    saml_request: &str,
    relay_state: Option<&str>,
    peer: &ServiceProvider<'_>,
    sso_url: &str,
    now: u64,
) -> Result<AuthnRequest, ReadError> {
    read(post::read(saml_request, relay_state, Parameter::Request)?, peer, sso_url, now)
}

fn read(
    delivered: Delivered,
    peer: &ServiceProvider<'_>,
    sso_url: &str,
    now: u64,
) -> Result<AuthnRequest, ReadError> {
    let expected = Expected {
        name: "AuthnRequest",
        issuer: peer.entity_id,
        destination: sso_url,
        keys: peer.keys,
        signature: Demand::WithKeys,
        now,
    };
    let document = message::parse(&delivered)?;
    let Message { root, id, issued_at } = Message::accept(&document, &delivered, &expected)?;
    protocol_binding(root)?;
    if xml::children(root, Namespace::Assertion, "Subject").next().is_some() {
        return Err(ReadError::NotSupported("a Subject, by which it asks for one person"));
    }
    let acs_url = acs_url(root, peer.acs_urls)?.to_owned();
    let (force_authn, is_passive) = (flag(root, "ForceAuthn")?, flag(root, "IsPassive")?);
    let authn_context = authn_context(root)?;
    drop(document);
    let relay_state = delivered.relay_state;
    Ok(AuthnRequest { id, acs_url, force_authn, is_passive, authn_context, relay_state, issued_at })
}

/// The classes that are asked for (core section 3.3.2.2.1). There is no order among them that everybody knows: of
/// two that differ none is stronger. So the least and the most that will do are what is named itself.
fn authn_context(root: Node<'_, '_>) -> Result<Vec<String>, ReadError> {
    let Some(requested) = xml::child(root, Namespace::Protocol, "RequestedAuthnContext")? else {
        return Ok(Vec::new());
    };
    match xml::attribute(requested, "Comparison") {
        None | Some("exact" | "minimum" | "maximum") => {}
        Some(other) => {
            return Err(ReadError::Value {
                name: "Comparison",
                found: Quoted::new(other),
                expected: "exact, minimum or maximum",
            });
        }
    }
    if xml::children(requested, Namespace::Assertion, "AuthnContextDeclRef").next().is_some() {
        return Err(ReadError::NotSupported("an AuthnContextDeclRef"));
    }
    let classes = xml::children(requested, Namespace::Assertion, "AuthnContextClassRef");
    classes.map(|class| authn_context_class(&xml::only_text(class)?)).collect()
}

fn authn_context_class(text: &str) -> Result<String, ReadError> {
    let class = text.trim_ascii();
    if !class.is_empty() && class.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(class.to_owned());
    }
    let (name, found) = ("AuthnContextClassRef", Quoted::new(class));
    Err(ReadError::Value { name, found, expected: "a URI" })
}

/// Answers go by HTTP-POST; nothing else carries a signed assertion through a browser.
fn protocol_binding(root: Node<'_, '_>) -> Result<(), ReadError> {
    match xml::attribute(root, "ProtocolBinding") {
        None | Some(HTTP_POST) => Ok(()),
        Some(other) => Err(ReadError::Value {
            name: "ProtocolBinding",
            found: Quoted::new(other),
            expected: HTTP_POST,
        }),
    }
}

/// The registered address that the answer goes to: string-equal, by its place in the list, or the first.
/// An address that only looks like a registered one would give the assertion away.
fn acs_url<'a>(root: Node<'_, '_>, registered: &'a [String]) -> Result<&'a str, ReadError> {
    let url = xml::attribute(root, "AssertionConsumerServiceURL");
    let index = xml::attribute(root, "AssertionConsumerServiceIndex");
    let by_index = |index: &str| {
        let place = index.parse::<u16>().ok().map(usize::from);
        let at_place = place.and_then(|place| registered.get(place));
        at_place.ok_or_else(|| ReadError::AcsIndex(Quoted::new(index)))
    };
    match (url, index) {
        (None, None) => by_index("0"),
        (None, Some(index)) => by_index(index),
        (Some(url), None) => registered
            .iter()
            .find(|known| *known == url)
            .ok_or_else(|| ReadError::AcsUrl(Quoted::new(url))),
        // The two exclude each other (core section 3.4.1).
        (Some(_), Some(index)) => Err(ReadError::Value {
            name: "AssertionConsumerServiceIndex",
            found: Quoted::new(index),
            expected: "allowed beside AssertionConsumerServiceURL",
        }),
    }
    .map(String::as_str)
}

/// An `xs:boolean`, false if it is not there.
fn flag(root: Node<'_, '_>, name: &'static str) -> Result<bool, ReadError> {
    match xml::attribute(root, name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => {
            Err(ReadError::Value { name, found: Quoted::new(other), expected: "true or false" })
        }
    }
}

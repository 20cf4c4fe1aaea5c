//! What all messages from a service provider have in common, and the checks of it. Must not know what a
//! message asks for.

use std::time::Duration;

use roxmltree::{Document, Node};

use crate::binding::{Binding, Delivered};
use crate::xml::{self, Limit, Namespace};
use crate::{PeerKey, Quoted, ReadError, RequestId, SignatureError, XmlError, instant, signature};

/// How far clocks may be apart, and how long a message may travel.
pub(crate) const TOLERANCE: Duration = Duration::from_secs(300);

/// What a message has to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expected<'e> {
    /// The root element.
    pub(crate) name: &'static str,
    /// The service provider's entity id.
    pub(crate) issuer: &'e str,
    /// The address of ours that it came to.
    pub(crate) destination: &'e str,
    pub(crate) keys: &'e [PeerKey],
    pub(crate) signature: Demand,
    /// Seconds since 1970.
    pub(crate) now: u64,
}

/// When a message has to be signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Demand {
    Always,
    /// If there are keys. If there are none, a signature cannot be verified and says nothing.
    WithKeys,
}

/// The parts that all messages have.
#[derive(Debug)]
pub(crate) struct Message<'a, 'i> {
    pub(crate) root: Node<'a, 'i>,
    pub(crate) id: RequestId,
    pub(crate) issued_at: u64,
}

/// Reads the document of a message.
pub(crate) fn parse(delivered: &Delivered) -> Result<Document<'_>, ReadError> {
    Ok(xml::parse(&delivered.xml, Limit::Request)?)
}

impl<'a, 'i> Message<'a, 'i> {
    /// Takes a message that is signed as it has to be, of the right kind, from the service provider, for us, and
    /// new (core section 3.2).
    pub(crate) fn accept(
        document: &'a Document<'i>,
        delivered: &Delivered,
        expected: &Expected<'_>,
    ) -> Result<Self, ReadError> {
        let root = document.root_element();
        if !xml::is(root, Namespace::Protocol, expected.name) {
            let found = Quoted::new(root.tag_name().name());
            return Err(ReadError::OtherMessage { expected: expected.name, found });
        }
        let signed = prove(root, delivered, expected)?;
        let version = attribute(root, "Version")?;
        if version != "2.0" {
            let found = Quoted::new(version);
            return Err(ReadError::Value { name: "Version", found, expected: "2.0" });
        }
        issuer(root, expected.issuer)?;
        destination(root, expected.destination, signed)?;
        let issued_at = issue_instant(root, expected.now)?;
        let id = RequestId::parse(attribute(root, "ID")?)?;
        Ok(Self { root, id, issued_at })
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Signed {
    Yes,
    No,
}

fn prove(
    root: Node<'_, '_>,
    delivered: &Delivered,
    expected: &Expected<'_>,
) -> Result<Signed, ReadError> {
    if expected.demand_is_void() {
        return Ok(Signed::No);
    }
    match &delivered.by {
        Binding::Redirect(Some(signature)) => signature.verify(expected.keys)?,
        Binding::Redirect(None) => Err(SignatureError::Missing)?,
        Binding::Post => signature::verify_message(root, expected.keys)?,
    }
    Ok(Signed::Yes)
}

impl Expected<'_> {
    fn demand_is_void(&self) -> bool {
        self.signature == Demand::WithKeys && self.keys.is_empty()
    }
}

fn issuer(root: Node<'_, '_>, expected: &str) -> Result<(), ReadError> {
    let found = xml::only_text(element(root, Namespace::Assertion, "Issuer")?)?;
    if found == expected {
        return Ok(());
    }
    Err(ReadError::Issuer { expected: expected.to_owned(), found: Quoted::new(&found) })
}

/// May be left out, but not of what is signed: it would be good at any address (bindings sections 3.4.5.2
/// and 3.5.5.2).
fn destination(root: Node<'_, '_>, expected: &str, signed: Signed) -> Result<(), ReadError> {
    match xml::attribute(root, "Destination") {
        Some(found) if found == expected => Ok(()),
        Some(found) => {
            Err(ReadError::Destination { expected: expected.to_owned(), found: Quoted::new(found) })
        }
        None if signed == Signed::Yes => Err(ReadError::MissingAttribute("Destination")),
        None => Ok(()),
    }
}

fn issue_instant(root: Node<'_, '_>, now: u64) -> Result<u64, ReadError> {
    let issued_at = time(root, "IssueInstant")?;
    if issued_at.abs_diff(now) <= TOLERANCE.as_secs() {
        return Ok(issued_at);
    }
    let found = Quoted::new(&instant::text(issued_at));
    Err(ReadError::IssueInstant { found, tolerance: TOLERANCE.as_secs() })
}

/// An attribute that has to be there.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, ReadError> {
    xml::attribute(node, name).ok_or(ReadError::MissingAttribute(name))
}

/// An attribute that has to be there and be a time.
pub(crate) fn time(node: Node<'_, '_>, name: &'static str) -> Result<u64, ReadError> {
    let text = attribute(node, name)?;
    instant::parse(text).ok_or_else(|| ReadError::Value {
        name,
        found: Quoted::new(text),
        expected: "a time in UTC",
    })
}

/// A child that has to be there, once.
pub(crate) fn element<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> Result<Node<'a, 'i>, ReadError> {
    Ok(xml::child(node, namespace, name)?.ok_or(XmlError::Missing(name))?)
}

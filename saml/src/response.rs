//! The answer to a login (core section 3.3.3, profiles section 4.1.4): a Response with one assertion, both
//! signed, or one that says that nobody may be asked. Must not know who may get it.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::signature::sign;
use crate::xml::{Element, Namespace};
use crate::{Id, NameId, RequestId, SigningKey, WriteError, instant};

/// How far the reader's clock may be behind ours. Atlassian's tolerance is not known.
const BACKDATED: Duration = Duration::from_secs(60);

/// How long an assertion is good. It is meant for one posted form.
const LIFE: Duration = Duration::from_secs(300);

/// What a service provider is told of a person who has logged in.
#[derive(Clone, Debug)]
pub struct Assertion<'a> {
    /// Our entity id.
    pub issuer: &'a str,
    /// The address that it is posted to, query included: `Destination` and `Recipient`.
    pub destination: &'a str,
    /// The service provider's entity id.
    pub audience: &'a str,
    /// The request that it answers; `None` where we begin.
    pub in_response_to: Option<&'a RequestId>,
    /// Who logged in.
    pub name_id: NameId<'a>,
    /// What a logout request names the session by.
    pub session_index: &'a str,
    /// When the person logged in, in Unix seconds.
    pub authn_instant: u64,
    /// How, as the URI of a context class (SAML Authentication Context section 3.4).
    pub authn_context: &'a str,
    /// Names, each once, and their values. Without values it is an empty attribute, which Jira demands for
    /// `groups`.
    pub attributes: &'a [(String, Vec<String>)],
    /// Now, in Unix seconds.
    pub issued_at: u64,
    /// For the Response and for the assertion.
    pub ids: [Id; 2],
}

/// Writes a Response that answers with `assertion`. Two RSA signatures: about 4 ms of CPU with 3072 bits.
///
/// # Errors
/// When a value cannot be written, nobody is named, or an attribute stands there twice.
pub fn signed(assertion: &Assertion<'_>, key: &SigningKey) -> Result<String, WriteError> {
    if assertion.name_id.value.is_empty() {
        return Err(WriteError::Empty("NameID"));
    }
    let [response_id, assertion_id] = &assertion.ids;
    let signed_assertion = sign(assertion_element(assertion)?, assertion_id, key)?;
    let envelope = Envelope {
        issuer: assertion.issuer,
        destination: assertion.destination,
        in_response_to: assertion.in_response_to,
        issued_at: assertion.issued_at,
    };
    let response =
        envelope.open("Response").child(status(&[SUCCESS], None)).child(signed_assertion);
    sign(response, response_id, key)?.write()
}

/// The answer to a request that allows no questions, when there is nobody to vouch for.
#[derive(Clone, Debug)]
pub struct NoPassive<'a> {
    /// Our entity id.
    pub issuer: &'a str,
    /// The address that it is posted to.
    pub destination: &'a str,
    /// The request that it answers.
    pub in_response_to: &'a RequestId,
    /// Now, in Unix seconds.
    pub issued_at: u64,
    /// For the Response.
    pub id: Id,
}

/// Writes a signed Response without an assertion, whose status is `NoPassive`.
///
/// # Errors
/// When a value cannot be written.
pub fn no_passive(answer: &NoPassive<'_>, key: &SigningKey) -> Result<String, WriteError> {
    const NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
    let envelope = Envelope {
        issuer: answer.issuer,
        destination: answer.destination,
        in_response_to: Some(answer.in_response_to),
        issued_at: answer.issued_at,
    };
    let message = "Nobody is logged in, and the request allows no login page.";
    let status = status(&[RESPONDER, NO_PASSIVE], Some(message));
    sign(envelope.open("Response").child(status), &answer.id, key)?.write()
}

pub(crate) const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
pub(crate) const RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";

/// What all messages of ours begin with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) destination: &'a str,
    pub(crate) in_response_to: Option<&'a RequestId>,
    pub(crate) issued_at: u64,
}

impl Envelope<'_> {
    /// The root element with its issuer; its ID comes with the signature.
    pub(crate) fn open(self, name: &'static str) -> Element {
        let root = Element::new(Namespace::Protocol, name)
            .with("Version", "2.0")
            .with("IssueInstant", instant::text(self.issued_at))
            .with("Destination", self.destination);
        let root = match self.in_response_to {
            Some(request) => root.with("InResponseTo", request.as_str()),
            None => root,
        };
        root.child(saml("Issuer").text(self.issuer))
    }
}

/// A status: its code, with more exact ones in it, and a message for people.
pub(crate) fn status(codes: &[&str], message: Option<&str>) -> Element {
    let samlp = |name| Element::new(Namespace::Protocol, name);
    let code = codes.iter().rev().fold(None, |inner: Option<Element>, code| {
        Some(samlp("StatusCode").with("Value", *code).children(inner))
    });
    let message = message.map(|message| samlp("StatusMessage").text(message));
    samlp("Status").children(code).children(message)
}

/// A `NameID`. No `SPNameQualifier`: left out, it is the service provider's entity id (core section 2.2.2).
pub(crate) fn name_id(name: NameId<'_>) -> Element {
    saml("NameID").with("Format", name.format).text(name.value)
}

fn assertion_element(assertion: &Assertion<'_>) -> Result<Element, WriteError> {
    let issued_at = instant::text(assertion.issued_at);
    Ok(saml("Assertion")
        .with("Version", "2.0")
        .with("IssueInstant", issued_at)
        .child(saml("Issuer").text(assertion.issuer))
        .child(subject(assertion))
        .child(conditions(assertion))
        .child(authn_statement(assertion))
        .children(attribute_statement(assertion.attributes)?))
}

fn subject(assertion: &Assertion<'_>) -> Element {
    let data = saml("SubjectConfirmationData")
        .with("NotOnOrAfter", not_on_or_after(assertion.issued_at))
        .with("Recipient", assertion.destination);
    let data = match assertion.in_response_to {
        Some(request) => data.with("InResponseTo", request.as_str()),
        None => data,
    };
    let confirmation = saml("SubjectConfirmation").with("Method", BEARER).child(data);
    saml("Subject").child(name_id(assertion.name_id)).child(confirmation)
}

pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

fn conditions(assertion: &Assertion<'_>) -> Element {
    let not_before = assertion.issued_at.saturating_sub(BACKDATED.as_secs());
    let audience = saml("Audience").text(assertion.audience);
    saml("Conditions")
        .with("NotBefore", instant::text(not_before))
        .with("NotOnOrAfter", not_on_or_after(assertion.issued_at))
        .child(saml("AudienceRestriction").child(audience))
}

fn authn_statement(assertion: &Assertion<'_>) -> Element {
    let class = saml("AuthnContextClassRef").text(assertion.authn_context);
    saml("AuthnStatement")
        .with("AuthnInstant", instant::text(assertion.authn_instant))
        .with("SessionIndex", assertion.session_index)
        .child(saml("AuthnContext").child(class))
}

/// `None` without attributes: the statement has to have one (core section 2.7.3).
fn attribute_statement(
    attributes: &[(String, Vec<String>)],
) -> Result<Option<Element>, WriteError> {
    let mut names = BTreeSet::new();
    if let Some((repeated, _)) = attributes.iter().find(|(name, _)| !names.insert(name)) {
        return Err(WriteError::RepeatedAttribute(repeated.clone()));
    }
    let attributes = attributes.iter().map(|(name, values)| {
        let values = values.iter().map(|value| saml("AttributeValue").text(value));
        saml("Attribute").with("Name", name).children(values)
    });
    let statement = saml("AttributeStatement").children(attributes);
    Ok((!names.is_empty()).then_some(statement))
}

fn not_on_or_after(issued_at: u64) -> String {
    instant::text(issued_at.saturating_add(LIFE.as_secs()))
}

pub(crate) fn saml(name: &'static str) -> Element {
    Element::new(Namespace::Assertion, name)
}

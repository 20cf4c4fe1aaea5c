//! A Response as XML: how it is found in, and the order that its schema prescribes
//! (`saml-schema-protocol-2.0.xsd`). It must not know what a value means.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

pub(super) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(super) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

/// A namespace and a local name.
pub(super) type Name = (&'static str, &'static str);

/// Children in order, and how many of each there may be.
type Model = &'static [(Name, usize, usize)];

const MANY: usize = usize::MAX;

const RESPONSE: Model = &[
    ((SAML, "Issuer"), 0, 1),
    ((DS, "Signature"), 0, 1),
    ((SAMLP, "Extensions"), 0, 1),
    ((SAMLP, "Status"), 1, 1),
    ((SAML, "Assertion"), 0, MANY),
];

const ASSERTION: Model = &[
    ((SAML, "Issuer"), 1, 1),
    ((DS, "Signature"), 0, 1),
    ((SAML, "Subject"), 0, 1),
    ((SAML, "Conditions"), 0, 1),
    ((SAML, "Advice"), 0, 1),
    // Statements may come in any order; both kinds are looked for below.
];

const SUBJECT: Model = &[((SAML, "NameID"), 0, 1), ((SAML, "SubjectConfirmation"), 0, MANY)];

const CONFIRMATION: Model = &[((SAML, "NameID"), 0, 1), ((SAML, "SubjectConfirmationData"), 0, 1)];

const ATTRIBUTES: Model = &[((SAML, "Attribute"), 1, MANY)];

const AUTHENTICATION: Model = &[((SAML, "SubjectLocality"), 0, 1), ((SAML, "AuthnContext"), 1, 1)];

/// Reads a document. A document type is no document here.
pub(super) fn parse(xml: &str) -> Option<Document<'_>> {
    Document::parse(xml).ok()
}

/// The children of a name.
pub(super) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: Name,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |it| it.has_tag_name(name))
}

/// The first child of a name.
pub(super) fn child<'a, 'i: 'a>(node: Node<'a, 'i>, name: Name) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// The value of an attribute without a namespace; roxmltree's own search looks at the local name alone.
pub(super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut all = node.attributes();
    all.find(|it| it.namespace().is_none() && it.name() == name).map(|it| it.value())
}

/// All the text of an element, whatever stands between.
pub(super) fn text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|it| it.text()).collect()
}

/// Whether a Response is built as the schema prescribes, as far as that is known here.
pub(super) fn matches_schema(response: Node<'_, '_>) -> bool {
    let ids = response.descendants().filter_map(|it| attribute(it, "ID"));
    let mut known = BTreeSet::new();
    let mut ids_are_unique = ids.map(|id| is_ncname(id) && known.insert(id));
    response.has_tag_name((SAMLP, "Response"))
        && is_message(response)
        && follows(response, RESPONSE, &[])
        && children(response, (SAML, "Assertion")).all(is_assertion)
        && ids_are_unique.all(|is_unique| is_unique)
}

fn is_message(node: Node<'_, '_>) -> bool {
    ["ID", "Version", "IssueInstant"].iter().all(|name| attribute(node, name).is_some())
}

fn is_assertion(node: Node<'_, '_>) -> bool {
    let statements = [(SAML, "AuthnStatement"), (SAML, "AttributeStatement")];
    let subject = child(node, (SAML, "Subject"));
    let subject_fits = subject.is_none_or(|subject| {
        let mut confirmations = children(subject, (SAML, "SubjectConfirmation"));
        follows(subject, SUBJECT, &[])
            && confirmations
                .all(|it| attribute(it, "Method").is_some() && follows(it, CONFIRMATION, &[]))
    });
    let mut attributes = children(node, (SAML, "AttributeStatement"));
    let mut authentications = children(node, (SAML, "AuthnStatement"));
    is_message(node)
        && follows(node, ASSERTION, &statements)
        && subject_fits
        && attributes.all(|it| follows(it, ATTRIBUTES, &[]))
        && authentications
            .all(|it| attribute(it, "AuthnInstant").is_some() && follows(it, AUTHENTICATION, &[]))
}

/// Whether the children of a node are those of a model, in its order, and behind them any of `tail`.
fn follows(node: Node<'_, '_>, model: Model, tail: &[Name]) -> bool {
    let mut rest = node.children().filter(Node::is_element).peekable();
    for (name, least, most) in model {
        let mut count = 0;
        while count < *most && rest.next_if(|it| it.has_tag_name(*name)).is_some() {
            count += 1;
        }
        if count < *least {
            return false;
        }
    }
    rest.all(|it| tail.iter().any(|name| it.has_tag_name(*name)))
}

fn is_ncname(text: &str) -> bool {
    let begins = |c: char| c == '_' || c.is_alphabetic();
    text.starts_with(begins)
        && text.chars().all(|c| begins(c) || c.is_numeric() || "-.".contains(c))
}

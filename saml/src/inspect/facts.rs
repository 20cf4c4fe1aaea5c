//! A Response that is looked at, beside what is expected of it, and ways to its parts. Must not know the rules.

use roxmltree::Node;

use super::Expected;
use crate::PeerKey;
use crate::xml::{self, Namespace};

/// What is right, or what is wrong.
pub(super) type Outcome = Result<String, String>;

/// A Response and what it is held to.
pub(super) struct Facts<'f, 'a, 'i> {
    pub(super) response: Node<'a, 'i>,
    pub(super) expected: &'f Expected<'f>,
    /// The key of the expected certificate; none if that is no usable certificate.
    pub(super) keys: Vec<PeerKey>,
}

impl<'f, 'a, 'i> Facts<'f, 'a, 'i> {
    pub(super) fn new(response: Node<'a, 'i>, expected: &'f Expected<'f>) -> Self {
        let key = PeerKey::from_certificate_der(expected.certificate_der);
        Self { response, expected, keys: key.into_iter().collect() }
    }

    /// The only assertion, which is the Response's own child.
    pub(super) fn assertion(&self) -> Result<Node<'a, 'i>, String> {
        let is_assertion = |node: &Node<'_, '_>| xml::is(*node, Namespace::Assertion, "Assertion");
        let mut all = self.response.descendants().filter(is_assertion);
        match (all.next(), all.next()) {
            (Some(only), None) if only.parent() == Some(self.response) => Ok(only),
            (None, _) => Err("there is no assertion".to_owned()),
            _ => Err("there is more than one assertion, or it is not where it belongs".to_owned()),
        }
    }

    /// The element below the assertion that this path leads to; each step exists once.
    pub(super) fn at(&self, path: &[&'static str]) -> Result<Node<'a, 'i>, String> {
        path.iter().try_fold(self.assertion()?, |node, name| only(node, Namespace::Assertion, name))
    }
}

/// The child of this name, which exists once.
pub(super) fn only<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> Result<Node<'a, 'i>, String> {
    let child = xml::child(node, namespace, name).map_err(|error| error.to_string())?;
    child.ok_or_else(|| format!("{name} is missing"))
}

/// The attribute of this name.
pub(super) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, String> {
    let place = node.tag_name().name();
    xml::attribute(node, name).ok_or_else(|| format!("{place} has no {name}"))
}

/// The text of an element.
pub(super) fn text(node: Node<'_, '_>) -> Result<String, String> {
    xml::only_text(node).map_err(|error| error.to_string())
}

/// Right, if both are the same text.
pub(super) fn same(found: &str, expected: &str) -> Outcome {
    if found == expected {
        Ok(found.to_owned())
    } else {
        Err(format!("it is {found:?} and not {expected:?}"))
    }
}

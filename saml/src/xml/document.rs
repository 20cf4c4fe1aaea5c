//! Documents as trees, and how their parts are read so that nothing is read in part. Must not know which
//! parts a message has.

use std::fmt;

use roxmltree::{Document, Node, ParsingOptions};

use super::{Limit, Namespace, guard};
use crate::Quoted;

/// More than a Response with a thousand values has.
const MAX_NODES: u32 = 5000;

/// Why a document is not read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum XmlError {
    /// It is longer than messages are.
    #[error("the document has more than {limit} bytes")]
    TooLarge {
        /// The most that are read.
        limit: usize,
    },
    /// Its elements are nested deeper than those of messages.
    #[error("elements are nested more than {limit} deep")]
    TooDeep {
        /// The most that are read.
        limit: usize,
    },
    /// One element has more attributes than any of a message.
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes {
        /// The most that are read.
        limit: usize,
    },
    /// It declares more namespaces than messages use.
    #[error("more than {limit} namespaces are declared")]
    TooManyNamespaces {
        /// The most that are read.
        limit: usize,
    },
    /// It has something that readers understand differently.
    #[error("the document has {0}, which no message has")]
    Forbidden(&'static str),
    /// It is not XML.
    #[error("the document is not XML: {0}")]
    Malformed(Quoted),
    /// An element that a message has once is there several times.
    #[error("the element {0} stands there more than once")]
    Repeated(&'static str),
    /// An element that a message needs is not there.
    #[error("the element {0} is missing")]
    Missing(&'static str),
    /// An element that holds a text holds elements.
    #[error("the element {0} has elements where a text is expected")]
    NotText(Quoted),
}

impl XmlError {
    /// What a parser says has words of the document in it.
    pub(super) fn malformed(error: &impl fmt::Display) -> Self {
        Self::Malformed(Quoted::new(&error.to_string()))
    }
}

/// Reads a document that passes the guard.
pub(crate) fn parse(xml: &str, limit: Limit) -> Result<Document<'_>, XmlError> {
    guard::check(xml, limit)?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..Default::default() };
    let document =
        Document::parse_with_options(xml, options).map_err(|error| XmlError::malformed(&error))?;
    // The guard is another parser. What matters for meaning is asked of the tree itself.
    let is_odd = document.descendants().any(|node| node.is_comment() || node.is_pi());
    if is_odd { Err(XmlError::Forbidden("a comment")) } else { Ok(document) }
}

/// Whether a node is the element of this name.
pub(crate) fn is(node: Node<'_, '_>, namespace: Namespace, name: &str) -> bool {
    node.is_element() && node.has_tag_name((namespace.uri(), name))
}

/// The children of this name.
pub(crate) fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |&child| is(child, namespace, name))
}

/// The only child of this name, if there is one.
///
/// # Errors
/// When there are several.
pub(crate) fn child<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    namespace: Namespace,
    name: &'static str,
) -> Result<Option<Node<'a, 'i>>, XmlError> {
    let mut found = children(node, namespace, name);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err(XmlError::Repeated(name)),
        (one, None) => Ok(one),
    }
}

/// The attribute of this name that is in no namespace. `Node::attribute` takes those of any namespace.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    let mut attributes = node.attributes();
    let own = attributes.find(|one| one.namespace().is_none() && one.name() == name);
    own.map(|one| one.value())
}

/// The whole text of an element that has nothing but text. `Node::text` stops at the first part of it.
///
/// # Errors
/// When it has elements.
pub(crate) fn only_text(node: Node<'_, '_>) -> Result<String, XmlError> {
    if node.children().any(|child| !child.is_text()) {
        return Err(XmlError::NotText(Quoted::new(node.tag_name().name())));
    }
    Ok(node.children().filter_map(|child| child.text()).collect())
}

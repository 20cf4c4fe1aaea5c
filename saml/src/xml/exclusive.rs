//! Exclusive XML Canonicalization 1.0 of a part of a document, without comments (W3C, 2002). Must not know
//! what is signed.
//!
//! The document has passed [`parse`](super::parse): it has no DTD, comment or processing instruction, and it
//! is not deep.

use std::collections::BTreeMap;

use roxmltree::{Node, NodeId};

use super::escape;

/// The canonical form of `apex` and all below it but `without`. Namespaces of the prefixes in `inclusive` are
/// written although nothing uses them (section 2.1, `InclusiveNamespaces PrefixList`); `""` is the default
/// namespace.
pub(crate) fn canonical(apex: Node<'_, '_>, without: Option<NodeId>, inclusive: &[&str]) -> String {
    let mut writer = Writer { out: String::new(), without, inclusive };
    writer.element(apex, &mut Vec::new());
    writer.out
}

struct Writer<'w> {
    out: String,
    without: Option<NodeId>,
    inclusive: &'w [&'w str],
}

/// Prefixes with the namespaces that they have in what was written so far, the innermost last.
type Rendered<'a> = Vec<(&'a str, &'a str)>;

impl Writer<'_> {
    fn element<'a>(&mut self, element: Node<'a, '_>, rendered: &mut Rendered<'a>) {
        let (name, outer) = (name_at(element, element.range().start + 1), rendered.len());
        self.out.extend(["<", name]);
        for (prefix, uri) in self.namespaces(element, name) {
            let written = rendered.iter().rev().find(|(known, _)| *known == prefix);
            // Nothing written is what `xmlns=""` means.
            if written.map_or("", |(_, uri)| uri) != uri {
                rendered.push((prefix, uri));
                self.declaration(prefix, uri);
            }
        }
        self.attributes(element);
        self.out.push('>');
        let without = self.without;
        for child in element.children().filter(|child| Some(child.id()) != without) {
            if child.is_element() {
                self.element(child, rendered);
            } else if let Some(text) = child.text() {
                escape::text(&mut self.out, text);
            }
        }
        rendered.truncate(outer);
        self.out.extend(["</", name, ">"]);
    }

    /// What the element's own name, its attributes and the list of inclusive prefixes need, sorted by prefix.
    fn namespaces<'a>(&self, element: Node<'a, '_>, name: &'a str) -> BTreeMap<&'a str, &'a str> {
        let attributes = element.attributes().map(|attribute| attribute.range().start);
        // An attribute without a prefix is in no namespace (Namespaces in XML section 6.2).
        let of_attributes = attributes.map(|start| prefix_of(name_at(element, start)));
        let used = of_attributes.filter(|prefix| !prefix.is_empty()).chain([prefix_of(name)]);
        let listed = element.namespaces().map(|namespace| namespace.name().unwrap_or_default());
        used.chain(listed.filter(|prefix| self.inclusive.contains(prefix)))
            .filter(|prefix| *prefix != "xml")
            .map(|prefix| (prefix, namespace_of(element, prefix)))
            .collect()
    }

    fn declaration(&mut self, prefix: &str, uri: &str) {
        match prefix {
            "" => escape::attribute(&mut self.out, "xmlns", uri),
            _ => escape::attribute(&mut self.out, &format!("xmlns:{prefix}"), uri),
        }
    }

    /// Sorted by namespace, then by local name; those of no namespace come first.
    fn attributes(&mut self, element: Node<'_, '_>) {
        let mut attributes: Vec<_> = element.attributes().collect();
        attributes.sort_by_key(|attribute| (attribute.namespace().unwrap_or(""), attribute.name()));
        for attribute in attributes {
            let name = name_at(element, attribute.range().start);
            escape::attribute(&mut self.out, name, attribute.value());
        }
    }
}

/// The name with its prefix, as it stands in the document: the tree has no prefixes.
fn name_at<'i>(node: Node<'_, 'i>, start: usize) -> &'i str {
    let rest = node.document().input_text().get(start..).unwrap_or_default();
    rest.split([' ', '\t', '\r', '\n', '/', '>', '=']).next().unwrap_or_default()
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn namespace_of<'a>(element: Node<'a, '_>, prefix: &str) -> &'a str {
    let prefix = (!prefix.is_empty()).then_some(prefix);
    element.lookup_namespace_uri(prefix).unwrap_or("")
}

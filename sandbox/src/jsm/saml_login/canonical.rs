//! Exclusive XML canonicalization without comments (W3C, 18 July 2002), of an element and without its
//! signature. It must not know what is signed.

use std::collections::BTreeMap;

use roxmltree::{Node, NodeType};

/// The algorithm's name.
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Namespaces by prefix, as they have been written so far. The default one has an empty prefix.
type Rendered<'a> = BTreeMap<&'a str, &'a str>;

/// The canonical text of an element. `without` is a descendant that is left out.
pub(super) fn canonical(apex: Node<'_, '_>, without: Option<Node<'_, '_>>) -> String {
    let mut text = String::new();
    write(apex, without, &Rendered::new(), &mut text);
    text
}

fn write<'a>(
    node: Node<'a, 'a>,
    without: Option<Node<'_, '_>>,
    rendered: &Rendered<'a>,
    out: &mut String,
) {
    match node.node_type() {
        NodeType::Element if without.is_some_and(|it| it.id() == node.id()) => {}
        NodeType::Element => write_element(node, without, rendered, out),
        NodeType::Text => escape(node.text().unwrap_or_default(), &TEXT, out),
        NodeType::PI => {
            let Some(instruction) = node.pi() else { return };
            out.extend(["<?", instruction.target]);
            out.extend(instruction.value.into_iter().flat_map(|value| [" ", value]));
            out.push_str("?>");
        }
        NodeType::Comment | NodeType::Root => {}
    }
}

fn write_element<'a>(
    element: Node<'a, 'a>,
    without: Option<Node<'_, '_>>,
    rendered: &Rendered<'a>,
    out: &mut String,
) {
    let source = element.document().input_text();
    let name = qualified_name(source.get(element.range()).unwrap_or_default());
    let mut attributes: Vec<_> = element.attributes().collect();
    attributes.sort_by_key(|it| (it.namespace().unwrap_or_default(), it.name()));
    let qualified =
        |it: &roxmltree::Attribute<'a, 'a>| source.get(it.range_qname()).unwrap_or_default();

    // The prefixes that the element or one of its attributes has ("visibly utilized").
    let mut used = Rendered::new();
    used.insert(
        prefix(name).unwrap_or_default(),
        element.tag_name().namespace().unwrap_or_default(),
    );
    for attribute in &attributes {
        let prefix = prefix(qualified(attribute)).filter(|prefix| *prefix != "xml");
        used.extend(prefix.zip(attribute.namespace()));
    }
    used.retain(|prefix, uri| rendered.get(prefix).copied().unwrap_or_default() != *uri);

    out.extend(["<", name]);
    for (prefix, uri) in &used {
        let colon = if prefix.is_empty() { "" } else { ":" };
        out.extend([" xmlns", colon, prefix, "=\""]);
        escape(uri, &VALUE, out);
        out.push('"');
    }
    for attribute in &attributes {
        out.extend([" ", qualified(attribute), "=\""]);
        escape(attribute.value(), &VALUE, out);
        out.push('"');
    }
    out.push('>');
    let mut inner = rendered.clone();
    inner.extend(used);
    for child in element.children() {
        write(child, without, &inner, out);
    }
    out.extend(["</", name, ">"]);
}

/// The name with its prefix, as the element begins with it.
fn qualified_name(element: &str) -> &str {
    let name = element.strip_prefix('<').unwrap_or(element);
    name.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or(name)
}

fn prefix(name: &str) -> Option<&str> {
    name.split_once(':').map(|(prefix, _)| prefix)
}

const TEXT: [(char, &str); 4] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\r', "&#xD;")];

const VALUE: [(char, &str); 6] = [
    ('&', "&amp;"),
    ('<', "&lt;"),
    ('"', "&quot;"),
    ('\t', "&#x9;"),
    ('\n', "&#xA;"),
    ('\r', "&#xD;"),
];

fn escape(text: &str, escapes: &[(char, &str)], out: &mut String) {
    for char in text.chars() {
        match escapes.iter().find(|(it, _)| *it == char) {
            Some((_, escape)) => out.push_str(escape),
            None => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Expected texts are what `xmllint --exc-c14n` writes.
    #[rstest]
    #[case("<a  y='2' x=\"1\"/>", "<a x=\"1\" y=\"2\"></a>")]
    #[case("<a xmlns:u=\"urn:u\"><b/></a>", "<a><b></b></a>")]
    #[case(
        "<p:a xmlns:p=\"urn:p\" xmlns:q=\"urn:q\"><q:b p:z=\"1\" q:a=\"2\" c=\"3\"/></p:a>",
        "<p:a xmlns:p=\"urn:p\"><q:b xmlns:q=\"urn:q\" c=\"3\" p:z=\"1\" q:a=\"2\"></q:b></p:a>"
    )]
    #[case("<a xmlns=\"urn:a\"><b xmlns=\"\"/></a>", "<a xmlns=\"urn:a\"><b xmlns=\"\"></b></a>")]
    #[case("<a>x<!-- y --><![CDATA[<&]]>&gt;</a>", "<a>x&lt;&amp;&gt;</a>")]
    #[case("<a b=\"&#10;&quot;&lt;\">&#13;</a>", "<a b=\"&#xA;&quot;&lt;\">&#xD;</a>")]
    fn elements_have_one_canonical_text(#[case] xml: &str, #[case] expected: &str) {
        let document = roxmltree::Document::parse(xml).unwrap();
        assert_eq!(canonical(document.root_element(), None), expected);
    }
}

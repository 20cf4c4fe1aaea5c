//! Made-up documents: elements, prefixes and namespaces in all relations, texts and attributes with what has to be
//! escaped. Every document is well-formed and has only absolute namespaces.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

/// The first is no prefix.
const PREFIXES: [&str; 4] = ["", "a", "b", "c"];
/// The last is no namespace, which only the default namespace can be.
const NAMESPACES: [&str; 4] = ["urn:1", "urn:2", "http://example.com/3?x=1", ""];
const NAMES: [&str; 4] = ["x", "y", "z-1", "ä"];
const VALUES: [&str; 12] =
    ["v", " ", "\n", "\t", "\r\n", "&#9;", "&#10;", "&#13;", "&lt;", "&quot;", "&amp;", ">é"];
const TEXTS: [&str; 14] = [
    "t",
    " ",
    "\n",
    "\r\n",
    "&amp;",
    "&lt;",
    "&gt;",
    "&#13;",
    "&#xA;",
    "\"'",
    "é\u{1f600}",
    "]]&gt;",
    "<![CDATA[<x a=\"1\">&amp;]]>",
    "<![CDATA[\r\n]]>",
];

/// An element, by places in the lists above.
#[derive(Clone, Debug)]
pub(super) struct Made {
    prefix: usize,
    name: usize,
    declarations: Vec<(usize, usize)>,
    attributes: Vec<(usize, usize, Vec<usize>)>,
    content: Vec<Piece>,
    style: u8,
}

#[derive(Clone, Debug)]
enum Piece {
    Element(Made),
    Text(usize),
}

/// What prefixes stand for, outside.
pub(super) type Scope = BTreeMap<&'static str, &'static str>;

/// Elements with elements, some levels deep.
pub(super) fn element() -> impl Strategy<Value = Made> {
    let leaf = head(Just(Vec::new()).boxed());
    leaf.prop_recursive(4, 24, 4, |inner| {
        let piece =
            prop_oneof![inner.prop_map(Piece::Element), (0..TEXTS.len()).prop_map(Piece::Text)];
        head(vec(piece, 0..5).boxed())
    })
}

fn head(content: BoxedStrategy<Vec<Piece>>) -> BoxedStrategy<Made> {
    let declarations = vec((0..PREFIXES.len(), 0..NAMESPACES.len()), 0..4);
    let value = vec(0..VALUES.len(), 0..4);
    let attributes = vec((0..PREFIXES.len(), 0..NAMES.len(), value), 0..5);
    (0..PREFIXES.len(), 0..NAMES.len(), declarations, attributes, content, any::<u8>())
        .prop_map(|(prefix, name, declarations, attributes, content, style)| Made {
            prefix,
            name,
            declarations,
            attributes,
            content,
            style,
        })
        .boxed()
}

impl Made {
    /// As a document or a part of one.
    pub(super) fn xml(&self, outside: &Scope) -> String {
        self.with_inside(outside, |_| String::new())
    }

    /// With more at the end of its content.
    pub(super) fn with_inside(
        &self,
        outside: &Scope,
        inside: impl FnOnce(&Scope) -> String,
    ) -> String {
        let (scope, tag) = self.tag(outside);
        let name = qualified(self.prefix, self.name);
        let mut content = String::new();
        for piece in &self.content {
            match piece {
                Piece::Element(element) => content.push_str(&element.xml(&scope)),
                Piece::Text(text) => content.push_str(TEXTS[*text]),
            }
        }
        content.push_str(&inside(&scope));
        if content.is_empty() && self.style & 1 == 0 {
            format!("<{tag}/>")
        } else {
            format!("<{tag}>{content}</{name}{}>", if self.style & 2 == 0 { "" } else { " " })
        }
    }

    fn tag(&self, outside: &Scope) -> (Scope, String) {
        let (mut scope, mut declared) = (outside.clone(), BTreeMap::new());
        for &(prefix, namespace) in &self.declarations {
            let namespace = match (prefix, NAMESPACES[namespace]) {
                (1.., "") => NAMESPACES[0],
                (_, namespace) => namespace,
            };
            declared.insert(PREFIXES[prefix], namespace);
        }
        let used = self.attributes.iter().map(|attribute| attribute.0).chain([self.prefix]);
        for prefix in used.map(|prefix| PREFIXES[prefix]).filter(|prefix| !prefix.is_empty()) {
            if !scope.contains_key(prefix) {
                declared.entry(prefix).or_insert("urn:needed");
            }
        }
        scope.extend(&declared);
        let mut parts: Vec<String> = self.attributes(&scope);
        for (prefix, namespace) in declared {
            let colon = if prefix.is_empty() { "" } else { ":" };
            parts.push(format!("xmlns{colon}{prefix}=\"{namespace}\""));
        }
        let shift = usize::from(self.style >> 4) % parts.len().max(1);
        parts.rotate_left(shift);
        let space = if self.style & 4 == 0 { " " } else { "\n\t" };
        let name = qualified(self.prefix, self.name);
        let mut tag = name.clone();
        for part in parts {
            tag.extend([space, &part]);
        }
        (scope, tag)
    }

    /// Two attributes of one name in one namespace are no XML.
    fn attributes(&self, scope: &Scope) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let mut parts = Vec::new();
        for (prefix, name, value) in &self.attributes {
            let prefix_text = PREFIXES[*prefix];
            let namespace = if prefix_text.is_empty() { "" } else { scope[prefix_text] };
            if taken.insert((namespace, *name)) {
                let quote = if self.style & 8 == 0 { '"' } else { '\'' };
                let mut part = format!("{}={quote}", qualified(*prefix, *name));
                for piece in value {
                    part.push_str(VALUES[*piece]);
                }
                let _ = write!(part, "{quote}");
                parts.push(part);
            }
        }
        parts
    }
}

fn qualified(prefix: usize, name: usize) -> String {
    match PREFIXES[prefix] {
        "" => NAMES[name].to_owned(),
        prefix => format!("{prefix}:{}", NAMES[name]),
    }
}

//! Elements that are written in exclusive canonical form by construction: what is signed is what is sent.
//! Must not know what they mean.
//!
//! That holds because a prefix is declared on the first element that uses it, attributes are sorted and have no
//! prefix, and there is no value whose meaning depends on a prefix. So an element is written alike wherever it
//! stands, unless an ancestor has declared its prefix already.

use std::collections::BTreeMap;

use super::{Namespace, escape};
use crate::WriteError;

/// An element with its content.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    namespace: Namespace,
    name: &'static str,
    attributes: BTreeMap<&'static str, String>,
    content: Vec<Content>,
}

#[derive(Clone, Debug)]
enum Content {
    Element(Element),
    Text(String),
}

impl Element {
    /// An empty element.
    pub(crate) const fn new(namespace: Namespace, name: &'static str) -> Self {
        Self { namespace, name, attributes: BTreeMap::new(), content: Vec::new() }
    }

    /// With an attribute. `name` has no prefix and is no declaration of a namespace.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.insert(name, value.into());
        self
    }

    /// With one more child at the end.
    #[must_use]
    pub(crate) fn child(mut self, child: Self) -> Self {
        self.content.push(Content::Element(child));
        self
    }

    /// With more children at the end.
    #[must_use]
    pub(crate) fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.content.extend(children.into_iter().map(Content::Element));
        self
    }

    /// With more text at the end.
    #[must_use]
    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.content.push(Content::Text(text.into()));
        self
    }

    /// With a child after the first one, where SAML has signatures: after `Issuer` (core section 5.4.1).
    #[must_use]
    pub(crate) fn second_child(mut self, child: Self) -> Self {
        let place = self.content.len().min(1);
        self.content.insert(place, Content::Element(child));
        self
    }

    /// The element as a document of its own.
    ///
    /// # Errors
    /// When it has a character that XML cannot have.
    pub(crate) fn write(&self) -> Result<String, WriteError> {
        let mut out = String::new();
        self.write_below(&mut out, &mut Vec::new())?;
        Ok(out)
    }

    fn write_below(
        &self,
        out: &mut String,
        declared: &mut Vec<&'static str>,
    ) -> Result<(), WriteError> {
        let (prefix, outer) = (self.namespace.prefix(), declared.len());
        out.extend(["<", prefix, ":", self.name]);
        if !declared.contains(&prefix) {
            declared.push(prefix);
            escape::attribute(out, &format!("xmlns:{prefix}"), self.namespace.uri());
        }
        for (name, value) in &self.attributes {
            escape::attribute(out, name, self.possible(value)?);
        }
        out.push('>');
        for content in &self.content {
            match content {
                Content::Element(child) => child.write_below(out, declared)?,
                Content::Text(text) => escape::text(out, self.possible(text)?),
            }
        }
        declared.truncate(outer);
        out.extend(["</", prefix, ":", self.name, ">"]);
        Ok(())
    }

    fn possible<'t>(&self, text: &'t str) -> Result<&'t str, WriteError> {
        match escape::impossible(text) {
            Some(character) => Err(WriteError::Character { element: self.name, character }),
            None => Ok(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_declared_where_it_is_first_used() {
        let issuer = Element::new(Namespace::Assertion, "Issuer").text("a&b");
        let response = Element::new(Namespace::Protocol, "Response")
            .with("Version", "2.0")
            .with("ID", "\"x\"")
            .child(issuer.clone().child(Element::new(Namespace::Assertion, "In")))
            .child(issuer);
        assert_eq!(
            response.write().unwrap(),
            r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="&quot;x&quot;" Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">a&amp;b<saml:In></saml:In></saml:Issuer><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">a&amp;b</saml:Issuer></samlp:Response>"#
        );
    }

    #[test]
    fn s25_a_character_that_xml_cannot_have_is_not_written() {
        let named = |text: &str| Element::new(Namespace::Assertion, "NameID").text(text).write();
        for character in ['\0', '\u{8}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            let expected = WriteError::Character { element: "NameID", character };
            assert_eq!(named(&format!("a{character}b")), Err(expected));
        }
        assert!(named("a\tb\nc\rd \u{7f}\u{85}\u{e000}\u{fffd}\u{1f600}").is_ok());
    }
}

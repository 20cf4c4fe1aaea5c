//! A look over a document before the tree parser gets it: its size and shape, and nothing of its meaning.
//! Must not know what a message is.
//!
//! roxmltree 0.21 takes 20 s for 106 KB of nested declarations of namespaces (its issue 153), and time that
//! grows with the square of an element's attributes. Within these limits the worst document takes 10 ms.
//! What readers are known to understand differently is refused as well: DTDs, comments, processing
//! instructions, and declarations of namespaces that are not allowed.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::PrefixDeclaration;

use super::{Limit, XmlError};

/// A signed request is 8 deep, a signed Response 9.
const MAX_DEPTH: usize = 32;
/// `AuthnRequest` has 13 attributes.
const MAX_ATTRIBUTES: usize = 32;
const MAX_NAMESPACES: usize = 128;

/// Lets a document pass that is no larger than `limit` and has no shape that is known as an attack.
pub(super) fn check(xml: &str, limit: Limit) -> Result<(), XmlError> {
    if xml.len() > limit as usize {
        return Err(XmlError::TooLarge { limit: limit as usize });
    }
    let mut reader = Reader::from_str(xml);
    let (mut depth, mut namespaces) = (0_usize, 0);
    loop {
        match reader.read_event().map_err(|error| XmlError::malformed(&error))? {
            Event::Start(tag) => {
                depth += 1;
                namespaces += declarations(&tag)?;
            }
            Event::Empty(tag) => namespaces += declarations(&tag)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err(XmlError::Forbidden("a DOCTYPE")),
            Event::Comment(_) => return Err(XmlError::Forbidden("a comment")),
            Event::PI(_) => return Err(XmlError::Forbidden("a processing instruction")),
            Event::Text(_) | Event::CData(_) | Event::Decl(_) | Event::GeneralRef(_) => {}
            Event::Eof => return Ok(()),
        }
        if depth > MAX_DEPTH {
            return Err(XmlError::TooDeep { limit: MAX_DEPTH });
        }
        if namespaces > MAX_NAMESPACES {
            return Err(XmlError::TooManyNamespaces { limit: MAX_NAMESPACES });
        }
    }
}

/// Counts the namespaces that a tag declares. quick-xml refuses attributes that stand twice, among them
/// a second default namespace, which roxmltree takes.
fn declarations(tag: &BytesStart<'_>) -> Result<usize, XmlError> {
    let mut declared = 0;
    for (index, attribute) in tag.attributes().enumerate() {
        if index >= MAX_ATTRIBUTES {
            return Err(XmlError::TooManyAttributes { limit: MAX_ATTRIBUTES });
        }
        let attribute = attribute.map_err(|error| XmlError::malformed(&error))?;
        match attribute.key.as_namespace_binding() {
            // Namespaces in XML 1.0 section 2.2: only the default namespace can be taken back.
            Some(PrefixDeclaration::Named(_)) if attribute.value.is_empty() => {
                return Err(XmlError::Forbidden("a prefix of no namespace"));
            }
            Some(_) => declared += 1,
            // roxmltree 0.21 takes any attribute of this local name for a declaration.
            None if attribute.key.0.ends_with(":xmlns") => {
                return Err(XmlError::Forbidden("an attribute :xmlns"));
            }
            None => {}
        }
    }
    Ok(declared)
}

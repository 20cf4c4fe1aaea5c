//! A door for `fuzz/` to what is private.

use crate::xml::{self, Limit, exclusive};

/// The canonical form of a document, if it is one that is read.
#[must_use]
pub fn canonical(xml: &str) -> Option<String> {
    let document = xml::parse(xml, Limit::Request).ok()?;
    Some(exclusive::canonical(document.root_element(), None, &[]))
}

//! XML as SAML needs it: elements that are written in canonical form, a guard and a parser for what is
//! read, and the canonical form of what was read. Must not know what a message means.

mod document;
mod element;
mod escape;
pub(crate) mod exclusive;
mod guard;

pub use document::XmlError;
pub(crate) use document::{attribute, child, children, is, only_text, parse};
pub(crate) use element::Element;

/// The namespaces that messages are made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Namespace {
    Assertion,
    Metadata,
    Protocol,
    Signature,
}

impl Namespace {
    /// The namespace's name.
    pub(crate) const fn uri(self) -> &'static str {
        match self {
            Self::Assertion => "urn:oasis:names:tc:SAML:2.0:assertion",
            Self::Metadata => "urn:oasis:names:tc:SAML:2.0:metadata",
            Self::Protocol => "urn:oasis:names:tc:SAML:2.0:protocol",
            Self::Signature => "http://www.w3.org/2000/09/xmldsig#",
        }
    }

    /// The prefix that we write it with.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Assertion => "saml",
            Self::Metadata => "md",
            Self::Protocol => "samlp",
            Self::Signature => "ds",
        }
    }
}

/// How large a document may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// What strangers send.
    Request = 64 * 1024,
    /// What we made ourselves and look at again.
    Response = 256 * 1024,
}

//! SAML 2.0 as an identity provider speaks it: bytes in, typed messages out, and the other way round.
//! Knows no HTTP, no clock and no randomness of its own: time and identifiers are given.
//!
//! What is written is canonical XML by construction and signed with RSA-SHA256. What is read passes a
//! guard of its size and shape, one parser, and, where it is signed, one closed profile of XML signatures.
//!
//! Names of documents in the comments: *core*, *bindings*, *profiles* and *metadata* are the OASIS SAML 2.0
//! specifications; *signatures* is the W3C's XML Signature Syntax and Processing.

pub mod authn_request;
mod binding;
mod error;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod id;
pub mod inspect;
mod instant;
mod key;
pub mod logout;
mod message;
pub mod metadata;
mod quoted;
pub mod response;
mod signature;
#[cfg(test)]
mod tests;
mod xml;

pub use binding::relay_state;
pub use error::{ReadError, WriteError};
pub use id::{Id, RequestId, RequestIdError};
pub use key::{KeyError, PeerKey, SigningKey};
pub use quoted::Quoted;
pub use signature::SignatureError;
pub use xml::XmlError;

/// The longest RelayState that is taken, in bytes. The specification says 80 (bindings section 3.4.3), and
/// service providers exceed it.
pub const RELAY_STATE_BYTES: usize = 1536;

/// NameID formats (core section 8.3).
pub mod name_id_format {
    /// An address, as Atlassian expects it.
    pub const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    /// A stable name that means nothing elsewhere.
    pub const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    /// Whatever the two sides have agreed on.
    pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
}

/// What is known of a service provider when one of its messages is read.
#[derive(Clone, Copy, Debug)]
pub struct ServiceProvider<'a> {
    /// Its entity id: the `Issuer` of all that it sends.
    pub entity_id: &'a str,
    /// Its addresses for answers (assertion consumer services), of which the first is the default.
    pub acs_urls: &'a [String],
    /// Its keys. If there are any, an unsigned request is refused; if there are none, signatures are not
    /// looked at, and logout requests are refused.
    pub keys: &'a [PeerKey],
}

/// Who a message is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NameId<'a> {
    /// The format's URI; [`name_id_format`] has the usual ones.
    pub format: &'a str,
    /// The name itself.
    pub value: &'a str,
}

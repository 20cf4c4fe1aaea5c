//! Verifying what somebody else signed, by a closed profile of XML signatures: one signature that is a child of
//! the element it signs, one reference, to that element's own ID, the enveloped-signature transform and exclusive
//! canonicalization, and algorithms of a list. `KeyInfo` is not looked at: keys are known beforehand. Must not
//! know what is signed.

mod profile;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest;
use roxmltree::Node;

use self::profile::Profile;
use crate::xml::exclusive::canonical;
use crate::xml::{self, Namespace, XmlError};
use crate::{PeerKey, Quoted};

/// Why a signature does not count.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SignatureError {
    /// There is none.
    #[error("it is not signed")]
    Missing,
    /// Nobody knows with which key it should be signed.
    #[error("no certificate of the service provider is configured")]
    NoKeys,
    /// There are several, or the only one stands elsewhere than in the element that it signs.
    #[error("its signature is not the one child of the element that it signs")]
    Place,
    /// Two elements have the same identifier, so that nobody can say which of them is signed.
    #[error("the identifier {0} stands there more than once")]
    RepeatedId(Quoted),
    /// An element of the signature is not where the profile has it.
    #[error("{0} in its signature is not as SAML has it")]
    Shape(&'static str),
    /// An algorithm is not of the list.
    #[error(
        "the {place} of its signature is {found}; only {allowed} is taken. Choose it at the service provider"
    )]
    Algorithm {
        /// The element that names it.
        place: &'static str,
        /// What it names.
        found: Quoted,
        /// What it could be.
        allowed: &'static str,
    },
    /// It is about another element.
    #[error("its signature is about {found} and not about {expected}")]
    Reference {
        /// What it refers to.
        found: Quoted,
        /// What it should refer to.
        expected: Quoted,
    },
    /// The content has been changed, or was canonicalized differently.
    #[error("its content is not what was signed")]
    Digest,
    /// None of the keys made it.
    #[error("its signature was not made with a key of the configured certificate")]
    Key,
    /// A part of it is not XML as it should be.
    #[error("its signature cannot be read: {0}")]
    Xml(#[from] XmlError),
}

/// Proves that one of `keys` signed the whole message, which has no other signature anywhere.
pub(crate) fn verify_message(root: Node<'_, '_>, keys: &[PeerKey]) -> Result<(), SignatureError> {
    let is_signature = |node: &Node<'_, '_>| xml::is(*node, Namespace::Signature, "Signature");
    let strays = root.descendants().filter(is_signature).any(|one| one.parent() != Some(root));
    if strays { Err(SignatureError::Place) } else { verify(root, keys) }
}

/// Proves that one of `keys` signed `element` with all below it, but the signature itself.
pub(crate) fn verify(element: Node<'_, '_>, keys: &[PeerKey]) -> Result<(), SignatureError> {
    if keys.is_empty() {
        return Err(SignatureError::NoKeys);
    }
    let signature = signature_of(element)?;
    ids_are_unique(element)?;
    let profile = Profile::read(signature)?;
    let expected = format!("#{}", xml::attribute(element, "ID").unwrap_or_default());
    if profile.reference != expected || expected == "#" {
        let (found, expected) = (Quoted::new(profile.reference), Quoted::new(&expected));
        return Err(SignatureError::Reference { found, expected });
    }
    let signed_info = canonical(profile.signed_info, None, &profile.inclusive_in_signed_info);
    let signed_info = signed_info.as_bytes();
    if !keys.iter().any(|key| key.verifies(profile.algorithm, signed_info, &profile.value)) {
        return Err(SignatureError::Key);
    }
    let content = canonical(element, Some(signature.id()), &profile.inclusive_in_content);
    let digest = digest::digest(profile.digest_algorithm, content.as_bytes());
    if digest.as_ref() == profile.digest { Ok(()) } else { Err(SignatureError::Digest) }
}

/// The certificate in an element's signature, in DER form, if there is exactly one.
pub(crate) fn certificate(element: Node<'_, '_>) -> Option<Vec<u8>> {
    let signature = signature_of(element).ok()?;
    let mut certificates = signature
        .descendants()
        .filter(|&node| xml::is(node, Namespace::Signature, "X509Certificate"));
    let (only, None) = (certificates.next()?, certificates.next()) else { return None };
    decode(&xml::only_text(only).ok()?)
}

/// The one signature that is a child of the element.
fn signature_of<'a, 'i>(element: Node<'a, 'i>) -> Result<Node<'a, 'i>, SignatureError> {
    let mut signatures = xml::children(element, Namespace::Signature, "Signature");
    match (signatures.next(), signatures.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err(SignatureError::Missing),
        (Some(_), Some(_)) => Err(SignatureError::Place),
    }
}

/// Whatever anybody may take for an identifier stands once in the whole document.
fn ids_are_unique(element: Node<'_, '_>) -> Result<(), SignatureError> {
    let attributes = element.document().descendants().flat_map(|node| node.attributes());
    let mut known = BTreeSet::new();
    for id in attributes.filter(|attribute| attribute.name().eq_ignore_ascii_case("id")) {
        if !known.insert(id.value()) {
            return Err(SignatureError::RepeatedId(Quoted::new(id.value())));
        }
    }
    Ok(())
}

/// Base64 as XML has it, with line breaks.
fn decode(base64: &str) -> Option<Vec<u8>> {
    let packed: String = base64.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(packed).ok()
}

//! Signing what we wrote. Must not know what it says.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest;

use super::{ENVELOPED, EXCLUSIVE, RSA_SHA256, SHA256};
use crate::xml::{Element, Namespace};
use crate::{Id, SigningKey, WriteError};

/// Signs an element whose first child is its issuer; the signature follows that.
///
/// # Errors
/// When the element has a character that XML cannot have, or signing fails.
pub(crate) fn sign(element: Element, id: &Id, key: &SigningKey) -> Result<Element, WriteError> {
    let element = element.with("ID", id.as_str());
    // What is written is canonical, and the element without its signature is what the transforms give.
    let digest = digest::digest(&digest::SHA256, element.write()?.as_bytes());
    let signed_info = signed_info(id, digest.as_ref());
    let value = key.sign(signed_info.write()?.as_bytes()).ok_or(WriteError::Signing)?;
    let signature = ds("Signature")
        .child(signed_info)
        .child(ds("SignatureValue").text(BASE64_STANDARD.encode(value)))
        .child(key_info(key.certificate_der()));
    Ok(element.second_child(signature))
}

/// A certificate as signatures and metadata have it.
pub(crate) fn key_info(certificate_der: &[u8]) -> Element {
    let certificate = ds("X509Certificate").text(BASE64_STANDARD.encode(certificate_der));
    ds("KeyInfo").child(ds("X509Data").child(certificate))
}

fn signed_info(id: &Id, digest: &[u8]) -> Element {
    let algorithm = |name, uri| ds(name).with("Algorithm", uri);
    let transforms = ds("Transforms")
        .child(algorithm("Transform", ENVELOPED))
        .child(algorithm("Transform", EXCLUSIVE));
    let reference = ds("Reference")
        .with("URI", format!("#{}", id.as_str()))
        .child(transforms)
        .child(algorithm("DigestMethod", SHA256))
        .child(ds("DigestValue").text(BASE64_STANDARD.encode(digest)));
    ds("SignedInfo")
        .child(algorithm("CanonicalizationMethod", EXCLUSIVE))
        .child(algorithm("SignatureMethod", RSA_SHA256))
        .child(reference)
}

fn ds(name: &'static str) -> Element {
    Element::new(Namespace::Signature, name)
}

//! An enveloped XML signature, verified with the one certificate that Jira was given (W3C, XML Signature
//! Syntax and Processing). It must not know what the signed element says.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use roxmltree::Node;
use rsa::pkcs1::DecodeRsaPublicKey as _;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::canonical::{EXCLUSIVE, canonical};
use super::document::{DS, attribute, child, children, text};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// What a refusal is called, unless the certificate is to blame.
const FAILED: &str = "Signature validation failed. SAML Response rejected";

/// A certificate and its key.
#[derive(Debug)]
pub(super) struct TrustedKey {
    key: RsaPublicKey,
    certificate: Vec<u8>,
}

impl TrustedKey {
    /// Reads a certificate (PEM) with an RSA key.
    pub(super) fn from_pem(pem: &str) -> Option<Self> {
        let (_, pem) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).ok()?;
        let (_, certificate) = X509Certificate::from_der(&pem.contents).ok()?;
        let key = &certificate.public_key().subject_public_key.data;
        let key = RsaPublicKey::from_pkcs1_der(key).ok()?;
        Some(Self { key, certificate: pem.contents })
    }
}

/// A hash, as algorithm names and PKCS #1 know it.
#[derive(Clone, Copy)]
struct Hash {
    signature: &'static str,
    digest: &'static str,
    /// What precedes the value in a signature (RFC 8017, 9.2).
    prefix: [u8; 19],
    of: fn(&[u8]) -> Vec<u8>,
}

/// The beginning of a `DigestInfo`; the three hashes differ in the length of all, in one number and in their
/// own length.
const fn prefix(whole: u8, number: u8, length: u8) -> [u8; 19] {
    [
        0x30, whole, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
        number, 0x05, 0x00, 0x04, length,
    ]
}

const HASHES: [Hash; 3] = [
    Hash {
        signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        digest: "http://www.w3.org/2001/04/xmlenc#sha256",
        prefix: prefix(0x31, 1, 32),
        of: |data| Sha256::digest(data).to_vec(),
    },
    Hash {
        signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        digest: "http://www.w3.org/2001/04/xmldsig-more#sha384",
        prefix: prefix(0x41, 2, 48),
        of: |data| Sha384::digest(data).to_vec(),
    },
    Hash {
        signature: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        digest: "http://www.w3.org/2001/04/xmlenc#sha512",
        prefix: prefix(0x51, 3, 64),
        of: |data| Sha512::digest(data).to_vec(),
    },
];

/// Verifies that `signature`, which stands in `parent`, signs all else of it.
///
/// # Errors
/// With what Jira writes into its log.
pub(super) fn verify(
    signature: Node<'_, '_>,
    parent: Node<'_, '_>,
    trusted: &TrustedKey,
) -> Result<(), String> {
    let failed = || FAILED.to_owned();
    let signed_info = child(signature, (DS, "SignedInfo")).ok_or_else(failed)?;
    let hash = signature_hash(signed_info).ok_or_else(failed)?;
    if !is_of(signed_info, signature, parent) {
        return Err(failed());
    }
    if let Some(certificate) = embedded(signature)
        && certificate != trusted.certificate
    {
        return Err("Certificate used in the document does not match".to_owned());
    }
    let value = child(signature, (DS, "SignatureValue")).and_then(|it| decoded(&text(it)));
    let value = value.ok_or_else(failed)?;
    let scheme =
        Pkcs1v15Sign { hash_len: Some(usize::from(hash.prefix[18])), prefix: hash.prefix.into() };
    let hashed = (hash.of)(canonical(signed_info, None).as_bytes());
    trusted.key.verify(scheme, &hashed, &value).map_err(|_| failed())
}

/// The hash that a signature is made with, if it is made as SAML wants it.
fn signature_hash(signed_info: Node<'_, '_>) -> Option<Hash> {
    let algorithm = |name| attribute(child(signed_info, (DS, name))?, "Algorithm");
    if algorithm("CanonicalizationMethod") != Some(EXCLUSIVE) {
        return None;
    }
    let method = algorithm("SignatureMethod")?;
    HASHES.into_iter().find(|hash| hash.signature == method)
}

/// Whether the one reference names the parent and has its digest.
fn is_of(signed_info: Node<'_, '_>, signature: Node<'_, '_>, parent: Node<'_, '_>) -> bool {
    let mut references = children(signed_info, (DS, "Reference"));
    let (Some(reference), None) = (references.next(), references.next()) else { return false };
    let names_parent = || {
        let named = attribute(reference, "URI")?.strip_prefix('#')?;
        Some(!named.is_empty() && attribute(parent, "ID") == Some(named))
    };
    let digest = || {
        let transforms = child(reference, (DS, "Transforms"))?;
        let algorithms = children(transforms, (DS, "Transform"));
        let algorithms: Vec<_> = algorithms.map(|it| attribute(it, "Algorithm")).collect();
        let method = attribute(child(reference, (DS, "DigestMethod"))?, "Algorithm")?;
        let hash = HASHES.into_iter().find(|hash| hash.digest == method)?;
        let value = decoded(&text(child(reference, (DS, "DigestValue"))?))?;
        let plain =
            transforms.descendants().all(|it| it.tag_name().name() != "InclusiveNamespaces");
        let fits = algorithms == [Some(ENVELOPED), Some(EXCLUSIVE)] && plain;
        Some(fits && (hash.of)(canonical(parent, Some(signature)).as_bytes()) == value)
    };
    names_parent() == Some(true) && digest() == Some(true)
}

/// The certificate that comes with a signature.
fn embedded(signature: Node<'_, '_>) -> Option<Vec<u8>> {
    let info = child(signature, (DS, "KeyInfo"))?;
    let certificate = info.descendants().find(|it| it.has_tag_name((DS, "X509Certificate")))?;
    Some(decoded(&text(certificate)).unwrap_or_default())
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let bare: String = text.split_whitespace().collect();
    BASE64_STANDARD.decode(bare).ok()
}

//! A signature taken apart. Whatever is not of the profile is an error: nothing is skipped. Must not know
//! which element is signed.

use ring::digest;
use ring::signature::VerificationAlgorithm;
use roxmltree::Node;

use super::super::{ALGORITHMS, DIGESTS, ENVELOPED, EXCLUSIVE, algorithm, digest_algorithm};
use super::{SignatureError, decode};
use crate::Quoted;
use crate::xml::{self, Namespace};

/// What a signature of the profile says.
pub(super) struct Profile<'a, 'i> {
    pub(super) signed_info: Node<'a, 'i>,
    pub(super) inclusive_in_signed_info: Vec<&'a str>,
    pub(super) algorithm: &'static dyn VerificationAlgorithm,
    pub(super) value: Vec<u8>,
    /// The reference's URI.
    pub(super) reference: &'a str,
    pub(super) inclusive_in_content: Vec<&'a str>,
    pub(super) digest_algorithm: &'static digest::Algorithm,
    pub(super) digest: Vec<u8>,
}

impl<'a, 'i> Profile<'a, 'i> {
    /// Takes a `Signature` apart (signatures section 4).
    pub(super) fn read(signature: Node<'a, 'i>) -> Result<Self, SignatureError> {
        let (signed_info, value) = match *elements(signature) {
            [info, value] => (info, value),
            [info, value, key] if is(key, "KeyInfo") => (info, value),
            _ => return Err(SignatureError::Shape("Signature")),
        };
        expect(signed_info, "SignedInfo")?;
        let [canonicalization, method, reference] = *elements(signed_info) else {
            return Err(SignatureError::Shape("SignedInfo"));
        };
        let [transforms, digest_method, digest] = *elements(reference) else {
            return Err(SignatureError::Shape("Reference"));
        };
        expect(reference, "Reference")?;
        only_attributes(reference, &["URI", "Id"])?;
        expect(transforms, "Transforms")?;
        let [enveloped, exclusive] = *elements(transforms) else {
            return Err(SignatureError::Shape("Transforms"));
        };
        let enveloped_uri = uri_of(enveloped, "Transform")?;
        empty(enveloped, "Transform")?;
        require(enveloped_uri == ENVELOPED, "Transform", enveloped_uri, ENVELOPED)?;
        Ok(Self {
            signed_info,
            inclusive_in_signed_info: exclusive_with(canonicalization, "CanonicalizationMethod")?,
            algorithm: signature_method(method)?,
            value: decoded(value, "SignatureValue")?,
            reference: xml::attribute(reference, "URI").unwrap_or_default(),
            inclusive_in_content: exclusive_with(exclusive, "Transform")?,
            digest_algorithm: self::digest_method(digest_method)?,
            digest: decoded(digest, "DigestValue")?,
        })
    }
}

fn signature_method(
    method: Node<'_, '_>,
) -> Result<&'static dyn VerificationAlgorithm, SignatureError> {
    let uri = uri_of(method, "SignatureMethod")?;
    empty(method, "SignatureMethod")?;
    algorithm(uri).ok_or_else(|| not_allowed("SignatureMethod", uri, ALGORITHMS))
}

fn digest_method(method: Node<'_, '_>) -> Result<&'static digest::Algorithm, SignatureError> {
    let uri = uri_of(method, "DigestMethod")?;
    empty(method, "DigestMethod")?;
    digest_algorithm(uri).ok_or_else(|| not_allowed("DigestMethod", uri, DIGESTS))
}

/// The prefixes that an exclusive canonicalization treats inclusively, mostly none.
fn exclusive_with<'a>(
    method: Node<'a, '_>,
    name: &'static str,
) -> Result<Vec<&'a str>, SignatureError> {
    let uri = uri_of(method, name)?;
    require(uri == EXCLUSIVE, name, uri, EXCLUSIVE)?;
    match *elements(method) {
        [] => Ok(Vec::new()),
        [list] if list.has_tag_name((EXCLUSIVE, "InclusiveNamespaces")) => {
            only_attributes(list, &["PrefixList"])?;
            let prefixes = xml::attribute(list, "PrefixList").unwrap_or_default();
            let prefixes = prefixes.split_ascii_whitespace();
            Ok(prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix }).collect())
        }
        _ => Err(SignatureError::Shape(name)),
    }
}

fn uri_of<'a>(node: Node<'a, '_>, name: &'static str) -> Result<&'a str, SignatureError> {
    expect(node, name)?;
    only_attributes(node, &["Algorithm"])?;
    Ok(xml::attribute(node, "Algorithm").unwrap_or_default())
}

fn decoded(node: Node<'_, '_>, name: &'static str) -> Result<Vec<u8>, SignatureError> {
    expect(node, name)?;
    let bytes = decode(&xml::only_text(node)?).filter(|bytes| !bytes.is_empty());
    bytes.ok_or(SignatureError::Shape(name))
}

/// The child elements. Texts between them are layout, and are signed where they stand in `SignedInfo`.
fn elements<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    node.children().filter(Node::is_element).collect()
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    xml::is(node, Namespace::Signature, name)
}

fn expect(node: Node<'_, '_>, name: &'static str) -> Result<(), SignatureError> {
    if is(node, name) { Ok(()) } else { Err(SignatureError::Shape(name)) }
}

fn empty(node: Node<'_, '_>, name: &'static str) -> Result<(), SignatureError> {
    if elements(node).is_empty() { Ok(()) } else { Err(SignatureError::Shape(name)) }
}

fn only_attributes(node: Node<'_, '_>, names: &[&str]) -> Result<(), SignatureError> {
    let known =
        |(namespace, name): (Option<&str>, &str)| namespace.is_none() && names.contains(&name);
    let all = node.attributes().all(|attribute| known((attribute.namespace(), attribute.name())));
    if all { Ok(()) } else { Err(SignatureError::Shape("an attribute")) }
}

fn require(
    holds: bool,
    place: &'static str,
    found: &str,
    allowed: &'static str,
) -> Result<(), SignatureError> {
    if holds { Ok(()) } else { Err(not_allowed(place, found, allowed)) }
}

fn not_allowed(place: &'static str, found: &str, allowed: &'static str) -> SignatureError {
    SignatureError::Algorithm { place, found: Quoted::new(found), allowed }
}

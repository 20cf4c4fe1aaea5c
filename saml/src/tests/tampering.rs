//! A signed request that is changed afterwards: what is signed, and the signature itself.

use rstest::rstest;

use super::support::*;
use crate::{Quoted, SignatureError};

fn reason(xml: &str) -> String {
    read_logout(xml).unwrap_err().to_string()
}

/// A request about Alice that is signed in a usual way.
fn signed() -> String {
    let xml = logout_request("alice@customer.example", &Template::default().xml());
    let signed = sign_with_xmlsec(&xml, &JIRA);
    assert_eq!(read_logout(&signed).unwrap().name_id, "alice@customer.example");
    signed
}

#[rstest]
#[case::name("alice@", "admin@", "its content is not what was signed")]
#[case::session("_session", "_other", "its content is not what was signed")]
#[case::attribute("Version=", "Consent=\"x\" Version=", "its content is not what was signed")]
#[case::digest("<ds:DigestValue>", "<ds:DigestValue>AAAA", "not made with a key")]
#[case::signed_info("<ds:SignedInfo>", "<ds:SignedInfo>\n", "not made with a key")]
#[case::value("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", "not made with a key")]
fn s8_a_change_is_noticed(#[case] right: &str, #[case] wrong: &str, #[case] expected: &str) {
    let signed = signed();
    assert!(signed.contains(right));
    let reason = reason(&signed.replacen(right, wrong, 1));
    assert!(reason.contains(expected), "{reason}");
}

/// The part of a document from one text to another, both included.
fn part<'x>(xml: &'x str, from: &str, to: &str) -> &'x str {
    let begin = xml.find(from).unwrap();
    let end = begin + xml[begin..].find(to).unwrap() + to.len();
    &xml[begin..end]
}

#[test]
fn s7_a_signature_that_is_none_is_refused() {
    let signed = signed();
    let whole = part(&signed, "<ds:Signature ", "</ds:Signature>");
    let value = part(&signed, "<ds:SignatureValue>", "</ds:SignatureValue>");
    assert_eq!(reason(&signed.replace(whole, "")), "it is not signed");
    let empty = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    assert!(reason(&signed.replace(whole, empty)).starts_with("Signature in its signature"));
    let valueless = reason(&signed.replace(value, "<ds:SignatureValue/>"));
    assert!(valueless.starts_with("SignatureValue in its signature"), "{valueless}");
    let missing = reason(&signed.replace(value, ""));
    assert!(missing.starts_with("Signature in its signature"), "{missing}");
    let foreign = whole.replace("http://www.w3.org/2000/09/xmldsig#\"", "urn:other\"");
    assert_eq!(reason(&signed.replace(whole, &foreign)), "it is not signed");
}

#[test]
fn s12_a_second_signed_info_or_signature_is_refused() {
    let signed = signed();
    let whole = part(&signed, "<ds:Signature ", "</ds:Signature>");
    let info = part(&signed, "<ds:SignedInfo>", "</ds:SignedInfo>");
    let twice = reason(&signed.replace(info, &format!("{info}{info}")));
    assert!(twice.starts_with("Signature in its signature"), "{twice}");
    let twice = signed.replace(whole, &format!("{whole}{whole}"));
    assert_eq!(read_logout(&twice), Err(SignatureError::Place.into()));
    let commented = reason(&signed.replace("<ds:DigestValue>", "<ds:DigestValue><!-- -->"));
    assert!(commented.contains("a comment"), "{commented}");
}

#[rstest]
#[case::in_a_transform(
    "enveloped-signature\"/>",
    "enveloped-signature\"><ds:XPath>/</ds:XPath></ds:Transform>",
    "Transform"
)]
#[case::short_hmac(
    "rsa-sha256\"/>",
    "rsa-sha256\"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>",
    "SignatureMethod"
)]
#[case::in_the_digest_method(
    "xmlenc#sha256\"/>",
    "xmlenc#sha256\"><ds:X/></ds:DigestMethod>",
    "DigestMethod"
)]
#[case::in_the_digest(
    "<ds:DigestValue>",
    "<ds:DigestValue><ds:X/>",
    "\"DigestValue\" has elements"
)]
#[case::of_a_reference("<ds:Reference ", "<ds:Reference Type=\"urn:x\" ", "an attribute")]
#[case::of_a_method("<ds:DigestMethod ", "<ds:DigestMethod x=\"1\" ", "an attribute")]
#[case::no_prefixes(
    "xml-exc-c14n#\"/>",
    "xml-exc-c14n#\"><ds:X/></ds:CanonicalizationMethod>",
    "CanonicalizationMethod"
)]
fn s12_nothing_in_a_signature_is_skipped(
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] place: &str,
) {
    let signed = signed();
    assert!(signed.contains(right), "{signed}");
    let reason = reason(&signed.replacen(right, wrong, 1));
    assert!(reason.contains(place) && !reason.contains("not made with a key"), "{reason}");
}

#[test]
fn s6_an_identifier_means_one_element() {
    let signed = signed();
    for second in ["x:ID", "Id", "id"] {
        let declared = if second.contains(':') { "xmlns:x=\"urn:x\" " } else { "" };
        let twice =
            signed.replace(" Version=", &format!(" {declared}{second}=\"_request\" Version="));
        assert_eq!(
            read_logout(&twice),
            Err(SignatureError::RepeatedId(Quoted::new("_request")).into())
        );
    }
    // An attribute of another namespace is another attribute.
    let moved = signed.replacen(" ID=", " xmlns:x=\"urn:x\" x:ID=", 1);
    assert_eq!(reason(&moved), "its signature is about \"#_request\" and not about \"#\"");
}

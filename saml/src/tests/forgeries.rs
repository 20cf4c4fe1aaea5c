//! Signatures that are valid to somebody, and not in the one form that counts. Most are made by xmlsec1, which
//! believes them itself.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rstest::rstest;

use super::support::*;
use crate::logout::{self, LogoutRequest};
use crate::{Quoted, ReadError, SignatureError};

fn read(xml: &str) -> Result<LogoutRequest, ReadError> {
    logout::request_by_post(&posted(xml), None, &Registered::with_keys().get(), SLO_URL, NOW)
}

fn reason(xml: &str) -> String {
    read(xml).unwrap_err().to_string()
}

/// A request about Alice that is signed in a usual way.
fn signed() -> String {
    let xml = logout_request("alice@customer.example", &Template::default().xml());
    let signed = sign_with_xmlsec(&xml, &JIRA);
    assert_eq!(read(&signed).unwrap().name_id, "alice@customer.example");
    signed
}

/// The same, signed in another way that xmlsec1 verifies.
fn signed_otherwise(template: &Template) -> String {
    let xml = logout_request("alice@customer.example", &template.xml());
    let signed = sign_with_xmlsec(&xml, &JIRA);
    assert!(xmlsec_verifies(&signed, &JIRA, &[]), "{signed}");
    signed
}

fn method(uri: &str) -> String {
    format!("<ds:CanonicalizationMethod Algorithm=\"{uri}\"/>")
}

fn transforms(uris: &[&str]) -> String {
    let of = |uri: &&str| format!("<ds:Transform Algorithm=\"{uri}\"/>");
    uris.iter().map(of).collect()
}

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const WITH_COMMENTS: &str = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

#[rstest]
#[case::sha1_signature(
    Template { method: "http://www.w3.org/2000/09/xmldsig#rsa-sha1", ..Template::default() },
    "SignatureMethod"
)]
#[case::sha1_digest(Template { digest: SHA1, ..Template::default() }, "DigestMethod")]
#[case::sha384_signature(
    Template { method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", ..Template::default() },
    "SignatureMethod"
)]
fn s11_other_algorithms_are_refused(#[case] template: Template, #[case] place: &str) {
    let reason = reason(&signed_otherwise(&template));
    assert!(reason.starts_with(&format!("the {place} of its signature is")), "{reason}");
}

#[rstest]
#[case::inclusive_signed_info(
    Template { canonicalization: method(INCLUSIVE), ..Template::default() },
    "CanonicalizationMethod of its signature"
)]
#[case::comments_in_signed_info(
    Template { canonicalization: method(WITH_COMMENTS), ..Template::default() },
    "CanonicalizationMethod of its signature"
)]
#[case::inclusive_content(
    Template { transforms: transforms(&[ENVELOPED, INCLUSIVE]), ..Template::default() },
    "Transform of its signature"
)]
#[case::comments_in_content(
    Template { transforms: transforms(&[ENVELOPED, WITH_COMMENTS]), ..Template::default() },
    "Transform of its signature"
)]
#[case::implied_canonicalization(
    Template { transforms: transforms(&[ENVELOPED]), ..Template::default() },
    "Transforms in its signature"
)]
#[case::canonicalized_twice(
    Template { transforms: transforms(&[ENVELOPED, EXCLUSIVE, EXCLUSIVE]), ..Template::default() },
    "Transforms in its signature"
)]
#[case::whole_document(Template { reference: String::new(), ..Template::default() }, "about \"\" and not")]
#[case::xpath(
    Template { transforms: transforms(&[ENVELOPED]) + HIDES_THE_NAME, ..Template::default() },
    "Transform of its signature"
)]
#[case::xpath_in_between(
    Template {
        transforms: format!("{}{HIDES_THE_NAME}{}", transforms(&[ENVELOPED]), transforms(&[EXCLUSIVE])),
        ..Template::default()
    },
    "Transforms in its signature"
)]
#[case::xslt(
    Template { transforms: transforms(&[ENVELOPED]) + MAKES_ANOTHER, ..Template::default() },
    "Transform of its signature"
)]
#[case::two_references(
    Template { more_references: second_reference("#_request"), ..Template::default() },
    "SignedInfo in its signature"
)]
#[case::an_object(
    Template { more: "<ds:KeyInfo/><ds:Object Id=\"o\">alice</ds:Object>", ..Template::default() },
    "Signature in its signature"
)]
fn s12_other_forms_are_refused(#[case] template: Template, #[case] place: &str) {
    let reason = reason(&signed_otherwise(&template));
    assert!(reason.contains(place), "{reason}");
}

/// What is signed has no name, and any could stand there.
const HIDES_THE_NAME: &str = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
     <ds:XPath>not(ancestor-or-self::*[local-name()='NameID'])</ds:XPath></ds:Transform>";

/// What is signed is another document.
const MAKES_ANOTHER: &str = "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\">\
     <xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\">\
     <xsl:template match=\"/\"><x/></xsl:template></xsl:stylesheet></ds:Transform>";

fn second_reference(uri: &str) -> String {
    format!(
        "<ds:Reference URI=\"{uri}\"><ds:Transforms>{}</ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><ds:DigestValue/></ds:Reference>",
        transforms(&[ENVELOPED, EXCLUSIVE])
    )
}

#[test]
fn s10_the_public_certificate_is_no_secret() {
    let template = Template {
        method: "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        ..Template::default()
    };
    let xml = logout_request("alice@customer.example", &template.xml());
    let certificate = JIRA.certificate_file.path().to_str().unwrap();
    let signed = xmlsec(&["--sign", "--hmackey", certificate], &xml);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let reason = reason(&String::from_utf8(signed.stdout).unwrap());
    assert!(reason.starts_with("the SignatureMethod of its signature is"), "{reason}");
}

#[test]
fn s9_only_the_configured_key_counts() {
    let pem = |keys: &Keys| BASE64_STANDARD.encode(&keys.certificate);
    for claimed in [&*STRANGER, &*JIRA] {
        let key_info = format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            pem(claimed)
        );
        let template = Template::default().xml();
        let template = template.replace("</ds:Signature>", &format!("{key_info}</ds:Signature>"));
        let xml = logout_request("alice@customer.example", &template);
        let by_stranger = sign_with_xmlsec(&xml, &STRANGER);
        assert_eq!(read(&by_stranger), Err(SignatureError::Key.into()));
        // Whatever certificate it carries, what counts is the key.
        assert!(read(&sign_with_xmlsec(&xml, &JIRA)).is_ok());
    }
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
    assert_eq!(read(&twice), Err(SignatureError::Place.into()));
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
        assert_eq!(read(&twice), Err(SignatureError::RepeatedId(Quoted::new("_request")).into()));
    }
    // An attribute of another namespace is another attribute.
    let moved = signed.replacen(" ID=", " xmlns:x=\"urn:x\" x:ID=", 1);
    assert_eq!(reason(&moved), "its signature is about \"#_request\" and not about \"#\"");
}

/// Libraries that cannot canonicalize relative namespaces have signed and hashed nothing at all, so that
/// a signature of nothing fitted everything.
#[test]
fn s15_a_signature_of_nothing_fits_nothing() {
    let nothing = BASE64_STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, b""));
    let ds = "http://www.w3.org/2000/09/xmldsig#";
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{ds}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">\
         </ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"{RSA_SHA256}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#_request\"><ds:Transforms><ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms><ds:DigestMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
         <ds:DigestValue>{nothing}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    );
    let with_value = |signed: &[u8]| {
        let value = BASE64_STANDARD.encode(JIRA.sign(signed));
        let signature = format!(
            "<ds:Signature xmlns:ds=\"{ds}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
        );
        logout_request("admin@customer.example", &signature).replacen(
            " ID=",
            " xmlns:relative=\"1\" relative:a=\"\" ID=",
            1,
        )
    };
    assert_eq!(read(&with_value(info.as_bytes())), Err(SignatureError::Digest.into()));
    assert_eq!(read(&with_value(b"")), Err(SignatureError::Key.into()));
}

#[test]
fn s13_a_name_is_read_in_full() {
    let template = Template::default().xml();
    let of = |name: &str| sign_with_xmlsec(&logout_request(name, &template), &JIRA);
    // Its canonical form has no CDATA, and neither has the name.
    let signed = of("alice@customer.example<![CDATA[.evil]]>");
    assert_eq!(read(&signed).unwrap().name_id, "alice@customer.example.evil");
    for comment in ["<!-- -->", "<?x y?>"] {
        let signed = signed.replace("alice@", &format!("alice@{comment}"));
        assert!(reason(&signed).contains("which no message has"));
    }
}

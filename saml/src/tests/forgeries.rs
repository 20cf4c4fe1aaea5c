//! Signatures that are valid to somebody, and not in the one form that counts. Most are made by xmlsec1, which
//! believes them itself.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rstest::rstest;

use super::support::*;
use crate::SignatureError;

fn reason(xml: &str) -> String {
    read_logout(xml).unwrap_err().to_string()
}

/// A request about Alice, signed in a way that xmlsec1 verifies.
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
#[case::sha224_signature(
    Template { method: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224", ..Template::default() },
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
        assert_eq!(read_logout(&by_stranger), Err(SignatureError::Key.into()));
        // Whatever certificate it carries, what counts is the key.
        assert!(read_logout(&sign_with_xmlsec(&xml, &JIRA)).is_ok());
    }
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
    assert_eq!(read_logout(&with_value(info.as_bytes())), Err(SignatureError::Digest.into()));
    assert_eq!(read_logout(&with_value(b"")), Err(SignatureError::Key.into()));
}

#[test]
fn s13_a_name_is_read_in_full() {
    let template = Template::default().xml();
    let of = |name: &str| sign_with_xmlsec(&logout_request(name, &template), &JIRA);
    // Its canonical form has no CDATA, and neither has the name.
    let signed = of("alice@customer.example<![CDATA[.evil]]>");
    assert_eq!(read_logout(&signed).unwrap().name_id, "alice@customer.example.evil");
    for comment in ["<!-- -->", "<?x y?>"] {
        let signed = signed.replace("alice@", &format!("alice@{comment}"));
        assert!(reason(&signed).contains("which no message has"));
    }
}

//! Held to what `xmlsec1` signs: `samples/README.md` says what is what.

use rstest::rstest;

use super::*;

const ASSERTION: &str = include_str!("../samples/assertion.xml");
const BOTH: &str = include_str!("../samples/both.xml");
const RESPONSE: &str = include_str!("../samples/response.xml");
const SHA1: &str = include_str!("../samples/sha1.xml");
const OTHER_KEY: &str = include_str!("../samples/other-key.xml");
const TWICE: &str = include_str!("../samples/twice.xml");

const CONSUMER: &str = "https://help.example.com/plugins/servlet/samlconsumer";

fn at(time: &str) -> Moment {
    Moment::from_utc(time).unwrap()
}

fn expecting(change: impl FnOnce(&mut Expected<'_>), xml: &str) -> Result<Judged, String> {
    let key = TrustedKey::from_pem(include_str!("../samples/certificate.pem")).unwrap();
    let mut expected = Expected {
        key: &key,
        issuer: "https://help.example.com/_gate/saml/jira/metadata",
        audience: "https://help.example.com",
        request_url: CONSUMER,
        request_id: Some("ONELOGIN_1"),
        now: at("2026-01-01T12:00:30Z"),
    };
    change(&mut expected);
    judge(xml, &expected)
}

#[rstest]
#[case::assertion(ASSERTION)]
#[case::both(BOTH)]
fn what_xmlsec1_signs_is_taken(#[case] xml: &str) {
    let judged = expecting(|_| {}, xml).unwrap();
    assert_eq!(judged.assertion_id, "_a1");
    assert_eq!(judged.username("${NameID}").unwrap(), "ann@example.com");
    assert_eq!(judged.username("x-${username}").unwrap(), "x-ann & co <");
    let missing = judged.username("${groups}").unwrap_err();
    assert_eq!(missing, "Attribute [groups] could not be found");
}

#[rstest]
#[case::not_of_assertion(RESPONSE, "The Assertion of the Response is not signed")]
#[case::sha1(SHA1, "Signature validation failed")]
#[case::other_key(OTHER_KEY, "Certificate used in the document does not match")]
#[case::attribute_twice(TWICE, "Found an Attribute element with duplicated Name")]
fn what_is_signed_otherwise_is_refused(#[case] xml: &str, #[case] says: &str) {
    let why = expecting(|_| {}, xml).unwrap_err();
    assert!(why.starts_with(says), "{why}");
}

#[rstest]
#[case::name("ann@example.com", "bob@example.com", "Signature validation failed")]
#[case::attribute("ann &amp; co", "bob", "Signature validation failed")]
#[case::space("<saml:Subject>", "<saml:Subject> ", "Signature validation failed")]
#[case::no_assertion_id("ID=\"_a1\"", "ID=\"_a2\"", "Signature validation failed")]
#[case::comment("ann@example.com", "ann@example.com<!---->.evil", "Signature validation failed")]
#[case::version(
    "Version=\"2.0\" ID=\"_r1\"",
    "Version=\"1.1\" ID=\"_r1\"",
    "Unsupported SAML Version"
)]
#[case::no_id("ID=\"_r1\"", "", "Missing ID attribute")]
#[case::id_twice("ID=\"_r1\"", "ID=\"_a1\"", "Invalid SAML Response")]
#[case::id_begins_with_a_number("ID=\"_r1\"", "ID=\"1r\"", "Invalid SAML Response")]
#[case::status(
    "status:Success",
    "status:Responder",
    "The status code of the Response was not Success"
)]
#[case::order(
    "<saml:Conditions",
    "<saml:Advice/><saml:Conditions",
    "Invalid SAML Response. Not match the saml-schema-protocol-2.0.xsd"
)]
#[case::unknown_element(
    "<saml:Conditions",
    "<saml:Unknown/><saml:Conditions",
    "Invalid SAML Response"
)]
#[case::two_assertions(
    "</samlp:Response>",
    "<saml:Assertion/></samlp:Response>",
    "SAML Response must contain 1 Assertion"
)]
#[case::hidden_assertion(
    "<samlp:Status>",
    "<samlp:Extensions><saml:Assertion/></samlp:Extensions><samlp:Status>",
    "SAML Response must contain 1 Assertion"
)]
#[case::encrypted(
    "<saml:Conditions",
    "<saml:EncryptedID/><saml:Conditions",
    "the SP does not support"
)]
#[case::document_type(
    "<samlp:Response",
    "<!DOCTYPE a []><samlp:Response",
    "SAML Response could not"
)]
#[case::unsigned_destination(
    "Destination=\"https://",
    "Destination=\"http://",
    "The response was received at"
)]
#[case::empty_destination(
    "Destination=\"https://help.example.com/plugins/servlet/samlconsumer\"",
    "Destination=\"\"",
    "The response has an empty Destination value"
)]
#[case::another_signature(
    "<samlp:Status>",
    "<samlp:Extensions><ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/></samlp:Extensions>\
     <samlp:Status>",
    "Found an unexpected Signature element"
)]
fn whatever_is_changed_afterwards_is_refused(
    #[case] text: &str,
    #[case] other: &str,
    #[case] says: &str,
) {
    let changed = ASSERTION.replacen(text, other, 1);
    assert_ne!(changed, ASSERTION);
    let why = expecting(|_| {}, &changed).unwrap_err();
    assert!(why.starts_with(says), "{why}");
}

/// Without the signature, what the assertion says can be changed at will.
#[rstest]
#[case::issuer(
    "/jira/metadata",
    "/wiki/metadata",
    "Invalid issuer in the Assertion/Response. Was '"
)]
#[case::no_recipient(
    " Recipient=\"https://help.example.com/plugins/servlet/samlconsumer\"",
    "",
    "A valid SubjectConfirmation was not found"
)]
#[case::other_recipient(
    "Recipient=\"https:",
    "Recipient=\"http:",
    "A valid SubjectConfirmation was not found"
)]
#[case::no_end(
    " NotOnOrAfter=\"2026-01-01T12:05:00Z\" InResponseTo",
    " InResponseTo",
    "A valid SubjectConfirmation was not found"
)]
#[case::not_bearer("cm:bearer", "cm:holder-of-key", "A valid SubjectConfirmation was not found")]
#[case::another_request(
    "InResponseTo=\"ONELOGIN_1\"/>",
    "InResponseTo=\"ONELOGIN_2\"/>",
    "A valid SubjectConfirmation was not found"
)]
#[case::audience(
    "<saml:Audience>https://help.example.com",
    "<saml:Audience>https://help.example.com/",
    "https://help.example.com is not a valid audience for this Response"
)]
#[case::session_over(
    "AuthnInstant=",
    "SessionNotOnOrAfter=\"2026-01-01T11:00:00Z\" AuthnInstant=",
    "The attributes have expired"
)]
#[case::nothing(
    "no such text",
    "",
    "The Assertion of the Response is not signed and the SP requires it"
)]
fn what_an_assertion_says_is_checked(#[case] text: &str, #[case] other: &str, #[case] says: &str) {
    let begin = ASSERTION.find("<ds:Signature").unwrap();
    let end = ASSERTION.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let unsigned = [&ASSERTION[..begin], &ASSERTION[end..]].concat();
    let why = expecting(|_| {}, &unsigned.replace(text, other)).unwrap_err();
    assert!(why.starts_with(says), "{why}");
}

#[rstest]
#[case::in_time("2026-01-01T12:07:59Z", None)]
#[case::late("2026-01-01T12:08:00Z", Some("Could not validate timestamp: expired"))]
#[case::ahead("2026-01-01T11:56:00Z", None)]
#[case::early("2026-01-01T11:55:59Z", Some("Could not validate timestamp: not yet valid"))]
fn clocks_may_be_three_minutes_apart(#[case] now: &str, #[case] says: Option<&str>) {
    let judged = expecting(|expected| expected.now = at(now), ASSERTION);
    let why = judged.err();
    assert_eq!(why.is_none(), says.is_none(), "{why:?}");
    assert!(why.unwrap_or_default().starts_with(says.unwrap_or_default()));
}

#[test]
fn an_answer_belongs_to_its_request() {
    let why = expecting(|it| it.request_id = None, ASSERTION).unwrap_err();
    let unexpected =
        "The Response has an InResponseTo attribute: ONELOGIN_1 while no InResponseTo was expected";
    assert_eq!(why, unexpected);
    let why = expecting(|it| it.request_id = Some("ONELOGIN_2"), ASSERTION).unwrap_err();
    assert!(why.contains("does not match the ID of the AuthNRequest"), "{why}");
    let why = expecting(|it| it.request_url = "http://help.example.com/x", ASSERTION).unwrap_err();
    assert!(why.starts_with("The response was received at http://help.example.com/x"), "{why}");
    let why = expecting(|it| it.audience = "https://jira.example.com", ASSERTION).unwrap_err();
    assert!(why.contains("is not a valid audience"), "{why}");
}

//! Signature wrapping: a signed request stays in the document, and another stands where it is read.

use proptest::collection::vec;
use proptest::prelude::*;
use rstest::rstest;

use super::support::*;
use crate::SignatureError;

/// A signed request, and the parts of which wrappings are made.
struct Parts {
    signed: String,
    signature: String,
    unsigned: String,
}

impl Parts {
    fn new() -> Self {
        let xml = logout_request("alice@customer.example", &Template::default().xml());
        let signed = sign_with_xmlsec(&xml, &JIRA);
        let signed = signed.replace("<?xml version=\"1.0\"?>\n", "").trim_end().to_owned();
        let begin = signed.find("<ds:Signature ").unwrap();
        let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        let signature = signed[begin..end].to_owned();
        let unsigned = signed.replace(&signature, "");
        Self { signed, signature, unsigned }
    }

    /// The signature with more in it.
    fn signature_with(&self, more: &str) -> String {
        self.signature.replace("</ds:Signature>", &format!("{more}</ds:Signature>"))
    }
}

/// A request about somebody else, with this inside.
fn evil(id: &str, inside: &str) -> String {
    logout_request("mallory@evil.example", inside)
        .replace("ID=\"_request\"", &format!("ID=\"{id}\""))
}

fn extensions(inside: &str) -> String {
    format!("<samlp:Extensions>{inside}</samlp:Extensions>")
}

#[test]
fn the_signed_request_itself_is_read() {
    assert_eq!(read_logout(&Parts::new().signed).unwrap().name_id, "alice@customer.example");
}

/// Makes wrappings of the parts, around an evil request with this identifier.
type Wrap = fn(&Parts, &str) -> Vec<String>;

#[rstest]
#[case::s1_a_request_around_the_signed_one(around)]
#[case::s2_a_request_beside_the_signed_one(beside)]
#[case::s3_the_signed_request_inside_the_signature(inside_the_signature)]
#[case::s4_the_signed_request_in_extensions(in_extensions)]
#[case::s5_only_the_signature(only_the_signature)]
fn only_the_root_that_is_signed_is_read(
    #[case] wrap: Wrap,
    #[values("_evil", "_request")] id: &str,
) {
    for xml in wrap(&Parts::new(), id) {
        assert!(read_logout(&xml).is_err(), "{xml}");
    }
}

fn around(parts: &Parts, id: &str) -> Vec<String> {
    let taken_along = format!("{}{}", parts.signature, parts.unsigned);
    vec![evil(id, &parts.signed), evil(id, &taken_along)]
}

fn beside(parts: &Parts, id: &str) -> Vec<String> {
    let both = |one: &str, other: &str| {
        format!("<samlp:Both xmlns:samlp=\"{SAMLP}\">{one}{other}</samlp:Both>")
    };
    let evil = evil(id, "");
    vec![both(&evil, &parts.signed), both(&parts.signed, &evil)]
}

fn inside_the_signature(parts: &Parts, id: &str) -> Vec<String> {
    let wrapped = |before: &str, after: &str| {
        let with = |inside: &str| parts.signature_with(&format!("{before}{inside}{after}"));
        [evil(id, &with(&parts.unsigned)), evil(id, &with(&parts.signed))]
    };
    let in_object = wrapped("<ds:KeyInfo/><ds:Object>", "</ds:Object>");
    [in_object, wrapped("<ds:KeyInfo>", "</ds:KeyInfo>")].concat()
}

fn in_extensions(parts: &Parts, id: &str) -> Vec<String> {
    let (signed, unsigned) = (extensions(&parts.signed), extensions(&parts.unsigned));
    vec![
        evil(id, &signed),
        evil(id, &format!("{}{unsigned}", parts.signature)),
        evil(id, &format!("{signed}{}", parts.signature)),
    ]
}

fn only_the_signature(parts: &Parts, id: &str) -> Vec<String> {
    vec![evil(id, &parts.signature), evil(id, &extensions(&parts.signature))]
}

#[test]
fn s5_a_signature_stands_in_what_it_signs() {
    let Parts { signed, signature, unsigned } = &Parts::new();
    let moved = unsigned.replace("<saml:NameID", &format!("{}<saml:NameID", extensions(signature)));
    assert_eq!(read_logout(&moved), Err(SignatureError::Place.into()));
    let in_issuer = unsigned.replace("</saml:Issuer>", &format!("{signature}</saml:Issuer>"));
    assert_eq!(read_logout(&in_issuer), Err(SignatureError::Place.into()));
    let second = signed.replace("<saml:NameID", &format!("{}<saml:NameID", extensions(signature)));
    assert_eq!(read_logout(&second), Err(SignatureError::Place.into()));
}

#[test]
fn s4_nothing_is_added_to_what_is_signed() {
    let Parts { signed, .. } = &Parts::new();
    for inside in [evil("_evil", ""), "<saml:NameID>x</saml:NameID>".to_owned(), String::new()] {
        let inside =
            inside.replace("<saml:NameID>", &format!("<saml:NameID xmlns:saml=\"{SAML}\">"));
        let added = signed.replace("<saml:NameID", &format!("{}<saml:NameID", extensions(&inside)));
        assert_eq!(read_logout(&added), Err(SignatureError::Digest.into()));
    }
    // KeyInfo is no part of what is signed, so nothing is read from there.
    let in_key_info = signed.replace(
        "</ds:Signature>",
        &format!("<ds:KeyInfo>{}</ds:KeyInfo></ds:Signature>", evil("_evil", "")),
    );
    assert_eq!(read_logout(&in_key_info).unwrap().name_id, "alice@customer.example");
}

/// Where a part goes, and which.
type Step = (usize, usize);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn however_parts_are_put_together_nobody_else_is_read(steps in vec((0..6_usize, 0..7_usize), 1..5)) {
        let parts = Parts::new();
        if let Ok(request) = read_logout(&assembled(&parts, &steps)) {
            prop_assert_eq!(request.name_id, "alice@customer.example");
        }
    }
}

/// Puts parts into each other, from the inside out.
fn assembled(parts: &Parts, steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |inner, &(place, part)| {
        let inner = match place {
            0 => inner,
            1 => extensions(&inner).replacen(
                "<samlp:Extensions",
                &format!("<samlp:Extensions xmlns:samlp=\"{SAMLP}\""),
                1,
            ),
            2 => parts.signature_with(&format!("<ds:KeyInfo>{inner}</ds:KeyInfo>")),
            3 => parts.signature_with(&format!("<ds:Object>{inner}</ds:Object>")),
            4 => format!("{}{inner}", parts.signature),
            _ => format!("{inner}{}", parts.unsigned),
        };
        let in_signed =
            |whole: &str| whole.replacen("</saml:Issuer>", &format!("</saml:Issuer>{inner}"), 1);
        match part {
            0 => evil("_evil", &inner),
            1 => evil("_request", &inner),
            2 => in_signed(&parts.signed),
            3 => in_signed(&parts.unsigned),
            4 => parts
                .signed
                .replace("</samlp:LogoutRequest>", &format!("{inner}</samlp:LogoutRequest>")),
            5 => format!("{inner}{}", parts.signed),
            _ => inner,
        }
    })
}

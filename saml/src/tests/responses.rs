//! What is written: answers, refusals, metadata, and what xmlsec1 and libxml2 say of them.

use rstest::rstest;

use super::support::*;
use crate::metadata::{IdentityProvider, identity_provider};
use crate::response::{self, NoPassive};
use crate::{Id, KeyError, PeerKey, RequestId, SigningKey, WriteError, name_id_format};

fn attributes() -> Vec<(String, Vec<String>)> {
    let claim =
        |name: &str| format!("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/{name}");
    vec![
        (claim("givenname"), vec!["Älice <&> \"\r\n\t\u{1f600}".to_owned()]),
        ("groups".to_owned(), vec!["staff".to_owned(), "admins & co".to_owned()]),
        ("empty".to_owned(), Vec::new()),
    ]
}

/// A Response without line breaks between its signatures, for comparison.
fn without_signatures(xml: &str) -> String {
    let mut rest = xml.to_owned();
    while let (Some(begin), Some(end)) = (rest.find("<ds:Signature "), rest.find("</ds:Signature>"))
    {
        rest.replace_range(begin..end + "</ds:Signature>".len(), "");
    }
    rest
}

const ASSERTION_SIGNATURE: &[&str] =
    &["--node-xpath", "/*/*[local-name()='Assertion']/*[local-name()='Signature']"];

#[test]
fn an_answer_says_all_that_service_providers_demand() {
    let request = RequestId::parse("ONELOGIN_1").unwrap();
    let written =
        response::signed(&assertion(Some(&request), &attributes()), &GATE.signing_key()).unwrap();
    let (first, second) = ("01".repeat(20), "02".repeat(20));
    let expected = [
        format!("<samlp:Response xmlns:samlp=\"{SAMLP}\" Destination=\"{ACS}\" ID=\"_{first}\" InResponseTo=\"ONELOGIN_1\" IssueInstant=\"{ISSUED}\" Version=\"2.0\">"),
        format!("<saml:Issuer xmlns:saml=\"{SAML}\">{OURS}</saml:Issuer>"),
        "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>".to_owned(),
        format!("<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"_{second}\" IssueInstant=\"{ISSUED}\" Version=\"2.0\">"),
        format!("<saml:Issuer>{OURS}</saml:Issuer>"),
        format!("<saml:Subject><saml:NameID Format=\"{}\">alice@customer.example</saml:NameID>", name_id_format::EMAIL),
        "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">".to_owned(),
        format!("<saml:SubjectConfirmationData InResponseTo=\"ONELOGIN_1\" NotOnOrAfter=\"2025-11-28T10:05:00Z\" Recipient=\"{ACS}\"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"),
        "<saml:Conditions NotBefore=\"2025-11-28T09:59:00Z\" NotOnOrAfter=\"2025-11-28T10:05:00Z\">".to_owned(),
        format!("<saml:AudienceRestriction><saml:Audience>{PEER}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"),
        "<saml:AuthnStatement AuthnInstant=\"2025-11-28T09:59:50Z\" SessionIndex=\"_session\">".to_owned(),
        "<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>".to_owned(),
        "<saml:AttributeStatement><saml:Attribute Name=\"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname\">".to_owned(),
        "<saml:AttributeValue>Älice &lt;&amp;&gt; \"&#xD;\n\t\u{1f600}</saml:AttributeValue></saml:Attribute>".to_owned(),
        "<saml:Attribute Name=\"groups\"><saml:AttributeValue>staff</saml:AttributeValue><saml:AttributeValue>admins &amp; co</saml:AttributeValue></saml:Attribute>".to_owned(),
        "<saml:Attribute Name=\"empty\"></saml:Attribute></saml:AttributeStatement></saml:Assertion></samlp:Response>".to_owned(),
    ];
    assert_eq!(without_signatures(&written), expected.concat());
}

#[test]
fn an_answer_that_nobody_asked_for_answers_nothing() {
    let written = response::signed(&assertion(None, &[]), &GATE.signing_key()).unwrap();
    assert!(!written.contains("InResponseTo") && !written.contains("AttributeStatement"));
}

#[test]
fn xmlsec_verifies_both_signatures_and_no_changed_answer() {
    let written = response::signed(&assertion(None, &attributes()), &GATE.signing_key()).unwrap();
    assert!(xmlsec_verifies(&written, &GATE, &[]));
    assert!(xmlsec_verifies(&written, &GATE, ASSERTION_SIGNATURE));
    let changed = written.replace("alice@", "admin@");
    assert!(!xmlsec_verifies(&changed, &GATE, &[]));
    assert!(!xmlsec_verifies(&changed, &GATE, ASSERTION_SIGNATURE));
    // Outside the assertion only the Response's signature tells.
    let changed = written.replace("status:Success", "status:Responder");
    assert!(!xmlsec_verifies(&changed, &GATE, &[]));
    assert!(xmlsec_verifies(&changed, &GATE, ASSERTION_SIGNATURE));
    assert!(!xmlsec_verifies(&written, &STRANGER, &[]));
}

#[test]
fn what_is_written_is_canonical() {
    let request = RequestId::parse("_a").unwrap();
    let key = GATE.signing_key();
    let answer = response::signed(&assertion(Some(&request), &attributes()), &key).unwrap();
    let refusal = response::no_passive(&no_passive(&request), &key).unwrap();
    for written in [answer, refusal, metadata()] {
        assert_eq!(canonical_by_libxml(&written), written);
    }
}

#[test]
fn both_signatures_carry_exactly_the_certificate() {
    use base64::Engine as _;
    let written = response::signed(&assertion(None, &[]), &GATE.signing_key()).unwrap();
    let certificate = base64::prelude::BASE64_STANDARD.encode(&GATE.certificate);
    let carried = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    );
    assert_eq!(written.matches(&carried).count(), 2);
    assert_eq!(written.matches("X509Certificate>").count(), 4);
}

fn no_passive(request: &RequestId) -> NoPassive<'_> {
    NoPassive {
        issuer: OURS,
        destination: ACS,
        in_response_to: request,
        issued_at: NOW,
        id: Id::from_random([3; 20]),
    }
}

#[test]
fn a_passive_request_without_session_is_told_so() {
    let request = RequestId::parse("_a").unwrap();
    let written = response::no_passive(&no_passive(&request), &GATE.signing_key()).unwrap();
    assert!(xmlsec_verifies(&written, &GATE, &[]));
    let status = "<samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">\
                  <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:NoPassive\"></samlp:StatusCode>\
                  </samlp:StatusCode><samlp:StatusMessage>Nobody is logged in";
    assert!(written.contains(status), "{written}");
    assert!(written.contains("InResponseTo=\"_a\"") && !written.contains("Assertion"));
}

#[test]
fn s25_an_answer_is_refused_rather_than_ambiguous() {
    let key = GATE.signing_key();
    let control = vec![("a".to_owned(), vec!["a\u{1}b".to_owned()])];
    let error = response::signed(&assertion(None, &control), &key).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a value of AttributeValue has the character '\\u{1}', which XML cannot have"
    );
    let twice = vec![("a".to_owned(), Vec::new()), ("a".to_owned(), Vec::new())];
    let error = response::signed(&assertion(None, &twice), &key).unwrap_err();
    assert_eq!(error, WriteError::RepeatedAttribute("a".to_owned()));
    let mut nobody = assertion(None, &[]);
    nobody.name_id.value = "";
    assert_eq!(response::signed(&nobody, &key), Err(WriteError::Empty("NameID")));
    // Markup in a name is text.
    let mut named = assertion(None, &[]);
    named.name_id.value = "alice@x</saml:NameID><saml:NameID>admin@x<!-- -->";
    let written = response::signed(&named, &key).unwrap();
    assert!(written.contains(
        ">alice@x&lt;/saml:NameID&gt;&lt;saml:NameID&gt;admin@x&lt;!-- --&gt;</saml:NameID>"
    ));
    assert!(xmlsec_verifies(&written, &GATE, &[]));
}

fn metadata() -> String {
    let provider = IdentityProvider {
        entity_id: OURS,
        sso_url: SSO_URL,
        slo_url: Some(SLO_URL),
        certificates: &[&GATE.certificate, &STRANGER.certificate],
        name_id_format: name_id_format::EMAIL,
        want_authn_requests_signed: true,
    };
    identity_provider(&provider).unwrap()
}

#[test]
fn metadata_has_the_addresses_and_the_certificates() {
    let metadata = metadata();
    assert!(metadata.contains(&format!("entityID=\"{OURS}\"")));
    assert!(metadata.contains("WantAuthnRequestsSigned=\"true\""));
    assert_eq!(metadata.matches("<md:KeyDescriptor use=\"signing\"><ds:KeyInfo ").count(), 2);
    for binding in ["HTTP-Redirect", "HTTP-POST"] {
        for (name, url) in [("SingleSignOnService", SSO_URL), ("SingleLogoutService", SLO_URL)] {
            let endpoint = format!(
                "<md:{name} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{url}\"></md:{name}>"
            );
            assert!(metadata.contains(&endpoint), "{endpoint}");
        }
    }
}

#[test]
fn a_key_and_its_certificate_belong_together() {
    let mismatch = SigningKey::new(&GATE.pkcs8, &STRANGER.certificate).unwrap_err();
    assert_eq!(mismatch, KeyError::Mismatch);
    assert_eq!(SigningKey::new(b"key", &GATE.certificate).unwrap_err(), KeyError::PrivateKey);
    assert!(!format!("{:?}", GATE.signing_key()).contains("48"));
}

#[rstest]
#[case::text(b"certificate".to_vec(), KeyError::Certificate)]
#[case::more([GATE.certificate.clone(), vec![0]].concat(), KeyError::Certificate)]
#[case::elliptic(elliptic_certificate(), KeyError::NotRsa)]
#[case::small(small_certificate(), KeyError::Small { bits: 1024 })]
fn only_certificates_of_rsa_keys_count(#[case] der: Vec<u8>, #[case] error: KeyError) {
    assert_eq!(PeerKey::from_certificate_der(&der).unwrap_err(), error);
}

fn elliptic_certificate() -> Vec<u8> {
    rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap().cert.der().to_vec()
}

/// As OpenSSL makes it; neither ring nor rcgen takes so small a key.
fn small_certificate() -> Vec<u8> {
    let made = std::process::Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=a", "-outform", "DER",
        ])
        .args(["-keyout", "/dev/null"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

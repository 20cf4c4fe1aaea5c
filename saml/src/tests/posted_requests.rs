//! Requests by HTTP-POST: unsigned, and signed by xmlsec1.

use rstest::rstest;

use super::support::*;
use crate::authn_request::{self, AuthnRequest};
use crate::{ReadError, SignatureError};

fn read(xml: &str, registered: &Registered) -> Result<AuthnRequest, ReadError> {
    authn_request::by_post(&posted(xml), Some("a b"), &registered.get(), SSO_URL, NOW)
}

#[test]
fn an_unsigned_request_is_taken_where_no_certificate_is_configured() {
    let request = authn_request("AssertionConsumerServiceIndex=\"1\"", "");
    let read_request = read(&request, &Registered::without_keys()).unwrap();
    assert_eq!(
        (&*read_request.acs_url, read_request.relay_state.as_deref()),
        (SECOND_ACS, Some("a b"))
    );
    let error = read(&request, &Registered::with_keys()).unwrap_err();
    assert_eq!(error, SignatureError::Missing.into());
}

#[test]
fn base64_may_be_broken_into_lines() {
    let encoded = posted(&authn_request("", ""));
    let lines: Vec<_> =
        encoded.as_bytes().chunks(76).map(|line| str::from_utf8(line).unwrap()).collect();
    let registered = Registered::without_keys();
    let by_post =
        |field: &str| authn_request::by_post(field, None, &registered.get(), SSO_URL, NOW);
    assert_eq!(by_post(&lines.join("\r\n")).unwrap().relay_state, None);
    assert!(by_post("%").unwrap_err().to_string().contains("SAMLRequest is not Base64"));
    assert!(by_post("//8=").unwrap_err().to_string().contains("a document in UTF-8"));
}

#[rstest]
#[case::sha256(RSA_SHA256, "http://www.w3.org/2001/04/xmlenc#sha256")]
#[case::sha384(
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#sha384"
)]
#[case::sha512(
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmlenc#sha512"
)]
fn a_request_signed_by_xmlsec_is_taken(#[case] method: &'static str, #[case] digest: &'static str) {
    let template = Template { method, digest, ..Template::default() };
    let request = authn_request("AssertionConsumerServiceIndex=\"1\"", &template.xml());
    let signed = sign_with_xmlsec(&request, &JIRA);
    assert_eq!(read(&signed, &Registered::with_keys()).unwrap().acs_url, SECOND_ACS);
    // One that cannot be verified counts as none.
    assert_eq!(read(&signed, &Registered::without_keys()).unwrap().acs_url, SECOND_ACS);
    assert_eq!(
        read(&sign_with_xmlsec(&request, &STRANGER), &Registered::with_keys()),
        Err(SignatureError::Key.into())
    );
}

#[test]
fn each_configured_key_counts() {
    let signed = sign_with_xmlsec(&authn_request("", &Template::default().xml()), &JIRA);
    let registered = Registered::without_keys();
    let keys = [STRANGER.peer_key(), JIRA.peer_key()];
    let peer = crate::ServiceProvider { keys: &keys, ..registered.get() };
    assert!(authn_request::by_post(&posted(&signed), None, &peer, SSO_URL, NOW).is_ok());
}

#[test]
fn a_signed_request_names_its_destination() {
    let nowhere = authn_request("", &Template::default().xml());
    let nowhere = nowhere.replace(&format!("Destination=\"{SSO_URL}\""), "");
    let error = read(&sign_with_xmlsec(&nowhere, &JIRA), &Registered::with_keys()).unwrap_err();
    assert_eq!(error, ReadError::MissingAttribute("Destination"));
}

#[test]
fn s24_a_posted_relay_state_has_its_limits_too() {
    let registered = Registered::without_keys();
    let message = posted(&authn_request("", ""));
    let by_post = |relay_state: &str| {
        authn_request::by_post(&message, Some(relay_state), &registered.get(), SSO_URL, NOW)
    };
    assert_eq!(by_post(&"x".repeat(1537)), Err(ReadError::LongRelayState));
    assert_eq!(by_post("a\r\nb"), Err(ReadError::RelayStateControls));
    assert_eq!(by_post("\"><b>").unwrap().relay_state.as_deref(), Some("\"><b>"));
}

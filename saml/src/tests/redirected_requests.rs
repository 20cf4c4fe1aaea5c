//! Requests by HTTP-Redirect.

use rstest::rstest;

use super::support::*;
use crate::authn_request::{self, AuthnRequest};
use crate::{ReadError, RequestId};

/// Reads a query that nobody signed.
fn unsigned(query: &str) -> Result<AuthnRequest, ReadError> {
    authn_request::by_redirect(query, &Registered::without_keys().get(), SSO_URL, NOW)
}

/// Reads a query of a service provider whose certificate is configured.
fn demanding_signature(query: &str) -> Result<AuthnRequest, ReadError> {
    authn_request::by_redirect(query, &Registered::with_keys().get(), SSO_URL, NOW)
}

/// The query of a request with these attributes.
fn query(attributes: &str) -> String {
    format!("SAMLRequest={}", redirected(&authn_request(attributes, "")))
}

/// As Jira Data Center sends it (java-saml).
fn as_jira_sends_it() -> String {
    let acs = format!("AssertionConsumerServiceURL=\"{ACS}\"");
    query(&format!(
        "{acs} ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" ForceAuthn=\"true\""
    ))
}

#[test]
fn a_request_of_jira_is_understood() {
    let query = format!("{}&RelayState=0f8fad5b-d9cb-469f-a165-70867728950e", as_jira_sends_it());
    let expected = AuthnRequest {
        id: RequestId::parse("_request").unwrap(),
        acs_url: ACS.to_owned(),
        force_authn: true,
        is_passive: false,
        authn_context: Vec::new(),
        relay_state: Some("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned()),
        issued_at: NOW,
    };
    assert_eq!(unsigned(&query), Ok(expected.clone()));
    // What is not SAML's own may stand beside it.
    assert_eq!(unsigned(&format!("from=a+b&utm%5Ba%5D=1&{query}")), Ok(expected));
}

#[rstest]
#[case::nothing("", ACS, false)]
#[case::second_address(
    "AssertionConsumerServiceURL=\"https://jira.example/second?connection=1\"",
    SECOND_ACS,
    false
)]
#[case::by_index("AssertionConsumerServiceIndex=\"1\"", SECOND_ACS, false)]
#[case::passive("IsPassive=\"1\" ForceAuthn=\"0\"", ACS, true)]
fn the_answer_goes_where_the_request_says(
    #[case] attributes: &str,
    #[case] acs_url: &str,
    #[case] is_passive: bool,
) {
    let request = unsigned(&query(attributes)).unwrap();
    assert_eq!(
        (&*request.acs_url, request.is_passive, request.force_authn),
        (acs_url, is_passive, false)
    );
}

#[test]
fn a_signed_request_is_taken() {
    let signed = signed_query(&format!("{}&RelayState=a%20b", as_jira_sends_it()), &JIRA);
    assert_eq!(demanding_signature(&signed).unwrap().relay_state.as_deref(), Some("a b"));
    // The bytes that were sent are signed, however they are encoded, and whatever their order.
    let lower_case = signed_query(&format!("{}&RelayState=a%2fb+c", as_jira_sends_it()), &JIRA);
    assert_eq!(demanding_signature(&lower_case).unwrap().relay_state.as_deref(), Some("a/b c"));
    let (message, rest) = lower_case.split_once('&').unwrap();
    assert!(demanding_signature(&format!("{rest}&{message}")).is_ok());
    let empty = signed_query(&format!("{}&RelayState=", as_jira_sends_it()), &JIRA);
    assert_eq!(demanding_signature(&empty).unwrap().relay_state.as_deref(), Some(""));
}

#[test]
fn s22_an_unsigned_request_is_refused_where_signatures_are_expected() {
    let error = demanding_signature(&as_jira_sends_it()).unwrap_err();
    assert_eq!(error.to_string(), "it is not signed");
}

#[test]
fn s22_what_was_not_signed_is_refused() {
    let relayed = signed_query(&format!("{}&RelayState=portal", as_jira_sends_it()), &JIRA);
    let other = query("IsPassive=\"true\"");
    let swapped = [
        relayed.replace("RelayState=portal", "RelayState=evil"),
        relayed.replace("&RelayState=portal", ""),
        // The same value in another encoding is not what was signed.
        relayed.replace("RelayState=portal", "RelayState=%70ortal"),
        relayed.replace(&as_jira_sends_it(), &other),
        signed_query(&as_jira_sends_it(), &JIRA) + "&RelayState=added",
        signed_query(&as_jira_sends_it(), &STRANGER),
    ];
    for query in swapped {
        let error = demanding_signature(&query).unwrap_err().to_string();
        assert!(error.contains("not made with a key"), "{error}: {query}");
    }
}

#[rstest]
#[case::without_algorithm("&Signature=AAAA", "SigAlg is missing")]
#[case::without_signature("&SigAlg=x", "Signature is missing")]
#[case::message_twice("&SAMLRequest=AAAA", "\"SAMLRequest\" stands there more than once")]
#[case::message_twice_hidden("&SAMLReques%74=AAAA", "\"SAMLRequest\" stands there more than once")]
#[case::relay_state_twice(
    "&RelayState=a&RelayState=a",
    "\"RelayState\" stands there more than once"
)]
#[case::algorithm_twice("&SigAlg=a&SigAlg=b", "\"SigAlg\" stands there more than once")]
#[case::not_base64("&SigAlg=a&Signature=%21", "Signature is not Base64")]
#[case::other_encoding("&SAMLEncoding=none", "SAMLEncoding is not")]
fn s22_a_query_means_one_thing_or_nothing(#[case] more: &str, #[case] reason: &str) {
    for read in [unsigned, demanding_signature] {
        let error = read(&format!("{}{more}", as_jira_sends_it())).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[rstest]
#[case::sha1("http://www.w3.org/2000/09/xmldsig#rsa-sha1")]
#[case::dsa("http://www.w3.org/2000/09/xmldsig#dsa-sha1")]
#[case::hmac("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")]
#[case::ecdsa("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")]
#[case::none("")]
fn s11_other_algorithms_are_refused(#[case] algorithm: &str) {
    let query = signed_query(&as_jira_sends_it(), &JIRA);
    let query = query.replace(&escaped(RSA_SHA256), &escaped(algorithm));
    let error = demanding_signature(&query).unwrap_err().to_string();
    assert!(
        error.contains("only rsa-sha256, rsa-sha384 or rsa-sha512 is taken. Choose it"),
        "{error}"
    );
}

#[test]
fn a_signed_request_names_its_destination() {
    let nowhere = authn_request("", "").replace(&format!("Destination=\"{SSO_URL}\""), "");
    let query = format!("SAMLRequest={}", redirected(&nowhere));
    assert!(unsigned(&query).is_ok());
    let error = demanding_signature(&signed_query(&query, &JIRA)).unwrap_err();
    assert_eq!(error, ReadError::MissingAttribute("Destination"));
}

#[rstest]
#[case("2025-11-28T09:55:00Z")]
#[case("2025-11-28T10:05:00Z")]
#[case("2025-11-28T10:00:00.123+00:00")]
fn clocks_may_be_five_minutes_apart(#[case] issued: &str) {
    let request = authn_request("", "").replace(ISSUED, issued);
    assert!(unsigned(&format!("SAMLRequest={}", redirected(&request))).is_ok());
}

#[rstest]
#[case::markup("\"><script>alert(1)</script>")]
#[case::absolute_url("https://evil.example/")]
#[case::longest(&"x".repeat(1536))]
#[case::other_languages("ポータル & früh=1+1%20")]
#[case::empty("")]
fn s24_relay_state_is_kept_byte_for_byte(#[case] text: &str) {
    let query = format!("{}&RelayState={}", as_jira_sends_it(), escaped(text));
    assert_eq!(unsigned(&query).unwrap().relay_state.as_deref(), Some(text));
}

#[test]
fn s24_a_long_or_odd_relay_state_is_refused() {
    let read = |value: &str| unsigned(&format!("{}&RelayState={value}", as_jira_sends_it()));
    assert_eq!(read(&"x".repeat(1537)), Err(ReadError::LongRelayState));
    for odd in ["a%0Ab", "a%0D", "%00", "%7F"] {
        assert_eq!(read(odd), Err(ReadError::RelayStateControls), "{odd}");
    }
    let encoding = ReadError::Encoding { parameter: "RelayState", expected: "UTF-8" };
    assert_eq!(read("%FF"), Err(encoding));
}

#[rstest]
#[case::nothing("", "SAMLRequest is missing")]
#[case::response("SAMLResponse=AAAA", "SAMLRequest is missing")]
#[case::empty("SAMLRequest=", "SAMLRequest is not deflated")]
#[case::not_base64("SAMLRequest=%21", "SAMLRequest is not Base64")]
#[case::not_deflated("SAMLRequest=////", "SAMLRequest is not deflated")]
fn what_is_no_message_is_refused(#[case] query: &str, #[case] reason: &str) {
    let error = unsigned(query).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

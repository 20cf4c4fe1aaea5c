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
        acs: 0,
        force_authn: true,
        is_passive: false,
        relay_state: Some("0f8fad5b-d9cb-469f-a165-70867728950e".to_owned()),
        issued_at: NOW,
    };
    assert_eq!(unsigned(&query), Ok(expected.clone()));
    // What is not SAML's own may stand beside it.
    assert_eq!(unsigned(&format!("from=a+b&utm%5Ba%5D=1&{query}")), Ok(expected));
}

#[rstest]
#[case::nothing("", 0, false)]
#[case::second_address(
    "AssertionConsumerServiceURL=\"https://jira.example/second?connection=1\"",
    1,
    false
)]
#[case::by_index("AssertionConsumerServiceIndex=\"1\"", 1, false)]
#[case::passive("IsPassive=\"1\" ForceAuthn=\"0\"", 0, true)]
fn the_answer_goes_where_the_request_says(
    #[case] attributes: &str,
    #[case] acs: usize,
    #[case] is_passive: bool,
) {
    let request = unsigned(&query(attributes)).unwrap();
    assert_eq!((request.acs, request.is_passive, request.force_authn), (acs, is_passive, false));
}

#[rstest]
#[case::other_host("https://evil.example/plugins/servlet/samlconsumer")]
#[case::path_trick("https://jira.example/plugins/servlet/samlconsumer/../../evil")]
#[case::longer("https://jira.example/plugins/servlet/samlconsumer2")]
#[case::query("https://jira.example/plugins/servlet/samlconsumer?next=https://evil.example")]
#[case::userinfo("https://jira.example@evil.example/plugins/servlet/samlconsumer")]
#[case::another_service_provider("https://confluence.example/plugins/servlet/samlconsumer")]
#[case::script("javascript:alert(1)")]
#[case::other_case("https://JIRA.example/plugins/servlet/samlconsumer")]
#[case::plain_http("http://jira.example/plugins/servlet/samlconsumer")]
#[case::empty("")]
fn s21_an_address_that_is_not_registered_gets_no_answer(#[case] url: &str) {
    let error = unsigned(&query(&format!("AssertionConsumerServiceURL=\"{url}\""))).unwrap_err();
    assert!(matches!(error, ReadError::AcsUrl(_)), "{error}");
}

#[rstest]
#[case("2")]
#[case("-1")]
#[case("1e0")]
#[case("65536")]
#[case("")]
fn s21_an_index_without_address_gets_no_answer(#[case] index: &str) {
    let error =
        unsigned(&query(&format!("AssertionConsumerServiceIndex=\"{index}\""))).unwrap_err();
    assert!(matches!(error, ReadError::AcsIndex(_)), "{error}");
}

#[test]
fn s21_an_address_and_an_index_exclude_each_other() {
    let both = format!("AssertionConsumerServiceIndex=\"1\" AssertionConsumerServiceURL=\"{ACS}\"");
    let error = unsigned(&query(&both)).unwrap_err();
    assert!(error.to_string().contains("beside AssertionConsumerServiceURL"), "{error}");
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
    assert!(error.contains("only rsa-sha256 or rsa-sha512 is taken"), "{error}");
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
#[case::unknown_service_provider(
    PEER,
    "https://evil.example",
    "Issuer is \"https://evil.example\""
)]
#[case::issuer_with_a_space(PEER, "https://jira.example ", "Issuer is")]
#[case::wrong_destination(SSO_URL, "https://other.example/sso", "Destination is")]
#[case::destination_of_a_neighbour(
    SSO_URL,
    "https://gate.example/_gate/saml/wiki/sso",
    "Destination is"
)]
#[case::empty_destination(SSO_URL, "", "Destination is \"\"")]
#[case::stale(ISSUED, "2025-11-28T09:54:59Z", "IssueInstant is")]
#[case::future(ISSUED, "2025-11-28T10:05:01Z", "IssueInstant is")]
#[case::no_time(ISSUED, "yesterday", "is not a time in UTC")]
#[case::version_1_1("Version=\"2.0\"", "Version=\"1.1\"", "Version is \"1.1\"")]
#[case::no_version("Version=\"2.0\"", "", "Version is missing")]
#[case::id_with_markup("ID=\"_request\"", "ID=\"&quot;>&lt;script>\"", "the ID of a message")]
#[case::no_id("ID=\"_request\"", "", "the attribute ID is missing")]
#[case::artifact(
    "Version",
    "ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" Version",
    "ProtocolBinding is"
)]
#[case::odd_flag("Version", "IsPassive=\"yes\" Version", "IsPassive is \"yes\"")]
#[case::other_message("AuthnRequest", "LogoutRequest", "is \"LogoutRequest\" and not AuthnRequest")]
#[case::other_namespace(
    SAMLP,
    "urn:oasis:names:tc:SAML:1.0:protocol",
    "is \"AuthnRequest\" and not"
)]
#[case::no_issuer("saml:Issuer", "saml:Issued", "Issuer is missing")]
#[case::not_xml("</samlp:AuthnRequest>", "", "not XML")]
fn s23_what_is_not_right_is_refused(
    #[case] right: &str,
    #[case] wrong: &str,
    #[case] reason: &str,
) {
    let request = authn_request("", "");
    assert!(unsigned(&format!("SAMLRequest={}", redirected(&request))).is_ok());
    let changed = redirected(&request.replace(right, wrong));
    let error = unsigned(&format!("SAMLRequest={changed}")).unwrap_err().to_string();
    assert!(error.contains(reason), "{error}");
}

/// A page may show such a sentence without what is in quotes: it has no word of a stranger's then.
#[rstest]
#[case::value("Version=\"2.0\"", "Version=\"MARK\"")]
#[case::destination(SSO_URL, "MARK")]
#[case::issuer(PEER, "MARK")]
#[case::issuer_with_elements(PEER, "<MARK/>")]
#[case::time(ISSUED, "MARK")]
#[case::address("ID=", "AssertionConsumerServiceURL=\"MARK\" ID=")]
#[case::address_with_quotes("ID=", "AssertionConsumerServiceURL=\"MARK&quot; MARK&quot;\" ID=")]
#[case::index("ID=", "AssertionConsumerServiceIndex=\"MARK\" ID=")]
#[case::flag("ID=", "IsPassive=\"MARK\" ID=")]
#[case::root("samlp:AuthnRequest", "samlp:MARK")]
#[case::end_tag("</samlp:AuthnRequest>", "</MARK>")]
#[case::entity("<saml:Issuer", "&MARK;<saml:Issuer")]
#[case::prefix("<saml:Issuer", "<MARK:x/><saml:Issuer")]
#[case::attribute_twice("ID=", "MARK=\"\" MARK=\"\" ID=")]
#[case::syntax("ID=", "MARK ID=")]
fn words_of_strangers_stand_in_quotes(#[case] right: &str, #[case] wrong: &str) {
    let changed = authn_request("", "").replace(right, wrong);
    let error = unsigned(&format!("SAMLRequest={}", redirected(&changed))).unwrap_err().to_string();
    let unescaped = error.replace("\\\"", "");
    let ours: String = unescaped.split('"').step_by(2).collect();
    assert!(!ours.contains("MARK"), "{error}");
}

#[test]
fn long_words_of_strangers_are_cut() {
    let long = "x".repeat(40_000);
    for wrong in [format!("<{long}:a/>"), format!("&{long};"), format!("<a>{long}")] {
        let query = format!("SAMLRequest={}", redirected(&authn_request("", &wrong)));
        assert!(unsigned(&query).unwrap_err().to_string().len() < 500);
    }
}

#[rstest]
#[case("2025-11-28T09:55:00Z")]
#[case("2025-11-28T10:05:00Z")]
#[case("2025-11-28T10:00:00.123+00:00")]
fn clocks_may_be_five_minutes_apart(#[case] issued: &str) {
    let request = authn_request("", "").replace(ISSUED, issued);
    assert!(unsigned(&format!("SAMLRequest={}", redirected(&request))).is_ok());
}

#[test]
fn s6_an_attribute_of_another_namespace_is_another_attribute() {
    let foreign = "xmlns:x=\"urn:x\" x:IsPassive=\"true\" x:AssertionConsumerServiceIndex=\"1\"";
    let request = unsigned(&query(foreign)).unwrap();
    assert_eq!((request.acs, request.is_passive), (0, false));
    let request = authn_request("", "").replace("ID=", "xmlns:x=\"urn:x\" x:ID=");
    let error = unsigned(&format!("SAMLRequest={}", redirected(&request))).unwrap_err();
    assert_eq!(error, ReadError::MissingAttribute("ID"));
}

#[test]
fn s23_two_issuers_are_none() {
    let second = format!("<saml:Issuer xmlns:saml=\"{SAML}\">https://evil.example</saml:Issuer>");
    let query = format!("SAMLRequest={}", redirected(&authn_request("", &second)));
    let error = unsigned(&query).unwrap_err().to_string();
    assert_eq!(error, "the element Issuer stands there more than once");
}

#[test]
fn a_request_for_one_person_is_refused() {
    let subject = format!("<saml:Subject xmlns:saml=\"{SAML}\"/>");
    let query = format!("SAMLRequest={}", redirected(&authn_request("", &subject)));
    assert!(unsigned(&query).unwrap_err().to_string().contains("a Subject"));
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

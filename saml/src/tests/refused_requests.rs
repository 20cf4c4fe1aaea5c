//! Requests that are refused for what they say, and what is said of them.

use rstest::rstest;

use super::support::*;
use crate::ReadError;
use crate::authn_request::{self, AuthnRequest};

/// Reads a query that nobody signed.
fn unsigned(query: &str) -> Result<AuthnRequest, ReadError> {
    authn_request::by_redirect(query, &Registered::without_keys().get(), SSO_URL, NOW)
}

/// The query of a request with these attributes.
fn query(attributes: &str) -> String {
    format!("SAMLRequest={}", redirected(&authn_request(attributes, "")))
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

#[test]
fn s6_an_attribute_of_another_namespace_is_another_attribute() {
    let foreign = "xmlns:x=\"urn:x\" x:IsPassive=\"true\" x:AssertionConsumerServiceIndex=\"1\"";
    let request = unsigned(&query(foreign)).unwrap();
    assert_eq!((&*request.acs_url, request.is_passive), (ACS, false));
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

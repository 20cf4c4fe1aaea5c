//! Finished answers, judged.

use rstest::rstest;

use super::support::*;
use crate::inspect::{Expected, ExpectedNameId, Judgement, response as inspect};
use crate::response;
use crate::{RequestId, name_id_format};

fn expected(in_response_to: Option<&RequestId>) -> Expected<'_> {
    Expected {
        issuer: OURS,
        destination: ACS,
        audience: PEER,
        in_response_to,
        certificate_der: &GATE.certificate,
        name_id: ExpectedNameId::LowerCaseEmail,
        now: NOW + 1,
    }
}

fn written(in_response_to: Option<&RequestId>) -> String {
    let attributes = [("name".to_owned(), vec!["entra/1".to_owned()])];
    response::signed(&assertion(in_response_to, &attributes), &GATE.signing_key()).unwrap()
}

fn failures(judgements: &[Judgement]) -> Vec<(&'static str, &str)> {
    let failed = judgements.iter().filter(|judgement| judgement.outcome.is_err());
    failed.map(|one| (one.rule, one.outcome.as_ref().unwrap_err().as_str())).collect()
}

#[test]
fn an_answer_of_ours_keeps_every_rule() {
    let request = RequestId::parse("_a").unwrap();
    for in_response_to in [None, Some(&request)] {
        let judgements = inspect(&written(in_response_to), &expected(in_response_to));
        assert_eq!(failures(&judgements), []);
        assert_eq!(judgements.len(), 16);
    }
}

#[rstest]
#[case::destination(
    "Destination is the address",
    "Destination=\"https://jira",
    "Destination=\"http://jira"
)]
#[case::status("the status is Success", "status:Success", "status:Requester")]
#[case::recipient("Recipient is the address", "Recipient=\"https", "Recipient=\"http")]
#[case::bearer("the person is confirmed as bearer", "cm:bearer", "cm:sender-vouches")]
#[case::audience("the only audience", "<saml:Audience>https", "<saml:Audience>http")]
#[case::two_audiences(
    "the only audience",
    "</saml:Audience>",
    "</saml:Audience><saml:Audience>b</saml:Audience>"
)]
#[case::upper_case("NameID is what", "alice@", "Alice@")]
#[case::no_address("NameID is what", "alice@customer.example", "alice")]
#[case::format("NameID is what", "1.1:nameid-format:emailAddress", "2.0:nameid-format:transient")]
#[case::qualifier("NameID is what", "<saml:NameID ", "<saml:NameID SPNameQualifier=\"b\" ")]
#[case::response_to(
    "InResponseTo is the request",
    "InResponseTo=\"_a\" NotOnOrAfter",
    "NotOnOrAfter"
)]
#[case::confirmation(
    "the confirmation is good now",
    "InResponseTo=\"_a\" NotOnOrAfter=\"2025-11-28T10:05",
    "InResponseTo=\"_a\" NotOnOrAfter=\"2025-11-28T10:00"
)]
#[case::confirmation_begins(
    "the confirmation is good now",
    "InResponseTo=\"_a\" NotOnOrAfter",
    "InResponseTo=\"_a\" NotBefore=\"2025-11-28T09:00:00Z\" NotOnOrAfter"
)]
#[case::conditions(
    "the conditions are good now",
    "NotBefore=\"2025-11-28T09:59",
    "NotBefore=\"2025-11-28T10:59"
)]
#[case::session("the login and its session", "SessionIndex", "Session")]
#[case::attribute_twice(
    "no attribute stands there twice",
    "<saml:AttributeStatement>",
    "<saml:AttributeStatement><saml:Attribute Name=\"name\"></saml:Attribute>"
)]
#[case::issuer("Issuer of the Response", "<saml:Issuer>https", "<saml:Issuer>http")]
#[case::version("there is one Response", "Version=\"2.0\"", "Version=\"1.1\"")]
#[case::second_assertion(
    "there is one Response",
    "<samlp:Status>",
    "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"></saml:Assertion><samlp:Status>"
)]
fn a_broken_rule_is_named(#[case] rule: &str, #[case] right: &str, #[case] wrong: &str) {
    let request = RequestId::parse("_a").unwrap();
    let answer = written(Some(&request));
    assert!(answer.contains(right), "{answer}");
    let judgements = inspect(&answer.replace(right, wrong), &expected(Some(&request)));
    let failures = failures(&judgements);
    assert!(failures.iter().any(|(broken, _)| broken.starts_with(rule)), "{failures:?}");
    assert!(failures.iter().any(|(broken, _)| broken.starts_with("the Response is signed")));
}

#[test]
fn another_certificate_than_the_pasted_one_is_named() {
    let other = Expected { certificate_der: &STRANGER.certificate, ..expected(None) };
    let judgements = inspect(&written(None), &other);
    assert_eq!(
        failures(&judgements),
        [
            (
                "the Response is signed with the key of the certificate",
                "its signature was not made with a key of the configured certificate"
            ),
            (
                "the assertion is signed with the key of the certificate",
                "its signature was not made with a key of the configured certificate"
            ),
            ("both signatures carry exactly the certificate", "Response has another certificate"),
        ]
    );
}

#[test]
fn names_that_are_no_addresses_are_right_for_others() {
    let mut named = assertion(None, &[]);
    named.name_id = crate::NameId { format: name_id_format::PERSISTENT, value: "Alice" };
    let written = response::signed(&named, &GATE.signing_key()).unwrap();
    let any = Expected { name_id: ExpectedNameId::Any, ..expected(None) };
    assert_eq!(failures(&inspect(&written, &any)), []);
}

#[test]
fn what_is_no_response_has_one_judgement() {
    let judgements = inspect("<a>", &expected(None));
    assert_eq!(judgements.len(), 1);
    assert_eq!(failures(&judgements)[0].0, "the Response can be read");
}

//! Documents that cost their reader much, and documents that readers understand differently.

use rstest::rstest;

use super::support::*;
use crate::authn_request::{by_post, by_redirect};

/// How both bindings refuse a document.
fn refused(xml: &str) -> [String; 2] {
    let registered = Registered::with_keys();
    let query = format!("SAMLRequest={}", redirected(xml));
    let redirected = by_redirect(&signed_query(&query, &JIRA), &registered.get(), SSO_URL, NOW);
    let posted = by_post(&posted(xml), None, &registered.get(), SSO_URL, NOW);
    [redirected.unwrap_err().to_string(), posted.unwrap_err().to_string()]
}

/// A request with this in it.
fn with(content: &str) -> String {
    authn_request("", content)
}

fn numbered(count: usize, each: impl Fn(usize) -> String) -> String {
    (0..count).map(each).collect()
}

#[rstest]
#[case::deflate_bomb(" ".repeat(50_000_000), "more than 65536 bytes")]
#[case::depth("<a>".repeat(30_000), "more than 65536 bytes")]
#[case::depth_that_fits("<a>".repeat(20_000), "nested more than 32 deep")]
#[case::attributes(
    format!("<a {}/>", numbered(24_000, |i| format!("a{i}='' "))),
    "more than 65536 bytes"
)]
#[case::attributes_that_fit(
    format!("<a {}/>", numbered(5_000, |i| format!("a{i}='' "))),
    "more than 32 attributes"
)]
#[case::nested_namespaces(
    numbered(4_000, |i| format!("<a xmlns:n{i}='u{i}'>")),
    "more than 65536 bytes"
)]
#[case::nested_namespaces_that_fit(
    numbered(2_000, |i| format!("<a xmlns:n{i}='u{i}'>")),
    "nested more than 32 deep"
)]
#[case::namespaces_side_by_side(
    numbered(2_000, |i| format!("<a xmlns:n{i}='u{i}'/>")),
    "more than 128 namespaces"
)]
#[case::nodes("<a/>".repeat(50_000), "more than 65536 bytes")]
#[case::nodes_that_fit("<a/>".repeat(12_000), "nodes limit")]
fn s16_a_bomb_does_not_go_off(#[case] content: String, #[case] reason: &str) {
    for error in refused(&with(&content)) {
        assert!(error.contains(reason), "{error}");
    }
}

#[rstest]
#[case::external_entity("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>")]
#[case::entities_in_entities("<!DOCTYPE a [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;'>]>")]
#[case::default_attribute("<!DOCTYPE a [<!ATTLIST samlp:AuthnRequest ForceAuthn CDATA 'true'>]>")]
#[case::external_dtd("<!DOCTYPE a SYSTEM 'https://evil.example/a.dtd'>")]
#[case::plain("<!DOCTYPE a>")]
fn s14_a_document_type_is_refused(#[case] document_type: &str) {
    for error in refused(&format!("{document_type}{}", with(""))) {
        assert_eq!(error, "the document has a DOCTYPE, which no message has");
    }
}

#[test]
fn s14_an_entity_that_is_not_declared_is_refused() {
    for error in refused(&with("<a>&x;</a>")) {
        assert!(error.contains("not XML"), "{error}");
    }
}

#[rstest]
#[case::comment("https://jira.example<!-- -->", "a comment")]
#[case::comment_in_between("https://jira<!-- -->.example", "a comment")]
#[case::instruction("https://jira.example<?x?>", "a processing instruction")]
#[case::element("https://jira.example<x/>", "\"Issuer\" has elements")]
fn s13_a_text_is_read_in_full_or_not_at_all(#[case] issuer: &str, #[case] reason: &str) {
    let xml = with("").replace(PEER, issuer);
    // Signatures of documents come first, so that only the query's gets so far.
    let [redirected, _] = refused(&xml);
    assert!(redirected.contains(reason), "{redirected}");
}

#[test]
fn s13_a_text_in_parts_is_one_text() {
    let registered = Registered::without_keys();
    let read = |issuer: &str| {
        let xml = with("").replace(PEER, issuer);
        by_post(&posted(&xml), None, &registered.get(), SSO_URL, NOW)
    };
    assert!(read("https<![CDATA[://]]>jira.&#x65;xample").is_ok());
    let error = read("https://jira.example<![CDATA[.evil]]>").unwrap_err().to_string();
    assert!(error.contains("\"https://jira.example.evil\""), "{error}");
}

/// roxmltree 0.21 takes the first two; libxml2 takes none of the last two.
#[rstest]
#[case::second_default_namespace("<a xmlns='u' xmlns='v'/>", "not XML")]
#[case::disguised_default_namespace("<a xmlns:p='u' p:xmlns='v'/>", "an attribute :xmlns")]
#[case::prefix_taken_back("<a xmlns:p=''/>", "a prefix of no namespace")]
#[case::attribute_twice("<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", "not XML")]
fn readers_cannot_disagree_about_namespaces(#[case] content: &str, #[case] reason: &str) {
    for error in refused(&with(content)) {
        assert!(error.contains(reason), "{error}");
    }
}

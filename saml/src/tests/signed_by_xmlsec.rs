//! The whole verification beside xmlsec1: made-up documents that it signs in part, in all forms of the profile.

use proptest::collection::vec;
use proptest::prelude::*;

use super::made_up::{self, Made, Scope};
use super::support::*;
use crate::SignatureError;
use crate::signature::verify;
use crate::xml::{self, Limit};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_part_signed_by_xmlsec_is_verified(
        outside in made_up::element(),
        inside in made_up::element(),
        in_signed_info in prefixes(),
        in_content in prefixes(),
    ) {
        let template = Template {
            canonicalization: format!(
                "<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\">{in_signed_info}</ds:CanonicalizationMethod>"
            ),
            transforms: format!(
                "<ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{EXCLUSIVE}\">{in_content}</ds:Transform>"
            ),
            ..Template::default()
        };
        let signed = sign_with_xmlsec(&document(&outside, &inside, &template), &JIRA);
        prop_assert_eq!(verified(&signed), Ok(()));
        let changed = signed.replace("<saml:Subject>", "<saml:Subject> ");
        prop_assert_eq!(verified(&changed), Err(SignatureError::Digest));
    }
}

/// An assertion with its own prefix and the outer namespaces around it, somewhere in a document.
fn document(outside: &Made, inside: &Made, template: &Template) -> String {
    outside.with_inside(&Scope::new(), |scope| {
        format!(
            "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"_request\">\n{}<saml:Subject>s</saml:Subject>{}\
             </saml:Assertion>",
            template.xml(),
            inside.xml(scope)
        )
    })
}

fn verified(xml: &str) -> Result<(), SignatureError> {
    let document = xml::parse(xml, Limit::Request).unwrap();
    let is_assertion = |node: &roxmltree::Node<'_, '_>| node.has_tag_name((SAML, "Assertion"));
    verify(document.descendants().find(is_assertion).unwrap(), &[JIRA.peer_key()])
}

/// A list of prefixes that are treated inclusively, or none.
fn prefixes() -> impl Strategy<Value = String> {
    let one =
        prop_oneof![Just("a"), Just("b"), Just("c"), Just("#default"), Just("saml"), Just("d")];
    vec(one, 0..4).prop_map(|prefixes| match prefixes.as_slice() {
        [] => String::new(),
        _ => format!(
            "<ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" PrefixList=\"{}\"/>",
            prefixes.join(" ")
        ),
    })
}

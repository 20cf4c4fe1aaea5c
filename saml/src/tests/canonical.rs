//! Canonical XML beside libxml2's, on made-up documents.

use proptest::collection::vec;
use proptest::prelude::*;

use super::made_up::{self, Scope};
use super::support::canonical_by_libxml;
use crate::xml::{self, Element, Limit, Namespace, exclusive};

fn canonical(xml: &str) -> String {
    let document = xml::parse(xml, Limit::Request).unwrap();
    exclusive::canonical(document.root_element(), None, &[])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_is_read_is_canonicalized_as_by_libxml(made in made_up::element()) {
        let xml = made.xml(&Scope::new());
        let ours = canonical(&xml);
        prop_assert_eq!(&ours, &canonical_by_libxml(&xml));
        prop_assert_eq!(&ours, &canonical(&ours));
    }

    #[test]
    fn what_is_written_is_canonical_for_libxml(made in written()) {
        let xml = made.write().unwrap();
        prop_assert_eq!(&xml, &canonical_by_libxml(&xml));
        prop_assert_eq!(&xml, &canonical(&xml));
    }
}

/// Elements as the crate writes them, with any text that XML can have.
fn written() -> impl Strategy<Value = Element> {
    let leaf = (namespace(), name(), vec((name(), text()), 0..4)).prop_map(
        |(namespace, name, attributes)| {
            let element = Element::new(namespace, name);
            attributes.into_iter().fold(element, |element, (name, text)| element.with(name, text))
        },
    );
    leaf.prop_recursive(4, 24, 4, |inner| {
        (inner.clone(), vec(inner, 0..4), text()).prop_map(|(element, children, text)| {
            element.text(text).children(children).text("\r\n")
        })
    })
}

fn namespace() -> impl Strategy<Value = Namespace> {
    use Namespace::{Assertion, Metadata, Protocol, Signature};
    prop_oneof![Just(Assertion), Just(Metadata), Just(Protocol), Just(Signature)]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("ID"), Just("Name"), Just("a"), Just("z-1"), Just("ä")]
}

fn text() -> impl Strategy<Value = String> {
    "[\\t\\n\\r <>&\"'\\]a-zß\u{85}\u{2028}\u{fffd}\u{1f600}]{0,12}"
}

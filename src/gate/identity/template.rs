//! How the value of an identity header is made from an identity. It must not know when that
//! happens.
//!
//! The rule: control characters, characters outside ASCII, `%`, and blanks at the ends of an
//! attribute are percent-encoded, because others would change or drop them. Groups and extra
//! attributes may have several values; these are joined by `,`, so a comma within one of them is
//! encoded too. A header whose template names an attribute that the customer does not have is not
//! sent at all.

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use smol_str::SmolStr;

use crate::domain::{Attribute, Identity, Template};

/// What is encoded in a single value (docs/security.md B7).
const SINGLE: &AsciiSet = &CONTROLS.add(b'%');
/// What is encoded in one of several.
const ONE_OF_MANY: &AsciiSet = &SINGLE.add(b',');

/// The value of a header for a customer; `None` when an attribute is missing.
pub(super) fn value(template: &Template, identity: &Identity) -> Option<HeaderValue> {
    let filled = template.fill(|name| identity.attribute(name).map(text).into_iter().collect());
    HeaderValue::try_from(filled.into_iter().next()?).ok()
}

fn text(attribute: Attribute<'_>) -> String {
    match attribute {
        Attribute::Single(value) => encoded(value, SINGLE),
        Attribute::List(values) => list(values),
    }
}

fn list(values: &[SmolStr]) -> String {
    let encode = |value: &SmolStr| encoded(value, ONE_OF_MANY);
    values.iter().map(encode).collect::<Vec<_>>().join(",")
}

fn encoded(text: &str, set: &'static AsciiSet) -> String {
    let tail = text.trim_start_matches(' ');
    let inner = tail.trim_end_matches(' ');
    let blanks = |longer: &str, shorter: &str| "%20".repeat(longer.len() - shorter.len());
    [blanks(text, tail), utf8_percent_encode(inner, set).to_string(), blanks(tail, inner)].concat()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Identity, Template};
    use crate::domain::{Email, Proof, ProviderId, Told};

    fn value(template: &str, identity: &Identity) -> Option<String> {
        let known: Vec<_> =
            Identity::ATTRIBUTES.into_iter().chain(["teams", "elsewhere"]).collect();
        let template = Template::parse(template, &known).unwrap();
        super::value(&template, identity).map(|value| value.to_str().unwrap().to_owned())
    }

    fn ann(name: &str, groups: &[&str]) -> Identity {
        Identity {
            provider: ProviderId::parse("idp").unwrap(),
            subject: "1".into(),
            email: Email::parse("ann@example.com").ok().into(),
            name: Some(name.into()),
            first_name: None,
            last_name: None,
            groups: Told::Known(groups.iter().copied().map(Into::into).collect()),
            attributes: [("teams".to_owned(), Told::Known(vec!["a, b".into(), "c".into()]))].into(),
            proof: Proof::default(),
        }
    }

    #[rstest]
    #[case("{email}", Some("ann@example.com"))]
    #[case("{provider}/{subject}", Some("idp/1"))]
    #[case("fixed", Some("fixed"))]
    #[case("{teams}", Some("a%2C b,c"))]
    #[case("{elsewhere}", None)]
    #[case("{first_name}", None)]
    #[case("{email} {last_name}", None)]
    fn templates_are_filled_or_absent(#[case] template: &str, #[case] expected: Option<&str>) {
        assert_eq!(value(template, &ann("Ann", &[])).as_deref(), expected);
    }

    #[rstest]
    #[case("a\r\nX-Admin: 1", "a%0D%0AX-Admin: 1")]
    #[case("a\0b", "a%00b")]
    #[case("Jürgen", "J%C3%BCrgen")]
    #[case("100%0A", "100%250A")]
    #[case("a, b | c", "a, b | c")]
    #[case(" a  b ", "%20a  b%20")]
    #[case("  ", "%20%20")]
    fn b7_a_value_cannot_split_the_header(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(value("{name}", &ann(name, &[])).as_deref(), Some(expected));
    }

    #[test]
    fn b7_a_group_cannot_pose_as_two_or_as_another() {
        let groups = ann("Ann", &["staff,admins", "customers"]);
        assert_eq!(value("{groups}", &groups).as_deref(), Some("staff%2Cadmins,customers"));
        let blanks = ann("Ann", &["a", " b"]);
        assert_eq!(value("{groups}", &blanks).as_deref(), Some("a,%20b"));
    }

    #[test]
    fn b4_without_groups_there_is_no_header() {
        assert_eq!(value("{groups}", &ann("Ann", &[])), None);
    }
}

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

use crate::domain::Identity;

/// What is encoded in a single value (docs/security.md B7).
const SINGLE: &AsciiSet = &CONTROLS.add(b'%');
/// What is encoded in one of several.
const ONE_OF_MANY: &AsciiSet = &SINGLE.add(b',');

/// A text such as `{email}`, compiled.
#[derive(Clone, Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    Attribute(String),
}

impl Template {
    /// Compiles a text; the configuration has checked the names in it.
    pub(super) fn new(template: &str) -> Self {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((text, (attribute, after))) =
            rest.split_once('{').and_then(|(text, tail)| Some((text, tail.split_once('}')?)))
        {
            parts.push(Part::Text(text.to_owned()));
            parts.push(Part::Attribute(attribute.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| *part != Part::Text(String::new()));
        Self { parts }
    }

    /// The value for a customer; `None` when an attribute is missing.
    pub(super) fn value(&self, identity: &Identity) -> Option<HeaderValue> {
        let mut value = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => value.push_str(text),
                Part::Attribute(name) => value.push_str(&attribute(identity, name)?),
            }
        }
        HeaderValue::try_from(value).ok()
    }
}

fn attribute(identity: &Identity, name: &str) -> Option<String> {
    let single = |text: &str| encoded(text, SINGLE);
    match name {
        "email" => identity.email.known().map(|email| single(email.as_str())),
        "name" => identity.name.as_deref().map(single),
        "first_name" => identity.first_name.as_deref().map(single),
        "last_name" => identity.last_name.as_deref().map(single),
        "subject" => Some(single(&identity.subject)),
        "provider" => Some(single(identity.provider.as_str())),
        "groups" => list(identity.groups.values()),
        extra => list(identity.attributes.get(extra)?.values()),
    }
}

fn list(values: &[SmolStr]) -> Option<String> {
    let encode = |value: &SmolStr| encoded(value, ONE_OF_MANY);
    (!values.is_empty()).then(|| values.iter().map(encode).collect::<Vec<_>>().join(","))
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

    use super::*;
    use crate::domain::{Email, Proof, ProviderId, Told};

    fn value(template: &str, identity: &Identity) -> Option<String> {
        Template::new(template).value(identity).map(|value| value.to_str().unwrap().to_owned())
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

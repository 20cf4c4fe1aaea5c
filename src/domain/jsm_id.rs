//! The numbers by which JSM knows its things. JSM writes them as texts in most places and as numbers in
//! others; here each kind is a type of its own, so that none is taken for another.

use std::fmt;
use std::num::NonZeroU64;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::names::{InvalidName, invalid};

/// The longest number that JSM could write: nineteen digits fit into 64 bits.
const MOST_DIGITS: usize = 19;

macro_rules! jsm_id {
    ($($(#[$doc:meta])* $name:ident $expected:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// Parses an id as JSM prints it.
            ///
            /// # Errors
            /// When it is not 1 to 19 digits without a leading zero.
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                number(text).map(Self).ok_or_else(|| invalid(text, $expected))
            }

            /// The number.
            #[must_use]
            pub fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        /// From a text or a number.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_any(TextOrNumber($expected)).map(Self)
            }
        }
    )*};
}

jsm_id! {
    /// An article of the knowledge base.
    ArticleId "an article's number such as 10000";
    /// A file of a request.
    AttachmentId "an attachment's number such as 10000";
    /// A comment of a request.
    CommentId "a comment's number such as 10000";
    /// A group of request types, as a portal shows them.
    GroupId "the number of a group such as 6";
    /// A request, by the number that it keeps when it is moved to another project.
    IssueId "a request's number such as 10000";
    /// A type of Jira's issues, on which a request type is based.
    IssueTypeId "the number of an issue type such as 10000";
    /// An organisation: customers who share requests.
    OrganizationId "an organisation's number such as 3";
    /// A request type.
    RequestTypeId "a request type's number such as 66";
    /// A transition of a request's workflow.
    TransitionId "a transition's number such as 11";
}

fn number(text: &str) -> Option<NonZeroU64> {
    let plain = text.len() <= MOST_DIGITS
        && !text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

struct TextOrNumber(&'static str);

impl Visitor<'_> for TextOrNumber {
    type Value = NonZeroU64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<NonZeroU64, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<NonZeroU64, E> {
        number(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("66", true)]
    #[case("9999999999999999999", true)]
    #[case("10000000000000000000", false)]
    #[case("0", false)]
    #[case("066", false)]
    #[case("+66", false)]
    #[case(" 66", false)]
    #[case("66/../67", false)]
    #[case("٦٦", false)]
    #[case("", false)]
    fn an_id_has_one_spelling(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(RequestTypeId::parse(text).is_ok(), valid);
    }

    #[rstest]
    #[case(r#""66""#, Some(66))]
    #[case("66", Some(66))]
    #[case("-66", None)]
    #[case("6.5", None)]
    #[case("0", None)]
    #[case("null", None)]
    fn jsm_writes_ids_as_texts_and_as_numbers(#[case] json: &str, #[case] id: Option<u64>) {
        let read = serde_json::from_str::<OrganizationId>(json).ok();
        assert_eq!(read.map(OrganizationId::get), id);
    }
}

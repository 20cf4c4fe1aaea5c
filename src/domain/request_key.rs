//! The key of a request, such as `IT-12`: what customers know it by.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use super::names::{InvalidName, invalid};

/// Longer ones exist nowhere: Jira's own keys of projects have ten characters by default.
const LONGEST: usize = 64;

/// The key of a request, as JSM spells it: `[A-Z][A-Z0-9_]+-[1-9][0-9]*`. Jira also finds requests by a
/// key in lower case, by their number and by keys they had before; none of these is a key here.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RequestKey {
    text: SmolStr,
    /// Where the hyphen is.
    hyphen: u8,
}

impl RequestKey {
    /// Parses a key.
    ///
    /// # Errors
    /// When it is spelled in any other way.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let error = || invalid(text, "the key of a request such as IT-12");
        let (project, number) = text.split_once('-').ok_or_else(error)?;
        let valid = text.len() <= LONGEST && is_project(project) && is_number(number);
        let hyphen = u8::try_from(project.len()).ok().filter(|_| valid).ok_or_else(error)?;
        Ok(Self { text: text.into(), hyphen })
    }

    /// The whole key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key of its project: `IT`.
    #[must_use]
    pub fn project(&self) -> &str {
        self.text.get(..usize::from(self.hyphen)).unwrap_or_default()
    }
}

fn is_project(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_uppercase())
        && bytes.len() > 0
        && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

fn is_number(text: &str) -> bool {
    (1..=19).contains(&text.len())
        && !text.starts_with('0')
        && text.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for RequestKey {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for RequestKey {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("IT-12", "IT")]
    #[case("A_1-9999999999999999999", "A_1")]
    fn a_key_names_its_project(#[case] text: &str, #[case] project: &str) {
        let key = RequestKey::parse(text).unwrap();
        assert_eq!((key.as_str(), key.project()), (text, project));
    }

    /// Whatever Jira would find a request by besides its key.
    #[rstest]
    #[case::number("10012")]
    #[case::lower_case("it-12")]
    #[case::mixed_case("It-12")]
    #[case::leading_zero("IT-012")]
    #[case::zero("IT-0")]
    #[case::one_letter("I-12")]
    #[case::digit_first("1T-12")]
    #[case::two_hyphens("IT-1-2")]
    #[case::no_number("IT-")]
    #[case::no_project("-12")]
    #[case::traversal("IT-12/..")]
    #[case::encoded_traversal("IT-12%2F..")]
    #[case::query("IT-12?expand=comment")]
    #[case::other_digits("IT-١٢")]
    #[case::other_letters("ІT-12")]
    #[case::blank("IT-12 ")]
    #[case::line("IT-12\n")]
    #[case::empty("")]
    #[case::too_long("IT-99999999999999999999")]
    fn p1_only_jsms_own_spelling_is_a_key(#[case] text: &str) {
        assert!(RequestKey::parse(text).is_err());
    }
}

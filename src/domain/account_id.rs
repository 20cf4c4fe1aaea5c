//! The account of a person in JSM.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;

use super::names::{InvalidName, invalid};

/// Jira stores usernames of 255 characters.
const LONGEST: usize = 255;

/// What JSM tells people apart by: Cloud's `accountId`, or Data Center's username. The two are compared
/// exactly, and only with ids of the same JSM.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AccountId(SmolStr);

impl AccountId {
    /// Parses an id as JSM tells it. Cloud's ids (`[0-9a-zA-Z:-]`, up to 128 characters) are among what
    /// Data Center takes for a username.
    ///
    /// # Errors
    /// When it is not 1 to 255 characters, or has control characters.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let length = text.chars().count();
        let valid = (1..=LONGEST).contains(&length) && !text.chars().any(char::is_control);
        valid
            .then(|| Self(text.into()))
            .ok_or_else(|| invalid(text, "an account id or a username of 1 to 255 characters"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for AccountId {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AccountId {
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
    #[case::cloud("qm:a713c8ea-1075-4e30-9d96-891a7d181739:5ad6d3581db05e2a66fa80b", true)]
    #[case::username("ann@example.com", true)]
    #[case::umlaut("jürgen", true)]
    #[case::empty("", false)]
    #[case::line("ann\nbob", false)]
    fn an_account_is_one_line(#[case] text: &str, #[case] valid: bool) {
        assert_eq!(AccountId::parse(text).is_ok(), valid);
    }
}

//! Identifiers of messages and assertions. Must not know where randomness comes from.

use std::fmt::{self, Write as _};

/// The longest identifier that is taken from others, in characters.
const MAX_CHARACTERS: usize = 256;

/// An identifier of our own: `_` and 160 random bits in hexadecimal, so that it is an NCName that nobody
/// guesses or meets twice (core section 1.3.4).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Id(String);

impl Id {
    /// Makes one of random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 20]) -> Self {
        let mut id = String::with_capacity(41);
        id.push('_');
        for byte in random {
            // Writing to a string cannot fail.
            let _ = write!(id, "{byte:02x}");
        }
        Self(id)
    }

    /// The identifier as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The identifier of a request that somebody else made, as `InResponseTo` repeats it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RequestId(String);

/// It is no identifier of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "the ID of a message is a letter or _ and then letters, digits, '.', '-' and '_' in ASCII, \
     {MAX_CHARACTERS} characters at most"
)]
pub struct RequestIdError;

impl RequestId {
    /// Takes an NCName (XML Namespaces section 3) in ASCII of at most 256 characters. Nobody is known to send
    /// other characters, and without them an identifier means the same to everybody who reads it.
    pub fn parse(text: &str) -> Result<Self, RequestIdError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let is_id = begins && text.len() <= MAX_CHARACTERS && text.chars().all(fits);
        is_id.then(|| Self(text.to_owned())).ok_or(RequestIdError)
    }

    /// The identifier as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Id> for RequestId {
    fn from(id: Id) -> Self {
        Self(id.0)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn an_identifier_of_our_own_is_one_that_others_take() {
        let id = Id::from_random([0xab; 20]);
        assert_eq!(id.as_str(), format!("_{}", "ab".repeat(20)));
        assert_eq!(RequestId::parse(id.as_str()), Ok(RequestId::from(id)));
    }

    #[rstest]
    #[case::jira("ONELOGIN_3b7c9a0e-9c3f-4b8e-8a55-0d3a4a1b7c10", true)]
    #[case::longest(&"a".repeat(256), true)]
    #[case::too_long(&"a".repeat(257), false)]
    #[case::empty("", false)]
    #[case::a_digit_first("1a", false)]
    #[case::a_colon("a:b", false)]
    #[case::markup("a\"><script>", false)]
    #[case::a_space("a b", false)]
    #[case::a_newline("a\n", false)]
    fn s23_an_identifier_is_a_name(#[case] text: &str, #[case] taken: bool) {
        assert_eq!(RequestId::parse(text).is_ok(), taken);
    }
}

//! How JSM names a field.

use std::fmt;

use smol_str::SmolStr;

/// A field's id, such as `summary` or `customfield_10001`. It is the name of the field's input in the
/// form, where parts of it get a suffix with a hyphen, so an id has none.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct FieldId(SmolStr);

impl FieldId {
    /// Parses an id as JSM writes it. `None` unless it is 1 to 64 ASCII letters, digits and
    /// underscores, with a letter first.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let letter_first = text.starts_with(|c: char| c.is_ascii_alphabetic());
        (plain && letter_first && text.len() <= 64).then(|| Self(text.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of an input for a part of the field, such as `duedate-year`.
    pub(super) fn part(&self, part: &str) -> String {
        format!("{self}-{part}")
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

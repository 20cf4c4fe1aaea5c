//! Words of strangers in sentences of ours. Must not know who reads them.

use std::fmt;

/// More of it helps nobody.
const MAX_CHARACTERS: usize = 200;

/// What a stranger sent, as it can be shown: in double quotes, escaped and not long.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Quoted(String);

impl Quoted {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.chars().take(MAX_CHARACTERS).collect())
    }
}

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

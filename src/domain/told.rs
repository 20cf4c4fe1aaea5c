//! What a provider said of one thing. Unknown is not no: who decides about somebody asks for all
//! three.

/// A value, the word that there is none, or no word at all.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Told<T> {
    /// The provider says so.
    Known(T),
    /// Everybody who could tell was asked, and there is none.
    #[default]
    Absent,
    /// There may be one, and the gate could not learn it: it is kept elsewhere, cannot be read, or
    /// whoever knows did not answer.
    Unknown,
}

impl<T> Told<T> {
    /// The value, where it is known.
    #[must_use]
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// Whether there may be a value that the gate does not know.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// This, unless nothing was said: then it stays as it was.
    #[must_use]
    pub fn or_as_before(self, before: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Absent => before(),
            said => said,
        }
    }
}

impl<T> Told<Vec<T>> {
    /// The values that are known; none where there are none, or none are known.
    #[must_use]
    pub fn values(&self) -> &[T] {
        self.known().map_or(&[], Vec::as_slice)
    }
}

impl<T> From<Option<T>> for Told<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Known)
    }
}

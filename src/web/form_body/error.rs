//! Why a form cannot be read, and what its sender is told. Must not know how forms are read.

use super::super::body::BrokenBody;
use crate::problem::Problem;

/// Why a form cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FormError {
    /// Its rest does not come.
    #[error(transparent)]
    Broken(#[from] BrokenBody),
    /// No form, or one that no browser sends.
    #[error("the form is malformed")]
    Malformed,
    /// There are too many entries.
    #[error("the form has too many entries")]
    TooManyEntries,
    /// Its texts are too long.
    #[error("the texts of the form have more than {limit} bytes")]
    TooMuchText {
        /// What they may have.
        limit: usize,
    },
    /// It is longer than its route takes.
    #[error("the form has more than {limit} bytes")]
    TooLarge {
        /// What it may have.
        limit: usize,
    },
}

impl FormError {
    /// What its sender is told.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        let bytes = |limit| u64::try_from(limit).unwrap_or(u64::MAX);
        match self {
            Self::Broken(BrokenBody::TooSlow) => Problem::RequestTooSlow,
            Self::TooMuchText { limit } => Problem::TextTooLong { limit: bytes(limit) },
            Self::TooLarge { limit } => Problem::BodyTooLarge { limit: bytes(limit) },
            Self::Broken(_) | Self::Malformed | Self::TooManyEntries => {
                Problem::bad_request("its form cannot be read")
            }
        }
    }
}

/// Why the rest of a body does not come.
pub(super) fn broken(error: &axum::Error) -> BrokenBody {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(broken) = error.downcast_ref() {
            return *broken;
        }
        cause = error.source();
    }
    BrokenBody::BrokeOff
}

/// The same, as the parser of forms with files tells it.
pub(super) fn of_parts(error: &multer::Error) -> FormError {
    match error {
        multer::Error::StreamReadFailed(cause) => {
            let broken = cause.downcast_ref::<BrokenBody>().copied();
            broken.map_or(FormError::Malformed, FormError::Broken)
        }
        _ => FormError::Malformed,
    }
}

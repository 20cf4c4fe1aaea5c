//! Why a session ended by itself, and who is told. Must not know how the end was found out.

use std::sync::Arc;

use crate::domain::Identity;

/// Why a session ended by itself.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Ended {
    /// Nobody used it for `[session] idle`.
    #[error("unused for too long")]
    Idle,
    /// `[session] absolute` has passed, or the identity itself was only good until now.
    #[error("its time is over")]
    Absolute,
    /// It seems to have begun in the future, so the clock was set back.
    #[error("the clock was set back")]
    ClockMoved,
    /// Its customer has as many newer sessions as `[session] per_customer` allows.
    #[error("replaced by newer logins of the same customer")]
    TooMany,
    /// The configuration no longer has who vouched for it: its provider, or emergency access.
    #[error("no longer granted by the configuration")]
    NotGranted,
    /// The provider refused to refresh it, for this reason.
    #[error("not refreshed: {0}")]
    NotVouchedFor(String),
}

/// Is told whose session ended by itself, and why.
pub type OnEnd = Arc<dyn Fn(&Identity, Ended) + Send + Sync>;

//! Why a session ended by itself, and who is told.

use std::sync::Arc;

use crate::domain::Identity;

/// Why a session ended by itself.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Ended {
    /// Nobody used it for `[session] idle`.
    #[error("unused for too long")]
    Idle,
    /// `[session] absolute` is over, or what stands behind the identity is.
    #[error("its time is over")]
    Absolute,
    /// It would have begun in the future.
    #[error("the clock was set back")]
    ClockMoved,
    /// Its customer has as many newer ones as `[session] per_customer` allows.
    #[error("replaced by newer logins of the same customer")]
    TooMany,
    /// It began without a provider, and the configuration does not grant that any more.
    #[error("no longer granted by the configuration")]
    NotGranted,
    /// The provider does not renew its word, for this reason.
    #[error("not refreshed: {0}")]
    NotVouchedFor(String),
}

/// Is told whose session ended by itself, and why.
pub type OnEnd = Arc<dyn Fn(&Identity, Ended) + Send + Sync>;

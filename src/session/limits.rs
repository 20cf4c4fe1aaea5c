//! How long a session lasts, and how many of them one customer may have. Must not know where sessions
//! are kept.

use std::time::Duration;

use super::Ended;
use crate::domain::Identity;

/// How far in the future a session may begin, in seconds. Beyond that the clock was set back, and the session
/// is not usable (docs/security.md C12).
const CLOCK_TOLERANCE: u64 = 300;

/// How long sessions last, and how many a customer may have.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// A session that is unused for this long ends.
    pub idle: Duration,
    /// A session ends this long after its login in any case.
    pub absolute: Duration,
    /// How many sessions one customer may have. A new one ends the oldest.
    pub per_customer: usize,
}

impl SessionLimits {
    /// Why a session has ended by itself, if it has.
    pub(super) fn ended(
        &self,
        identity: &Identity,
        created: u64,
        last_used: u64,
        now: u64,
    ) -> Option<Ended> {
        if created > now + CLOCK_TOLERANCE {
            Some(Ended::ClockMoved)
        } else if now.saturating_sub(created) >= self.absolute.as_secs()
            || identity.until().is_some_and(|until| now >= until)
        {
            Some(Ended::Absolute)
        } else if now.saturating_sub(last_used) >= self.idle.as_secs() {
            Some(Ended::Idle)
        } else {
            None
        }
    }
}

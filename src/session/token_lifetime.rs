//! How long a provider's tokens are good, and when a session is due to be refreshed. Must not know how a
//! provider is asked.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::SessionKey;

/// The least time between two refreshes, in seconds, however short the provider's tokens live.
const AT_MOST_EVERY: u64 = 60;

/// The time between two tries after a failure, in seconds: doubled each time, from the first to the last.
const FIRST_RETRY: u64 = 10;
const LAST_RETRY: u64 = 300;

/// How long to wait for the refresh by another gate, in seconds.
const SOON: u64 = 5;

/// A schedule that was made this far in the future, in seconds, was made before the clock was set back. The
/// clocks of several gates differ by less.
const CLOCK_SET_BACK: u64 = 3600;

/// How long a provider said that its tokens are good.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct TokenLifetime {
    /// Unix seconds at which the provider said so.
    pub since: u64,
    /// Unix seconds at which the tokens expire.
    pub until: u64,
}

impl TokenLifetime {
    /// After about 80 % of the lifetime. The key spreads the sessions, so that not all are due at once.
    fn refresh_at(self, key: &SessionKey) -> u64 {
        let [first, ..] = *key.bytes();
        let percent = 75 + u64::from(first) % 11;
        let lifetime = self.until.saturating_sub(self.since);
        let wait = lifetime.saturating_mul(percent) / 100;
        self.since.saturating_add(wait.max(AT_MOST_EVERY))
    }
}

/// When one session is due to be refreshed.
#[derive(Debug)]
pub(super) struct Schedule {
    /// Unix seconds at which it is due.
    at: AtomicU64,
    /// Unix seconds at which that was decided.
    since: AtomicU64,
    /// Failures in a row.
    failures: AtomicU32,
    /// Until when requests wait for the provider.
    waits_until: OnceLock<Instant>,
}

impl Schedule {
    pub(super) fn new(token_lifetime: Option<TokenLifetime>, key: &SessionKey) -> Self {
        let at = token_lifetime.map_or(u64::MAX, |token_lifetime| token_lifetime.refresh_at(key));
        let since = token_lifetime.map_or(0, |token_lifetime| token_lifetime.since);
        let (at, since) = (AtomicU64::new(at), AtomicU64::new(since));
        Self { at, since, failures: AtomicU32::new(0), waits_until: OnceLock::new() }
    }

    pub(super) fn is_due(&self, now: u64) -> bool {
        let [at, since] = [&self.at, &self.since].map(|time| time.load(Ordering::Relaxed));
        now >= at || now.saturating_add(CLOCK_SET_BACK) < since
    }

    /// The first request that waits sets it for all.
    pub(super) fn waits_until(&self, patience: Duration) -> Instant {
        *self.waits_until.get_or_init(|| Instant::now() + patience)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failures.load(Ordering::Relaxed) > 0
    }

    /// Postpones the refresh after a failure. Returns whether it was the first failure in a row.
    pub(super) fn put_off(&self, now: u64) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed);
        let wait = FIRST_RETRY.saturating_mul(1 << failures.min(8)).min(LAST_RETRY);
        self.arrange(now, wait);
        failures == 0
    }

    pub(super) fn look_again_soon(&self, now: u64) {
        self.arrange(now, SOON);
    }

    fn arrange(&self, now: u64, wait: u64) {
        self.at.store(now.saturating_add(wait), Ordering::Relaxed);
        self.since.store(now, Ordering::Relaxed);
    }

    /// The same schedule with the failures of an earlier one.
    pub(super) fn after(self, other: &Self) -> Self {
        self.failures.store(other.failures.load(Ordering::Relaxed), Ordering::Relaxed);
        self
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::an_hour(3600, 0, 2700)]
    #[case::an_hour_of_another_session(3600, 10, 3060)]
    #[case::less_than_a_minute(30, 0, 60)]
    #[case::nothing(0, 0, 60)]
    fn a_refresh_is_due_ahead_of_the_end(
        #[case] lifetime: u64,
        #[case] first_byte: u8,
        #[case] after: u64,
    ) {
        let mut key = [0; 32];
        key[0] = first_byte;
        let token_lifetime = TokenLifetime { since: 1000, until: 1000 + lifetime };
        let schedule = Schedule::new(Some(token_lifetime), &SessionKey::from_bytes(key));
        assert!(!schedule.is_due(1000 + after - 1) && schedule.is_due(1000 + after));
    }

    #[test]
    fn c12_a_clock_that_was_set_back_puts_no_refresh_off() {
        let token_lifetime = TokenLifetime { since: 1_000_000, until: 1_003_600 };
        let schedule = Schedule::new(Some(token_lifetime), &SessionKey::from_bytes([0; 32]));
        assert!(!schedule.is_due(1_000_000) && !schedule.is_due(999_000));
        assert!(schedule.is_due(900_000));
        schedule.put_off(900_000);
        assert!(!schedule.is_due(900_009) && schedule.is_due(900_010));
    }

    #[test]
    fn after_failures_it_is_tried_less_and_less_often() {
        let schedule = Schedule::new(None, &SessionKey::from_bytes([0; 32]));
        assert!(!schedule.is_due(u64::MAX - 1));
        for (failure, wait) in
            [10, 20, 40, 80, 160, 300, 300, 300, 300, 300].into_iter().enumerate()
        {
            assert_eq!(schedule.put_off(1000), failure == 0);
            assert!(!schedule.is_due(999 + wait) && schedule.is_due(1000 + wait), "after {wait}");
        }
    }
}

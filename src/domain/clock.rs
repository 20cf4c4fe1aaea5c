//! Time as a value that is handed in, so that expiry can be tested without waiting.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// How often whoever waits looks at the clock.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tells the time of day. Every room that decides by time is given one at construction.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        Self(Arc::new(SystemTime::now))
    }

    /// A clock that tells what `now` returns.
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// Waits until so much time has passed by this clock, or by the machine's own if that is sooner.
    ///
    /// A timer alone stands still while the machine is suspended, and knows nothing of a clock that is set:
    /// what it was to renew would be out of date long before it goes off.
    pub async fn sleep(&self, duration: Duration) {
        let (began, timer) = (self.now(), Instant::now());
        let passed = || self.now().duration_since(began).unwrap_or_default();
        while passed() < duration {
            let left = duration.saturating_sub(timer.elapsed());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK_EVERY)).await;
        }
    }

    /// Seconds since 1970-01-01 UTC; 0 for a clock that stands before it.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.unix_seconds()).finish()
    }
}

#[cfg(test)]
mod for_tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    impl Clock {
        /// A clock that stands still, and the seconds since 1970 that it tells: whoever has them moves it.
        pub(crate) fn stopped_at(seconds: u64) -> (Self, Arc<AtomicU64>) {
            let seconds = Arc::new(AtomicU64::new(seconds));
            let told = Arc::clone(&seconds);
            let now = move || UNIX_EPOCH + Duration::from_secs(told.load(Ordering::SeqCst));
            (Self::from_fn(now), seconds)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn c12_who_sleeps_wakes_when_the_clock_jumps_ahead() {
        let (clock, now) = Clock::stopped_at(1000);
        let (hour, began) = (Duration::from_secs(3600), Instant::now());
        let jump = async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            now.fetch_add(86_400, Ordering::SeqCst);
        };
        tokio::join!(clock.sleep(hour), jump);
        assert!(began.elapsed() < Duration::from_secs(8), "after {:?}", began.elapsed());
        // By now the clock stands still, and the timer goes on.
        let began = Instant::now();
        clock.sleep(hour).await;
        assert_eq!(began.elapsed(), hour);
    }
}

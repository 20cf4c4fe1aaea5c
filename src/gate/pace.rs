//! How slowly a customer may send a body or take an answer: there is a least rate, and no limit for
//! the whole. A large upload over a slow line arrives. A customer who sends or takes next to
//! nothing does not keep what others wait for. It must not know what is sent.

use std::time::Duration;

use tokio::time::Instant;

/// The time over which the rate is measured.
pub const WINDOW: Duration = Duration::from_secs(30);

/// Bytes that have to pass in a window: 8 KB a second.
pub const LEAST: u64 = 30 * 8 * 1024;

/// The pace of a body that comes in parts.
#[derive(Debug)]
pub(crate) struct Pace {
    since: Instant,
    bytes: u64,
}

impl Pace {
    /// Begins now.
    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), bytes: 0 }
    }

    /// Notes bytes that came. Returns whether the pace was kept until now.
    pub(crate) fn note(&mut self, bytes: usize) -> bool {
        let is_behind = self.is_behind();
        if self.since.elapsed() >= WINDOW {
            *self = Self::new();
        }
        self.bytes += bytes as u64;
        !is_behind
    }

    /// Leaves out a time in which nobody waited for the sender.
    pub(crate) fn excuse(&mut self, wait: Duration) {
        self.since += wait;
    }

    /// Whether too little came for too long.
    pub(crate) fn is_behind(&self) -> bool {
        self.since.elapsed() >= WINDOW && self.bytes < LEAST
    }
}

/// Parts of an answer that pingora's queue holds. When it is full, it is the customer who is waited
/// for.
const FULL: usize = 4;

/// Parts that follow each other sooner than this were there together.
const TOGETHER: Duration = Duration::from_millis(1);

/// The pace at which a customer takes an answer over HTTP/2, where one stream does not hold up the
/// connection. It is only known when pingora begins to send a part, not when the customer has it.
/// So only the time from one full queue to the next counts as the customer's; any other is JSM's.
#[derive(Debug)]
pub(crate) struct AnswerPace {
    pace: Pace,
    /// When the latest part came, and how many came together.
    latest: Instant,
    parts: usize,
    bytes: usize,
    /// The bytes of the parts before those, if they filled the queue.
    before: Option<usize>,
}

impl AnswerPace {
    /// Begins now.
    pub(crate) fn new() -> Self {
        let (pace, latest) = (Pace::new(), Instant::now());
        Self { pace, latest, parts: 0, bytes: 0, before: None }
    }

    /// Notes a part that is about to be sent. Returns whether the earlier ones were taken fast
    /// enough.
    pub(crate) fn note(&mut self, bytes: usize) -> bool {
        if self.latest.elapsed() > TOGETHER {
            self.before = (self.parts >= FULL).then_some(self.bytes);
            (self.parts, self.bytes) = (0, 0);
            if self.before.is_none() {
                self.pace = Pace::new();
            }
        }
        self.latest = Instant::now();
        self.parts += 1;
        self.bytes += bytes;
        // Looked at once, when the queue is known to be full again.
        if self.parts != FULL {
            return true;
        }
        self.before.take().is_none_or(|taken| self.pace.note(taken))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    /// Whether a body of so many bytes every so often goes on for minutes.
    async fn goes_on(bytes: usize, every: Duration) -> bool {
        let mut pace = Pace::new();
        for _ in 0..200 {
            advance(every).await;
            if !pace.note(bytes) {
                return false;
            }
        }
        true
    }

    #[tokio::test(start_paused = true)]
    async fn g7_a_body_has_a_least_rate_and_no_end() {
        assert!(!goes_on(1, Duration::from_secs(12)).await);
        assert!(!goes_on(7 * 1024, Duration::from_secs(1)).await);
        assert!(goes_on(9 * 1024, Duration::from_secs(1)).await);
        // In bursts, too.
        assert!(goes_on(270 * 1024, Duration::from_secs(29)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn g7_who_is_made_to_wait_is_not_slow() {
        let mut pace = Pace::new();
        for _ in 0..10 {
            advance(WINDOW * 2).await;
            pace.excuse(WINDOW * 2);
            assert!(pace.note(1024));
        }
        advance(WINDOW).await;
        assert!(!pace.note(1024));
    }

    /// Parts of 8 KB that come together, every so often.
    async fn is_taken(parts: usize, every: Duration) -> bool {
        let mut pace = AnswerPace::new();
        for _ in 0..50 {
            advance(every).await;
            for _ in 0..parts {
                if !pace.note(8 * 1024) {
                    return false;
                }
            }
        }
        true
    }

    #[tokio::test(start_paused = true)]
    async fn g7_who_takes_drop_by_drop_is_too_slow_and_who_waits_for_jsm_is_not() {
        assert!(!is_taken(FULL, Duration::from_secs(20)).await);
        assert!(is_taken(FULL, Duration::from_secs(2)).await);
        assert!(is_taken(FULL - 1, Duration::from_secs(20)).await, "JSM was slow");
    }
}

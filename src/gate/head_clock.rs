//! How long a connection may go on without saying what it wants: the clock of one connection, which
//! stands still while a request is under way. It must not know what is said.
//!
//! pingora has a limit for one read, so that a byte a minute keeps a connection for ever (#447).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pingora::proxy::Session;

/// One connection's clock, shared between its socket and its requests.
#[derive(Debug)]
pub struct HeadClock {
    accepted: Instant,
    /// How long a head may take once it has begun.
    for_a_head: Duration,
    /// How long nothing may be said between requests.
    for_a_word: Duration,
    /// Requests under way; several over HTTP/2.
    under_way: AtomicUsize,
    /// Requests so far.
    begun: AtomicUsize,
    /// Milliseconds after `accepted` by which the next head has to have begun.
    due: AtomicU64,
}

impl HeadClock {
    /// The clock of a connection that was just accepted: TLS and the first head have to be done as
    /// soon as any head.
    #[must_use]
    pub fn new(for_a_head: Duration, for_a_word: Duration) -> Arc<Self> {
        Arc::new(Self {
            accepted: Instant::now(),
            for_a_head,
            for_a_word,
            under_way: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
            due: AtomicU64::new(0),
        })
    }

    /// How many requests have begun, for whoever is to say later whether anything was heard since.
    #[must_use]
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Acquire)
    }

    /// Whether a request is under way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.under_way.load(Ordering::Acquire) > 0
    }

    /// By when the next head has to be there, when something was last heard after `heard` requests
    /// had begun; `None` while a request is under way.
    #[must_use]
    pub fn due(&self, heard: usize) -> Option<Instant> {
        if self.is_under_way() {
            return None;
        }
        let due = self.accepted + Duration::from_millis(self.due.load(Ordering::Acquire));
        let has_begun = heard == self.begun();
        Some(if has_begun { due + self.for_a_head } else { due })
    }
}

/// A request under way; the connection's clock stands still until it is dropped.
pub(crate) struct UnderWay(Arc<HeadClock>);

impl UnderWay {
    /// Notes that the head of a request is complete. `None` without a socket that has a clock.
    pub(crate) fn begin(session: &Session) -> Option<Self> {
        let data = session.digest()?.proxy_digest.as_ref()?.user_data.as_ref()?;
        let clock = Arc::clone(data.downcast_ref::<Arc<HeadClock>>()?);
        clock.begun.fetch_add(1, Ordering::AcqRel);
        clock.under_way.fetch_add(1, Ordering::AcqRel);
        Some(Self(clock))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let clock = &self.0;
        let due = clock.accepted.elapsed() + clock.for_a_word;
        let due = u64::try_from(due.as_millis()).unwrap_or(u64::MAX);
        clock.due.store(due, Ordering::Release);
        clock.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

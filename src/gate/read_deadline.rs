//! The read deadline of one connection: how long it may take until the next request's head is
//! there. It stands still while a request is under way. It must not know what is read.
//!
//! pingora only limits the time of a single read, so a byte a minute would keep a connection for
//! ever (#447).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pingora::proxy::Session;

/// One connection's deadline, shared between its socket and its requests.
#[derive(Debug)]
pub struct ReadDeadline {
    accepted: Instant,
    /// How long a head may take once it has begun.
    header_timeout: Duration,
    /// How long nothing may be said between requests.
    keep_alive: Duration,
    /// Requests under way; several over HTTP/2.
    under_way: AtomicUsize,
    /// Requests so far.
    begun: AtomicUsize,
    /// When the next head has to have begun, in milliseconds after `accepted`.
    due: AtomicU64,
}

impl ReadDeadline {
    /// The deadline of a connection that was just accepted. TLS and the first head together may
    /// take as long as any head.
    #[must_use]
    pub fn new(header_timeout: Duration, keep_alive: Duration) -> Arc<Self> {
        Arc::new(Self {
            accepted: Instant::now(),
            header_timeout,
            keep_alive,
            under_way: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
            due: AtomicU64::new(0),
        })
    }

    /// How many requests have begun. The connection keeps the number at each read, for
    /// [`Self::due`].
    #[must_use]
    pub fn begun(&self) -> usize {
        self.begun.load(Ordering::Acquire)
    }

    /// Whether a request is under way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.under_way.load(Ordering::Acquire) > 0
    }

    /// When the next head has to be there; `None` while a request is under way. `heard` is how many
    /// requests had begun when something was last read.
    #[must_use]
    pub fn due(&self, heard: usize) -> Option<Instant> {
        if self.is_under_way() {
            return None;
        }
        let due = self.accepted + Duration::from_millis(self.due.load(Ordering::Acquire));
        let has_begun = heard == self.begun();
        Some(if has_begun { due + self.header_timeout } else { due })
    }
}

/// A request under way. The deadline stands still until this is dropped.
pub(crate) struct UnderWay(Arc<ReadDeadline>);

impl UnderWay {
    /// Notes that the head of a request is complete. `None` for a socket without a deadline.
    pub(crate) fn begin(session: &Session) -> Option<Self> {
        let data = session.digest()?.proxy_digest.as_ref()?.user_data.as_ref()?;
        let deadline = Arc::clone(data.downcast_ref::<Arc<ReadDeadline>>()?);
        deadline.begun.fetch_add(1, Ordering::AcqRel);
        deadline.under_way.fetch_add(1, Ordering::AcqRel);
        Some(Self(deadline))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let deadline = &self.0;
        let due = deadline.accepted.elapsed() + deadline.keep_alive;
        let due = u64::try_from(due.as_millis()).unwrap_or(u64::MAX);
        deadline.due.store(due, Ordering::Release);
        deadline.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

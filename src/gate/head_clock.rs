//! How long a connection may still take to say what it wants: set by the request path, which knows
//! when a request is under way, and kept by the socket, which knows when nothing comes.
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
    /// Requests under way; several over HTTP/2.
    requests: AtomicUsize,
    /// Milliseconds after `accepted` by which the next head has to be there.
    due: AtomicU64,
}

impl HeadClock {
    /// The clock of a connection that was just accepted: TLS and the first head have to be done
    /// within `patience`.
    #[must_use]
    pub fn new(patience: Duration) -> Arc<Self> {
        let accepted = Instant::now();
        let due = AtomicU64::new(milliseconds(patience));
        Arc::new(Self { accepted, requests: AtomicUsize::new(0), due })
    }

    /// When the next head has to be there; `None` while a request is under way.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        let idle = self.requests.load(Ordering::Acquire) == 0;
        idle.then(|| self.accepted + Duration::from_millis(self.due.load(Ordering::Acquire)))
    }
}

/// A request under way; the connection's clock stands still until it is dropped.
pub(crate) struct UnderWay {
    clock: Arc<HeadClock>,
    /// How long the next head may take after this request.
    patience: Duration,
}

impl UnderWay {
    /// Notes that the head of a request is complete. `None` without a socket that has a clock.
    pub(crate) fn begin(session: &Session, patience: Duration) -> Option<Self> {
        let data = session.digest()?.proxy_digest.as_ref()?.user_data.as_ref()?;
        let clock = Arc::clone(data.downcast_ref::<Arc<HeadClock>>()?);
        clock.requests.fetch_add(1, Ordering::AcqRel);
        Some(Self { clock, patience })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let due = milliseconds(self.clock.accepted.elapsed() + self.patience);
        self.clock.due.store(due, Ordering::Release);
        self.clock.requests.fetch_sub(1, Ordering::AcqRel);
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

//! Refreshes under way: one of a session, so many of a provider, and how long anybody waits for them.
//! Outlives a reload. Knows nothing of what a refresh does.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, Shared, join_all};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout_at;

use super::{Session, SessionKey};
use crate::domain::ProviderId;

/// A provider bears so many questions at once, and a restart brings many.
const AT_ONCE: usize = 32;

/// How long a request waits for a provider.
const REQUEST_WAIT_TIMEOUT: Duration = Duration::from_secs(3);

/// Nobody waits for a provider for so long after somebody waited in vain, in seconds.
const SLOW_FOR: u64 = 30;

/// A provider is left alone for so long after it did not answer, in seconds: whoever is next in its
/// line would only find out the same.
const SILENT_FOR: u64 = 10;

/// A refresh under way, for those who want to wait for its end.
pub(super) type RefreshTask = Shared<BoxFuture<'static, ()>>;

/// All refreshes under way.
#[derive(Debug, Default)]
pub struct RefreshTasks {
    under_way: Mutex<HashMap<SessionKey, RefreshTask>>,
    limiters: Mutex<HashMap<ProviderId, Arc<ProviderLimiter>>>,
    stopping: AtomicBool,
}

/// Those who want to ask one provider. One that hangs holds up no other's.
#[derive(Debug)]
pub(super) struct ProviderLimiter {
    permits: Semaphore,
    /// Unix seconds of when somebody waited in vain.
    slow_at: AtomicU64,
    /// Unix seconds of when it did not answer.
    silent_at: AtomicU64,
}

impl RefreshTasks {
    /// The refresh of a session that is under way, or else one that begins now.
    pub(super) fn join(&self, key: SessionKey, begin: impl FnOnce() -> RefreshTask) -> RefreshTask {
        self.under_way.lock().entry(key).or_insert_with(begin).clone()
    }

    pub(super) fn remove(&self, key: &SessionKey) {
        self.under_way.lock().remove(key);
    }

    pub(super) fn limiter(&self, provider: &ProviderId) -> Arc<ProviderLimiter> {
        let mut limiters = self.limiters.lock();
        let limiter =
            limiters.entry(provider.clone()).or_insert_with(|| Arc::new(ProviderLimiter::new()));
        if self.stopping.load(Ordering::SeqCst) {
            limiter.permits.close();
        }
        Arc::clone(limiter)
    }

    /// Waits for the end of those that ask a provider by now: it may have used up the old tokens, and the
    /// new ones are to be kept. Nobody else asks any more.
    pub async fn finish(&self) {
        self.stopping.store(true, Ordering::SeqCst);
        for limiter in self.limiters.lock().values() {
            limiter.permits.close();
        }
        let under_way: Vec<_> = self.under_way.lock().values().cloned().collect();
        join_all(under_way).await;
    }
}

impl ProviderLimiter {
    fn new() -> Self {
        let (slow_at, silent_at) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { permits: Semaphore::new(AT_ONCE), slow_at, silent_at }
    }

    /// Waits for its turn; nothing while the gate stops.
    pub(super) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    pub(super) fn is_unresponsive(&self, now: u64) -> bool {
        now.abs_diff(self.silent_at.load(Ordering::Relaxed)) < SILENT_FOR
    }

    /// The provider did not answer.
    pub(super) fn record_no_answer(&self, now: u64) {
        self.silent_at.store(now, Ordering::Relaxed);
        self.slow_at.store(now, Ordering::Relaxed);
    }

    pub(super) fn record_answer(&self) {
        self.slow_at.store(0, Ordering::Relaxed);
    }

    /// Waits for the refresh of a session, and tells whether it ended. All requests of a session wait for
    /// it until the same moment, and for a provider that just let somebody wait in vain nobody does.
    pub(super) async fn wait(&self, session: &Session, task: RefreshTask, now: u64) -> bool {
        if now.abs_diff(self.slow_at.load(Ordering::Relaxed)) < SLOW_FOR {
            return false;
        }
        let ended = timeout_at(session.waits_until(REQUEST_WAIT_TIMEOUT), task).await.is_ok();
        if !ended {
            self.slow_at.store(now, Ordering::Relaxed);
        }
        ended
    }
}

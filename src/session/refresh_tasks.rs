//! The refreshes that are running: one of each session, a bounded number at each provider, and how
//! long requests wait for them. They outlive a reload. Must not know what a refresh does.

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

/// How many refreshes may ask one provider at once. A restart brings many.
const AT_ONCE: usize = 32;

/// How long a request waits for a provider.
const REQUEST_WAIT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long no request waits for a provider after one has waited in vain, in seconds.
const SLOW_FOR: u64 = 30;

/// How long a provider is not asked after it did not answer, in seconds. The next refresh would
/// only find out the same.
const SILENT_FOR: u64 = 10;

/// A running refresh, for those who wait for its end.
pub(super) type RefreshTask = Shared<BoxFuture<'static, ()>>;

/// All running refreshes.
#[derive(Debug, Default)]
pub struct RefreshTasks {
    under_way: Mutex<HashMap<SessionKey, RefreshTask>>,
    limiters: Mutex<HashMap<ProviderId, Arc<ProviderLimiter>>>,
    stopping: AtomicBool,
}

/// Bounds the refreshes at one provider. A provider that hangs does not delay those of another.
#[derive(Debug)]
pub(super) struct ProviderLimiter {
    permits: Semaphore,
    /// Unix seconds at which a request last waited in vain.
    slow_at: AtomicU64,
    /// Unix seconds at which the provider last did not answer.
    silent_at: AtomicU64,
}

impl RefreshTasks {
    /// The running refresh of a session, or a new one.
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

    /// Waits for the refreshes that are asking a provider. They may have used up the old tokens, so
    /// the new ones must be kept. No further refresh starts.
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

    /// Waits for a permit; `None` while the gate stops.
    pub(super) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    pub(super) fn is_unresponsive(&self, now: u64) -> bool {
        now.abs_diff(self.silent_at.load(Ordering::Relaxed)) < SILENT_FOR
    }

    /// Records that the provider did not answer.
    pub(super) fn record_no_answer(&self, now: u64) {
        self.silent_at.store(now, Ordering::Relaxed);
        self.slow_at.store(now, Ordering::Relaxed);
    }

    pub(super) fn record_answer(&self) {
        self.slow_at.store(0, Ordering::Relaxed);
    }

    /// Waits for the refresh of a session, and returns whether it ended. All requests of one
    /// session stop waiting at the same moment. No request waits when one has just waited in vain.
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

//! What the requests of one thread share. No other thread writes to it: what several cores write to
//! is slow for all of them.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::App;
use crate::telemetry::{Answers, Metrics};

/// A thread's own reference to the configuration. Its requests count references to this one.
pub(crate) struct OwnApp(Arc<App>);

impl Deref for OwnApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.0
    }
}

/// One thread's share of the gate.
pub(crate) struct Worker {
    /// The configuration that the latest request saw.
    app: Mutex<Arc<OwnApp>>,
    /// Requests under way.
    in_flight: AtomicUsize,
    pub(super) answers: Arc<Answers>,
}

impl Worker {
    pub(super) fn new(app: &ArcSwap<App>, metrics: &Metrics) -> Self {
        let app = Mutex::new(Arc::new(OwnApp(app.load_full())));
        Self { app, in_flight: AtomicUsize::new(0), answers: metrics.answers() }
    }

    /// The configuration in use.
    pub(super) fn app(&self, present: &ArcSwap<App>) -> Arc<OwnApp> {
        let present = present.load();
        let mut own = self.app.lock();
        if !Arc::ptr_eq(&own.0, &present) {
            *own = Arc::new(OwnApp(Arc::clone(&present)));
        }
        Arc::clone(&own)
    }

    /// How many requests are under way.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }
}

/// A request under way, which a stop waits for.
pub(crate) struct InFlight(Arc<Worker>);

impl InFlight {
    pub(super) fn of(worker: &Arc<Worker>) -> Self {
        worker.in_flight.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(worker))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

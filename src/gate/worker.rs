//! What the requests of one thread share. No other thread writes to it, because memory that several
//! cores write to is slow for all of them. It must not know what requests ask for.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::App;
use super::load::{Load, OwnLoad};
use crate::domain::Portals;
use crate::telemetry::{Answers, Metrics};

/// A thread's own reference to what all threads share. Only its own requests count references to
/// this one.
pub(crate) struct Own<T>(Arc<T>);

/// A thread's own reference to the configuration.
pub(crate) type OwnApp = Own<App>;

impl<T> Deref for Own<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What the latest request of this thread saw.
struct Latest<T>(Mutex<Arc<Own<T>>>);

impl<T> Latest<T> {
    fn new(shared: &ArcSwap<T>) -> Self {
        Self(Mutex::new(Arc::new(Own(shared.load_full()))))
    }

    /// What is in use now.
    fn get(&self, shared: &ArcSwap<T>) -> Arc<Own<T>> {
        let present = shared.load();
        let mut own = self.0.lock();
        if !Arc::ptr_eq(&own.0, &present) {
            *own = Arc::new(Own(Arc::clone(&present)));
        }
        Arc::clone(&own)
    }
}

/// One thread's share of the gate.
pub(crate) struct Worker {
    app: Latest<App>,
    portals: Latest<Portals>,
    /// Requests under way.
    in_flight: AtomicUsize,
    /// Of these, requests of customers who are logged in.
    of_customers: AtomicUsize,
    pub(super) answers: Arc<Answers>,
    /// What the requests of all threads hold.
    pub(super) load: Arc<OwnLoad>,
}

impl Worker {
    pub(super) fn new(app: &ArcSwap<App>, metrics: &Metrics, load: &Arc<Load>) -> Self {
        Self {
            portals: Latest::new(&app.load().portals),
            app: Latest::new(app),
            in_flight: AtomicUsize::new(0),
            of_customers: AtomicUsize::new(0),
            answers: metrics.answers(),
            load: OwnLoad::of(load),
        }
    }

    /// The configuration in use.
    pub(super) fn app(&self, present: &ArcSwap<App>) -> Arc<OwnApp> {
        self.app.get(present)
    }

    /// The portals in use.
    pub(super) fn portals(&self, app: &App) -> Arc<Own<Portals>> {
        self.portals.get(&app.portals)
    }

    /// How many requests are under way.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    /// How many of them are of customers who are logged in.
    pub(super) fn of_customers(&self) -> usize {
        self.of_customers.load(Ordering::SeqCst)
    }
}

/// A request under way. A stop waits for it.
pub(crate) struct InFlight {
    worker: Arc<Worker>,
    of_a_customer: bool,
}

impl InFlight {
    pub(super) fn of(worker: &Arc<Worker>) -> Self {
        worker.in_flight.fetch_add(1, Ordering::SeqCst);
        Self { worker: Arc::clone(worker), of_a_customer: false }
    }

    /// Notes that a customer who is logged in has sent it.
    pub(super) fn is_of_a_customer(&mut self) {
        if !self.of_a_customer {
            self.of_a_customer = true;
            self.worker.of_customers.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        if self.of_a_customer {
            self.worker.of_customers.fetch_sub(1, Ordering::SeqCst);
        }
        self.worker.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

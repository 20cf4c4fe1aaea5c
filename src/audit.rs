//! The audit trail: who got in, when, and why not, one line an event. Requests do not wait for it.
//! It must not know where events come from.
//!
//! The trail fails open: a full disk must not lock every customer out. Events that could not be
//! written are counted (`jsm_gate_audit_lost`, `/readyz`), and the log says once that there are
//! some. Emergency access fails closed: see [`Audit::write`].

mod append;
mod event;
mod kind;
mod repeats;
mod rotating_file;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub use event::Event;
pub use kind::{Actor, Kind};

use self::repeats::{CustomerKey, StrangerKey};
use self::writer::{Order, Writer};
use crate::config::AuditConfig;
use crate::domain::{Clock, Tally};

/// Events that may wait to be written: those of some seconds of a login storm on a slow disk.
const WAITING: usize = 8192;

/// How many events of strangers are written in full in a minute, for each [`StrangerKey`].
const STRANGER_EVENTS: u64 = 5;

/// How many [`StrangerKey`]s are told apart in a minute.
const STRANGER_KEYS: usize = 1000;

/// How many events of one kind are written in full in a minute, for each customer. At this rate it
/// takes one customer weeks to push older events out of the file in `state_dir`.
const CUSTOMER_EVENTS: u64 = 10;

/// How many [`CustomerKey`]s are told apart in a minute.
const CUSTOMER_KEYS: usize = 10_000;

/// How long a disk may take before an event that must be written counts as lost.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// The file of the trail cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot write the audit trail to {path}: {source}; create its folder and let the gate's user \
     own it"
)]
pub struct AuditError {
    path: PathBuf,
    source: std::io::Error,
}

/// Takes events. Cheap to clone; all clones write one trail.
#[derive(Clone, Debug)]
pub struct Audit(Arc<Trail>);

#[derive(Debug)]
struct Trail {
    orders: mpsc::Sender<Order>,
    strangers: Tally<StrangerKey>,
    customers: Tally<CustomerKey>,
    state_dir: PathBuf,
    lost: Lost,
    clock: Clock,
}

impl Audit {
    /// Opens the trail and starts its writer. Unless the configuration names another place, events
    /// about people are in `state_dir/audit.log` too. `lost` counts what could not be written.
    pub fn open(
        config: &AuditConfig,
        state_dir: &Path,
        clock: Clock,
        lost: Counter,
    ) -> Result<Self, AuditError> {
        let (orders, waiting) = mpsc::channel(WAITING);
        let lost = Lost { count: lost, said: Arc::default() };
        Writer::open(config, state_dir, lost.clone())?.start(waiting);
        let strangers = Tally::new(STRANGER_EVENTS, STRANGER_KEYS, StrangerKey::of_anybody);
        let customers = Tally::new(CUSTOMER_EVENTS, CUSTOMER_KEYS, CustomerKey::of_anybody);
        let state_dir = state_dir.to_owned();
        Ok(Self(Arc::new(Trail { orders, strangers, customers, state_dir, lost, clock })))
    }

    /// Notes what a stranger did. Anybody can do that any number of times, so only the first events
    /// of a minute are written in full. [`Self::sum_up`] writes how many more there were.
    pub fn note_stranger(&self, event: Event) {
        if self.0.strangers.passes(StrangerKey::of(&event)) {
            self.note(event.of_stranger());
        }
    }

    /// Notes what a customer did by a mere request. A customer can send any number of them, so only
    /// the first events of a minute are written in full, as with strangers.
    pub fn note_customer(&self, event: Event) {
        if self.0.customers.passes(CustomerKey::of(&event)) {
            self.note(event);
        }
    }

    /// Writes how many events were left out since the last time: once a minute.
    pub fn sum_up(&self) {
        for (key, more) in self.0.strangers.take() {
            self.note(key.summed_up(more).of_stranger());
        }
        for (key, more) in self.0.customers.take() {
            self.note(key.summed_up(more));
        }
    }

    /// Notes an event and does not wait: with more events than the disk takes, the newest are lost.
    pub fn note(&self, event: Event) {
        let order = Order::Event(event.at(self.0.clock.now()));
        if self.0.orders.try_send(order).is_err() {
            self.0.lost.one("too many events are waiting to be written");
        }
    }

    /// Writes an event and returns whether it was written. For what must not happen unless it is on
    /// record.
    pub async fn write(&self, event: Event) -> bool {
        let (done, written) = oneshot::channel();
        let order = Order::Surely(event.at(self.0.clock.now()), done);
        let sent = timeout(WRITE_TIMEOUT, self.0.orders.send(order)).await;
        matches!(sent, Ok(Ok(()))) && matches!(timeout(WRITE_TIMEOUT, written).await, Ok(Ok(true)))
    }

    /// Opens the file again by its name: it may have been rotated away, or the configuration may
    /// name another one. On an error the trail goes on in the file that is open.
    pub async fn reopen(&self, config: &AuditConfig) -> Result<(), AuditError> {
        let writer = Writer::open(config, &self.0.state_dir, self.0.lost.clone())?;
        drop(self.0.orders.send(Order::Reopen(writer)).await);
        Ok(())
    }

    /// Sums up, and waits until everything noted so far is written, but not for ever.
    pub async fn flush(&self) {
        self.sum_up();
        let (done, flushed) = oneshot::channel();
        drop(timeout(WRITE_TIMEOUT, self.0.orders.send(Order::Flush(done))).await);
        drop(timeout(WRITE_TIMEOUT, flushed).await);
    }

    /// How many events could not be written since the start.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.0.lost.count.get()
    }
}

/// Counts lost events. The log says so at the first, and again when writing works.
#[derive(Clone, Debug)]
struct Lost {
    count: Counter,
    said: Arc<AtomicBool>,
}

impl Lost {
    fn one(&self, reason: &str) {
        self.count.inc();
        if !self.said.swap(true, Ordering::Relaxed) {
            tracing::error!(
                reason,
                "events of the audit trail cannot be written; customers are served on"
            );
        }
    }

    fn over(&self) {
        if self.said.swap(false, Ordering::Relaxed) {
            tracing::warn!(lost = self.count.get(), "the audit trail is written again");
        }
    }
}

#[cfg(test)]
mod tests;

//! The audit trail: who got in, when, and why not, one line an event, off the way of requests.
//! Knows what an event is and how it is kept, not where events come from.
//!
//! The trail fails open: a full disk must not lock every customer out. What could not be written is
//! counted (`jsm_gate_audit_lost`, `/readyz`) and said once in the log. Emergency access fails
//! closed: see [`Audit::write`].

mod append;
mod event;
mod rotating_file;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub use event::{Actor, Event, Kind};

use self::event::StrangerKey;
use self::writer::{Order, Writer};
use crate::config::AuditConfig;
use crate::domain::{Clock, Tally};

/// Events that may wait to be written: some seconds of a login storm on a slow disk.
const WAITING: usize = 8192;

/// How many events of strangers are written in full in a minute, for each [`StrangerKey`].
const STRANGER_EVENTS: u64 = 5;

/// How many [`StrangerKey`]s are told apart in a minute.
const STRANGER_KEYS: usize = 1000;

/// How long a disk may take before an event that must be written counts as lost.
const PATIENCE: Duration = Duration::from_secs(5);

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
        let state_dir = state_dir.to_owned();
        Ok(Self(Arc::new(Trail { orders, strangers, state_dir, lost, clock })))
    }

    /// Notes what a stranger did. Anybody can do that any number of times, so only the first events
    /// of a minute are written in full. [`Self::sum_up`] writes how many more there were.
    pub fn note_stranger(&self, event: Event) {
        if self.0.strangers.passes(event.stranger_key()) {
            self.note(event.of_stranger());
        }
    }

    /// Writes how many events of strangers were left out since the last time: once a minute.
    pub fn sum_up(&self) {
        for (key, more) in self.0.strangers.take() {
            self.note(key.summed_up(more).of_stranger());
        }
    }

    /// Notes an event and does not wait: with more events than the disk takes, the newest are lost.
    pub fn note(&self, event: Event) {
        let order = Order::Event(event.at(self.0.clock.now()));
        if self.0.orders.try_send(order).is_err() {
            self.0.lost.one("too many events are waiting to be written");
        }
    }

    /// Writes an event and tells whether it has been written, for what must not happen untold.
    pub async fn write(&self, event: Event) -> bool {
        let (done, written) = oneshot::channel();
        let order = Order::Surely(event.at(self.0.clock.now()), done);
        let sent = timeout(PATIENCE, self.0.orders.send(order)).await;
        matches!(sent, Ok(Ok(()))) && matches!(timeout(PATIENCE, written).await, Ok(Ok(true)))
    }

    /// Opens the file anew, by its name: it may have been rotated away, or be another one now. On an
    /// error the trail goes on where it was.
    pub async fn reopen(&self, config: &AuditConfig) -> Result<(), AuditError> {
        let writer = Writer::open(config, &self.0.state_dir, self.0.lost.clone())?;
        drop(self.0.orders.send(Order::Reopen(writer)).await);
        Ok(())
    }

    /// Sums up, and waits until everything noted so far is written, but not for ever.
    pub async fn flush(&self) {
        self.sum_up();
        let (done, flushed) = oneshot::channel();
        drop(timeout(PATIENCE, self.0.orders.send(Order::Flush(done))).await);
        drop(timeout(PATIENCE, flushed).await);
    }

    /// How many events could not be written since the start.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.0.lost.count.get()
    }
}

/// Counts lost events and says so once, until writing works again.
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

//! Leases within one process: only the holder of a lease refreshes its session. Must not know
//! refreshes.

use std::collections::HashMap;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::session::SessionKey;

/// Distinguishes one holder of a lease from the next.
pub(super) type Holder = [u8; 16];

/// The leases of a store that no other process uses.
#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<HashMap<SessionKey, (Holder, Instant)>>);

impl Leases {
    /// Takes a lease. Returns whether it was free.
    pub(super) fn take(&self, key: SessionKey, holder: Holder, length: Duration) -> bool {
        let (mut leases, now) = (self.0.lock(), Instant::now());
        let free = leases.get(&key).is_none_or(|(_, until)| *until <= now);
        if free {
            leases.insert(key, (holder, now + length));
        }
        free
    }

    /// Gives a lease back. Returns whether it was still held.
    pub(super) fn release(&self, key: &SessionKey, holder: &Holder) -> bool {
        let mut leases = self.0.lock();
        let held = leases.get(key).is_some_and(|(present, _)| present == holder);
        if held {
            leases.remove(key);
        }
        held
    }
}

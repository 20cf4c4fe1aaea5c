//! Whether a node is well: up until it failed twice in a row, down until it answered twice in a row.
//! Knows nothing of how that is found out.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Once may be an accident.
const IN_A_ROW: u32 = 2;

/// What is known of one node.
#[derive(Debug)]
pub(super) struct Health {
    up: AtomicBool,
    /// How often in a row it was otherwise than `up` says.
    otherwise: AtomicU32,
}

impl Default for Health {
    fn default() -> Self {
        Self { up: AtomicBool::new(true), otherwise: AtomicU32::new(0) }
    }
}

impl Health {
    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// Notes whether it answered; `Some` with the new state when that changes it.
    pub(super) fn note(&self, answered: bool) -> Option<bool> {
        if answered == self.is_up() {
            self.otherwise.store(0, Ordering::Relaxed);
            return None;
        }
        if self.otherwise.fetch_add(1, Ordering::Relaxed) + 1 < IN_A_ROW {
            return None;
        }
        self.otherwise.store(0, Ordering::Relaxed);
        self.up.store(answered, Ordering::Relaxed);
        Some(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_changes_when_it_was_otherwise_twice_in_a_row() {
        let health = Health::default();
        let noted = [false, true, false, false, true, false, true, true];
        let changes = noted.map(|answered| health.note(answered));
        let expected = [None, None, None, Some(false), None, None, None, Some(true)];
        assert_eq!(changes, expected);
    }
}

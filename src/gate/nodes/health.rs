//! Whether a node is healthy: it is up until it fails twice in a row, and down until it answers
//! twice in a row. It must not know how nodes are checked.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// How many results in a row change the state. One alone may be an accident.
const IN_A_ROW: u32 = 2;

/// What is known of one node.
#[derive(Debug)]
pub(super) struct Health {
    up: AtomicBool,
    /// How many results in a row contradicted `up`.
    contradictions: AtomicU32,
}

impl Default for Health {
    fn default() -> Self {
        Self { up: AtomicBool::new(true), contradictions: AtomicU32::new(0) }
    }
}

impl Health {
    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// Records whether the node answered. Returns the new state when this changes it.
    pub(super) fn record(&self, answered: bool) -> Option<bool> {
        if answered == self.is_up() {
            self.contradictions.store(0, Ordering::Relaxed);
            return None;
        }
        if self.contradictions.fetch_add(1, Ordering::Relaxed) + 1 < IN_A_ROW {
            return None;
        }
        self.contradictions.store(0, Ordering::Relaxed);
        self.up.store(answered, Ordering::Relaxed);
        Some(answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_results_in_a_row_change_the_state() {
        let health = Health::default();
        let noted = [false, true, false, false, true, false, true, true];
        let changes = noted.map(|answered| health.record(answered));
        let expected = [None, None, None, Some(false), None, None, None, Some(true)];
        assert_eq!(changes, expected);
    }
}

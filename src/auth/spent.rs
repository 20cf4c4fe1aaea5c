//! States whose answer was accepted: each redeems one code, however often a browser sends its
//! cookie. Must not know logins.
//!
//! Each gate remembers its own. Behind an address with several gates a state can be used once at
//! each. A code is good for one use nevertheless, because the provider enforces that (RFC 6749
//! section 4.1.2).

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::marks::{Mark, Marks};

/// The greatest number that is remembered, about 10 MB. Logins are limited by address, so it takes
/// thousands of addresses to have one forgotten early, and that gains one more call to the
/// provider.
const MOST: usize = 100_000;

/// The states that were used.
#[derive(Debug)]
pub(super) struct SpentStates(Mutex<Marks>);

impl Default for SpentStates {
    fn default() -> Self {
        Self(Mutex::new(Marks::at_most(MOST)))
    }
}

impl SpentStates {
    /// Uses a state that expires at `until`. Returns false when it was used before.
    pub(super) fn spend(&self, state: &str, now: u64, until: u64) -> bool {
        let (mut spent, mark) = (self.0.lock(), mark(state));
        !spent.has(&mark, now) && spent.add(mark, until)
    }

    /// Lets a state be used again: nobody received its answer.
    pub(super) fn give_back(&self, state: &str) {
        self.0.lock().remove(&mark(state));
    }
}

fn mark(state: &str) -> Mark {
    Sha256::digest(state.as_bytes()).into()
}

//! States whose answer has been taken: each redeems one code, however often a browser sends its cookie.
//!
//! One gate remembers its own. Behind an address with several gates one state can be spent once at each
//! of them; a code is good once all the same, because the provider holds to that (RFC 6749, 4.1.2).

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::marks::{Mark, Marks};

/// At most so many are remembered, about 10 MB. Logins are limited by address, so it takes thousands of
/// addresses to have one forgotten before its time; what that gives is one more call to the provider.
const MOST: usize = 100_000;

/// What has been spent.
#[derive(Debug)]
pub(super) struct SpentStates(Mutex<Marks>);

impl Default for SpentStates {
    fn default() -> Self {
        Self(Mutex::new(Marks::at_most(MOST)))
    }
}

impl SpentStates {
    /// Spends a state that could be answered until `until`; false when it was spent before.
    pub(super) fn spend(&self, state: &str, now: u64, until: u64) -> bool {
        let (mut spent, mark) = (self.0.lock(), mark(state));
        !spent.has(&mark, now) && spent.add(mark, until)
    }

    /// Lets a state count again: its answer reached nobody.
    pub(super) fn give_back(&self, state: &str) {
        self.0.lock().remove(&mark(state));
    }
}

fn mark(state: &str) -> Mark {
    Sha256::digest(state.as_bytes()).into()
}

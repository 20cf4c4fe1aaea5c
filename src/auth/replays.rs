//! Logout tokens that were carried out, by their `jti`. The set is bounded. Must not know what a
//! token means.

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::marks::{Mark, Marks};
use crate::domain::ProviderId;

/// The greatest number that is remembered. Only providers cause entries, and carrying a token out
/// twice only ends again what has ended.
const MOST: usize = 10_000;

/// The tokens that were carried out.
#[derive(Debug)]
pub(super) struct Replays(Mutex<Marks>);

impl Default for Replays {
    fn default() -> Self {
        Self(Mutex::new(Marks::at_most(MOST)))
    }
}

impl Replays {
    /// Whether a provider's token was carried out before.
    pub(super) fn has(&self, provider: &ProviderId, id: &str, now: u64) -> bool {
        self.0.lock().has(&mark(provider, id), now)
    }

    /// Remembers a token until it expires.
    pub(super) fn remember(&self, provider: &ProviderId, id: &str, until: u64) {
        self.0.lock().add(mark(provider, id), until);
    }
}

/// A hash, so that every entry has the same length.
fn mark(provider: &ProviderId, id: &str) -> Mark {
    Sha256::new()
        .chain_update(provider.as_str())
        .chain_update([0])
        .chain_update(id)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_again_until_its_time_is_over() {
        let (seen, okta) = (Replays::default(), ProviderId::parse("okta").unwrap());
        assert!(!seen.has(&okta, "a", 100));
        seen.remember(&okta, "a", 200);
        assert!(seen.has(&okta, "a", 200) && !seen.has(&okta, "b", 200));
        assert!(!seen.has(&ProviderId::parse("other").unwrap(), "a", 200));
        assert!(!seen.has(&okta, "a", 201));
    }
}

//! Logout tokens that were followed before, by their `jti`. Bounded; knows nothing else of them.

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::marks::{Mark, Marks};
use crate::domain::ProviderId;

/// At most so many are remembered. They come from providers alone, and to follow one twice does no
/// more than to end again what has ended.
const MOST: usize = 10_000;

/// What has been seen.
#[derive(Debug)]
pub(super) struct Replays(Mutex<Marks>);

impl Default for Replays {
    fn default() -> Self {
        Self(Mutex::new(Marks::at_most(MOST)))
    }
}

impl Replays {
    /// Whether a provider's token was seen before.
    pub(super) fn has(&self, provider: &ProviderId, id: &str, now: u64) -> bool {
        self.0.lock().has(&mark(provider, id), now)
    }

    /// Remembers one for so long.
    pub(super) fn remember(&self, provider: &ProviderId, id: &str, until: u64) {
        self.0.lock().add(mark(provider, id), until);
    }
}

/// Of one length, however long what the provider sends.
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

//! Logout tokens that were followed before, by their `jti`. Bounded; knows nothing else of them.

use std::collections::{HashSet, VecDeque};

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::domain::ProviderId;

/// At most so many are remembered. They come from providers alone, and to follow one twice does no
/// more than to end again what has ended.
const MOST: usize = 10_000;

type Mark = [u8; 32];

/// What has been seen.
#[derive(Debug, Default)]
pub(super) struct Replays(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    marks: HashSet<Mark>,
    /// In the order in which they may be forgotten.
    until: VecDeque<(u64, Mark)>,
}

impl Replays {
    /// Whether a provider's token was seen before.
    pub(super) fn has(&self, provider: &ProviderId, id: &str, now: u64) -> bool {
        let mut seen = self.0.lock();
        seen.forget(now, MOST);
        seen.marks.contains(&mark(provider, id))
    }

    /// Remembers one for so long.
    pub(super) fn remember(&self, provider: &ProviderId, id: &str, until: u64) {
        let (mut seen, mark) = (self.0.lock(), mark(provider, id));
        if seen.marks.insert(mark) {
            seen.until.push_back((until, mark));
        }
        seen.forget(0, MOST);
    }
}

impl Seen {
    fn forget(&mut self, now: u64, most: usize) {
        while let Some((until, mark)) = self.until.front()
            && (*until < now || self.until.len() > most)
        {
            self.marks.remove(mark);
            self.until.pop_front();
        }
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

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten_first() {
        let (seen, okta) = (Replays::default(), ProviderId::parse("okta").unwrap());
        for id in 0..=MOST {
            seen.remember(&okta, &id.to_string(), 200);
        }
        assert!(!seen.has(&okta, "0", 100) && seen.has(&okta, "1", 100));
        assert_eq!(seen.0.lock().marks.len(), MOST);
    }
}

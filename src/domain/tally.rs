//! Counts by key what anybody can cause any number of times: the first few of a key pass, and the
//! rest is summed up. Its memory is bounded. Knows nothing of what is counted.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use parking_lot::Mutex;

/// Counts until it is asked for the sums.
pub struct Tally<K> {
    limit: u64,
    max_keys: usize,
    merge: fn(K) -> K,
    counts: Mutex<HashMap<K, u64>>,
}

impl<K: Clone + Eq + Hash> Tally<K> {
    /// Lets the first `limit` of each key pass. Once there are `max_keys`, a new key counts as what
    /// `merge` makes of it, which must have few values.
    #[must_use]
    pub fn new(limit: u64, max_keys: usize, merge: fn(K) -> K) -> Self {
        Self { limit, max_keys, merge, counts: Mutex::default() }
    }

    /// Counts one, and tells whether it passes.
    pub fn passes(&self, key: K) -> bool {
        let mut counts = self.counts.lock();
        let is_full = counts.len() >= self.max_keys && !counts.contains_key(&key);
        let key = if is_full { (self.merge)(key) } else { key };
        let count = counts.entry(key).or_default();
        *count += 1;
        *count <= self.limit
    }

    /// Tells how many of each key did not pass, and begins anew.
    pub fn take(&self) -> Vec<(K, u64)> {
        let counts = std::mem::take(&mut *self.counts.lock());
        let rest = counts.into_iter().map(|(key, count)| (key, count.saturating_sub(self.limit)));
        rest.filter(|(_, more)| *more > 0).collect()
    }
}

impl<K> fmt::Debug for Tally<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tally").field("keys", &self.counts.lock().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_pass_and_the_rest_is_summed_up() {
        let tally = Tally::new(2, 3, |_| "others");
        assert_eq!([(); 5].map(|()| tally.passes("a")), [true, true, false, false, false]);
        assert!(tally.passes("b"));
        assert_eq!(tally.take(), [("a", 3)]);
        assert!(tally.passes("a"), "a new minute");
    }

    #[test]
    fn beyond_so_many_keys_all_others_are_one() {
        let tally = Tally::new(1, 2, |_| 0);
        let passed = (1..=100).filter(|key| tally.passes(*key)).count();
        assert_eq!((passed, tally.take()), (3, vec![(0, 97)]));
    }
}

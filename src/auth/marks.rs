//! Marks that count once until they expire. The set is bounded: the oldest goes first. Must not
//! know what is marked.

use std::collections::{HashSet, VecDeque};

/// A hash, so that every entry has the same length, whatever was sent.
pub(super) type Mark = [u8; 32];

/// A set of marks, each with the time (Unix seconds) at which it expires.
#[derive(Debug)]
pub(super) struct Marks {
    set: HashSet<Mark>,
    /// The marks in the order in which they expire.
    until: VecDeque<(u64, Mark)>,
    most: usize,
}

impl Marks {
    /// An empty set that never holds more than `most`.
    pub(super) fn at_most(most: usize) -> Self {
        Self { set: HashSet::new(), until: VecDeque::new(), most }
    }

    /// Whether a mark is there at `now`.
    pub(super) fn has(&mut self, mark: &Mark, now: u64) -> bool {
        self.forget(now);
        self.set.contains(mark)
    }

    /// Adds a mark. Returns false when it was there already.
    pub(super) fn add(&mut self, mark: Mark, until: u64) -> bool {
        let is_new = self.set.insert(mark);
        if is_new {
            self.until.push_back((until, mark));
        }
        self.forget(0);
        is_new
    }

    /// Removes a mark before it expires.
    pub(super) fn remove(&mut self, mark: &Mark) {
        if self.set.remove(mark) {
            self.until.retain(|(_, kept)| kept != mark);
        }
    }

    fn forget(&mut self, now: u64) {
        while let Some((until, mark)) = self.until.front()
            && (*until < now || self.until.len() > self.most)
        {
            self.set.remove(mark);
            self.until.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: u8) -> Mark {
        [number; 32]
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_is_forgotten_first() {
        let mut marks = Marks::at_most(3);
        for number in 0..4 {
            assert!(marks.add(mark(number), 200));
        }
        assert!(!marks.has(&mark(0), 100) && marks.has(&mark(1), 100));
        assert_eq!((marks.set.len(), marks.until.len()), (3, 3));
    }

    #[test]
    fn a_mark_that_was_taken_away_can_be_added_again_and_leaves_nothing_behind() {
        let mut marks = Marks::at_most(3);
        assert!(marks.add(mark(1), 200) && !marks.add(mark(1), 200));
        marks.remove(&mark(1));
        assert!(!marks.has(&mark(1), 100) && marks.until.is_empty());
        assert!(marks.add(mark(1), 200));
    }
}

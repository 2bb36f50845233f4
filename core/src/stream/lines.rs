//! What is handled one after the other: a line for each key, kept only while somebody stands in it.

use std::collections::VecDeque;
use std::collections::hash_map::Entry;

use nohash_hasher::IntMap;

/// Lines of things that wait for the one before them.
pub(crate) struct Lines<T> {
    /// Who waits behind the one that is served. An empty line is served, too. Its key is a hash already.
    lines: IntMap<u64, VecDeque<T>>,
}

impl<T> Lines<T> {
    pub(crate) fn new() -> Self {
        Self { lines: IntMap::default() }
    }

    /// How many stand in this line, the one that is served included.
    pub(crate) fn len(&self, key: u64) -> usize {
        self.lines.get(&key).map_or(0, |line| line.len() + 1)
    }

    /// Takes a place; given back where it is served at once.
    pub(crate) fn enter(&mut self, key: u64, one: T) -> Option<T> {
        match self.lines.entry(key) {
            Entry::Occupied(mut line) => {
                line.get_mut().push_back(one);
                None
            }
            Entry::Vacant(free) => {
                free.insert(VecDeque::new());
                Some(one)
            }
        }
    }

    /// The one that was served is done: who is next.
    pub(crate) fn leave(&mut self, key: u64) -> Option<T> {
        let next = self.lines.get_mut(&key).and_then(VecDeque::pop_front);
        if next.is_none() {
            self.lines.remove(&key);
        }
        next
    }

    /// Sends everybody away who waits.
    pub(crate) fn clear_waiting(&mut self) -> Vec<T> {
        self.lines.values_mut().flat_map(std::mem::take).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_served_in_its_order() {
        let mut lines = Lines::new();
        assert_eq!(lines.enter(1, 'a'), Some('a'));
        assert_eq!((lines.enter(1, 'b'), lines.enter(1, 'c')), (None, None));
        assert_eq!(lines.len(1), 3);
        assert_eq!((lines.leave(1), lines.leave(1), lines.leave(1)), (Some('b'), Some('c'), None));
        assert_eq!(lines.enter(1, 'd'), Some('d'));
    }

    #[test]
    fn other_lines_do_not_wait() {
        let mut lines = Lines::new();
        assert_eq!(lines.enter(1, 'a'), Some('a'));
        assert_eq!(lines.enter(2, 'b'), Some('b'));
    }

    #[test]
    fn a_line_without_anybody_costs_nothing() {
        let mut lines = Lines::new();
        for key in 0..1000 {
            lines.enter(key, ());
            lines.leave(key);
        }
        assert!(lines.lines.is_empty());
    }

    #[test]
    fn who_is_sent_away_leaves_the_one_that_is_served() {
        let mut lines = Lines::new();
        lines.enter(1, 'a');
        lines.enter(1, 'b');
        assert_eq!(lines.clear_waiting(), ['b']);
        assert_eq!((lines.len(1), lines.leave(1)), (1, None));
    }
}

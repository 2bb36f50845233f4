//! Texts that were lent to C and must stay where they are until their owner is freed.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::ffi::c_char;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// A text with a NUL behind it, found by the text alone.
#[derive(PartialEq, Eq)]
struct WithNul(String);

impl Borrow<str> for WithNul {
    fn borrow(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }
}

impl Hash for WithNul {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let text: &str = self.borrow();
        text.hash(state);
    }
}

/// Grows by each different text that was lent, not by each time.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashSet<WithNul>>);

impl Kept {
    /// Where the text stands with a NUL behind it, for as long as `self` lives, and its length without the NUL.
    pub(crate) fn keep(&self, text: &str) -> (*const c_char, usize) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = match kept.get(text) {
            Some(found) => found.0.as_ptr(),
            None => {
                let mut with_nul = String::with_capacity(text.len() + 1);
                with_nul.push_str(text);
                with_nul.push('\0');
                // A string may move as the set grows; its bytes don't.
                let place = with_nul.as_ptr();
                kept.insert(WithNul(with_nul));
                place
            }
        };
        (place.cast(), text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_stays_in_place() {
        let kept = Kept::default();
        let first = kept.keep("a\0b");
        assert_eq!(first.1, 3);
        for index in 0..1000 {
            kept.keep(&index.to_string());
        }
        assert_eq!(kept.keep("a\0b"), first);
        assert_ne!(kept.keep("a").0, first.0);
    }
}

//! Texts that were lent to C and must stay where they are until their owner is freed.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A text with a NUL behind it, found by the text alone.
#[derive(PartialEq, Eq)]
struct WithNul(Arc<str>);

impl Borrow<str> for WithNul {
    fn borrow(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }
}

impl std::hash::Hash for WithNul {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let text: &str = self.borrow();
        text.hash(state);
    }
}

/// Grows by each different text that was lent, not by each time.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashSet<WithNul>>);

impl Kept {
    /// The text with a NUL behind it. The caller may lend it for as long as `self` lives.
    pub(crate) fn keep(&self, text: &str) -> Arc<str> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(text) {
            return Arc::clone(&found.0);
        }
        let with_nul: Arc<str> = [text, "\0"].concat().into();
        kept.insert(WithNul(Arc::clone(&with_nul)));
        with_nul
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once_and_stays_in_place() {
        let kept = Kept::default();
        let first = kept.keep("a\0b").as_ptr();
        for index in 0..1000 {
            kept.keep(&index.to_string());
        }
        assert_eq!(kept.keep("a\0b").as_ptr(), first);
        assert_eq!(&*kept.keep(""), "\0");
    }
}

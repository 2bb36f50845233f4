//! A text over as many cards as it needs: a full one keeps what it holds, and what follows goes on in the next.

use crate::message::markdown::first_part;

/// Below it nothing is gained by smaller parts.
const SMALLEST: usize = 100;

/// How many characters each card holds.
pub(super) struct Bounds {
    /// Of the cards that were begun.
    begun: Vec<usize>,
    /// Of those to come.
    next: usize,
}

impl Bounds {
    pub(super) fn new(next: usize) -> Self {
        Self { begun: Vec::new(), next }
    }

    /// One more card is begun.
    pub(super) fn begin(&mut self) {
        self.begun.push(self.next);
    }

    /// DingTalk found so many characters too large for the last card, which has shown so many: false where no smaller part
    /// would help.
    pub(super) fn halve(&mut self, refused: usize, shown: usize) -> bool {
        let smaller = (refused / 2).max(shown);
        if smaller < SMALLEST || smaller >= refused {
            return false;
        }
        self.next = smaller;
        if let Some(last) = self.begun.last_mut() {
            *last = smaller;
        }
        true
    }

    /// The text, card by card; at least one.
    pub(super) fn pages(&self, text: &str) -> Vec<String> {
        let (mut pages, mut rest) = (Vec::new(), text.to_owned());
        loop {
            let bound = self.begun.get(pages.len()).copied().unwrap_or(self.next);
            let (page, left) = page(&rest, bound);
            pages.push(page);
            match left {
                Some(left) => rest = left,
                None => return pages,
            }
        }
    }
}

/// What one card holds of it, and what is left.
fn page(text: &str, characters: usize) -> (String, Option<String>) {
    match text.char_indices().nth(characters) {
        Some((bytes, _)) => first_part(text, bytes),
        None => (text.to_owned(), None),
    }
}

/// As much of the beginning as fits into so many bytes.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(begun: usize) -> Bounds {
        let mut bounds = Bounds::new(100);
        (0..begun).for_each(|_| bounds.begin());
        bounds
    }

    #[test]
    fn a_full_card_keeps_what_it_holds_however_the_text_grows() {
        let text = "Wort ".repeat(200);
        let first = bounds(1).pages(&text[..200]).remove(0);
        for end in (200..=1000).step_by(7) {
            assert_eq!(bounds(1).pages(&text[..end])[0], first);
        }
    }

    #[test]
    fn characters_count_and_not_bytes() {
        let pages = bounds(1).pages(&"字".repeat(250));
        assert_eq!(pages.iter().map(|page| page.chars().count()).collect::<Vec<_>>(), [100, 100, 50]);
    }

    #[test]
    fn a_fence_goes_on_in_the_next_card() {
        let pages = bounds(1).pages(&format!("```py\n{}```", "x = 1\n".repeat(40)));
        assert!(pages.len() > 1);
        assert!(pages.iter().all(|page| page.starts_with("```py\n") && page.trim_end().ends_with("```")), "{pages:?}");
    }

    #[test]
    fn what_is_too_large_is_halved_but_not_below_what_was_shown() {
        let mut bounds = Bounds::new(3000);
        bounds.begin();
        assert!(bounds.halve(2000, 0));
        assert!(bounds.halve(1000, 800));
        assert_eq!((bounds.begun[0], bounds.next), (800, 800));
        assert!(!bounds.halve(150, 0));
    }

    #[test]
    fn an_empty_text_is_one_card() {
        assert_eq!(bounds(0).pages(""), [""]);
        assert_eq!(beginning("字字", 4), "字");
    }
}

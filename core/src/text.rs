//! Text that C can be lent.

/// An immutable text with a NUL behind it, so that it can be lent to C without a copy.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text(String);

impl Text {
    /// Takes a text; one that has room for a byte more is not copied.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        text.reserve_exact(1);
        text.push('\0');
        Self(text)
    }

    /// The text without its NUL.
    pub(crate) fn as_str(&self) -> &str {
        &self.0[..self.0.len() - 1]
    }

    /// The text and the NUL behind it.
    pub(crate) fn as_str_with_nul(&self) -> &str {
        &self.0
    }
}

/// Some of them, one behind the other in one piece of memory.
pub(crate) struct Row<const N: usize> {
    text: String,
    /// Behind the NUL of each.
    ends: [usize; N],
}

impl<const N: usize> Row<N> {
    pub(crate) fn new(texts: [&str; N]) -> Self {
        let mut text = String::with_capacity(texts.iter().map(|text| text.len() + 1).sum());
        let ends = texts.map(|one| {
            text.push_str(one);
            text.push('\0');
            text.len()
        });
        Self { text, ends }
    }

    pub(crate) fn get(&self, index: usize) -> &str {
        let with_nul = self.with_nul(index);
        &with_nul[..with_nul.len() - 1]
    }

    pub(crate) fn with_nul(&self, index: usize) -> &str {
        let begin = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[begin..self.ends[index]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_row_have_a_nul_each() {
        let row = Row::new(["topic", "", "头"]);
        assert_eq!([0, 1, 2].map(|index| row.get(index)), ["topic", "", "头"]);
        assert_eq!(row.with_nul(2), "头\0");
    }
}

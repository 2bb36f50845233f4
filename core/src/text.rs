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

/// A copy that becomes a [`Text`] without another one.
pub(crate) fn with_room(text: &str) -> String {
    let mut copy = String::with_capacity(text.len() + 1);
    copy.push_str(text);
    copy
}

/// Two of them in one piece of memory.
pub(crate) struct Two {
    text: String,
    /// Where the second one begins.
    second: usize,
}

impl Two {
    pub(crate) fn new(first: &str, second: &str) -> Self {
        let mut text = String::with_capacity(first.len() + second.len() + 2);
        text.push_str(first);
        text.push('\0');
        text.push_str(second);
        text.push('\0');
        Self { text, second: first.len() + 1 }
    }

    pub(crate) fn first_with_nul(&self) -> &str {
        &self.text[..self.second]
    }

    pub(crate) fn second_with_nul(&self) -> &str {
        &self.text[self.second..]
    }
}

//! Text that C can be lent.

/// An immutable text with a NUL behind it, so that it can be lent to C without a copy.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Text(Box<str>);

impl Text {
    /// Takes a text.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        let mut text: String = text.into();
        text.reserve_exact(1);
        text.push('\0');
        Self(text.into_boxed_str())
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

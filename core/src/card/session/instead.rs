//! Where cards are refused: the text as a message.

use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::error::Result;
use crate::message::{Message, markdown};

/// Sends a message to where the card would have been. The result says which way it took.
pub(crate) type Instead = Box<dyn Fn(Message) -> BoxFuture<'static, Result<Value>> + Send + Sync>;

/// What one message carries, in bytes: less than any way takes.
const LARGEST: usize = 15_000;
/// How much of the text the conversation list shows.
const TITLE: usize = 20;

/// Sends the text, and tells the way that it took.
pub(super) async fn send(instead: &Instead, text: &str) -> Result<Value> {
    let title = title(text);
    let mut via = Value::Null;
    for part in markdown::split(text, LARGEST) {
        via = instead(Message::markdown(title.clone(), part)).await?["via"].take();
    }
    Ok(via)
}

fn title(text: &str) -> String {
    let line =
        text.lines().map(|line| line.trim_start_matches(['#', '>', '*', '-', ' '])).find(|line| !line.is_empty());
    let title: String = line.unwrap_or("…").chars().take(TITLE).collect();
    title.replace('*', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_title_is_how_it_begins() {
        assert_eq!(title("\n## **Load** of db-3\nmore"), "Load** of db-3".replace('*', ""));
        assert_eq!(title(""), "…");
        assert_eq!(title(&"字".repeat(100)).chars().count(), TITLE);
    }
}

//! A text that still grows, as markdown that is whole: what would show half a table, link or fence waits for the rest.

use std::borrow::Cow;

use crate::message::markdown::open_fence;

const FENCE: &str = "```";
const STRONG: &str = "**";

/// What can be shown of it now.
pub(super) fn whole(text: &str) -> String {
    let text = without_half_fence(text);
    if !open_fence(text).is_empty() {
        return closed(text);
    }
    let text = without_half_link(without_half_table(without_half_rule(text)));
    with_closed_marks(text).into_owned()
}

fn closed(text: &str) -> String {
    let line = if text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{line}{FENCE}")
}

/// Where the last line begins.
fn last_line(text: &str) -> usize {
    text.rfind('\n').map_or(0, |at| at + 1)
}

/// A line of one or two backticks may become a fence, and so may the line of an opening one go on.
fn without_half_fence(text: &str) -> &str {
    let start = last_line(text);
    let line = text[start..].trim_start();
    if !line.is_empty() && line.bytes().all(|sign| sign == b'`') { &text[..start] } else { text }
}

/// A line of dashes and colons makes a heading or a table of what stands above it, once it is whole.
fn without_half_rule(text: &str) -> &str {
    let start = last_line(text);
    let line = &text[start..];
    let is_rule = line.contains(['-', '=', '|']) && line.chars().all(|sign| "-=:| \t".contains(sign));
    if is_rule { &text[..start] } else { text }
}

/// The row that is being written, and a head without its rule.
fn without_half_table(text: &str) -> &str {
    let start = last_line(text);
    let is_row = |line: &str| line.trim_start().starts_with('|');
    let text = if is_row(&text[start..]) { &text[..start] } else { text };
    // The rows at its end, from the last one up.
    let mut first = text.len();
    let mut rows = 0;
    for line in text.split_inclusive('\n').rev().take_while(|line| is_row(line)) {
        first -= line.len();
        rows += 1;
    }
    let rule = text[first..].lines().nth(1);
    let has_rule = rule.is_some_and(|line| line.contains('-') && line.chars().all(|sign| "-:| \t".contains(sign)));
    if rows > 0 && !has_rule { &text[..first] } else { text }
}

/// A link or image whose address is not there yet.
fn without_half_link(text: &str) -> &str {
    let start = last_line(text);
    let line = &text[start..];
    let Some(open) = line.rfind('[') else { return text.strip_suffix('!').unwrap_or(text) };
    let rest = &line[open..];
    let is_half = match rest.find(']') {
        None => true,
        Some(close) => match rest[close + 1..].chars().next() {
            None => true,
            Some('(') => !rest[close..].contains(')'),
            Some(_) => false,
        },
    };
    if !is_half {
        return text;
    }
    let before = &text[..start + open];
    before.strip_suffix('!').unwrap_or(before)
}

/// Bold and code that are being written are closed for now.
fn with_closed_marks(text: &str) -> Cow<'_, str> {
    let paragraph = &text[text.rfind("\n\n").map_or(0, |at| at + 2)..];
    if paragraph.matches('`').count() % 2 == 1 {
        return closed_mark(text, "`");
    }
    if paragraph.matches(STRONG).count() % 2 == 1 {
        return closed_mark(text, STRONG);
    }
    Cow::Borrowed(text)
}

fn closed_mark<'a>(text: &'a str, mark: &str) -> Cow<'a, str> {
    match text.strip_suffix(mark) {
        // Nothing stands behind it yet.
        Some(before) => Cow::Borrowed(before),
        None => Cow::Owned(format!("{}{mark}", text.trim_end())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_text_stays() {
        for text in [
            "",
            "plain",
            "# head\n\ntext",
            "a **b** `c` [d](https://e) ![](@f) x",
            "```rust\nlet a = 1;\n```\nafter",
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n",
            "| a | b |\n| --- | --- |\n| 1 | 2 |\n\nafter",
            "- item\n- other",
            "see [1] there",
        ] {
            assert_eq!(whole(text), text);
        }
    }

    #[test]
    fn an_open_fence_is_closed() {
        assert_eq!(whole("a\n```rust\nlet x"), "a\n```rust\nlet x\n```");
        assert_eq!(whole("a\n```rust\nlet x\n"), "a\n```rust\nlet x\n```");
        assert_eq!(whole("a\n```rust\nx\n``"), "a\n```rust\nx\n```");
        assert_eq!(whole("a\n``"), "a\n");
    }

    #[test]
    fn a_table_shows_once_it_has_its_rule_and_row_by_row() {
        assert_eq!(whole("a\n\n| x | y"), "a\n\n");
        assert_eq!(whole("a\n\n| x | y |\n"), "a\n\n");
        assert_eq!(whole("a\n\n| x | y |\n| --- | -"), "a\n\n");
        assert_eq!(whole("| x | y |\n| --- | --- |\n"), "| x | y |\n| --- | --- |\n");
        assert_eq!(whole("| x | y |\n| --- | --- |\n| 1 | "), "| x | y |\n| --- | --- |\n");
        assert_eq!(whole("text\n--"), "text\n");
    }

    #[test]
    fn half_a_link_waits() {
        for (half, shown) in [
            ("see [the", "see "),
            ("see [the docs]", "see "),
            ("see [the docs](https://a", "see "),
            ("see ![", "see "),
            ("see !", "see "),
            ("see ![](@i", "see "),
        ] {
            assert_eq!(whole(half), shown, "{half}");
        }
    }

    #[test]
    fn open_marks_are_closed_for_now() {
        assert_eq!(whole("a **bo"), "a **bo**");
        assert_eq!(whole("a **"), "a ");
        assert_eq!(whole("a `co"), "a `co`");
        assert_eq!(whole("**a** **b"), "**a** **b**");
    }

    #[test]
    fn no_beginning_of_a_text_shows_half_of_anything() {
        let text = "# T\n\nSee [docs](https://a/b) and **bold**.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n\n```py\nx = [1]\n```\n\n![](@p) end";
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            let shown = whole(&text[..end]);
            assert!(open_fence(&shown).is_empty(), "{shown}");
            assert_eq!(shown.matches(STRONG).count() % 2, 0, "{shown}");
            let outside = shown.split("```").step_by(2).collect::<String>();
            assert_eq!(outside.matches('[').count(), outside.matches("](").count(), "{shown}");
            let rows = shown.lines().filter(|line| line.starts_with('|')).count();
            assert_ne!(rows, 1, "{shown}");
            assert!(shown.lines().filter(|line| line.starts_with('|')).all(|line| line.ends_with('|')), "{shown}");
        }
        assert_eq!(whole(text), text);
    }
}

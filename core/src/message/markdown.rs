//! DingTalk's subset of markdown: headings, quotes, bold, italic, links, images and lists. What it does not render is
//! turned into what it does.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::numbered::numbered;

numbered! {
    /// Where a link opens on a computer. Numbers are stable.
    enum Place;
    /// Every place: name, number and meaning, for those who write the constants of other languages.
    const PLACES;
    /// In DingTalk's side panel.
    Panel = 0 "panel",
    /// In the browser.
    Browser = 1 "browser",
}

/// A text that shows as it stands, whatever signs it holds.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '>' | '~' | '|' | '!') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// The address that opens `url` in the side panel or the browser (document 0776); for links of any message.
pub fn link(url: &str, place: Place) -> String {
    let url = utf8_percent_encode(url, NON_ALPHANUMERIC);
    format!("dingtalk://dingtalkclient/page/link?url={url}&pc_slide={}", place == Place::Panel)
}

/// A mention as a text shows it. [`Message::at_user`](crate::Message::at_user) adds it where it is missing, and makes it one.
pub fn mention(who: &str) -> String {
    format!("@{who}")
}

/// An image by its URL or media id.
pub fn image(photo: &str) -> String {
    format!("![]({photo})")
}

/// Turns tables into lists and fenced code into quotes; everything else stays byte for byte.
pub fn fit(text: &str) -> String {
    let mut fitted = String::with_capacity(text.len());
    let mut copied = 0;
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter();
    while let Some((event, range)) = events.next() {
        let shown = match event {
            Event::Start(Tag::Table(_)) => table(&mut events),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => code(&mut events),
            _ => continue,
        };
        fitted.push_str(&text[copied..range.start]);
        fitted.push_str(&shown);
        copied = range.end;
    }
    fitted.push_str(&text[copied..]);
    fitted
}

type Events<'a> = pulldown_cmark::OffsetIter<'a>;

/// One item a row: the first cell in bold, the others with their headings.
fn table(events: &mut Events<'_>) -> String {
    let (mut heads, mut row, mut cell) = (Vec::<String>::new(), Vec::<String>::new(), String::new());
    let mut shown = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => cell.push_str(&text),
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut cell).trim().to_owned()),
            Event::End(TagEnd::TableHead) => heads = std::mem::take(&mut row),
            Event::End(TagEnd::TableRow) => shown.push_str(&item(&heads, &std::mem::take(&mut row))),
            Event::End(TagEnd::Table) => break,
            _ => {}
        }
    }
    shown
}

fn item(heads: &[String], row: &[String]) -> String {
    let Some((name, rest)) = row.split_first() else { return String::new() };
    let named = rest.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let told: Vec<_> = named
        .map(|(index, cell)| match heads.get(index + 1).filter(|head| !head.is_empty()) {
            Some(head) => format!("{head}: {cell}"),
            None => cell.clone(),
        })
        .collect();
    let separator = if told.is_empty() { "" } else { " – " };
    format!("- **{name}**{separator}{}\n", told.join(", "))
}

/// A quoted line each; signs inside stay what they are.
fn code(events: &mut Events<'_>) -> String {
    let mut lines = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) => lines.push_str(&text),
            Event::End(TagEnd::CodeBlock) => break,
            _ => {}
        }
    }
    // The line break behind the fence is not the fence's.
    let quoted = lines.lines().map(|line| format!("> {}  ", escape(line).replace("  ", "&nbsp;&nbsp;")));
    quoted.collect::<Vec<_>>().join("\n")
}

/// Cuts a long text into parts of at most `bytes`, between blocks where it can, else between lines, else between words,
/// never inside a character. A fence that is cut is closed and opened again.
pub fn split(text: &str, bytes: usize) -> Vec<String> {
    let (mut parts, mut rest) = (Vec::new(), text.to_owned());
    loop {
        let (part, left) = first_part(&rest, bytes);
        parts.push(part);
        match left {
            Some(left) => rest = left,
            None => return parts,
        }
    }
}

/// The first of those parts, and what is left, which begins with the fence that is still open.
pub(crate) fn first_part(text: &str, bytes: usize) -> (String, Option<String>) {
    let bytes = bytes.max(MIN_PART);
    if text.len() <= bytes {
        return (text.to_owned(), None);
    }
    let closing = if text.contains(FENCE) { FENCE.len() + 1 } else { 0 };
    let (part, after) = text.split_at(cut(text, bytes - closing));
    let (mut shown, after) = (part.trim_end().to_owned(), after.trim_start_matches('\n'));
    let fence = open_fence(part);
    if fence.is_empty() {
        return (shown, Some(after.to_owned()));
    }
    shown.push('\n');
    shown.push_str(FENCE);
    // A long one, behind which nothing would fit, goes on without its language.
    let opening = if fence.len() > LONGEST_FENCE { FENCE } else { fence };
    (shown, Some(format!("{opening}\n{after}")))
}

/// Below it no part could hold a fence and a word.
const MIN_PART: usize = 64;
const FENCE: &str = "```";
/// Shorter than the least that a cut leaves in a part, so that each part takes something away.
const LONGEST_FENCE: usize = 12;

/// Where to cut: after the last block, line or word that fits.
fn cut(text: &str, bytes: usize) -> usize {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(text.len());
    let head = &text[..end];
    let after = |separator: &str| head.rfind(separator).map(|at| at + separator.len()).filter(|at| *at > end / 4);
    after("\n\n").or_else(|| after("\n")).or_else(|| after(" ")).unwrap_or(end)
}

/// The fence line that is open at the end of a text; empty where none is.
pub(crate) fn open_fence(text: &str) -> &str {
    text.lines()
        .filter(|line| line.trim_start().starts_with(FENCE))
        .fold("", |open, line| if open.is_empty() { line.trim() } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_show_as_they_stand() {
        assert_eq!(escape("a*b_[c]"), "a\\*b\\_\\[c\\]");
    }

    #[test]
    fn a_link_says_where_it_opens() {
        assert_eq!(
            link("https://a.b/?c=d", Place::Panel),
            "dingtalk://dingtalkclient/page/link?url=https%3A%2F%2Fa%2Eb%2F%3Fc%3Dd&pc_slide=true"
        );
        assert!(link("x", Place::Browser).ends_with("pc_slide=false"));
    }

    #[test]
    fn a_table_becomes_a_list() {
        let table =
            "# Load\n\n| host | cpu | note |\n| --- | --- | --- |\n| db-3 | 97 % | hot |\n| db-4 | 3 % | |\n\nend\n";
        assert_eq!(fit(table), "# Load\n\n- **db-3** – cpu: 97 %, note: hot\n- **db-4** – cpu: 3 %\n\nend\n");
    }

    #[test]
    fn code_becomes_a_quote_and_the_rest_stays_byte_for_byte() {
        assert_eq!(fit("a *b*\n```sh\nrm  *\n```\nc\n"), "a *b*\n> rm&nbsp;&nbsp;\\*  \nc\n");
        for same in ["", "plain", "# a\n\n> b  \n c\n\n1. x\n- y\n", "![](@id)\n"] {
            assert_eq!(fit(same), same);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_blocks() {
        let text = format!("{}\n\n{}\n\n{}", "a".repeat(60), "b".repeat(60), "c".repeat(60));
        assert_eq!(split(&text, 130), ["a".repeat(60) + "\n\n" + &"b".repeat(60), "c".repeat(60)]);
    }

    #[test]
    fn no_part_is_too_long_and_nothing_is_lost() {
        let text = "字".repeat(1000);
        let parts = split(&text, 100);
        assert!(parts.iter().all(|part| part.len() <= 100));
        assert_eq!(parts.concat(), text);
    }

    #[test]
    fn a_fence_that_is_cut_is_closed_and_opened_again() {
        let text = format!("```rust\n{}```\n", "let x = 1;\n".repeat(30));
        let parts = split(&text, 120);
        assert!(parts.len() > 2);
        for part in &parts {
            assert!(part.len() <= 120 && part.starts_with("```rust\n") && part.trim_end().ends_with("```"), "{part}");
        }
    }

    #[test]
    fn a_fence_with_a_long_line_is_cut_all_the_same() {
        let text = format!("```{}\n{}\n```\n", "x".repeat(100), "y".repeat(500));
        let parts = split(&text, 64);
        assert!(parts.iter().all(|part| part.len() <= 64), "{parts:?}");
        assert_eq!(parts.concat().matches('y').count(), 500);
    }
}

//! Strings in a JSON text: where one ends, and what it says. Most of a frame is strings, so they are read eight bytes at
//! a time.

/// Where the string ends, behind its quote, whose first character is at `at`, and whether anything in it is escaped;
/// `None` where it is broken.
pub(super) fn end(json: &str, mut at: usize) -> Option<(usize, bool)> {
    let mut is_escaped = false;
    loop {
        at = stop(json.as_bytes(), at);
        match json.as_bytes().get(at)? {
            b'"' => return Some((at + 1, is_escaped)),
            b'\\' => at = escape(json, at)?.1,
            _ => return None,
        }
        is_escaped = true;
    }
}

/// What the string says whose first character is at `at`, and where it ends. An escape that is half of a character reads as
/// U+FFFD.
pub(super) fn read(json: &str, mut at: usize) -> Option<(String, usize)> {
    let begin = at;
    let rest = json.get(at..)?.len();
    // Room for a NUL behind it, too; the rest of a frame is little more than its payload.
    let mut said = String::with_capacity(rest + 1);
    loop {
        let run = at;
        at = stop(json.as_bytes(), at);
        said.push_str(&json[run..at]);
        match json.as_bytes().get(at)? {
            b'"' => break,
            b'\\' => {
                let (escaped, next) = escape(json, at)?;
                said.push(escaped);
                at = next;
            }
            _ => return None,
        }
    }
    if rest > 2 * (at - begin) {
        said.shrink_to(said.len() + 1);
    }
    Some((said, at + 1))
}

/// What the escape at `at` says, and where it ends.
#[inline]
fn escape(json: &str, at: usize) -> Option<(char, usize)> {
    let said = match json.as_bytes().get(at + 1)? {
        b'n' => '\n',
        b'u' => return unicode(json, at),
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        &same @ (b'"' | b'\\' | b'/') => char::from(same),
        _ => return None,
    };
    Some((said, at + 2))
}

/// The same for one or two units of UTF-16.
#[cold]
fn unicode(json: &str, at: usize) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let hex = json.get(at..at + 6)?.strip_prefix("\\u")?;
        hex.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(hex, 16).ok())?
    };
    let first = unit(at)?;
    let second = unit(at + 6).filter(|second| matches!((first, second), (0xD800..=0xDBFF, 0xDC00..=0xDFFF)));
    let read = char::decode_utf16([first].into_iter().chain(second)).next()?;
    Some((read.unwrap_or(char::REPLACEMENT_CHARACTER), if second.is_some() { at + 12 } else { at + 6 }))
}

/// The first place from `at` on where a string can't go on as it is: a quote, a backslash, a control character, or the end.
#[inline]
fn stop(json: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // The highest bit of each byte that is zero. One above a zero may be wrong, so the lowest alone counts.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    while let Some(eight) = json.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*eight);
        let is = |byte: u8| zeros(word ^ (ONES * u64::from(byte)));
        let is_control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (is(b'"') | is(b'\\') | is_control) & (ONES << 7);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = json.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wherever it stands among the eight bytes.
    fn shifted(string: &str, check: impl Fn(String)) {
        (0..17).for_each(|shift| check(format!("{}{string}", "x".repeat(shift))));
    }

    #[test]
    fn a_string_says_what_serde_reads() {
        for string in ["", "a", "你好", r#"a\"b\\c\/d\b\f\n\r\t"#, r"\u4e2d\ud83d\ude00x\u0000", "\u{7f}\u{80}\u{fffd}"]
        {
            shifted(string, |string| {
                let json = format!("{string}\"behind");
                let said: String = serde_json::from_str(&format!("\"{string}\"")).expect("JSON");
                assert_eq!(read(&json, 0), Some((said, string.len() + 1)));
                assert_eq!(end(&json, 0), Some((string.len() + 1, string.contains('\\'))));
            });
        }
    }

    #[test]
    fn half_a_character_reads_as_a_replacement() {
        let said = |string: &str| read(&format!("{string}\""), 0).map(|(said, _)| said);
        assert_eq!(said(r"a\ud800b").as_deref(), Some("a\u{fffd}b"));
        assert_eq!(said(r"\udc00\ud800").as_deref(), Some("\u{fffd}\u{fffd}"));
        assert_eq!(said(r"\ud800\ud83d\ude00").as_deref(), Some("\u{fffd}😀"));
    }

    #[test]
    fn what_is_broken_has_no_end() {
        for broken in ["", "a", "\\", "\\\"", r#"\x""#, r#"\u12""#, r#"\u+123""#, r#"\u12g4""#, "\n\"", "\0\"", r"\u"] {
            shifted(broken, |broken| assert_eq!((read(&broken, 0), end(&broken, 0)), (None, None), "{broken:?}"));
        }
        assert_eq!((read("", 7), end("", 7)), (None, None));
    }

    #[test]
    fn a_small_string_in_a_large_text_takes_little_room() {
        let json = format!("small\"{}", " ".repeat(1 << 20));
        assert!(read(&json, 0).is_some_and(|(said, _)| said.capacity() < 64));
    }
}

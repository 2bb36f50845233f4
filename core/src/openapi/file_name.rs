//! The name of a downloaded file. DingTalk's own ends in `.file`, whatever it is.

use percent_encoding::percent_decode_str;
use url::Url;

use super::file_type;

/// What a name holds at most, in bytes, on the file systems there are.
const LONGEST: usize = 200;
const UNNAMED: &str = "download";

/// The name that the answer or the address gives, as a name alone, with the ending that its first bytes or its type call
/// for where it has none of its own.
pub(super) fn of(disposition: Option<&str>, url: &Url, head: &[u8], content_type: &str) -> String {
    let last = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let given = disposition.and_then(disposed).unwrap_or_else(|| decoded(last));
    let name = safe(&given);
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    if !matches!(ending, "" | "file") {
        return name;
    }
    match infer::get(head).map(|found| found.extension()).or_else(|| file_type::ending_of(content_type)) {
        Some(ending) => format!("{stem}.{ending}"),
        None => name,
    }
}

/// The name in a `Content-Disposition`: the encoded one (RFC 5987) before the plain one.
fn disposed(header: &str) -> Option<String> {
    let part = |name: &str| {
        let mut is_quoted = false;
        let parts = header.split(|sign| {
            is_quoted ^= sign == '"';
            sign == ';' && !is_quoted
        });
        parts
            .filter_map(|part| part.split_once('='))
            .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let encoded = part("filename*").and_then(|value| value.split("''").nth(1)).map(decoded);
    encoded.or_else(|| part("filename").map(|value| decoded(value.trim_matches('"')))).filter(|name| !name.is_empty())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// A name that leads nowhere else.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // Signs that turn the direction of writing make an ending look like another.
    let is_turning =
        |sign: char| matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_special = |sign: char| matches!(sign, ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let mut safe: String =
        last.chars().filter(|&sign| !sign.is_control() && !is_turning(sign) && !is_special(sign)).collect();
    while safe.len() > LONGEST {
        safe.remove(0);
    }
    let safe = safe.trim_start_matches('.').trim();
    if safe.is_empty() { UNNAMED.to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

    fn name(disposition: Option<&str>, url: &str, head: &[u8], content_type: &str) -> String {
        of(disposition, &Url::parse(url).expect("a URL"), head, content_type)
    }

    #[test]
    fn an_ending_that_says_nothing_is_mended() {
        assert_eq!(name(None, "http://h/a.file?Signature=x", PNG, ""), "a.png");
        assert_eq!(name(None, "http://h/a.file", b"", "video/mp4"), "a.mp4");
        assert_eq!(name(None, "http://h/a", PNG, ""), "a.png");
        assert_eq!(name(None, "http://h/a.file", b"nothing known", "application/x"), "a.file");
        assert_eq!(name(None, "http://h/report.xlsx", PNG, ""), "report.xlsx");
    }

    #[test]
    fn the_answer_names_it_before_the_address_does() {
        let plain = r#"attachment; filename="report.pdf""#;
        assert_eq!(name(Some(plain), "http://h/a.file", b"", ""), "report.pdf");
        let odd = r#"attachment; filename="a;b.pdf"; size=3"#;
        assert_eq!(name(Some(odd), "http://h/a.file", b"", ""), "a;b.pdf");
        let both = "attachment; filename=\"x.pdf\"; filename*=UTF-8''%E8%A1%A8%E6%A0%BC.xlsx";
        assert_eq!(name(Some(both), "http://h/a.file", b"", ""), "表格.xlsx");
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        for (given, safe) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("..", "download"),
            ("a\u{0}b\n.txt", "ab.txt"),
            ("report\u{202e}fdp.exe", "reportfdp.exe"),
            (".hidden.txt", "hidden.txt"),
        ] {
            assert_eq!(self::safe(given), safe);
        }
        assert_eq!(name(Some("attachment; filename*=UTF-8''..%2F..%2Fx.pdf"), "http://h/a", b"", ""), "x.pdf");
        assert!(safe(&"字".repeat(200)).len() <= LONGEST);
    }
}

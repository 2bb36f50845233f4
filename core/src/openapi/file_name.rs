//! The name of a downloaded file. DingTalk's own ends in `.file`, whatever it is.

use percent_encoding::percent_decode_str;
use url::Url;

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
    match infer::get(head).map(|found| found.extension()).or_else(|| ending_of(content_type)) {
        Some(ending) => format!("{stem}.{ending}"),
        None => name,
    }
}

/// The name in a `Content-Disposition`: the encoded one (RFC 5987) before the plain one.
fn disposed(header: &str) -> Option<String> {
    let part = |name: &str| {
        let parts = header.split(';').map(str::trim);
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
    let mut safe: String = last
        .chars()
        .filter(|sign| !sign.is_control() && !matches!(sign, ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .collect();
    while safe.len() > LONGEST {
        safe.remove(0);
    }
    let safe = safe.trim_start_matches('.').trim();
    if safe.is_empty() { UNNAMED.to_owned() } else { safe.to_owned() }
}

/// What is common in chats and can't be told by its first bytes, or has none.
fn ending_of(content_type: &str) -> Option<&'static str> {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "image/jpeg" => Some("jpg"),
        "image/png" => Some("png"),
        "image/gif" => Some("gif"),
        "image/bmp" => Some("bmp"),
        "audio/amr" => Some("amr"),
        "audio/mpeg" => Some("mp3"),
        "audio/wav" | "audio/x-wav" => Some("wav"),
        "video/mp4" => Some("mp4"),
        "application/pdf" => Some("pdf"),
        "application/zip" => Some("zip"),
        "text/plain" => Some("txt"),
        _ => None,
    }
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
            (".hidden.txt", "hidden.txt"),
        ] {
            assert_eq!(self::safe(given), safe);
        }
        assert_eq!(name(Some("attachment; filename*=UTF-8''..%2F..%2Fx.pdf"), "http://h/a", b"", ""), "x.pdf");
        assert!(safe(&"字".repeat(200)).len() <= LONGEST);
    }
}

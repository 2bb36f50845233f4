//! Reading JSON by pointer, without a JSON library on the reader's side.
//!
//! A pointer (RFC 6901: `/text/content`) also goes *through* a text that holds JSON itself, as DingTalk's card actions
//! do three levels deep: `/content/cardPrivateData/params`. The token `*` stands for every entry of a list that has the
//! rest: `/content/richText/*/text` is a list, and as a text its texts one behind the other. Readers never fail: what is
//! absent or of another type is `None`. A number reads as its text and a numeric text as a number, since DingTalk sends some
//! fields either way.

mod object;
mod scan;
mod string;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use once_cell::race::OnceBox;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::text::Text;
pub(crate) use object::{Broken, Object};
pub(crate) use scan::text_of;
use scan::{EVERY, Members, document, elements, member, members, mend_surrogates, split, unquote, walk};

/// What some servers put before a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// A JSON text and what it takes to read from it: the first read finds where the outermost members stand.
pub struct Json {
    text: Text,
    /// Filled without a lock, so that a forked child can read what its parent was reading.
    members: OnceBox<Option<Members>>,
}

impl Json {
    /// Wraps a text; whether it is JSON shows when it is read.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Text::new(text), members: OnceBox::new() }
    }

    /// The text, exactly as it was given.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The text with a NUL behind it, for C.
    pub fn as_str_with_nul(&self) -> &str {
        self.text.as_str_with_nul()
    }

    /// The text at `pointer`, or a number's literal.
    pub fn text(&self, pointer: &str) -> Option<Cow<'_, str>> {
        match self.at(pointer)? {
            Cow::Borrowed(raw) => scalar(raw),
            Cow::Owned(raw) if raw.starts_with('[') && pointer.split('/').any(|token| token == EVERY) => {
                elements(&raw)?
                    .into_iter()
                    .map(|element| scalar(element.get()))
                    .collect::<Option<String>>()
                    .map(Cow::Owned)
            }
            Cow::Owned(raw) => scalar(&raw).map(|text| Cow::Owned(text.into_owned())),
        }
    }

    /// The whole number at `pointer`, also where it stands in quotes.
    pub fn int(&self, pointer: &str) -> Option<i64> {
        // Above it, a floating-point number is no longer the whole number that was written.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let text = self.text(pointer)?;
        let float = || text.parse::<f64>().ok().filter(|n| n.fract() == 0.0 && n.abs() <= EXACT);
        text.parse().ok().or_else(|| float().map(|n| n as i64))
    }

    /// The boolean at `pointer`, also where it stands in quotes.
    pub fn bool(&self, pointer: &str) -> Option<bool> {
        match self.at(pointer)?.as_ref() {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// How many entries the array or object at `pointer` has.
    pub fn len(&self, pointer: &str) -> Option<usize> {
        let raw = self.at(pointer)?;
        match raw.as_bytes().first()? {
            b'[' => Some(elements(&raw)?.len()),
            b'{' => {
                let members = members(&raw)?;
                let names: HashSet<_> = members.iter().map(|member| unquote(member.name(&raw))).collect();
                Some(names.len())
            }
            _ => None,
        }
    }

    /// The JSON text at `pointer`, as it was sent but for escapes that are no characters.
    pub fn raw(&self, pointer: &str) -> Option<Cow<'_, str>> {
        let raw = self.at(pointer)?;
        Some(if raw.contains("\\u") { Cow::Owned(mend_surrogates(&raw)) } else { raw })
    }

    /// The value at `pointer`; the empty pointer is the whole document.
    pub fn value(&self, pointer: &str) -> Option<Value> {
        serde_json::from_str(&self.raw(pointer)?).ok()
    }

    /// Whether the text is JSON at all.
    pub fn is_valid(&self) -> bool {
        serde_json::from_str::<IgnoredAny>(document(self.as_str())).is_ok()
    }

    fn at(&self, pointer: &str) -> Option<Cow<'_, str>> {
        let text = document(self.as_str());
        match pointer.strip_prefix('/') {
            None if pointer.is_empty() => serde_json::from_str::<&RawValue>(text).ok().map(|raw| raw.get().into()),
            Some(path) if text.starts_with('{') => {
                let (token, rest) = split(path);
                let members = self.members.get_or_init(|| Box::new(members(text))).as_deref()?;
                walk(member(text, members, token)?, rest)
            }
            _ => walk(text, pointer),
        }
    }
}

impl fmt::Debug for Json {
    /// Shows the length alone: the text may be what a person wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.as_str().len())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::new(value.to_string())
    }
}

fn scalar(raw: &str) -> Option<Cow<'_, str>> {
    match raw.as_bytes().first()? {
        b'"' => unquote(raw),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(raw)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"{"text":{"content":" 你好 \u4e2d"},"at":[{"id":"a"},{"id":"b"}],"n":"12","big":1690362102194,
        "yes":true,"content":"{\"cardPrivateData\":{\"actionIds\":[\"1\"]}}","a/b":1,"lone":"x\ud800y"}"#;

    /// Every claim holds for the first read and for later ones.
    fn both(check: impl Fn(&Json)) {
        let json = Json::new(SAMPLE);
        check(&json);
        check(&json);
    }

    #[test]
    fn a_text_is_read_by_pointer() {
        both(|json| assert_eq!(json.text("/text/content").as_deref(), Some(" 你好 中")));
        both(|json| assert_eq!(json.text("/at/1/id").as_deref(), Some("b")));
        both(|json| assert_eq!(json.int("/a~1b"), Some(1)));
    }

    #[test]
    fn numbers_and_texts_read_either_way() {
        both(|json| assert_eq!(json.int("/n"), Some(12)));
        both(|json| assert_eq!(json.text("/big").as_deref(), Some("1690362102194")));
        both(|json| assert_eq!(json.bool("/yes"), Some(true)));
        both(|json| assert_eq!(json.len("/at"), Some(2)));
    }

    #[test]
    fn a_pointer_goes_through_json_in_a_text() {
        both(|json| assert_eq!(json.text("/content/cardPrivateData/actionIds/0").as_deref(), Some("1")));
        both(|json| assert_eq!(json.raw("/content/cardPrivateData/actionIds").as_deref(), Some(r#"["1"]"#)));
    }

    #[test]
    fn what_is_absent_or_of_another_type_is_none() {
        both(|json| assert_eq!(json.text("/text"), None));
        both(|json| assert_eq!(json.text("/nothing/here"), None));
        both(|json| assert_eq!(json.int("/text/content"), None));
        both(|json| assert_eq!(json.text("no slash"), None));
        assert_eq!(Json::new("broken {").text("/a"), None);
        assert_eq!(Json::new("").raw(""), None);
    }

    #[test]
    fn numbers_keep_what_was_written() {
        let json = Json::new(
            r#"{"price":1.50,"id":123456789012345678901234567890,"max":9223372036854775807,"over":9223372036854775808,"e":1e3,"vast":1e300,"half":0.5,"inf":"inf"}"#,
        );
        for _ in 0..2 {
            assert_eq!(json.text("/price").as_deref(), Some("1.50"));
            assert_eq!(json.text("/id").as_deref(), Some("123456789012345678901234567890"));
            assert_eq!(json.int("/max"), Some(i64::MAX));
            assert_eq!(json.int("/e"), Some(1000));
            for none in ["/id", "/over", "/vast", "/half", "/inf"] {
                assert_eq!(json.int(none), None, "{none}");
            }
        }
    }

    #[test]
    fn the_last_of_two_keys_counts() {
        let json = Json::new(r#"{"a":{"b":1},"a":2,"c":{"d":1,"d":2}}"#);
        for _ in 0..2 {
            assert_eq!(json.int("/a"), Some(2));
            assert_eq!(json.int("/a/b"), None);
            assert_eq!(json.int("/c/d"), Some(2));
        }
        assert_eq!((json.len(""), json.len("/c")), (Some(2), Some(1)));
    }

    #[test]
    fn depth_beside_what_is_asked_for_does_no_harm() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let json = Json::new(format!("\u{feff} {{\"deep\":{deep},\"text\":\"x\"}}"));
        for _ in 0..2 {
            assert_eq!(json.text("/text").as_deref(), Some("x"));
            assert_eq!(json.len("/deep"), Some(1));
            assert_eq!(json.raw("/deep").as_deref(), Some(deep.as_str()));
            assert_eq!(json.value("/deep"), None);
        }
        assert!(json.is_valid());
    }

    #[test]
    fn what_is_broken_anywhere_is_broken_everywhere() {
        let json = Json::new(r#"{"a":1}}"#);
        assert_eq!((json.int("/a"), json.int("/a"), json.is_valid()), (None, None, false));
        assert_eq!(Json::new(r#""{"a":1}}"#).int("/a"), None, "a text that ends before its JSON does");
    }

    #[test]
    fn an_index_is_written_in_one_way() {
        let json = Json::new(r#"{"list":[1,2]}"#);
        for none in ["/list/01", "/list/+1", "/list/2", "/list/-", "/list/"] {
            assert_eq!(json.raw(none), None, "{none}");
        }
        assert_eq!(json.int("/list/1"), Some(2));
    }

    #[test]
    fn a_star_stands_for_every_entry() {
        let json = Json::new(
            r#"{"content":{"richText":[{"text":"see "},{"downloadCode":"c1"},{"text":"this"},{"downloadCode":"c2"}]},"*":1}"#,
        );
        for _ in 0..2 {
            assert_eq!(json.text("/content/richText/*/text").as_deref(), Some("see this"));
            assert_eq!(json.raw("/content/richText/*/downloadCode").as_deref(), Some(r#"["c1","c2"]"#));
            assert_eq!(json.len("/content/richText/*/downloadCode"), Some(2));
            assert_eq!((json.text("/content/richText/*/nothing"), json.text("/content/*/text")), (None, None));
            assert_eq!(json.int("/*"), Some(1), "the name of a member is what it is");
        }
    }

    #[test]
    fn lone_surrogates_are_replaced_not_fatal() {
        let json = Json::new(SAMPLE);
        assert_eq!(json.text("/lone").as_deref(), Some("x\u{fffd}y"));
        assert_eq!(json.text("/at/0/id").as_deref(), Some("a"));
        assert_eq!(json.raw("/lone").as_deref(), Some(r#""x\ufffdy""#));
        assert_eq!(mend_surrogates(r"\\ud800 \ud83d\ude00 \udc00 é\"), r"\\ud800 \ud83d\ude00 \ufffd é\");
    }
}

//! Reading JSON by pointer, without a JSON library on the reader's side.
//!
//! A pointer (RFC 6901: `/text/content`) also goes *through* a text that holds JSON itself, as DingTalk's card actions
//! do three levels deep: `/content/cardPrivateData/params`. Readers never fail: what is absent or of another type is
//! `None`. A number reads as its text and a numeric text as a number, since DingTalk sends some fields either way.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use once_cell::sync::OnceCell;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::text::Text;

/// A JSON text and what it takes to read from it: the first read scans, the second builds an index.
pub struct Json {
    text: Text,
    scanned: AtomicBool,
    tree: OnceCell<Option<Value>>,
}

impl Json {
    /// Wraps a text; whether it is JSON shows when it is read.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Text::new(text), scanned: AtomicBool::new(false), tree: OnceCell::new() }
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
            Found::Raw(raw) => scalar(raw),
            Found::Value(Value::String(text)) => Some(Cow::Borrowed(text)),
            Found::Value(Value::Number(number)) => Some(Cow::Owned(number.to_string())),
            Found::Owned(Value::String(text)) => Some(Cow::Owned(text)),
            Found::Owned(Value::Number(number)) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    /// The whole number at `pointer`, also where it stands in quotes.
    pub fn int(&self, pointer: &str) -> Option<i64> {
        let text = self.text(pointer)?;
        text.parse().ok().or_else(|| text.parse::<f64>().ok().filter(|n| n.fract() == 0.0).map(|n| n as i64))
    }

    /// The boolean at `pointer`, also where it stands in quotes.
    pub fn bool(&self, pointer: &str) -> Option<bool> {
        match self.raw(pointer)?.as_ref() {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// How many entries the array or object at `pointer` has.
    pub fn len(&self, pointer: &str) -> Option<usize> {
        match self.value(pointer)? {
            Value::Array(entries) => Some(entries.len()),
            Value::Object(entries) => Some(entries.len()),
            _ => None,
        }
    }

    /// The JSON text at `pointer`; of an index, its canonical form.
    pub fn raw(&self, pointer: &str) -> Option<Cow<'_, str>> {
        match self.at(pointer)? {
            Found::Raw(raw) => Some(Cow::Borrowed(raw)),
            Found::Value(value) => Some(Cow::Owned(value.to_string())),
            Found::Owned(value) => Some(Cow::Owned(value.to_string())),
        }
    }

    /// The value at `pointer`; the empty pointer is the whole document.
    pub fn value(&self, pointer: &str) -> Option<Value> {
        match self.at(pointer)? {
            Found::Raw(raw) => serde_json::from_str(raw).ok(),
            Found::Value(value) => Some(value.clone()),
            Found::Owned(value) => Some(value),
        }
    }

    /// Whether the text is JSON at all.
    pub fn is_valid(&self) -> bool {
        self.tree().is_some()
    }

    fn at(&self, pointer: &str) -> Option<Found<'_>> {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        if !self.scanned.swap(true, Ordering::Relaxed)
            && let Ok(Some(raw)) = scan(self.as_str(), pointer)
        {
            return Some(Found::Raw(raw.get()));
        }
        walk(self.tree()?, pointer)
    }

    fn tree(&self) -> Option<&Value> {
        let parse = || {
            let text = self.as_str();
            serde_json::from_str(text).or_else(|_| serde_json::from_str(&mend_surrogates(text))).ok()
        };
        self.tree.get_or_init(parse).as_ref()
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

enum Found<'a> {
    Raw(&'a str),
    Value(&'a Value),
    Owned(Value),
}

fn scalar(raw: &str) -> Option<Cow<'_, str>> {
    match raw.as_bytes().first()? {
        b'"' if !raw.contains('\\') => Some(Cow::Borrowed(&raw[1..raw.len() - 1])),
        b'"' => serde_json::from_str(raw).or_else(|_| serde_json::from_str(&mend_surrogates(raw))).ok().map(Cow::Owned),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(raw)),
        _ => None,
    }
}

fn walk<'a>(value: &'a Value, pointer: &str) -> Option<Found<'a>> {
    let Some(path) = pointer.strip_prefix('/') else {
        return Some(Found::Value(value));
    };
    let (token, rest) = split(path);
    match value {
        Value::Object(entries) => walk(entries.get(unescape(token).as_ref())?, rest),
        Value::Array(entries) => walk(entries.get(token.parse::<usize>().ok()?)?, rest),
        Value::String(text) => {
            let inner: Value = serde_json::from_str(text).ok()?;
            match walk(&inner, pointer)? {
                Found::Raw(_) => None,
                Found::Value(value) => Some(Found::Owned(value.clone())),
                Found::Owned(value) => Some(Found::Owned(value)),
            }
        }
        _ => None,
    }
}

/// The next token of a pointer without its leading slash, and the rest with its own.
fn split(path: &str) -> (&str, &str) {
    path.find('/').map_or((path, ""), |end| path.split_at(end))
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

/// Replaces escapes of lone surrogates, which are no characters, by U+FFFD; everything else stays as it is.
pub(crate) fn mend_surrogates(text: &str) -> String {
    let unit = |at: usize| {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    let (mut mended, mut copied, mut at) = (String::with_capacity(text.len()), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match unit(at) {
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => at += 12,
            Some(0xD800..=0xDFFF) => {
                mended.push_str(&text[copied..at]);
                mended.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            Some(_) => at += 6,
            None => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    mended.push_str(&text[copied.min(text.len())..]);
    mended
}

fn scan<'a>(text: &'a str, pointer: &str) -> serde_json::Result<Option<&'a RawValue>> {
    Scan(pointer).deserialize(&mut serde_json::Deserializer::from_str(text))
}

/// Walks down one pointer and skips everything else, without building a tree.
struct Scan<'p>(&'p str);

impl<'de> DeserializeSeed<'de> for Scan<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.0.is_empty() {
            return serde::Deserialize::deserialize(deserializer).map(Some);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Scan<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (token, rest) = split(&self.0[1..]);
        let token = unescape(token);
        let mut found = None;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == token && found.is_none() {
                found = map.next_value_seed(Scan(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let (token, rest) = split(&self.0[1..]);
        let wanted = token.parse::<usize>().ok();
        let mut found = None;
        for index in 0.. {
            if Some(index) == wanted {
                match seq.next_element_seed(Scan(rest))? {
                    Some(value) => found = value,
                    None => break,
                }
            } else if seq.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"{"text":{"content":" 你好 \u4e2d"},"at":[{"id":"a"},{"id":"b"}],"n":"12","big":1690362102194,
        "yes":true,"content":"{\"cardPrivateData\":{\"actionIds\":[\"1\"]}}","a/b":1,"lone":"x\ud800y"}"#;

    /// Every claim holds for the first read, which scans, and for later ones, which use the index.
    fn both(check: impl Fn(&Json)) {
        let json = Json::new(SAMPLE.replace("\\ud800", "?"));
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
    fn lone_surrogates_are_replaced_not_fatal() {
        let json = Json::new(SAMPLE);
        assert_eq!(json.text("/lone").as_deref(), Some("x\u{fffd}y"));
        assert_eq!(json.text("/at/0/id").as_deref(), Some("a"));
        assert_eq!(mend_surrogates(r"\\ud800 \ud83d\ude00 \udc00 é\"), r"\\ud800 \ud83d\ude00 \ufffd é\");
    }
}

//! Where things stand in a JSON text: slices of it, found by pointer.

use std::borrow::Cow;

use serde_json::value::RawValue;
use smallvec::SmallVec;

use super::object::Object;
use super::{BYTE_ORDER_MARK, string};

/// Where a member of an object stands in its text.
pub(super) struct Member {
    name: Place,
    value: Place,
    /// Whether the name has to be unquoted before it can be compared.
    is_escaped: bool,
}

/// Half the size of a range of `usize`.
struct Place(u32, u32);

impl Place {
    fn of(part: &str, text: &str) -> Option<Self> {
        let at = part.as_ptr() as usize - text.as_ptr() as usize;
        Some(Self(u32::try_from(at).ok()?, u32::try_from(at + part.len()).ok()?))
    }

    fn in_text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.0 as usize..self.1 as usize]
    }
}

impl Member {
    /// Its name in quotes.
    pub(super) fn name<'a>(&self, text: &'a str) -> &'a str {
        self.name.in_text(text)
    }
}

/// A text without what may stand before the JSON in it.
pub(super) fn document(text: &str) -> &str {
    text.trim_start_matches([BYTE_ORDER_MARK, ' ', '\t', '\r', '\n'])
}

/// The JSON at `pointer` below `raw`, also through texts that hold JSON.
pub(super) fn walk<'a>(raw: &'a str, pointer: &str) -> Option<Cow<'a, str>> {
    let Some(path) = pointer.strip_prefix('/') else {
        return pointer.is_empty().then_some(Cow::Borrowed(raw));
    };
    let (token, rest) = split(path);
    match raw.as_bytes().first()? {
        b'{' => walk(find(raw, token)?, rest),
        b'[' if token == EVERY => every(&elements(raw)?, rest).map(Cow::Owned),
        b'[' => walk(elements(raw)?.get(index(token)?)?.get(), rest),
        b'"' => walk(document(&unquote(raw)?), pointer).map(|found| Cow::Owned(found.into_owned())),
        _ => None,
    }
}

/// The token that stands for every entry of a list.
pub(super) const EVERY: &str = "*";

/// A list of what is at `pointer` below each of these; nothing where none has it.
fn every(elements: &[&RawValue], pointer: &str) -> Option<String> {
    let found: Vec<_> = elements.iter().filter_map(|element| walk(element.get(), pointer)).collect();
    (!found.is_empty()).then(|| format!("[{}]", found.join(",")))
}

/// The next token of a pointer without its leading slash, and the rest with its own.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.find('/').map_or((path, ""), |end| path.split_at(end))
}

/// Where the members of an object stand: in one piece of memory for as many as messages have.
pub(super) type Members = SmallVec<[Member; 24]>;

/// Every member of the object that `raw` is.
pub(super) fn members(raw: &str) -> Option<Members> {
    let (mut object, mut members) = (Object::of(raw).ok()?, Members::new());
    while let Some(name) = object.next().ok()? {
        let value = object.value().ok()?;
        let (place, is_escaped) = (Place::of(name.raw, raw)?, name.is_escaped);
        members.push(Member { name: place, value: Place::of(value, raw)?, is_escaped });
    }
    object.ended().then_some(members)
}

/// The value of the member that a pointer's token names; of several, the last counts, as with most readers of JSON.
pub(super) fn member<'a>(raw: &'a str, members: &[Member], token: &str) -> Option<&'a str> {
    let token = unescaped(token);
    let named = |member: &&Member| is(member.name(raw), member.is_escaped, &token);
    members.iter().rev().find(named).map(|member| member.value.in_text(raw))
}

/// The same for an object that is read once.
fn find<'a>(raw: &'a str, token: &str) -> Option<&'a str> {
    let (token, mut found) = (unescaped(token), None);
    let mut object = Object::of(raw).ok()?;
    while let Some(name) = object.next().ok()? {
        let value = object.value().ok()?;
        if is(name.raw, name.is_escaped, &token) {
            found = Some(value);
        }
    }
    found.filter(|_| object.ended())
}

/// Whether a name in its quotes is this one.
fn is(name: &str, is_escaped: bool, token: &str) -> bool {
    if is_escaped { unquote(name).is_some_and(|name| name == token) } else { name[1..name.len() - 1] == *token }
}

fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

pub(super) fn elements(raw: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw).ok()
}

fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if canonical { token.parse().ok() } else { None }
}

/// What the string `raw` says; `None` where it is something else.
pub(crate) fn text_of(raw: &str) -> Option<Cow<'_, str>> {
    if raw.starts_with('"') { unquote(raw) } else { None }
}

/// What a string in its quotes says; `None` where it ends before they do.
pub(super) fn unquote(raw: &str) -> Option<Cow<'_, str>> {
    let (_, is_escaped) = string::end(raw, 1).filter(|(end, _)| *end == raw.len())?;
    if is_escaped {
        string::read(raw, 1).map(|(said, _)| Cow::Owned(said))
    } else {
        raw.get(1..raw.len() - 1).map(Cow::Borrowed)
    }
}

/// Replaces escapes of lone surrogates, which are no characters, by U+FFFD; everything else stays as it is.
pub(super) fn mend_surrogates(text: &str) -> String {
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

//! Names in the tongue of each language.

use dingstream::client::STATES;
use dingstream::delivery::KINDS;
use dingstream::markdown::PLACES;
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::reply::WAYS;
use dingstream::stats::{STATS, StatKind};

/// Words that stand for numbers of the core: name, number and meaning.
type Words = &'static [(&'static str, u32, &'static str)];

/// The types that take one word of several: the type's name, the words, and what they say.
pub(crate) const WORDS: [(&str, Words, &str); 7] = [
    ("Kind", KINDS, "What a delivery is"),
    ("State", STATES, "What a client is doing"),
    ("Via", WAYS, "The way that a reply takes"),
    ("Remind", REMINDS, "How a DING reaches people"),
    ("Host", HOSTS, "Which of DingTalk's hosts"),
    ("MediaType", MEDIA_TYPES, "What kind of file is uploaded"),
    ("Place", PLACES, "Where a link opens on a computer"),
];

/// `at_user_ids` as `atUserIds`.
pub(crate) fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let mut chars = pascal.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// `at_user_ids` as `AtUserIds`.
pub(crate) fn pascal(name: &str) -> String {
    name.split('_').map(capitalised).collect()
}

/// `at_user_ids` as `AT_USER_IDS`.
pub(crate) fn screaming(name: &str) -> String {
    name.to_uppercase()
}

/// The name of the first number that is not counted but held: from there on all are.
pub(crate) fn first_gauge() -> &'static str {
    STATS.iter().find(|stat| stat.kind == StatKind::Gauge).map_or("", |stat| stat.name)
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

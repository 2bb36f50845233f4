//! Names in the tongue of each language.

use dingstream::stats::{STATS, StatKind};

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

/// Words that stand for numbers of the core: name, number and meaning.
pub(crate) type Words = &'static [(&'static str, u32, &'static str)];

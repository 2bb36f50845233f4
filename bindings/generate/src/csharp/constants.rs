//! Enums, topics, and what numbers are called.

use dingstream::card::CARD_OPTIONS;
use dingstream::client::STATES;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::KINDS;
use dingstream::error::ERROR_KINDS;
use dingstream::markdown::PLACES;
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::reply::WAYS;
use dingstream::stream::topics::{TOPICS, kind_of};
use dingstream::webhook::WEBHOOK_OPTIONS;

use super::{source, summary};
use crate::File;
use crate::names::pascal;

fn number_enum<'a>(name: &str, doc: &str, entries: impl Iterator<Item = (String, u32, &'a str)>) -> String {
    let entries: Vec<_> =
        entries.map(|(name, number, doc)| format!("{}        {name} = {number},\n", summary(8, doc))).collect();
    format!("{}    public enum {name}\n    {{\n{}    }}\n", summary(4, doc), entries.join("\n"))
}

/// Every option, with the class that has a property for it.
fn all_options() -> impl Iterator<Item = (&'static str, &'static OptionSpec)> {
    let of = |class: &'static str| move |option: &'static OptionSpec| (class, option);
    OPTIONS
        .iter()
        .map(of("ClientOptions"))
        .chain(WEBHOOK_OPTIONS.iter().map(of("WebhookOptions")))
        .chain(CARD_OPTIONS.iter().map(of("CardOptions")))
}

/// The enums of options: their names, and what they are called on the way to the core.
fn choices() -> Vec<(String, &'static [&'static str])> {
    let mut found: Vec<(String, &'static [&'static str])> = Vec::new();
    for (_, option) in all_options() {
        let OptionKind::Choice(words) = option.kind else { continue };
        let known = found.iter_mut().find(|(_, others)| *others == words);
        match known {
            Some((name, _)) => *name = common(name, option.name),
            None => found.push((option.name.to_owned(), words)),
        }
    }
    found.into_iter().map(|(name, words)| (pascal(&name), words)).collect()
}

/// `answer_message` and `answer_event` share the values of an `answer`.
fn common(one: &str, other: &str) -> String {
    let pairs = one.split('_').zip(other.split('_'));
    let shared: Vec<_> = pairs.take_while(|(one, other)| one == other).map(|(word, _)| word).collect();
    assert!(!shared.is_empty(), "{one} and {other} take the same words and need a name for them");
    shared.join("_")
}

pub(super) fn choice_name(words: &[&str]) -> String {
    let mut all = choices().into_iter();
    all.find(|(_, others)| *others == words).map(|(name, _)| name).expect("every choice is listed")
}

/// `openapi` is two words to those who write it.
fn way(name: &str) -> String {
    pascal(&name.replace("openapi", "open_api"))
}

pub(super) fn file() -> File {
    let kinds = KINDS.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let states = STATES.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let ways = WAYS.iter().map(|(name, number, doc)| (way(name), *number, *doc));
    let hosts = HOSTS.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let reminds = REMINDS.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let media = MEDIA_TYPES.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let places = PLACES.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let errors = ERROR_KINDS.iter().map(|kind| (pascal(kind.name), kind.number, kind.doc));
    let mut members = vec![
        number_enum("Kind", "What a delivery is. Numbers are stable.", kinds),
        number_enum("State", "What a client is doing. Numbers are stable.", states),
        number_enum("Via", "The way that a reply takes. Numbers are stable.", ways),
        number_enum("Host", "Which of DingTalk's hosts. Numbers are stable.", hosts),
        number_enum("Remind", "How a DING reaches people. Numbers are DingTalk's.", reminds),
        number_enum("MediaType", "What kind of file is uploaded. Numbers are stable.", media),
        number_enum("Place", "Where a link opens on a computer. Numbers are stable.", places),
        number_enum(
            "ErrorKind",
            "The kind of a failure. Numbers are stable; a retired one is never used again.",
            errors,
        ),
    ];
    for (name, words) in choices() {
        let users: Vec<_> = all_options()
            .filter(|(_, option)| option.kind == OptionKind::Choice(words))
            .map(|(class, option)| format!("<see cref=\"{class}.{}\"/>", pascal(option.name)))
            .collect();
        let entries: Vec<_> = (0..)
            .zip(words)
            .map(|(number, word)| format!("{}        {} = {number},\n", summary(8, &format!("`{word}`")), pascal(word)))
            .collect();
        members.push(format!(
            "    /// <summary>\n    /// The values of {}.\n    /// </summary>\n    public enum {name}\n    {{\n{}    }}\n",
            users.join(",\n    /// "),
            entries.join("\n")
        ));
    }
    members.push(topics());
    source("Constants", &[], &members)
}

fn topics() -> String {
    let constants: Vec<_> = TOPICS
        .iter()
        .map(|(name, topic)| {
            let doc = format!("`{topic}`");
            format!("{}        public const string {} = \"{topic}\";\n", summary(8, &doc), pascal(name))
        })
        .collect();
    let cases: String = TOPICS
        .iter()
        .map(|(name, topic)| {
            let kind = pascal(kind_of(topic).name());
            format!("                case {}:\n                    return Kind.{kind};\n", pascal(name))
        })
        .collect();
    let rest = pascal(kind_of("").name());
    format!(
        "{}    public static class Topics\n    {{\n{}
        internal static Kind KindOf(string topic)
        {{
            switch (topic)
            {{
{cases}                default:
                    return Kind.{rest};
            }}
        }}
    }}
",
        summary(4, "The topics with a name of their own."),
        constants.join("\n")
    )
}

/// What numbers are called in JSON and logs; the index is the number.
pub(super) fn words() -> File {
    let table = |name: &str, entries: &[(&str, u32)]| {
        let count = entries.iter().map(|(_, number)| number + 1).max().unwrap_or_default();
        let words: Vec<_> = (0..count)
            .map(|number| entries.iter().find(|(_, other)| *other == number).map_or("", |(word, _)| word))
            .map(|word| format!("\"{word}\""))
            .collect();
        format!("        internal static readonly string[] {name} = {{ {} }};\n", words.join(", "))
    };
    let numbered = |entries: &[(&'static str, u32, &'static str)]| -> Vec<(&'static str, u32)> {
        entries.iter().map(|(word, number, _)| (*word, *number)).collect()
    };
    let mut tables = vec![table("Kind", &numbered(KINDS)), table("State", &numbered(STATES))];
    for (name, words) in choices() {
        let entries: Vec<_> = words.iter().copied().zip(0..).collect();
        tables.push(table(&name, &entries));
    }
    let class = format!(
        "{}    internal static class Words\n    {{\n{}    }}\n",
        summary(4, "What numbers are called in JSON and in logs."),
        tables.join("\n")
    );
    source("Words", &[], &[class])
}

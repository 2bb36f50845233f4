//! The reference pages: every option and every number of the statistics, for the readers of all languages.

use dingstream::card::CARD_OPTIONS;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::stats::{STATS, StatKind};
use dingstream::webhook::WEBHOOK_OPTIONS;

use crate::names::camel;
use crate::{File, NOTICE};

pub(crate) fn files() -> Vec<File> {
    vec![File::new("docs/options.md", options()), File::new("docs/stats.md", stats())]
}

fn options() -> String {
    let mut text = format!(
        "<!-- {NOTICE} -->\n# Options\n\nEvery option of a client, by its name in Rust, C (`dingstream_config_set_<name>`) and Python. In Node and PHP it is \
         `camelCase`\n(`{}`); in C# a property of `ClientOptions` in `PascalCase`, whose durations are a `TimeSpan` without the `_ms`.\n\n\
         | option | takes | default | |\n| --- | --- | --- | --- |\n",
        camel("ping_after_ms"),
    );
    OPTIONS.iter().for_each(|option| row(&mut text, option));
    text += "\n## Of a webhook\n\n| option | takes | default | |\n| --- | --- | --- | --- |\n";
    WEBHOOK_OPTIONS.iter().for_each(|option| row(&mut text, option));
    text += "\n## Of a card session\n\n| option | takes | default | |\n| --- | --- | --- | --- |\n";
    CARD_OPTIONS.iter().for_each(|option| row(&mut text, option));
    text
}

fn row(text: &mut String, option: &OptionSpec) {
    let default = if option.default.is_empty() { String::new() } else { format!("`{}`", option.default) };
    *text += &format!("| `{}` | {} | {default} | {} |\n", option.name, takes(option), prose(option.doc));
}

fn takes(option: &OptionSpec) -> String {
    match option.kind {
        OptionKind::Text => "text".to_owned(),
        OptionKind::Secret => "text, never shown".to_owned(),
        OptionKind::Millis => "milliseconds".to_owned(),
        OptionKind::Count => "a number above 0".to_owned(),
        OptionKind::Bool => "yes or no".to_owned(),
        OptionKind::Texts => "texts".to_owned(),
        OptionKind::Map => "texts by name".to_owned(),
        OptionKind::Object => "any values by name".to_owned(),
        OptionKind::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
    }
}

fn stats() -> String {
    let mut text = format!(
        "<!-- {NOTICE} -->\n# Statistics\n\nWhat `stats()` of a client returns, in every language, and `metrics()` as the text that Prometheus scrapes: there \
         each\nname begins with `dingstream_`, counters end with `_total`, and the label `client_id` tells clients apart. Counters grow\n\
         from the client's making on; gauges are what is so at the moment.\n\n| number | | |\n| --- | --- | --- |\n"
    );
    for stat in STATS {
        let kind = match stat.kind {
            StatKind::Counter => "counter",
            StatKind::Gauge => "gauge",
        };
        text += &format!("| `{}` | {kind} | {} |\n", stat.name, prose(stat.doc));
    }
    text
}

fn prose(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

//! What the Node package takes from the core: error classes, options, constants, stats, message builders and views,
//! each as JavaScript and as types.

use std::fmt::Write;

use dingstream::card::CARD_OPTIONS;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::{KINDS, Kind};
use dingstream::error::ERROR_KINDS;
use dingstream::inbound::{FieldKind, VIEWS, ViewField};
use dingstream::log::Level;
use dingstream::message::{FieldKind as MessageField, FieldSpec, MESSAGES};
use dingstream::stats::STATS;
use dingstream::stream::topics::TOPICS;
use dingstream::webhook::WEBHOOK_OPTIONS;

use crate::names::{WORDS, camel, first_gauge, pascal, screaming};
use crate::{File, NOTICE};

/// What the package has no use for: it takes deliveries from the queue.
const NOT_OPTIONS: &[&str] = &["dispatchers"];

pub(crate) fn files() -> Vec<File> {
    vec![
        script("errors", &errors()),
        types("errors", &errors_types()),
        script("options", &options()),
        types("options", &options_types()),
        script("stats", &stats()),
        types("stats", &stats_types()),
        script("topics", &topics()),
        types("topics", &topics_types()),
        script("kinds", &kinds()),
        types("kinds", &kinds_types()),
        script("messages", &messages()),
        types("messages", &messages_types()),
        script("views", &views()),
        types("views", &views_types()),
    ]
}

fn script(name: &str, body: &str) -> File {
    File::new(format!("bindings/node/lib/generated/{name}.js"), format!("// {NOTICE}\n'use strict'\n{body}"))
}

fn types(name: &str, body: &str) -> File {
    File::new(format!("bindings/node/lib/generated/{name}.d.ts"), format!("// {NOTICE}\n{body}"))
}

/// Formats into a text, line by line.
macro_rules! line {
    ($text:ident, $($format:tt)*) => { writeln!($text, $($format)*).expect("a String takes any text") };
}

/// A documentation comment, with what follows the first line indented alike.
fn doc(indent: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    match lines.as_slice() {
        [line] => format!("{indent}/** {line} */\n"),
        lines => format!("{indent}/**\n{indent} * {}\n{indent} */\n", lines.join(&format!("\n{indent} * "))),
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

fn union(words: impl Iterator<Item = &'static str>) -> String {
    words.map(quoted).collect::<Vec<_>>().join(" | ")
}

fn error_class(name: &str) -> String {
    format!("{}Error", pascal(name))
}

fn errors() -> String {
    let mut text = String::from("\nconst { DingStreamError } = require('../error.js')\n");
    for kind in ERROR_KINDS {
        let class = error_class(kind.name);
        line!(
            text,
            "\nexports.{class} = class {class} extends DingStreamError {{\n  static kind = {}\n}}",
            quoted(kind.name)
        );
    }
    text
}

fn errors_types() -> String {
    let mut text = String::from("import { DingStreamError } from '../error.js'\n\n/** The kinds of error. */\n");
    line!(text, "export type ErrorKind =");
    for kind in ERROR_KINDS {
        line!(text, "  | {}", quoted(kind.name));
    }
    for kind in ERROR_KINDS {
        let class = error_class(kind.name);
        line!(
            text,
            "\n{}export class {class} extends DingStreamError {{\n  static readonly kind: {name}\n  readonly kind: {name}\n}}",
            doc("", kind.doc),
            name = quoted(kind.name)
        );
    }
    text
}

fn options() -> String {
    let mut text = option_names("OPTIONS", "The core's name of each option.", OPTIONS);
    text += &option_names("WEBHOOK_OPTIONS", "The same of a webhook's.", WEBHOOK_OPTIONS);
    text += &option_names("CARD_OPTIONS", "The same of a card session's.", CARD_OPTIONS);
    text
}

fn option_names(name: &str, told: &str, options: &[OptionSpec]) -> String {
    let mut text = format!("\n/** {told} */\nexports.{name} = {{\n");
    for option in options.iter().filter(|option| !NOT_OPTIONS.contains(&option.name)) {
        line!(text, "  {}: {},", camel(option.name), quoted(option.name));
    }
    text + "}\n"
}

fn options_types() -> String {
    let client = option_interface("ClientOptions", "The options of a client.", OPTIONS);
    let webhook = option_interface("WebhookOptions", "The options of a webhook.", WEBHOOK_OPTIONS);
    let card = option_interface("CardOptions", "The options of a card session.", CARD_OPTIONS);
    format!("{client}\n{webhook}\n{card}")
}

fn option_interface(name: &str, told: &str, options: &[OptionSpec]) -> String {
    let mut text = format!("/** {told} */\nexport interface {name} {{\n");
    for option in options.iter().filter(|option| !NOT_OPTIONS.contains(&option.name)) {
        let kind = match option.kind {
            // The core takes several addresses as one text, with spaces between.
            OptionKind::Secret if option.name == "url" => "string | readonly string[]".to_owned(),
            OptionKind::Text | OptionKind::Secret => "string".to_owned(),
            OptionKind::Millis | OptionKind::Count => "number".to_owned(),
            OptionKind::Bool => "boolean".to_owned(),
            OptionKind::Texts => "readonly string[]".to_owned(),
            OptionKind::Map => "Record<string, string>".to_owned(),
            OptionKind::Object => "Record<string, unknown>".to_owned(),
            OptionKind::Choice(words) => union(words.iter().copied()),
        };
        let told = match option.default {
            "" => option.doc.to_owned(),
            default => format!("{}\n@default {default}", option.doc),
        };
        // These alone have no default that could work.
        let mark = if matches!(option.name, "client_id" | "client_secret" | "url") { "" } else { "?" };
        line!(text, "{}  {}{mark}: {kind}", doc("  ", &told), camel(option.name));
    }
    text + "}\n"
}

fn stats() -> String {
    let mut text = String::from("\n/** The core's name of each number. */\nexports.STATS = {\n");
    for stat in STATS {
        line!(text, "  {}: {},", camel(stat.name), quoted(stat.name));
    }
    text + "}\n"
}

fn stats_types() -> String {
    let mut text = String::new();
    let told = format!(
        "What a client has counted since it was made, and from `{}` on what it holds now.",
        camel(first_gauge())
    );
    line!(text, "{}export interface Stats {{", doc("", &told));
    for stat in STATS {
        line!(text, "{}  readonly {}: number", doc("  ", stat.doc), camel(stat.name));
    }
    text + "}\n"
}

fn topics() -> String {
    let mut text = String::from("\nexports.TOPICS = Object.freeze({\n");
    for (name, topic) in TOPICS {
        line!(text, "  {}: {},", screaming(name), quoted(topic));
    }
    text + "})\n"
}

fn topics_types() -> String {
    let mut text = String::from("/** The topics with names, for `client.on`. */\nexport const TOPICS: {\n");
    for (name, topic) in TOPICS {
        line!(text, "  readonly {}: {}", screaming(name), quoted(topic));
    }
    text + "}\n"
}

fn kinds() -> String {
    let mut text = String::from("\n/** The number of each kind of delivery. */\nexports.KIND = {\n");
    for (name, number, _) in KINDS {
        line!(text, "  {}: {number},", screaming(name));
    }
    text += "}\n\n/** The name of each kind, by its number. */\nexports.KIND_NAMES = {\n";
    for (name, number, _) in KINDS {
        line!(text, "  {number}: {},", quoted(name));
    }
    text + "}\n"
}

fn kinds_types() -> String {
    let mut text = String::new();
    for (name, table, told) in WORDS {
        line!(text, "/**\n * {told}:");
        for (word, _, meaning) in table {
            line!(text, " * - `{word}`: {}", meaning.replace('\n', " "));
        }
        line!(text, " */\nexport type {name} = {}\n", union(table.iter().map(|(word, _, _)| *word)));
    }
    let levels = Level::NAMES.iter().copied().filter(|name| *name != "off");
    line!(text, "/** How severe a log record is. */\nexport type LogLevel = {}", union(levels));
    text
}

fn messages() -> String {
    let mut text = String::from("\nconst { Message } = require('../message.js')\n");
    for message in MESSAGES {
        let (required, optional): (Vec<&FieldSpec>, Vec<&FieldSpec>) =
            message.fields.iter().partition(|field| is_required(field));
        let mut parameters: Vec<_> = required.iter().map(|field| camel(field.name)).collect();
        parameters.push("more".to_owned());
        let given: Vec<_> = required.into_iter().map(given).collect();
        let known: Vec<_> =
            optional.iter().map(|field| format!(", {{ {}: {} }}", camel(field.name), quoted(field.name))).collect();
        line!(
            text,
            "\nexports.{} = ({}) => new Message({}, {{ {} }}, more{})",
            camel(message.name),
            parameters.join(", "),
            quoted(message.name),
            given.join(", "),
            known.concat()
        );
    }
    text
}

fn is_required(field: &FieldSpec) -> bool {
    !matches!(field.kind, MessageField::Optional | MessageField::Flag)
}

fn given(field: &FieldSpec) -> String {
    let name = camel(field.name);
    if name == field.name { name } else { format!("{}: {name}", field.name) }
}

fn messages_types() -> String {
    let mut text = String::from("import { Mentions, Message } from '../message.js'\n");
    for message in MESSAGES {
        let mut told = message.doc.to_owned();
        let (required, optional): (Vec<&FieldSpec>, Vec<&FieldSpec>) =
            message.fields.iter().partition(|field| is_required(field));
        for field in &required {
            line!(told, "\n@param {} {}", camel(field.name), field.doc.replace('\n', " "));
        }
        for field in &optional {
            line!(told, "\n@param more.{} {}", camel(field.name), field.doc.replace('\n', " "));
        }
        let named = |field: &&FieldSpec| format!("{}: {}", camel(field.name), message_type(field.kind));
        let fields: Vec<_> = required.iter().map(named).collect();
        let more: Vec<_> = optional
            .iter()
            .map(|field| format!(" & {{ {}?: {} }}", camel(field.name), message_type(field.kind)))
            .collect();
        let (fields, told, more) = (fields.join(", "), without_blank_lines(&told), more.concat());
        let (doc, name) = (doc("", &told), camel(message.name));
        line!(text, "\n{doc}export function {name}({fields}, more?: Mentions{more}): Message");
    }
    text
}

fn message_type(kind: MessageField) -> &'static str {
    match kind {
        MessageField::Text | MessageField::Address | MessageField::Optional => "string",
        MessageField::Int => "number",
        MessageField::Flag => "boolean",
        MessageField::Buttons => "readonly { title: string; url: string }[]",
        MessageField::Entries => "readonly { title: string; url: string; picture: string }[]",
    }
}

fn without_blank_lines(text: &str) -> String {
    text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

fn views() -> String {
    let mut text = String::from("\nconst { Delivery, parse, read } = require('../delivery.js')\n");
    let mut place = 0;
    for view in VIEWS {
        line!(text, "\nexports.{0} = class {0} extends Delivery {{", view.name);
        line!(text, "  static kind = {}", quoted(view.kind.name()));
        for field in view.fields {
            let value = match field.kind {
                FieldKind::Json | FieldKind::List => format!("parse(read(this, {place}))"),
                _ => format!("read(this, {place})"),
            };
            line!(text, "\n  get {}() {{\n    return {value}\n  }}", camel(field.name));
            place += 1;
        }
        text += "}\n";
    }
    text
}

fn views_types() -> String {
    let mut text = String::from("import { Delivery } from '../delivery.js'\n");
    for view in VIEWS {
        line!(text, "\n{}export class {} extends Delivery {{", doc("", view.doc), view.name);
        line!(text, "  readonly kind: {}", quoted(view.kind.name()));
        for field in view.fields {
            line!(text, "{}  readonly {}: {}", doc("  ", field.doc), camel(field.name), field_type(field));
        }
        text += "}\n";
    }
    text += "\n/** The class of each kind of delivery. */\nexport interface DeliveryOfKind {\n";
    for (name, number, _) in KINDS {
        let kind = Kind::from_number(*number);
        let view = VIEWS.iter().find(|view| Some(view.kind) == kind);
        line!(text, "  {name}: {}", view.map_or("Delivery", |view| view.name));
    }
    text + "}\n"
}

fn field_type(field: &ViewField) -> &'static str {
    match field.kind {
        FieldKind::Text | FieldKind::Trimmed => "string | undefined",
        FieldKind::Int => "number | undefined",
        FieldKind::Bool => "boolean | undefined",
        FieldKind::Json => "any",
        FieldKind::List => "any[] | undefined",
    }
}

//! PHP: exceptions, enums, options as named parameters, stats, message builders and inbound views.

mod messages;
mod options;
mod stats;

use dingstream::client::STATES;
use dingstream::delivery::KINDS;
use dingstream::error::ERROR_KINDS;
use dingstream::inbound::{FieldKind, Part, VIEWS, ViewSpec};
use dingstream::markdown::PLACES;
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::reply::WAYS;
use dingstream::stream::topics::{TOPICS, kind_of};

use crate::names::{camel, pascal, screaming};
use crate::{File, NOTICE};

const FOLDER: &str = "bindings/php/src";

/// What PSR-12 allows, less the indentation of a method's documentation.
const WIDTH: usize = 112;

pub(crate) fn files() -> Vec<File> {
    let mut files = vec![
        number_enum("Kind", "What a delivery is. Numbers are stable.", KINDS),
        number_enum("State", "What a client is doing. Numbers are stable.", STATES),
        topics(),
        tables(),
        options::of_client(),
        options::of_webhook(),
        stats::stats(),
        messages::message(),
    ];
    files.extend(options::of_cards());
    files.extend(ERROR_KINDS.iter().map(|kind| exception(kind.name, kind.doc)));
    files.extend(VIEWS.iter().map(view));
    files
}

/// One file of one type, `name` being its path below the namespace.
fn file(name: &str, uses: &[&str], body: &str) -> File {
    let namespace = name.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("\\{folder}"));
    let uses = match uses {
        [] => String::new(),
        uses => uses.iter().map(|name| format!("use {name};\n")).collect::<String>() + "\n",
    };
    File::new(
        format!("{FOLDER}/{name}.php"),
        format!("<?php\n\n// {NOTICE}\n\ndeclare(strict_types=1);\n\nnamespace DingStream{namespace};\n\n{uses}{body}"),
    )
}

fn exception(name: &str, doc: &str) -> File {
    let class = format!("{}Exception", pascal(name));
    let doc = block("", &[&prose(doc)]);
    file(&format!("Exception/{class}"), &[], &format!("{doc}class {class} extends DingStreamException\n{{\n}}\n"))
}

fn number_enum(name: &str, doc: &str, rows: &[(&str, u32, &str)]) -> File {
    let mut body = block("", &[doc]) + &format!("enum {name}: int\n{{\n");
    for (case, number, doc) in rows {
        body += &block("    ", &[&prose(doc)]);
        body += &format!("    case {} = {number};\n\n", pascal(case));
    }
    body += &block("    ", &["Its lower-case name, the same in every language."]);
    body += "    public function label(): string\n    {\n        return match ($this) {\n";
    for (case, ..) in rows {
        body += &format!("            self::{} => '{case}',\n", pascal(case));
    }
    file(name, &[], &(body + "        };\n    }\n}\n"))
}

fn topics() -> File {
    let mut body = block("", &["The topics that have a name of their own."]) + "final class Topics\n{\n";
    for (name, topic) in TOPICS {
        body += &format!("    public const {} = '{topic}';\n", screaming(name));
    }
    file("Topics", &[], &(body + "}\n"))
}

/// What is looked up by the numbers of the C ABI.
fn tables() -> File {
    let mut body = block("", &["What the numbers of the native library stand for.", "@internal"]);
    body += "final class Tables\n{\n";
    for (name, number, _) in KINDS {
        body += &format!("    public const {} = {number};\n", screaming(name));
    }
    body.push('\n');
    body += &block("    ", &["@var array<int, class-string<DingStreamException>>"]);
    body += "    public const EXCEPTIONS = [\n";
    for kind in ERROR_KINDS {
        body += &format!("        {} => Exception\\{}Exception::class,\n", kind.number, pascal(kind.name));
    }
    body += "    ];\n\n";
    body += &block("    ", &["@var array<int, string>"]);
    body += "    public const ERROR_KINDS = [\n";
    for kind in ERROR_KINDS {
        body += &format!("        {} => '{}',\n", kind.number, kind.name);
    }
    body += "    ];\n\n";
    body += &block("    ", &["@var array<int, class-string<Delivery>>"]);
    body += "    public const VIEWS = [\n";
    for view in VIEWS {
        body += &format!("        {} => {}::class,\n", view.kind as u32, view.name);
    }
    body += "    ];\n\n";
    body += &block("    ", &["@var array<string, int> the kinds of the topics that have a name; others are Other"]);
    body += "    public const TOPIC_KINDS = [\n";
    for (_, topic) in TOPICS {
        body += &format!("        '{topic}' => {},\n", kind_of(topic) as u32);
    }
    body += "    ];\n\n";
    for (name, rows) in
        [("VIA", WAYS), ("HOSTS", HOSTS), ("REMINDS", REMINDS), ("MEDIA_TYPES", MEDIA_TYPES), ("PLACES", PLACES)]
    {
        body += &block("    ", &["@var array<string, int>"]);
        let entries: Vec<String> = rows.iter().map(|(word, number, _)| format!("'{word}' => {number}")).collect();
        body += &format!("    public const {name} = [{}];\n\n", entries.join(", "));
    }
    body += &block("    ", &["The number of a word.", "@param array<string, int> $words", "@throws ArgumentException"]);
    body += "    public static function number(string $name, array $words, string $word): int\n    {\n";
    body += "        $known = \\implode(', ', \\array_keys($words));\n";
    body += "        return $words[$word] ?? throw new ArgumentException('argument', \"$name takes one of $known\");\n";
    body += "    }\n}\n";
    let views = VIEWS.iter().map(|view| format!("DingStream\\{}", view.name));
    let mut uses: Vec<String> = views.collect();
    let more = ["Delivery", "Exception", "Exception\\ArgumentException", "Exception\\DingStreamException"];
    uses.extend(more.map(|name| format!("DingStream\\{name}")));
    uses.sort();
    let uses: Vec<&str> = uses.iter().map(String::as_str).collect();
    file("Internal/Tables", &uses, &body)
}

fn view(spec: &ViewSpec) -> File {
    let properties = spec.fields.iter().map(|field| {
        let of = match field.kind {
            FieldKind::Text | FieldKind::Trimmed => "string|null",
            FieldKind::Int => "int|null",
            FieldKind::Bool => "bool|null",
            FieldKind::Json => "mixed",
            FieldKind::List => "list<mixed>|null",
        };
        hang("@property-read", &format!("{of} ${} {}", camel(field.name), prose(field.doc)))
    });
    let properties: Vec<String> = properties.collect();
    let mut body = block("", &[&prose(spec.doc), &properties.join("\n")]);
    body += &format!("final class {} extends Delivery\n{{\n    protected const FIELDS = [\n", spec.name);
    for field in spec.fields {
        let part = match field.part {
            Part::Data => "Data",
            Part::Headers => "Headers",
        };
        let pointers: Vec<String> = field.pointers.iter().map(|pointer| format!("'{pointer}'")).collect();
        let head = format!("        '{}' => [Part::{part}, FieldKind::{:?}, [", camel(field.name), field.kind);
        let line = format!("{head}{}]],", pointers.join(", "));
        body += &if line.len() <= WIDTH {
            line + "\n"
        } else {
            format!("{head}\n            {},\n        ]],\n", pointers.join(",\n            "))
        };
    }
    body += "    ];\n}\n";
    file(spec.name, &["DingStream\\Internal\\FieldKind", "DingStream\\Internal\\Part"], &body)
}

/// A text of several source lines as one.
fn prose(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A documentation block; its parts stand apart.
fn block(indent: &str, parts: &[&str]) -> String {
    let text = parts.iter().map(|part| wrapped(part)).collect::<Vec<_>>().join("\n\n");
    let lines = text.lines().map(|line| match line {
        "" => format!("{indent} *\n"),
        line => format!("{indent} * {line}\n"),
    });
    format!("{indent}/**\n{}{indent} */\n", lines.collect::<String>())
}

/// A tag whose further lines are indented.
fn hang(tag: &str, text: &str) -> String {
    fill(&format!("{tag} {text}"), "    ")
}

fn wrapped(part: &str) -> String {
    part.lines()
        .map(|line| if line.starts_with(['@', ' ']) { line.to_owned() } else { fill(line, "") })
        .collect::<Vec<_>>()
        .join("\n")
}

fn fill(text: &str, hanging: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("begun with one");
        if !line.is_empty() && line.chars().count() + word.chars().count() >= WIDTH {
            lines.push(format!("{hanging}{word}"));
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

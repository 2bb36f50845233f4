//! PHP: exceptions, enums, options as named parameters, stats, message builders and inbound views.

mod messages;
mod stats;

use dingstream::client::STATES;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::KINDS;
use dingstream::error::ERROR_KINDS;
use dingstream::inbound::{FieldKind, Part, VIEWS, ViewSpec};
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
        options(),
        stats::stats(),
        messages::message(),
    ];
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
    body += "    ];\n}\n";
    let views = VIEWS.iter().map(|view| format!("DingStream\\{}", view.name));
    let mut uses: Vec<String> = views.collect();
    uses.extend(["Delivery", "Exception", "Exception\\DingStreamException"].map(|name| format!("DingStream\\{name}")));
    uses.sort();
    let uses: Vec<&str> = uses.iter().map(String::as_str).collect();
    file("Internal/Tables", &uses, &body)
}

/// The constructor of the client: PHP's named arguments are its options.
fn options() -> File {
    let (credential, optional) = OPTIONS.split_at(2);
    let mut tags: Vec<String> = credential.iter().map(|option| tag("string", option)).collect();
    tags.extend(optional.iter().map(|option| tag(&doc_type(option), option)));
    tags.push(hang(
        "@param",
        "LoggerInterface|null $logger Where log records and the exceptions of handlers go; without one, standard error.",
    ));
    let throws = "@throws ConfigException where the configuration can't work";
    let lines = [tags.join("\n"), throws.to_owned()];

    let mut body = block("", &["The options of a client, as named arguments.", "@internal"]);
    body += "trait Options\n{\n";
    body += &block("    ", &lines.each_ref().map(String::as_str));
    body += "    public function __construct(\n";
    for option in credential {
        let hidden = if option.kind == OptionKind::Secret { "#[\\SensitiveParameter]\n        " } else { "" };
        body += &format!("        {hidden}string ${},\n", camel(option.name));
    }
    for option in optional {
        body += &format!("        {},\n", parameter(option));
    }
    body += "        ?LoggerInterface $logger = null\n    ) {\n        $this->open([\n";
    for option in OPTIONS {
        let cast = if option.kind == OptionKind::Map { "(object) " } else { "" };
        body += &format!("            '{}' => {cast}${},\n", option.name, camel(option.name));
    }
    body += "        ], $logger);\n    }\n}\n";
    file("Internal/Options", &["DingStream\\Exception\\ConfigException", "Psr\\Log\\LoggerInterface"], &body)
}

fn parameter(option: &OptionSpec) -> String {
    let (name, default) = (camel(option.name), option.default);
    match option.kind {
        OptionKind::Text => format!("?string ${name} = null"),
        OptionKind::Secret => format!("#[\\SensitiveParameter]\n        ?string ${name} = null"),
        OptionKind::Millis | OptionKind::Count => format!("int ${name} = {default}"),
        OptionKind::Bool => format!("bool ${name} = {default}"),
        OptionKind::Map | OptionKind::Texts => format!("array ${name} = []"),
        OptionKind::Choice(_) => format!("string ${name} = '{default}'"),
    }
}

fn doc_type(option: &OptionSpec) -> String {
    match option.kind {
        OptionKind::Text | OptionKind::Secret => "string|null".to_owned(),
        OptionKind::Millis => "int<0, max>".to_owned(),
        OptionKind::Count => "positive-int".to_owned(),
        OptionKind::Bool => "bool".to_owned(),
        OptionKind::Texts => "list<string>".to_owned(),
        OptionKind::Map => "array<string, string>".to_owned(),
        OptionKind::Choice(words) => words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join("|"),
    }
}

fn tag(of: &str, option: &OptionSpec) -> String {
    hang("@param", &format!("{of} ${} {}", camel(option.name), prose(option.doc)))
}

fn view(spec: &ViewSpec) -> File {
    let properties = spec.fields.iter().map(|field| {
        let of = match field.kind {
            FieldKind::Text | FieldKind::Trimmed => "string|null",
            FieldKind::Int => "int|null",
            FieldKind::Bool => "bool|null",
            FieldKind::Json => "mixed",
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

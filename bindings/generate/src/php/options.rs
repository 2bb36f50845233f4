//! The constructors of the client and of the webhook: PHP's named arguments are their options.

use dingstream::card::CARD_OPTIONS;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::webhook::WEBHOOK_OPTIONS;

use super::{block, file, hang, prose};
use crate::File;
use crate::names::camel;

pub(super) fn of_client() -> File {
    let logged = "log records and the exceptions of handlers";
    file_of("Options", "The options of a client, as named arguments.", logged, OPTIONS, |option| match option.name {
        "client_id" | "client_secret" => required(option),
        _ => usual(option),
    })
}

/// Where a request waits for its answer, a message that waits for a minute is worse than one that is refused; so what
/// overflows has no default of its own.
pub(super) fn of_webhook() -> File {
    let doc = "The options of a webhook, as named arguments.";
    file_of("WebhookOptions", doc, "log records", WEBHOOK_OPTIONS, |option| match option.name {
        "url" => required(option),
        "secret" => Argument { default: Some("''".to_owned()), ..required(option) },
        "overflow" => Argument {
            of: "?string".to_owned(),
            default: Some("null".to_owned()),
            doc: format!("{} Unless set, they wait; under php-fpm, they are refused.", prose(option.doc)),
            doc_type: format!("{}|null", words(option)),
            ..usual(option)
        },
        _ => usual(option),
    })
}

/// The options of a card session: a value of its own, for a session is opened by a function.
pub(super) fn of_card() -> File {
    let mut tags: Vec<String> = Vec::new();
    let (mut parameters, mut entries) = (String::new(), String::new());
    for option in CARD_OPTIONS {
        let (name, argument) = (camel(option.name), usual(option));
        tags.push(hang("@param", &format!("{} ${name} {}", argument.doc_type, argument.doc)));
        let default = argument.default.unwrap_or_default();
        parameters += &format!("        private readonly {} ${name} = {default},\n", argument.of);
        let cast = if option.kind == OptionKind::Object { "(object) " } else { "" };
        entries += &format!("            '{}' => {cast}$this->{name},\n", option.name);
    }
    let body = block("", &["The options of a card session, as named arguments."])
        + "final class CardOptions\n{\n"
        + &block("    ", &[&tags.join("\n")])
        + "    public function __construct(\n"
        + &parameters
        + "    ) {\n    }\n\n"
        + &block("    ", &["@internal", "@return array<string, mixed> what was set, by its name in the core"])
        + "    public function toArray(): array\n    {\n        return array_filter([\n"
        + &entries
        + "        ], static fn (mixed $value): bool => $value !== null);\n    }\n}\n";
    file("CardOptions", &[], &body)
}

/// One argument of a constructor.
struct Argument {
    of: String,
    default: Option<String>,
    doc: String,
    doc_type: String,
    is_hidden: bool,
}

fn required(option: &OptionSpec) -> Argument {
    Argument { of: "string".to_owned(), default: None, doc_type: "string".to_owned(), ..usual(option) }
}

fn usual(option: &OptionSpec) -> Argument {
    let (of, default) = match option.kind {
        OptionKind::Text | OptionKind::Secret => ("?string", "null".to_owned()),
        OptionKind::Millis | OptionKind::Count => ("int", option.default.to_owned()),
        OptionKind::Bool => ("bool", option.default.to_owned()),
        OptionKind::Map | OptionKind::Texts | OptionKind::Object => ("array", "[]".to_owned()),
        OptionKind::Choice(_) => ("string", format!("'{}'", option.default)),
    };
    Argument {
        of: of.to_owned(),
        default: Some(default),
        doc: prose(option.doc),
        doc_type: doc_type(option),
        is_hidden: option.kind == OptionKind::Secret,
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
        OptionKind::Object => "array<string, mixed>".to_owned(),
        OptionKind::Choice(_) => words(option),
    }
}

fn words(option: &OptionSpec) -> String {
    let OptionKind::Choice(words) = option.kind else { return String::new() };
    words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join("|")
}

/// A trait with a constructor that hands the options on, under their names in the core.
fn file_of(name: &str, doc: &str, logged: &str, options: &[OptionSpec], argument: fn(&OptionSpec) -> Argument) -> File {
    let mut tags: Vec<String> = Vec::new();
    let mut parameters = String::new();
    let mut entries = String::new();
    for option in options {
        let (name, argument) = (camel(option.name), argument(option));
        tags.push(hang("@param", &format!("{} ${name} {}", argument.doc_type, argument.doc)));
        let hidden = if argument.is_hidden { "#[\\SensitiveParameter]\n        " } else { "" };
        let default = argument.default.map_or_else(String::new, |default| format!(" = {default}"));
        parameters += &format!("        {hidden}{} ${name}{default},\n", argument.of);
        let cast = if matches!(option.kind, OptionKind::Map | OptionKind::Object) { "(object) " } else { "" };
        entries += &format!("            '{}' => {cast}${name},\n", option.name);
    }
    let logger = format!("LoggerInterface|null $logger Where {logged} go; without one, standard error.");
    tags.push(hang("@param", &logger));
    let throws = "@throws ConfigException where the configuration can't work";
    let body = block("", &[doc, "@internal"])
        + &format!("trait {name}\n{{\n")
        + &block("    ", &[&tags.join("\n"), throws])
        + "    public function __construct(\n"
        + &parameters
        + "        ?LoggerInterface $logger = null\n    ) {\n        $this->open([\n"
        + &entries
        + "        ], $logger);\n    }\n}\n";
    file(&format!("Internal/{name}"), &["DingStream\\Exception\\ConfigException", "Psr\\Log\\LoggerInterface"], &body)
}

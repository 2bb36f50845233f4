//! The constructors of the client and of the webhook, and what opens a card session: PHP's named arguments are their
//! options.

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

/// What opens a card session, once for each place where one can be.
pub(super) fn of_cards() -> [File; 2] {
    let on_message = Opener {
        name: "CardOnMessage",
        doc: "How a session is opened where a bot message came from.",
        about: "Opens a session that types into an AI card where this bot message came from: in its group, or in the \
                conversation of its sender with the robot. It is open at once; what DingTalk says to it comes with its end. \
                Where cards are refused, the text goes out as a reply.",
        throws: "an ArgumentException where this is no bot message, a ConfigException for options that can't work",
        place: None,
        call: "'delivery_card', $this->handle",
    };
    let in_space = Opener {
        name: "CardInSpace",
        doc: "How a session is opened in a space.",
        about: "Opens a session that types into an AI card in a space. It needs no connection, neither `start` nor `run`, \
                and is open at once; what DingTalk says to it comes with its end. Where cards are refused, the text goes \
                out as a message.",
        throws: "a ConfigException for options that can't work",
        place: Some("Where the card appears: a group, or the conversation of a user with the robot."),
        call: "'client_card', $this->handle, $place, \\strlen($place)",
    };
    [on_message.file(), in_space.file()]
}

/// A function that opens a card session: PHP's named arguments are its options.
struct Opener {
    name: &'static str,
    doc: &'static str,
    about: &'static str,
    throws: &'static str,
    /// What the documentation says of the space, where it takes one.
    place: Option<&'static str>,
    call: &'static str,
}

impl Opener {
    fn file(&self) -> File {
        let mut tags: Vec<String> =
            self.place.map(|doc| hang("@param", &format!("Space $space {doc}"))).into_iter().collect();
        let (mut parameters, mut entries) = (String::new(), String::new());
        for option in CARD_OPTIONS {
            let (name, argument) = (camel(option.name), said(option));
            tags.push(hang("@param", &format!("{} ${name} {}", argument.doc_type, argument.doc)));
            parameters += &parameter(&name, &argument);
            entries += &format!("            '{}' => {}${name},\n", option.name, cast(option));
        }
        let (space, place) = match self.place {
            Some(_) => ("        Space $space,\n", "        $place = $space->toJson();\n"),
            None => ("", ""),
        };
        let throws = hang("@throws", &format!("DingStreamException {}", self.throws));
        let body = block("", &[self.doc, "@internal"])
            + &format!("trait {}\n{{\n", self.name)
            + &block("    ", &[self.about, &tags.join("\n"), &throws])
            + "    public function card(\n"
            + space
            + parameters.trim_end_matches(",\n")
            + "\n    ): CardSession {\n"
            + place
            + "        return CardSession::open($this->receiver, [\n"
            + &entries
            + &format!("        ], {});\n    }}\n}}\n", self.call);
        let mut uses = vec!["DingStream\\CardSession", "DingStream\\Exception\\DingStreamException"];
        uses.extend(self.place.map(|_| "DingStream\\Space"));
        file(&format!("Internal/{}", self.name), &uses, &body)
    }
}

/// An option of a card: its texts have their defaults in the signature, and people read all of them.
fn said(option: &OptionSpec) -> Argument {
    match option.kind {
        OptionKind::Text => Argument {
            of: "string".to_owned(),
            default: Some(format!("'{}'", option.default)),
            doc_type: "string".to_owned(),
            is_hidden: true,
            ..usual(option)
        },
        OptionKind::Object => Argument { is_hidden: true, ..usual(option) },
        _ => usual(option),
    }
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

fn parameter(name: &str, argument: &Argument) -> String {
    let hidden = if argument.is_hidden { "#[\\SensitiveParameter]\n        " } else { "" };
    let default = argument.default.as_ref().map_or_else(String::new, |default| format!(" = {default}"));
    format!("        {hidden}{} ${name}{default},\n", argument.of)
}

/// PHP's arrays are lists and objects; an empty one would be a list.
fn cast(option: &OptionSpec) -> &'static str {
    if matches!(option.kind, OptionKind::Map | OptionKind::Object) { "(object) " } else { "" }
}

/// A trait with a constructor that hands the options on, under their names in the core.
fn file_of(name: &str, doc: &str, logged: &str, options: &[OptionSpec], argument: fn(&OptionSpec) -> Argument) -> File {
    let mut tags: Vec<String> = Vec::new();
    let mut parameters = String::new();
    let mut entries = String::new();
    for option in options {
        let (name, argument) = (camel(option.name), argument(option));
        tags.push(hang("@param", &format!("{} ${name} {}", argument.doc_type, argument.doc)));
        parameters += &parameter(&name, &argument);
        entries += &format!("            '{}' => {}${name},\n", option.name, cast(option));
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

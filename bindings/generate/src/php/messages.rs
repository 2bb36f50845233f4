//! `Message`: a builder for each type.

use dingstream::message::{FieldKind, FieldSpec, MESSAGES, MessageSpec};

use super::{block, file, hang, prose};
use crate::File;
use crate::names::camel;

pub(super) fn message() -> File {
    let mut body =
        block("", &["A message to send. Who is to be mentioned is said once and rendered where the type needs it."]);
    body += "final class Message\n{\n";
    body += "    private readonly Hidden $fields;\n\n";
    body += &block("    ", &["@param array<string, mixed> $fields"]);
    body += "    private function __construct(#[\\SensitiveParameter] array $fields)\n    {\n";
    body += "        $this->fields = new Hidden($fields);\n    }\n\n";
    for spec in MESSAGES {
        body += &builder(spec);
    }
    body += &block("    ", &["The message as the native library takes it.", "@internal"]);
    body += "    public function toJson(): string\n    {\n";
    body += "        $isGiven = static fn ($value) => $value !== [] && $value !== false;\n";
    body += "        return Json::encode(\\array_filter($this->fields->value(), $isGiven));\n";
    body += "    }\n\n";
    body += &block(
        "    ",
        &[
            "Shows the type alone: the text is what a person reads, and belongs in no log.",
            "@return array<string, mixed>",
        ],
    );
    body += "    public function __debugInfo(): array\n    {\n        return ['type' => $this->fields->value()['type']];\n    }\n}\n";
    file("Message", &["DingStream\\Internal\\Hidden", "DingStream\\Internal\\Json"], &body)
}

fn builder(spec: &MessageSpec) -> String {
    let fields = spec
        .fields
        .iter()
        .map(|field| hang("@param", &format!("{} ${} {}", doc_type(field.kind), camel(field.name), prose(field.doc))));
    let mentions = [
        "list<string> $atMobiles Mentions the members with these mobile numbers.",
        "list<string> $atUserIds Mentions the members with these user ids (staff ids).",
        "bool $atAll Mentions everybody.",
    ];
    let tags: Vec<String> = fields.chain(mentions.map(|text| hang("@param", text))).collect();
    let mut built = block("    ", &[&prose(spec.doc), &tags.join("\n")]);
    built += &format!("    public static function {}(\n", camel(spec.name));
    for field in spec.fields {
        built += &format!("        #[\\SensitiveParameter]\n        {},\n", parameter(field));
    }
    built +=
        "        array $atMobiles = [],\n        array $atUserIds = [],\n        bool $atAll = false\n    ): self {\n";
    built += &format!("        return new self([\n            'type' => '{}',\n", spec.name);
    for field in spec.fields {
        built += &format!("            '{}' => ${},\n", field.name, camel(field.name));
    }
    for name in ["at_mobiles", "at_user_ids", "at_all"] {
        built += &format!("            '{name}' => ${},\n", camel(name));
    }
    built + "        ]);\n    }\n\n"
}

fn parameter(field: &FieldSpec) -> String {
    let name = camel(field.name);
    match field.kind {
        FieldKind::Text | FieldKind::Address => format!("string ${name}"),
        FieldKind::Optional => format!("string ${name} = ''"),
        FieldKind::Int => format!("int ${name}"),
        FieldKind::Flag => format!("bool ${name} = false"),
        FieldKind::Buttons | FieldKind::Entries => format!("array ${name}"),
    }
}

fn doc_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::Address | FieldKind::Optional => "string",
        FieldKind::Int => "int",
        FieldKind::Flag => "bool",
        FieldKind::Buttons => "list<array{title: string, url: string}>",
        FieldKind::Entries => "list<array{title: string, url: string, picture: string}>",
    }
}

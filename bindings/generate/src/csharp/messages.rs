//! The builders of messages.

use dingstream::message::{FieldKind, FieldSpec, MESSAGES, MessageSpec};

use super::{source, summary, tag};
use crate::File;
use crate::names::{camel, pascal};

pub(super) fn file() -> File {
    let builders: Vec<_> = MESSAGES.iter().map(builder).collect();
    let class = format!("    public sealed partial class Message\n    {{\n{}    }}\n", builders.join("\n"));
    source("Message", &["System.Collections.Generic"], &[class])
}

fn builder(message: &MessageSpec) -> String {
    let documented: String = message
        .fields
        .iter()
        .map(|field| tag(8, &format!("<param name=\"{}\">", camel(field.name)), field.doc, "</param>"))
        .collect();
    let parameters: Vec<_> = message.fields.iter().map(parameter).collect();
    let pairs: Vec<_> = message.fields.iter().map(|field| format!("\"{}\", {}", field.name, value(field))).collect();
    format!(
        "{}{documented}        /// <returns>A message.</returns>
        public static Message {}({})
        {{
            return Of(\"{}\", {});
        }}
",
        summary(8, message.doc),
        pascal(message.name),
        parameters.join(", "),
        message.name,
        pairs.join(", ")
    )
}

fn parameter(field: &FieldSpec) -> String {
    let name = camel(field.name);
    match field.kind {
        FieldKind::Text | FieldKind::Address => format!("string {name}"),
        FieldKind::Optional => format!("string {name} = \"\""),
        FieldKind::Int => format!("long {name}"),
        FieldKind::Flag => format!("bool {name} = false"),
        FieldKind::Buttons => format!("IEnumerable<Button> {name}"),
        FieldKind::Entries => format!("IEnumerable<Entry> {name}"),
    }
}

fn value(field: &FieldSpec) -> String {
    let name = camel(field.name);
    match field.kind {
        FieldKind::Buttons => format!("Button.Parts({name})"),
        FieldKind::Entries => format!("Entry.Parts({name})"),
        _ => name,
    }
}

//! The builders of messages.

use dingstream::message::{MESSAGES, MessageSpec};

use super::{source, summary, tag};
use crate::File;
use crate::names::{camel, pascal};

pub(super) fn file() -> File {
    let builders: Vec<_> = MESSAGES.iter().map(builder).collect();
    let class = format!("    public sealed partial class Message\n    {{\n{}    }}\n", builders.join("\n"));
    source("Message", &[], &[class])
}

fn builder(message: &MessageSpec) -> String {
    let documented: String = message
        .fields
        .iter()
        .map(|field| tag(8, &format!("<param name=\"{}\">", camel(field.name)), field.doc, "</param>"))
        .collect();
    let parameters: Vec<_> = message.fields.iter().map(|field| format!("string {}", camel(field.name))).collect();
    let pairs: Vec<_> =
        message.fields.iter().map(|field| format!("\"{}\", {}", field.name, camel(field.name))).collect();
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

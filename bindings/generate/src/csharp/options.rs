//! `ClientOptions`, `WebhookOptions` and `CardOptions`: one property for each option.

use dingstream::card::CARD_OPTIONS;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::webhook::WEBHOOK_OPTIONS;

use super::constants::choice_name;
use super::{source, summary};
use crate::File;
use crate::names::pascal;

/// Constructors take the credential and the address; `dispatchers` is about functions that are handed to the library, and
/// here none is.
const NO_PROPERTY: &[&str] = &["client_id", "client_secret", "url", "secret", "dispatchers"];

fn property_name(option: &OptionSpec) -> String {
    pascal(option.name.strip_suffix("_ms").unwrap_or(option.name))
}

pub(super) fn files() -> [File; 3] {
    [file("ClientOptions", OPTIONS), file("WebhookOptions", WEBHOOK_OPTIONS), file("CardOptions", CARD_OPTIONS)]
}

fn file(name: &str, options: &[OptionSpec]) -> File {
    let shown = || options.iter().filter(|option| !NO_PROPERTY.contains(&option.name));
    let properties: Vec<_> = shown().map(property).collect();
    let writes: String = shown().map(write).collect();
    let class = format!(
        "    public sealed partial class {name}
    {{
{}
        internal void Write(IDictionary<string, object> to)
        {{
{writes}        }}
    }}
",
        properties.join("\n")
    );
    source(name, &["System", "System.Collections.Generic"], &[class])
}

fn property(option: &OptionSpec) -> String {
    let (of_type, value) = match option.kind {
        OptionKind::Text => ("string".to_owned(), String::new()),
        OptionKind::Secret => ("Secret".to_owned(), String::new()),
        OptionKind::Bool => ("bool".to_owned(), String::new()),
        OptionKind::Texts => ("IList<string>".to_owned(), String::new()),
        OptionKind::Map => ("IDictionary<string, string>".to_owned(), String::new()),
        OptionKind::Object => ("IDictionary<string, object>".to_owned(), String::new()),
        OptionKind::Millis => ("TimeSpan".to_owned(), format!(" = TimeSpan.FromMilliseconds({});", option.default)),
        OptionKind::Count => ("long".to_owned(), format!(" = {};", option.default)),
        OptionKind::Choice(words) => {
            let name = choice_name(words);
            let value = format!(" = {name}.{};", pascal(option.default));
            (name, value)
        }
    };
    let name = property_name(option);
    format!("{}        public {of_type} {name} {{ get; set; }}{value}\n", summary(8, option.doc))
}

fn write(option: &OptionSpec) -> String {
    let (name, key) = (property_name(option), option.name);
    let guarded = |value: String| {
        format!(
            "            if ({name} != null)\n            {{\n                to[\"{key}\"] = {value};\n            }}\n"
        )
    };
    match option.kind {
        OptionKind::Text => guarded(name.clone()),
        OptionKind::Secret => guarded(format!("{name}.Expose()")),
        OptionKind::Texts => guarded(format!("new List<string>({name})")),
        OptionKind::Map => guarded(format!("new Dictionary<string, string>({name})")),
        OptionKind::Object => guarded(format!("new Dictionary<string, object>({name})")),
        OptionKind::Millis => format!("            to[\"{key}\"] = (long){name}.TotalMilliseconds;\n"),
        OptionKind::Count | OptionKind::Bool => format!("            to[\"{key}\"] = {name};\n"),
        OptionKind::Choice(words) => {
            format!("            to[\"{key}\"] = Words.{}[(int){name}];\n", choice_name(words))
        }
    }
}

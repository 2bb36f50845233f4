//! C#: enums and words, exceptions, options, stats, message builders, inbound views and the overloads that register
//! handlers.

mod constants;
mod exceptions;
mod handlers;
mod messages;
mod options;
mod stats;
mod views;

use crate::{File, NOTICE};

const FOLDER: &str = "bindings/csharp/src/DingStream";

pub(crate) fn files() -> Vec<File> {
    let mut files = vec![
        constants::file(),
        constants::words(),
        exceptions::file(),
        stats::file(),
        messages::file(),
        views::file(),
        handlers::file(),
        version(),
    ];
    files.extend(options::files());
    files
}

fn version() -> File {
    let version = env!("CARGO_PKG_VERSION");
    let group = format!("  <PropertyGroup>\n    <Version>{version}</Version>\n  </PropertyGroup>\n");
    File::new("bindings/csharp/Version.props", format!("<!-- {NOTICE} -->\n<Project>\n{group}</Project>\n"))
}

fn source(name: &str, usings: &[&str], members: &[String]) -> File {
    let usings: String = usings.iter().map(|name| format!("using {name};\n")).collect();
    let gap = if usings.is_empty() { "" } else { "\n" };
    let members = members.join("\n");
    File::new(
        format!("{FOLDER}/{name}.g.cs"),
        format!("// {NOTICE}\n{usings}{gap}namespace DingStream\n{{\n{members}}}\n"),
    )
}

/// A documentation tag, wrapped; backticks become `<c>`.
fn tag(indent: usize, open: &str, text: &str, close: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let marked: String = escaped
        .split('`')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { format!("<c>{part}</c>") } else { part.to_owned() })
        .collect();
    let margin = format!("{:indent$}/// ", "");
    let line = format!("{margin}{open}{}{close}\n", marked.split_whitespace().collect::<Vec<_>>().join(" "));
    if line.chars().count() <= 120 {
        return line;
    }
    let mut lines = format!("{margin}{open}\n{margin}");
    let mut width = indent + 4;
    for (index, word) in marked.split_whitespace().enumerate() {
        let length = word.chars().count() + 1;
        if index > 0 && width + length > 118 {
            lines += &format!("\n{margin}");
            width = indent + 4;
        } else if index > 0 {
            lines += " ";
        }
        lines += word;
        width += length;
    }
    lines + &format!("\n{margin}{close}\n")
}

fn summary(indent: usize, text: &str) -> String {
    tag(indent, "<summary>", text, "</summary>")
}

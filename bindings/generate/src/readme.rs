//! The examples that the READMEs show: the files themselves, so that what a reader copies is what the tests run.

use std::fs;

use crate::{File, root};

/// The READMEs that show the examples between `<!-- examples/… -->` and `<!-- end -->`.
const SHOWN_IN: &[&str] = &["README.md", "README.zh-CN.md"];

pub(crate) fn files() -> Vec<File> {
    SHOWN_IN.iter().map(|name| File::new(*name, with_examples(&read(name)))).collect()
}

fn with_examples(readme: &str) -> String {
    let mut shown = String::with_capacity(readme.len());
    let mut inside = false;
    for line in readme.lines() {
        inside = inside && line != "<!-- end -->";
        if inside {
            continue;
        }
        shown.push_str(line);
        shown.push('\n');
        if let Some(path) = line.strip_prefix("<!-- examples/").and_then(|rest| rest.strip_suffix(" -->")) {
            let example = read(&format!("examples/{path}"));
            shown.push_str(&format!("```{}\n{}```\n", language(path), example));
            inside = true;
        }
    }
    shown
}

fn language(path: &str) -> &str {
    match path.rsplit('.').next() {
        Some("rs") => "rust",
        Some("cs") => "csharp",
        Some("py") => "python",
        Some("mjs") => "js",
        Some(other) => other,
        None => "",
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

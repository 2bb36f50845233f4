//! The headers, the list of the ABI and the externs of C#: all read from the doorways in `ffi/src`.

use std::fs;
use std::path::PathBuf;

use cbindgen::{Builder, Config, DocumentationStyle, EnumConfig, ExportConfig, Language, RenameRule, Style};

use crate::{File, NOTICE, root};

/// The order of the header.
const SOURCES: &[&str] = &[
    "version",
    "enums",
    "error",
    "config",
    "config_options",
    "json",
    "json_read",
    "json_write",
    "message",
    "message_types",
    "call",
    "delivery",
    "view",
    "queue",
    "client",
    "client_calls",
    "media",
    "webhook",
    "markdown",
    "graph",
    "card",
    "card_calls",
    "card_session",
];

const HANDLES: &[&str] =
    &["error", "config", "json", "message", "call", "delivery", "queue", "client", "webhook", "card", "card_session"];

pub(crate) fn files() -> Vec<File> {
    let bare = bare();
    let abi = abi(&bare);
    refuse_a_break(&abi);
    vec![
        File::new("include/dingstream.h", documented()),
        File::new("include/dingstream.ffi.h", bare),
        File::new("include/dingstream.abi", abi),
        File::new("bindings/csharp/src/DingStream/Native/NativeMethods.g.cs", externs()),
    ]
}

fn sources() -> impl Iterator<Item = PathBuf> {
    SOURCES.iter().map(|name| root().join(format!("ffi/src/{name}.rs")))
}

fn generate(config: Config) -> String {
    let builder = sources().fold(Builder::new().with_config(config), Builder::with_src);
    let mut header = Vec::new();
    builder.generate().expect("cbindgen reads the doorways").write(&mut header);
    let header = String::from_utf8(header).expect("a header is UTF-8");
    // cbindgen has one word for `isize`, C two; a descriptor or handle is no difference of pointers.
    with_tagged_enums(&header.replace("ptrdiff_t", "intptr_t"))
}

/// `dingstream_error_kind` is an enum and a function, which C tells apart only where the enum has no typedef. Enums stand in
/// no signature anyway, since inputs are checked numbers.
fn with_tagged_enums(header: &str) -> String {
    let mut lines: Vec<String> = header.lines().map(str::to_owned).collect();
    let mut begun = None;
    for index in 0..lines.len() {
        if lines[index] == "typedef enum {" {
            begun = Some(index);
        } else if let Some(name) = lines[index].strip_prefix("} ").and_then(|rest| rest.strip_suffix(';'))
            && let Some(begin) = begun.take()
        {
            lines[begin] = format!("enum {name} {{");
            lines[index] = "};".to_owned();
        }
    }
    lines.join("\n") + "\n"
}

fn config() -> Config {
    Config {
        language: Language::C,
        style: Style::Type,
        documentation_style: DocumentationStyle::C99,
        enumeration: EnumConfig { rename_variants: RenameRule::QualifiedScreamingSnakeCase, ..EnumConfig::default() },
        export: ExportConfig {
            include: ["abi", "error_kind", "kind", "via", "host", "remind", "media_type", "place", "state", "level"]
                .map(|name| format!("dingstream_{name}"))
                .into(),
            ..ExportConfig::default()
        },
        line_length: 100,
        usize_is_size_t: true,
        ..Config::default()
    }
}

const CONVENTIONS: &str = include_str!("header.txt");

/// For C and C++, with everything that a reader needs.
fn documented() -> String {
    let header = generate(Config {
        header: Some(format!("/* {NOTICE} */\n\n{}", CONVENTIONS.trim_end())),
        include_guard: Some("DINGSTREAM_H".to_owned()),
        no_includes: true,
        sys_includes: ["stdbool.h", "stddef.h", "stdint.h"].map(str::to_owned).into(),
        cpp_compat: true,
        ..config()
    });
    without_safety(&header)
}

/// Without preprocessor and comments, for PHP's `FFI::cdef` and other parsers of plain C.
fn bare() -> String {
    let header = generate(Config { no_includes: true, documentation: false, ..config() });
    let lines: Vec<_> = header.lines().filter(|line| !line.trim().is_empty()).collect();
    format!("/* {NOTICE} */\n\n{}\n", lines.join("\n"))
}

/// The sections about Rust's `unsafe` say to C what the conventions say already.
fn without_safety(header: &str) -> String {
    let mut kept = Vec::<&str>::new();
    let mut skipping = false;
    for line in header.lines() {
        let comment = line.trim_start().starts_with("//");
        if comment && line.trim_end().ends_with("# Safety") {
            skipping = true;
            while kept.last().is_some_and(|line| line.trim() == "//") {
                kept.pop();
            }
        }
        skipping = skipping && comment;
        if !skipping {
            kept.push(line);
        }
    }
    kept.join("\n") + "\n"
}

/// Every signature, field and number, one a line, sorted.
fn abi(bare: &str) -> String {
    let code: Vec<_> = bare.lines().filter(|line| !line.starts_with("/*")).collect();
    let code = code.join(" ");
    let mut lines = Vec::new();
    let mut rest = code.as_str();
    while let Some(end) = rest.find([';', '{']) {
        let (mut head, mut tail) = (&rest[..end], &rest[end + 1..]);
        if rest[end..].starts_with('{') {
            let (body, after) = tail.split_once('}').expect("a body ends");
            let (name, after) = after.split_once(';').expect("a type ends");
            let (keyword, name) = (squeezed(head), squeezed(name));
            let separator = if keyword.ends_with("enum") || keyword.contains("enum ") { ',' } else { ';' };
            let type_name = if name.is_empty() { keyword.clone() } else { name };
            lines.extend(body.split(separator).map(squeezed).filter(|member| !member.is_empty()).enumerate().map(
                |(index, member)| match separator {
                    ',' => format!("{type_name}: {member}"),
                    _ => format!("{type_name}: {index:02} {member}"),
                },
            ));
            (head, tail) = ("", after);
        }
        if !squeezed(head).is_empty() {
            lines.push(squeezed(head));
        }
        rest = tail;
    }
    lines.sort();
    lines.join("\n") + "\n"
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(")
}

fn refuse_a_break(abi: &str) {
    let committed = fs::read_to_string(root().join("include/dingstream.abi")).unwrap_or_default();
    let gone = broken(&committed, abi);
    assert!(
        gone.is_empty(),
        "the ABI lost or changed what it had promised: raise dingstream_abi::Version, or keep\n{}",
        gone.join("\n")
    );
}

/// The lines that went or changed without a new number of the ABI.
fn broken<'a>(committed: &'a str, abi: &str) -> Vec<&'a str> {
    const NUMBER: &str = "enum dingstream_abi: ";
    let gone: Vec<_> = committed.lines().filter(|line| !abi.lines().any(|new| new == *line)).collect();
    if gone.iter().any(|line| line.starts_with(NUMBER)) { Vec::new() } else { gone }
}

fn externs() -> String {
    // csbindgen only writes to files.
    let path = std::env::temp_dir().join(format!("dingstream-externs-{}.cs", std::process::id()));
    let builder = sources().fold(csbindgen::Builder::default(), csbindgen::Builder::input_extern_file);
    builder
        .csharp_dll_name("dingstream")
        .csharp_namespace("DingStream.Native")
        .csharp_class_name("NativeMethods")
        .csharp_class_accessibility("internal")
        .csharp_use_function_pointer(false)
        .csharp_use_nint_types(false)
        .always_included_types(
            HANDLES
                .iter()
                .copied()
                .chain(["abi", "error_kind", "kind", "via", "host", "remind", "media_type", "place", "state", "level"])
                .map(|name| format!("dingstream_{name}")),
        )
        .generate_csharp_file(&path)
        .expect("csbindgen reads the doorways");
    let text = fs::read_to_string(&path).expect("csbindgen has written");
    let _ = fs::remove_file(&path);
    format!("// {NOTICE}\n{}", text.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BARE: &str = "enum dingstream_abi {\n  DINGSTREAM_ABI_VERSION = 1,\n};\ntypedef struct {\n  uint32_t kind;\n  \
                        const char *id;\n} dingstream_view;\nvoid dingstream_call_free(dingstream_call *call,\n          int x);\n";

    #[test]
    fn the_abi_lists_each_number_field_and_signature() {
        assert_eq!(
            abi(BARE),
            "dingstream_view: 00 uint32_t kind\n\
             dingstream_view: 01 const char *id\n\
             enum dingstream_abi: DINGSTREAM_ABI_VERSION = 1\n\
             void dingstream_call_free(dingstream_call *call, int x)\n"
        );
    }

    #[test]
    fn what_was_promised_goes_only_with_a_new_number() {
        let committed = abi(BARE);
        let without = abi(&BARE.replace("void dingstream_call_free", "bool dingstream_call_free"));
        assert_eq!(broken(&committed, &without), ["void dingstream_call_free(dingstream_call *call, int x)"]);
        let moved = abi(&BARE.replace("uint32_t kind;", "uint64_t kind;"));
        assert_eq!(broken(&committed, &moved).len(), 1);
        assert!(broken(&committed, &without.replace("VERSION = 1", "VERSION = 2")).is_empty());
        assert!(broken(&committed, &(committed.clone() + "void dingstream_more(void)\n")).is_empty());
    }

    #[test]
    fn a_section_about_safety_is_left_out() {
        let header = "// What it does.\n//\n// # Safety\n// Words.\nvoid f(void);\n// # Safety\nvoid g(void);\n";
        assert_eq!(without_safety(header), "// What it does.\nvoid f(void);\nvoid g(void);\n");
    }
}

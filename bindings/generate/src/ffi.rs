//! The parts of the C ABI that follow from the core's tables: enums, config setters, message constructors.

use std::fmt::Write;
use std::io::Write as _;
use std::process::{Command, Stdio};

use dingstream::client::STATES;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::KINDS;
use dingstream::error::ERROR_KINDS;
use dingstream::log::Level;
use dingstream::markdown::PLACES;
use dingstream::message::{FieldKind, FieldSpec, MESSAGES, MessageSpec};
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::reply::WAYS;

use crate::names::pascal;
use crate::{File, NOTICE, root};

pub(crate) fn files() -> Vec<File> {
    vec![
        File::new("ffi/src/enums.rs", formatted(&enums())),
        File::new("ffi/src/config_options.rs", formatted(&config_options())),
        File::new("ffi/src/message_types.rs", formatted(&message_types())),
    ]
}

fn enums() -> String {
    let mut text =
        format!("// {NOTICE}\n\n//! The numbers of the C ABI. They are stable; a retired one is never used again.\n");
    let errors: Vec<_> = ERROR_KINDS.iter().map(|kind| (kind.name, kind.number, kind.doc)).collect();
    write_enum(&mut text, "dingstream_error_kind", "The kind of an error.", &errors);
    let mut kinds = vec![("none", 0, "Nothing came within the time.")];
    kinds.extend(KINDS);
    kinds.extend([
        ("call", 7, "A call that was sent to the queue is over."),
        ("log", 8, "A log record."),
        ("closed", 9, "The queue was closed and is drained: nothing will come any more."),
    ]);
    write_enum(&mut text, "dingstream_kind", "What a view shows. 1 to 6 are deliveries.", &kinds);
    write_enum(&mut text, "dingstream_via", "The way that a reply takes.", WAYS);
    write_enum(&mut text, "dingstream_host", "Which of DingTalk's hosts.", HOSTS);
    write_enum(&mut text, "dingstream_remind", "How a DING reaches people.", REMINDS);
    write_enum(&mut text, "dingstream_media_type", "What kind of file is uploaded.", MEDIA_TYPES);
    write_enum(&mut text, "dingstream_place", "Where a link opens on a computer.", PLACES);
    write_enum(&mut text, "dingstream_state", "What a client is doing.", STATES);
    let levels: Vec<_> = Level::NAMES.iter().zip(0..).map(|(name, number)| (*name, number, "")).collect();
    write_enum(&mut text, "dingstream_level", "How severe a log record is.", &levels);
    text
}

fn write_enum(text: &mut String, name: &str, doc: &str, variants: &[(&str, u32, &str)]) {
    write_doc(text, "", &format!("\n{doc}"));
    *text += "#[repr(C)]\n#[derive(Clone, Copy)]\n";
    let _ = writeln!(text, "pub enum {name} {{");
    for (variant, number, doc) in variants {
        let told = if doc.is_empty() { format!("`{variant}`.") } else { (*doc).to_owned() };
        write_doc(text, "    ", &told);
        let _ = writeln!(text, "    {} = {number},", pascal(variant));
    }
    *text += "}\n";
}

fn config_options() -> String {
    let mut text = format!(
        "// {NOTICE}\n\n//! One setter per option of the core.\n\nuse std::ffi::c_char;\n\n\
         use crate::config::{{add, dingstream_config, put, put_text, set_bool, set_number, set_text}};\n\
         use crate::error::dingstream_error;\nuse crate::guard::guard;\n"
    );
    for option in OPTIONS {
        write_setter(&mut text, option);
    }
    text
}

fn write_setter(text: &mut String, option: &OptionSpec) {
    let name = option.name;
    let mut doc = format!("\n{}\n", option.doc);
    match option.kind {
        OptionKind::Text | OptionKind::Secret => {}
        OptionKind::Millis => doc += "\nIn milliseconds.\n",
        OptionKind::Count => doc += "\nA whole number above zero.\n",
        OptionKind::Bool | OptionKind::Object => {}
        OptionKind::Texts => doc += "\nAdds one to the list.\n",
        OptionKind::Map => doc += "\nAdds one entry; an entry of the same key is replaced.\n",
        OptionKind::Choice(words) => {
            let _ = write!(doc, "\nOne of {}.\n", list_of(words));
        }
    }
    if !option.default.is_empty() {
        let _ = write!(doc, "\nDefault: `{}`.\n", option.default);
    }
    doc += "\n# Safety\n`config` is NULL or a config that no other thread uses now";
    doc += match option.kind {
        OptionKind::Map => "; each pointer is readable for its length.\n",
        OptionKind::Millis | OptionKind::Count | OptionKind::Bool => ".\n",
        _ => "; `value` is readable for `value_len` bytes.\n",
    };
    write_doc(text, "", &doc);
    let (parameters, body) = match option.kind {
        OptionKind::Text | OptionKind::Secret | OptionKind::Choice(_) => (
            "    value: *const c_char,\n    value_len: usize,\n",
            format!("set_text(config, \"{name}\", value, value_len)"),
        ),
        OptionKind::Millis | OptionKind::Count => {
            ("    value: u64,\n", format!("set_number(config, \"{name}\", value)"))
        }
        OptionKind::Bool => ("    value: bool,\n", format!("set_bool(config, \"{name}\", value)")),
        OptionKind::Texts => (
            "    value: *const c_char,\n    value_len: usize,\n",
            format!("add(config, |config| &mut config.{name}, value, value_len)"),
        ),
        OptionKind::Map => (
            "    key: *const c_char,\n    key_len: usize,\n    value: *const c_char,\n    value_len: usize,\n",
            format!("put(config, |config| &mut config.{name}, put_text(key, key_len, value, value_len)?)"),
        ),
        OptionKind::Object => unreachable!("card sessions alone take objects, and theirs are JSON"),
    };
    let safety = if matches!(option.kind, OptionKind::Millis | OptionKind::Count | OptionKind::Bool) {
        "the caller vouches for the config."
    } else {
        "the caller vouches for the config and the pointers."
    };
    let _ = write!(
        text,
        "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn dingstream_config_set_{name}(\n    \
         config: *mut dingstream_config,\n{parameters}) -> *mut dingstream_error {{\n    \
         // SAFETY: {safety}\n    guard(|| unsafe {{ {body} }})\n}}\n"
    );
}

fn message_types() -> String {
    let mut text = format!(
        "// {NOTICE}\n\n//! One constructor per type of message.\n\nuse std::ffi::c_char;\n\nuse dingstream::Message;\n\n\
         use crate::bytes;\nuse crate::error::dingstream_error;\nuse crate::guard::guard;\n\
         use crate::handle::Out;\nuse crate::message::dingstream_message;\n"
    );
    for message in MESSAGES {
        write_constructor(&mut text, message);
    }
    text
}

fn write_constructor(text: &mut String, message: &MessageSpec) {
    let name = message.name;
    let mut doc = format!("\n{}\n\n", message.doc);
    let given: Vec<_> = message.fields.iter().filter(|field| is_given(field)).collect();
    for field in &given {
        let _ = writeln!(doc, "`{}`: {}", field.name, field.doc);
    }
    doc += match message.name {
        "link" => "\n`dingstream_message_set_picture` gives it a picture.\n",
        "action_card" => "\nAdd buttons with `dingstream_message_add_button`.\n",
        "feed_card" => "\nAdd links with `dingstream_message_add_entry`.\n",
        _ => "",
    };
    doc += "\nWhat DingTalk would refuse, such as an empty field, is the error of the call that sends it. Free it with\n\
            `dingstream_message_free`, unless it was given away.\n\n\
            # Safety\nEach pointer is readable for its length; `out` is NULL or writable.\n";
    write_doc(text, "", &doc);
    let (mut parameters, mut values) = (String::new(), String::new());
    for field in given {
        let name = field.name;
        if field.kind == FieldKind::Int {
            let _ = writeln!(parameters, "    {name}: u64,");
            let _ = writeln!(values, "            {name},");
        } else {
            let _ = write!(parameters, "    {name}: *const c_char,\n    {name}_len: usize,\n");
            let _ = writeln!(values, "            bytes::text({name}, {name}_len, \"{name}\")?,");
        }
    }
    // Lists are filled afterwards.
    if message.fields.iter().any(|field| matches!(field.kind, FieldKind::Buttons | FieldKind::Entries)) {
        values += "            [],\n";
    }
    let _ = write!(
        text,
        "#[unsafe(no_mangle)]\npub unsafe extern \"C\" fn dingstream_message_new_{name}(\n{parameters}    \
         out: *mut *mut dingstream_message,\n) -> *mut dingstream_error {{\n    \
         // SAFETY: the caller vouches for the pointers.\n    guard(|| unsafe {{\n        let out = Out::new(out)?;\n        \
         let message = Message::{name}(\n{values}        );\n        out.give(dingstream_message(message));\n        \
         Ok(())\n    }})\n}}\n"
    );
}

/// Whether a constructor takes it; the others have functions of their own.
fn is_given(field: &FieldSpec) -> bool {
    matches!(field.kind, FieldKind::Text | FieldKind::Address | FieldKind::Int)
}

fn list_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Writes documentation, a line before it where `doc` begins with one.
fn write_doc(text: &mut String, indent: &str, doc: &str) {
    for (index, line) in doc.trim_end().lines().enumerate() {
        match line.trim() {
            "" if index == 0 => text.push('\n'),
            "" => {
                let _ = writeln!(text, "{indent}///");
            }
            line => {
                let _ = writeln!(text, "{indent}/// {line}");
            }
        }
    }
}

/// Generated Rust is formatted like all the other.
fn formatted(text: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt is installed");
    // Dropped at the end of the statement, so that rustfmt sees the end.
    rustfmt.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("rustfmt reads");
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt refuses generated code");
    String::from_utf8(output.stdout).expect("rustfmt writes UTF-8")
}

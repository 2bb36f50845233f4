//! Python: error classes, options, constants, stats, message builders, and the views with their stub.

use std::fmt::Write as _;

use dingstream::card::CARD_OPTIONS;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::Kind;
use dingstream::error::ERROR_KINDS;
use dingstream::inbound::{FieldKind, VIEWS, ViewField, ViewSpec};
use dingstream::message::{FieldKind as MessageField, FieldSpec, MESSAGES, MessageSpec};
use dingstream::stats::STATS;
use dingstream::stream::topics::TOPICS;
use dingstream::webhook::WEBHOOK_OPTIONS;

use crate::names::{WORDS, first_gauge, pascal, screaming};
use crate::{File, NOTICE, root};

const PACKAGE: &str = "bindings/python/python/dingstream";

/// What the package passes itself, or has no use for: it takes deliveries from the queue.
const NOT_OPTIONS: &[&str] = &["client_id", "client_secret", "url", "secret", "dispatchers", "text"];

pub(crate) fn files() -> Vec<File> {
    let package = |name: &str, text: String| File::new(format!("{PACKAGE}/{name}"), text);
    vec![
        package("errors.py", errors()),
        package("options.py", options()),
        package("constants.py", constants()),
        package("stats.py", stats()),
        package("messages.py", messages()),
        package("views.py", view_names()),
        package("_dingstream.pyi", stub()),
        File::new("bindings/python/src/views.rs", views()),
    ]
}

fn module(doc: &str, head: &str, exported: &[String], body: &str) -> String {
    let names: Vec<_> = exported.iter().map(|name| format!("    \"{name}\",\n")).collect();
    format!(
        "# {NOTICE}\n\"\"\"{doc}\"\"\"\n\nfrom __future__ import annotations\n\n{head}\n__all__ = [\n{}]\n{body}",
        names.concat()
    )
}

fn sorted(names: impl IntoIterator<Item = String>) -> Vec<String> {
    // As ruff wants it: constants, then classes, then functions.
    let group = |name: &str| (name.contains(char::is_lowercase), !name.starts_with(char::is_uppercase));
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|name| (group(name), name.clone()));
    names
}

/// The lines of a documentation comment without the space that Rust leaves before each.
fn lines(doc: &str) -> impl Iterator<Item = &str> {
    doc.lines().map(str::trim)
}

fn docstring(doc: &str, indent: &str) -> String {
    format!("{indent}\"\"\"{}\"\"\"\n", lines(doc).collect::<Vec<_>>().join(&format!("\n{indent}")))
}

fn errors() -> String {
    let class = |name: &str| format!("{}Error", pascal(name));
    let mut body = String::new();
    for kind in ERROR_KINDS {
        // `except TimeoutError` catches ours too: two classes of one name must not be two things.
        let bases = if kind.name == "timeout" { "Error, builtins.TimeoutError" } else { "Error" };
        let doc = docstring(kind.doc, "    ");
        let _ = write!(body, "\n\nclass {}({bases}, kind=\"{}\"):\n{doc}", class(kind.name), kind.name);
    }
    let names = ERROR_KINDS.iter().map(|kind| class(kind.name)).chain(["Error".to_owned()]);
    module(
        "What can go wrong: one class a kind, all of them an `Error`.",
        "import builtins\n\nfrom ._error import Error\n",
        &sorted(names),
        &body,
    )
}

fn options() -> String {
    let body = option_class("Options", "What a client can be told.", OPTIONS)
        + &option_class("WebhookOptions", "What a webhook can be told.", WEBHOOK_OPTIONS)
        + &option_class("CardOptions", "What a card session can be told.", CARD_OPTIONS);
    module(
        "The options of a client, of a webhook and of a card session.",
        "from collections.abc import Mapping, Sequence\nfrom typing import Literal, TypedDict\n",
        &["CardOptions".to_owned(), "Options".to_owned(), "WebhookOptions".to_owned()],
        &body,
    )
}

fn option_class(name: &str, told: &str, options: &[OptionSpec]) -> String {
    let mut body = format!("\n\nclass {name}(TypedDict, total=False):\n    \"\"\"{told}\"\"\"\n");
    for option in options.iter().filter(|option| !NOT_OPTIONS.contains(&option.name)) {
        let doc = docstring(&with_default(option), "    ");
        let _ = write!(body, "\n    {}: {}\n{doc}", option.name, option_type(option.kind));
    }
    body
}

fn with_default(option: &OptionSpec) -> String {
    match option.default {
        "" => option.doc.to_owned(),
        default => format!("{}\nDefault: {default}.", option.doc),
    }
}

fn option_type(kind: OptionKind) -> String {
    match kind {
        OptionKind::Text | OptionKind::Secret => "str".to_owned(),
        OptionKind::Millis | OptionKind::Count => "int".to_owned(),
        OptionKind::Bool => "bool".to_owned(),
        OptionKind::Texts => "Sequence[str]".to_owned(),
        OptionKind::Map => "Mapping[str, str]".to_owned(),
        OptionKind::Object => "Mapping[str, object]".to_owned(),
        OptionKind::Choice(words) => literal(words.iter().copied()),
    }
}

fn literal<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("\"{word}\"")).collect();
    format!("Literal[{}]", quoted.join(", "))
}

fn constants() -> String {
    let (mut body, mut names) = (String::from("\n"), Vec::new());
    for (name, table, doc) in WORDS {
        let values = literal(table.iter().map(|(name, ..)| *name));
        let meanings: Vec<_> = table
            .iter()
            .map(|(name, _, doc)| format!("- `{name}`: {}", lines(doc).collect::<Vec<_>>().join(" ")))
            .collect();
        let _ = writeln!(body, "{name} = {values}\n\"\"\"{doc}.\n\n{}\n\"\"\"\n", meanings.join("\n"));
        names.push(name.to_owned());
    }
    for (name, topic) in TOPICS {
        let name = format!("TOPIC_{}", screaming(name));
        let _ = writeln!(body, "{name}: Final = \"{topic}\"");
        names.push(name);
    }
    let head = "from typing import Final, Literal\n";
    module("The words that the platform and this library use.", head, &sorted(names), &body)
}

fn stats() -> String {
    let mut body = format!(
        "\n\nclass Stats(TypedDict):\n    \"\"\"What a client has counted since it was made, \
         and from `{}` on what it holds now.\"\"\"\n",
        first_gauge()
    );
    for stat in STATS {
        let _ = write!(body, "\n    {}: int\n{}", stat.name, docstring(stat.doc, "    "));
    }
    module("What a client counts.", "from typing import TypedDict\n", &["Stats".to_owned()], &body)
}

fn messages() -> String {
    let mut body = BUILD.to_owned();
    MESSAGES.iter().for_each(|message| builder(&mut body, message));
    let names = MESSAGES.iter().map(|message| message.name.to_owned()).chain(["Message".to_owned()]);
    let head = "import json\nfrom collections.abc import Iterable\nfrom typing import Any\n\nfrom ._dingstream import Message\n";
    module("What is sent: one function for each type of message.", head, &sorted(names), &body)
}

const BUILD: &str = r#"

def _build(at_mobiles: Iterable[str], at_user_ids: Iterable[str], at_all: bool, **fields: Any) -> Message:
    mentions = {"at_mobiles": list(at_mobiles), "at_user_ids": list(at_user_ids), "at_all": at_all}
    return Message.from_json(json.dumps({**fields, **mentions}))
"#;

fn builder(out: &mut String, message: &MessageSpec) {
    let (given, optional): (Vec<&FieldSpec>, Vec<&FieldSpec>) =
        message.fields.iter().partition(|field| is_required(field.kind));
    let positional: Vec<_> =
        given.iter().map(|field| format!("    {}: {},\n", field.name, field_type(field.kind))).collect();
    let named: Vec<_> = optional
        .iter()
        .map(|field| match field.kind {
            MessageField::Flag => format!("    {}: bool = False,\n", field.name),
            _ => format!("    {}: str = \"\",\n", field.name),
        })
        .collect();
    let arguments: Vec<_> = message.fields.iter().map(argument).collect();
    let described: Vec<_> = message.fields.iter().map(|field| format!("`{}`: {}", field.name, field.doc)).collect();
    let doc = docstring(&format!("{}\n\n{}", message.doc, described.join("\n")), "    ").replace("\n    \n", "\n\n");
    let _ = write!(
        out,
        "\n\ndef {name}(\n{positional}    *,\n{named}    at_mobiles: Iterable[str] = (),\n    at_user_ids: Iterable[str] = (),\n    \
         at_all: bool = False,\n) -> Message:\n{doc}    return _build(\n        at_mobiles,\n        at_user_ids,\n        at_all,\n        \
         type=\"{name}\",\n{arguments}    )\n",
        name = message.name,
        positional = positional.concat(),
        named = named.concat(),
        arguments = arguments.concat(),
    );
}

fn is_required(kind: MessageField) -> bool {
    !matches!(kind, MessageField::Optional | MessageField::Flag)
}

fn field_type(kind: MessageField) -> &'static str {
    match kind {
        MessageField::Int => "int",
        MessageField::Buttons => "Iterable[tuple[str, str]]",
        MessageField::Entries => "Iterable[tuple[str, str, str]]",
        MessageField::Text | MessageField::Address | MessageField::Optional => "str",
        MessageField::Flag => "bool",
    }
}

/// What a builder passes on; lists come as tuples and go as objects.
fn argument(field: &FieldSpec) -> String {
    let name = field.name;
    match field.kind {
        MessageField::Buttons => {
            format!("        {name}=[{{\"title\": title, \"url\": url}} for title, url in {name}],\n")
        }
        MessageField::Entries => format!(
            "        {name}=[{{\"title\": title, \"url\": url, \"picture\": picture}} for title, url, picture in {name}],\n"
        ),
        _ => format!("        {name}={name},\n"),
    }
}

fn view_names() -> String {
    let names = sorted(VIEWS.iter().map(|view| view.name.to_owned()));
    let head = format!("from ._dingstream import {}\n", names.join(", "));
    module("Typed, tolerant views of what arrives.", &head, &names, "")
}

/// The stub of the native module: the handwritten part, then the views.
fn stub() -> String {
    let path = root().join("bindings/python/src/_dingstream.pyi");
    let mut text = format!("# {NOTICE}\n");
    text += &std::fs::read_to_string(&path).expect("the handwritten part of the stub can be read");
    for view in VIEWS {
        let doc = docstring(view.doc, "    ");
        let _ = write!(text, "\nclass {}(Delivery):\n{doc}", view.name);
        for field in view.fields {
            let doc = docstring(field.doc, "        ");
            let _ = write!(
                text,
                "\n    @property\n    def {}(self) -> {}:\n{doc}",
                field.name,
                match field.kind {
                    FieldKind::Text | FieldKind::Trimmed => "str | None",
                    FieldKind::Int => "int | None",
                    FieldKind::Bool => "bool | None",
                    FieldKind::Json => "Any",
                    FieldKind::List => "list[Any] | None",
                }
            );
        }
    }
    text
}

fn views() -> String {
    let mut out = format!(
        "// {NOTICE}\n\
         //! Typed, tolerant views of what arrives: what the core's views read, as attributes.\n\n\
         use std::borrow::Cow;\n\n\
         use dingstream::Kind;\n\
         use pyo3::prelude::*;\n\
         use pyo3::types::PyString;\n\n\
         use crate::delivery::Delivery;\n\
         use crate::json::loads;\n\n\
         type Text<'py> = Option<Bound<'py, PyString>>;\n\
         type Value<'py> = PyResult<Option<Bound<'py, PyAny>>>;\n\n\
         fn text<'py>(py: Python<'py>, text: Option<Cow<'_, str>>) -> Text<'py> {{\n    \
             text.map(|text| PyString::new(py, &text))\n\
         }}\n"
    );
    VIEWS.iter().for_each(|view| view_class(&mut out, view));
    let arms: Vec<_> = VIEWS
        .iter()
        .map(|view| {
            let (kind, name) = (variant(view.kind), view.name);
            format!("        Kind::{kind} => Py::new(py, base.add_subclass({name}))?.into_any(),\n")
        })
        .collect();
    let added: Vec<_> = VIEWS.iter().map(|view| format!("    module.add_class::<{}>()?;\n", view.name)).collect();
    let _ = write!(
        out,
        "\n/// A delivery as an object of the class for its kind.\n\
         pub(crate) fn wrap(py: Python<'_>, delivery: dingstream::Delivery) -> PyResult<Py<PyAny>> {{\n    \
             let kind = delivery.kind();\n    \
             let base = PyClassInitializer::from(Delivery::new(delivery));\n    \
             Ok(match kind {{\n{}        _ => Py::new(py, base)?.into_any(),\n    }})\n\
         }}\n\n\
         /// Adds every view to the module.\n\
         pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {{\n{}    Ok(())\n}}\n",
        arms.concat(),
        added.concat()
    );
    out
}

fn view_class(out: &mut String, view: &ViewSpec) {
    let name = view.name;
    let _ = write!(
        out,
        "\n{}#[pyclass(extends = Delivery, frozen, module = \"dingstream\")]\npub(crate) struct {name};\n\n\
         impl {name} {{\n    fn core(this: &Bound<'_, Self>) -> dingstream::{name} {{\n        \
             dingstream::{name}::from(this.as_super().get().core())\n    }}\n}}\n\n\
         #[pymethods]\nimpl {name} {{\n",
        rust_doc(view.doc, "")
    );
    let fields: Vec<_> = view.fields.iter().map(|field| view_getter(name, field)).collect();
    let _ = writeln!(out, "{}}}", fields.join("\n"));
}

fn view_getter(view: &str, field: &ViewField) -> String {
    let name = field.name;
    let read = format!("{view}::core(this).{name}()");
    let (returned, read) = match field.kind {
        FieldKind::Text | FieldKind::Trimmed => ("Text<'py>", format!("text(this.py(), {read})")),
        FieldKind::Json | FieldKind::List => ("Value<'py>", format!("loads(this.py(), {read})")),
        FieldKind::Int => ("Option<i64>", read),
        FieldKind::Bool => ("Option<bool>", read),
    };
    let lifetime = if returned.contains("'py") { ("<'py>", "'py") } else { ("", "'_") };
    format!(
        "{}    #[getter]\n    fn {name}{}(this: &Bound<{}, Self>) -> {returned} {{\n        {read}\n    }}\n",
        rust_doc(field.doc, "    "),
        lifetime.0,
        lifetime.1,
    )
}

fn rust_doc(doc: &str, indent: &str) -> String {
    lines(doc).map(|line| format!("{indent}/// {line}\n")).collect()
}

fn variant(kind: Kind) -> String {
    pascal(kind.name())
}

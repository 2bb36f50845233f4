//! C#: enums and words, exceptions, options, message builders, inbound views and the overloads that register handlers.

use dingstream::client::STATES;
use dingstream::config::{OPTIONS, OptionKind, OptionSpec};
use dingstream::delivery::KINDS;
use dingstream::error::ERROR_KINDS;
use dingstream::inbound::{FieldKind, Part, VIEWS, ViewField, ViewSpec};
use dingstream::message::{MESSAGES, MessageSpec};
use dingstream::stream::topics::{TOPICS, kind_of};

use crate::names::{camel, pascal};
use crate::{File, NOTICE};

const FOLDER: &str = "bindings/csharp/src/DingStream";

/// The constructor takes the credential; `dispatchers` is about functions that are handed to the library, and here none is.
const NO_PROPERTY: &[&str] = &["client_id", "client_secret", "dispatchers"];

pub(crate) fn files() -> Vec<File> {
    vec![
        constants(),
        words(),
        exceptions(),
        options(),
        messages(),
        views(),
        handlers(),
        File::new(
            "bindings/csharp/Version.props",
            format!(
                "<!-- {NOTICE} -->\n<Project>\n  <PropertyGroup>\n    <Version>{}</Version>\n  </PropertyGroup>\n</Project>\n",
                env!("CARGO_PKG_VERSION")
            ),
        ),
    ]
}

fn file(name: &str, usings: &[&str], members: &[String]) -> File {
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

fn number_enum<'a>(name: &str, doc: &str, entries: impl Iterator<Item = (String, u32, &'a str)>) -> String {
    let entries: Vec<_> =
        entries.map(|(name, number, doc)| format!("{}        {name} = {number},\n", summary(8, doc))).collect();
    format!("{}    public enum {name}\n    {{\n{}    }}\n", summary(4, doc), entries.join("\n"))
}

/// The enums of options: their names, and what they are called on the way to the core.
fn choices() -> Vec<(String, &'static [&'static str])> {
    let mut found: Vec<(String, &'static [&'static str])> = Vec::new();
    for option in OPTIONS {
        let OptionKind::Choice(words) = option.kind else { continue };
        let known = found.iter_mut().find(|(_, others)| *others == words);
        match known {
            Some((name, _)) => *name = common(name, option.name),
            None => found.push((option.name.to_owned(), words)),
        }
    }
    found.into_iter().map(|(name, words)| (pascal(&name), words)).collect()
}

/// `answer_message` and `answer_event` share the values of an `answer`.
fn common(one: &str, other: &str) -> String {
    let pairs = one.split('_').zip(other.split('_'));
    let shared: Vec<_> = pairs.take_while(|(one, other)| one == other).map(|(word, _)| word).collect();
    assert!(!shared.is_empty(), "{one} and {other} take the same words and need a name for them");
    shared.join("_")
}

fn choice_name(words: &[&str]) -> String {
    let mut all = choices().into_iter();
    all.find(|(_, others)| *others == words).map(|(name, _)| name).expect("every choice is listed")
}

fn constants() -> File {
    let kinds = KINDS.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let states = STATES.iter().map(|(name, number, doc)| (pascal(name), *number, *doc));
    let errors = ERROR_KINDS.iter().map(|kind| (pascal(kind.name), kind.number, kind.doc));
    let mut members = vec![
        number_enum("Kind", "What a delivery is. Numbers are stable.", kinds),
        number_enum("State", "What a client is doing. Numbers are stable.", states),
        number_enum(
            "ErrorKind",
            "The kind of a failure. Numbers are stable; a retired one is never used again.",
            errors,
        ),
    ];
    for (name, words) in choices() {
        let users: Vec<_> = OPTIONS
            .iter()
            .filter(|option| option.kind == OptionKind::Choice(words))
            .map(|option| format!("<see cref=\"ClientOptions.{}\"/>", pascal(option.name)))
            .collect();
        let entries: Vec<_> = (0..)
            .zip(words)
            .map(|(number, word)| format!("{}        {} = {number},\n", summary(8, &format!("`{word}`")), pascal(word)))
            .collect();
        members.push(format!(
            "    /// <summary>\n    /// The values of {}.\n    /// </summary>\n    public enum {name}\n    {{\n{}    }}\n",
            users.join(",\n    /// "),
            entries.join("\n")
        ));
    }
    members.push(topics());
    file("Constants", &[], &members)
}

fn topics() -> String {
    let constants: Vec<_> = TOPICS
        .iter()
        .map(|(name, topic)| {
            let doc = format!("`{topic}`");
            format!("{}        public const string {} = \"{topic}\";\n", summary(8, &doc), pascal(name))
        })
        .collect();
    let cases: String = TOPICS
        .iter()
        .map(|(name, topic)| {
            let kind = pascal(kind_of(topic).name());
            format!("                case {}:\n                    return Kind.{kind};\n", pascal(name))
        })
        .collect();
    let rest = pascal(kind_of("").name());
    format!(
        "{}    public static class Topics\n    {{\n{}
        internal static Kind KindOf(string topic)
        {{
            switch (topic)
            {{
{cases}                default:
                    return Kind.{rest};
            }}
        }}
    }}
",
        summary(4, "The topics with a name of their own."),
        constants.join("\n")
    )
}

/// What numbers are called in JSON and logs; the index is the number.
fn words() -> File {
    let table = |name: &str, entries: &[(&str, u32)]| {
        let count = entries.iter().map(|(_, number)| number + 1).max().unwrap_or_default();
        let words: Vec<_> = (0..count)
            .map(|number| entries.iter().find(|(_, other)| *other == number).map_or("", |(word, _)| word))
            .map(|word| format!("\"{word}\""))
            .collect();
        format!("        internal static readonly string[] {name} = {{ {} }};\n", words.join(", "))
    };
    let numbered = |entries: &[(&'static str, u32, &'static str)]| -> Vec<(&'static str, u32)> {
        entries.iter().map(|(word, number, _)| (*word, *number)).collect()
    };
    let mut tables = vec![table("Kind", &numbered(KINDS)), table("State", &numbered(STATES))];
    for (name, words) in choices() {
        let entries: Vec<_> = words.iter().copied().zip(0..).collect();
        tables.push(table(&name, &entries));
    }
    let class = format!(
        "{}    internal static class Words\n    {{\n{}    }}\n",
        summary(4, "What numbers are called in JSON and in logs."),
        tables.join("\n")
    );
    file("Words", &[], &[class])
}

fn exception_name(kind: &str) -> String {
    format!("DingStream{}Exception", pascal(kind))
}

fn exceptions() -> File {
    let cases: String = ERROR_KINDS
        .iter()
        .map(|kind| {
            let name = pascal(kind.name);
            let class = exception_name(kind.name);
            format!("                case ErrorKind.{name}:\n                    return new {class}(details);\n")
        })
        .collect();
    let unknown = exception_name(ERROR_KINDS.last().expect("there are kinds").name);
    let mut members = vec![format!(
        "    public abstract partial class DingStreamException
    {{
        private static DingStreamException Of(Details details)
        {{
            switch (details.Kind)
            {{
{cases}                default:
                    return new {unknown}(details);
            }}
        }}
    }}
"
    )];
    members.extend(ERROR_KINDS.iter().map(|kind| {
        let class = exception_name(kind.name);
        format!(
            "{}    public sealed class {class} : DingStreamException
    {{
        internal {class}(Details details)
            : base(details)
        {{
        }}
    }}
",
            summary(4, kind.doc)
        )
    }));
    file("Exceptions", &[], &members)
}

fn property_name(option: &OptionSpec) -> String {
    pascal(option.name.strip_suffix("_ms").unwrap_or(option.name))
}

fn options() -> File {
    let shown = || OPTIONS.iter().filter(|option| !NO_PROPERTY.contains(&option.name));
    let properties: Vec<_> = shown().map(property).collect();
    let writes: String = shown().map(write).collect();
    let class = format!(
        "    public sealed partial class ClientOptions
    {{
{}
        internal void Write(IDictionary<string, object> to)
        {{
{writes}        }}
    }}
",
        properties.join("\n")
    );
    file("ClientOptions", &["System", "System.Collections.Generic"], &[class])
}

fn property(option: &OptionSpec) -> String {
    let (of_type, value) = match option.kind {
        OptionKind::Text | OptionKind::Secret => ("string".to_owned(), String::new()),
        OptionKind::Map => ("IDictionary<string, string>".to_owned(), String::new()),
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
        OptionKind::Text | OptionKind::Secret => guarded(name.clone()),
        OptionKind::Map => guarded(format!("new Dictionary<string, string>({name})")),
        OptionKind::Millis => format!("            to[\"{key}\"] = (long){name}.TotalMilliseconds;\n"),
        OptionKind::Count => format!("            to[\"{key}\"] = {name};\n"),
        OptionKind::Choice(words) => {
            format!("            to[\"{key}\"] = Words.{}[(int){name}];\n", choice_name(words))
        }
    }
}

fn messages() -> File {
    let builders: Vec<_> = MESSAGES.iter().map(builder).collect();
    let class = format!("    public sealed partial class Message\n    {{\n{}    }}\n", builders.join("\n"));
    file("Message", &[], &[class])
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

fn views() -> File {
    let cases: String = VIEWS
        .iter()
        .map(|view| {
            let kind = pascal(view.kind.name());
            format!(
                "                case Kind.{kind}:\n                    return new {}(client, ref view);\n",
                view.name
            )
        })
        .collect();
    let factory = format!(
        "{}    internal static class Views
    {{
        internal static Delivery Of(Client client, ref dingstream_view view)
        {{
            switch ((Kind)view.kind)
            {{
{cases}                default:
                    return new Delivery(client, ref view);
            }}
        }}
    }}
",
        summary(4, "The class of each kind of delivery.")
    );
    let classes = VIEWS.iter().map(view);
    file("Views", &["DingStream.Native"], &std::iter::once(factory).chain(classes).collect::<Vec<_>>())
}

fn view(view: &ViewSpec) -> String {
    let name = view.name;
    let fields: String = view.fields.iter().map(field).collect();
    let properties: String = view.fields.iter().map(reader).collect();
    format!(
        "{}    public sealed class {name} : Delivery
    {{
{fields}
        internal {name}(Client client, ref dingstream_view view)
            : base(client, ref view)
        {{
        }}
{properties}    }}
",
        summary(4, view.doc)
    )
}

fn field(field: &ViewField) -> String {
    let (of_type, make) = match field.kind {
        FieldKind::Text => ("string", "Text"),
        FieldKind::Trimmed => ("string", "Trimmed"),
        FieldKind::Int => ("long?", "Int"),
        FieldKind::Bool => ("bool?", "Bool"),
        FieldKind::Json => ("Json", "Json"),
    };
    let part = match field.part {
        Part::Data => "Data",
        Part::Headers => "Headers",
    };
    let pointers: Vec<_> = field.pointers.iter().map(|pointer| format!("\"{pointer}\"")).collect();
    format!(
        "        private static readonly Field<{of_type}> {}Field = Field.{make}(Part.{part}, {});\n",
        pascal(field.name),
        pointers.join(", ")
    )
}

fn reader(field: &ViewField) -> String {
    let of_type = match field.kind {
        FieldKind::Text | FieldKind::Trimmed => "string",
        FieldKind::Int => "long?",
        FieldKind::Bool => "bool?",
        FieldKind::Json => "Json",
    };
    let name = pascal(field.name);
    format!(
        "\n{}        public {of_type} {name}\n        {{\n            get {{ return {name}Field.Of(this); }}\n        }}\n",
        summary(8, field.doc)
    )
}

/// One way to register: the method, its view, what it says, and what stands before the handler.
struct Way {
    method: String,
    view: &'static str,
    doc: String,
    key: Option<(&'static str, &'static str)>,
    register: String,
}

fn handlers() -> File {
    let mut ways = Vec::new();
    for view in VIEWS {
        let kind = view.kind.name();
        let method = format!("On{}", pascal(kind));
        ways.push(Way {
            method: method.clone(),
            view: view.name,
            doc: format!("Handles deliveries of kind `{kind}`: {}", view.doc),
            key: None,
            register: format!("Register(Kind.{}, ", pascal(kind)),
        });
        if kind == "event" {
            ways.push(Way {
                method,
                view: view.name,
                doc: "Handles events of one type, such as `user_add_org`, before the handler of all events.".to_owned(),
                key: Some(("eventType", "The type.")),
                register: "RegisterEventType(eventType, ".to_owned(),
            });
        }
    }
    ways.push(Way {
        method: "On".to_owned(),
        view: "Delivery",
        doc: "Handles one callback topic, before the handler of its kind.".to_owned(),
        key: Some(("topic", "The topic, such as one of `Topics`.")),
        register: "RegisterTopic(topic, ".to_owned(),
    });
    let methods: Vec<_> = ways.iter().flat_map(overloads).collect();
    let class = format!("    public sealed partial class Client\n    {{\n{}    }}\n", methods.join("\n"));
    file("Client", &["System", "System.Threading.Tasks"], &[class])
}

/// One overload for each shape that a lambda may have.
fn overloads(way: &Way) -> Vec<String> {
    let view = way.view;
    let shapes = [
        ("", format!("Action<{view}>"), "Of", "What to do."),
        (
            "",
            format!("Func<{view}, object>"),
            "OfValue",
            "What to do; it returns `Later`, or the response where the kind carries one.",
        ),
        ("", format!("Func<{view}, Task>"), "OfValue", "What to do."),
        (
            "",
            format!("Func<{view}, Task<object>>"),
            "OfResult",
            "What to do; its task brings `Later`, or the response where the kind carries one.",
        ),
        (
            "<TResult>",
            format!("Func<{view}, Task<TResult>>"),
            "OfResult",
            "What to do; its task brings `Later`, or the response where the kind carries one.",
        ),
    ];
    let shapes = shapes.into_iter().map(|(generic, of_type, wrap, doc)| {
        let key = way.key.map(|(name, doc)| tag(8, &format!("<param name=\"{name}\">"), doc, "</param>"));
        let parameter = way.key.map(|(name, _)| format!("string {name}, ")).unwrap_or_default();
        let typed = if generic.is_empty() {
            String::new()
        } else {
            tag(8, "<typeparam name=\"TResult\">", "What the task brings.", "</typeparam>")
        };
        format!(
            "{}{typed}{}{}        /// <exception cref=\"DingStreamConfigException\">The client was started.</exception>
        public void {}{generic}({parameter}{of_type} handler)
        {{
            {}Handlers.{wrap}(handler));
        }}
",
            summary(8, &way.doc),
            key.unwrap_or_default(),
            tag(8, "<param name=\"handler\">", doc, "</param>"),
            way.method,
            way.register,
        )
    });
    shapes.collect()
}

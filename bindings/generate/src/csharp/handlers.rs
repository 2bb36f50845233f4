//! `Client.OnMessage` and the like: an overload for each shape that a lambda may have.

use dingstream::inbound::VIEWS;

use super::{source, summary, tag};
use crate::File;
use crate::names::pascal;

/// One way to register: the method, its view, what it says, and what stands before the handler.
struct Way {
    method: String,
    view: &'static str,
    doc: String,
    key: Option<(&'static str, &'static str)>,
    register: String,
}

pub(super) fn file() -> File {
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
    source("Client", &["System", "System.Threading.Tasks"], &[class])
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

//! One exception for each kind of error.

use dingstream::error::ERROR_KINDS;

use super::{source, summary};
use crate::File;
use crate::names::pascal;

fn exception_name(kind: &str) -> String {
    format!("DingStream{}Exception", pascal(kind))
}

pub(super) fn file() -> File {
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
    source("Exceptions", &[], &members)
}

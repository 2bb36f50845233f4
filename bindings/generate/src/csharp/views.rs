//! The classes of what arrives.

use dingstream::inbound::{FieldKind, Part, VIEWS, ViewField, ViewSpec};

use super::{source, summary};
use crate::File;
use crate::names::pascal;

pub(super) fn file() -> File {
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
    source("Views", &["DingStream.Native"], &std::iter::once(factory).chain(classes).collect::<Vec<_>>())
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
        FieldKind::List => ("Json", "List"),
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
        FieldKind::Json | FieldKind::List => "Json",
    };
    let name = pascal(field.name);
    format!(
        "\n{}        public {of_type} {name}\n        {{\n            get {{ return {name}Field.Of(this); }}\n        }}\n",
        summary(8, field.doc)
    )
}

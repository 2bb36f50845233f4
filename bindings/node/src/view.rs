//! The fields of the typed views, read when they are asked for.

use std::borrow::Cow;
use std::sync::LazyLock;

use dingstream::Json;
use dingstream::inbound::{FieldKind, Part, VIEWS, ViewField};
use napi::Env;
use napi::bindgen_prelude::{Either, External, Result, ToNapiValue, Undefined, Unknown};
use napi_derive::napi;

use crate::bundle::Bundle;

/// The fields of all views in order: the generated getters name one by its place here.
static FIELDS: LazyLock<Vec<&ViewField>> = LazyLock::new(|| VIEWS.iter().flat_map(|view| view.fields).collect());

/// A field's value, or undefined where it is absent or of another type. JSON comes as its text.
#[napi(catch_unwind)]
pub fn read<'env>(
    env: &'env Env,
    bundle: &External<Bundle>,
    place: u32,
    field: u32,
) -> Result<Either<Unknown<'env>, Undefined>> {
    let Some(field) = FIELDS.get(field as usize) else { return Ok(Either::B(())) };
    let json = match field.part {
        Part::Data => bundle.at(place).data(),
        Part::Headers => bundle.at(place).headers(),
    };
    let value = match field.kind {
        FieldKind::Text => text(env, first(json, field, Json::text)),
        FieldKind::Trimmed => text(env, first(json, field, Json::text).as_deref().map(trimmed)),
        FieldKind::Int => first(json, field, Json::int).map(|number| (number as f64).into_unknown(env)),
        FieldKind::Bool => first(json, field, Json::bool).map(|flag| flag.into_unknown(env)),
        FieldKind::Json => text(env, first(json, field, Json::raw)),
        FieldKind::List => text(env, first(json, field, given).map(listed)),
    };
    value.transpose().map(|value| value.map_or(Either::B(()), Either::A))
}

fn first<'json, T>(json: &'json Json, field: &ViewField, read: impl Fn(&'json Json, &str) -> Option<T>) -> Option<T> {
    field.pointers.iter().find_map(|pointer| read(json, pointer))
}

fn text<'env>(env: &'env Env, text: Option<impl AsRef<str>>) -> Option<Result<Unknown<'env>>> {
    text.map(|text| text.as_ref().into_unknown(env))
}

fn given<'json>(json: &'json Json, pointer: &str) -> Option<Cow<'json, str>> {
    json.raw(pointer).filter(|raw| raw != "null")
}

fn listed(raw: Cow<'_, str>) -> Cow<'_, str> {
    if raw.starts_with('[') { raw } else { format!("[{raw}]").into() }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

//! What helps with DingTalk's subset of markdown, and what answers a plugin.

use dingstream::GraphResponse;
use dingstream::error::{Error, ErrorKind};
use dingstream::markdown::{self, PLACES, Place};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

use crate::error::told;
use crate::named::named;

/// A text that shows as it stands.
#[napi(catch_unwind)]
pub fn escape_markdown(text: String) -> String {
    markdown::escape(&text)
}

/// A mention as a text shows it.
#[napi(catch_unwind)]
pub fn mention(who: String) -> String {
    markdown::mention(&who)
}

/// An image by its URL or media id.
#[napi(catch_unwind)]
pub fn image_markdown(photo: String) -> String {
    markdown::image(&photo)
}

/// The address that opens a URL in a place, alone in a list; the error as JSON text.
#[napi(catch_unwind)]
pub fn link_to(url: String, place: String) -> Either<Vec<String>, String> {
    match named(PLACES, Place::from_number, "place", &place) {
        Ok(place) => Either::A(vec![markdown::link(&url, place)]),
        Err(error) => Either::B(told(&error)),
    }
}

/// What DingTalk renders in place of what it does not.
#[napi(catch_unwind)]
pub fn fit_markdown(text: String) -> String {
    markdown::fit(&text)
}

/// Parts of a long text.
#[napi(catch_unwind)]
pub fn split_markdown(text: String, bytes: f64) -> Vec<String> {
    markdown::split(&text, bytes as usize)
}

/// What a graph handler returns, as JSON text alone in a list; the error as JSON text. `headers` are pairs.
#[napi(catch_unwind)]
pub fn graph_response(
    status: u32,
    content_type: String,
    headers: Vec<Vec<String>>,
    body: String,
) -> Either<Vec<String>, String> {
    let Ok(status) = u16::try_from(status) else {
        return Either::B(told(&Error::new(ErrorKind::Argument, "there is no such HTTP status")));
    };
    let response = GraphResponse::new(status, content_type, body);
    let response = headers.iter().fold(response, |response, header| match header.as_slice() {
        [name, value] => response.header(name, value),
        _ => response,
    });
    Either::A(vec![response.to_json().to_string()])
}

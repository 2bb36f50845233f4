//! `POST /media/upload`: the files that messages point to by their media id.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::Outcome;
use super::call::{Call, Part};
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const MIB: usize = 1024 * 1024;
/// Above the largest file that DingTalk takes, so that a larger one is refused in its words.
pub(crate) const LARGEST_UPLOAD: usize = 32 * MIB;

#[derive(Debug)]
struct Kind {
    name: &'static str,
    largest: usize,
    extensions: &'static [&'static str],
    /// How the media ids of this kind begin.
    prefix: &'static str,
}

const KINDS: &[Kind] = &[
    Kind { name: "image", largest: 20 * MIB, extensions: &["jpg", "gif", "png", "bmp"], prefix: "@lADP" },
    Kind { name: "voice", largest: 2 * MIB, extensions: &["amr", "mp3", "wav"], prefix: "@IR_P" },
    Kind { name: "video", largest: 20 * MIB, extensions: &["mp4"], prefix: "$iQEL" },
    Kind {
        name: "file",
        largest: 20 * MIB,
        extensions: &["doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"],
        prefix: "@lAzP",
    },
];

/// By media id.
#[derive(Debug, Default)]
pub(crate) struct Media(Mutex<HashMap<String, Bytes>>);

impl Media {
    pub(crate) fn get(&self, media_id: &str) -> Option<Bytes> {
        self.lock().get(media_id).cloned()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bytes>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn describe(call: &Call) -> Value {
    let media = call.part("media");
    json!({
        "type": kind_asked(call),
        "fileName": media.and_then(|media| media.file_name.as_ref()),
        "contentType": media.and_then(|media| media.content_type.as_ref()),
        "size": media.map(|media| media.bytes.len()),
        "sha256": media.map(|media| hex(digest(&SHA256, &media.bytes).as_ref())),
    })
}

/// In the address, as DingTalk advises, or in the form, as its samples do.
fn kind_asked(call: &Call) -> Option<&str> {
    let in_form = || call.part("type").and_then(|part| std::str::from_utf8(&part.bytes).ok());
    call.asked("type").or_else(in_form)
}

pub(super) fn upload(platform: &Platform, _: &Caller, call: &Call) -> Outcome {
    let kind = KINDS.iter().find(|kind| Some(kind.name) == kind_asked(call));
    let kind = kind.ok_or_else(|| Refusal::oapi(40_004, "不合法的媒体文件类型"))?;
    let media = call.part("media").filter(|media| !media.bytes.is_empty());
    let media = media.ok_or_else(|| Refusal::oapi(41_005, "缺少多媒体文件数据"))?;
    if !kind.extensions.contains(&extension(media).as_str()) {
        return Err(Refusal::oapi(40_005, "不合法的文件类型"));
    }
    if media.bytes.len() > kind.largest {
        return Err(Refusal::oapi(45_001, "多媒体文件大小超过限制"));
    }
    let media_id = format!("{}{}", kind.prefix, platform.dice.hex());
    platform.media.lock().insert(media_id.clone(), media.bytes.clone());
    Ok(json!({
        "errcode": 0,
        "errmsg": "ok",
        "media_id": media_id,
        "created_at": platform.clock.now(),
        "type": kind.name,
    }))
}

fn extension(media: &Part) -> String {
    let name = media.file_name.as_deref().unwrap_or_default();
    Path::new(name).extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

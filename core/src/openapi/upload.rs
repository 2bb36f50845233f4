//! Files on their way to DingTalk (document 0646), where messages then name them by their media id.

use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt};
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::fs::{File, metadata};
use tokio::io::AsyncReadExt;

use super::written::Written;
use super::{App, Host, Request, file_type};
use crate::error::{Error, ErrorKind, Result, argument};
use crate::net::Progress;
use crate::numbered::numbered;
use crate::pipe::PIECE;

numbered! {
    /// What kind of file is uploaded. Numbers are stable.
    enum MediaType;
    /// Every kind: name, number and meaning, for those who write the constants of other languages.
    const MEDIA_TYPES;
    /// A picture: jpg, gif, png or bmp, at most 20 MiB.
    Image = 1 "image",
    /// A voice message: amr, mp3 or wav, at most 2 MiB. Messages carry amr.
    Voice = 2 "voice",
    /// A video: mp4, at most 20 MiB.
    Video = 3 "video",
    /// A file: doc, docx, xls, xlsx, ppt, pptx, zip, pdf or rar, at most 20 MiB.
    File = 4 "file",
}

const MIB: u64 = 1024 * 1024;

impl MediaType {
    /// The largest size in bytes, and the endings that names may have.
    const fn bounds(self) -> (u64, &'static [&'static str]) {
        match self {
            Self::Image => (20 * MIB, &["jpg", "gif", "png", "bmp"]),
            Self::Voice => (2 * MIB, &["amr", "mp3", "wav"]),
            Self::Video => (20 * MIB, &["mp4"]),
            Self::File => (20 * MIB, &["doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"]),
        }
    }
}

/// A file to be uploaded.
pub(crate) struct Upload {
    kind: MediaType,
    name: String,
    source: Source,
}

/// Where its bytes come from.
pub(crate) enum Source {
    /// Held by the caller.
    Bytes(Bytes),
    /// Read anew at each try.
    File(PathBuf),
    /// Written by the caller.
    Written(Written),
}

impl Upload {
    pub(crate) fn new(kind: MediaType, name: &str, source: Source) -> Result<Self> {
        let name = known(name);
        check_name(kind, &name)?;
        match &source {
            Source::Bytes(bytes) => check_size(kind, bytes.len() as u64)?,
            Source::Written(written) => check_size(kind, written.size())?,
            Source::File(_) => {}
        }
        Ok(Self { kind, name, source })
    }

    /// A file by its path, whose last part is its name.
    pub(crate) fn of_file(kind: MediaType, path: &Path) -> Result<Self> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Self::new(kind, name, Source::File(path.to_owned()))
    }

    /// Whether it can be sent again.
    pub(super) fn repeats(&self) -> bool {
        !matches!(&self.source, Source::Written(written) if written.has_begun())
    }

    /// The form that DingTalk takes, and how much of it has gone out.
    pub(super) async fn form(&self) -> Result<(Form, Progress)> {
        let progress = Progress::default();
        let (size, pieces) = self.pieces().await?;
        let counted = progress.clone();
        let pieces = pieces.inspect(move |piece| counted.sent(piece.as_ref().map_or(0, Bytes::len)));
        let part = Part::stream_with_length(Body::wrap_stream(pieces), size).file_name(self.name.clone());
        let part =
            part.mime_str(file_type::of_ending(&ending(&self.name))).map_err(|_| argument("the file has no type"))?;
        Ok((Form::new().text("type", self.kind.name()).part("media", part), progress))
    }

    async fn pieces(&self) -> Result<(u64, BoxStream<'static, Result<Bytes>>)> {
        match &self.source {
            Source::Bytes(bytes) => Ok((bytes.len() as u64, of_bytes(bytes.clone()).boxed())),
            Source::File(path) => {
                let size = file_size(self.kind, path).await?;
                Ok((size, of_file(File::open(path).await.map_err(unreadable)?, size).boxed()))
            }
            Source::Written(written) => Ok((written.size(), written.pieces()?.boxed())),
        }
    }
}

/// Uploads a file. Done with `{"mediaId","type"}`.
pub(crate) async fn upload(app: &App, upload: Upload) -> Result<Value> {
    if let Source::File(path) = &upload.source {
        file_size(upload.kind, path).await?;
    }
    let kind = upload.kind.name();
    let request = Request { query: vec![("type".to_owned(), kind.to_owned())], ..Request::upload(upload) };
    debug_assert_eq!(request.host, Host::Oapi);
    let answer = app.call(&request).await?;
    match answer.get("media_id").and_then(Value::as_str) {
        Some(id) => Ok(json!({ "mediaId": id, "type": kind })),
        None => Err(Error::new(ErrorKind::Protocol, "the answer to the upload holds no media_id")),
    }
}

/// The name with the one ending of a picture's that DingTalk does not list, although the type is the same.
fn known(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.eq_ignore_ascii_case("jpeg") => format!("{stem}.jpg"),
        _ => name.to_owned(),
    }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

fn check_name(kind: MediaType, name: &str) -> Result<()> {
    if name.contains(char::is_control) {
        return Err(argument("the name of the file holds control signs"));
    }
    let (_, endings) = kind.bounds();
    let ending = ending(name);
    if endings.contains(&ending.as_str()) {
        return Ok(());
    }
    let told = format!("DingTalk takes no {:?} as {}", ending, kind.name());
    Err(argument(told).hint(format!("name it with one of {}", endings.join(", "))))
}

fn check_size(kind: MediaType, size: u64) -> Result<()> {
    let (largest, _) = kind.bounds();
    if size == 0 {
        return Err(argument("the file to be uploaded is empty"));
    }
    if size <= largest {
        return Ok(());
    }
    let told = format!("the file takes {size} bytes and DingTalk takes {largest} of type {}", kind.name());
    Err(Error::new(ErrorKind::TooLarge, told).hint("shrink it, or share it from DingTalk's storage"))
}

async fn file_size(kind: MediaType, path: &Path) -> Result<u64> {
    let found = metadata(path).await.map_err(unreadable)?;
    if !found.is_file() {
        return Err(argument("what is to be uploaded is no file").hint("give the path of a file"));
    }
    check_size(kind, found.len())?;
    Ok(found.len())
}

fn unreadable(error: std::io::Error) -> Error {
    argument(format!("the file to be uploaded can't be read ({error})")).hint("check its path and permissions")
}

fn of_bytes(bytes: Bytes) -> impl futures_util::Stream<Item = Result<Bytes>> {
    stream::unfold(bytes, async |mut left| {
        let piece = left.split_to(left.len().min(PIECE));
        (!piece.is_empty()).then_some((Ok(piece), left))
    })
}

/// As many bytes as were announced: a file that grew meanwhile is cut, one that shrank is an error.
fn of_file(file: File, size: u64) -> impl futures_util::Stream<Item = Result<Bytes>> {
    stream::unfold((file, size), async |(mut file, left)| {
        if left == 0 {
            return None;
        }
        let mut piece = BytesMut::with_capacity(PIECE.min(usize::try_from(left).unwrap_or(PIECE)));
        match file.read_buf(&mut piece).await {
            Ok(0) => Some((Err(argument("the file to be uploaded shrank meanwhile")), (file, 0))),
            Ok(_) => {
                piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left - piece.len() as u64;
                Some((Ok(piece.freeze()), (file, left)))
            }
            Err(error) => Some((Err(unreadable(error)), (file, 0))),
        }
    })
}

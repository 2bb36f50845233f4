//! Files that people sent to the bot, by the download code that came with the message (document 0719).

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::part::Part;
use super::{App, Request, file_name};
use crate::error::{Error, ErrorKind, Result, argument};
use crate::net::Incoming;
use crate::pipe::{PIECE, Pipe};

/// How often an address may lead on to another.
const REDIRECTS: usize = 5;

/// Where a file goes.
pub(crate) enum Sink {
    /// To whoever reads it.
    Pipe(Pipe),
    /// To a file of this path, or under its own name into a folder.
    Path(PathBuf),
}

/// A file that is being received, of which the first piece is there.
struct Arriving {
    name: String,
    content_type: String,
    first: Option<Bytes>,
    incoming: Incoming,
}

/// Downloads a file of at most `most` bytes. Done with `{"name","bytes","contentType"}`, and `path` where there is one.
pub(crate) async fn download(app: &App, robot: &str, code: &str, most: u64, sink: Sink) -> Result<Value> {
    let body = json!({ "downloadCode": code, "robotCode": robot });
    let located = app.call(&Request::post("/v1.0/robot/messageFiles/download", body).safe()).await?;
    let url = located.get("downloadUrl").and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| Error::new(ErrorKind::Protocol, "the answer holds no address of the file"))?;
    match sink {
        Sink::Path(path) => to_file(&mut arriving(app, url, most).await?, most, path).await,
        Sink::Pipe(pipe) => tokio::select! {
            told = to_pipe(app, url, most, &pipe) => told,
            () = pipe.closed() => Err(unread()),
        },
    }
}

/// Follows an address to the file. No token goes there, and no address is told: it is signed.
async fn arriving(app: &App, mut url: Url, most: u64) -> Result<Arriving> {
    for _ in 0..=REDIRECTS {
        let mut incoming = fetched(app, &url, app.patience()).await?;
        let status = incoming.status();
        if (300..400).contains(&status) {
            let next = incoming.header("location").and_then(|next| url.join(next).ok());
            let next = next.filter(|next| matches!(next.scheme(), "http" | "https"));
            url =
                next.ok_or_else(|| Error::new(ErrorKind::Protocol, "the file's address leads nowhere").http(status))?;
            continue;
        }
        if !(200..300).contains(&status) {
            return Err(refused(status));
        }
        if incoming.length().is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let first = incoming.next().await?;
        let head = first.as_deref().unwrap_or_default();
        let content_type = incoming.header("content-type").unwrap_or_default().to_owned();
        let name = file_name::of(incoming.header("content-disposition"), &url, head, &content_type);
        return Ok(Arriving { name, content_type, first, incoming });
    }
    Err(Error::new(ErrorKind::Protocol, format!("the file's address leads on more than {REDIRECTS} times")))
}

async fn fetched(app: &App, url: &Url, patience: Duration) -> Result<Incoming> {
    app.network().dialer.fetch(url, patience).await.map_err(|failure| failure.error.asked("GET", url))
}

fn refused(status: u16) -> Error {
    match status {
        403 | 404 | 410 => Error::new(ErrorKind::Expired, format!("the file is no longer there (HTTP {status})"))
            .hint("download it soon after its message came")
            .http(status),
        _ => Error::new(ErrorKind::Protocol, format!("the file's host answered with HTTP {status}"))
            .http(status)
            .retryable(status >= 500),
    }
}

/// Who takes the pieces.
enum Taker<'a> {
    Pipe(&'a Pipe),
    File(&'a mut File),
}

impl Taker<'_> {
    async fn take(&mut self, piece: Bytes) -> Result<()> {
        match self {
            Self::File(file) => file.write_all(&piece).await.map_err(unwritable),
            Self::Pipe(pipe) => match pipe.push(piece).await {
                true => Ok(()),
                false => Err(unread()),
            },
        }
    }
}

/// Hands every piece on, and counts.
async fn pass_on(arriving: &mut Arriving, most: u64, taker: &mut Taker<'_>) -> Result<u64> {
    let (mut bytes, mut next) = (0, arriving.first.take());
    while let Some(piece) = next {
        bytes += piece.len() as u64;
        if bytes > most {
            return Err(too_large(most));
        }
        taker.take(piece).await?;
        next = arriving.incoming.next().await?;
    }
    Ok(bytes)
}

async fn to_pipe(app: &App, url: Url, most: u64, pipe: &Pipe) -> Result<Value> {
    let mut arriving = arriving(app, url, most).await?;
    let bytes = pass_on(&mut arriving, most, &mut Taker::Pipe(pipe)).await?;
    pipe.end();
    Ok(arriving.told(bytes))
}

/// Written beside its place first: what stands there is whole.
async fn to_file(arriving: &mut Arriving, most: u64, path: PathBuf) -> Result<Value> {
    let path =
        if fs::metadata(&path).await.is_ok_and(|found| found.is_dir()) { path.join(&arriving.name) } else { path };
    let (part, file) = Part::create(path).await.map_err(unwritable)?;
    let mut file = File::from_std(file);
    file.set_max_buf_size(PIECE);
    let bytes = pass_on(arriving, most, &mut Taker::File(&mut file)).await?;
    file.flush().await.map_err(unwritable)?;
    let path = part.keep().await.map_err(unwritable)?;
    let mut told = arriving.told(bytes);
    told["path"] = path.to_string_lossy().into();
    Ok(told)
}

impl Arriving {
    fn told(&self, bytes: u64) -> Value {
        json!({ "name": self.name, "bytes": bytes, "contentType": self.content_type })
    }
}

fn too_large(most: u64) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the file takes more than {most} bytes"))
        .hint("raise the option download_bytes")
}

fn unread() -> Error {
    Error::new(ErrorKind::Cancelled, "nobody reads the download any more")
}

fn unwritable(error: std::io::Error) -> Error {
    argument(format!("the download can't be written ({error})"))
        .hint("check the path, its permissions and the space left")
}

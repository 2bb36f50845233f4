//! A file that a test has planted, and how it comes: whole, slowly, in part, or not at all.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use serde::Deserialize;

/// `POST /_sim/files`, but for the download code.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct PlantedFile {
    pub(crate) download_code: String,
    text: Option<String>,
    base64: Option<String>,
    /// So many bytes of a pattern: what is huge needs no room.
    size: Option<u64>,
    content_type: Option<String>,
    chunk_bytes: u64,
    /// Real time before each chunk.
    chunk_ms: u64,
    /// The connection breaks here.
    cut_at: Option<u64>,
    /// Nothing comes from here on.
    stall_at: Option<u64>,
    /// The answer doesn't say how long it is.
    chunked: bool,
}

impl Default for PlantedFile {
    fn default() -> Self {
        Self {
            download_code: String::new(),
            text: None,
            base64: None,
            size: None,
            content_type: None,
            chunk_bytes: 65_536,
            chunk_ms: 0,
            cut_at: None,
            stall_at: None,
            chunked: false,
        }
    }
}

#[derive(Debug)]
enum Content {
    Given(Bytes),
    Pattern(u64),
}

#[derive(Debug)]
pub(super) struct File {
    plan: PlantedFile,
    content: Content,
}

impl File {
    pub(super) fn plant(plan: PlantedFile) -> Result<Self, String> {
        if plan.chunk_bytes == 0 {
            return Err("a chunk has at least one byte".to_owned());
        }
        let content = match (&plan.text, &plan.base64, plan.size) {
            (Some(text), None, None) => Content::Given(text.clone().into()),
            (None, Some(base64), None) => {
                Content::Given(STANDARD.decode(base64).map_err(|error| error.to_string())?.into())
            }
            (None, None, Some(size)) => Content::Pattern(size),
            _ => return Err("a file has a text, a base64 or a size".to_owned()),
        };
        Ok(Self { plan, content })
    }

    /// What a download code leads to that no test has planted: itself.
    pub(super) fn of_code(code: &str) -> Self {
        Self { plan: PlantedFile::default(), content: Content::Given(code.to_owned().into()) }
    }

    pub(super) fn size(&self) -> u64 {
        match &self.content {
            Content::Given(bytes) => bytes.len() as u64,
            Content::Pattern(size) => *size,
        }
    }

    fn bytes(&self, from: u64, to: u64) -> Bytes {
        match &self.content {
            Content::Given(bytes) => bytes.slice(from as usize..to as usize),
            Content::Pattern(_) => (from..to).map(|place| (place % 251) as u8).collect(),
        }
    }

    pub(super) fn response(self: Arc<Self>) -> Response {
        let (size, chunked) = (self.size(), self.plan.chunked);
        let kind = self.plan.content_type.as_deref().unwrap_or("application/octet-stream");
        let kind = HeaderValue::from_str(kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        let chunks = stream::unfold(0, move |from| {
            let file = Arc::clone(&self);
            async move { file.next_chunk(from).await }
        });
        let mut response = Response::new(Body::from_stream(chunks));
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if !chunked {
            response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
        }
        response
    }

    /// The bytes from this place on, and the place after them.
    async fn next_chunk(&self, from: u64) -> Option<(io::Result<Bytes>, u64)> {
        let plan = &self.plan;
        if plan.stall_at.is_some_and(|at| from >= at) {
            pending::<()>().await;
        }
        if plan.cut_at.is_some_and(|at| from >= at) {
            return Some((Err(io::Error::other("cut on purpose")), from));
        }
        if from >= self.size() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(plan.chunk_ms)).await;
        let ends = [plan.stall_at, plan.cut_at, Some(self.size()), Some(from.saturating_add(plan.chunk_bytes))];
        let to = ends.into_iter().flatten().min().unwrap_or(from);
        Some((Ok(self.bytes(from, to)), to))
    }
}

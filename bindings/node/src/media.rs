//! Files on their way. Bytes are copied piece by piece on threads of Node's own pool, so that JavaScript never waits and
//! no memory of its is used behind its back.

use std::time::Duration;

use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::{Call as CoreCall, MediaType};
use napi::bindgen_prelude::{AsyncTask, Buffer, Either, Result};
use napi::{Env, Task};
use napi_derive::napi;

use crate::call::Call;
use crate::calls::begun;
use crate::client::Client;
use crate::error::told;
use crate::named::named;

/// What is read at a time.
const PIECE: usize = 64 * 1024;
/// How long one step holds a thread of the pool, which has few.
const STEP: Option<Duration> = Some(Duration::from_millis(100));

/// Uploads `size` bytes that `write` gives.
#[napi(catch_unwind)]
pub fn upload(client: &Client, kind: String, name: String, size: f64, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.upload_pieces(media_type(&kind)?, &name, size as u64)))
}

/// Uploads a file by its path.
#[napi(catch_unwind)]
pub fn upload_file(client: &Client, kind: String, path: String, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.upload_file(media_type(&kind)?, path)))
}

/// Downloads a file that `read` brings.
#[napi(catch_unwind)]
pub fn download(client: &Client, code: String, robot: Option<String>, tag: u32) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.download(&code, robot.as_deref())))
}

/// Downloads a file to a path.
#[napi(catch_unwind)]
pub fn download_file(
    client: &Client,
    code: String,
    robot: Option<String>,
    path: String,
    tag: u32,
) -> Either<Call, String> {
    begun(client, tag, || Ok(client.0.download_file(&code, robot.as_deref(), path)))
}

fn media_type(kind: &str) -> dingstream::Result<MediaType> {
    named(MEDIA_TYPES, MediaType::from_number, "media type", kind)
}

#[napi]
impl Call {
    /// Gives bytes: how many were taken, or the error as JSON text.
    #[napi(catch_unwind)]
    pub fn write(&self, piece: &[u8]) -> AsyncTask<Writing> {
        AsyncTask::new(Writing { call: self.core(), piece: piece.to_vec() })
    }

    /// Takes bytes, none of them where there are none yet; nothing at the end; the error as JSON text.
    #[napi(catch_unwind)]
    pub fn read(&self) -> AsyncTask<Reading> {
        AsyncTask::new(Reading(self.core()))
    }
}

/// One step of an upload.
pub struct Writing {
    call: CoreCall,
    piece: Vec<u8>,
}

impl Task for Writing {
    type Output = Either<u32, String>;
    type JsValue = Either<u32, String>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(match self.call.write(&self.piece, STEP) {
            Ok(taken) => Either::A(u32::try_from(taken).unwrap_or(u32::MAX)),
            Err(error) => Either::B(told(&error)),
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output)
    }
}

/// One step of a download.
pub struct Reading(CoreCall);

impl Task for Reading {
    type Output = Either<Option<Vec<u8>>, String>;
    type JsValue = Either<Option<Buffer>, String>;

    fn compute(&mut self) -> Result<Self::Output> {
        let mut piece = vec![0; PIECE];
        Ok(match self.0.read(&mut piece, STEP) {
            Ok(read) if read.ended => Either::A(None),
            Ok(read) => {
                // What came is often little, and all of it is kept until the end.
                piece.truncate(read.bytes);
                piece.shrink_to_fit();
                Either::A(Some(piece))
            }
            Err(error) => Either::B(told(&error)),
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(match output {
            Either::A(piece) => Either::A(piece.map(Buffer::from)),
            Either::B(error) => Either::B(error),
        })
    }
}

//! Files that a client uploads and downloads.

use std::path::Path;

use bytes::Bytes;

use super::Client;
use crate::call::Call;
use crate::error::Result;
use crate::openapi::download::{Sink, download};
use crate::openapi::upload::{MediaType, Source, Upload, upload};
use crate::openapi::written::Written;
use crate::pipe::Pipe;

impl Client {
    /// Uploads what is in memory, without a copy of it, under a name whose ending DingTalk takes for this type. Done with
    /// `{"mediaId":"…","type":"…"}`: messages name it by that id, within DingTalk, as often as you like.
    ///
    /// Size and ending are checked before anything is sent: the errors `too_large` and `argument`.
    pub fn upload(&self, kind: MediaType, name: &str, bytes: impl Into<Bytes>) -> Call {
        self.uploading(Upload::new(kind, name, Source::Bytes(bytes.into())))
    }

    /// The same with a file by its path, of which no more than a piece is in memory.
    pub fn upload_file(&self, kind: MediaType, path: impl AsRef<Path>) -> Call {
        self.uploading(Upload::of_file(kind, path.as_ref()))
    }

    /// The same with `size` bytes that [`Call::write`] or [`Call::write_all`] gives it, and no more. They can be sent once:
    /// a try that fails after it took some is not repeated.
    pub fn upload_pieces(&self, kind: MediaType, name: &str, size: u64) -> Call {
        let written = Written::new(size);
        let pipe = written.pipe().clone();
        let made = Upload::new(kind, name, Source::Written(written));
        let closing = pipe.closing();
        let call = self.call("upload", async move |app| {
            let _closing = closing;
            upload(&app, made?).await
        });
        call.with(pipe)
    }

    /// Downloads a file that came with a message, by its download code, to be read with [`Call::read`] or
    /// [`Call::read_piece`]. `robot_code` is the message's own; without it, that of the client. Done with
    /// `{"name":"report.xlsx","bytes":1234,"contentType":"…"}`; the name has the ending that its bytes call for.
    ///
    /// A code that is no longer valid is the error `expired`, a file above the option `download_bytes` the error `too_large`.
    /// Dropping the call ends the transfer.
    pub fn download(&self, code: &str, robot_code: Option<&str>) -> Call {
        let pipe = Pipe::default();
        self.downloading(code, robot_code, Sink::Pipe(pipe.clone()), pipe.closing()).with(pipe)
    }

    /// The same into a file, which is there once it is whole, or under its own name into a folder: then the result has its
    /// `path`.
    pub fn download_file(&self, code: &str, robot_code: Option<&str>, path: impl AsRef<Path>) -> Call {
        self.downloading(code, robot_code, Sink::Path(path.as_ref().to_owned()), ())
    }

    fn uploading(&self, made: Result<Upload>) -> Call {
        self.call("upload", async move |app| upload(&app, made?).await)
    }

    /// `held` is dropped when the transfer is over, however that comes.
    fn downloading(&self, code: &str, robot: Option<&str>, sink: Sink, held: impl Send + 'static) -> Call {
        let config = &self.0.shared.config;
        let (code, most) = (code.to_owned(), config.download_bytes as u64);
        let robot = robot.filter(|robot| !robot.is_empty()).unwrap_or(&config.robot_code).to_owned();
        self.call("download", async move |app| {
            let _held = held;
            download(&app, &robot, &code, most, sink).await
        })
    }
}

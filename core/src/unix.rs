//! What only Unix has: a descriptor to wait on, and its signals.

use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use tokio::signal::unix::{SignalKind, signal};

use crate::error::{Error, ErrorKind, Result};

/// A descriptor that is readable while it is raised.
pub(crate) struct WakeHandle {
    reader: UnixStream,
    writer: UnixStream,
    raised: bool,
}

impl WakeHandle {
    pub(crate) fn new() -> Result<Self> {
        let pair = || -> std::io::Result<_> {
            let (reader, writer) = UnixStream::pair()?;
            reader.set_nonblocking(true)?;
            writer.set_nonblocking(true)?;
            Ok((reader, writer))
        };
        let (reader, writer) = pair().map_err(|error| {
            Error::new(ErrorKind::Busy, format!("no descriptor can be made ({error})"))
                .hint("raise the limit of open files, or close queues that are no longer used")
        })?;
        Ok(Self { reader, writer, raised: false })
    }

    pub(crate) fn raise(&mut self) {
        if !std::mem::replace(&mut self.raised, true) {
            // One byte in an empty socket always fits.
            let _ = self.writer.write(&[1]);
        }
    }

    pub(crate) fn lower(&mut self) {
        if std::mem::replace(&mut self.raised, false) {
            let _ = self.reader.read(&mut [0; 8]);
        }
    }

    pub(crate) fn descriptor(&self) -> isize {
        self.reader.as_raw_fd() as isize
    }
}

/// Waits for SIGINT or SIGTERM; for ever where the process may not listen for them, since then nobody asked.
pub(crate) async fn asked_to_end() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

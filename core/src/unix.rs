//! What only Unix has: a descriptor to wait on, its signals, and files that belong to a user.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::UnixStream;
use std::path::Path;

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

/// The number of the user that files of this process belong to.
pub(crate) fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Makes a directory for this user alone, unless there is one.
pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Why somebody else could read or change what is in a directory, if so.
pub(crate) fn is_not_private(path: &Path) -> io::Result<Option<&'static str>> {
    // A link of somebody else could lead anywhere, now or later.
    let (named, found) = (fs::symlink_metadata(path)?, fs::metadata(path)?);
    Ok(if !found.is_dir() {
        Some("is no directory")
    } else if named.uid() != user() || found.uid() != user() {
        Some("belongs to another user")
    } else if found.mode() & 0o022 != 0 {
        Some("can be written by other users")
    } else {
        None
    })
}

/// What is made with these options is for this user alone.
pub(crate) fn for_this_user(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

//! A file on its way to its place.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use tokio::fs::rename;
use tokio::task::spawn_blocking;

/// What is written beside its place until it is whole. Dropped before, however that comes, it is removed.
pub(super) struct Part {
    path: PathBuf,
    place: PathBuf,
    is_kept: bool,
}

impl Part {
    pub(super) async fn create(place: PathBuf) -> io::Result<(Self, File)> {
        let mut path = place.clone().into_os_string();
        // Downloads to one place must not mix; the last one that is whole stays.
        path.push(format!(".{:08x}.part", fastrand::u32(..)));
        let path = PathBuf::from(path);
        // In one step: whoever is cancelled while it is made drops what was made.
        spawn_blocking(|| File::create(&path).map(|file| (Self { path, place, is_kept: false }, file))).await?
    }

    /// Moves it to its place.
    pub(super) async fn keep(mut self) -> io::Result<PathBuf> {
        rename(&self.path, &self.place).await?;
        self.is_kept = true;
        Ok(std::mem::take(&mut self.place))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

//! A file that names the cards that are being written, so that those that a crash leaves open end at the next start.
//!
//! A line of JSON when a card begins and another one when it has ended. The file is locked by the process that uses it:
//! what it finds there at first was left by one that is gone.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

use crate::client::Shared;
use crate::error::{Error, Result, config};
use crate::log::Level;
use crate::unix;

/// A card that is being written, and what it is to show where nobody ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) is_public: bool,
    pub(super) fallback: String,
}

#[derive(Serialize, Deserialize)]
enum Line {
    Begun(Begun),
    Ended(String),
}

/// The file, locked.
pub(crate) struct Journal(Mutex<Kept>);

struct Kept {
    file: File,
    open: BTreeMap<String, Begun>,
    /// How many bytes stand in the file.
    size: u64,
}

/// Above it the file is written anew with what is still open.
const LARGE: u64 = 64 * 1024;

impl Journal {
    /// Opens the file, made where it is missing.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let unusable = |error: io::Error| {
            config(format!("the card journal at {} can't be used ({error})", path.display()))
                .hint("give a file that can be made and written")
        };
        let mut options = OpenOptions::new();
        let mut file = unix::for_this_user(options.create(true).truncate(false).read(true).write(true))
            .open(path)
            .map_err(unusable)?;
        file.try_lock().map_err(|error| in_use(path, &error))?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(unusable)?;
        let mut open = BTreeMap::new();
        // Half a line at the end is one that a crash cut: what it says was not done.
        for line in text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()) {
            match line {
                Line::Begun(begun) => drop(open.insert(begun.id.clone(), begun)),
                Line::Ended(id) => drop(open.remove(&id)),
            }
        }
        let mut kept = Kept { file, open, size: 0 };
        kept.write_anew().map_err(unusable)?;
        Ok(Self(Mutex::new(kept)))
    }

    /// What is open: at first, what others left.
    pub(super) fn left(&self) -> Vec<Begun> {
        self.lock().open.values().cloned().collect()
    }

    pub(super) fn begun(&self, begun: Begun) -> io::Result<()> {
        let mut kept = self.lock();
        kept.open.insert(begun.id.clone(), begun.clone());
        kept.write(&Line::Begun(begun))
    }

    pub(super) fn ended(&self, id: &str) -> io::Result<()> {
        let mut kept = self.lock();
        match kept.open.remove(id) {
            Some(_) => kept.write(&Line::Ended(id.to_owned())),
            None => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Kept {
    fn write(&mut self, line: &Line) -> io::Result<()> {
        if self.size > LARGE {
            return self.write_anew();
        }
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.size += text.len() as u64;
        self.file.write_all(&text)
    }

    fn write_anew(&mut self) -> io::Result<()> {
        let mut text = Vec::new();
        for begun in self.open.values() {
            serde_json::to_writer(&mut text, &Line::Begun(begun.clone()))?;
            text.push(b'\n');
        }
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.size = text.len() as u64;
        self.file.write_all(&text)
    }
}

/// Warns where a line could not be written: the card goes on all the same.
pub(super) fn tell_unwritten(shared: &Shared, written: io::Result<()>) {
    if let Err(error) = written {
        shared.log(Level::Warn, "card", format_args!("the card journal can't be written ({error})"));
    }
}

fn in_use(path: &Path, error: &std::fs::TryLockError) -> Error {
    config(format!("the card journal at {} is in use ({error})", path.display()))
        .hint("give every client a card_journal of its own")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn begun(id: &str) -> Begun {
        Begun { id: id.to_owned(), key: "k".to_owned(), is_public: true, fallback: "gone".to_owned() }
    }

    #[test]
    fn what_was_begun_and_not_ended_is_found_again() {
        let dir = TempDir::new().expect("a directory");
        let path = dir.path().join("cards");
        let journal = Journal::open(&path).expect("made");
        for id in ["a", "b", "c"] {
            journal.begun(begun(id)).expect("written");
        }
        journal.ended("b").expect("written");
        drop(journal);
        let mut file = OpenOptions::new().append(true).open(&path).expect("opened");
        file.write_all(b"{\"Ended\":\"c").expect("half a line");
        drop(file);
        assert_eq!(Journal::open(&path).expect("read").left(), [begun("a"), begun("c")]);
    }

    #[test]
    fn one_client_uses_it_at_a_time() {
        let dir = TempDir::new().expect("a directory");
        let path = dir.path().join("cards");
        let first = Journal::open(&path).expect("made");
        assert!(Journal::open(&path).err().expect("refused").to_string().contains("in use"));
        drop(first);
        Journal::open(&path).expect("free again");
        let error = Journal::open(dir.path()).err().expect("refused");
        assert!(error.to_string().contains("can't be used"), "{error}");
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let dir = TempDir::new().expect("a directory");
        let path = dir.path().join("cards");
        let journal = Journal::open(&path).expect("made");
        for number in 0..2000 {
            journal.begun(begun(&number.to_string())).expect("written");
            journal.ended(&number.to_string()).expect("written");
        }
        assert!(fs::metadata(&path).expect("a file").len() < 2 * LARGE);
    }
}

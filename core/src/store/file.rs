//! State in files: for each key one with the state and one to lock.
//!
//! The lock is the kernel's (`flock`), which frees it when its holder dies. A state is written beside the old one and
//! then takes its place, so that nobody ever reads half of one.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep};

use super::{Backend, Key, Slot};
use crate::error::{Error, ErrorKind, Result, config};
use crate::log::{Level, Teller};
use crate::unix;

/// The pauses between two looks at a lock that another process holds.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// One lock for each key, whose waiters come in their order.
#[derive(Default)]
struct Lines(Mutex<HashMap<Key, Arc<tokio::sync::Mutex<()>>>>);

impl Lines {
    async fn enter(&self, key: &Key) -> OwnedMutexGuard<()> {
        let line = {
            let mut lines = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            Arc::clone(lines.entry(key.clone()).or_default())
        };
        line.lock_owned().await
    }
}

/// The store of one directory.
pub(super) struct Files {
    dir: PathBuf,
    /// Who waits in this process, so that they come in order and one of them alone looks at the file.
    lines: Lines,
    tellers: Mutex<Vec<Weak<Teller>>>,
}

/// The directory that the option names, made where it is missing; empty for the one that all programs of a user share.
pub(super) fn directory(option: &str) -> Result<PathBuf> {
    let named = match option {
        "" => std::env::temp_dir().join(format!("dingstream-{}", unix::user())),
        named => PathBuf::from(named),
    };
    let dir = std::path::absolute(&named).map_err(|error| unusable(&named, &error))?;
    make(&dir)?;
    Ok(dir)
}

fn make(dir: &Path) -> Result<()> {
    unix::make_private_dir(dir).map_err(|error| unusable(dir, &error))?;
    if let Some(why) = unix::is_not_private(dir).map_err(|error| unusable(dir, &error))? {
        return Err(config(format!("the store's directory {} {why}", dir.display()))
            .hint("give a store_dir that belongs to the user of this process, with mode 0700, for it holds tokens"));
    }
    let probe = dir.join(format!("probe-{}", std::process::id()));
    open(&probe).map_err(|error| unusable(dir, &error))?;
    // Another thread of this process may have been here.
    let _ = fs::remove_file(&probe);
    Ok(())
}

impl Files {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, lines: Lines::default(), tellers: Mutex::default() }
    }

    /// Tells this one, too, what is wrong.
    pub(super) fn heard_by(&self, teller: &Arc<Teller>) {
        let mut tellers = self.tellers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        tellers.retain(|teller| teller.strong_count() > 0);
        tellers.push(Arc::downgrade(teller));
    }

    async fn lock_file(&self, key: &Key, patience: Duration) -> Result<File> {
        let (path, until) = (self.path(key, "lock"), Instant::now() + patience);
        let mut pause = FIRST_PAUSE;
        loop {
            // Opened anew each time: whoever cleans up temporary directories may have taken the file away.
            let file = open(&path).or_else(|error| match error.kind() {
                Io::NotFound => make(&self.dir).and_then(|()| open(&path).map_err(|error| unusable(&self.dir, &error))),
                _ => Err(unusable(&self.dir, &error)),
            })?;
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(unusable(&self.dir, &error)),
                Err(TryLockError::WouldBlock) if Instant::now() >= until => {
                    let told = format!("another process has held {} for {} ms", path.display(), patience.as_millis());
                    return Err(Error::new(ErrorKind::Timeout, told).hint("look for a process that is stopped"));
                }
                Err(TryLockError::WouldBlock) => {}
            }
            sleep(pause.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn path(&self, key: &Key, what: &str) -> PathBuf {
        self.dir.join(format!("{key}.{what}"))
    }
}

impl Backend for Files {
    fn lock<'a>(&'a self, key: &'a Key, patience: Duration) -> BoxFuture<'a, Result<Box<dyn Slot>>> {
        async move {
            let line = self.lines.enter(key).await;
            let lock = self.lock_file(key, patience).await?;
            let (state, fresh) = (self.path(key, "json"), self.path(key, "new"));
            Ok(Box::new(FileSlot { lock, state, fresh, _line: line }) as Box<dyn Slot>)
        }
        .boxed()
    }

    fn warn(&self, told: fmt::Arguments<'_>) {
        let tellers = self.tellers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(teller) = tellers.iter().rev().find_map(Weak::upgrade) {
            teller.log(Level::Warn, "store", format_args!("in {}, {told}", self.dir.display()));
        }
    }
}

struct FileSlot {
    lock: File,
    state: PathBuf,
    fresh: PathBuf,
    _line: OwnedMutexGuard<()>,
}

impl Slot for FileSlot {
    fn read(&self) -> Result<Vec<u8>> {
        match fs::read(&self.state) {
            Err(error) if error.kind() != Io::NotFound => Err(unusable(&self.state, &error)),
            read => Ok(read.unwrap_or_default()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = open(&self.fresh).and_then(|mut file| {
            file.set_len(0)?;
            file.write_all(bytes)
        });
        written.and_then(|()| fs::rename(&self.fresh, &self.state)).map_err(|error| unusable(&self.state, &error))
    }
}

impl Drop for FileSlot {
    fn drop(&mut self) {
        // Closing is not enough: a child that was forked meanwhile has the same file open.
        let _ = self.lock.unlock();
    }
}

/// Opens a file for this user alone.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    unix::for_this_user(options.create(true).truncate(false).read(true).write(true)).open(path)
}

fn unusable(path: &Path, error: &io::Error) -> Error {
    config(format!("the store at {} can't be used ({error})", path.display()))
        .hint("give a store_dir that can be made and written")
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::queue::{Item, Queue};
    use crate::runtime::Born;
    use crate::store::{Kept, State};

    /// A state in this directory, as another process would see it: of a store of its own.
    fn state(dir: &Path) -> State<Vec<u64>> {
        let store = Kept::Elsewhere(Arc::new(Files::new(dir.to_owned())));
        State::new(&store, Key::new("numbers", &[]))
    }

    fn file(dir: &Path, what: &str) -> PathBuf {
        dir.join(format!("{}.{what}", Key::new("numbers", &[])))
    }

    fn refused(dir: &Path) -> String {
        let error = directory(dir.to_str().expect("UTF-8")).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    }

    #[tokio::test]
    async fn what_one_keeps_the_others_find() {
        let dir = TempDir::new().expect("a directory");
        for number in 0..10 {
            state(dir.path()).change(|numbers| numbers.push(number)).await.expect("kept");
        }
        let found = state(dir.path()).change(|numbers| numbers.clone()).await.expect("found");
        assert_eq!(found, Vec::from_iter(0..10));
    }

    #[tokio::test]
    async fn no_change_is_lost_however_many_make_one() {
        let dir = TempDir::new().expect("a directory");
        let changes = (0..100).map(|number| {
            let state = state(dir.path());
            async move { state.change(|numbers| numbers.push(number)).await }
        });
        futures_util::future::try_join_all(changes).await.expect("kept");
        let found = state(dir.path()).change(|numbers| numbers.len()).await.expect("found");
        assert_eq!(found, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn who_holds_the_lock_is_waited_for_and_not_for_ever() {
        let dir = TempDir::new().expect("a directory");
        let holder = open(&file(dir.path(), "lock")).expect("opened");
        holder.lock().expect("locked");
        let began = Instant::now();
        let error = state(dir.path()).lock(Duration::from_secs(7)).await.err().expect("given up");
        assert_eq!((error.kind(), began.elapsed().as_secs()), (ErrorKind::Timeout, 7));
        drop(holder);
        state(dir.path()).change(|numbers| numbers.push(1)).await.expect("free again");
    }

    #[tokio::test]
    async fn what_can_not_be_read_begins_anew_and_is_told() {
        let dir = TempDir::new().expect("a directory");
        let queue = Queue::new();
        let teller =
            Teller { queue: queue.downgrade(), source: 0, level: Level::Warn, app: String::new(), born: Born::now() };
        let (files, teller) = (Files::new(dir.path().to_owned()), Arc::new(teller));
        files.heard_by(&teller);
        let store = Kept::Elsewhere(Arc::new(files));
        let state = State::<Vec<u64>>::new(&store, Key::new("numbers", &[]));
        for garbage in ["[1,2", "{\"planted\":1}", "\0\0"] {
            fs::write(file(dir.path(), "json"), garbage).expect("written");
            assert_eq!(state.change(|numbers| numbers.len()).await.expect("healed"), 0);
            let mut items = Vec::new();
            queue.take(1, Some(Duration::ZERO), &mut items).expect("not forked");
            let Some(Item::Log { record, .. }) = items.pop() else { panic!("{garbage} was not told") };
            assert!(record.message.ends_with("can't be read and begins anew"), "{}", record.message);
        }
    }

    #[tokio::test]
    async fn half_a_state_beside_the_old_one_changes_nothing() {
        let dir = TempDir::new().expect("a directory");
        state(dir.path()).change(|numbers| numbers.push(1)).await.expect("kept");
        fs::write(file(dir.path(), "new"), "[1,2,3,4,5,6,7,8,").expect("written");
        state(dir.path()).change(|numbers| numbers.push(2)).await.expect("kept");
        assert_eq!(fs::read(file(dir.path(), "json")).expect("a state"), b"[1,2]");
    }

    #[tokio::test]
    async fn a_directory_that_somebody_cleaned_away_is_made_again() {
        let dir = TempDir::new().expect("a directory");
        let inner = directory(dir.path().join("a/b").to_str().expect("UTF-8")).expect("made");
        let state = state(&inner);
        state.change(|numbers| numbers.push(1)).await.expect("kept");
        fs::remove_dir_all(&inner).expect("removed");
        state.change(|numbers| numbers.push(1)).await.expect("kept again");
    }

    #[test]
    fn a_place_where_nothing_can_be_written_is_refused() {
        let dir = TempDir::new().expect("a directory");
        fs::write(dir.path().join("file"), "").expect("written");
        assert!(refused(&dir.path().join("file")).contains("can't be used"));
        assert!(refused(&dir.path().join("file/below")).contains("can't be used"));
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_of_others_is_refused_and_a_new_one_is_for_this_user_alone() {
        use std::os::unix::fs::{PermissionsExt, chown};
        let mode = |path: &Path| fs::metadata(path).expect("found").permissions().mode() & 0o777;
        let dir = TempDir::new().expect("a directory");
        let made = directory(dir.path().join("made").to_str().expect("UTF-8")).expect("made");
        open(&made.join("x")).expect("opened");
        assert_eq!((mode(&made), mode(&made.join("x"))), (0o700, 0o600));

        fs::set_permissions(&made, fs::Permissions::from_mode(0o777)).expect("opened to all");
        assert!(refused(&made).contains("can be written by other users"));
        // Root alone can give a directory away, and nobody else owns the first one.
        let foreign = chown(dir.path(), Some(unix::user() + 1), None).map_or(Path::new("/"), |()| dir.path());
        assert!(refused(foreign).contains("belongs to another user"));
    }
}

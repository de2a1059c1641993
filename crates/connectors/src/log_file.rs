//! What the product says while it works, in a file a day beside the data: `logs/2026-11-23.log`, for a week. Whoever starts the
//! product decides what goes in; by the rules for log lines that is codes, counts and words, never a value. Writing never fails:
//! a full disk must not stop what is being logged.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::{Clock, SystemClock, UtcMillis};

/// Days for which files are kept, today's included.
pub const KEPT_DAYS: i64 = 7;
/// Bytes of a day at most; what comes after is not kept.
pub const DAY_LIMIT: u64 = 4 * 1024 * 1024;
/// What is let in: our own crates say nothing at this level that is anybody's. Other crates' lines may hold addresses.
pub const FILTER: &str = "off,connectors=info,federation_connectors_shell=info,fedctl=info";

const FOLDER: &str = "logs";
const DAY_MS: i64 = 86_400_000;

/// The files of a data folder. Clones write to the same one.
#[derive(Clone)]
pub struct LogFile {
    inner: Arc<Inner>,
}

struct Inner {
    data_dir: PathBuf,
    clock: Arc<dyn Clock>,
    open: Mutex<Option<Open>>,
}

struct Open {
    day: i64,
    file: File,
    written: u64,
}

impl LogFile {
    /// Of the data in `data_dir`. Nothing is made before there is a data folder: a look at a computer leaves no trace.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self::with_clock(data_dir, Arc::new(SystemClock))
    }

    /// As [`LogFile::new`], by another clock.
    #[must_use]
    pub fn with_clock(data_dir: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                data_dir: data_dir.to_owned(),
                clock,
                open: Mutex::default(),
            }),
        }
    }
}

impl Inner {
    fn put(&self, bytes: &[u8]) -> Option<()> {
        let now = self.clock.now();
        let day = now.0.div_euclid(DAY_MS);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_none_or(|open| open.day != day) {
            *open = None;
            *open = Some(begin(&self.data_dir, now, day)?);
        }
        let today = open.as_mut()?;
        if today.written >= DAY_LIMIT {
            return None;
        }
        today.written += u64::try_from(bytes.len()).unwrap_or(DAY_LIMIT);
        // One call, so that lines of two processes stay whole.
        today.file.write_all(bytes).ok()
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Where there is no place for it, it is lost, and nothing else is.
        let _written_or_lost = self.inner.put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn begin(data_dir: &Path, now: UtcMillis, day: i64) -> Option<Open> {
    if !data_dir.is_dir() {
        return None;
    }
    let folder = data_dir.join(FOLDER);
    make_private(&folder);
    forget(&folder, day);
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(folder.join(name_of(now))).ok()?;
    let written = file.metadata().map_or(0, |facts| facts.len());
    Some(Open { day, file, written })
}

fn make_private(folder: &Path) {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    // Opening the file says whether it worked.
    let _made_or_there = builder.create(folder);
}

fn forget(folder: &Path, today: i64) {
    for (day, path) in files(folder) {
        if day <= today - KEPT_DAYS {
            let _gone_or_not = std::fs::remove_file(path);
        }
    }
}

/// The files that are there with their days since 1970, oldest first.
fn files(folder: &Path) -> Vec<(i64, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut all: Vec<(i64, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let day = UtcMillis::of_day(name.to_str()?.strip_suffix(".log")?)?;
            Some((day.0.div_euclid(DAY_MS), entry.path()))
        })
        .collect();
    all.sort();
    all
}

/// What was logged, oldest first: names as in the folder, with their texts.
pub fn read(data_dir: &Path) -> Vec<(String, String)> {
    files(&data_dir.join(FOLDER))
        .into_iter()
        .filter_map(|(_, path)| {
            let name = path.file_name()?.to_str()?.to_owned();
            let bytes = std::fs::read(&path).ok()?;
            Some((name, String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect()
}

fn name_of(now: UtcMillis) -> String {
    let day: String = now
        .to_rfc3339()
        .chars()
        .take_while(|sign| *sign != 'T')
        .collect();
    format!("{day}.log")
}

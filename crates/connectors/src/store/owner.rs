//! The lock file beside the data file. Everyone who has the data open holds it shared for life;
//! creating and restoring hold it alone. The operating system frees it when a process dies.
//! The lock file stays: removing it would let two processes lock two different files.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files;
use crate::clock::Stopwatch;
use crate::error::{Error, Result, StorageProblem};

/// How long a newcomer waits for one who holds the file alone.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(20);

/// A held lock; dropping it frees it.
#[derive(Debug)]
pub struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Joins those who have the file open. Waits up to 2 s for one who holds it alone.
    pub fn shared(data_file: &Path) -> Result<Self> {
        let path = lock_path(data_file);
        let file = files::open_lock(&path)?;
        wait(&path, || file.try_lock_shared())?;
        Ok(Self { file })
    }

    /// Holds the file alone. Refused after 2 s if others keep it open.
    pub fn exclusive(data_file: &Path) -> Result<Self> {
        let path = lock_path(data_file);
        let file = files::open_lock(&path)?;
        wait(&path, || file.try_lock())?;
        Ok(Self { file })
    }

    /// Holds the file alone if nobody else has it open just now.
    pub fn try_exclusive(data_file: &Path) -> Result<Option<Self>> {
        let path = lock_path(data_file);
        let file = files::open_lock(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path, error)),
        }
    }

    /// Lets others in and stays. Another may hold it alone for a moment in between.
    pub fn into_shared(self, data_file: &Path) -> Result<Self> {
        let path = lock_path(data_file);
        self.file
            .unlock()
            .map_err(|error| Error::io("lock", &path, error))?;
        wait(&path, || self.file.try_lock_shared())?;
        Ok(self)
    }
}

/// Where the lock of a data file is: `connectors.db` has `connectors.db.lock`.
pub fn lock_path(data_file: &Path) -> PathBuf {
    files::sibling(data_file, ".lock")
}

fn wait(path: &Path, attempt: impl Fn() -> Result<(), TryLockError>) -> Result<()> {
    let watch = Stopwatch::start();
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path, error)),
            Err(TryLockError::WouldBlock) if watch.elapsed() >= PATIENCE => {
                return Err(Error::Storage {
                    problem: StorageProblem::Failed,
                    doing: "have the data alone, another program keeps it open:",
                    path: path.to_path_buf(),
                    source: None,
                });
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}

//! The connections of one open file: one that writes, up to four that read, opened when first
//! needed. Whoever finds none free waits.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::connection::{self, Connection, Mode};
use super::owner::OwnerLock;
use crate::error::{Error, LockReason, Result};

/// Readers at most. More would only share two cores and cost 16 MiB of cache each.
const READERS: usize = 4;

pub(super) struct Pool {
    path: PathBuf,
    key: Zeroizing<String>,
    // Dropped in this order: the one that may empty the log goes last, and then the lock.
    readers: Mutex<Readers>,
    writer: Mutex<Option<Connection>>,
    returned: Condvar,
    owner: Mutex<Option<OwnerLock>>,
}

struct Readers {
    idle: Vec<Connection>,
    /// Idle and lent out together.
    open: usize,
    closed: bool,
}

impl Pool {
    pub(super) fn new(
        path: PathBuf,
        key: Zeroizing<String>,
        writer: Connection,
        owner: OwnerLock,
    ) -> Self {
        Self {
            path,
            key,
            writer: Mutex::new(Some(writer)),
            readers: Mutex::new(Readers {
                idle: Vec::new(),
                open: 0,
                closed: false,
            }),
            returned: Condvar::new(),
            owner: Mutex::new(Some(owner)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Lends the writing connection. A panic in `f` rolls back and leaves it usable.
    pub(super) fn with_writer<T>(
        &self,
        f: impl FnOnce(&mut Connection, &Path) -> Result<T>,
    ) -> Result<T> {
        let mut writer = lock(&self.writer);
        f(writer.as_mut().ok_or_else(closed)?, &self.path)
    }

    /// Lends a reading connection.
    pub(super) fn with_reader<T>(
        &self,
        f: impl FnOnce(&mut Connection, &Path) -> Result<T>,
    ) -> Result<T> {
        let mut loan = Loan {
            pool: self,
            connection: self.borrow()?,
        };
        if loan.connection.is_none() {
            loan.connection = Some(connection::open(&self.path, &self.key, Mode::Read)?);
        }
        f(loan.connection.as_mut().ok_or_else(closed)?, &self.path)
    }

    /// A place among the readers, with a connection if one is idle.
    fn borrow(&self) -> Result<Option<Connection>> {
        let mut readers = lock(&self.readers);
        loop {
            if readers.closed {
                return Err(closed());
            }
            if let Some(connection) = readers.idle.pop() {
                return Ok(Some(connection));
            }
            if readers.open < READERS {
                readers.open += 1;
                return Ok(None);
            }
            readers = self
                .returned
                .wait(readers)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for those at work, empties the log, closes, and frees the lock. Twice does no harm.
    pub(super) fn close(&self) -> Result<()> {
        let mut readers = lock(&self.readers);
        readers.closed = true;
        // Those who wait for a connection must learn that none will come.
        self.returned.notify_all();
        while readers.open > readers.idle.len() {
            readers = self
                .returned
                .wait(readers)
                .unwrap_or_else(PoisonError::into_inner);
        }
        for idle in std::mem::take(&mut readers.idle) {
            connection::close(idle);
        }
        readers.open = 0;
        drop(readers);
        let mut result = Ok(());
        if let Some(mut writer) = lock(&self.writer).take() {
            result = connection::checkpoint(&mut writer, &self.path);
            connection::close(writer);
        }
        lock(&self.owner).take();
        result
    }
}

/// Gives the place back, also when the borrower panics.
struct Loan<'a> {
    pool: &'a Pool,
    connection: Option<Connection>,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut readers = lock(&self.pool.readers);
        match self.connection.take() {
            Some(connection) => readers.idle.push(connection),
            None => readers.open -= 1,
        }
        drop(readers);
        self.pool.returned.notify_all();
    }
}

/// A panic elsewhere rolled its transaction back, so that what is behind the lock is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> Error {
    Error::Locked(LockReason::ByUser)
}

//! How many more bytes may be read before something must be whole: the one limit that keeps
//! memory flat whatever a parser buffers. It also keeps why reading stopped, since parsers pass on
//! no more than "the reader failed".

use std::cell::Cell;
use std::io::{self, BufRead, Read};

use crate::failure::Finding;

/// The bytes left, and the reason of a stop.
pub(super) struct Budget {
    left: Cell<u64>,
    stopped: Cell<Option<Finding>>,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        Self {
            left: Cell::new(bytes),
            stopped: Cell::new(None),
        }
    }

    /// From here on, `bytes` more.
    pub(super) fn allow(&self, bytes: u64) {
        self.left.set(bytes);
    }

    /// Keeps the first reason and makes an error that ends the parser.
    pub(super) fn stop(&self, finding: Finding) -> io::Error {
        if self.stopped.get().is_none() {
            self.stopped.set(Some(finding));
        }
        io::Error::from(io::ErrorKind::Other)
    }

    /// Why it stopped; where nobody stopped it, the parser did not understand what it read.
    pub(super) fn finding(&self) -> Finding {
        self.stopped.get().unwrap_or(Finding::NotJson)
    }

    fn take(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.left.set(self.left.get().saturating_sub(count));
    }

    /// As many of `wanted` as are left, at least one; an error where none is.
    fn share(&self, wanted: usize) -> io::Result<usize> {
        match usize::try_from(self.left.get()).unwrap_or(usize::MAX) {
            0 => Err(self.stop(Finding::AnswerTooLarge)),
            left => Ok(left.min(wanted)),
        }
    }
}

/// A reader that counts.
pub(super) struct Budgeted<'a, R> {
    inner: R,
    budget: &'a Budget,
}

impl<'a, R: BufRead> Budgeted<'a, R> {
    pub(super) fn new(inner: R, budget: &'a Budget) -> Self {
        Self { inner, budget }
    }
}

impl<R: BufRead> Read for Budgeted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let share = self.budget.share(buffer.len())?;
        let count = self.inner.read(&mut buffer[..share])?;
        self.budget.take(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Budgeted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let ready = self.inner.fill_buf()?;
        if ready.is_empty() {
            return Ok(ready);
        }
        let share = self.budget.share(ready.len())?;
        Ok(&ready[..share])
    }

    fn consume(&mut self, count: usize) {
        self.budget.take(count);
        self.inner.consume(count);
    }
}

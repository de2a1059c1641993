//! What deleted rows leave behind in the file. `secure_delete` overwrites a deleted row where it stood last; copies stay in the free
//! middle of pages that were split or joined before (`SQLite`'s `rebuildPage` does not clear it), and in the write-ahead log. So the
//! whole file is written anew, and the log emptied. Rows keep their places (`rowid`) where a table has an index, which a plan under
//! way of another club relies on; a test holds that.

use rusqlite::limits::Limit;

use super::Store;
use super::sqlite_error::SqliteResult;
use crate::error::Result;

/// Key of the note that a scrubbing is due: it is written with the deletion and taken away after the scrubbing, so that a kill in
/// between only delays it.
pub const DUE: &str = "scrub_due";

/// What a scrubbing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scrubbed {
    /// The file was written anew.
    pub rewritten: bool,
    /// The write-ahead log is empty. Not where another process was reading all the while.
    pub log_emptied: bool,
}

impl Scrubbed {
    /// Nothing is left to be done.
    #[must_use]
    pub fn is_done(self) -> bool {
        self.rewritten && self.log_emptied
    }
}

/// Waiting for another process that reads or writes, in milliseconds.
const WAIT_MS: u64 = 2_000;
/// As in every connection otherwise.
const USUAL_WAIT_MS: u64 = 5_000;

impl Store {
    /// Writes the file anew and empties the log. A file of more than `most_pages` pages (of 4 KiB) is left for another time: it is
    /// built in memory first, and nobody can write meanwhile.
    ///
    /// # Errors
    /// Where the disk fails or is full. A file that is only busy is none: [`Scrubbed`] says what was done.
    pub fn scrub(&self, most_pages: u32) -> Result<Scrubbed> {
        self.pool.with_writer(|connection, path| {
            let wait = |ms| connection.busy_timeout(std::time::Duration::from_millis(ms));
            wait(WAIT_MS).explain("write", path)?;
            let pages: u32 = connection
                .query_row("PRAGMA page_count", [], |row| row.get(0))
                .explain("read", path)?;
            let mut done = Scrubbed::default();
            if pages <= most_pages {
                // Rewriting attaches the new file, which nobody else may do.
                let attached = connection
                    .limit(Limit::SQLITE_LIMIT_ATTACHED)
                    .explain("write", path)?;
                connection
                    .set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)
                    .explain("write", path)?;
                let rewritten = connection.execute_batch("VACUUM");
                connection
                    .set_limit(Limit::SQLITE_LIMIT_ATTACHED, attached)
                    .explain("write", path)?;
                done.rewritten = match rewritten {
                    Ok(()) => true,
                    Err(error)
                        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
                    {
                        false
                    }
                    Err(error) => return Err(error).explain("write", path),
                };
            }
            let busy: bool = connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
                .explain("write", path)?;
            done.log_emptied = !busy;
            wait(USUAL_WAIT_MS).explain("write", path)?;
            Ok(done)
        })
    }
}

//! How a connection is set up: `SQLCipher` first, then durability, then distrust of the file. The
//! path is never a URI and never a symbolic link.

use std::path::Path;

use rusqlite::OpenFlags;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use zeroize::Zeroizing;

use super::sqlite_error::{SqliteResult, explain};
use crate::error::{Error, Result, StorageProblem};

pub(super) use rusqlite::Connection;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Reads and writes; there is one.
    Write,
    /// Reads only.
    Read,
    /// Looks at a file that nobody has open and leaves no trace: no lock, no log, no shared memory.
    Probe,
    /// Writes a copy that nobody else knows of; a single file without a log.
    Copy,
}

/// Waiting for another process that writes, in milliseconds.
const BUSY_TIMEOUT_MS: u32 = 5_000;

// The cache is in KiB where negative. Deleted content is overwritten; the cipher's log would go to
// stderr. `temp_store` 2 is memory: nothing is ever written in clear.
const SETTINGS: &str = "
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = 2;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA synchronous = FULL;
    PRAGMA checkpoint_fullfsync = ON;
";

/// Opens a file that exists.
pub(super) fn open(path: &Path, key: &str, mode: Mode) -> Result<Connection> {
    let access = match mode {
        Mode::Write | Mode::Copy => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Mode::Read | Mode::Probe => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let flags = access
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that opens the file"
    )]
    let opened = if mode == Mode::Probe {
        let without_locks = if cfg!(windows) {
            c"win32-none"
        } else {
            c"unix-none"
        };
        Connection::open_with_flags_and_vfs(path, flags, without_locks)
    } else {
        Connection::open_with_flags(path, flags)
    };
    let connection = opened.explain("open", path)?;
    set_up(&connection, key, mode).map_err(|error| explain(&error, "open", path))?;
    if mode == Mode::Write {
        let journal: String = connection
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .explain("open", path)?;
        require_wal(&journal, path)?;
    }
    Ok(connection)
}

fn set_up(connection: &Connection, key: &str, mode: Mode) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_millis(u64::from(BUSY_TIMEOUT_MS)))?;
    // SQLCipher prints to stderr otherwise, from its very first page.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    if mode == Mode::Probe {
        // With this the log is indexed in memory instead of in a shared file.
        connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")?;
    }
    let statement = Zeroizing::new(format!("PRAGMA key = \"{key}\";"));
    connection.execute_batch(&statement)?;
    connection.execute_batch(SETTINGS)?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 16 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 100),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 1_000),
    ] {
        connection.set_limit(limit, value)?;
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    if mode == Mode::Read {
        connection.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(())
}

/// WAL needs shared memory, which network folders lack; `SQLite` then silently stays with another mode.
fn require_wal(journal: &str, path: &Path) -> Result<()> {
    if journal.eq_ignore_ascii_case("wal") {
        return Ok(());
    }
    Err(Error::Storage {
        problem: StorageProblem::Failed,
        doing: "keep the data on this file system (is it a network folder? choose a local one):",
        path: path.to_path_buf(),
        source: None,
    })
}

/// Moves the log into the file and empties it, as far as other readers allow.
pub(super) fn checkpoint(connection: &mut Connection, path: &Path) -> Result<()> {
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .explain("write", path)
}

/// Closes. What `SQLite` could still say here has no use: everything committed is on the disk.
pub(super) fn close(connection: Connection) {
    let _ = connection.close();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_wal_is_refused_with_a_sentence() {
        let path = Path::new("/srv/share/connectors.db");
        for journal in ["delete", "truncate", "memory", "off"] {
            let message =
                require_wal(journal, path).map_or_else(|e| e.to_string(), |()| String::new());
            assert!(
                message.contains("network folder"),
                "journal mode {journal} must be refused and explained, got {message:?}"
            );
        }
        assert!(require_wal("wal", path).is_ok(), "WAL is what we ask for");
    }
}

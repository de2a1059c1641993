//! The numbered migrations. Each only adds, and runs in one transaction together with the number
//! that says it has run, so that a file is always of one whole format.

use std::path::Path;

use rusqlite::{Transaction, TransactionBehavior};

use super::connection::Connection;
use super::member_word_due;
use super::rollup;
use super::sqlite_error::SqliteResult;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};

/// One step from a format to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Migration {
    /// Format after it, counted from 1 without gaps.
    pub(super) version: u32,
    /// The statements.
    pub(super) sql: &'static str,
}

/// All of them, oldest first.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sql: include_str!("../../migrations/0001_connectors.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("../../migrations/0002_sign_in.sql"),
    },
    Migration {
        version: 3,
        sql: include_str!("../../migrations/0003_requests.sql"),
    },
    Migration {
        version: 4,
        sql: include_str!("../../migrations/0004_clubs.sql"),
    },
    Migration {
        version: 5,
        sql: include_str!("../../migrations/0005_members.sql"),
    },
    Migration {
        version: 6,
        sql: include_str!("../../migrations/0006_people.sql"),
    },
    Migration {
        version: 7,
        sql: include_str!("../../migrations/0007_schedules.sql"),
    },
    Migration {
        version: 8,
        sql: include_str!("../../migrations/0008_runs.sql"),
    },
    Migration {
        version: 9,
        sql: include_str!("../../migrations/0009_audit.sql"),
    },
    Migration {
        version: 10,
        sql: include_str!("../../migrations/0010_erased.sql"),
    },
    Migration {
        version: 11,
        sql: include_str!("../../migrations/0011_templates.sql"),
    },
    Migration {
        version: 12,
        sql: include_str!("../../migrations/0012_choices.sql"),
    },
    Migration {
        version: 13,
        sql: include_str!("../../migrations/0013_words.sql"),
    },
    Migration {
        version: 14,
        sql: include_str!("../../migrations/0014_health.sql"),
    },
    Migration {
        version: 15,
        sql: include_str!("../../migrations/0015_checks.sql"),
    },
    Migration {
        version: 16,
        sql: include_str!("../../migrations/0016_notices.sql"),
    },
    Migration {
        version: 17,
        sql: include_str!("../../migrations/0017_finding.sql"),
    },
];

/// Newest format that this version reads and writes.
pub const SCHEMA_VERSION: u32 = 17;

/// The format that a list leads to.
pub(super) fn newest(list: &[Migration]) -> u32 {
    list.last().map_or(0, |migration| migration.version)
}

/// The format in the file (`user_version`); 0 where nothing was ever made in it.
pub(super) fn version_of(connection: &Connection, path: &Path) -> Result<u32> {
    let version: i64 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .explain("read", path)?;
    u32::try_from(version).map_err(|_| Error::Damaged {
        path: path.to_path_buf(),
    })
}

/// Brings the file to the newest format of the list. A second process that does the same waits and
/// then finds nothing left to do.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    list: &[Migration],
    now: UtcMillis,
) -> Result<()> {
    for migration in list {
        let transaction = Transaction::new(connection, TransactionBehavior::Immediate)
            .explain("upgrade", path)?;
        if version_of(&transaction, path)? >= migration.version {
            continue;
        }
        transaction
            .execute_batch(migration.sql)
            .explain("upgrade", path)?;
        if migration.version == rollup::SINCE {
            rollup::fill(&transaction, path)?;
        }
        transaction
            .execute(
                "INSERT INTO meta (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [
                    format!("migrated_{}_at", migration.version),
                    now.0.to_string(),
                ],
            )
            .explain("upgrade", path)?;
        transaction
            .pragma_update(None, "user_version", migration.version)
            .explain("upgrade", path)?;
        if migration.version >= member_word_due::SINCE {
            member_word_due::settle(&transaction, path)?;
        }
        transaction.commit().explain("upgrade", path)?;
    }
    Ok(())
}

#[cfg(test)]
mod filled;
#[cfg(test)]
mod tests;

//! Table `meta`: facts about the file itself. No setting of the app, no secret.

use std::path::Path;

use rusqlite::OptionalExtension;

use super::connection::Connection;
use super::sqlite_error::SqliteResult;
use super::{Reader, Writer};
use crate::error::Result;

/// Identifier of the database, as a hyphenated UUID; the sidecar has the same.
pub const DATABASE_ID: &str = "database_id";

impl Reader<'_> {
    /// A fact, if it was noted.
    pub fn meta(&self, key: &str) -> Result<Option<String>> {
        read(self.connection, self.path, key)
    }
}

impl Writer<'_> {
    /// Notes a fact in place of the earlier one.
    pub fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO meta (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )
            .and_then(|mut statement| statement.execute([key, value]))
            .explain("write", self.path)?;
        Ok(())
    }
}

pub(super) fn read(connection: &Connection, path: &Path, key: &str) -> Result<Option<String>> {
    connection
        .query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
            row.get(0)
        })
        .optional()
        .explain("read", path)
}

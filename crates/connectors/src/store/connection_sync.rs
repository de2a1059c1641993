//! Table `connection_sync`: how a connection is synced, and whether an undo holds it.

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, optional_blob, optional_id_at};
use super::{Reader, Writer};
use crate::error::Result;

impl Reader<'_> {
    /// The run whose undo holds a connection until somebody picks what then.
    pub fn held_by_undo(&self, connection_id: Uuid) -> Result<Option<Uuid>> {
        self.connection
            .prepare_cached("SELECT held_by_undo FROM connection_sync WHERE connection_id = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connection_id)], |row| optional_id_at(row, 0))
                    .optional()
            })
            .explain("read", self.path)
            .map(Option::flatten)
    }
}

impl Writer<'_> {
    /// Holds a connection, or lets it go.
    pub fn hold_by_undo(&self, connection_id: Uuid, run_id: Option<Uuid>) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connection_sync (connection_id, held_by_undo) VALUES (?1, ?2)
                 ON CONFLICT (connection_id) DO UPDATE SET held_by_undo = excluded.held_by_undo",
            )
            .and_then(|mut statement| {
                statement.execute((blob(&connection_id), optional_blob(run_id.as_ref())))
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

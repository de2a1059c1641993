//! Table `kept_out`: records of the federation that a club keeps out after an undo.

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::blob;
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

impl Reader<'_> {
    /// Whether a record is kept out of a connection.
    pub fn is_kept_out(&self, connection_id: Uuid, key: &[u8; 32]) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT 1 FROM kept_out WHERE connection_id = ?1 AND key = ?2")
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&connection_id), key.as_slice()), |_| Ok(()))
                    .optional()
            })
            .explain("read", self.path)
            .map(|found| found.is_some())
    }
}

impl Writer<'_> {
    /// Keeps a record out of a connection.
    pub fn keep_out(
        &self,
        connection_id: Uuid,
        key: &[u8; 32],
        run_id: Uuid,
        now: UtcMillis,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO kept_out (connection_id, key, run_id, kept_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (connection_id, key) DO NOTHING",
            )
            .and_then(|mut statement| {
                statement.execute((blob(&connection_id), key.as_slice(), blob(&run_id), now.0))
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Lets everybody in again.
    pub fn let_in_again(&self, connection_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM kept_out WHERE connection_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&connection_id)]))
            .explain("write", self.path)?;
        Ok(())
    }
}

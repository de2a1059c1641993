//! What is older than it is kept: statements that find and count. Deleting is done by the same statements as ever.

use uuid::Uuid;

use super::Reader;
use super::sqlite_error::SqliteResult;
use super::sync_run::{RunState, count_at};
use super::undo_row::FORGOTTEN;
use super::word::{id_at, word};
use crate::clock::UtcMillis;
use crate::error::Result;

/// In the order in which those who have left are listed.
pub(super) const LEAVERS: &str = "SELECT id FROM member INDEXED BY member_by_standing
    WHERE standing = 'left' AND left_at < ?1 ORDER BY name_key, id";
pub(super) const WAITING: &str = "SELECT id FROM sync_run INDEXED BY sync_run_by_outcome
    WHERE state = ?1 AND started_at < ?2";

/// Rows of runs that were applied before a time.
pub(super) fn count_old(table: &str) -> String {
    format!(
        "SELECT count(*) FROM {table} WHERE run_id IN (
             SELECT id FROM sync_run WHERE state IN ('applied', 'undone', 'partly_undone')
                 AND applied_at < ?1)"
    )
}

impl Reader<'_> {
    /// Members whom their list has missed since before a time.
    pub fn left_before(&self, before: UtcMillis) -> Result<Vec<Uuid>> {
        self.connection
            .prepare_cached(LEAVERS)
            .and_then(|mut statement| {
                statement
                    .query_map([before.0], |row| id_at(row, 0))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Runs in a state that were begun before a time.
    pub fn runs_begun_before(&self, state: RunState, before: UtcMillis) -> Result<Vec<Uuid>> {
        self.connection
            .prepare_cached(WAITING)
            .and_then(|mut statement| {
                statement
                    .query_map((word(&state), before.0), |row| id_at(row, 0))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// How many rows of plans, and of how members were before them, are of runs that can no longer be undone.
    pub fn count_old_rows(&self, before: UtcMillis) -> Result<(u64, u64)> {
        let [undo, plan] = FORGOTTEN.map(|table| {
            self.connection
                .prepare_cached(&count_old(table))
                .and_then(|mut statement| statement.query_row([before.0], |row| count_at(row, 0)))
                .explain("read", self.path)
        });
        Ok((plan?, undo?))
    }
}

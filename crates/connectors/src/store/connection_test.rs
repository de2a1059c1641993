//! Table `connection_test`: reports of tests, the newest 90 of each connector.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word_at, word};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};

/// Reports kept of one connector.
pub const KEPT: u32 = 90;

/// One test of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionTestRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Which connector.
    pub connector_id: Uuid,
    /// Started.
    pub started_at: UtcMillis,
    /// All steps done.
    pub ok: bool,
    /// Who must act.
    pub class: Option<FailureClass>,
    /// What was seen.
    pub finding: Option<Finding>,
    /// HTTP status of the step that decided.
    pub status: Option<u16>,
    /// The whole report as JSON.
    pub report: String,
}

pub(super) const LAST: &str =
    "SELECT id, connector_id, started_at, ok, class, finding, status, report
    FROM connection_test WHERE connector_id = ?1 ORDER BY started_at DESC, id DESC LIMIT 1";
pub(super) const FORGET: &str = "DELETE FROM connection_test WHERE id IN (
    SELECT id FROM connection_test WHERE connector_id = ?1
    ORDER BY started_at DESC, id DESC LIMIT -1 OFFSET ?2)";

impl Reader<'_> {
    /// The newest report of a connector.
    pub fn last_connection_test(&self, connector_id: Uuid) -> Result<Option<ConnectionTestRecord>> {
        self.connection
            .prepare_cached(LAST)
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// How many reports of a connector are kept.
    pub fn count_connection_tests(&self, connector_id: Uuid) -> Result<u32> {
        self.connection
            .prepare_cached("SELECT count(*) FROM connection_test WHERE connector_id = ?1")
            .and_then(|mut statement| statement.query_row([blob(&connector_id)], |row| row.get(0)))
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Stores a report and lets the oldest beyond 90 go.
    pub fn insert_connection_test(&self, new: &ConnectionTestRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connection_test
                     (id, connector_id, started_at, ok, class, finding, status, report)
                 VALUES (:id, :connector_id, :started_at, :ok, :class, :finding, :status, :report)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector_id": blob(&new.connector_id),
                    ":started_at": new.started_at.0,
                    ":ok": new.ok,
                    ":class": new.class.map(|class| word(&class)),
                    ":finding": new.finding.map(|finding| word(&finding)),
                    ":status": new.status,
                    ":report": new.report,
                })
            })
            .explain("write", self.path)?;
        self.connection
            .prepare_cached(FORGET)
            .and_then(|mut statement| statement.execute((blob(&new.connector_id), KEPT)))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<ConnectionTestRecord> {
    Ok(ConnectionTestRecord {
        id: id_at(row, 0)?,
        connector_id: id_at(row, 1)?,
        started_at: UtcMillis(row.get(2)?),
        ok: row.get(3)?,
        class: optional_word_at(row, 4)?,
        finding: optional_word_at(row, 5)?,
        status: row.get(6)?,
        report: row.get(7)?,
    })
}

//! Table `connector_stop`: connectors that were stopped after failures in a row, and the counters of the
//! connector that go with it. What follows from a failure is decided in `api/circuit.rs`.

use rusqlite::{OptionalExtension, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::view::Status;

/// A stopped connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopRecord {
    /// Why: who must act.
    pub class: FailureClass,
    /// Why: what was seen.
    pub finding: Finding,
    /// Since when.
    pub since: UtcMillis,
    /// The next probe and the milliseconds between it and the one before; none where a person must act.
    pub probe: Option<(UtcMillis, i64)>,
}

/// What requests have done to a connector. Times that are none stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reckoning {
    /// Mission status.
    pub status: Status,
    /// Failures in a row.
    pub failures: u32,
    /// A success.
    pub success_at: Option<UtcMillis>,
    /// A failure.
    pub error_at: Option<UtcMillis>,
}

impl Reader<'_> {
    /// Why a connector was stopped; none where it was not.
    pub fn stop(&self, connector_id: Uuid) -> Result<Option<StopRecord>> {
        self.connection
            .prepare_cached(
                "SELECT class, finding, since, probe_at, probe_every FROM connector_stop
                 WHERE connector_id = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], |row| {
                        let at: Option<i64> = row.get(3)?;
                        let every: Option<i64> = row.get(4)?;
                        Ok(StopRecord {
                            class: word_at(row, 0)?,
                            finding: word_at(row, 1)?,
                            since: UtcMillis(row.get(2)?),
                            probe: at.map(UtcMillis).zip(every),
                        })
                    })
                    .optional()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes why a connector is stopped.
    pub fn put_stop(&self, connector_id: Uuid, stop: &StopRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connector_stop (connector_id, class, finding, since, probe_at,
                     probe_every)
                 VALUES (:id, :class, :finding, :since, :at, :every)
                 ON CONFLICT (connector_id) DO UPDATE SET class = excluded.class,
                     finding = excluded.finding, since = excluded.since,
                     probe_at = excluded.probe_at, probe_every = excluded.probe_every",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&connector_id),
                    ":class": word(&stop.class),
                    ":finding": word(&stop.finding),
                    ":since": stop.since.0,
                    ":at": stop.probe.map(|(at, _)| at.0),
                    ":every": stop.probe.map(|(_, every)| every),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// It runs again.
    pub fn delete_stop(&self, connector_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM connector_stop WHERE connector_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&connector_id)]))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Writes what requests have done. The version is not counted: nothing has changed that somebody may be
    /// editing.
    pub fn reckon(&self, connector_id: Uuid, reckoning: &Reckoning) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE connector SET status = :status, consecutive_failures = :failures,
                     last_success_at = coalesce(max(last_success_at, :success), :success,
                         last_success_at),
                     last_error_at = coalesce(max(last_error_at, :error), :error, last_error_at)
                 WHERE id = :id AND live = 1",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&connector_id),
                    ":status": reckoning.status.as_str(),
                    ":failures": reckoning.failures,
                    ":success": reckoning.success_at.map(|at| at.0),
                    ":error": reckoning.error_at.map(|at| at.0),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

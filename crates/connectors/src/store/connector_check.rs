//! Table `connector_check`: when each connector was last looked at by itself, and how often it is; with what decides whether
//! it may be, in one statement for all of them. What is due is decided in `checks`.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word, optional_word_at, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::view::{CheckEvery, HealthState, Status};

/// A connector as checks see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRow {
    /// Identifier.
    pub id: Uuid,
    /// Federation code.
    pub code: String,
    /// Mission status; paused ones are not in here.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// Since when it is there.
    pub created_at: UtcMillis,
    /// Failures in a row that concern the whole connector.
    pub failures: u32,
    /// Last success of any kind.
    pub last_success_at: Option<UtcMillis>,
    /// When it was last looked at by itself; none where it never was.
    pub handled_at: Option<UtcMillis>,
    /// How often, where it differs from all others.
    pub every: Option<CheckEvery>,
    /// While it is stopped: the next probe, and the milliseconds between it and the one before.
    pub probe: Option<(UtcMillis, i64)>,
}

/// Walks the connectors in use by name. The settings are left alone: a thousand of them are a megabyte to read.
pub(super) const ALL: &str = "SELECT c.id, c.federation_code, c.status, c.state, c.created_at,
    c.consecutive_failures, c.last_success_at, k.handled_at, k.every, s.probe_at, s.probe_every
    FROM connector c INDEXED BY connector_by_name
    LEFT JOIN connector_check k ON k.connector_id = c.id
    LEFT JOIN connector_stop s ON s.connector_id = c.id AND c.status = 'error'
    WHERE c.live = 1 AND c.status <> 'inactive' ORDER BY c.name_key, c.id";

impl Reader<'_> {
    /// The connectors that are neither paused nor deleted, by name.
    pub fn checked_connectors(&self) -> Result<Vec<CheckedRow>> {
        let mut statement = self
            .connection
            .prepare_cached(ALL)
            .explain("read", self.path)?;
        statement
            .query_map([], row_of)
            .explain("read", self.path)?
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// How often a connector is checked, where it differs from all others.
    pub fn check_every_of(&self, connector: Uuid) -> Result<Option<CheckEvery>> {
        self.connection
            .prepare_cached("SELECT every FROM connector_check WHERE connector_id = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector)], |row| optional_word_at(row, 0))
                    .optional()
            })
            .map(Option::flatten)
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Keeps when a connector was looked at. None: it is looked at as if it never had been.
    pub fn put_check_handled(&self, connector: Uuid, at: Option<UtcMillis>) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connector_check (connector_id, handled_at) VALUES (:id, :at)
                 ON CONFLICT (connector_id) DO UPDATE SET handled_at = excluded.handled_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&connector), ":at": at.map(|at| at.0),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Keeps how often a connector is checked; none: as often as all others.
    pub fn put_check_every(&self, connector: Uuid, every: Option<CheckEvery>) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connector_check (connector_id, every) VALUES (:id, :every)
                 ON CONFLICT (connector_id) DO UPDATE SET every = excluded.every",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&connector), ":every": optional_word(every.as_ref()),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<CheckedRow> {
    let at = |column| {
        row.get::<_, Option<i64>>(column)
            .map(|at| at.map(UtcMillis))
    };
    Ok(CheckedRow {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        status: word_at(row, 2)?,
        state: word_at(row, 3)?,
        created_at: UtcMillis(row.get(4)?),
        failures: row.get(5)?,
        last_success_at: at(6)?,
        handled_at: at(7)?,
        every: optional_word_at(row, 8)?,
        probe: at(9)?.zip(row.get(10)?),
    })
}

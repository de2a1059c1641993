//! Table `attempt`: every request that left, newest first. Rows are added in batches and forgotten by age.

use std::collections::BTreeSet;

use rusqlite::Row;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word, optional_word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::Finding;

/// Days for which attempts are kept where nobody has chosen.
pub const KEPT_DAYS: u32 = 30;

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Which connector.
    pub connector_id: Uuid,
    /// When it was sent.
    pub at: UtcMillis,
    /// The template of the address; no value is in it.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// What went wrong.
    pub finding: Option<Finding>,
    /// Milliseconds.
    pub ms: u64,
    /// Unpacked bytes of the body that were read.
    pub bytes: u64,
    /// Which attempt of its request, from 1.
    pub number: u32,
    /// Whether a failure of it says nothing about the connector: it asked about one club, or at a path that somebody typed.
    pub aside: bool,
}

/// A place in the list: what comes after it is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptPlace {
    /// When.
    pub at: UtcMillis,
    /// Which of that moment.
    pub id: Uuid,
}

pub(super) const NEWEST: &str =
    "SELECT id, connector_id, at, endpoint, method, status, finding, ms, bytes, number, aside
    FROM attempt WHERE connector_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
pub(super) const OLDER: &str =
    "SELECT id, connector_id, at, endpoint, method, status, finding, ms, bytes, number, aside
    FROM attempt WHERE connector_id = ?1 AND (at, id) < (?3, ?4)
    ORDER BY at DESC, id DESC LIMIT ?2";
pub(super) const FORGET: &str = "DELETE FROM attempt WHERE connector_id = ?1 AND at < ?2";
pub(super) const CONNECTORS: &str = "SELECT id FROM connector ORDER BY id";

impl Reader<'_> {
    /// Attempts of a connector, newest first, at most `limit`; those older than `before` where it is given.
    pub fn attempts(
        &self,
        connector_id: Uuid,
        before: Option<AttemptPlace>,
        limit: u32,
    ) -> Result<Vec<AttemptRecord>> {
        let sql = if before.is_some() { OLDER } else { NEWEST };
        let mut statement = self
            .connection
            .prepare_cached(sql)
            .explain("read", self.path)?;
        let id = blob(&connector_id);
        let rows = match &before {
            Some(place) => statement.query_map((id, limit, place.at.0, blob(&place.id)), record),
            None => statement.query_map((id, limit), record),
        };
        rows.explain("read", self.path)?
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds them to the log and to what is known of their hours and days, and says how many. Those of a connector that is gone (another file was restored) are left out:
    /// nobody will ask for them.
    pub fn insert_attempts(&self, new: &[AttemptRecord]) -> Result<usize> {
        let connectors: BTreeSet<Uuid> = new.iter().map(|row| row.connector_id).collect();
        let mut there = BTreeSet::new();
        for connector in connectors {
            if self.has_connector(connector)? {
                there.insert(connector);
            }
        }
        let mut statement = self
            .connection
            .prepare_cached(
                // Numbered and not named: this runs once a request.
                "INSERT INTO attempt (id, connector_id, at, endpoint, method, status, finding, ms,
                     bytes, number, aside)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )
            .explain("write", self.path)?;
        let mut added = 0;
        for row in new.iter().filter(|row| there.contains(&row.connector_id)) {
            added += statement
                .execute((
                    blob(&row.id),
                    blob(&row.connector_id),
                    row.at.0,
                    &row.endpoint,
                    &row.method,
                    row.status,
                    optional_word(row.finding.as_ref()),
                    i64::try_from(row.ms).unwrap_or(i64::MAX),
                    i64::try_from(row.bytes).unwrap_or(i64::MAX),
                    row.number,
                    row.aside,
                ))
                .explain("write", self.path)?;
        }
        let known = new.iter().filter(|row| there.contains(&row.connector_id));
        self.roll_up(known)?;
        Ok(added)
    }

    /// Forgets attempts before a moment, and says how many there were.
    pub fn forget_attempts(&self, before: UtcMillis) -> Result<usize> {
        let mut connectors = self
            .connection
            .prepare_cached(CONNECTORS)
            .explain("read", self.path)?;
        let connectors: Vec<Uuid> = connectors
            .query_map([], |row| id_at(row, 0))
            .explain("read", self.path)?
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)?;
        let mut statement = self
            .connection
            .prepare_cached(FORGET)
            .explain("write", self.path)?;
        let mut forgotten = 0;
        for connector in connectors {
            forgotten += statement
                .execute((blob(&connector), before.0))
                .explain("write", self.path)?;
        }
        Ok(forgotten)
    }

    fn has_connector(&self, id: Uuid) -> Result<bool> {
        self.connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM connector WHERE id = ?1)")
            .and_then(|mut statement| statement.query_row([blob(&id)], |row| row.get(0)))
            .explain("read", self.path)
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<AttemptRecord> {
    let number = |column| {
        row.get::<_, i64>(column)
            .map(|n| u64::try_from(n).unwrap_or(0))
    };
    Ok(AttemptRecord {
        id: id_at(row, 0)?,
        connector_id: id_at(row, 1)?,
        at: UtcMillis(row.get(2)?),
        endpoint: row.get(3)?,
        method: row.get(4)?,
        status: row.get(5)?,
        finding: optional_word_at(row, 6)?,
        ms: number(7)?,
        bytes: number(8)?,
        number: row.get(9)?,
        aside: row.get(10)?,
    })
}

//! Table `attempt`: every request that left, newest first. Rows are added in batches and forgotten by age.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word, optional_word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::Finding;

/// Days for which attempts are kept.
pub const KEPT_DAYS: i64 = 30;

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
    "SELECT id, connector_id, at, endpoint, method, status, finding, ms, bytes, number
    FROM attempt WHERE connector_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
pub(super) const OLDER: &str =
    "SELECT id, connector_id, at, endpoint, method, status, finding, ms, bytes, number
    FROM attempt WHERE connector_id = ?1 AND (at, id) < (?3, ?4)
    ORDER BY at DESC, id DESC LIMIT ?2";
pub(super) const FORGET: &str = "DELETE FROM attempt WHERE at < ?1";

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
    /// Adds one. False where its connector is gone: nobody will ask for it.
    pub fn insert_attempt(&self, new: &AttemptRecord) -> Result<bool> {
        self.connection
            .prepare_cached(
                "INSERT INTO attempt (id, connector_id, at, endpoint, method, status, finding, ms,
                     bytes, number)
                 SELECT :id, :connector_id, :at, :endpoint, :method, :status, :finding, :ms, :bytes,
                     :number
                 WHERE EXISTS (SELECT 1 FROM connector WHERE id = :connector_id)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector_id": blob(&new.connector_id),
                    ":at": new.at.0,
                    ":endpoint": new.endpoint,
                    ":method": new.method,
                    ":status": new.status,
                    ":finding": optional_word(new.finding.as_ref()),
                    ":ms": i64::try_from(new.ms).unwrap_or(i64::MAX),
                    ":bytes": i64::try_from(new.bytes).unwrap_or(i64::MAX),
                    ":number": new.number,
                })
            })
            .map(|added| added == 1)
            .explain("write", self.path)
    }

    /// Forgets attempts before a moment, and says how many there were.
    pub fn forget_attempts(&self, before: UtcMillis) -> Result<usize> {
        self.connection
            .prepare_cached(FORGET)
            .and_then(|mut statement| statement.execute([before.0]))
            .explain("write", self.path)
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
    })
}

//! Tables `request_rate` and `request_slot`: the send times that the processes share, and what a federation has
//! said about its limit. Which times are given is decided in `api/limiter.rs`.

use rusqlite::{OptionalExtension, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::blob;
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

/// What is known about a connector's limit besides its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateRecord {
    /// When the send times were last looked at.
    pub touched_at: UtcMillis,
    /// Requests in a minute, as the federation says.
    pub told_limit: Option<u32>,
    /// Nothing is sent before then.
    pub paused_until: Option<UtcMillis>,
}

pub(super) const NEWEST: &str =
    "SELECT at FROM request_slot WHERE connector_id = ?1 ORDER BY at DESC LIMIT ?2";
pub(super) const SINCE: &str =
    "SELECT count(*) FROM request_slot WHERE connector_id = ?1 AND at > ?2";
pub(super) const FORGET: &str = "DELETE FROM request_slot WHERE connector_id = ?1 AND at < ?2";
pub(super) const SHIFT: &str = "UPDATE request_slot SET at = at + ?2 WHERE connector_id = ?1";

impl Reader<'_> {
    /// What is known about the limit; none where nothing was ever sent.
    pub fn rate(&self, connector_id: Uuid) -> Result<Option<RateRecord>> {
        self.connection
            .prepare_cached(
                "SELECT touched_at, told_limit, paused_until FROM request_rate
                 WHERE connector_id = ?1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], |row| {
                        Ok(RateRecord {
                            touched_at: UtcMillis(row.get(0)?),
                            told_limit: row.get(1)?,
                            paused_until: row.get::<_, Option<i64>>(2)?.map(UtcMillis),
                        })
                    })
                    .optional()
            })
            .explain("read", self.path)
    }

    /// The newest reserved send times, newest first, at most `limit`.
    pub fn newest_slots(&self, connector_id: Uuid, limit: u32) -> Result<Vec<UtcMillis>> {
        let mut statement = self
            .connection
            .prepare_cached(NEWEST)
            .explain("read", self.path)?;
        let rows = statement
            .query_map((blob(&connector_id), limit), |row| {
                row.get(0).map(UtcMillis)
            })
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// How many send times after a moment are reserved.
    pub fn count_slots_since(&self, connector_id: Uuid, moment: UtcMillis) -> Result<u32> {
        self.connection
            .prepare_cached(SINCE)
            .and_then(|mut statement| {
                statement.query_row((blob(&connector_id), moment.0), |row| row.get(0))
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes what is known about the limit.
    pub fn put_rate(&self, connector_id: Uuid, rate: &RateRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO request_rate (connector_id, touched_at, told_limit, paused_until)
                 VALUES (:id, :touched_at, :told_limit, :paused_until)
                 ON CONFLICT (connector_id) DO UPDATE SET touched_at = excluded.touched_at,
                     told_limit = excluded.told_limit, paused_until = excluded.paused_until",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&connector_id),
                    ":touched_at": rate.touched_at.0,
                    ":told_limit": rate.told_limit,
                    ":paused_until": rate.paused_until.map(|at| at.0),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Reserves send times, and says how each is called.
    pub fn insert_slots(&self, connector_id: Uuid, times: &[UtcMillis]) -> Result<Vec<i64>> {
        let mut statement = self
            .connection
            .prepare_cached("INSERT INTO request_slot (connector_id, at) VALUES (?1, ?2)")
            .explain("write", self.path)?;
        times
            .iter()
            .map(|at| statement.insert((blob(&connector_id), at.0)))
            .collect::<rusqlite::Result<_>>()
            .explain("write", self.path)
    }

    /// Takes back send times that were not used.
    pub fn delete_slots(&self, connector_id: Uuid, ids: &[i64]) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM request_slot WHERE id = ?1 AND connector_id = ?2")
            .explain("write", self.path)?;
        for id in ids {
            statement
                .execute((id, blob(&connector_id)))
                .explain("write", self.path)?;
        }
        Ok(())
    }

    /// Moves all send times of a connector: the clock was set by so many milliseconds.
    pub fn shift_slots(&self, connector_id: Uuid, by_ms: i64) -> Result<()> {
        self.connection
            .prepare_cached(SHIFT)
            .and_then(|mut statement| statement.execute((blob(&connector_id), by_ms)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets send times that no window reaches any more.
    pub fn forget_slots(&self, connector_id: Uuid, before: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(FORGET)
            .and_then(|mut statement| statement.execute((blob(&connector_id), before.0)))
            .explain("write", self.path)?;
        Ok(())
    }
}

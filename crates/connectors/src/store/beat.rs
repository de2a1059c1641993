//! Table `beat`: checks of connectors, the newest 400 of each, drawn oldest first.

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, optional_word, optional_word_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::view::BeatView;

/// Checks kept of one connector.
pub const KEPT: u32 = 400;

/// The newest ones, newest first: that is how the key is walked.
pub(super) const NEWEST: &str = "SELECT at, outcome, ms, http_status, finding, by_traffic FROM beat
    WHERE connector_id = ?1 ORDER BY at DESC LIMIT ?2";
pub(super) const FORGET: &str = "DELETE FROM beat WHERE connector_id = ?1 AND at <= (
    SELECT at FROM beat WHERE connector_id = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2)";
pub(super) const NEWEST_OF_ALL: &str =
    "SELECT at FROM beat INDEXED BY beat_by_time ORDER BY at DESC LIMIT 1";

impl Reader<'_> {
    /// The newest checks of a connector, at most `limit`, oldest first.
    pub fn beats(&self, connector: Uuid, limit: u32) -> Result<Vec<BeatView>> {
        let mut statement = self
            .connection
            .prepare_cached(NEWEST)
            .explain("read", self.path)?;
        let mut beats: Vec<BeatView> = statement
            .query_map((blob(&connector), limit), beat)
            .explain("read", self.path)?
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)?;
        beats.reverse();
        Ok(beats)
    }

    /// The newest check of a connector.
    pub fn newest_beat(&self, connector: Uuid) -> Result<Option<BeatView>> {
        Ok(self.beats(connector, 1)?.pop())
    }

    /// When a connector was checked last, whichever it was.
    pub fn newest_beat_of_all(&self) -> Result<Option<UtcMillis>> {
        use rusqlite::OptionalExtension;
        self.connection
            .prepare_cached(NEWEST_OF_ALL)
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional())
            .map(|at: Option<i64>| at.map(UtcMillis))
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds a check and lets the oldest beyond 400 go. Two of one millisecond are one, the later one.
    pub fn insert_beat(&self, connector: Uuid, new: &BeatView) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO beat (connector_id, at, outcome, ms, http_status, finding, by_traffic)
                 VALUES (:connector, :at, :outcome, :ms, :http_status, :finding, :by_traffic)
                 ON CONFLICT (connector_id, at) DO UPDATE SET outcome = excluded.outcome,
                     ms = excluded.ms, http_status = excluded.http_status,
                     finding = excluded.finding, by_traffic = excluded.by_traffic",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":connector": blob(&connector),
                    ":at": new.at,
                    ":outcome": word(&new.outcome),
                    ":ms": new.ms,
                    ":http_status": new.http_status,
                    ":finding": optional_word(new.finding.as_ref()),
                    ":by_traffic": new.by_traffic,
                })
            })
            .explain("write", self.path)?;
        self.connection
            .prepare_cached(FORGET)
            .and_then(|mut statement| statement.execute((blob(&connector), KEPT)))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn beat(row: &Row<'_>) -> rusqlite::Result<BeatView> {
    Ok(BeatView {
        at: row.get(0)?,
        outcome: word_at(row, 1)?,
        ms: row.get(2)?,
        http_status: row.get(3)?,
        finding: optional_word_at(row, 4)?,
        by_traffic: row.get(5)?,
    })
}

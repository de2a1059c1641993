//! Tables `attempt_hour` and `attempt_day`: what attempts came to. They are added to in the transaction that adds the attempts,
//! whichever process does it and however late an attempt comes, and never counted again from the attempts themselves.
//! What they mean is in `uptime.rs`.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::attempt::{AttemptRecord, CONNECTORS};
use super::sqlite_error::SqliteResult;
use super::sync_run::{count_at, signed};
use super::word::{blob, id_at, optional_word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::uptime::{Bearing, Histogram, Shares, Tally, bearing, day_of, hour_of};

/// Days for which hours are kept. What a month looks back to is in them.
const HOURS_KEPT_DAYS: i64 = 35;
/// Days for which days are kept.
const DAYS_KEPT: i64 = 400;
/// The first format with these tables.
pub(super) const SINCE: u32 = 14;

/// What attempts of an hour, or of a day, came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollupRecord {
    /// The hour or the day, counted from 1970.
    pub at: i64,
    /// What they came to.
    pub tally: Tally,
}

pub(super) const HOUR: &str =
    "SELECT hour, answered, failed, aside, uncounted, ms FROM attempt_hour
    WHERE connector_id = ?1 AND hour = ?2";
pub(super) const HOURS: &str =
    "SELECT hour, answered, failed, aside, uncounted, ms FROM attempt_hour
    WHERE connector_id = ?1 AND hour BETWEEN ?2 AND ?3 ORDER BY hour";
pub(super) const DAYS: &str = "SELECT day, answered, failed, aside, uncounted, ms FROM attempt_day
    WHERE connector_id = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day";
const DAY: &str = "SELECT day, answered, failed, aside, uncounted, ms, shares, hours
    FROM attempt_day WHERE connector_id = ?1 AND day = ?2";
/// Of all connectors in use, one after the other.
pub(super) const HOURS_OF_ALL: &str =
    "SELECT h.hour, h.answered, h.failed, h.aside, h.uncounted, h.ms, h.connector_id
    FROM connector c INDEXED BY connector_by_name
    CROSS JOIN attempt_hour h ON h.connector_id = c.id AND h.hour BETWEEN ?1 AND ?2
    WHERE c.live = 1";
pub(super) const FORGET_HOURS: &str =
    "DELETE FROM attempt_hour WHERE connector_id = ?1 AND hour < ?2";
pub(super) const FORGET_DAYS: &str = "DELETE FROM attempt_day WHERE connector_id = ?1 AND day < ?2";
const EXISTING: &str = "SELECT connector_id, at, finding, aside, ms FROM attempt
    ORDER BY connector_id, at, id";

impl Reader<'_> {
    /// Hours of a connector, both ends included, oldest first; those without attempts are left out.
    pub fn hours(&self, connector_id: Uuid, from: i64, to: i64) -> Result<Vec<RollupRecord>> {
        self.rollups(HOURS, connector_id, from, to)
    }

    /// Days of a connector, likewise.
    pub fn days(&self, connector_id: Uuid, from: i64, to: i64) -> Result<Vec<RollupRecord>> {
        self.rollups(DAYS, connector_id, from, to)
    }

    /// Hours of all connectors in use, both ends included, in no order.
    pub fn hours_of_all(&self, from: i64, to: i64) -> Result<Vec<(Uuid, RollupRecord)>> {
        self.connection
            .prepare_cached(HOURS_OF_ALL)
            .and_then(|mut statement| {
                statement
                    .query_map([from, to], |row| Ok((id_at(row, 6)?, record(row)?)))?
                    .collect()
            })
            .explain("read", self.path)
    }

    fn rollups(
        &self,
        sql: &str,
        connector_id: Uuid,
        from: i64,
        to: i64,
    ) -> Result<Vec<RollupRecord>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connector_id), from, to), record)?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds attempts that are being written to what is known of their hours and days.
    pub(super) fn roll_up<'a>(
        &self,
        attempts: impl Iterator<Item = &'a AttemptRecord>,
    ) -> Result<()> {
        let mut hours: BTreeMap<(Uuid, i64), Tally> = BTreeMap::new();
        for one in attempts {
            hours
                .entry((one.connector_id, hour_of(one.at)))
                .or_default()
                .add(bearing(one.finding, one.aside), one.ms);
        }
        for ((connector, hour), tally) in hours {
            add_hour(self.connection, connector, hour, &tally).explain("write", self.path)?;
        }
        Ok(())
    }

    /// Forgets hours and days that are older than they are kept.
    pub fn forget_rollups(&self, now: UtcMillis) -> Result<()> {
        let hour = hour_of(now.plus_days(-HOURS_KEPT_DAYS));
        let day = day_of(hour_of(now.plus_days(-DAYS_KEPT)));
        let mut connectors = self
            .connection
            .prepare_cached(CONNECTORS)
            .explain("read", self.path)?;
        let connectors: Vec<Uuid> = connectors
            .query_map([], |row| id_at(row, 0))
            .and_then(Iterator::collect)
            .explain("read", self.path)?;
        for connector in connectors {
            for (sql, before) in [(FORGET_HOURS, hour), (FORGET_DAYS, day)] {
                self.connection
                    .prepare_cached(sql)
                    .and_then(|mut statement| statement.execute((blob(&connector), before)))
                    .explain("write", self.path)?;
            }
        }
        Ok(())
    }
}

/// Rolls up the attempts of a file from before there were these tables.
pub(super) fn fill(connection: &Connection, path: &Path) -> Result<()> {
    fill_from_attempts(connection).explain("upgrade", path)
}

fn fill_from_attempts(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(EXISTING)?;
    let mut rows = statement.query([])?;
    // They come hour by hour, so that one at a time is enough.
    let mut open: Option<((Uuid, i64), Tally)> = None;
    while let Some(row) = rows.next()? {
        let place = (id_at(row, 0)?, hour_of(UtcMillis(row.get(1)?)));
        let bearing: Bearing = bearing(optional_word_at(row, 2)?, row.get(3)?);
        let ms = count_at(row, 4)?;
        if open.as_ref().is_none_or(|(at, _)| *at != place) {
            let done = open.replace((place, Tally::default()));
            if let Some(((connector, hour), tally)) = done {
                add_hour(connection, connector, hour, &tally)?;
            }
        }
        if let Some((_, tally)) = &mut open {
            tally.add(bearing, ms);
        }
    }
    if let Some(((connector, hour), tally)) = open {
        add_hour(connection, connector, hour, &tally)?;
    }
    Ok(())
}

/// Adds to an hour, and to its day what that changes.
fn add_hour(
    connection: &Connection,
    connector: Uuid,
    hour: i64,
    added: &Tally,
) -> rusqlite::Result<()> {
    let mut tally = connection
        .prepare_cached(HOUR)?
        .query_row((blob(&connector), hour), record)
        .optional()?
        .map(|known| known.tally)
        .unwrap_or_default();
    let before = tally.share();
    tally.merge(added);
    let share = tally.share();
    connection
        .prepare_cached(
            "INSERT INTO attempt_hour (connector_id, hour, answered, failed, aside, uncounted, share, ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (connector_id, hour) DO UPDATE SET answered = excluded.answered,
                 failed = excluded.failed, aside = excluded.aside, uncounted = excluded.uncounted,
                 share = excluded.share, ms = excluded.ms",
        )?
        .execute((
            blob(&connector),
            hour,
            signed(tally.answered),
            signed(tally.failed),
            signed(tally.aside),
            signed(tally.uncounted),
            share.map(signed),
            tally.ms.to_bytes(),
        ))?;
    let day = day_of(hour);
    let known = connection
        .prepare_cached(DAY)?
        .query_row((blob(&connector), day), |row| {
            let shares = Shares {
                sum: count_at(row, 6)?,
                hours: count_at(row, 7)?,
            };
            Ok((record(row)?.tally, shares))
        })
        .optional()?;
    let (mut tally, mut shares) = known.unwrap_or_default();
    tally.merge(added);
    // An hour whose row is forgotten counts as a new one: only a clock that was set back by a month brings that about.
    shares.sum = shares.sum.saturating_sub(before.unwrap_or(0));
    shares.hours = shares.hours.saturating_sub(u64::from(before.is_some()));
    shares.add(share);
    connection
        .prepare_cached(
            "INSERT INTO attempt_day (connector_id, day, answered, failed, aside, uncounted, shares,
                 hours, ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (connector_id, day) DO UPDATE SET answered = excluded.answered,
                 failed = excluded.failed, aside = excluded.aside, uncounted = excluded.uncounted,
                 shares = excluded.shares, hours = excluded.hours, ms = excluded.ms",
        )?
        .execute((
            blob(&connector),
            day,
            signed(tally.answered),
            signed(tally.failed),
            signed(tally.aside),
            signed(tally.uncounted),
            signed(shares.sum),
            signed(shares.hours),
            tally.ms.to_bytes(),
        ))?;
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<RollupRecord> {
    Ok(RollupRecord {
        at: row.get(0)?,
        tally: Tally {
            answered: count_at(row, 1)?,
            failed: count_at(row, 2)?,
            aside: count_at(row, 3)?,
            uncounted: count_at(row, 4)?,
            ms: histogram_at(row, 5)?,
        },
    })
}

fn histogram_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Histogram> {
    let bytes = row.get_ref(column)?.as_blob()?;
    Histogram::from_bytes(bytes).ok_or(rusqlite::Error::InvalidColumnType(
        column,
        "ms".to_owned(),
        rusqlite::types::Type::Blob,
    ))
}

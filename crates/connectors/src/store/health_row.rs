//! What health is told from, of one connector or of all in use, in one statement each: how it stands, why, and the shares of its
//! hours and days. Nothing is written here.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row};
use uuid::Uuid;

use super::Reader;
use super::rollup::RollupRecord;
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word_at, word_at};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::uptime::{Shares, day_of, first_hour_of, hour_of, window};
use crate::view::{HealthState, Status};

/// How a connector stands, as far as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthRow {
    /// Identifier.
    pub id: Uuid,
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Preset it was made from.
    pub preset: Option<String>,
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// Since when.
    pub since: Option<UtcMillis>,
    /// Failures in a row.
    pub consecutive_failures: u32,
    /// Last success.
    pub last_success_at: Option<UtcMillis>,
    /// Last failure.
    pub last_error_at: Option<UtcMillis>,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Last test that still holds.
    pub last_test_at: Option<UtcMillis>,
    /// Last check.
    pub last_check_at: Option<UtcMillis>,
    /// Why it was stopped, and the next probe.
    pub stop: Option<(FailureClass, Finding, Option<UtcMillis>)>,
    /// What the last test that still holds has found.
    pub test: Option<(FailureClass, Finding)>,
    /// Why the sign-in has ended, or why the last attempt came to nothing.
    pub sign_in: Option<Finding>,
    /// When the token ends, where it is not renewed.
    pub token_ends_at: Option<UtcMillis>,
    /// The last day of the credentials, as it was typed (`2026-12-31`).
    pub credentials_end_on: Option<String>,
    /// Nothing is sent before then, as the federation asks.
    pub paused_until: Option<UtcMillis>,
    /// Connected clubs.
    pub clubs: u32,
    /// Shares of the hours of 7 days, of 30 days and of a year, without today's.
    pub week: Shares,
    /// Of 30 days.
    pub month: Shares,
    /// Of a year.
    pub year: Shares,
}

/// A sum and a number in one value: no sum of shares of a year (8,760 hours of a million) reaches beyond.
const PACKED: u64 = 1 << 14;

/// The last 24 hours: the present one and those before it.
pub const DAY: i64 = 24;
const WEEK: i64 = 7 * 24;
const MONTH: i64 = 30 * 24;
/// Days of a year, today among them.
const YEAR_DAYS: i64 = 365;

const COLUMNS: &str = "SELECT c.id, coalesce(c.federation_code, c.former_code), c.name, c.preset, c.status, c.state,
    c.state_since, c.consecutive_failures, c.last_success_at, c.last_error_at, c.last_sync_at, c.last_test_at,
    s.class, s.finding, s.probe_at, t.class, t.finding,
    coalesce(g.ended, CASE WHEN g.attempt_state = 'failed' AND g.token_id IS NULL THEN g.attempt_finding END),
    CASE WHEN g.token_id IS NOT NULL AND g.renews = 0 THEN g.expires_at END,
    k.expires_on, r.paused_until,
    (SELECT count(*) FROM connection n WHERE n.connector_id = c.id AND n.disconnected_at IS NULL),
    (SELECT sum(share * 16384 + 1) FROM attempt_hour h WHERE h.connector_id = c.id AND share IS NOT NULL
        AND h.hour BETWEEN :week_hour AND :week_edge),
    (SELECT sum(shares * 16384 + hours) FROM attempt_day d WHERE d.connector_id = c.id
        AND d.day BETWEEN :week_day AND :yesterday),
    (SELECT sum(share * 16384 + 1) FROM attempt_hour h WHERE h.connector_id = c.id AND share IS NOT NULL
        AND h.hour BETWEEN :month_hour AND :month_edge),
    (SELECT sum(shares * 16384 + hours) FROM attempt_day d WHERE d.connector_id = c.id
        AND d.day BETWEEN :month_day AND :yesterday),
    (SELECT sum(shares * 16384 + hours) FROM attempt_day d WHERE d.connector_id = c.id
        AND d.day BETWEEN :year_day AND :yesterday),
    (SELECT max(at) FROM beat b WHERE b.connector_id = c.id)";
const TABLES: &str = "LEFT JOIN connector_stop s ON s.connector_id = c.id AND c.status = 'error'
    LEFT JOIN connection_test t ON c.last_test_at IS NOT NULL AND t.id = (
        SELECT id FROM connection_test WHERE connector_id = c.id ORDER BY started_at DESC, id DESC LIMIT 1)
    LEFT JOIN sign_in g ON g.connector_id = c.id
    LEFT JOIN credential k ON k.id = c.credential_id
    LEFT JOIN request_rate r ON r.connector_id = c.id";

/// One connector, deleted or not.
pub(super) fn one_sql() -> String {
    format!("{COLUMNS} FROM connector c {TABLES} WHERE c.id = :id")
}

/// All in use, by name.
pub(super) fn all_sql() -> String {
    format!(
        "{COLUMNS} FROM connector c INDEXED BY connector_by_name {TABLES}
         WHERE c.live = 1 AND :id IS NULL ORDER BY c.name_key, c.id"
    )
}

impl Reader<'_> {
    /// How a connector stands; none where there is none.
    pub fn health_row(&self, id: Uuid, now: UtcMillis) -> Result<Option<HealthRow>> {
        let windows = Windows::of(Some(id), now);
        self.connection
            .prepare_cached(&one_sql())
            .and_then(|mut statement| {
                statement
                    .query_row(windows.bind().as_slice(), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// How all connectors in use stand, by name.
    pub fn health_rows(&self, now: UtcMillis) -> Result<Vec<HealthRow>> {
        let windows = Windows::of(None, now);
        self.connection
            .prepare_cached(&all_sql())
            .and_then(|mut statement| {
                statement
                    .query_map(windows.bind().as_slice(), record)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// The last 24 hours of all connectors in use.
    pub fn recent_hours_of_all(&self, now: UtcMillis) -> Result<HashMap<Uuid, Vec<RollupRecord>>> {
        let mut of_each: HashMap<Uuid, Vec<RollupRecord>> = HashMap::new();
        let hour = hour_of(now);
        for (id, one) in self.hours_of_all(hour - DAY + 1, hour)? {
            of_each.entry(id).or_default().push(one);
        }
        Ok(of_each)
    }
}

/// Of which connector (all where none), and where the windows begin and end.
struct Windows {
    id: Option<Vec<u8>>,
    week_hour: i64,
    week_edge: i64,
    week_day: i64,
    month_hour: i64,
    month_edge: i64,
    month_day: i64,
    year_day: i64,
    yesterday: i64,
}

impl Windows {
    fn of(id: Option<Uuid>, now: UtcMillis) -> Self {
        let today = day_of(hour_of(now));
        let (week, month) = (window(now, WEEK), window(now, MONTH));
        Self {
            id: id.map(|id| blob(&id).to_vec()),
            week_hour: week.first_hour,
            week_edge: week.last_edge_hour(),
            week_day: week.first_day,
            month_hour: month.first_hour,
            month_edge: month.last_edge_hour(),
            month_day: month.first_day,
            year_day: today - YEAR_DAYS + 1,
            yesterday: today - 1,
        }
    }

    fn bind(&self) -> [(&'static str, &dyn rusqlite::ToSql); 9] {
        [
            (":id", &self.id),
            (":week_hour", &self.week_hour),
            (":week_edge", &self.week_edge),
            (":week_day", &self.week_day),
            (":month_hour", &self.month_hour),
            (":month_edge", &self.month_edge),
            (":month_day", &self.month_day),
            (":year_day", &self.year_day),
            (":yesterday", &self.yesterday),
        ]
    }
}

/// The shares of today's hours among those of the last 24.
#[must_use]
pub fn of_today(hours: &[RollupRecord], now: UtcMillis) -> Shares {
    let first = first_hour_of(day_of(hour_of(now)));
    let mut shares = Shares::default();
    for one in hours.iter().filter(|one| one.at >= first) {
        shares.add(one.tally.share());
    }
    shares
}

fn shares_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Shares> {
    let packed: Option<i64> = row.get(column)?;
    let packed = u64::try_from(packed.unwrap_or(0)).unwrap_or(0);
    Ok(Shares {
        sum: packed / PACKED,
        hours: packed % PACKED,
    })
}

fn record(row: &Row<'_>) -> rusqlite::Result<HealthRow> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    let stop: Option<FailureClass> = optional_word_at(row, 12)?;
    let stop = match (stop, optional_word_at(row, 13)?) {
        (Some(class), Some(finding)) => Some((class, finding, time(14)?)),
        _ => None,
    };
    let test: Option<FailureClass> = optional_word_at(row, 15)?;
    let test_finding: Option<Finding> = optional_word_at(row, 16)?;
    Ok(HealthRow {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        preset: row.get(3)?,
        status: word_at(row, 4)?,
        state: word_at(row, 5)?,
        since: time(6)?,
        consecutive_failures: row.get(7)?,
        last_success_at: time(8)?,
        last_error_at: time(9)?,
        last_sync_at: time(10)?,
        last_test_at: time(11)?,
        last_check_at: time(27)?,
        stop,
        test: test.zip(test_finding),
        sign_in: optional_word_at(row, 17)?,
        token_ends_at: time(18)?,
        credentials_end_on: row.get(19)?,
        paused_until: time(20)?,
        clubs: row.get(21)?,
        week: shares_at(row, 22)?.and(shares_at(row, 23)?),
        month: shares_at(row, 24)?.and(shares_at(row, 25)?),
        year: shares_at(row, 26)?,
    })
}

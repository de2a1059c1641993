//! Table `connection_sync`, the part that schedules read and write: when a connection runs by itself, what it may do
//! then, up to when its times were handled, and its retries.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, optional_id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::sync::due::MissedPolicy;
use crate::view::SchedulePolicy;

/// How a connection runs by itself. Where nothing was set it follows its connector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduleRecord {
    /// What a schedule may do.
    pub policy: SchedulePolicy,
    /// What becomes of missed runs.
    pub missed: MissedPolicy,
    /// An expression of its own.
    pub schedule: Option<String>,
    /// The time zone that goes with it.
    pub time_zone: Option<String>,
    /// Whether it runs, where it differs from its connector.
    pub enabled: Option<bool>,
    /// When its own times, or whether it runs, were set last.
    pub set_at: Option<UtcMillis>,
    /// Times are handled up to here.
    pub last_due_at: Option<UtcMillis>,
    /// The zone and expression that this counts for.
    pub due_schedule: Option<String>,
    /// When a failed run is tried again.
    pub retry_at: Option<UtcMillis>,
    /// How often it was.
    pub retry_count: u32,
    /// When the last retry had failed.
    pub gave_up_at: Option<UtcMillis>,
    /// The newest missed run about which a person is asked.
    pub asks_at: Option<UtcMillis>,
    /// How many were missed.
    pub asks_missed: u32,
    /// The run whose undo holds the connection; written by the undo alone.
    pub held_by_undo: Option<Uuid>,
}

const SELECT: &str = "SELECT policy, missed, schedule, time_zone, enabled, last_due_at, due_schedule, retry_at,
    retry_count, gave_up_at, asks_at, asks_missed, held_by_undo, set_at FROM connection_sync WHERE connection_id = ?1";

/// What the live connections of a connector have in common. A row that was never kept counts as the default.
const COMMON: &str = "SELECT min(coalesce(s.policy, 'preview_only')), max(coalesce(s.policy, 'preview_only')),
        min(coalesce(s.missed, 'once_on_wake')), max(coalesce(s.missed, 'once_on_wake'))
    FROM connection k INDEXED BY connection_live LEFT JOIN connection_sync s ON s.connection_id = k.id
    WHERE k.connector_id = ?1 AND k.disconnected_at IS NULL HAVING count(*) > 0";

impl Reader<'_> {
    /// What the clubs of a connector may all do by themselves; none where they differ, or where there are none.
    pub fn common_policy(
        &self,
        connector_id: Uuid,
    ) -> Result<Option<(SchedulePolicy, MissedPolicy)>> {
        let agreed = |row: &Row<'_>| {
            let policies: (SchedulePolicy, SchedulePolicy) = (word_at(row, 0)?, word_at(row, 1)?);
            let missed: (MissedPolicy, MissedPolicy) = (word_at(row, 2)?, word_at(row, 3)?);
            let same = policies.0 == policies.1 && missed.0 == missed.1;
            Ok(same.then_some((policies.0, missed.0)))
        };
        self.connection
            .prepare_cached(COMMON)
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], agreed)
                    .optional()
            })
            .explain("read", self.path)
            .map(Option::flatten)
    }

    /// How a connection runs by itself; the default where nothing was ever kept.
    pub fn schedule_of(&self, connection_id: Uuid) -> Result<ScheduleRecord> {
        self.connection
            .prepare_cached(SELECT)
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connection_id)], record)
                    .optional()
            })
            .explain("read", self.path)
            .map(Option::unwrap_or_default)
    }
}

impl Writer<'_> {
    /// Keeps how a connection runs by itself. Whether an undo holds it stays as it is.
    pub fn put_schedule(&self, connection_id: Uuid, one: &ScheduleRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connection_sync (connection_id, policy, missed, schedule, time_zone, enabled,
                     last_due_at, due_schedule, retry_at, retry_count, gave_up_at, asks_at, asks_missed,
                     set_at)
                 VALUES (:connection, :policy, :missed, :schedule, :time_zone, :enabled, :last_due_at,
                     :due_schedule, :retry_at, :retry_count, :gave_up_at, :asks_at, :asks_missed, :set_at)
                 ON CONFLICT (connection_id) DO UPDATE SET policy = excluded.policy,
                     missed = excluded.missed, schedule = excluded.schedule,
                     time_zone = excluded.time_zone, enabled = excluded.enabled,
                     last_due_at = excluded.last_due_at, due_schedule = excluded.due_schedule,
                     retry_at = excluded.retry_at, retry_count = excluded.retry_count,
                     gave_up_at = excluded.gave_up_at, asks_at = excluded.asks_at,
                     asks_missed = excluded.asks_missed, set_at = excluded.set_at",
            )
            .and_then(|mut statement| {
                let at = |moment: Option<UtcMillis>| moment.map(|at| at.0);
                statement.execute(named_params! {
                    ":connection": blob(&connection_id), ":policy": word(&one.policy),
                    ":missed": word(&one.missed), ":schedule": one.schedule,
                    ":time_zone": one.time_zone, ":enabled": one.enabled,
                    ":last_due_at": at(one.last_due_at), ":due_schedule": one.due_schedule,
                    ":retry_at": at(one.retry_at), ":retry_count": one.retry_count,
                    ":gave_up_at": at(one.gave_up_at), ":asks_at": at(one.asks_at),
                    ":asks_missed": one.asks_missed, ":set_at": at(one.set_at),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<ScheduleRecord> {
    let at = |column| {
        row.get::<_, Option<i64>>(column)
            .map(|at| at.map(UtcMillis))
    };
    Ok(ScheduleRecord {
        policy: word_at(row, 0)?,
        missed: word_at(row, 1)?,
        schedule: row.get(2)?,
        time_zone: row.get(3)?,
        enabled: row.get(4)?,
        set_at: at(13)?,
        last_due_at: at(5)?,
        due_schedule: row.get(6)?,
        retry_at: at(7)?,
        retry_count: row.get(8)?,
        gave_up_at: at(9)?,
        asks_at: at(10)?,
        asks_missed: row.get(11)?,
        held_by_undo: optional_id_at(row, 12)?,
    })
}

//! Table `sync_run`: one pass for one connection, its counts, what holds it and how it ended. Its plan is in `plan_row.rs`.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word, optional_word_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::sync::counts::Counts;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// The list is being read.
    Fetching,
    /// The plan is there and can be applied.
    Planned,
    /// A guard holds it until a person allows it.
    Held,
    /// Done.
    Applied,
    /// Applied and taken back.
    Undone,
    /// Applied, and some members taken back.
    PartlyUndone,
    /// It could not be made.
    Failed,
    /// A person stopped it.
    Cancelled,
    /// The process that made it ended.
    Interrupted,
    /// A newer plan stands in its place.
    Superseded,
}

/// Where records come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunSource {
    /// The federation's list.
    Sync,
    /// A file.
    Import,
}

/// Who asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AskedBy {
    /// Somebody.
    Person,
    /// A schedule.
    Schedule,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Of which connection.
    pub connection_id: Uuid,
    /// Where its records come from.
    pub source: RunSource,
    /// Who asked for it.
    pub asked_by: AskedBy,
    /// How far it is.
    pub state: RunState,
    /// When it began.
    pub started_at: UtcMillis,
    /// When its plan was there, or when it failed.
    pub ended_at: Option<UtcMillis>,
    /// The taking of the lease under which it is made.
    pub fence: i64,
    /// Records read.
    pub fetched: u64,
    /// Records there are, where the federation says so.
    pub expected: Option<u64>,
    /// Pages read.
    pub page: u64,
    /// People in the list who were erased: they are kept out.
    pub erased: u64,
    /// Its plan.
    pub counts: Counts,
    /// SHA-256 of its plan, hexadecimal.
    pub hash: Option<String>,
    /// What holds it, as JSON.
    pub guards: String,
    /// Which of these a person has allowed, as JSON.
    pub allowed: String,
    /// The template that its records were read with.
    pub template: Option<String>,
    /// Why it failed: who must act.
    pub class: Option<FailureClass>,
    /// Why it failed: what was seen.
    pub finding: Option<Finding>,
    /// Why it failed, as a sentence.
    pub message: Option<String>,
    /// When it was applied.
    pub applied_at: Option<UtcMillis>,
    /// When it was taken back.
    pub undone_at: Option<UtcMillis>,
    /// Leavers that were left out when it was applied; they are not counted as leavers any more.
    pub left_out: u64,
    /// The version of the template; none for runs of older versions of the app.
    pub template_version: Option<u32>,
}

const COLUMNS: &str = "id, connection_id, source, asked_by, state, started_at, ended_at, fence, fetched,
    expected, page, creates, updates, unchanged, conflicts, leavers, problems, hash, guards, allowed,
    template, class, finding, message, applied_at, undone_at, erased, left_out, template_version";

/// How many columns [`record`] reads.
pub(super) const COLUMN_COUNT: usize = 29;

/// The columns of a run in a statement that joins, in the order in which [`record`] reads them.
pub(super) fn run_columns(table: &str) -> String {
    let columns: Vec<String> = COLUMNS
        .split(',')
        .map(|column| format!("{table}.{}", column.trim()))
        .collect();
    columns.join(", ")
}

/// Runs of a connection, newest first.
pub(super) fn newest_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM sync_run WHERE connection_id = ?1
         ORDER BY started_at DESC, id DESC LIMIT ?2"
    )
}

/// Runs of a connection in a state, oldest first.
pub(super) fn of_in_state_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM sync_run WHERE connection_id = ?1 AND state = ?2
         ORDER BY started_at, id"
    )
}

impl Reader<'_> {
    /// A run.
    pub fn run(&self, id: Uuid) -> Result<Option<RunRecord>> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM sync_run WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([blob(&id)], record).optional())
            .explain("read", self.path)
    }

    /// The newest runs of a connection.
    pub fn runs(&self, connection_id: Uuid, limit: u32) -> Result<Vec<RunRecord>> {
        self.connection
            .prepare_cached(&newest_sql())
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), limit), record)?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Reader<'_> {
    /// Runs of a connection in a state.
    pub fn runs_in_of(&self, state: RunState, connection_id: Uuid) -> Result<Vec<RunRecord>> {
        self.connection
            .prepare_cached(&of_in_state_sql())
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), word(&state)), record)?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Writes a run, new or changed.
    pub fn put_run(&self, run: &RunRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO sync_run (id, connection_id, source, asked_by, state, started_at, ended_at,
                     fence, fetched, expected, page, creates, updates, unchanged, conflicts, leavers,
                     problems, hash, guards, allowed, template, class, finding, message, applied_at,
                     undone_at, erased, left_out, template_version)
                 VALUES (:id, :connection, :source, :asked_by, :state, :started, :ended, :fence, :fetched,
                     :expected, :page, :creates, :updates, :unchanged, :conflicts, :leavers, :problems,
                     :hash, :guards, :allowed, :template, :class, :finding, :message, :applied, :undone, :erased,
                     :left_out, :template_version)
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at,
                     fetched = excluded.fetched, expected = excluded.expected, page = excluded.page,
                     creates = excluded.creates, updates = excluded.updates,
                     unchanged = excluded.unchanged, conflicts = excluded.conflicts,
                     leavers = excluded.leavers, problems = excluded.problems, hash = excluded.hash,
                     guards = excluded.guards, allowed = excluded.allowed, class = excluded.class,
                     finding = excluded.finding, message = excluded.message,
                     applied_at = excluded.applied_at, undone_at = excluded.undone_at,
                     erased = excluded.erased, left_out = excluded.left_out",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&run.id), ":connection": blob(&run.connection_id),
                    ":source": word(&run.source), ":asked_by": word(&run.asked_by),
                    ":state": word(&run.state), ":started": run.started_at.0,
                    ":ended": run.ended_at.map(|at| at.0), ":fence": run.fence,
                    ":fetched": signed(run.fetched), ":expected": run.expected.map(signed),
                    ":page": signed(run.page), ":creates": signed(run.counts.creates),
                    ":updates": signed(run.counts.updates), ":unchanged": signed(run.counts.unchanged),
                    ":conflicts": signed(run.counts.conflicts), ":leavers": signed(run.counts.leavers),
                    ":problems": signed(run.counts.problems), ":hash": run.hash,
                    ":guards": run.guards, ":allowed": run.allowed, ":template": run.template,
                    ":class": optional_word(run.class.as_ref()),
                    ":finding": optional_word(run.finding.as_ref()), ":message": run.message,
                    ":applied": run.applied_at.map(|at| at.0), ":undone": run.undone_at.map(|at| at.0),
                    ":erased": signed(run.erased),
                    ":left_out": signed(run.left_out),
                    ":template_version": run.template_version,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

/// A count as a column holds it.
pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Reads a count.
pub(super) fn count_at(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let count: i64 = row.get(column)?;
    u64::try_from(count).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, count))
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    Ok(RunRecord {
        id: id_at(row, 0)?,
        connection_id: id_at(row, 1)?,
        source: word_at(row, 2)?,
        asked_by: word_at(row, 3)?,
        state: word_at(row, 4)?,
        started_at: UtcMillis(row.get(5)?),
        ended_at: row.get::<_, Option<i64>>(6)?.map(UtcMillis),
        fence: row.get(7)?,
        fetched: count_at(row, 8)?,
        expected: row
            .get::<_, Option<i64>>(9)?
            .and_then(|count| u64::try_from(count).ok()),
        page: count_at(row, 10)?,
        erased: count_at(row, 26)?,
        counts: Counts {
            creates: count_at(row, 11)?,
            updates: count_at(row, 12)?,
            unchanged: count_at(row, 13)?,
            conflicts: count_at(row, 14)?,
            leavers: count_at(row, 15)?,
            problems: count_at(row, 16)?,
        },
        hash: row.get(17)?,
        guards: row.get(18)?,
        allowed: row.get(19)?,
        template: row.get(20)?,
        class: optional_word_at(row, 21)?,
        finding: optional_word_at(row, 22)?,
        message: row.get(23)?,
        applied_at: row.get::<_, Option<i64>>(24)?.map(UtcMillis),
        undone_at: row.get::<_, Option<i64>>(25)?.map(UtcMillis),
        left_out: count_at(row, 27)?,
        template_version: row.get(28)?,
    })
}

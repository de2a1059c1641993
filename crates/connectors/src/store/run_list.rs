//! The history of runs of all clubs. It walks `sync_run_history` in the order of time, which holds what is filtered by; the
//! groups are counted along `sync_run_by_outcome`. Nothing is sorted.

use std::fmt::Write as _;

use rusqlite::{Row, ToSql};
use uuid::Uuid;

use super::Reader;
use super::sqlite_error::SqliteResult;
use super::sync_run::{AskedBy, COLUMN_COUNT, RunRecord, RunState, count_at, record, run_columns};
use super::word::{id_at, optional_id_at, word, word_at};
use crate::clock::UtcMillis;
use crate::error::Result;

/// Which runs, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunQuery {
    /// Of one connector.
    pub connector: Option<Uuid>,
    /// Of one club.
    pub club: Option<Uuid>,
    /// In one of these states, each with who asked where that matters; all where empty.
    pub states: Vec<(RunState, Option<AskedBy>)>,
    /// Asked for by.
    pub asked_by: Option<AskedBy>,
    /// Begun then or later.
    pub from: Option<UtcMillis>,
    /// Begun earlier.
    pub until: Option<UtcMillis>,
    /// The oldest first.
    pub oldest_first: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most.
    pub limit: u32,
}

/// A run with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// The run.
    pub run: RunRecord,
    /// Federation code of the connector.
    pub code: String,
    /// Name of the connector.
    pub connector_name: String,
    /// The club's own identifier.
    pub own_id: String,
    /// Name of the club.
    pub club_name: String,
    /// Whether the connection still stands.
    pub connected: bool,
    /// The run whose undo holds the connection.
    pub held_by_undo: Option<Uuid>,
}

const ABOUT: &str = "coalesce(c.federation_code, c.former_code), c.name, o.own_id, o.name,
    k.disconnected_at IS NULL AND c.live = 1, s.held_by_undo";
const JOINS: &str = "CROSS JOIN connection k ON k.id = r.connection_id
    CROSS JOIN organisation o ON o.id = k.organisation_id
    CROSS JOIN connector c ON c.id = k.connector_id
    LEFT JOIN connection_sync s ON s.connection_id = r.connection_id";

/// One run.
pub(super) fn one_sql() -> String {
    format!(
        "SELECT {}, {ABOUT} FROM sync_run r {JOINS} WHERE r.id = ?1",
        run_columns("r")
    )
}

/// The connections of which a run is being made, or was when its process ended; one for each such run.
pub(super) const FETCHING: &str =
    "SELECT connection_id FROM sync_run INDEXED BY sync_run_by_applied
    WHERE state = 'fetching' AND applied_at IS NULL";

type Values = Vec<Box<dyn ToSql>>;

pub(super) fn list_sql(query: &RunQuery) -> (String, Values) {
    let (conditions, values) = conditions(query, true);
    let direction = if query.oldest_first { "" } else { " DESC" };
    let sql = format!(
        "SELECT {}, {ABOUT} FROM sync_run r INDEXED BY sync_run_history {JOINS} WHERE {conditions}
         ORDER BY r.started_at{direction}, r.id{direction} LIMIT {} OFFSET {}",
        run_columns("r"),
        query.limit,
        query.offset
    );
    (sql, values)
}

/// How many under every filter but that of states, by state and who asked.
pub(super) fn count_sql(query: &RunQuery) -> (String, Values) {
    let (conditions, values) = conditions(query, false);
    // Whose connection it is, is only looked up where that is asked.
    let joined = if query.connector.is_some() || query.club.is_some() {
        "CROSS JOIN connection k ON k.id = r.connection_id"
    } else {
        ""
    };
    let sql = format!(
        "SELECT r.state, r.asked_by, count(*) FROM sync_run r INDEXED BY sync_run_by_outcome {joined}
         WHERE {conditions} GROUP BY r.state, r.asked_by"
    );
    (sql, values)
}

fn conditions(query: &RunQuery, with_states: bool) -> (String, Values) {
    let mut values: Values = Vec::new();
    let mut sql = "1".to_owned();
    let mut add = |condition: &str, value: Box<dyn ToSql>| {
        values.push(value);
        let _ = write!(sql, " AND {condition} ?{}", values.len());
    };
    if let Some(connector) = query.connector {
        add("k.connector_id =", Box::new(connector.as_bytes().to_vec()));
    }
    if let Some(club) = query.club {
        add("k.organisation_id =", Box::new(club.as_bytes().to_vec()));
    }
    if let Some(asked_by) = query.asked_by {
        add("r.asked_by =", Box::new(word(&asked_by)));
    }
    if let Some(from) = query.from {
        add("r.started_at >=", Box::new(from.0));
    }
    if let Some(until) = query.until {
        add("r.started_at <", Box::new(until.0));
    }
    if with_states && !query.states.is_empty() {
        let mut either = Vec::new();
        for (state, asked_by) in &query.states {
            values.push(Box::new(word(state)));
            let mut one = format!("r.state = ?{}", values.len());
            if let Some(asked_by) = asked_by {
                values.push(Box::new(word(asked_by)));
                let _ = write!(one, " AND r.asked_by = ?{}", values.len());
            }
            either.push(one);
        }
        let _ = write!(sql, " AND ({})", either.join(" OR "));
    }
    (sql, values)
}

impl Reader<'_> {
    /// A page of the history.
    pub fn list_runs(&self, query: &RunQuery) -> Result<Vec<RunRow>> {
        let (sql, values) = list_sql(query);
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .explain("read", self.path)?;
        let rows = statement
            .query_map(bound(&values).as_slice(), row_of)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// How many runs there are by state and who asked, under every filter but that of states.
    pub fn count_runs(&self, query: &RunQuery) -> Result<Vec<(RunState, AskedBy, u64)>> {
        let (sql, values) = count_sql(query);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement
                    .query_map(bound(&values).as_slice(), |row| {
                        Ok((word_at(row, 0)?, word_at(row, 1)?, count_at(row, 2)?))
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// A run with what it is about.
    pub fn run_row(&self, id: Uuid) -> Result<Option<RunRow>> {
        let mut statement = self
            .connection
            .prepare_cached(&one_sql())
            .explain("read", self.path)?;
        let mut rows = statement
            .query_map([super::word::blob(&id)], row_of)
            .explain("read", self.path)?;
        rows.next().transpose().explain("read", self.path)
    }

    /// The connections that have a run whose list is being read, or was when its process ended.
    pub fn connections_fetching(&self) -> Result<Vec<Uuid>> {
        self.connection
            .prepare_cached(FETCHING)
            .and_then(|mut statement| statement.query_map([], |row| id_at(row, 0))?.collect())
            .explain("read", self.path)
    }
}

fn bound(values: &[Box<dyn ToSql>]) -> Vec<&dyn ToSql> {
    values.iter().map(AsRef::as_ref).collect()
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        run: record(row)?,
        code: row.get(COLUMN_COUNT)?,
        connector_name: row.get(COLUMN_COUNT + 1)?,
        own_id: row.get(COLUMN_COUNT + 2)?,
        club_name: row.get(COLUMN_COUNT + 3)?,
        connected: row.get(COLUMN_COUNT + 4)?,
        held_by_undo: optional_id_at(row, COLUMN_COUNT + 5)?,
    })
}

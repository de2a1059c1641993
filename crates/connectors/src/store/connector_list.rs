//! Lists of connectors. Each order walks one index of `connector` from one end, filters on what the
//! index holds, and fetches only the rows it shows; nothing is sorted. `INDEXED BY` makes that a
//! promise: `SQLite` refuses the statement where the index does not serve.

use std::fmt::Write as _;

use rusqlite::{Row, ToSql};
use uuid::Uuid;

use super::Reader;
use super::connector::ConnectorRecord;
use super::sqlite_error::SqliteResult;
use super::word::{from_word, id_at, word, word_at};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::view::{
    AuthKind, ConnectorFilter, ConnectorSort, CountsView, Environment, HealthState, Status,
};

/// Which connectors, in which order. Purged ones are in no list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectorQuery {
    /// Part of the list.
    pub filter: ConnectorFilter,
    /// Mission status.
    pub status: Option<Status>,
    /// Words that must all be contained in `search_key`, folded as it is. At most 32 are looked at.
    pub words: Vec<String>,
    /// Order.
    pub sort: ConnectorSort,
    /// The whole order the other way round.
    pub descending: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most; all where absent.
    pub limit: Option<u32>,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorRow {
    /// Identifier.
    pub id: Uuid,
    /// Federation code.
    pub code: String,
    /// Name as typed.
    pub name: String,
    /// Live data or a test account.
    pub environment: Environment,
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// How it proves who it is.
    pub auth_kind: AuthKind,
    /// Preset it was made from.
    pub preset: Option<String>,
    /// Connected clubs.
    pub clubs: u32,
    /// Last test.
    pub last_test_at: Option<UtcMillis>,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Created.
    pub created_at: UtcMillis,
    /// Changed.
    pub updated_at: UtcMillis,
    /// Deleted.
    pub deleted_at: Option<UtcMillis>,
}

impl ConnectorRow {
    /// The line of a connector that was read in full, and the number of its clubs.
    pub fn of(record: &ConnectorRecord, clubs: u32) -> Self {
        Self {
            id: record.id,
            code: record.code.clone(),
            name: record.name.clone(),
            environment: record.environment,
            status: record.status,
            state: record.state,
            auth_kind: record.auth_kind,
            preset: record.preset.clone(),
            clubs,
            last_test_at: record.last_test_at,
            last_sync_at: record.last_sync_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
            deleted_at: record.deleted_at,
        }
    }
}

/// More words than this only slow a search down.
const WORDS: usize = 32;

impl Reader<'_> {
    /// The rows of a query.
    pub fn list_connectors(&self, query: &ConnectorQuery) -> Result<Vec<ConnectorRow>> {
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

    /// How many rows a query has without offset and limit.
    pub fn count_connectors(&self, query: &ConnectorQuery) -> Result<u32> {
        let (sql, values) = count_sql(query);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(bound(&values).as_slice(), |row| row.get(0))
            })
            .explain("read", self.path)
    }

    /// Numbers of all filters.
    pub fn connector_counts(&self) -> Result<CountsView> {
        let mut statement = self
            .connection
            .prepare_cached(COUNTS)
            .explain("read", self.path)?;
        let mut rows = statement.query([]).explain("read", self.path)?;
        let mut counts = CountsView::default();
        while let Some(row) = rows.next().explain("read", self.path)? {
            let (live, state, number): (bool, String, u32) = row
                .get(0)
                .and_then(|live| Ok((live, row.get(1)?, row.get(2)?)))
                .explain("read", self.path)?;
            if !live {
                counts.deleted += number;
                continue;
            }
            let state: HealthState = from_word(&state).ok_or_else(|| Error::Damaged {
                path: self.path.to_path_buf(),
            })?;
            counts.all += number;
            *match filter_of(state) {
                Bucket::NeedsYou => &mut counts.needs_you,
                Bucket::Waiting => &mut counts.waiting,
                Bucket::Healthy => &mut counts.healthy,
                Bucket::Paused => &mut counts.paused,
                Bucket::NotTested => &mut counts.not_tested,
            } += number;
        }
        Ok(counts)
    }
}

pub(super) const COUNTS: &str =
    "SELECT live, state, count(*) FROM connector INDEXED BY connector_by_state
    WHERE live >= 0 GROUP BY live, state";

enum Bucket {
    NeedsYou,
    Waiting,
    Healthy,
    Paused,
    NotTested,
}

fn filter_of(state: HealthState) -> Bucket {
    match state {
        HealthState::ActionNeeded
        | HealthState::SignInAgain
        | HealthState::WaitingForBrowser
        | HealthState::Held
        | HealthState::Expiring => Bucket::NeedsYou,
        HealthState::RateLimited | HealthState::WaitingForFederation | HealthState::Offline => {
            Bucket::Waiting
        }
        HealthState::Healthy | HealthState::Syncing => Bucket::Healthy,
        HealthState::Paused => Bucket::Paused,
        HealthState::NotTested | HealthState::NeverSynced => Bucket::NotTested,
    }
}

/// The states of a filter; none where it does not look at them.
fn states_of(filter: ConnectorFilter) -> &'static [HealthState] {
    match filter {
        ConnectorFilter::All | ConnectorFilter::Deleted => &[],
        ConnectorFilter::NeedsYou => &[
            HealthState::ActionNeeded,
            HealthState::SignInAgain,
            HealthState::WaitingForBrowser,
            HealthState::Held,
            HealthState::Expiring,
        ],
        ConnectorFilter::Waiting => &[
            HealthState::RateLimited,
            HealthState::WaitingForFederation,
            HealthState::Offline,
        ],
        ConnectorFilter::Healthy => &[HealthState::Healthy, HealthState::Syncing],
        ConnectorFilter::Paused => &[HealthState::Paused],
        ConnectorFilter::NotTested => &[HealthState::NotTested, HealthState::NeverSynced],
    }
}

pub(super) fn list_sql(query: &ConnectorQuery) -> (String, Vec<String>) {
    let (index, columns) = match query.sort {
        ConnectorSort::Attention => (
            "connector_by_attention",
            &["attention", "name_key", "id"][..],
        ),
        ConnectorSort::Name => ("connector_by_name", &["name_key", "id"][..]),
        ConnectorSort::Status => ("connector_by_status", &["status", "name_key", "id"][..]),
        ConnectorSort::LastSync => (
            "connector_by_last_sync",
            &["last_sync_at", "name_key", "id"][..],
        ),
    };
    let (condition, values) = condition(query);
    let direction = if query.descending { " DESC" } else { "" };
    let order: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{direction}"))
        .collect();
    let limit = query.limit.map_or(-1, i64::from);
    let sql = format!(
        "SELECT id, federation_code, name, environment, status, state, auth_kind, preset,
             last_test_at, last_sync_at, created_at, updated_at, deleted_at,
             (SELECT count(*) FROM connection k WHERE k.connector_id = connector.id AND k.disconnected_at IS NULL)
         FROM connector INDEXED BY {index} WHERE {condition}
         ORDER BY {} LIMIT {limit} OFFSET {}",
        order.join(", "),
        query.offset
    );
    (sql, values)
}

pub(super) fn count_sql(query: &ConnectorQuery) -> (String, Vec<String>) {
    let (condition, values) = condition(query);
    let sql =
        format!("SELECT count(*) FROM connector INDEXED BY connector_by_state WHERE {condition}");
    (sql, values)
}

fn condition(query: &ConnectorQuery) -> (String, Vec<String>) {
    let live = i32::from(query.filter != ConnectorFilter::Deleted);
    let mut sql = format!("live = {live}");
    let mut values = Vec::new();
    let states = states_of(query.filter);
    if !states.is_empty() {
        // The unary plus keeps SQLite from seeking by state, which would lose the order.
        sql.push_str(" AND +state IN (");
        for (n, state) in states.iter().enumerate() {
            values.push(word(state));
            let comma = if n == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}?{}", values.len());
        }
        sql.push(')');
    }
    if let Some(status) = query.status {
        values.push(status.as_str().to_owned());
        let _ = write!(sql, " AND status = ?{}", values.len());
    }
    for needle in query.words.iter().take(WORDS) {
        values.push(needle.clone());
        // instr has no wildcards, so nothing needs escaping.
        let _ = write!(sql, " AND instr(search_key, ?{}) > 0", values.len());
    }
    (sql, values)
}

fn bound(values: &[String]) -> Vec<&dyn ToSql> {
    values.iter().map(|value| value as &dyn ToSql).collect()
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<ConnectorRow> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    Ok(ConnectorRow {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        environment: word_at(row, 3)?,
        status: word_at(row, 4)?,
        state: word_at(row, 5)?,
        auth_kind: word_at(row, 6)?,
        preset: row.get(7)?,
        last_test_at: time(8)?,
        last_sync_at: time(9)?,
        created_at: UtcMillis(row.get(10)?),
        updated_at: UtcMillis(row.get(11)?),
        deleted_at: time(12)?,
        clubs: row.get(13)?,
    })
}

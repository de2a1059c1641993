//! Lists of connected clubs. By name they walk `organisation_by_name` and look each club's live connections up, by last
//! sync `connection_live_by_last_sync`; nothing is sorted. `CROSS JOIN` and `INDEXED BY` make that a promise.

use std::fmt::Write as _;

use rusqlite::{Row, ToSql};
use uuid::Uuid;

use super::Reader;
use super::club_connection::ClubFailure;
use super::sqlite_error::SqliteResult;
use super::word::{id_at, optional_word_at, word_at};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::FailureClass;
use crate::view::{ClubSort, HealthState};

/// Which connected clubs, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClubQuery {
    /// Those of one connector, deleted or not; all of live connectors where absent.
    pub connector: Option<Uuid>,
    /// This club alone.
    pub club: Option<Uuid>,
    /// Words that must all be contained in what is known of club and connector, folded. At most 32 are looked at.
    pub words: Vec<String>,
    /// Order.
    pub sort: ClubSort,
    /// The whole order the other way round.
    pub descending: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most; all where absent.
    pub limit: Option<u32>,
}

/// One line of the list: a club at a connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClubRow {
    /// The connection.
    pub id: Uuid,
    /// The connector.
    pub connector_id: Uuid,
    /// Federation code of the connector.
    pub code: String,
    /// Name of the connector.
    pub connector_name: String,
    /// What a person reads about the connector.
    pub connector_state: HealthState,
    /// The caller's own identifier of the club.
    pub own_id: String,
    /// Name of the club.
    pub name: String,
    /// The federation's own identifier of the club.
    pub federation_org_id: String,
    /// The federation's own name of the club.
    pub federation_name: Option<String>,
    /// Connected.
    pub enabled_at: UtcMillis,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Failures in a row that concern this club alone.
    pub consecutive_failures: u32,
    /// The last of them.
    pub last_error: Option<ClubFailure>,
}

/// More words than this only slow a search down.
const WORDS: usize = 32;

impl Reader<'_> {
    /// The rows of a query.
    pub fn list_clubs(&self, query: &ClubQuery) -> Result<Vec<ClubRow>> {
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
    pub fn count_clubs(&self, query: &ClubQuery) -> Result<u32> {
        let (sql, values) = count_sql(query);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(bound(&values).as_slice(), |row| row.get(0))
            })
            .explain("read", self.path)
    }
}

pub(super) fn list_sql(query: &ClubQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let (rows, values) = rows_of(query);
    let direction = if query.descending { " DESC" } else { "" };
    let columns: &[&str] = match query.sort {
        ClubSort::Name => &["o.name_key", "o.id", "k.connector_id"],
        ClubSort::LastSync => &["k.last_sync_at", "k.id"],
    };
    let order: Vec<String> = columns
        .iter()
        .map(|column| format!("{column}{direction}"))
        .collect();
    let limit = query.limit.map_or(-1, i64::from);
    let sql = format!(
        "SELECT k.id, coalesce(c.federation_code, c.former_code), c.name, c.state, o.own_id, o.name,
             k.federation_org_id, k.federation_name, k.enabled_at, k.last_sync_at, k.consecutive_failures,
             k.last_error_at, k.last_error_class, k.last_error_finding, c.id
         {rows} ORDER BY {} LIMIT {limit} OFFSET {}",
        order.join(", "),
        query.offset
    );
    (sql, values)
}

pub(super) fn count_sql(query: &ClubQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let (rows, values) = rows_of(query);
    (format!("SELECT count(*) {rows}"), values)
}

fn rows_of(query: &ClubQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let of_connector = if let Some(connector) = query.connector {
        values.push(Box::new(connector.as_bytes().to_vec()));
        "k.connector_id = ?1"
    } else {
        "c.live = 1"
    };
    let tables = match (query.sort, query.connector) {
        (ClubSort::Name, None) => {
            "organisation o INDEXED BY organisation_by_name
             CROSS JOIN connection k INDEXED BY connection_live_by_organisation
             CROSS JOIN connector c"
        }
        (ClubSort::Name, Some(_)) => {
            "organisation o INDEXED BY organisation_by_name
             CROSS JOIN connection k INDEXED BY connection_live
             CROSS JOIN connector c"
        }
        (ClubSort::LastSync, _) => {
            "connection k INDEXED BY connection_live_by_last_sync
             CROSS JOIN organisation o
             CROSS JOIN connector c"
        }
    };
    let mut sql = format!(
        "FROM {tables} WHERE k.organisation_id = o.id AND k.disconnected_at IS NULL AND c.id = k.connector_id
             AND {of_connector}"
    );
    if let Some(club) = query.club {
        values.push(Box::new(club.as_bytes().to_vec()));
        let _ = write!(sql, " AND o.id = ?{}", values.len());
    }
    for needle in query.words.iter().take(WORDS) {
        values.push(Box::new(needle.clone()));
        // instr has no wildcards, so nothing needs escaping.
        let _ = write!(
            sql,
            " AND instr(o.search_key || ' ' || k.search_key || ' ' || c.search_key, ?{}) > 0",
            values.len()
        );
    }
    (sql, values)
}

fn bound(values: &[Box<dyn ToSql>]) -> Vec<&dyn ToSql> {
    values.iter().map(AsRef::as_ref).collect()
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<ClubRow> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    let class: Option<FailureClass> = optional_word_at(row, 12)?;
    let finding = optional_word_at(row, 13)?;
    Ok(ClubRow {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        connector_name: row.get(2)?,
        connector_state: word_at(row, 3)?,
        own_id: row.get(4)?,
        name: row.get(5)?,
        federation_org_id: row.get(6)?,
        federation_name: row.get(7)?,
        enabled_at: UtcMillis(row.get(8)?),
        last_sync_at: time(9)?,
        consecutive_failures: row.get(10)?,
        last_error: time(11)?
            .zip(class)
            .map(|(at, class)| ClubFailure { at, class, finding }),
        connector_id: id_at(row, 14)?,
    })
}

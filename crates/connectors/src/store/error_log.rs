//! Table `error_log`: what failed at federations, newest first. A row is one failure; what is dealt with is marked and stays.

use rusqlite::{Row, ToSql, named_params};
use uuid::Uuid;

use super::attempt::CONNECTORS;
use super::sqlite_error::SqliteResult;
use super::word::{
    blob, id_at, optional_blob, optional_id_at, optional_word, optional_word_at, word, word_at,
};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::view::{AuthKind, ErrorSource};

/// Days for which rows are kept.
pub const KEPT_DAYS: i64 = 90;
/// Rows of a connector that are kept.
pub const KEPT: u32 = 10_000;
/// How far rows are counted.
pub const COUNTED: u32 = 1_000;

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Which connector.
    pub connector_id: Uuid,
    /// When.
    pub at: UtcMillis,
    /// Who must act.
    pub class: FailureClass,
    /// What was seen; none where the pages of a list do not follow each other.
    pub finding: Option<Finding>,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// The template of the address; no value is in it.
    pub endpoint: Option<String>,
    /// From where.
    pub source: ErrorSource,
    /// The connection that it concerns alone.
    pub connection_id: Option<Uuid>,
    /// The run that it comes from.
    pub run_id: Option<Uuid>,
    /// When a person said that it is dealt with.
    pub cleared_at: Option<UtcMillis>,
}

/// A row with what it is told with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorRow {
    /// The row.
    pub error: ErrorRecord,
    /// Federation code.
    pub code: String,
    /// Name of the connector.
    pub name: String,
    /// How it proves who it is.
    pub auth_kind: AuthKind,
    /// The club's own id and name, where it concerns one alone.
    pub club: Option<(String, String)>,
}

/// Which rows, newest first. Those of purged connectors are in no list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorQuery {
    /// Of this connector.
    pub connector: Option<Uuid>,
    /// Of this class.
    pub class: Option<FailureClass>,
    /// Not older than this.
    pub since: Option<UtcMillis>,
    /// As this club may see it: of the connectors that it is connected to, and nothing that is another club's own.
    pub club: Option<Uuid>,
    /// Older than this place.
    pub before: Option<(UtcMillis, Uuid)>,
    /// Rows at most.
    pub limit: u32,
}

/// The oldest of the rows that are kept.
pub(super) const LAST_KEPT: &str = "SELECT at, id FROM error_log WHERE connector_id = ?1
    ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?2";
pub(super) const FORGET: &str =
    "DELETE FROM error_log WHERE connector_id = ?1 AND (at, id) < (?2, ?3)";
pub(super) const CLEAR: &str = "UPDATE error_log SET cleared_at = ?2
    WHERE connector_id = ?1 AND cleared_at IS NULL";

pub(super) fn list_sql(query: &ErrorQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let (from, values) = from(query);
    let sql = format!(
        "SELECT e.id, e.connector_id, e.at, e.class, e.finding, e.status, e.endpoint, e.source, e.connection_id,
             e.run_id, e.cleared_at, c.federation_code, c.name, c.auth_kind, o.own_id, o.name
         {from} ORDER BY e.at DESC, e.id DESC LIMIT {}",
        query.limit
    );
    (sql, values)
}

/// One line.
pub(super) fn one_sql() -> String {
    let query = ErrorQuery {
        connector: Some(Uuid::nil()),
        limit: 1,
        ..ErrorQuery::default()
    };
    list_sql(&query)
        .0
        .replace(" ORDER BY", " AND e.id = ?2 ORDER BY")
}

pub(super) fn count_sql(query: &ErrorQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let (from, values) = from(query);
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 {from} LIMIT {})",
        COUNTED + 1
    );
    (sql, values)
}

fn from(query: &ErrorQuery) -> (String, Vec<Box<dyn ToSql>>) {
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    let mut conditions = vec!["c.federation_code IS NOT NULL".to_owned()];
    let index = match (query.connector, query.class) {
        (None, None) => "error_log_by_time",
        (Some(_), None) => "error_log_by_connector",
        (None, Some(_)) => "error_log_by_class",
        (Some(_), Some(_)) => "error_log_by_connector_class",
    };
    if let Some(connector) = query.connector {
        values.push(Box::new(blob(&connector).to_vec()));
        conditions.push(format!("e.connector_id = ?{}", values.len()));
    }
    if let Some(class) = query.class {
        values.push(Box::new(word(&class)));
        conditions.push(format!("e.class = ?{}", values.len()));
    }
    if let Some(since) = query.since {
        values.push(Box::new(since.0));
        conditions.push(format!("e.at >= ?{}", values.len()));
    }
    if let Some(club) = query.club {
        values.push(Box::new(blob(&club).to_vec()));
        let number = values.len();
        conditions.push(format!(
            "(e.connection_id IS NULL OR k.organisation_id = ?{number})"
        ));
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM connection n INDEXED BY connection_live
                 WHERE n.connector_id = c.id AND n.organisation_id = ?{number} AND n.disconnected_at IS NULL)"
        ));
    }
    if let Some((at, id)) = query.before {
        values.push(Box::new(at.0));
        values.push(Box::new(blob(&id).to_vec()));
        let number = values.len();
        conditions.push(format!("(e.at, e.id) < (?{}, ?{number})", number - 1));
    }
    let sql = format!(
        "FROM error_log e INDEXED BY {index}
         CROSS JOIN connector c ON c.id = e.connector_id
         LEFT JOIN connection k ON k.id = e.connection_id
         LEFT JOIN organisation o ON o.id = k.organisation_id
         WHERE {}",
        conditions.join(" AND ")
    );
    (sql, values)
}

impl Reader<'_> {
    /// The rows of a query.
    pub fn errors(&self, query: &ErrorQuery) -> Result<Vec<ErrorRow>> {
        let (sql, values) = list_sql(query);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement
                    .query_map(rusqlite::params_from_iter(values), row_of)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// One line of the log of a connector.
    pub fn error_by_id(&self, connector: Uuid, id: Uuid) -> Result<Option<ErrorRow>> {
        self.connection
            .prepare_cached(&one_sql())
            .and_then(|mut statement| {
                let mut rows = statement.query_map((blob(&connector), blob(&id)), row_of)?;
                rows.next().transpose()
            })
            .explain("read", self.path)
    }

    /// How many rows a query has without place and limit, counted up to [`COUNTED`] and one more.
    pub fn count_errors(&self, query: &ErrorQuery) -> Result<u32> {
        let whole = ErrorQuery {
            before: None,
            ..query.clone()
        };
        let (sql, values) = count_sql(&whole);
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                statement.query_row(rusqlite::params_from_iter(values), |row| row.get(0))
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds one, and forgets the oldest of a connector that has more than are kept.
    pub fn insert_error(&self, new: &ErrorRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO error_log (id, connector_id, at, class, finding, status, endpoint, source,
                     connection_id, run_id)
                 VALUES (:id, :connector, :at, :class, :finding, :status, :endpoint, :source, :connection, :run)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector": blob(&new.connector_id),
                    ":at": new.at.0,
                    ":class": word(&new.class),
                    ":finding": optional_word(new.finding.as_ref()),
                    ":status": new.status,
                    ":endpoint": new.endpoint,
                    ":source": word(&new.source),
                    ":connection": optional_blob(new.connection_id.as_ref()),
                    ":run": optional_blob(new.run_id.as_ref()),
                })
            })
            .explain("write", self.path)?;
        self.forget_errors_beyond(new.connector_id, KEPT).map(drop)
    }

    /// Marks all rows of a connector that are not marked yet, and says how many there were.
    pub fn clear_error_log(&self, connector_id: Uuid, now: UtcMillis) -> Result<usize> {
        self.connection
            .prepare_cached(CLEAR)
            .and_then(|mut statement| statement.execute((blob(&connector_id), now.0)))
            .explain("write", self.path)
    }

    /// Forgets rows of before a moment, and says how many there were.
    pub fn forget_errors(&self, before: UtcMillis) -> Result<usize> {
        let mut statement = self
            .connection
            .prepare_cached(CONNECTORS)
            .explain("read", self.path)?;
        let connectors: Vec<Uuid> = statement
            .query_map([], |row| id_at(row, 0))
            .and_then(Iterator::collect)
            .explain("read", self.path)?;
        let mut forgotten = 0;
        for connector in connectors {
            forgotten += self.forget_errors_before(connector, before, Uuid::nil())?;
        }
        Ok(forgotten)
    }

    /// Forgets the oldest rows of a connector but for so many.
    pub fn forget_errors_beyond(&self, connector_id: Uuid, kept: u32) -> Result<usize> {
        use rusqlite::OptionalExtension;

        let last = self
            .connection
            .prepare_cached(LAST_KEPT)
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&connector_id), kept.saturating_sub(1)), |row| {
                        Ok((UtcMillis(row.get(0)?), id_at(row, 1)?))
                    })
                    .optional()
            })
            .explain("read", self.path)?;
        match last {
            Some((at, id)) => self.forget_errors_before(connector_id, at, id),
            None => Ok(0),
        }
    }

    fn forget_errors_before(&self, connector: Uuid, at: UtcMillis, id: Uuid) -> Result<usize> {
        self.connection
            .prepare_cached(FORGET)
            .and_then(|mut statement| statement.execute((blob(&connector), at.0, blob(&id))))
            .explain("write", self.path)
    }
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<ErrorRow> {
    let own_id: Option<String> = row.get(14)?;
    let club: Option<String> = row.get(15)?;
    Ok(ErrorRow {
        error: ErrorRecord {
            id: id_at(row, 0)?,
            connector_id: id_at(row, 1)?,
            at: UtcMillis(row.get(2)?),
            class: word_at(row, 3)?,
            finding: optional_word_at(row, 4)?,
            status: row.get(5)?,
            endpoint: row.get(6)?,
            source: word_at(row, 7)?,
            connection_id: optional_id_at(row, 8)?,
            run_id: optional_id_at(row, 9)?,
            cleared_at: row.get::<_, Option<i64>>(10)?.map(UtcMillis),
        },
        code: row.get(11)?,
        name: row.get(12)?,
        auth_kind: word_at(row, 13)?,
        club: own_id.zip(club),
    })
}

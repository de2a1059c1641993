//! The log as it is looked through: the newest first, by what it is about, connector and time, page after page by number.

use std::fmt::Write as _;

use rusqlite::ToSql;

use super::Reader;
use super::audit_entry::{COLUMNS, entry_at};
use super::sqlite_error::SqliteResult;
use super::word::word;
use crate::audit::{AuditArea, AuditWhat, Stored};
use crate::clock::UtcMillis;
use crate::error::Result;

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// About that.
    pub area: Option<AuditArea>,
    /// That was done.
    pub what: Option<AuditWhat>,
    /// To that connector, by its federation code.
    pub connector: Option<String>,
    /// Then or later.
    pub from: Option<UtcMillis>,
    /// Earlier.
    pub until: Option<UtcMillis>,
    /// With a smaller number.
    pub before: Option<u64>,
    /// Rows at most.
    pub limit: u32,
}

/// An entry with what is known now about what it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Number.
    pub seq: u64,
    /// The entry.
    pub entry: Stored,
    /// Whether a member that it is about was erased since.
    pub erased: bool,
    /// The club's own identifier and name.
    pub club: Option<(String, String)>,
    /// Name of the connector that has the code now, or had it last.
    pub connector_name: Option<String>,
}

type Values = Vec<Box<dyn ToSql>>;

pub(super) fn list_sql(query: &AuditQuery) -> (String, Values) {
    let mut values: Values = Vec::new();
    let mut conditions = "1".to_owned();
    let mut add = |condition: &str, value: Box<dyn ToSql>| {
        values.push(value);
        let _ = write!(conditions, " AND {condition} ?{}", values.len());
    };
    // An act is about one thing, and the index begins with that.
    let area = query.area.or(query.what.map(AuditWhat::area));
    let index = match (&query.connector, area) {
        (Some(_), _) => "INDEXED BY audit_entry_by_connector",
        (None, Some(_)) => "INDEXED BY audit_entry_by_area",
        (None, None) => "",
    };
    if let Some(connector) = &query.connector {
        add("e.connector =", Box::new(connector.clone()));
    }
    if let Some(area) = area {
        add("e.area =", Box::new(word(&area)));
    }
    if let Some(what) = query.what {
        add("e.what =", Box::new(word(&what)));
    }
    if let Some(from) = query.from {
        add("e.at >=", Box::new(from.0));
    }
    if let Some(until) = query.until {
        add("e.at <", Box::new(until.0));
    }
    let before = query
        .before
        .map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
    add("e.seq <", Box::new(before));
    let columns = COLUMNS
        .split(", ")
        .map(|column| format!("e.{column}"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = format!(
        "SELECT {columns}, e.member_hash IS NOT NULL AND e.member_salt IS NULL, o.own_id, o.name, c.name
         FROM audit_entry e {index}
         LEFT JOIN connection k ON k.id = e.connection_id
         LEFT JOIN organisation o ON o.id = k.organisation_id
         LEFT JOIN connector c ON c.federation_code = e.connector
         WHERE {conditions} ORDER BY e.seq DESC LIMIT {}",
        query.limit
    );
    (sql, values)
}

impl Reader<'_> {
    /// A page of the log, the newest first.
    pub fn audit_page(&self, query: &AuditQuery) -> Result<Vec<AuditRow>> {
        let (sql, values) = list_sql(query);
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .explain("read", self.path)?;
        let rows = statement
            .query_map(rusqlite::params_from_iter(values), |row| {
                let (seq, entry) = entry_at(row)?;
                let own_id: Option<String> = row.get(13)?;
                let name: Option<String> = row.get(14)?;
                Ok(AuditRow {
                    seq,
                    entry,
                    erased: row.get(12)?,
                    club: own_id.zip(name),
                    connector_name: row.get(15)?,
                })
            })
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

//! Which connectors a bulk act, or an exported health, is about: one statement over tables `connector` and what is known
//! of each. What a person named and nobody has is the caller's to refuse.

use std::fmt::Write as _;

use rusqlite::ToSql;
use uuid::Uuid;

use super::Reader;
use super::connector::{ConnectorRecord, SELECT, record};
use super::sqlite_error::SqliteResult;
use super::word::word;
use crate::error::Result;
use crate::failure::FailureClass;
use crate::view::HealthState;

/// Which connectors. All that is given must fit; deleted ones never do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthQuery {
    /// These codes.
    pub codes: Option<Vec<String>>,
    /// Made from this preset.
    pub preset: Option<String>,
    /// Of this class of failure now.
    pub class: Option<FailureClass>,
    /// In this state, as it is kept.
    pub state: Option<HealthState>,
    /// Connected to this club.
    pub club: Option<Uuid>,
}

/// The class of what is wrong with a connector now: why it is stopped, or what its last test met, if that still holds.
/// Nothing is wrong with one that is paused.
const CLASS_NOW: &str = "CASE
    WHEN c.status = 'inactive' THEN NULL
    WHEN c.status = 'error' THEN (SELECT class FROM connector_stop WHERE connector_id = c.id)
    WHEN c.state = 'sign_in_again' THEN 'needs_sign_in'
    WHEN c.last_test_at IS NULL
        OR c.state NOT IN ('action_needed', 'rate_limited', 'waiting_for_federation', 'offline') THEN NULL
    ELSE (SELECT t.class FROM connection_test t WHERE t.connector_id = c.id
        ORDER BY t.started_at DESC, t.id DESC LIMIT 1) END";

impl Reader<'_> {
    /// The live connectors that fit, by name.
    pub fn connectors_that_fit(&self, query: &HealthQuery) -> Result<Vec<ConnectorRecord>> {
        let (sql, values) = sql(query);
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .explain("read", self.path)?;
        let bound: Vec<&dyn ToSql> = values.iter().map(|value| &**value).collect();
        statement
            .query_map(bound.as_slice(), record)
            .explain("read", self.path)?
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

/// Walks the names in order. What is named by a person (codes) is looked up on the way, and is a handful.
pub(super) fn sql(query: &HealthQuery) -> (String, Vec<Box<dyn ToSql>>) {
    // The table must stand first, or the settings would be walked in their own order and sorted.
    let select = SELECT.replace(
        "FROM connector c JOIN",
        "FROM connector c INDEXED BY connector_by_name CROSS JOIN",
    );
    let mut sql = format!("{select} WHERE c.live = 1");
    let mut values: Vec<Box<dyn ToSql>> = Vec::new();
    if let Some(codes) = &query.codes {
        sql.push_str(" AND +c.federation_code IN (");
        for (n, code) in codes.iter().enumerate() {
            values.push(Box::new(code.clone()));
            let comma = if n == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}?{}", values.len());
        }
        sql.push(')');
    }
    if let Some(preset) = &query.preset {
        values.push(Box::new(preset.clone()));
        let _ = write!(sql, " AND c.preset = ?{}", values.len());
    }
    if let Some(state) = &query.state {
        values.push(Box::new(word(state)));
        let _ = write!(sql, " AND +c.state = ?{}", values.len());
    }
    if let Some(class) = &query.class {
        values.push(Box::new(word(class)));
        let _ = write!(sql, " AND {CLASS_NOW} = ?{}", values.len());
    }
    if let Some(club) = &query.club {
        values.push(Box::new(club.as_bytes().to_vec()));
        let _ = write!(
            sql,
            " AND EXISTS (SELECT 1 FROM connection k INDEXED BY connection_live
                 WHERE k.connector_id = c.id AND k.organisation_id = ?{} AND k.disconnected_at IS NULL)",
            values.len()
        );
    }
    sql.push_str(" ORDER BY c.name_key, c.id");
    (sql, values)
}

//! Table `connector_event`: what happened to a connector. Rows are only ever added; they outlive a purge.

use rusqlite::named_params;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::view::EventKind;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// To which connector.
    pub connector_id: Uuid,
    /// When.
    pub at: UtcMillis,
    /// What.
    pub kind: EventKind,
    /// Names of fields or a finding's word; never a value.
    pub detail: Option<String>,
}

pub(super) const NEWEST: &str = "SELECT id, connector_id, at, kind, detail FROM connector_event
    WHERE connector_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";

impl Reader<'_> {
    /// The newest events of a connector, newest first, at most `limit`.
    pub fn events(&self, connector_id: Uuid, limit: u32) -> Result<Vec<EventRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(NEWEST)
            .explain("read", self.path)?;
        let rows = statement
            .query_map((blob(&connector_id), limit), |row| {
                Ok(EventRecord {
                    id: id_at(row, 0)?,
                    connector_id: id_at(row, 1)?,
                    at: UtcMillis(row.get(2)?),
                    kind: word_at(row, 3)?,
                    detail: row.get(4)?,
                })
            })
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes what happened.
    pub fn insert_event(&self, new: &EventRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connector_event (id, connector_id, at, kind, detail)
                 VALUES (:id, :connector_id, :at, :kind, :detail)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector_id": blob(&new.connector_id),
                    ":at": new.at.0,
                    ":kind": word(&new.kind),
                    ":detail": new.detail,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

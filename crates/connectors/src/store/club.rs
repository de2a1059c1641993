//! Table `organisation`: clubs by the caller's own identifier. Nothing here deletes one: what was connected stays known.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

/// A club.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClubRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// The caller's own identifier, e.g. `ballyduff`.
    pub own_id: String,
    /// Name as typed.
    pub name: String,
    /// Name folded for sorting.
    pub name_key: String,
    /// Name and own identifier folded for searching.
    pub search_key: String,
    /// Created.
    pub created_at: UtcMillis,
    /// Changed.
    pub updated_at: UtcMillis,
}

pub(super) const SELECT: &str =
    "SELECT id, own_id, name, name_key, search_key, created_at, updated_at FROM organisation";

impl Reader<'_> {
    /// The club that the caller calls `own_id`.
    pub fn club(&self, own_id: &str) -> Result<Option<ClubRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE own_id = ?1"))
            .and_then(|mut statement| statement.query_row([own_id], record).optional())
            .explain("read", self.path)
    }

    /// The club with this identifier.
    pub fn club_by_id(&self, id: Uuid) -> Result<Option<ClubRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([blob(&id)], record).optional())
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds a club, or writes its name anew where it is there.
    pub fn put_club(&self, club: &ClubRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO organisation (id, own_id, name, name_key, search_key, created_at, updated_at)
                 VALUES (:id, :own_id, :name, :name_key, :search_key, :created_at, :updated_at)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
                     search_key = excluded.search_key, updated_at = excluded.updated_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&club.id),
                    ":own_id": club.own_id,
                    ":name": club.name,
                    ":name_key": club.name_key,
                    ":search_key": club.search_key,
                    ":created_at": club.created_at.0,
                    ":updated_at": club.updated_at.0,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<ClubRecord> {
    Ok(ClubRecord {
        id: id_at(row, 0)?,
        own_id: row.get(1)?,
        name: row.get(2)?,
        name_key: row.get(3)?,
        search_key: row.get(4)?,
        created_at: UtcMillis(row.get(5)?),
        updated_at: UtcMillis(row.get(6)?),
    })
}

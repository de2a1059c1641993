//! Table `member`: the members of a connection, with what the federation last gave us of each (the base). Changes by a run
//! are set-based and stand in `plan_row.rs`; here are look-ups and the club's own edits.

use rusqlite::types::Type;
use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::sync_run::count_at;
use super::word::{blob, id_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::{MemberField, MemberKeys, MemberValues};

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    /// Where the row stands: a small number, good within one run only.
    pub place: i64,
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Whose.
    pub connection_id: Uuid,
    /// As it is.
    pub current: MemberValues,
    /// As the federation last gave it; none where it never did.
    pub base: Option<MemberValues>,
    /// When the federation's list no longer had it.
    pub left_at: Option<UtcMillis>,
    /// The club's last edit.
    pub edited_at: Option<UtcMillis>,
    /// Counted by every change.
    pub version: i64,
    /// Where values come from that changed after it came, as JSON.
    pub sources: Option<String>,
    /// When it came.
    pub created_at: UtcMillis,
    /// When it was changed last.
    pub updated_at: UtcMillis,
}

const COLUMNS: &str =
    "rowid, id, connection_id, current, base, left_at, edited_at, version, created_at,
    updated_at, sources";
pub(super) const BY_EXTERNAL: &str =
    "SELECT rowid, id, connection_id, current, base, left_at, edited_at,
    version, created_at, updated_at, sources FROM member WHERE connection_id = ?1 AND external_id = ?2";
pub(super) const BY_NAMES: &str =
    "SELECT rowid, id, connection_id, current, base, left_at, edited_at, version,
    created_at, updated_at, sources FROM member WHERE connection_id = ?1 AND names_key = ?2 ORDER BY rowid";
pub(super) const ONWARDS: &str =
    "SELECT rowid, id, connection_id, current, base, left_at, edited_at, version,
    created_at, updated_at, sources FROM member
    WHERE connection_id = ?1 AND (name_key, id) > (?2, ?3) ORDER BY name_key, id LIMIT ?4";

pub(super) const PLACES: &str = "SELECT rowid, id, name_key FROM member INDEXED BY member_by_name
    WHERE connection_id = ?1 AND (name_key, id) > (?2, ?3) ORDER BY name_key, id LIMIT ?4";
pub(super) const PRESENT: &str = "SELECT count(*) FROM member INDEXED BY member_by_name
    WHERE connection_id = ?1 AND present = 1";

/// Where a member's row stands, and where it stands by name.
#[derive(Clone)]
pub struct MemberSpot {
    /// Where the row stands.
    pub place: i64,
    /// Identifier.
    pub id: Uuid,
    /// The key of its name.
    pub name: String,
}

impl Reader<'_> {
    /// The member with a federation's identifier.
    pub fn member_by_external(
        &self,
        connection_id: Uuid,
        external_id: &str,
    ) -> Result<Option<MemberRecord>> {
        self.connection
            .prepare_cached(BY_EXTERNAL)
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&connection_id), external_id), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// The members with the same names.
    pub fn members_by_names(
        &self,
        connection_id: Uuid,
        names_key: &str,
    ) -> Result<Vec<MemberRecord>> {
        self.connection
            .prepare_cached(BY_NAMES)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), names_key), record)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// A member.
    pub fn member(&self, id: Uuid) -> Result<Option<MemberRecord>> {
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM member WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([blob(&id)], record).optional())
            .explain("read", self.path)
    }

    /// Members of a connection by name, at most `limit`, those after a place.
    pub fn members(
        &self,
        connection_id: Uuid,
        after: Option<(&str, Uuid)>,
        limit: u32,
    ) -> Result<Vec<MemberRecord>> {
        let (name, id) = after.unwrap_or(("", Uuid::nil()));
        self.connection
            .prepare_cached(ONWARDS)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), name, blob(&id), limit), record)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Where members of a connection stand, by name, those after a place: an index says it, and no member is read.
    pub fn member_spots(
        &self,
        connection_id: Uuid,
        after: Option<&MemberSpot>,
        limit: u32,
    ) -> Result<Vec<MemberSpot>> {
        let (name, id) = after.map_or(("", Uuid::nil()), |spot| (spot.name.as_str(), spot.id));
        self.connection
            .prepare_cached(PLACES)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), name, blob(&id), limit), |row| {
                        Ok(MemberSpot {
                            place: row.get(0)?,
                            id: id_at(row, 1)?,
                            name: row.get(2)?,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// How many members of a connection the federation had given and had not missed since.
    pub fn count_present(&self, connection_id: Uuid) -> Result<u64> {
        self.connection
            .prepare_cached(PRESENT)
            .and_then(|mut statement| {
                statement.query_row([blob(&connection_id)], |row| count_at(row, 0))
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Writes what the club has changed. The base is what it was: that tells the club's edit from the federation's.
    /// False where somebody else was first.
    pub fn edit_member(
        &self,
        was: &MemberRecord,
        values: &MemberValues,
        sources: &str,
        now: UtcMillis,
    ) -> Result<bool> {
        let keys = MemberKeys::of(was.base.as_ref(), values);
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE member SET external_id = :external, names_key = :names, name_key = :name,
                     search_key = :search, status = :status, current = :current, base = :base,
                     edited_at = :now, updated_at = :now, version = version + 1, sources = :sources
                 WHERE id = :id AND version = :version",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&was.id), ":version": was.version, ":external": keys.external_id,
                    ":names": keys.names, ":name": keys.name, ":search": keys.search,
                    ":status": values.get(MemberField::Status), ":current": text(values),
                    ":base": base_text(was.base.as_ref(), values), ":now": now.0, ":sources": sources,
                })
            })
            .explain("write", self.path)?;
        Ok(changed == 1)
    }

    /// Writes what counts as given by the federation last. The values stay. False where somebody else was first.
    pub fn put_base(
        &self,
        was: &MemberRecord,
        base: Option<&MemberValues>,
        now: UtcMillis,
    ) -> Result<bool> {
        let keys = MemberKeys::of(base, &was.current);
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE member SET external_id = :external, names_key = :names, base = :base,
                     updated_at = :now, version = version + 1
                 WHERE id = :id AND version = :version",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&was.id), ":version": was.version, ":external": keys.external_id,
                    ":names": keys.names, ":base": base_text(base, &was.current), ":now": now.0,
                })
            })
            .explain("write", self.path)?;
        Ok(changed == 1)
    }
}

/// Values as they stand in a column.
pub(super) fn text(values: &MemberValues) -> String {
    // A map of words and text always becomes JSON.
    serde_json::to_string(values).unwrap_or_default()
}

/// A base as it stands in its column: empty where it is the very text of `current`.
pub(super) fn base_text(base: Option<&MemberValues>, current: &MemberValues) -> Option<String> {
    base.map(|base| {
        if base == current {
            String::new()
        } else {
            text(base)
        }
    })
}

/// Reads values.
pub(super) fn values_at(row: &Row<'_>, column: usize) -> rusqlite::Result<MemberValues> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// Reads values that may be missing.
pub(super) fn optional_values_at(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<MemberValues>> {
    if row.get_ref(column)?.as_str_or_null()?.is_none() {
        return Ok(None);
    }
    values_at(row, column).map(Some)
}

/// Reads a base, which may be that of `current`.
pub(super) fn base_at(
    row: &Row<'_>,
    column: usize,
    current: &MemberValues,
) -> rusqlite::Result<Option<MemberValues>> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(None),
        Some("") => Ok(Some(current.clone())),
        Some(_) => values_at(row, column).map(Some),
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<MemberRecord> {
    let current = values_at(row, 3)?;
    Ok(MemberRecord {
        place: row.get(0)?,
        id: id_at(row, 1)?,
        connection_id: id_at(row, 2)?,
        base: base_at(row, 4, &current)?,
        current,
        left_at: row.get::<_, Option<i64>>(5)?.map(UtcMillis),
        edited_at: row.get::<_, Option<i64>>(6)?.map(UtcMillis),
        version: row.get(7)?,
        created_at: UtcMillis(row.get(8)?),
        updated_at: UtcMillis(row.get(9)?),
        sources: row.get(10)?,
    })
}

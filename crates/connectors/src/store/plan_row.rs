//! Table `plan_row`: what a run would do, and the set-based statements that do it, all in the caller's one transaction: what was
//! before goes into `undo_row`, then the members change.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::member::{base_at, base_text, optional_values_at, text};
use super::sqlite_error::SqliteResult;
use super::word::{blob, optional_blob, optional_id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::{MemberField, MemberKeys, MemberValues};

/// What becomes of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// It is new.
    Create,
    /// It changes.
    Update,
    /// Nothing that one sees changes; what the federation gave last does.
    Unchanged,
    /// Somebody must choose a value. Its other fields change.
    Conflict,
    /// The list no longer has it.
    Leaver,
    /// It cannot be taken over.
    Problem,
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRecord {
    /// Which row, from 1.
    pub number: i64,
    /// What becomes of it.
    pub kind: PlanKind,
    /// Whether applying changes the member's row.
    pub acts: bool,
    /// Whom; of a new one the identifier that it will get.
    pub member_id: Option<Uuid>,
    /// The version that was looked at; none for a new one.
    pub member_version: Option<i64>,
    /// The federation's record.
    pub remote: Option<MemberValues>,
    /// The member afterwards.
    pub after: Option<MemberValues>,
    /// What the federation gave last, afterwards.
    pub after_base: Option<MemberValues>,
    /// Since when it is no longer in the list, afterwards.
    pub left_at: Option<UtcMillis>,
    /// Field by field what happens and why, as JSON.
    pub detail: String,
}

/// A member that changed after it was previewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedMember {
    /// The row of the plan.
    pub number: i64,
    /// Whom; none where somebody else has created it.
    pub member_id: Option<Uuid>,
}

/// A row of a plan as it is stored. Values are written in one way only, so that the same text is the same values.
pub struct PlanText<'a> {
    /// The word of its kind.
    pub kind: &'a str,
    /// Whether applying changes the member's row.
    pub acts: bool,
    /// Whom.
    pub member_id: Option<&'a [u8]>,
    /// The version that was looked at; none for a new one.
    pub version: Option<i64>,
    /// The federation's record.
    pub remote: Option<&'a str>,
    /// The member afterwards.
    pub after: Option<&'a str>,
    /// What the federation gave last, afterwards; empty where it is the same.
    pub after_base: Option<&'a str>,
    /// Whether it is no longer in the list, afterwards.
    pub has_left: bool,
    /// Field by field what happens and why.
    pub detail: &'a str,
}

const COLUMNS: &str =
    "number, kind, acts, member_id, member_version, remote, after, after_base, left_at, detail";

pub(super) fn page_sql() -> String {
    format!(
        "SELECT {COLUMNS}, name_key FROM plan_row
         WHERE run_id = ?1 AND kind = ?2 AND (name_key, number) > (?3, ?4)
         ORDER BY name_key, number LIMIT ?5"
    )
}
pub(super) fn all_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM plan_row WHERE run_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3"
    )
}
pub(super) fn by_member_sql() -> String {
    format!("SELECT {COLUMNS} FROM plan_row WHERE run_id = ?1 AND member_id = ?2 LIMIT 1")
}
pub(super) const MOVED: &str = "SELECT p.number, p.member_id FROM plan_row p INDEXED BY plan_row_acting
    LEFT JOIN member m ON m.id = p.member_id
    WHERE p.run_id = ?1 AND p.acts = 1 AND p.member_version IS NOT m.version ORDER BY p.number LIMIT ?2";
pub(super) const LEAVE_OUT: &str =
    "UPDATE plan_row SET acts = 0 WHERE run_id = ?1 AND kind = 'leaver' AND acts = 1";
pub(super) const TAKEN: &str = "SELECT p.number FROM plan_row p INDEXED BY plan_row_by_external
    CROSS JOIN member m ON m.connection_id = ?2 AND m.external_id = p.external_id
    WHERE p.run_id = ?1 AND p.external_id IS NOT NULL AND p.kind = 'create' LIMIT ?3";

pub(super) const SHARED_NAMES: &str =
    "SELECT p.names_key FROM plan_row p INDEXED BY plan_row_new_by_names
    WHERE p.run_id = ?1 AND p.names_key IS NOT NULL AND p.kind = 'create'
    GROUP BY p.names_key
    HAVING count(*) > 1 OR EXISTS (
        SELECT 1 FROM member m WHERE m.connection_id = ?2 AND m.names_key = p.names_key)";

pub(super) const TEXTS: &str =
    "SELECT kind, acts, member_id, member_version, remote, after, after_base,
        left_at IS NOT NULL, detail
    FROM plan_row WHERE run_id = ?1 ORDER BY number";

pub(super) fn new_named_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM plan_row INDEXED BY plan_row_new_by_names
         WHERE run_id = ?1 AND names_key = ?2 AND kind = 'create' ORDER BY number"
    )
}

impl Reader<'_> {
    /// Rows of a plan in order, those after a number.
    pub fn plan_rows(&self, run_id: Uuid, after: i64, limit: u32) -> Result<Vec<PlanRecord>> {
        self.connection
            .prepare_cached(&all_sql())
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), after, limit), record)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Gives every row of a plan to `each` as it is stored.
    pub fn plan_texts(&self, run_id: Uuid, mut each: impl FnMut(&PlanText<'_>)) -> Result<()> {
        let mut give = || -> rusqlite::Result<()> {
            let mut statement = self.connection.prepare_cached(TEXTS)?;
            let mut rows = statement.query([blob(&run_id)])?;
            while let Some(row) = rows.next()? {
                each(&PlanText {
                    kind: row.get_ref(0)?.as_str()?,
                    acts: row.get(1)?,
                    member_id: row.get_ref(2)?.as_blob_or_null()?,
                    version: row.get(3)?,
                    remote: row.get_ref(4)?.as_str_or_null()?,
                    after: row.get_ref(5)?.as_str_or_null()?,
                    after_base: row.get_ref(6)?.as_str_or_null()?,
                    has_left: row.get(7)?,
                    detail: row.get_ref(8)?.as_str()?,
                });
            }
            Ok(())
        };
        give().explain("read", self.path)
    }

    /// Rows of one kind by name, those after a place; each with the name that it stands at.
    pub fn plan_page_keyed(
        &self,
        run_id: Uuid,
        kind: PlanKind,
        after: Option<(&str, i64)>,
        limit: u32,
    ) -> Result<Vec<(String, PlanRecord)>> {
        let (name, number) = after.unwrap_or(("", 0));
        self.connection
            .prepare_cached(&page_sql())
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), word(&kind), name, number, limit), |row| {
                        Ok((row.get(10)?, record(row)?))
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Names that several new members of a plan have, or a new one and a member: these must be looked at together.
    pub fn plan_shared_names(&self, run_id: Uuid, connection_id: Uuid) -> Result<Vec<String>> {
        self.connection
            .prepare_cached(SHARED_NAMES)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), blob(&connection_id)), |row| row.get(0))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// New members of a plan with the same names.
    pub fn plan_creates_named(&self, run_id: Uuid, names_key: &str) -> Result<Vec<PlanRecord>> {
        self.connection
            .prepare_cached(&new_named_sql())
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), names_key), record)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// The row of a plan about a federation's identifier.
    pub fn plan_row_by_external(
        &self,
        run_id: Uuid,
        external_id: &str,
    ) -> Result<Option<PlanRecord>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM plan_row WHERE run_id = ?1 AND external_id = ?2 LIMIT 1"
            ))
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&run_id), external_id), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// The row of a plan about a member.
    pub fn plan_row_by_member(&self, run_id: Uuid, member_id: Uuid) -> Result<Option<PlanRecord>> {
        self.connection
            .prepare_cached(&by_member_sql())
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&run_id), blob(&member_id)), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// Members that were changed after the plan was made, the first `limit`.
    pub fn plan_moved(
        &self,
        run_id: Uuid,
        connection_id: Uuid,
        limit: u32,
    ) -> Result<Vec<MovedMember>> {
        let mut moved: Vec<MovedMember> = self
            .connection
            .prepare_cached(MOVED)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), limit), |row| {
                        Ok(MovedMember {
                            number: row.get(0)?,
                            member_id: optional_id_at(row, 1)?,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)?;
        let taken: Vec<MovedMember> = self
            .connection
            .prepare_cached(TAKEN)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), blob(&connection_id), limit), |row| {
                        Ok(MovedMember {
                            number: row.get(0)?,
                            member_id: None,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)?;
        moved.extend(taken);
        Ok(moved)
    }
}

impl Writer<'_> {
    /// Adds rows to a plan.
    pub fn insert_plan_rows(&self, run_id: Uuid, rows: &[PlanRecord]) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "INSERT INTO plan_row (run_id, number, kind, acts, member_id, member_version, external_id,
                     names_key, name_key, search_key, status, remote, after, after_base, left_at, detail)
                 VALUES (:run, :number, :kind, :acts, :member, :version, :external, :names, :name,
                     :search, :status, :remote, :after, :after_base, :left, :detail)",
            )
            .explain("write", self.path)?;
        let none = MemberValues::default();
        for row in rows {
            // A row without an outcome is found by what came.
            let named = row.after.as_ref().or(row.remote.as_ref()).unwrap_or(&none);
            let keys = MemberKeys::of(row.after_base.as_ref(), named);
            statement
                .execute(named_params! {
                    ":run": blob(&run_id), ":number": row.number, ":kind": word(&row.kind),
                    ":acts": row.acts, ":member": optional_blob(row.member_id.as_ref()),
                    ":version": row.member_version, ":external": keys.external_id,
                    ":names": keys.names, ":name": keys.name, ":search": keys.search,
                    ":status": named.get(MemberField::Status),
                    ":remote": row.remote.as_ref().map(text), ":after": row.after.as_ref().map(text),
                    ":after_base": row.after.as_ref().and_then(|after| base_text(row.after_base.as_ref(), after)),
                    ":left": row.left_at.map(|at| at.0), ":detail": row.detail,
                })
                .explain("write", self.path)?;
        }
        Ok(())
    }

    /// Takes the leavers of a plan out of what applying it does; their rows stay as what was proposed. How many there are.
    pub fn leave_leavers_out(&self, run_id: Uuid) -> Result<usize> {
        self.connection
            .prepare_cached(LEAVE_OUT)
            .and_then(|mut statement| statement.execute([blob(&run_id)]))
            .explain("write", self.path)
    }

    /// Takes a row out of a plan that is being made or decided.
    pub fn delete_plan_row(&self, run_id: Uuid, number: i64) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM plan_row WHERE run_id = ?1 AND number = ?2")
            .and_then(|mut statement| statement.execute((blob(&run_id), number)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Drops a plan. The run stays as history.
    pub fn delete_plan(&self, run_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM plan_row WHERE run_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&run_id)]))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<PlanRecord> {
    let after = optional_values_at(row, 6)?;
    Ok(PlanRecord {
        number: row.get(0)?,
        kind: word_at(row, 1)?,
        acts: row.get(2)?,
        member_id: optional_id_at(row, 3)?,
        member_version: row.get(4)?,
        remote: optional_values_at(row, 5)?,
        after_base: match &after {
            Some(after) => base_at(row, 7, after)?,
            None => optional_values_at(row, 7)?,
        },
        after,
        left_at: row.get::<_, Option<i64>>(8)?.map(UtcMillis),
        detail: row.get(9)?,
    })
}

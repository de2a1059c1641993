//! Table `undo_row`: how each member was before a run, and the statements that put it back. Kept for 30 days.

use rusqlite::named_params;
use uuid::Uuid;

use super::member::optional_values_at;
use super::plan_row::PlanKind;
use super::scrub;
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::MemberValues;

/// Days for which a run can be undone.
pub const UNDO_DAYS: i64 = 30;

/// What an undo would meet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UndoOutlook {
    /// Members that the run changed and that are not put back yet.
    pub can: Vec<Uuid>,
    /// Those that somebody changed later: they stay.
    pub edited_later: Vec<Uuid>,
}

/// How a member was before a run.
pub struct MemberBefore {
    /// The run.
    pub run_id: Uuid,
    /// Its values; none where the run created it.
    pub current: Option<MemberValues>,
    /// Where they came from, as JSON.
    pub sources: Option<String>,
}

pub(super) const ABOUT: &str =
    "SELECT run_id, current, sources FROM undo_row INDEXED BY undo_row_by_member
    WHERE member_id = ?1 AND undone_at IS NULL ORDER BY run_id DESC";

pub(super) const OUTLOOK: &str = "SELECT u.member_id, m.version IS u.after_version FROM undo_row u
    LEFT JOIN member m ON m.id = u.member_id
    WHERE u.run_id = ?1 AND u.undone_at IS NULL ORDER BY u.member_id";

/// A member that a run changed, as the list of what can be undone shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoMember {
    /// What the run did.
    pub kind: PlanKind,
    /// Where it stands in the list: name, then the number of its row.
    pub place: (String, i64),
    /// Whom.
    pub member_id: Uuid,
    /// As the run left it.
    pub values: MemberValues,
    /// It was put back.
    pub undone: bool,
    /// Nobody has changed it since.
    pub as_left: bool,
}

/// An undone change about which nobody has said yet what shall become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUndo {
    /// Whom.
    pub member_id: Uuid,
    /// Whether it was there before the run.
    pub existed: bool,
    /// The federation's record; none where it had none.
    pub remote: Option<MemberValues>,
    /// The rest of the plan's row, as JSON.
    pub detail: String,
}

pub(super) const MEMBERS: &str = "SELECT p.kind, p.name_key, p.number, p.member_id, p.after,
        u.undone_at IS NOT NULL, m.version IS u.after_version
    FROM plan_row p INDEXED BY plan_row_by_kind
    CROSS JOIN undo_row u ON u.run_id = p.run_id AND u.member_id = p.member_id
    LEFT JOIN member m ON m.id = u.member_id
    WHERE p.run_id = ?1 AND (p.kind, p.name_key, p.number) > (?2, ?3, ?4)
    ORDER BY p.kind, p.name_key, p.number LIMIT ?5";
pub(super) const ONE: &str = "SELECT p.kind, p.name_key, p.number, p.member_id, p.after,
        u.undone_at IS NOT NULL, m.version IS u.after_version
    FROM plan_row p INDEXED BY plan_row_by_member
    CROSS JOIN undo_row u ON u.run_id = p.run_id AND u.member_id = p.member_id
    LEFT JOIN member m ON m.id = u.member_id
    WHERE p.run_id = ?1 AND p.member_id = ?2";
pub(super) const PENDING: &str = "SELECT u.member_id, u.existed, p.remote, p.detail FROM undo_row u
    CROSS JOIN plan_row p INDEXED BY plan_row_by_member ON p.run_id = u.run_id AND p.member_id = u.member_id
    WHERE u.run_id = ?1 AND u.member_id > ?2 AND u.undone_at IS NOT NULL AND u.answered_at IS NULL
    ORDER BY u.member_id LIMIT ?3";
pub(super) const ANSWER: &str = "UPDATE undo_row SET answered_at = ?2
    WHERE run_id IN (SELECT id FROM sync_run WHERE connection_id = ?1 AND state IN ('undone', 'partly_undone'))
        AND undone_at IS NOT NULL AND answered_at IS NULL";

/// The tables of a run that are forgotten when it can no longer be undone.
pub(super) const FORGOTTEN: [&str; 2] = ["undo_row", "plan_row"];

/// Rows of runs that were applied before a time.
pub(super) fn forget_sql(table: &str) -> String {
    format!(
        "DELETE FROM {table} WHERE run_id IN (
             SELECT id FROM sync_run WHERE state IN ('applied', 'undone', 'partly_undone')
                 AND applied_at < ?1)"
    )
}

impl Reader<'_> {
    /// How a member was before each run that changed it, the newest first, as far as it can be undone.
    pub fn undo_rows_about(&self, member_id: Uuid) -> Result<Vec<MemberBefore>> {
        self.connection
            .prepare_cached(ABOUT)
            .and_then(|mut statement| {
                statement
                    .query_map([blob(&member_id)], |row| {
                        Ok(MemberBefore {
                            run_id: id_at(row, 0)?,
                            current: optional_values_at(row, 1)?,
                            sources: row.get(2)?,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Which members of a run can be put back, and which were changed later.
    pub fn undo_outlook(&self, run_id: Uuid) -> Result<UndoOutlook> {
        let mut outlook = UndoOutlook::default();
        let mut statement = self
            .connection
            .prepare_cached(OUTLOOK)
            .explain("read", self.path)?;
        let rows = statement
            .query_map([blob(&run_id)], |row| {
                Ok((id_at(row, 0)?, row.get::<_, bool>(1)?))
            })
            .explain("read", self.path)?;
        for row in rows {
            let (member, as_the_run_left_it) = row.explain("read", self.path)?;
            if as_the_run_left_it {
                outlook.can.push(member);
            } else {
                outlook.edited_later.push(member);
            }
        }
        Ok(outlook)
    }

    /// Members that a run changed, by what it did and then by name; at most `limit`, those after a place.
    pub fn undo_members(
        &self,
        run_id: Uuid,
        after: Option<(PlanKind, &str, i64)>,
        limit: u32,
    ) -> Result<Vec<UndoMember>> {
        let (kind, name, number) = after.map_or_else(
            || (String::new(), "", 0),
            |(kind, name, number)| (word(&kind), name, number),
        );
        self.connection
            .prepare_cached(MEMBERS)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), kind, name, number, limit), member)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// One member that a run changed.
    pub fn undo_member_of(&self, run_id: Uuid, member_id: Uuid) -> Result<Option<UndoMember>> {
        let mut statement = self
            .connection
            .prepare_cached(ONE)
            .explain("read", self.path)?;
        let mut rows = statement
            .query_map((blob(&run_id), blob(&member_id)), member)
            .explain("read", self.path)?;
        rows.next().transpose().explain("read", self.path)
    }

    /// Undone changes of a run about which nothing was said yet; at most `limit`, those after a member.
    pub fn undo_pending(&self, run_id: Uuid, after: Uuid, limit: u32) -> Result<Vec<PendingUndo>> {
        self.connection
            .prepare_cached(PENDING)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), blob(&after), limit), |row| {
                        Ok(PendingUndo {
                            member_id: id_at(row, 0)?,
                            existed: row.get(1)?,
                            remote: optional_values_at(row, 2)?,
                            detail: row.get(3)?,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }
}

fn member(row: &rusqlite::Row<'_>) -> rusqlite::Result<UndoMember> {
    Ok(UndoMember {
        kind: word_at(row, 0)?,
        place: (row.get(1)?, row.get(2)?),
        member_id: id_at(row, 3)?,
        values: optional_values_at(row, 4)?.unwrap_or_default(),
        undone: row.get(5)?,
        as_left: row.get(6)?,
    })
}

impl Writer<'_> {
    /// Puts one member back as it was before a run. False where somebody changed it later, or it was put back already.
    pub fn undo_member(&self, run_id: Uuid, member_id: Uuid, now: UtcMillis) -> Result<bool> {
        let named = (blob(&run_id), blob(&member_id));
        let restored = self
            .connection
            .prepare_cached(
                "UPDATE member SET external_id = u.external_id, names_key = u.names_key,
                     name_key = u.name_key, search_key = u.search_key, status = u.status,
                     current = u.current, base = u.base, left_at = u.left_at, edited_at = u.edited_at,
                     run_id = u.before_run_id, sources = u.sources, updated_at = u.updated_at, version = u.version
                 FROM undo_row u
                 WHERE u.run_id = ?1 AND u.member_id = ?2 AND u.existed = 1 AND u.undone_at IS NULL
                     AND member.id = u.member_id AND member.version = u.after_version",
            )
            .and_then(|mut statement| statement.execute(named))
            .explain("write", self.path)?;
        let removed = self
            .connection
            .prepare_cached(
                "DELETE FROM member WHERE id = ?2 AND EXISTS (
                     SELECT 1 FROM undo_row u WHERE u.run_id = ?1 AND u.member_id = ?2
                         AND u.existed = 0 AND u.undone_at IS NULL AND u.after_version = member.version)",
            )
            .and_then(|mut statement| statement.execute(named))
            .explain("write", self.path)?;
        if restored + removed == 0 {
            return Ok(false);
        }
        self.connection
            .prepare_cached(
                "UPDATE undo_row SET undone_at = :now WHERE run_id = :run AND member_id = :member",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":now": now.0, ":run": named.0, ":member": named.1,
                })
            })
            .explain("write", self.path)?;
        Ok(true)
    }

    /// Notes that somebody has said what shall become of all undone changes of a connection.
    pub fn answer_undo(&self, connection_id: Uuid, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(ANSWER)
            .and_then(|mut statement| statement.execute((blob(&connection_id), now.0)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets how members were before runs that were applied before a time, and the plans of these runs. The runs stay as history.
    /// Where there was any, the file is to be cleaned of it.
    pub fn forget_undo(&self, before: UtcMillis) -> Result<()> {
        let mut gone = 0;
        for table in FORGOTTEN {
            gone += self
                .connection
                .prepare_cached(&forget_sql(table))
                .and_then(|mut statement| statement.execute([before.0]))
                .explain("write", self.path)?;
        }
        if gone > 0 {
            self.set_meta(scrub::DUE, "1")?;
        }
        Ok(())
    }
}

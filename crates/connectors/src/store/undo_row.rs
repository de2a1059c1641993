//! Table `undo_row`: how each member was before a run, and the statements that put it back. Kept for 30 days.

use rusqlite::named_params;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

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

pub(super) const OUTLOOK: &str = "SELECT u.member_id, m.version IS u.after_version FROM undo_row u
    LEFT JOIN member m ON m.id = u.member_id
    WHERE u.run_id = ?1 AND u.undone_at IS NULL ORDER BY u.member_id";

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
                     run_id = u.before_run_id, updated_at = u.updated_at, version = u.version
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

    /// Forgets how members were before runs that were applied before a time, and the plans of these runs. The runs stay as history.
    pub fn forget_undo(&self, before: UtcMillis) -> Result<()> {
        for table in FORGOTTEN {
            self.connection
                .prepare_cached(&forget_sql(table))
                .and_then(|mut statement| statement.execute([before.0]))
                .explain("write", self.path)?;
        }
        Ok(())
    }
}

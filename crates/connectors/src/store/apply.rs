//! Doing what a stored plan says, some rows at a time: a statement that fires triggers first gathers all that it reads in memory, and
//! of a large club that would be hundreds of megabytes.

use rusqlite::OptionalExtension;
use uuid::Uuid;

use super::Writer;
use super::sqlite_error::SqliteResult;
use super::word::blob;
use crate::clock::UtcMillis;
use crate::error::Result;

/// Rows of a plan that one statement takes.
const TOGETHER: i64 = if cfg!(test) { 7 } else { 2_000 };

/// The last of the next rows that change a member.
pub(super) const LAST_CHANGE: &str = "SELECT number FROM plan_row INDEXED BY plan_row_acting
    WHERE run_id = ?1 AND acts = 1 AND number > ?2 ORDER BY number LIMIT 1 OFFSET ?3";
/// The last of the next new members, in the order of names.
pub(super) const LAST_NEW: &str =
    "SELECT name_key, number FROM plan_row INDEXED BY plan_row_by_kind
    WHERE run_id = ?1 AND kind = 'create' AND (name_key, number) > (?2, ?3)
    ORDER BY name_key, number LIMIT 1 OFFSET ?4";

impl Writer<'_> {
    /// Does what a plan says, and keeps how it was before. The caller has looked that nothing moved.
    /// How many members changed.
    pub fn apply_plan(&self, run_id: Uuid, connection_id: Uuid, now: UtcMillis) -> Result<usize> {
        let mut changed = 0;
        let mut after = Some(i64::MIN);
        while let Some(from) = after {
            let last = self.last_change(run_id, from)?;
            let until = last.unwrap_or(i64::MAX);
            let kept = self.keep_before(run_id, from, until)?;
            let updated = self.change_members(run_id, from, until, now)?;
            debug_assert_eq!(kept, updated, "what changes can be undone");
            changed += updated;
            after = last;
        }
        changed += self.create_members(run_id, connection_id, now)?;
        self.connection
            .prepare_cached(
                "INSERT INTO undo_row (run_id, member_id, existed, version, after_version)
                 SELECT run_id, member_id, 0, 0, 1 FROM plan_row WHERE run_id = ?1 AND kind = 'create'
                 ORDER BY number",
            )
            .and_then(|mut statement| statement.execute([blob(&run_id)]))
            .explain("write", self.path)?;
        Ok(changed)
    }

    fn last_change(&self, run_id: Uuid, after: i64) -> Result<Option<i64>> {
        self.connection
            .prepare_cached(LAST_CHANGE)
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&run_id), after, TOGETHER - 1), |row| row.get(0))
                    .optional()
            })
            .explain("read", self.path)
    }

    fn keep_before(&self, run_id: Uuid, after: i64, until: i64) -> Result<usize> {
        self.connection
            .prepare_cached(
                "INSERT INTO undo_row (run_id, member_id, existed, external_id, names_key, name_key,
                     search_key, status, current, base, left_at, edited_at, before_run_id, updated_at, version,
                     after_version, sources)
                 SELECT p.run_id, m.id, 1, m.external_id, m.names_key, m.name_key, m.search_key, m.status,
                     m.current, m.base, m.left_at, m.edited_at, m.run_id, m.updated_at, m.version,
                     m.version + 1, m.sources
                 FROM plan_row p INDEXED BY plan_row_acting CROSS JOIN member m ON m.id = p.member_id
                 WHERE p.run_id = ?1 AND p.acts = 1 AND p.number > ?2 AND p.number <= ?3 ORDER BY p.number",
            )
            .and_then(|mut statement| statement.execute((blob(&run_id), after, until)))
            .explain("write", self.path)
    }

    fn change_members(
        &self,
        run_id: Uuid,
        after: i64,
        until: i64,
        now: UtcMillis,
    ) -> Result<usize> {
        self.connection
            .prepare_cached(
                "UPDATE member SET external_id = p.external_id, names_key = p.names_key,
                     name_key = p.name_key, search_key = p.search_key, status = p.status,
                     current = p.after, base = p.after_base, left_at = p.left_at, run_id = p.run_id,
                     updated_at = ?4, version = member.version + 1,
                     sources = nullif(json_patch(coalesce(member.sources, '{}'), (
                         SELECT json_group_object(f.key, json_object('at', ?4, 'by', 'run', 'run', lower(hex(p.run_id)),
                             'was', json_extract(member.current, '$.' || f.key)))
                         FROM (SELECT key FROM json_each(p.after) UNION SELECT key FROM json_each(member.current)) f
                         WHERE json_extract(p.after, '$.' || f.key) IS NOT json_extract(member.current, '$.' || f.key)
                     )), '{}')
                 FROM plan_row p INDEXED BY plan_row_acting
                 WHERE p.run_id = ?1 AND p.acts = 1 AND p.number > ?2 AND p.number <= ?3
                     AND member.id = p.member_id",
            )
            .and_then(|mut statement| statement.execute((blob(&run_id), after, until, now.0)))
            .explain("write", self.path)
    }

    /// In the order of names, so that most indexes of members grow at one place.
    fn create_members(&self, run_id: Uuid, connection_id: Uuid, now: UtcMillis) -> Result<usize> {
        let (run, connection) = (blob(&run_id), blob(&connection_id));
        let mut created = 0;
        let mut after: Option<(String, i64)> = Some((String::new(), i64::MIN));
        while let Some((name, number)) = after {
            created += self
                .connection
                .prepare_cached(
                    "INSERT INTO member (id, connection_id, external_id, names_key, name_key, search_key,
                         status, current, base, left_at, run_id, created_at, updated_at)
                     SELECT member_id, ?2, external_id, names_key, name_key, search_key, status, after,
                         after_base, left_at, run_id, ?3, ?3
                     FROM plan_row INDEXED BY plan_row_by_kind
                     WHERE run_id = ?1 AND kind = 'create' AND (name_key, number) > (?4, ?5)
                     ORDER BY name_key, number LIMIT ?6",
                )
                .and_then(|mut statement| {
                    statement.execute((run, connection, now.0, &name, number, TOGETHER))
                })
                .explain("write", self.path)?;
            after = self
                .connection
                .prepare_cached(LAST_NEW)
                .and_then(|mut statement| {
                    statement
                        .query_row((run, &name, number, TOGETHER - 1), |row| {
                            Ok((row.get(0)?, row.get(1)?))
                        })
                        .optional()
                })
                .explain("read", self.path)?;
        }
        Ok(created)
    }
}

#[cfg(test)]
mod tests;

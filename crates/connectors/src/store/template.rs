//! Tables `template` and `template_version`: templates of a person's own, every version whole; and who uses one: connectors,
//! and plans that wait.

use rusqlite::{OptionalExtension, Row, named_params};

use super::sqlite_error::SqliteResult;
use super::sync_run::{self, RunRecord};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;

/// One version of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateVersionRecord {
    /// The template's identifier.
    pub template_id: String,
    /// Counted from 1.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The whole template as a file.
    pub toml: String,
    /// When it was saved.
    pub saved_at: UtcMillis,
    /// The version that it is equal to, where a person went back to one.
    pub restored_from: Option<u32>,
}

/// Which version of a template counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateHead {
    /// The newest version.
    pub version: u32,
    /// When it was deleted.
    pub deleted_at: Option<UtcMillis>,
}

/// A connector that uses a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateUser {
    /// Its federation code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Deleted, and can be restored.
    pub is_deleted: bool,
}

const COLUMNS: &str = "v.template_id, v.version, v.name, v.toml, v.saved_at, v.restored_from";

/// The newest version of each template that is not deleted, by identifier.
pub(super) fn stored_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM template AS t INDEXED BY template_in_use
         CROSS JOIN template_version AS v ON v.template_id = t.id AND v.version = t.version
         WHERE t.deleted_at IS NULL ORDER BY t.id"
    )
}

/// The versions of a template, newest first.
pub(super) fn versions_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM template_version AS v WHERE v.template_id = ?1
         ORDER BY v.version DESC LIMIT ?2"
    )
}

/// Connectors that use a template, deleted ones too, by name.
pub(super) const USERS: &str = "SELECT federation_code, name, live FROM connector
    WHERE coalesce(template, preset) = ?1 AND live >= 0 ORDER BY name_key, id LIMIT ?2";

/// How many use it.
pub(super) const USERS_COUNT: &str =
    "SELECT count(*) FROM connector WHERE coalesce(template, preset) = ?1 AND live >= 0";

/// Plans that were made with a template and wait.
pub(super) fn open_plans_sql() -> String {
    format!(
        "SELECT {} FROM sync_run AS r WHERE r.template = ?1 AND r.state IN ('planned', 'held')
         ORDER BY r.started_at, r.id",
        sync_run::run_columns("r")
    )
}

impl Reader<'_> {
    /// Which version of a template counts; also of a deleted one.
    pub fn template_head(&self, id: &str) -> Result<Option<TemplateHead>> {
        self.connection
            .prepare_cached("SELECT version, deleted_at FROM template WHERE id = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([id], |row| {
                        Ok(TemplateHead {
                            version: row.get(0)?,
                            deleted_at: row.get::<_, Option<i64>>(1)?.map(UtcMillis),
                        })
                    })
                    .optional()
            })
            .explain("read", self.path)
    }

    /// One version of a template, also of a deleted one.
    pub fn template_version(
        &self,
        id: &str,
        version: u32,
    ) -> Result<Option<TemplateVersionRecord>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM template_version AS v WHERE v.template_id = ?1 AND v.version = ?2"
            ))
            .and_then(|mut statement| statement.query_row((id, version), record).optional())
            .explain("read", self.path)
    }

    /// The newest version of each template that is not deleted.
    pub fn templates_stored(&self) -> Result<Vec<TemplateVersionRecord>> {
        self.connection
            .prepare_cached(&stored_sql())
            .and_then(|mut statement| statement.query_map([], record)?.collect())
            .explain("read", self.path)
    }

    /// The newest versions of a template, newest first.
    pub fn template_versions(&self, id: &str, limit: u32) -> Result<Vec<TemplateVersionRecord>> {
        self.connection
            .prepare_cached(&versions_sql())
            .and_then(|mut statement| statement.query_map((id, limit), record)?.collect())
            .explain("read", self.path)
    }

    /// The connectors that use a template, deleted ones too, and how many there are.
    pub fn template_users(&self, id: &str, limit: u32) -> Result<(Vec<TemplateUser>, u32)> {
        let users = self
            .connection
            .prepare_cached(USERS)
            .and_then(|mut statement| {
                statement
                    .query_map((id, limit), |row| {
                        Ok(TemplateUser {
                            code: row.get(0)?,
                            name: row.get(1)?,
                            is_deleted: row.get::<_, i64>(2)? == 0,
                        })
                    })?
                    .collect::<rusqlite::Result<Vec<_>>>()
            })
            .explain("read", self.path)?;
        let count = self
            .connection
            .prepare_cached(USERS_COUNT)
            .and_then(|mut statement| statement.query_row([id], |row| row.get(0)))
            .explain("read", self.path)?;
        Ok((users, count))
    }

    /// Plans that were made with a template and wait to be applied.
    pub fn open_plans_of_template(&self, id: &str) -> Result<Vec<RunRecord>> {
        self.connection
            .prepare_cached(&open_plans_sql())
            .and_then(|mut statement| statement.query_map([id], sync_run::record)?.collect())
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds a version, which counts from now on. A deleted template is there again.
    pub fn put_template_version(&self, version: &TemplateVersionRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO template (id, version) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET version = excluded.version, deleted_at = NULL",
            )
            .and_then(|mut statement| statement.execute((&version.template_id, version.version)))
            .explain("write", self.path)?;
        self.connection
            .prepare_cached(
                "INSERT INTO template_version (template_id, version, name, toml, saved_at, restored_from)
                 VALUES (:id, :version, :name, :toml, :saved_at, :restored_from)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": version.template_id, ":version": version.version,
                    ":name": version.name, ":toml": version.toml,
                    ":saved_at": version.saved_at.0, ":restored_from": version.restored_from,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Marks a template deleted, as of now. Its versions stay.
    pub fn delete_template(&self, id: &str, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE template SET deleted_at = ?2 WHERE id = ?1")
            .and_then(|mut statement| statement.execute((id, now.0)))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<TemplateVersionRecord> {
    Ok(TemplateVersionRecord {
        template_id: row.get(0)?,
        version: row.get(1)?,
        name: row.get(2)?,
        toml: row.get(3)?,
        saved_at: UtcMillis(row.get(4)?),
        restored_from: row.get(5)?,
    })
}

//! Tables `connector` and `connector_settings`: one connector at a time. Lists are in
//! `connector_list`. Status, state and attention are computed by the caller; here they are stored.
//! Every change counts `version`, and a change made from an older version does nothing.

use rusqlite::{OptionalExtension, Row, ToSql, named_params};
use uuid::Uuid;

use super::sqlite_error::{SqliteResult, is_duplicate};
use super::word::{blob, id_at, optional_blob, optional_id_at, optional_word_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldRule, Result};
use crate::view::{AuthKind, Environment, HealthState, Status};

/// A connector in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Federation code; after a purge the former one.
    pub code: String,
    /// Name as typed.
    pub name: String,
    /// Name folded for sorting.
    pub name_key: String,
    /// Name and code folded for searching.
    pub search_key: String,
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// Rank in the order by attention, smallest first.
    pub attention: i64,
    /// How it proves who it is.
    pub auth_kind: AuthKind,
    /// Live data or a test account.
    pub environment: Environment,
    /// Preset it was made from.
    pub preset: Option<String>,
    /// Template that turns records into members.
    pub template: Option<String>,
    /// All settings as JSON.
    pub settings: String,
    /// Credentials in use.
    pub credential_id: Option<Uuid>,
    /// Credentials kept until the new ones have tested well.
    pub previous_credential_id: Option<Uuid>,
    /// Webhook secret.
    pub webhook_credential_id: Option<Uuid>,
    /// Last test.
    pub last_test_at: Option<UtcMillis>,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Last success of any kind.
    pub last_success_at: Option<UtcMillis>,
    /// Last failure of any kind.
    pub last_error_at: Option<UtcMillis>,
    /// Failures in a row.
    pub consecutive_failures: u32,
    /// Created.
    pub created_at: UtcMillis,
    /// Changed.
    pub updated_at: UtcMillis,
    /// Deleted; tells deleted from paused.
    pub deleted_at: Option<UtcMillis>,
    /// Status when it was deleted, which a restore puts back.
    pub status_before_deletion: Option<Status>,
    /// Purged: credentials destroyed, code free. Never set without `deleted_at`.
    pub purged_at: Option<UtcMillis>,
    /// Counts every change, from 1.
    pub version: i64,
}

/// Who has a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeUse {
    /// A connector in use.
    Live,
    /// A deleted one that is not purged.
    Deleted,
}

/// What a person reads, with the rank that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// Rank in the order by attention, smallest first.
    pub attention: i64,
}

pub(super) const SELECT: &str =
    "SELECT c.id, coalesce(c.federation_code, c.former_code), c.name, c.name_key,
    c.search_key, c.status, c.state, c.attention, c.auth_kind, c.environment, c.preset, c.template,
    s.settings, c.credential_id, c.previous_credential_id, c.webhook_credential_id, c.last_test_at,
    c.last_sync_at, c.last_success_at, c.last_error_at, c.consecutive_failures, c.created_at,
    c.updated_at, c.deleted_at, c.purged_at, c.version, c.status_before_deletion
    FROM connector c JOIN connector_settings s ON s.connector_id = c.id";

/// The unary plus keeps `SQLite` at the index of codes, which has the order.
pub(super) const EXPORT: &str =
    "WHERE c.federation_code IS NOT NULL AND +c.live = 1 ORDER BY c.federation_code";

pub(super) const BY_REDIRECT: &str =
    "WHERE json_extract(s.settings, '$.auth.redirect_path') = ?1 AND +c.live = 1";

impl Reader<'_> {
    /// The connector that has this code, deleted or not. A purged one has no code.
    pub fn connector_by_code(&self, code: &str) -> Result<Option<ConnectorRecord>> {
        self.connector_where("c.federation_code = ?1", &code)
    }

    /// The connector with this identifier, in whatever state.
    pub fn connector_by_id(&self, id: Uuid) -> Result<Option<ConnectorRecord>> {
        self.connector_where("c.id = ?1", &blob(&id))
    }

    /// Who has a code; none where it is free.
    pub fn code_in_use(&self, code: &str) -> Result<Option<CodeUse>> {
        let deleted: Option<bool> = self
            .connection
            .prepare_cached(
                "SELECT deleted_at IS NOT NULL FROM connector WHERE federation_code = ?1",
            )
            .and_then(|mut statement| statement.query_row([code], |row| row.get(0)).optional())
            .explain("read", self.path)?;
        Ok(deleted.map(|deleted| {
            if deleted {
                CodeUse::Deleted
            } else {
                CodeUse::Live
            }
        }))
    }

    /// All connectors in full, ordered by code, for an export. Deleted and purged ones are left out.
    pub fn connectors_in_full(&self) -> Result<Vec<ConnectorRecord>> {
        let sql = format!("{SELECT} {EXPORT}");
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .explain("read", self.path)?;
        let rows = statement.query_map([], record).explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// The live connectors that have chosen this path for their redirect URI.
    pub fn connectors_with_redirect_path(&self, path: &str) -> Result<Vec<ConnectorRecord>> {
        let sql = format!("{SELECT} {BY_REDIRECT}");
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .explain("read", self.path)?;
        let rows = statement
            .query_map([path], record)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    fn connector_where(
        &self,
        condition: &str,
        value: &dyn ToSql,
    ) -> Result<Option<ConnectorRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE {condition}"))
            .and_then(|mut statement| statement.query_row([value], record).optional())
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds a connector. A taken code is told as a broken rule of field `code`.
    /// `deleted_at` and `purged_at` are not stored: nothing starts deleted.
    pub fn insert_connector(&self, new: &ConnectorRecord) -> Result<()> {
        let inserted = self
            .connection
            .prepare_cached(
                "INSERT INTO connector (id, federation_code, created_at, version, name, name_key,
                     search_key, status, state, attention, auth_kind, environment, preset, template,
                     credential_id, previous_credential_id, webhook_credential_id, last_test_at,
                     last_sync_at, last_success_at, last_error_at, consecutive_failures, updated_at)
                 VALUES (:id, :code, :created_at, :version, :name, :name_key, :search_key, :status,
                     :state, :attention, :auth_kind, :environment, :preset, :template,
                     :credential_id, :previous, :webhook, :last_test_at, :last_sync_at,
                     :last_success_at, :last_error_at, :failures, :updated_at)",
            )
            .and_then(|mut statement| {
                let columns = Columns::of(new);
                let mut values = columns.bind(new);
                let (id, created_at) = (blob(&new.id), new.created_at.0);
                values.push((":id", &id));
                values.push((":code", &new.code));
                values.push((":created_at", &created_at));
                values.push((":version", &new.version));
                statement.execute(values.as_slice())
            });
        if let Err(error) = &inserted
            && is_duplicate(error)
            && let Some(by) = self.code_in_use(&new.code)?
        {
            return Err(taken(&new.code, by));
        }
        inserted.explain("write", self.path)?;
        self.put_settings(new)
    }

    /// Stores everything that may change, if the stored version still is `changed.version`, and
    /// makes it `version`. False: somebody else was first (or it is gone), and nothing was changed.
    /// Code, creation and deletion are not changed here.
    pub fn update_connector(&self, changed: &ConnectorRecord, version: i64) -> Result<bool> {
        let matched = self
            .connection
            .prepare_cached(
                "UPDATE connector SET name = :name, name_key = :name_key, search_key = :search_key,
                     status = :status, state = :state, attention = :attention,
                     auth_kind = :auth_kind, environment = :environment, preset = :preset,
                     template = :template, credential_id = :credential_id,
                     previous_credential_id = :previous, webhook_credential_id = :webhook,
                     last_test_at = :last_test_at, last_sync_at = :last_sync_at,
                     last_success_at = :last_success_at, last_error_at = :last_error_at,
                     consecutive_failures = :failures, updated_at = :updated_at,
                     version = :next
                 WHERE id = :id AND version = :version",
            )
            .and_then(|mut statement| {
                let columns = Columns::of(changed);
                let mut values = columns.bind(changed);
                let id = blob(&changed.id);
                values.push((":id", &id));
                values.push((":version", &changed.version));
                values.push((":next", &version));
                statement.execute(values.as_slice())
            })
            .explain("write", self.path)?;
        if matched == 0 {
            return Ok(false);
        }
        self.put_settings(changed)?;
        Ok(true)
    }

    /// Changes the status of a connector that is not deleted; false where there is none at `version`.
    pub fn set_status(
        &self,
        id: Uuid,
        version: i64,
        standing: Standing,
        now: UtcMillis,
    ) -> Result<bool> {
        self.stand(
            "UPDATE connector SET status = :status, state = :state, attention = :attention,
                 updated_at = :now, version = version + 1
             WHERE id = :id AND version = :version AND live = 1",
            id,
            version,
            standing,
            now,
        )
    }

    /// Writes what a person reads about a connector. The version is not counted: nothing has changed
    /// that somebody may be editing.
    pub fn set_state(&self, id: Uuid, state: HealthState, attention: i64) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE connector SET state = ?2, attention = ?3 WHERE id = ?1 AND live = 1",
            )
            .and_then(|mut statement| statement.execute((blob(&id), word(&state), attention)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Deletes softly: credentials and code stay. False where there is no live one at `version`.
    pub fn mark_deleted(
        &self,
        id: Uuid,
        version: i64,
        standing: Standing,
        now: UtcMillis,
    ) -> Result<bool> {
        self.stand(
            "UPDATE connector SET status_before_deletion = status,
                 status = :status, state = :state, attention = :attention, deleted_at = :now, updated_at = :now, version = version + 1
             WHERE id = :id AND version = :version AND live = 1",
            id,
            version,
            standing,
            now,
        )
    }

    /// Undoes a deletion. False where there is no deleted, unpurged one at `version`.
    pub fn restore_connector(
        &self,
        id: Uuid,
        version: i64,
        standing: Standing,
        now: UtcMillis,
    ) -> Result<bool> {
        self.stand(
            "UPDATE connector SET status_before_deletion = NULL,
                 status = :status, state = :state, attention = :attention, deleted_at = NULL, updated_at = :now, version = version + 1
             WHERE id = :id AND version = :version AND live = 0",
            id,
            version,
            standing,
            now,
        )
    }

    /// Destroys the credentials of a deleted connector and frees its code; its row, tests and
    /// events stay as history. False where there is no deleted, unpurged one at `version`.
    /// Call [`super::Store::checkpoint`] afterwards, so that the log forgets them too.
    pub fn purge_connector(&self, id: Uuid, version: i64, now: UtcMillis) -> Result<bool> {
        let matched = self
            .connection
            .prepare_cached(
                "UPDATE connector SET former_code = federation_code, federation_code = NULL,
                     purged_at = :now, updated_at = :now, version = version + 1
                 WHERE id = :id AND version = :version AND live = 0",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&id), ":version": version, ":now": now.0,
                })
            })
            .explain("write", self.path)?;
        if matched == 0 {
            return Ok(false);
        }
        self.delete_credentials_of(id)?;
        self.delete_sign_in(id)?;
        self.delete_pending_sign_in_of(id)?;
        Ok(true)
    }

    fn stand(
        &self,
        sql: &str,
        id: Uuid,
        version: i64,
        standing: Standing,
        now: UtcMillis,
    ) -> Result<bool> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&id),
                    ":version": version,
                    ":status": standing.status.as_str(),
                    ":state": word(&standing.state),
                    ":attention": standing.attention,
                    ":now": now.0,
                })
            })
            .map(|matched| matched == 1)
            .explain("write", self.path)
    }

    fn put_settings(&self, of: &ConnectorRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connector_settings (connector_id, settings) VALUES (?1, ?2)
                 ON CONFLICT (connector_id) DO UPDATE SET settings = excluded.settings",
            )
            .and_then(|mut statement| statement.execute((blob(&of.id), &of.settings)))
            .explain("write", self.path)?;
        Ok(())
    }
}

/// Values that must live as long as the statement runs.
struct Columns<'a> {
    words: [String; 4],
    ids: [Option<&'a [u8]>; 3],
    times: [Option<i64>; 4],
    updated_at: i64,
}

impl<'a> Columns<'a> {
    fn of(record: &'a ConnectorRecord) -> Self {
        let millis = |time: Option<UtcMillis>| time.map(|t| t.0);
        Self {
            words: [
                word(&record.status),
                word(&record.state),
                word(&record.auth_kind),
                word(&record.environment),
            ],
            ids: [
                optional_blob(record.credential_id.as_ref()),
                optional_blob(record.previous_credential_id.as_ref()),
                optional_blob(record.webhook_credential_id.as_ref()),
            ],
            times: [
                millis(record.last_test_at),
                millis(record.last_sync_at),
                millis(record.last_success_at),
                millis(record.last_error_at),
            ],
            updated_at: record.updated_at.0,
        }
    }

    fn bind(&'a self, record: &'a ConnectorRecord) -> Vec<(&'static str, &'a dyn ToSql)> {
        let [status, state, auth_kind, environment] = &self.words;
        let [credential, previous, webhook] = &self.ids;
        let [test, sync, success, error] = &self.times;
        vec![
            (":name", &record.name),
            (":name_key", &record.name_key),
            (":search_key", &record.search_key),
            (":status", status),
            (":state", state),
            (":attention", &record.attention),
            (":auth_kind", auth_kind),
            (":environment", environment),
            (":preset", &record.preset),
            (":template", &record.template),
            (":credential_id", credential),
            (":previous", previous),
            (":webhook", webhook),
            (":last_test_at", test),
            (":last_sync_at", sync),
            (":last_success_at", success),
            (":last_error_at", error),
            (":failures", &record.consecutive_failures),
            (":updated_at", &self.updated_at),
        ]
    }
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<ConnectorRecord> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    Ok(ConnectorRecord {
        id: id_at(row, 0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        name_key: row.get(3)?,
        search_key: row.get(4)?,
        status: word_at(row, 5)?,
        state: word_at(row, 6)?,
        attention: row.get(7)?,
        auth_kind: word_at(row, 8)?,
        environment: word_at(row, 9)?,
        preset: row.get(10)?,
        template: row.get(11)?,
        settings: row.get(12)?,
        credential_id: optional_id_at(row, 13)?,
        previous_credential_id: optional_id_at(row, 14)?,
        webhook_credential_id: optional_id_at(row, 15)?,
        last_test_at: time(16)?,
        last_sync_at: time(17)?,
        last_success_at: time(18)?,
        last_error_at: time(19)?,
        consecutive_failures: row.get(20)?,
        created_at: UtcMillis(row.get(21)?),
        updated_at: UtcMillis(row.get(22)?),
        deleted_at: time(23)?,
        purged_at: time(24)?,
        version: row.get(25)?,
        status_before_deletion: optional_word_at(row, 26)?,
    })
}

fn taken(code: &str, by: CodeUse) -> Error {
    match by {
        CodeUse::Live => Error::field(
            "code",
            FieldRule::Taken,
            format!("{code} is already used by another connector"),
        ),
        CodeUse::Deleted => Error::field(
            "code",
            FieldRule::TakenByDeleted,
            format!("{code} is reserved by a deleted connector; restore it or purge it first"),
        ),
    }
}

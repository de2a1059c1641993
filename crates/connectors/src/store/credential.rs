//! Tables `credential` and `credential_term`: sealed texts and how often each key term was used.
//! Nothing here can open a sealed text; what is in it is told by `summary`, without values.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::view::AuthKind;

/// A sealed credential or webhook secret.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Whose it is; part of what the seal is bound to.
    pub connector_id: Uuid,
    /// What it is for, e.g. `credentials` or `webhook_secret`; part of what the seal is bound to.
    pub field: String,
    /// Which kind of credential.
    pub kind: AuthKind,
    /// The sealed text, base64.
    pub sealed: String,
    /// Term of the credential key that sealed it.
    pub term: u32,
    /// Stored.
    pub stored_at: UtcMillis,
    /// Day it ends, `YYYY-MM-DD`, as the person said.
    pub expires_on: Option<String>,
    /// A test with it has succeeded.
    pub tested: bool,
    /// JSON: which parts are set, never their values.
    pub summary: String,
}

impl std::fmt::Debug for CredentialRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CredentialRecord")
            .field("id", &self.id)
            .field("connector_id", &self.connector_id)
            .field("field", &self.field)
            .field("kind", &self.kind)
            .field("term", &self.term)
            .finish_non_exhaustive()
    }
}

/// How often a term of the credential key was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermRecord {
    /// The term, from 1.
    pub term: u32,
    /// Encryptions under it.
    pub encryptions: u64,
    /// Made at.
    pub made_at: UtcMillis,
}

pub(super) const SELECT: &str =
    "SELECT id, connector_id, field, kind, sealed, term, stored_at, expires_on,
    tested, summary FROM credential";

pub(super) const WALK: &str = "WHERE id > ?1 ORDER BY id LIMIT ?2";
pub(super) const OLDER: &str = "WHERE term < ?1 ORDER BY term, id LIMIT ?2";

impl Reader<'_> {
    /// One credential.
    pub fn credential(&self, id: Uuid) -> Result<Option<CredentialRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([blob(&id)], record).optional())
            .explain("read", self.path)
    }

    /// All credentials in the order of their identifiers, after `after`, at most `limit`: for
    /// checking them and for sealing them anew, a part at a time.
    pub fn credentials_after(
        &self,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<CredentialRecord>> {
        let start = after.unwrap_or(Uuid::nil());
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} {WALK}"))
            .explain("read", self.path)?;
        let rows = statement
            .query_map((blob(&start), limit), record)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// Up to `limit` credentials sealed under a term older than `term`.
    pub fn credentials_before_term(&self, term: u32, limit: u32) -> Result<Vec<CredentialRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} {OLDER}"))
            .explain("read", self.path)?;
        let rows = statement
            .query_map((term, limit), record)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// All terms, oldest first.
    pub fn credential_terms(&self) -> Result<Vec<TermRecord>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT term, encryptions, made_at FROM credential_term ORDER BY term")
            .explain("read", self.path)?;
        let rows = statement
            .query_map([], |row| {
                Ok(TermRecord {
                    term: row.get(0)?,
                    encryptions: row.get::<_, i64>(1).and_then(|number| {
                        u64::try_from(number)
                            .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(1, number))
                    })?,
                    made_at: UtcMillis(row.get(2)?),
                })
            })
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Notes a new term with no encryption yet; one that is known stays as it is.
    pub fn add_credential_term(&self, term: u32, made_at: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO credential_term (term, made_at) VALUES (?1, ?2)
                 ON CONFLICT (term) DO NOTHING",
            )
            .and_then(|mut statement| statement.execute((term, made_at.0)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Stores a sealed text and counts one encryption of its term.
    pub fn insert_credential(&self, new: &CredentialRecord) -> Result<()> {
        self.count_encryption(new.term, new.stored_at)?;
        self.connection
            .prepare_cached(
                "INSERT INTO credential (id, connector_id, field, kind, sealed, term, stored_at,
                     expires_on, tested, summary)
                 VALUES (:id, :connector_id, :field, :kind, :sealed, :term, :stored_at,
                     :expires_on, :tested, :summary)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector_id": blob(&new.connector_id),
                    ":field": new.field,
                    ":kind": word(&new.kind),
                    ":sealed": new.sealed,
                    ":term": new.term,
                    ":stored_at": new.stored_at.0,
                    ":expires_on": new.expires_on,
                    ":tested": new.tested,
                    ":summary": new.summary,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Replaces a sealed text by the same content under another term, and counts one encryption.
    /// False where it is no longer sealed as `before` says: somebody else was first.
    pub fn reseal_credential(
        &self,
        id: Uuid,
        before: &str,
        sealed: &str,
        term: u32,
        now: UtcMillis,
    ) -> Result<bool> {
        self.count_encryption(term, now)?;
        self.connection
            .prepare_cached(
                "UPDATE credential SET sealed = ?1, term = ?2 WHERE id = ?3 AND sealed = ?4",
            )
            .and_then(|mut statement| statement.execute((sealed, term, blob(&id), before)))
            .map(|matched| matched == 1)
            .explain("write", self.path)
    }

    /// Notes whether a test with it has succeeded.
    pub fn set_credential_tested(&self, id: Uuid, tested: bool) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE credential SET tested = ?2 WHERE id = ?1")
            .and_then(|mut statement| statement.execute((blob(&id), tested)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Removes one; the connector's reference to it becomes empty.
    pub fn delete_credential(&self, id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM credential WHERE id = ?1")
            .and_then(|mut statement| statement.execute([blob(&id)]))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Removes all of a connector, the webhook secret and earlier ones included.
    pub fn delete_credentials_of(&self, connector_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM credential WHERE connector_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&connector_id)]))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Counts one encryption of a term, in the transaction that stores what was sealed under it.
    pub(super) fn count_encryption(&self, term: u32, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO credential_term (term, encryptions, made_at) VALUES (?1, 1, ?2)
                 ON CONFLICT (term) DO UPDATE SET encryptions = encryptions + 1",
            )
            .and_then(|mut statement| statement.execute((term, now.0)))
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<CredentialRecord> {
    Ok(CredentialRecord {
        id: id_at(row, 0)?,
        connector_id: id_at(row, 1)?,
        field: row.get(2)?,
        kind: word_at(row, 3)?,
        sealed: row.get(4)?,
        term: row.get(5)?,
        stored_at: UtcMillis(row.get(6)?),
        expires_on: row.get(7)?,
        tested: row.get(8)?,
        summary: row.get(9)?,
    })
}

//! Table `pending_sign_in`: sign-ins that wait for a person in the browser. A row is taken out by the
//! one who uses it, in one statement, so that two answers cannot both be the first.

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::settings::Redirect;

/// A sign-in that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRecord {
    /// SHA-256 of the `state`.
    pub state_hash: [u8; 32],
    /// Whose it is; part of what the seal is bound to.
    pub connector_id: Uuid,
    /// The way back.
    pub redirect: Redirect,
    /// Verifier, redirect URI and endpoints, sealed.
    pub sealed: String,
    /// Started.
    pub created_at: UtcMillis,
    /// Until when an answer is taken.
    pub expires_at: UtcMillis,
}

pub(super) const SELECT: &str = "SELECT state_hash, connector_id, redirect, sealed, created_at, expires_at FROM pending_sign_in";
pub(super) const OVER: &str = "WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2";

impl Reader<'_> {
    /// The sign-in of a connector that waits, if there is one.
    pub fn pending_sign_in_of(&self, connector_id: Uuid) -> Result<Option<PendingRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE connector_id = ?1"))
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// Up to `limit` sign-ins whose time is over.
    pub fn pending_sign_ins_over(&self, now: UtcMillis, limit: u32) -> Result<Vec<PendingRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} {OVER}"))
            .explain("read", self.path)?;
        let rows = statement
            .query_map((now.0, limit), record)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Stores a sign-in in place of one of the same connector, and counts one encryption of `term`.
    pub fn put_pending_sign_in(&self, new: &PendingRecord, term: u32) -> Result<()> {
        self.count_encryption(term, new.created_at)?;
        self.delete_pending_sign_in_of(new.connector_id)?;
        self.connection
            .prepare_cached(
                "INSERT INTO pending_sign_in (state_hash, connector_id, redirect, sealed,
                     created_at, expires_at)
                 VALUES (:state_hash, :connector_id, :redirect, :sealed, :created_at, :expires_at)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":state_hash": new.state_hash.as_slice(),
                    ":connector_id": blob(&new.connector_id),
                    ":redirect": word(&new.redirect),
                    ":sealed": new.sealed,
                    ":created_at": new.created_at.0,
                    ":expires_at": new.expires_at.0,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Takes a sign-in out: whoever comes second finds none.
    pub fn take_pending_sign_in(&self, state_hash: &[u8; 32]) -> Result<Option<PendingRecord>> {
        self.connection
            .prepare_cached(
                "DELETE FROM pending_sign_in WHERE state_hash = ?1
                 RETURNING state_hash, connector_id, redirect, sealed, created_at, expires_at",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([state_hash.as_slice()], record)
                    .optional()
            })
            .explain("write", self.path)
    }

    /// Forgets the sign-in of a connector that waits. False where none did.
    pub fn delete_pending_sign_in_of(&self, connector_id: Uuid) -> Result<bool> {
        self.connection
            .prepare_cached("DELETE FROM pending_sign_in WHERE connector_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&connector_id)]))
            .map(|gone| gone > 0)
            .explain("write", self.path)
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<PendingRecord> {
    Ok(PendingRecord {
        state_hash: row.get(0)?,
        connector_id: id_at(row, 1)?,
        redirect: word_at(row, 2)?,
        sealed: row.get(3)?,
        created_at: UtcMillis(row.get(4)?),
        expires_at: UtcMillis(row.get(5)?),
    })
}

//! Table `sign_in`: how the sign-in of a connector stands. Its token is a row of `credential`; here
//! are only its dates and what became of the newest attempt.

use rusqlite::{OptionalExtension, Row, named_params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_blob, optional_id_at, optional_word, optional_word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::failure::Finding;

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Its code is being exchanged. Where the process that does it is gone, the answer is lost.
    Exchanging,
    /// A token was stored.
    Done,
    /// It came to nothing.
    Failed,
}

/// The newest attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// SHA-256 of its `state`, or an identifier of its own where there is none.
    pub id: Vec<u8>,
    /// How far it came.
    pub state: AttemptState,
    /// Why it came to nothing.
    pub finding: Option<Finding>,
    /// The process that exchanges.
    pub owner: Option<Uuid>,
}

/// How the sign-in of a connector stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRecord {
    /// Whose it is.
    pub connector_id: Uuid,
    /// The sealed token in use.
    pub token_id: Option<Uuid>,
    /// When a person (or the client by itself) signed in.
    pub signed_in_at: Option<UtcMillis>,
    /// When the present access token came.
    pub obtained_at: Option<UtcMillis>,
    /// When it ends, where the federation said so.
    pub expires_at: Option<UtcMillis>,
    /// Whether a new one is had without a person.
    pub renews: bool,
    /// What was granted.
    pub scopes: Vec<String>,
    /// Why a person must sign in again.
    pub ended: Option<Finding>,
    /// The newest attempt.
    pub attempt: Option<Attempt>,
}

impl SignInRecord {
    /// Nobody has tried yet.
    pub fn none(connector_id: Uuid) -> Self {
        Self {
            connector_id,
            token_id: None,
            signed_in_at: None,
            obtained_at: None,
            expires_at: None,
            renews: false,
            scopes: Vec::new(),
            ended: None,
            attempt: None,
        }
    }
}

pub(super) const SELECT: &str = "SELECT connector_id, token_id, signed_in_at, obtained_at,
    expires_at, renews, scopes, ended, attempt, attempt_state, attempt_finding, attempt_owner
    FROM sign_in";

pub(super) const EXCHANGING: &str = "WHERE attempt_state = 'exchanging'";

impl Reader<'_> {
    /// How the sign-in of a connector stands; none where nobody has ever tried.
    pub fn sign_in(&self, connector_id: Uuid) -> Result<Option<SignInRecord>> {
        let found = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE connector_id = ?1"))
            .and_then(|mut statement| {
                statement
                    .query_row([blob(&connector_id)], record)
                    .optional()
            })
            .explain("read", self.path)?;
        found.map(Stored::read).transpose()
    }

    /// Every sign-in whose code is being exchanged.
    pub fn exchanging_sign_ins(&self) -> Result<Vec<SignInRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} {EXCHANGING}"))
            .explain("read", self.path)?;
        let rows = statement.query_map([], record).explain("read", self.path)?;
        let rows: Vec<Stored> = rows
            .collect::<rusqlite::Result<_>>()
            .explain("read", self.path)?;
        rows.into_iter().map(Stored::read).collect()
    }
}

impl Writer<'_> {
    /// Stores how the sign-in stands in place of what was stored.
    pub fn put_sign_in(&self, new: &SignInRecord) -> Result<()> {
        let scopes = serde_json::to_string(&new.scopes)
            .map_err(|source| Error::internal("write the scopes of a sign-in", source))?;
        let attempt = new.attempt.as_ref();
        self.connection
            .prepare_cached(
                "INSERT INTO sign_in (connector_id, token_id, signed_in_at, obtained_at, expires_at,
                     renews, scopes, ended, attempt, attempt_state, attempt_finding, attempt_owner)
                 VALUES (:connector_id, :token_id, :signed_in_at, :obtained_at, :expires_at,
                     :renews, :scopes, :ended, :attempt, :attempt_state, :attempt_finding,
                     :attempt_owner)
                 ON CONFLICT (connector_id) DO UPDATE SET token_id = excluded.token_id,
                     signed_in_at = excluded.signed_in_at, obtained_at = excluded.obtained_at,
                     expires_at = excluded.expires_at, renews = excluded.renews,
                     scopes = excluded.scopes, ended = excluded.ended,
                     attempt = excluded.attempt, attempt_state = excluded.attempt_state,
                     attempt_finding = excluded.attempt_finding,
                     attempt_owner = excluded.attempt_owner",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":connector_id": blob(&new.connector_id),
                    ":token_id": optional_blob(new.token_id.as_ref()),
                    ":signed_in_at": new.signed_in_at.map(|at| at.0),
                    ":obtained_at": new.obtained_at.map(|at| at.0),
                    ":expires_at": new.expires_at.map(|at| at.0),
                    ":renews": new.renews,
                    ":scopes": scopes,
                    ":ended": optional_word(new.ended.as_ref()),
                    ":attempt": attempt.map(|one| one.id.as_slice()),
                    ":attempt_state": optional_word(attempt.map(|one| &one.state)),
                    ":attempt_finding": optional_word(attempt.and_then(|one| one.finding.as_ref())),
                    ":attempt_owner": optional_blob(attempt.and_then(|one| one.owner.as_ref())),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets how the sign-in stood.
    pub fn delete_sign_in(&self, connector_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM sign_in WHERE connector_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&connector_id)]))
            .explain("write", self.path)?;
        Ok(())
    }
}

/// A row whose scopes are not taken apart yet.
struct Stored {
    record: SignInRecord,
    scopes: String,
}

impl Stored {
    fn read(self) -> Result<SignInRecord> {
        let scopes = serde_json::from_str(&self.scopes)
            .map_err(|source| Error::internal("read the scopes of a sign-in", source))?;
        Ok(SignInRecord {
            scopes,
            ..self.record
        })
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    let id: Option<Vec<u8>> = row.get(8)?;
    let state: Option<AttemptState> = optional_word_at(row, 9)?;
    let attempt = match (id, state) {
        (Some(id), Some(state)) => Some(Attempt {
            id,
            state,
            finding: optional_word_at(row, 10)?,
            owner: optional_id_at(row, 11)?,
        }),
        _ => None,
    };
    Ok(Stored {
        record: SignInRecord {
            connector_id: id_at(row, 0)?,
            token_id: optional_id_at(row, 1)?,
            signed_in_at: time(2)?,
            obtained_at: time(3)?,
            expires_at: time(4)?,
            renews: row.get(5)?,
            scopes: Vec::new(),
            ended: optional_word_at(row, 7)?,
            attempt,
        },
        scopes: row.get(6)?,
    })
}

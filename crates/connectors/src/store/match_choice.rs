//! Table `match_choice`: what a person said about records of which nobody could tell whose they are. What that makes of a record
//! is decided in `sync/match_choice.rs`.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_blob, optional_id_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::sync::match_choice::MatchChoice;

/// The choices of a connection, by what their records are known by.
pub type MatchChoices = HashMap<[u8; 32], MatchChoice<Uuid>>;

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchChoiceRecord {
    /// Whose.
    pub connection_id: Uuid,
    /// By what the record is known: a digest.
    pub key: [u8; 32],
    /// What was said.
    pub choice: MatchChoice<Uuid>,
    /// In the plan of which run.
    pub run_id: Uuid,
    /// When.
    pub chosen_at: UtcMillis,
}

pub(super) const OF_CONNECTION: &str =
    "SELECT connection_id, key, choice, member_id, run_id, chosen_at FROM match_choice
     WHERE connection_id = ?1 ORDER BY key";
pub(super) const ABOUT: &str =
    "SELECT connection_id, key, choice, member_id, run_id, chosen_at FROM match_choice
     WHERE member_id = ?1";

impl Reader<'_> {
    /// What was said about records of a connection.
    pub fn match_choices(&self, connection_id: Uuid) -> Result<MatchChoices> {
        let all = self.match_choices_of(connection_id)?;
        Ok(all.into_iter().map(|one| (one.key, one.choice)).collect())
    }

    /// The same, each with when.
    pub fn match_choices_of(&self, connection_id: Uuid) -> Result<Vec<MatchChoiceRecord>> {
        self.choices(OF_CONNECTION, connection_id)
    }

    /// Which records a person has said to be a member's.
    pub fn match_choices_about(&self, member_id: Uuid) -> Result<Vec<MatchChoiceRecord>> {
        self.choices(ABOUT, member_id)
    }

    fn choices(&self, sql: &str, id: Uuid) -> Result<Vec<MatchChoiceRecord>> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_map([blob(&id)], record)?.collect())
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Keeps a choice; a newer one about the same record takes its place.
    pub fn put_match_choice(&self, one: &MatchChoiceRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO match_choice (connection_id, key, choice, member_id, run_id, chosen_at)
                 VALUES (:connection, :key, :choice, :member, :run, :now)
                 ON CONFLICT (connection_id, key) DO UPDATE SET choice = excluded.choice,
                     member_id = excluded.member_id, run_id = excluded.run_id, chosen_at = excluded.chosen_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":connection": blob(&one.connection_id), ":key": one.key.as_slice(),
                    ":choice": one.choice.as_str(), ":member": optional_blob(one.choice.member()),
                    ":run": blob(&one.run_id), ":now": one.chosen_at.0,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets every choice that names a member, under whatever its record was known then.
    pub fn forget_match_choices_about(&self, member_id: Uuid) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM match_choice WHERE member_id = ?1")
            .and_then(|mut statement| statement.execute([blob(&member_id)]))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets a choice. False where there is none.
    pub fn forget_match_choice(&self, connection_id: Uuid, key: &[u8; 32]) -> Result<bool> {
        self.connection
            .prepare_cached("DELETE FROM match_choice WHERE connection_id = ?1 AND key = ?2")
            .and_then(|mut statement| statement.execute((blob(&connection_id), key.as_slice())))
            .explain("write", self.path)
            .map(|gone| gone > 0)
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<MatchChoiceRecord> {
    let word: String = row.get(2)?;
    let member = optional_id_at(row, 3)?;
    let choice = match (word.as_str(), member) {
        ("leave", _) => MatchChoice::Leave,
        ("member", Some(id)) => MatchChoice::Member(id),
        ("new", Some(id)) => MatchChoice::New(id),
        _ => return Err(rusqlite::Error::InvalidColumnType(2, word, Type::Text)),
    };
    Ok(MatchChoiceRecord {
        connection_id: id_at(row, 0)?,
        key: row.get(1)?,
        choice,
        run_id: id_at(row, 4)?,
        chosen_at: UtcMillis(row.get(5)?),
    })
}

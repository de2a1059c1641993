//! Table `notice`: what a person was told or is to be told, and how the connectors stand that it is about.

use std::collections::BTreeMap;

use rusqlite::named_params;
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::notices::{Noted, Stands, Subject};

/// Few rows: one for each thing that needs somebody.
pub(super) const ALL: &str = "SELECT connector_id, about, word, noted_at, told_at FROM notice
    WHERE connector_id >= x'' ORDER BY connector_id, about";
pub(super) const STANDS: &str = "SELECT id, federation_code, name, state
    FROM connector INDEXED BY connector_by_attention WHERE live = 1 ORDER BY attention, name_key, id";
/// Plans that a schedule has made and that would change something, and those that a guard or a conflict holds, whoever asked.
pub(super) const PLANS: &str = "SELECT k.connector_id, r.id, r.state = 'held' OR r.conflicts > 0
    FROM sync_run r INDEXED BY sync_run_by_outcome CROSS JOIN connection k ON k.id = r.connection_id
    WHERE r.state = ?1 AND k.disconnected_at IS NULL AND (r.state = 'held' OR r.conflicts > 0
        OR r.asked_by = 'schedule' AND r.creates + r.updates + r.leavers > 0)";

impl Reader<'_> {
    /// What was noted.
    pub fn notices(&self) -> Result<Vec<Noted>> {
        self.connection
            .prepare_cached(ALL)
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok(Noted {
                            subject: Subject {
                                connector: id_at(row, 0)?,
                                about: row.get(1)?,
                            },
                            word: word_at(row, 2)?,
                            noted_at: UtcMillis(row.get(3)?),
                            told_at: row.get::<_, Option<i64>>(4)?.map(UtcMillis),
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// How live connectors stand, with plans that wait; ends of keys are not looked at here.
    pub fn stands(&self) -> Result<Vec<Stands>> {
        let mut plans: BTreeMap<Uuid, Vec<(Uuid, bool)>> = BTreeMap::new();
        let mut statement = self
            .connection
            .prepare_cached(PLANS)
            .explain("read", self.path)?;
        for state in ["held", "planned"] {
            let rows: Vec<(Uuid, Uuid, bool)> = statement
                .query_map([state], |row| {
                    Ok((id_at(row, 0)?, id_at(row, 1)?, row.get(2)?))
                })
                .and_then(Iterator::collect)
                .explain("read", self.path)?;
            for (connector, run, held) in rows {
                plans.entry(connector).or_default().push((run, held));
            }
        }
        self.connection
            .prepare_cached(STANDS)
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        let id = id_at(row, 0)?;
                        Ok(Stands {
                            id,
                            code: row.get(1)?,
                            name: row.get(2)?,
                            state: word_at(row, 3)?,
                            plans: plans.remove(&id).unwrap_or_default(),
                            ends: None,
                        })
                    })?
                    .collect()
            })
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Keeps what was noted in place of the earlier.
    pub fn put_notice(&self, noted: &Noted) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO notice (connector_id, about, word, noted_at, told_at)
                 VALUES (:connector_id, :about, :word, :noted_at, :told_at)
                 ON CONFLICT (connector_id, about) DO UPDATE SET word = excluded.word,
                     noted_at = excluded.noted_at, told_at = excluded.told_at",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":connector_id": blob(&noted.subject.connector),
                    ":about": noted.subject.about,
                    ":word": word(&noted.word),
                    ":noted_at": noted.noted_at.0,
                    ":told_at": noted.told_at.map(|at| at.0),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Forgets it.
    pub fn forget_notice(&self, subject: &Subject) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM notice WHERE connector_id = ?1 AND about = ?2")
            .and_then(|mut statement| statement.execute((blob(&subject.connector), &subject.about)))
            .explain("write", self.path)?;
        Ok(())
    }
}

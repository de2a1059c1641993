//! Tables `erasure` and `erased_mark`: that people were erased, and by what they are kept out. No name, no identifier.

use std::path::Path;

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::connection::{self, Mode};
use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at};
use super::{Reader, Writer, meta, migrate};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::sync::erased::ClubAt;
use crate::vault::mark::Mark;

/// Begins the notes about files that were set aside and have been asked for erased people.
pub const ASKED: &str = "erased_in:";
/// The format from which files have these tables.
const SINCE: u32 = 10;

/// That somebody was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasureRecord {
    /// Identifier (UUID version 7); it says nothing about the person.
    pub id: Uuid,
    /// Where.
    pub club: ClubAt,
    /// When.
    pub erased_at: UtcMillis,
}

/// An erasure with the marks that keep the person out.
pub type ErasureWithMarks = (ErasureRecord, Vec<Mark>);

pub(super) const MARKS: &str =
    "SELECT mark FROM erased_mark WHERE connector_id = ?1 AND organisation_id = ?2";
pub(super) const COUNT: &str = "SELECT count(DISTINCT erasure_id) FROM erased_mark
    WHERE connector_id = ?1 AND organisation_id = ?2";
pub(super) const OF_ERASURE: &str = "SELECT mark FROM erased_mark WHERE erasure_id = ?1";
pub(super) const ALL: &str = "SELECT id, connector_id, organisation_id, erased_at FROM erasure
    ORDER BY id";
pub(super) const UNCLEAN: &str = "SELECT max(scrubbed_at) FROM erasure INDEXED BY erasure_unclean
    WHERE backups_clean_at IS NULL AND scrubbed_at <= ?1";
pub(super) const CLEAN: &str = "UPDATE erasure SET backups_clean_at = ?2
    WHERE backups_clean_at IS NULL AND scrubbed_at <= ?1";
pub(super) const SCRUBBED: &str = "UPDATE erasure INDEXED BY erasure_unclean SET scrubbed_at = ?1
    WHERE backups_clean_at IS NULL AND scrubbed_at IS NULL";
pub(super) const ASKED_ONES: &str =
    "SELECT key FROM meta WHERE key >= 'erased_in:' AND key < ?1 ORDER BY key";
pub(super) const LET_IN: &str = "DELETE FROM erased_mark WHERE erasure_id IN (
    SELECT erasure_id FROM erased_mark
    WHERE connector_id = ?1 AND organisation_id = ?2 AND mark = ?3)";

impl Reader<'_> {
    /// The marks of those who are kept out of a club.
    pub fn erased_marks(&self, club: ClubAt) -> Result<Vec<Mark>> {
        self.connection
            .prepare_cached(MARKS)
            .and_then(|mut statement| statement.query_map(named(&club), mark)?.collect())
            .explain("read", self.path)
    }

    /// How many people are kept out of a club because they were erased.
    pub fn count_erased(&self, club: ClubAt) -> Result<u64> {
        self.connection
            .prepare_cached(COUNT)
            .and_then(|mut statement| {
                statement.query_row(named(&club), |row| super::sync_run::count_at(row, 0))
            })
            .explain("read", self.path)
    }

    /// When the file became clean of the newest erasures of which backups may still be there, up to a moment.
    pub fn newest_unclean_erasure(&self, until: UtcMillis) -> Result<Option<UtcMillis>> {
        self.connection
            .prepare_cached(UNCLEAN)
            .and_then(|mut statement| {
                statement.query_row([until.0], |row| row.get::<_, Option<i64>>(0))
            })
            .explain("read", self.path)
            .map(|at| at.map(UtcMillis))
    }
}

impl Writer<'_> {
    /// Notes that somebody was erased, and by what they are kept out.
    pub fn put_erasure(&self, erasure: &ErasureRecord, marks: &[Mark]) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO erasure (id, connector_id, organisation_id, erased_at)
                 VALUES (:id, :connector, :organisation, :at) ON CONFLICT (id) DO NOTHING",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&erasure.id), ":connector": blob(&erasure.club.connector_id),
                    ":organisation": blob(&erasure.club.organisation_id), ":at": erasure.erased_at.0,
                })
            })
            .explain("write", self.path)?;
        let mut statement = self
            .connection
            .prepare_cached(
                "INSERT INTO erased_mark (connector_id, organisation_id, mark, erasure_id)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (connector_id, organisation_id, mark) DO UPDATE SET erasure_id = excluded.erasure_id",
            )
            .explain("write", self.path)?;
        for mark in marks {
            let (connector, organisation) = named(&erasure.club);
            statement
                .execute((connector, organisation, mark.as_slice(), blob(&erasure.id)))
                .explain("write", self.path)?;
        }
        Ok(())
    }

    /// Lets the person of a mark in again, with all marks that the same erasing made. False where nobody is kept out by it.
    pub fn let_erased_in(&self, club: ClubAt, mark: &Mark) -> Result<bool> {
        let (connector, organisation) = named(&club);
        self.connection
            .prepare_cached(LET_IN)
            .and_then(|mut statement| statement.execute((connector, organisation, mark.as_slice())))
            .explain("write", self.path)
            .map(|removed| removed > 0)
    }

    /// Notes that the file and its log are clean of everybody who was erased.
    pub fn file_is_clean(&self, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(SCRUBBED)
            .and_then(|mut statement| statement.execute([now.0]))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Notes that no backup from before the file became clean is left.
    pub fn backups_are_clean(&self, until: UtcMillis, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(CLEAN)
            .and_then(|mut statement| statement.execute((until.0, now.0)))
            .explain("write", self.path)?;
        Ok(())
    }
}

/// What a file that a restore has set aside says about erased people.
pub struct ErasedAside {
    /// The erasings.
    pub erasures: Vec<ErasureWithMarks>,
    /// The names of files that were set aside before and that it had asked itself.
    pub asked: Vec<String>,
}

/// Asks another file with the same key who was erased. Nothing is changed in it. None where it cannot be opened with this key, is
/// of another database, or of a format that knows no erasing.
#[must_use]
pub fn erased_in(path: &Path, key: &str, database_id: Uuid) -> Option<ErasedAside> {
    let other = connection::open(path, key, Mode::Probe).ok()?;
    let version = migrate::version_of(&other, path).ok()?;
    let id = meta::read(&other, path, meta::DATABASE_ID).ok()??;
    if id != database_id.to_string() || version < SINCE {
        return None;
    }
    let all: Vec<ErasureRecord> = other
        .prepare(ALL)
        .and_then(|mut statement| statement.query_map([], erasure)?.collect())
        .ok()?;
    let mut erasures = Vec::with_capacity(all.len());
    for one in all {
        let marks = other
            .prepare_cached(OF_ERASURE)
            .and_then(|mut statement| statement.query_map([blob(&one.id)], mark)?.collect())
            .ok()?;
        erasures.push((one, marks));
    }
    let asked: Vec<String> = other
        .prepare(ASKED_ONES)
        .and_then(|mut statement| {
            statement
                .query_map([format!("{ASKED}~")], |row| row.get(0))?
                .collect()
        })
        .ok()?;
    let name = |key: &String| key.strip_prefix(ASKED).map(str::to_owned);
    Some(ErasedAside {
        erasures,
        asked: asked.iter().filter_map(name).collect(),
    })
}

fn named(club: &ClubAt) -> (&[u8], &[u8]) {
    (blob(&club.connector_id), blob(&club.organisation_id))
}

fn erasure(row: &Row<'_>) -> rusqlite::Result<ErasureRecord> {
    Ok(ErasureRecord {
        id: id_at(row, 0)?,
        club: ClubAt {
            connector_id: id_at(row, 1)?,
            organisation_id: id_at(row, 2)?,
        },
        erased_at: UtcMillis(row.get(3)?),
    })
}

fn mark(row: &Row<'_>) -> rusqlite::Result<Mark> {
    row.get(0)
}

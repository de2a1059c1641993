//! Taking one person out of every table. Statements only; who the person is, and in which connections, is decided by the caller.
//! What the deleted rows leave in the file's free places is `scrub.rs`.

use std::collections::BTreeSet;

use rusqlite::{Row, named_params};
use uuid::Uuid;

use super::member::optional_values_at;
use super::plan_row::PlanRecord;
use super::sqlite_error::SqliteResult;
use super::sync_run::count_at;
use super::word::{blob, id_at};
use super::{Reader, Writer};
use crate::error::Result;
use crate::members::MemberValues;
use crate::sync::erased::{ClubAt, NamesAndBirth};

/// Runs of a connection, for statements about their rows.
const RUNS: &str = "run_id IN (SELECT id FROM sync_run WHERE connection_id = ?1)";
/// A row that is about no member that is left.
const NOBODY_ELSES: &str = "NOT EXISTS (SELECT 1 FROM member m WHERE m.id = member_id)";
/// A record without an identifier of the same names, of whom nothing speaks against being the person.
const SAME_BIRTH: &str =
    "external_id IS NULL AND names_key = ?2 AND (?3 IS NULL OR coalesce(json_extract(";

pub(super) const CONNECTIONS: &str =
    "SELECT id FROM connection INDEXED BY connection_by_organisation
    WHERE organisation_id = ?2 AND connector_id = ?1 ORDER BY enabled_at";
pub(super) const UNDO_ONWARDS: &str = "SELECT member_id, current FROM undo_row
    WHERE run_id = ?1 AND member_id > ?2 ORDER BY member_id LIMIT ?3";
pub(super) const RUN_IDS: &str = "SELECT id FROM sync_run WHERE connection_id = ?1";

pub(super) fn rows_of_member(table: &str) -> String {
    match table {
        "undo_row" => {
            "DELETE FROM undo_row WHERE member_id = ?2 AND ?1 IS NOT NULL RETURNING run_id"
                .to_owned()
        }
        _ => format!("DELETE FROM {table} WHERE {RUNS} AND member_id = ?2 RETURNING run_id"),
    }
}

pub(super) fn rows_of_id(table: &str) -> String {
    format!(
        "DELETE FROM {table} WHERE {RUNS} AND external_id = ?2 AND {NOBODY_ELSES} RETURNING run_id"
    )
}

pub(super) fn rows_of_names(table: &str) -> String {
    // Where a row holds the record, and the member where it holds none.
    let values = if table == "undo_row" {
        "current"
    } else {
        "coalesce(remote, after, '{}')"
    };
    format!(
        "DELETE FROM {table} WHERE {RUNS} AND {SAME_BIRTH}{values}, '$.date_of_birth'), ?3) = ?3)
            AND {NOBODY_ELSES} RETURNING run_id"
    )
}

/// Rows of no member that say of one that they are perhaps about it: its identifier stands in them as text.
pub(super) const PROPOSING: &str = "SELECT run_id, number FROM plan_row
    WHERE run_id IN (SELECT id FROM sync_run WHERE connection_id = ?1)
        AND kind IN ('problem', 'unchanged') AND member_id IS NULL AND instr(detail, ?2) > 0";
pub(super) const COUNT_PLAN: &str = "SELECT count(*) FROM plan_row
    WHERE run_id IN (SELECT id FROM sync_run WHERE connection_id = ?1) AND member_id = ?2";
pub(super) const COUNT_UNDO: &str =
    "SELECT count(*) FROM undo_row INDEXED BY undo_row_by_member WHERE member_id = ?1";
pub(super) const COUNT_DECISIONS: &str =
    "SELECT count(*) FROM conflict_decision WHERE member_id = ?1";
/// An identifier that somebody typed into an address stands there as one whole part of the path.
pub(super) const MASK: &str = "UPDATE attempt
    SET endpoint = substr(replace(endpoint || '/', '/' || ?2 || '/', '/{member_id}/'), 1,
        length(replace(endpoint || '/', '/' || ?2 || '/', '/{member_id}/')) - 1)
    WHERE connector_id = ?1 AND instr(endpoint || '/', '/' || ?2 || '/') > 0";

/// The tables with rows of runs.
pub(super) const OF_RUNS: [&str; 2] = ["plan_row", "undo_row"];

/// What there is about a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KnownAbout {
    /// Rows of plans.
    pub plan_rows: u64,
    /// How it was before runs.
    pub undo_rows: u64,
    /// What was decided about its conflicts.
    pub decisions: u64,
}

impl Reader<'_> {
    /// All connections of a club to a connector, those that have ended too.
    pub fn connections_of(&self, club: ClubAt) -> Result<Vec<Uuid>> {
        let ids = (blob(&club.connector_id), blob(&club.organisation_id));
        self.connection
            .prepare_cached(CONNECTIONS)
            .and_then(|mut statement| statement.query_map(ids, |row| id_at(row, 0))?.collect())
            .explain("read", self.path)
    }

    /// Runs of a connection, in no order.
    pub fn run_ids(&self, connection_id: Uuid) -> Result<Vec<Uuid>> {
        self.connection
            .prepare_cached(RUN_IDS)
            .and_then(|mut statement| {
                statement
                    .query_map([blob(&connection_id)], |row| id_at(row, 0))?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// How members were before a run, those after a member; none where the run brought it.
    pub fn undo_values(
        &self,
        run_id: Uuid,
        after: Uuid,
        limit: u32,
    ) -> Result<Vec<(Uuid, Option<MemberValues>)>> {
        let read = |row: &Row<'_>| Ok((id_at(row, 0)?, optional_values_at(row, 1)?));
        self.connection
            .prepare_cached(UNDO_ONWARDS)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&run_id), blob(&after), limit), read)?
                    .collect()
            })
            .explain("read", self.path)
    }

    /// Rows of plans of a connection about records of which it is not certain that they are a member's, each with its run.
    pub fn rows_proposing(
        &self,
        connection_id: Uuid,
        member_id: Uuid,
    ) -> Result<Vec<(Uuid, PlanRecord)>> {
        let places: Vec<(Uuid, i64)> = self
            .connection
            .prepare_cached(PROPOSING)
            .and_then(|mut statement| {
                statement
                    .query_map((blob(&connection_id), member_id.to_string()), |row| {
                        Ok((id_at(row, 0)?, row.get(1)?))
                    })?
                    .collect()
            })
            .explain("read", self.path)?;
        let mut found = Vec::with_capacity(places.len());
        for (run_id, number) in places {
            let rows = self.plan_rows(run_id, number - 1, 1)?;
            found.extend(rows.into_iter().map(|row| (run_id, row)));
        }
        Ok(found)
    }

    /// What there is about a member of a connection.
    pub fn known_about(&self, connection_id: Uuid, member_id: Uuid) -> Result<KnownAbout> {
        let count = |sql: &str, ids: &[&[u8]]| {
            self.connection
                .prepare_cached(sql)
                .and_then(|mut statement| {
                    statement.query_row(rusqlite::params_from_iter(ids), |row| count_at(row, 0))
                })
                .explain("read", self.path)
        };
        let (connection, member) = (blob(&connection_id), blob(&member_id));
        Ok(KnownAbout {
            plan_rows: count(COUNT_PLAN, &[connection, member])?,
            undo_rows: count(COUNT_UNDO, &[member])?,
            decisions: count(COUNT_DECISIONS, &[member])?,
        })
    }
}

impl Writer<'_> {
    /// Deletes a member; its words and decisions go with it.
    pub fn delete_member(&self, member_id: Uuid) -> Result<bool> {
        self.connection
            .prepare_cached("DELETE FROM member WHERE id = ?1")
            .and_then(|mut statement| statement.execute([blob(&member_id)]))
            .explain("write", self.path)
            .map(|removed| removed > 0)
    }

    /// Deletes what runs of a connection keep about a member. The runs that had something.
    pub fn delete_rows_of_member(&self, connection_id: Uuid, member_id: Uuid) -> Result<Rows> {
        self.delete_rows(rows_of_member, |statement| {
            statement
                .query_map((blob(&connection_id), blob(&member_id)), |row| {
                    id_at(row, 0)
                })?
                .collect()
        })
    }

    /// The same about whoever had a federation's identifier and is no member any more.
    pub fn delete_rows_of_id(&self, connection_id: Uuid, external_id: &str) -> Result<Rows> {
        self.delete_rows(rows_of_id, |statement| {
            statement
                .query_map((blob(&connection_id), external_id), |row| id_at(row, 0))?
                .collect()
        })
    }

    /// The same about whoever had these names, no identifier and no other date of birth, and is no member any more.
    pub fn delete_rows_of_names(&self, connection_id: Uuid, who: &NamesAndBirth) -> Result<Rows> {
        self.delete_rows(rows_of_names, |statement| {
            statement
                .query_map((blob(&connection_id), &who.names, &who.born), |row| {
                    id_at(row, 0)
                })?
                .collect()
        })
    }

    fn delete_rows(
        &self,
        sql: impl Fn(&str) -> String,
        run: impl Fn(&mut rusqlite::Statement<'_>) -> rusqlite::Result<Vec<Uuid>>,
    ) -> Result<Rows> {
        let mut rows = Rows::default();
        for table in OF_RUNS {
            let runs = self
                .connection
                .prepare_cached(&sql(table))
                .and_then(|mut statement| run(&mut statement))
                .explain("write", self.path)?;
            if table == "plan_row" {
                rows.plan += runs.len() as u64;
                rows.plans.extend(runs);
            } else {
                rows.undo += runs.len() as u64;
            }
        }
        Ok(rows)
    }

    /// Forgets that a record is kept out since an undo: the mark is a plain digest.
    pub fn forget_kept_out(&self, connection_id: Uuid, key: &[u8; 32]) -> Result<()> {
        self.connection
            .prepare_cached("DELETE FROM kept_out WHERE connection_id = :connection AND key = :key")
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":connection": blob(&connection_id), ":key": key.as_slice(),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Puts the place-holder where an identifier stands in the path of a recorded request. How many there were.
    pub fn mask_in_requests(&self, connector_id: Uuid, external_id: &str) -> Result<usize> {
        self.connection
            .prepare_cached(MASK)
            .and_then(|mut statement| statement.execute((blob(&connector_id), external_id)))
            .explain("write", self.path)
    }
}

/// Rows of runs that were deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rows {
    /// Rows of plans.
    pub plan: u64,
    /// How the person was before runs.
    pub undo: u64,
    /// The runs whose plans had the person.
    pub plans: BTreeSet<Uuid>,
}

impl Rows {
    /// Both together.
    pub fn add(&mut self, other: Self) {
        self.plan += other.plan;
        self.undo += other.undo;
        self.plans.extend(other.plans);
    }
}

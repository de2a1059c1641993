//! Tables `connection` and `connection_event`: a club at a connector. A live row is one without `disconnected_at`;
//! a disconnection ends it and keeps it. (`connection.rs` is the way to the file and another thing.)

use rusqlite::{OptionalExtension, Row, named_params};
use uuid::Uuid;

use super::sqlite_error::SqliteResult;
use super::word::{blob, id_at, optional_word, optional_word_at, word, word_at};
use super::{Reader, Writer};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::view::ClubEventKind;

/// A club at a connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClubConnectionRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// Which connector.
    pub connector_id: Uuid,
    /// Which club.
    pub organisation_id: Uuid,
    /// The federation's own identifier of the club.
    pub federation_org_id: String,
    /// The federation's own name of the club, where it was looked up.
    pub federation_name: Option<String>,
    /// What the federation calls it, folded for searching.
    pub search_key: String,
    /// Connected.
    pub enabled_at: UtcMillis,
    /// Disconnected; none while it is live.
    pub disconnected_at: Option<UtcMillis>,
    /// Last sync.
    pub last_sync_at: Option<UtcMillis>,
    /// Failures in a row that concern this club alone.
    pub consecutive_failures: u32,
    /// The last of them; a success later leaves it.
    pub last_error: Option<ClubFailure>,
    /// Row made.
    pub created_at: UtcMillis,
    /// Counts every change, from 1.
    pub version: i64,
}

/// A failure that concerns one club.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClubFailure {
    /// When.
    pub at: UtcMillis,
    /// Who must act.
    pub class: FailureClass,
    /// What was seen; none where pages did not follow each other.
    pub finding: Option<Finding>,
}

/// One thing that happened to a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClubEventRecord {
    /// Identifier (UUID version 7).
    pub id: Uuid,
    /// To which connection.
    pub connection_id: Uuid,
    /// When.
    pub at: UtcMillis,
    /// What.
    pub kind: ClubEventKind,
}

pub(super) const SELECT: &str = "SELECT id, connector_id, organisation_id, federation_org_id, federation_name,
    search_key, enabled_at, disconnected_at, last_sync_at, consecutive_failures, last_error_at, last_error_class,
    last_error_finding, created_at, version FROM connection";
pub(super) const LIVE: &str =
    "WHERE connector_id = ?1 AND organisation_id = ?2 AND disconnected_at IS NULL";
pub(super) const LIVE_BY_FEDERATION_ID: &str =
    "WHERE connector_id = ?1 AND federation_org_id = ?2 AND disconnected_at IS NULL";
pub(super) const ALL_LIVE: &str =
    "WHERE connector_id = ?1 AND disconnected_at IS NULL ORDER BY organisation_id";
pub(super) const ANY_LIVE: &str =
    "WHERE connector_id = ?1 AND disconnected_at IS NULL ORDER BY organisation_id LIMIT 1";
pub(super) const OF_CLUB: &str = "WHERE organisation_id = ?1 ORDER BY enabled_at DESC, id DESC";
pub(super) const END_ALL: &str = "UPDATE connection SET disconnected_at = ?2, version = version + 1
    WHERE connector_id = ?1 AND disconnected_at IS NULL";
pub(super) const EVENTS: &str = "SELECT id, connection_id, at, kind FROM connection_event
    WHERE connection_id = ?1 ORDER BY at DESC, id DESC";

impl Reader<'_> {
    /// The live connection of a club to a connector.
    pub fn live_connection(
        &self,
        connector: Uuid,
        organisation: Uuid,
    ) -> Result<Option<ClubConnectionRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} {LIVE}"))
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&connector), blob(&organisation)), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// The live connection that has the federation's identifier.
    pub fn live_connection_of(
        &self,
        connector: Uuid,
        federation_org_id: &str,
    ) -> Result<Option<ClubConnectionRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} {LIVE_BY_FEDERATION_ID}"))
            .and_then(|mut statement| {
                statement
                    .query_row((blob(&connector), federation_org_id), record)
                    .optional()
            })
            .explain("read", self.path)
    }

    /// The connection with this identifier, live or not.
    pub fn connection_by_id(&self, id: Uuid) -> Result<Option<ClubConnectionRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = ?1"))
            .and_then(|mut statement| statement.query_row([blob(&id)], record).optional())
            .explain("read", self.path)
    }

    /// The live connections of a connector.
    pub fn live_connections(&self, connector: Uuid) -> Result<Vec<ClubConnectionRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} {ALL_LIVE}"))
            .and_then(|mut statement| statement.query_map([blob(&connector)], record)?.collect())
            .explain("read", self.path)
    }

    /// One of the live connections of a connector, as long as it is live the same one.
    pub fn any_live_connection(&self, connector: Uuid) -> Result<Option<ClubConnectionRecord>> {
        self.connection
            .prepare_cached(&format!("{SELECT} {ANY_LIVE}"))
            .and_then(|mut statement| statement.query_row([blob(&connector)], record).optional())
            .explain("read", self.path)
    }

    /// All connections of a club, ended ones too, the newest first.
    pub fn connections_of_club(&self, organisation: Uuid) -> Result<Vec<ClubConnectionRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} {OF_CLUB}"))
            .explain("read", self.path)?;
        let rows = statement
            .query_map([blob(&organisation)], record)
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }

    /// What happened to a connection, newest first.
    pub fn connection_events(&self, connection: Uuid) -> Result<Vec<ClubEventRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(EVENTS)
            .explain("read", self.path)?;
        let rows = statement
            .query_map([blob(&connection)], |row| {
                Ok(ClubEventRecord {
                    id: id_at(row, 0)?,
                    connection_id: id_at(row, 1)?,
                    at: UtcMillis(row.get(2)?),
                    kind: word_at(row, 3)?,
                })
            })
            .explain("read", self.path)?;
        rows.collect::<rusqlite::Result<_>>()
            .explain("read", self.path)
    }
}

impl Writer<'_> {
    /// Adds a connection. The caller has looked for duplicates within the transaction.
    pub fn insert_connection(&self, new: &ClubConnectionRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connection (id, connector_id, organisation_id, federation_org_id, federation_name,
                     search_key, enabled_at, disconnected_at, last_sync_at, consecutive_failures, created_at, version)
                 VALUES (:id, :connector, :organisation, :federation_org_id, :federation_name, :search_key,
                     :enabled_at, :disconnected_at, :last_sync_at, :failures, :created_at, :version)",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&new.id),
                    ":connector": blob(&new.connector_id),
                    ":organisation": blob(&new.organisation_id),
                    ":federation_org_id": new.federation_org_id,
                    ":federation_name": new.federation_name,
                    ":search_key": new.search_key,
                    ":enabled_at": new.enabled_at.0,
                    ":disconnected_at": new.disconnected_at.map(|at| at.0),
                    ":last_sync_at": new.last_sync_at.map(|at| at.0),
                    ":failures": new.consecutive_failures,
                    ":created_at": new.created_at.0,
                    ":version": new.version,
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Stores how a connection stands: its end, its sync, its failures. Counts the version.
    pub fn update_connection(&self, changed: &ClubConnectionRecord) -> Result<()> {
        let error = changed.last_error;
        self.connection
            .prepare_cached(
                "UPDATE connection SET disconnected_at = :disconnected_at, last_sync_at = :last_sync_at,
                     consecutive_failures = :failures, last_error_at = :error_at, last_error_class = :error_class,
                     last_error_finding = :error_finding, version = version + 1
                 WHERE id = :id",
            )
            .and_then(|mut statement| {
                statement.execute(named_params! {
                    ":id": blob(&changed.id),
                    ":disconnected_at": changed.disconnected_at.map(|at| at.0),
                    ":last_sync_at": changed.last_sync_at.map(|at| at.0),
                    ":failures": changed.consecutive_failures,
                    ":error_at": error.map(|error| error.at.0),
                    ":error_class": error.map(|error| word(&error.class)),
                    ":error_finding": optional_word(error.and_then(|error| error.finding).as_ref()),
                })
            })
            .explain("write", self.path)?;
        Ok(())
    }

    /// Ends every live connection of a connector, as its purge does.
    pub fn end_connections(&self, connector: Uuid, now: UtcMillis) -> Result<()> {
        self.connection
            .prepare_cached(END_ALL)
            .and_then(|mut statement| statement.execute((blob(&connector), now.0)))
            .explain("write", self.path)?;
        Ok(())
    }

    /// Notes what happened to a connection.
    pub fn insert_connection_event(&self, new: &ClubEventRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO connection_event (id, connection_id, at, kind) VALUES (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut statement| {
                statement.execute((
                    blob(&new.id),
                    blob(&new.connection_id),
                    new.at.0,
                    word(&new.kind),
                ))
            })
            .explain("write", self.path)?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<ClubConnectionRecord> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|t| t.map(UtcMillis));
    let class: Option<FailureClass> = optional_word_at(row, 11)?;
    let finding = optional_word_at(row, 12)?;
    Ok(ClubConnectionRecord {
        id: id_at(row, 0)?,
        connector_id: id_at(row, 1)?,
        organisation_id: id_at(row, 2)?,
        federation_org_id: row.get(3)?,
        federation_name: row.get(4)?,
        search_key: row.get(5)?,
        enabled_at: UtcMillis(row.get(6)?),
        disconnected_at: time(7)?,
        last_sync_at: time(8)?,
        consecutive_failures: row.get(9)?,
        last_error: time(10)?
            .zip(class)
            .map(|(at, class)| ClubFailure { at, class, finding }),
        created_at: UtcMillis(row.get(13)?),
        version: row.get(14)?,
    })
}

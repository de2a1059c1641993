//! Clubs and their connections to connectors (M7).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::HealthState;
use super::MissedQuestionView;
use crate::error::FieldError;
use crate::failure::{FailureClass, Finding};

/// How a club itself stands; what is wrong with its connector stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClubState {
    /// The last try failed for a reason that concerns this club alone.
    Failing,
    /// Never synced.
    NeverSynced,
    /// Synced.
    Synced,
    /// No longer connected.
    Disconnected,
}

/// A club at a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubView {
    /// Identifier of the connection (UUID version 7).
    pub id: String,
    /// Federation code of the connector.
    pub code: String,
    /// Name of the connector.
    pub connector_name: String,
    /// What a person reads about the connector.
    pub connector_state: HealthState,
    /// The club's own identifier, chosen by whoever connected it.
    pub org: String,
    /// Name of the club.
    pub name: String,
    /// The federation's identifier of the club.
    pub federation_org: String,
    /// The federation's own name of the club, where it was looked up.
    pub federation_name: Option<String>,
    /// How the club itself stands.
    pub state: ClubState,
    /// Connected, UTC milliseconds.
    #[ts(type = "number")]
    pub enabled_at: i64,
    /// Disconnected, UTC milliseconds.
    #[ts(type = "number | null")]
    pub disconnected_at: Option<i64>,
    /// Last sync, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_sync_at: Option<i64>,
    /// Failures in a row that concern this club alone.
    pub consecutive_failures: u32,
    /// The last of them, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_error_at: Option<i64>,
    /// Who must act on it.
    pub last_error_class: Option<FailureClass>,
    /// What was seen; none where the pages of the list did not follow each other.
    pub last_error_finding: Option<Finding>,
    /// When it runs by itself and what waits for a person; in lists of connected clubs.
    pub schedule: Option<ClubScheduleView>,
}

/// How a connected club runs by itself, in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubScheduleView {
    /// Its members come out of files alone, so that nothing is ever read by itself.
    pub by_file: bool,
    /// When it runs next, its delay included, UTC milliseconds; none where it does not run by itself.
    #[ts(type = "number | null")]
    pub next_at: Option<i64>,
    /// When a failed run is tried again, UTC milliseconds.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// When the last retry had failed too, UTC milliseconds.
    #[ts(type = "number | null")]
    pub gave_up_at: Option<i64>,
    /// What a person is asked.
    pub question: Option<MissedQuestionView>,
    /// The newest plan that waits for a person: whether it is held.
    pub waits: Option<PlanWaits>,
}

/// A plan that waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlanWaits {
    /// It can be looked at and applied.
    Ready,
    /// A guard has stopped it, until a person allows it.
    Held,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClubSort {
    /// By the club's name, without regard to case and accents.
    #[default]
    Name,
    /// By last sync, never synced first.
    LastSync,
}

/// Which connected clubs to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ClubListRequest {
    /// Those of one connector, deleted or not; all of live connectors where absent.
    #[ts(optional)]
    pub code: Option<String>,
    /// Words in what is known of club and connector; fadas and capitals make no difference.
    pub search: String,
    /// Order.
    pub sort: ClubSort,
    /// Other way round.
    pub descending: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most, 1 to 500; absent: all.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A part of the list with its numbers.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClubListView {
    /// The rows.
    pub rows: Vec<ClubView>,
    /// Rows that match the search in total.
    pub total: u32,
    /// All, regardless of the search.
    pub all: u32,
}

/// A club that is to be connected.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ClubConnectRequest {
    /// Federation code of the connector.
    pub code: String,
    /// The club's own identifier, 1 to 100 characters; one that is known already is that club.
    pub org: String,
    /// Name of the club, 1 to 200 characters; a known club gets it.
    pub name: String,
    /// The federation's identifier of the club, 1 to 200 characters.
    pub federation_org: String,
    /// The federation's own name of the club, as its look-up gave it.
    #[serde(default)]
    #[ts(optional)]
    pub federation_name: Option<String>,
}

/// What the federation says about a club's identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubLookUpView {
    /// This connector can look a club up.
    pub offered: bool,
    /// The federation's own name of the club.
    pub name: Option<String>,
}

/// What kind of thing happened to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClubEventKind {
    /// Connected.
    Connected,
    /// Disconnected.
    Disconnected,
    /// A failure came that concerns this club alone, and none before it.
    Failed,
    /// Well again after such failures.
    Recovered,
}

/// One thing that happened to a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubEventView {
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Federation code of the connector.
    pub code: String,
    /// The federation's identifier of the club.
    pub federation_org: String,
    /// What.
    pub kind: ClubEventKind,
}

/// A club with all its connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubHistoryView {
    /// The club's own identifier.
    pub org: String,
    /// Name.
    pub name: String,
    /// Its connections, ended ones too, the newest first.
    pub connections: Vec<ClubView>,
    /// What happened to them, newest first.
    pub events: Vec<ClubEventView>,
}

/// What became of one line of a list of clubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClubImportOutcome {
    /// Connected.
    Connected,
    /// Was connected already, under this id.
    Already,
    /// Refused; the fields say why.
    Refused,
}

/// One line of a list of clubs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubImportLineView {
    /// Number of the line, from 1.
    pub line: u32,
    /// The club's own identifier as it stands there.
    pub org: String,
    /// Name as it stands there.
    pub name: String,
    /// The federation's identifier as it stands there.
    pub federation_org: String,
    /// What became of it.
    pub outcome: ClubImportOutcome,
    /// The broken rules of a refused one.
    pub fields: Vec<FieldError>,
}

/// What an import of clubs did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct ClubImportView {
    /// Lines that were connected.
    pub connected: u32,
    /// Lines that were connected already.
    pub already: u32,
    /// Lines that were refused.
    pub refused: u32,
    /// Every line that says something, in the order of the list.
    pub lines: Vec<ClubImportLineView>,
}

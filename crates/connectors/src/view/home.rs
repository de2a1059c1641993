//! Home: one sentence, what needs a person with one button each, and how everything stands.

use serde::Serialize;
use ts_rs::TS;

use super::{BeatView, ErrorEntryView, HealthAction, HealthState, HealthView, ResponsePointView};
use crate::failure::{FailureClass, Finding};

/// What it is that needs a person: which sentence is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttentionKind {
    /// A connector does not work until somebody acts.
    Connector,
    /// A key or a token ends soon, or has ended.
    Expiring,
    /// A run of the club was undone: apply again, or keep what was.
    Undone,
    /// A guard holds the plan of the club.
    Guard,
    /// The plan of the club has conflicts.
    Conflicts,
    /// A schedule made the plan of the club and may not apply it.
    Plan,
    /// The last try failed for a reason that concerns this club alone, and nothing tries again by itself.
    ClubFailing,
    /// Runs were missed: shall they be made up for?
    MissedRuns,
}

/// One thing that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AttentionView {
    /// What it is.
    pub kind: AttentionKind,
    /// The state that it stands for; `held` is of a club, `expiring` of a connector that still works.
    pub state: HealthState,
    /// Federation code.
    pub code: String,
    /// Name of the connector.
    pub name: String,
    /// The club, by its own id, where it is about one.
    pub org: Option<String>,
    /// Its name.
    pub club: Option<String>,
    /// Since when, UTC milliseconds.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// Who must act.
    pub class: Option<FailureClass>,
    /// What was seen.
    pub finding: Option<Finding>,
    /// Connected clubs that it holds up.
    pub clubs: u32,
    /// When the lists of those clubs were last brought up to date, UTC milliseconds: the oldest; absent where one never was.
    #[ts(type = "number | null")]
    pub lists_from: Option<i64>,
    /// The plan that waits.
    pub plan_id: Option<String>,
    /// The guard that stopped it, by its word.
    pub guard: Option<String>,
    /// Members before and in the new list, where a guard stopped it.
    #[ts(type = "number | null")]
    pub members_before: Option<u64>,
    /// Members in the new list.
    #[ts(type = "number | null")]
    pub members_now: Option<u64>,
    /// Members with a conflict, where that is why.
    #[ts(type = "number | null")]
    pub conflicts: Option<u64>,
    /// Missed runs, where that is why; 100 may be more.
    pub missed: Option<u32>,
    /// When the key or token ends, UTC milliseconds.
    #[ts(type = "number | null")]
    pub expires_at: Option<i64>,
    /// The one button.
    pub action: HealthAction,
}

/// A connector on Home.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct HomeConnectorView {
    /// Its health.
    #[serde(flatten)]
    pub health: HealthView,
    /// The newest checks, oldest first, at most 90.
    pub beats: Vec<BeatView>,
    /// Whether it is one of files alone: nothing to check.
    pub by_file: bool,
}

/// Why something runs then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ComingRunKind {
    /// A schedule.
    Schedule,
    /// Another try of a run that failed.
    Retry,
    /// The federation's limit ends.
    LimitEnds,
    /// A probe of a connector that was stopped.
    Probe,
}

/// What runs next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ComingRunView {
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Why.
    pub kind: ComingRunKind,
    /// Federation code.
    pub code: String,
    /// Name of the connector.
    pub name: String,
    /// The club, by its own id, where it is about one.
    pub org: Option<String>,
    /// Its name.
    pub club: Option<String>,
}

/// Home.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct HomeView {
    /// Connected clubs.
    pub clubs_all: u32,
    /// Of them, those whose list was brought up to date by their last run and that wait for nobody.
    pub clubs_up_to_date: u32,
    /// Connectors.
    pub connectors_all: u32,
    /// Of them, healthy ones.
    pub connectors_healthy: u32,
    /// Things that need a person, altogether.
    pub needs_you: u32,
    /// The first of them, at most 50: those that hold up most first.
    pub attention: Vec<AttentionView>,
    /// Connectors by what needs a person first, at most 50.
    pub connectors: Vec<HomeConnectorView>,
    /// Clubs that are syncing now, by name, at most 5.
    pub syncing: Vec<String>,
    /// The last 24 hours of all connectors, an hour each, oldest first.
    pub hours: Vec<ResponsePointView>,
    /// 95 of 100 answers of the last hour in which anything was answered came faster, milliseconds.
    pub p95_ms: Option<u32>,
    /// What runs next, at most 5.
    pub next_runs: Vec<ComingRunView>,
    /// The newest lines of the error log, at most 5.
    pub recent_errors: Vec<ErrorEntryView>,
    /// Lines of the error log in the last 7 days, counted up to 1,000.
    pub errors_7d: u32,
    /// The newest check of any connector, UTC milliseconds.
    #[ts(type = "number | null")]
    pub checked_at: Option<i64>,
}

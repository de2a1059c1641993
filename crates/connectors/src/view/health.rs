//! Health: what recorded attempts and checks say of a connector, what needs a person, and what failed. Shares are percent
//! (0 to 100); what nobody knows is absent, never 100. No value of a member is in here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ExportFormat, HealthState, Status};
use crate::failure::{FailureClass, Finding};

/// What a person can do about a state. One button each, in the window as in the words of `fedctl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthAction {
    /// Sign in, or sign in again.
    SignIn,
    /// Give another key, password or client secret.
    ReplaceKey,
    /// Change a setting.
    OpenSettings,
    /// Look at a plan that waits, and decide.
    ReviewPlan,
    /// Check now.
    Check,
    /// Run again what failed.
    Retry,
    /// Resume what was paused.
    Resume,
}

/// The health of one connector.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct HealthView {
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// Since when it is in that state, UTC milliseconds.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// Why, where something is wrong: who must act.
    pub class: Option<FailureClass>,
    /// Why: what was seen.
    pub finding: Option<Finding>,
    /// What a person can do; absent where the clock, the federation or nobody acts.
    pub action: Option<HealthAction>,
    /// Share of what was answered in the last 24 hours: the mean of the hours in which anything counted was asked. Being offline, a club's
    /// own failure and what a person stopped never count.
    pub uptime_24h: Option<f64>,
    /// The same of 7 days.
    pub uptime_7d: Option<f64>,
    /// The same of 30 days.
    pub uptime_30d: Option<f64>,
    /// The same of 365 days.
    pub uptime_1y: Option<f64>,
    /// Share of the attempts of the last 24 hours that failed, whatever the class; being offline and being stopped by a person are none.
    pub error_rate_24h: Option<f64>,
    /// Half of the answers of the last 24 hours came faster, milliseconds (the upper bound of a step of the histogram).
    pub p50_ms: Option<u32>,
    /// 95 of 100 did.
    pub p95_ms: Option<u32>,
    /// Connector-wide failures in a row.
    pub consecutive_failures: u32,
    /// Last success, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_success_at: Option<i64>,
    /// Last error, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_error_at: Option<i64>,
    /// Last sync of any club, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_sync_at: Option<i64>,
    /// Last check, by a call of its own or by traffic that proved the same, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_check_at: Option<i64>,
    /// When it is tried or checked next, UTC milliseconds.
    #[ts(type = "number | null")]
    pub next_try_at: Option<i64>,
    /// When a key or a token with a known end ends, UTC milliseconds.
    #[ts(type = "number | null")]
    pub expires_at: Option<i64>,
    /// Connected clubs.
    pub clubs: u32,
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BeatOutcome {
    /// Answered.
    Answered,
    /// Answered slowly (5 seconds or more), or only when it was asked again.
    Slow,
    /// Not answered, or answered with a failure that concerns the whole connector.
    Failed,
    /// This computer had no network, or a sign-in page of a network was in between. Never counted.
    Offline,
}

/// One check, oldest first in a bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BeatView {
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// What it came to.
    pub outcome: BeatOutcome,
    /// Milliseconds, where something was answered.
    pub ms: Option<u32>,
    /// HTTP status, where one came.
    pub http_status: Option<u16>,
    /// What was seen.
    pub finding: Option<Finding>,
    /// Whether traffic proved it, so that no call of its own was made.
    pub by_traffic: bool,
}

/// Response times of an hour or of a day.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ResponsePointView {
    /// Start of the hour or the day (UTC), UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Milliseconds; absent where nothing was answered.
    pub p50_ms: Option<u32>,
    /// Milliseconds; absent where nothing was answered.
    pub p95_ms: Option<u32>,
    /// Attempts.
    #[ts(type = "number")]
    pub attempts: u64,
    /// Of them, those that failed.
    #[ts(type = "number")]
    pub failed: u64,
}

/// The health of one connector with what its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct HealthDetailView {
    /// The line.
    #[serde(flatten)]
    pub health: HealthView,
    /// The newest checks, oldest first, at most 90.
    pub beats: Vec<BeatView>,
    /// The last 24 hours, an hour each, oldest first; an hour without attempts is there with none.
    pub hours: Vec<ResponsePointView>,
    /// The last 30 days, a day each, likewise.
    pub days: Vec<ResponsePointView>,
}

/// Which connectors: a filter of bulk acts and of the exported health. All that is given must fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "serde_json::Map<String, serde_json::Value>")]
pub struct HealthFilter {
    /// These codes.
    #[ts(optional)]
    pub codes: Option<Vec<String>>,
    /// Made from this preset (its federation).
    #[ts(optional)]
    pub preset: Option<String>,
    /// Of this class of failure now.
    #[ts(optional)]
    pub class: Option<FailureClass>,
    /// In this state now.
    #[ts(optional)]
    pub state: Option<HealthState>,
    /// Connected to this club (its own id).
    #[ts(optional)]
    pub org: Option<String>,
}

/// What [`HealthFilter`] is read from. A list in its place would be read as one without any field, which means everybody.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FilterFields {
    codes: Option<Vec<String>>,
    preset: Option<String>,
    class: Option<FailureClass>,
    state: Option<HealthState>,
    org: Option<String>,
}

impl TryFrom<serde_json::Map<String, serde_json::Value>> for HealthFilter {
    type Error = serde_json::Error;

    fn try_from(map: serde_json::Map<String, serde_json::Value>) -> Result<Self, Self::Error> {
        let FilterFields {
            codes,
            preset,
            class,
            state,
            org,
        } = serde_json::from_value(serde_json::Value::Object(map))?;
        Ok(Self {
            codes,
            preset,
            class,
            state,
            org,
        })
    }
}

/// What a bulk act did to one connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BulkConnectorView {
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether something was done; false where it was so already.
    pub done: bool,
    /// State afterwards.
    pub state: HealthState,
    /// Why not, where it failed: who must act; absent where the sentence says it all.
    pub class: Option<FailureClass>,
    /// Why not, where it failed: one sentence.
    pub problem: Option<String>,
}

/// From where a failure comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorSource {
    /// A request.
    Request,
    /// A test that a person asked for.
    Test,
    /// A check.
    Check,
    /// A sign-in, or the renewal of a token.
    SignIn,
    /// A sync of a club.
    Sync,
}

/// One line of the error log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ErrorEntryView {
    /// Identifier (UUID version 7).
    pub id: String,
    /// Federation code.
    pub code: String,
    /// Name of the connector.
    pub name: String,
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Who must act.
    pub class: FailureClass,
    /// What was seen.
    pub finding: Finding,
    /// HTTP status, where one came.
    pub http_status: Option<u16>,
    /// The template of the address, e.g. `/v1/members/{member_id}`; never a value.
    pub endpoint: Option<String>,
    /// From where.
    pub source: ErrorSource,
    /// The club that it concerns alone, by its own id.
    pub org: Option<String>,
    /// Its name.
    pub club: Option<String>,
    /// The run that it comes from.
    pub run_id: Option<String>,
    /// What happened, in one sentence.
    pub sentence: String,
    /// When a person said that it is dealt with, UTC milliseconds.
    #[ts(type = "number | null")]
    pub cleared_at: Option<i64>,
}

/// Which lines of the error log, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ErrorListRequest {
    /// Of this connector.
    #[ts(optional)]
    pub code: Option<String>,
    /// Of this class.
    #[ts(optional)]
    pub class: Option<FailureClass>,
    /// Those after this place: `next` of the page before.
    #[ts(optional)]
    pub after: Option<String>,
    /// Rows, 1 to 500.
    pub limit: u32,
}

/// A page of the error log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ErrorListView {
    /// The lines.
    pub rows: Vec<ErrorEntryView>,
    /// Where the next page starts; none at the end.
    pub next: Option<String>,
    /// How many fit altogether, counted up to 1,000.
    #[ts(type = "number")]
    pub found: u64,
    /// Whether there are more than that.
    pub more: bool,
}

/// Which connectors a file of health is to have, and in which form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct HealthExportRequest {
    /// The form.
    pub format: ExportFormat,
    /// Those that fit; all where absent.
    #[serde(default)]
    #[ts(optional)]
    pub filter: Option<HealthFilter>,
}

/// What such a file contains. No member, no address and no key is ever in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HealthExportLookView {
    /// Lines: one a connector.
    pub connectors: u32,
    /// What each line says, as its columns are called.
    pub columns: Vec<String>,
}

//! Schedules on the wire: when clubs sync by themselves, what may happen then, and what did.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{PlanCountsView, RunView};
use crate::error::Code;

pub use crate::sync::due::MissedPolicy;
pub use crate::sync::schedule::ClockChange;

/// What a schedule may do with the plan that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SchedulePolicy {
    /// Nothing: the plan waits for a person.
    #[default]
    PreviewOnly,
    /// Apply it where nobody has to look at it: no conflict, no leaver, no problem, and nothing holds it.
    ApplySafe,
}

/// Whether it runs by itself, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleState {
    /// It runs at its times.
    Runs,
    /// There is no schedule.
    None,
    /// It is switched off.
    Off,
    /// The connector is paused or deleted.
    Paused,
    /// The connector was stopped after failures; it runs again when it is well.
    Stopped,
}

/// A run to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NextRunView {
    /// When it starts, the delay included, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// The same in UTC (RFC 3339).
    pub utc: String,
    /// The same as the clocks of the zone show it, e.g. `2026-11-26T02:07:00`.
    pub local: String,
    /// Its weekday there: 1 is Monday, 7 Sunday.
    pub weekday: u8,
    /// What these clocks are ahead of UTC, in minutes.
    pub offset_minutes: i32,
    /// Calendar days from today in the zone: 0 is today, 1 tomorrow.
    pub days_from_now: i32,
    /// What a clock change does to it.
    pub clock_change: Option<ClockChange>,
}

/// A person is asked whether to make up for missed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct MissedQuestionView {
    /// When the newest of them should have been, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// How many; 100 may be more.
    pub missed: u32,
}

/// When a club, or all clubs of a connector, sync by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ScheduleView {
    /// Federation code of the connector.
    pub code: String,
    /// The club; none where it is about the connector.
    pub org: Option<String>,
    /// Name of the club, or of the connector.
    pub name: String,
    /// Whether it runs.
    pub state: ScheduleState,
    /// Five cron fields; none where there is no schedule.
    pub schedule: Option<String>,
    /// IANA time zone.
    pub time_zone: String,
    /// Of a club: it follows its connector.
    pub inherited: bool,
    /// What it may do; none where the clubs of a connector differ.
    pub policy: Option<SchedulePolicy>,
    /// What becomes of missed runs; none where the clubs of a connector differ.
    pub missed: Option<MissedPolicy>,
    /// By how much a club starts later than the schedule says, so that not all ask at once: 0 to 15 minutes. 0 for a connector.
    pub delay_minutes: u8,
    /// The next five runs, as far as it runs.
    pub next: Vec<NextRunView>,
    /// The newest run of a club.
    pub last_run: Option<RunView>,
    /// The newest plan that waits for a person.
    pub waits: Option<RunView>,
    /// When a failed run is tried again, UTC milliseconds.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// How often it was tried again.
    pub retry_count: u32,
    /// When the last retry had failed too, UTC milliseconds.
    #[ts(type = "number | null")]
    pub gave_up_at: Option<i64>,
    /// What a person is asked.
    pub question: Option<MissedQuestionView>,
    /// A run was undone: nothing is applied until a person has chosen.
    pub held_by_undo: bool,
}

/// When it shall run by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScheduleSetRequest {
    /// At these times.
    On {
        /// Five cron fields.
        schedule: String,
        /// IANA time zone; Europe/Dublin where absent.
        #[serde(default)]
        #[ts(optional)]
        time_zone: Option<String>,
    },
    /// Not at all.
    Off,
    /// A club: as its connector.
    Inherit,
}

/// What a schedule may do. What is absent stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SchedulePolicyRequest {
    /// With its plan.
    #[ts(optional)]
    pub policy: Option<SchedulePolicy>,
    /// About missed runs.
    #[ts(optional)]
    pub missed: Option<MissedPolicy>,
}

/// What became of a club whose schedule was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DueOutcome {
    /// Its plan was applied.
    Applied,
    /// Its plan waits for a person.
    Waits,
    /// No plan came.
    Failed,
    /// A person stopped it.
    Cancelled,
    /// Missed runs were passed over, as was chosen.
    Skipped,
    /// A person is asked about missed runs.
    Asked,
    /// The connector is stopped; it stays due.
    Stopped,
}

/// A club whose schedule was due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DueOutcomeView {
    /// Federation code of the connector.
    pub code: String,
    /// The club.
    pub org: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: DueOutcome,
    /// How many runs were missed before; 100 may be more.
    pub missed: u32,
    /// The run, where one was made.
    pub run_id: Option<String>,
    /// Its plan.
    pub counts: Option<PlanCountsView>,
    /// When a failed run is tried again, UTC milliseconds.
    #[ts(type = "number | null")]
    pub retry_at: Option<i64>,
    /// Why it failed, or why its plan waits though it may be applied: what to do.
    pub error: Option<Code>,
    /// The same as a sentence.
    pub message: Option<String>,
}

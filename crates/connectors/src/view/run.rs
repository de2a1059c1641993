//! The history of runs on the wire: of all clubs and connectors, in groups that say who must act.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AskedBy, RunView};

/// What a run means to whoever looks through the history. Every run is in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunGroup {
    /// Somebody must look: a guard holds it, or a schedule made the plan and nobody has applied it.
    NeedsYou,
    /// The list is being read.
    Running,
    /// Somebody made the plan and has not applied it yet.
    Ready,
    /// Applied.
    Applied,
    /// Applied and taken back, wholly or in part.
    Undone,
    /// It made no plan: it failed, or the process that made it ended.
    Failed,
    /// A person stopped it.
    Stopped,
    /// A newer plan stands in its place.
    Replaced,
}

impl RunGroup {
    /// All groups.
    pub const ALL: [Self; 8] = [
        Self::NeedsYou,
        Self::Running,
        Self::Ready,
        Self::Applied,
        Self::Undone,
        Self::Failed,
        Self::Stopped,
        Self::Replaced,
    ];
}

/// Which runs to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RunListRequest {
    /// Those of one connector, deleted or not.
    #[ts(optional)]
    pub code: Option<String>,
    /// Those of one club, by its own identifier.
    #[ts(optional)]
    pub org: Option<String>,
    /// Those of one group.
    #[ts(optional)]
    pub group: Option<RunGroup>,
    /// Those that a person, or a schedule, asked for.
    #[ts(optional)]
    pub asked_by: Option<AskedBy>,
    /// Those that began then or later, UTC milliseconds.
    #[ts(optional, type = "number")]
    pub from: Option<i64>,
    /// Those that began earlier, UTC milliseconds.
    #[ts(optional, type = "number")]
    pub until: Option<i64>,
    /// The oldest first; else the newest.
    pub oldest_first: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most, 1 to 500; 100 where absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A run with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunRowView {
    /// The run.
    pub run: RunView,
    /// What it means to whoever looks.
    pub group: RunGroup,
    /// Federation code of the connector.
    pub code: String,
    /// Name of the connector.
    pub connector_name: String,
    /// The club's own identifier.
    pub org: String,
    /// Name of the club.
    pub club_name: String,
    /// Whether the club is still connected there: a plan of one that is not cannot be made again.
    pub connected: bool,
    /// Whether an undo holds this club until somebody says: apply again, or keep mine.
    pub held_by_undo: bool,
    /// Until when it can be undone, UTC milliseconds; none where it cannot.
    #[ts(type = "number | null")]
    pub undo_until: Option<i64>,
}

/// How many runs of a group there are, under every other filter of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct RunGroupCountView {
    /// The group.
    pub group: RunGroup,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunListView {
    /// The runs.
    pub rows: Vec<RunRowView>,
    /// How many there are under all filters.
    #[ts(type = "number")]
    pub total: u64,
    /// Every group, also those of which there is none.
    pub groups: Vec<RunGroupCountView>,
}

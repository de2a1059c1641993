//! Many clubs at once on the wire: which, and what became of each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Code, RunRowView, RunView};

/// Which connected clubs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct BulkRequest {
    /// Those of one connector; all of live connectors where absent.
    #[ts(optional)]
    pub code: Option<String>,
    /// Words in what is known of club and connector; fadas and capitals make no difference.
    pub search: String,
}

/// What became of one club.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BulkState {
    /// Its plan is there, or was applied.
    Done,
    /// Its plan needs a person: nothing was applied.
    LeftOut,
    /// It failed. The others went on.
    Failed,
    /// Its turn had not come, or it was stopped.
    Stopped,
}

/// One club of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BulkOutcomeView {
    /// Federation code of the connector.
    pub code: String,
    /// Name of the connector.
    pub connector_name: String,
    /// The club's own identifier.
    pub org: String,
    /// Name of the club.
    pub club_name: String,
    /// What became of it.
    pub state: BulkState,
    /// Its run, where there is one.
    pub run: Option<RunView>,
    /// Why it failed: the word to act on.
    pub error: Option<Code>,
    /// Why it failed, as a sentence.
    pub message: Option<String>,
}

/// How far many clubs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct BulkProgressView {
    /// Clubs that are through, whatever became of them.
    #[ts(type = "number")]
    pub done: u64,
    /// All clubs.
    #[ts(type = "number")]
    pub of: u64,
}

/// The plans that wait, apart by whether they may be applied without a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct BulkPlansView {
    /// No conflict, no leaver, no problem, nothing that holds them.
    pub safe: Vec<RunRowView>,
    /// The others: each needs a person.
    pub others: Vec<RunRowView>,
}

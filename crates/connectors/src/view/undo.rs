//! Undoing on the wire: what an undo would do, the members of a run, and what follows it.

use serde::Serialize;
use ts_rs::TS;

use super::PlanKind;

/// A member that a run changed.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct UndoMemberView {
    /// Identifier (UUID version 7).
    pub member_id: String,
    /// Its name, as the run left it.
    pub name: String,
    /// The federation's identifier.
    pub external_id: Option<String>,
    /// What the run did.
    pub kind: PlanKind,
    /// It was put back already.
    pub undone: bool,
    /// It can be put back: nobody has changed it since.
    pub can: bool,
}

impl std::fmt::Debug for UndoMemberView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UndoMemberView")
            .field("member_id", &self.member_id)
            .field("kind", &self.kind)
            .field("undone", &self.undone)
            .field("can", &self.can)
            .finish_non_exhaustive()
    }
}

/// Members that a run changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UndoMembersView {
    /// By what the run did, then by name.
    pub rows: Vec<UndoMemberView>,
    /// Give it to get the next ones; none at the end.
    pub next: Option<String>,
}

/// What an undo would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct UndoOutlookView {
    /// Members that would be as they were before.
    #[ts(type = "number")]
    pub can: u64,
    /// Members that would stay, because somebody or a later run has changed them since; the first hundred.
    pub edited_later: Vec<UndoMemberView>,
    /// All of these.
    #[ts(type = "number")]
    pub edited_later_count: u64,
    /// Until when, UTC milliseconds; none where the run cannot be undone any more, or never changed anybody.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// What keeping the club's values did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct KeepMineView {
    /// Members whose values stay as they are.
    #[ts(type = "number")]
    pub kept: u64,
    /// Records that are kept out from now on.
    #[ts(type = "number")]
    pub kept_out: u64,
}

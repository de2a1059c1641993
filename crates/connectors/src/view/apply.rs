//! Applying a plan on the wire: all of it or without its leavers, and which members are no longer as they were previewed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MemberField;

/// A part of a plan that is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeaveOut {
    /// Those who are no longer in the list: they stay members.
    Leavers,
}

/// What is to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SyncApplyRequest {
    /// The run whose plan it is.
    pub run: String,
    /// Guards that a person allows for this plan.
    #[serde(default)]
    pub allow: Vec<String>,
    /// What is left out; absent: nothing.
    #[serde(default)]
    #[ts(optional)]
    pub leave_out: Option<LeaveOut>,
}

/// What has happened to a member since it was previewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MovedWhat {
    /// Values of the club are others.
    Changed {
        /// The fields; none where the values are as they were, and only what counts as the federation's last is not.
        fields: Vec<MemberField>,
    },
    /// It is no member any more.
    Gone,
    /// It was to be made, and somebody has made it.
    Came,
}

/// A member that is no longer as it was previewed.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
pub struct MovedMemberView {
    /// The row of the plan.
    #[ts(type = "number")]
    pub row: i64,
    /// The federation's identifier, where it has one.
    pub external_id: Option<String>,
    /// Its name. Never in a log.
    pub name: String,
    /// What has happened to it.
    pub what: MovedWhat,
}

impl std::fmt::Debug for MovedMemberView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MovedMemberView")
            .field("row", &self.row)
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}

/// Who is no longer as the plan found them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct PlanMovedView {
    /// Twenty of them at most.
    pub members: Vec<MovedMemberView>,
    /// Whether there are more.
    pub more: bool,
}

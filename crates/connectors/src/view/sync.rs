//! Sync on the wire: runs, their plans row by row, what an undo did, and members.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::{FailureClass, Finding};
use crate::members::{MemberField, MemberValues, Problem, Warning};

pub use crate::store::plan_row::PlanKind;
pub use crate::store::sync_run::{AskedBy, RunSource, RunState};

/// How many members of each kind a plan has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanCountsView {
    /// New members.
    #[ts(type = "number")]
    pub creates: u64,
    /// Changed members.
    #[ts(type = "number")]
    pub updates: u64,
    /// Members that stay as they are.
    #[ts(type = "number")]
    pub unchanged: u64,
    /// Members with a conflict.
    #[ts(type = "number")]
    pub conflicts: u64,
    /// Members that the list no longer has.
    #[ts(type = "number")]
    pub leavers: u64,
    /// Records that cannot be taken over.
    #[ts(type = "number")]
    pub problems: u64,
}

/// What holds a plan until a person allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GuardView {
    /// Its name, as it is allowed: `empty_list`, `too_many_leavers`, `page_anomaly`, `total_mismatch`, `incomplete_list`.
    pub guard: String,
    /// What was seen, as a sentence. No name is in it.
    pub detail: String,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunView {
    /// Identifier (UUID version 7).
    pub run_id: String,
    /// Identifier of the connection.
    pub connection_id: String,
    /// Where its records come from.
    pub source: RunSource,
    /// Who asked for it.
    pub asked_by: AskedBy,
    /// How far it is.
    pub state: RunState,
    /// UTC milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// UTC milliseconds: its plan was there, or it failed.
    #[ts(type = "number | null")]
    pub ended_at: Option<i64>,
    /// Records read.
    #[ts(type = "number")]
    pub fetched: u64,
    /// Pages read.
    #[ts(type = "number")]
    pub page: u64,
    /// People in the list who were erased: they are kept out.
    #[ts(type = "number")]
    pub erased: u64,
    /// Its plan.
    pub counts: PlanCountsView,
    /// SHA-256 of its plan.
    pub hash: Option<String>,
    /// What holds it and is not allowed yet.
    pub held: Vec<GuardView>,
    /// The template that its records were read with.
    pub template: Option<String>,
    /// The version of the template; none for runs of older versions of the app.
    pub template_version: Option<u32>,
    /// Why it failed: who must act.
    pub class: Option<FailureClass>,
    /// Why it failed: what was seen.
    pub finding: Option<Finding>,
    /// Why it failed, as a sentence.
    pub message: Option<String>,
    /// UTC milliseconds.
    #[ts(type = "number | null")]
    pub applied_at: Option<i64>,
    /// UTC milliseconds.
    #[ts(type = "number | null")]
    pub undone_at: Option<i64>,
    /// Leavers that were left out when it was applied: they stayed members. Absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub left_out: Option<u64>,
}

/// How far a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct SyncProgressView {
    /// Records read.
    #[ts(type = "number")]
    pub fetched: u64,
    /// Pages read.
    #[ts(type = "number")]
    pub page: u64,
    /// Records that the federation says there are, where it does.
    #[ts(type = "number | null")]
    pub expected: Option<u64>,
}

/// One field of a row of a plan, on its three sides.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanFieldView {
    /// The field.
    pub field: MemberField,
    /// Why it becomes what it becomes: the words of `FieldReason`.
    pub reason: String,
    /// What the federation last gave.
    pub base: Option<String>,
    /// What the club has.
    pub club: Option<String>,
    /// What the federation gives now.
    pub federation: Option<String>,
    /// What the club has afterwards.
    pub becomes: Option<String>,
}

impl std::fmt::Debug for PlanFieldView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanFieldView")
            .field("field", &self.field)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanRowView {
    /// Which row, from 1.
    #[ts(type = "number")]
    pub number: i64,
    /// What becomes of it.
    pub kind: PlanKind,
    /// Identifier of the member; none for a record that cannot be taken over.
    pub member_id: Option<String>,
    /// The member afterwards, or the record where nothing comes of it.
    #[ts(type = "Partial<Record<MemberField, string>>")]
    pub member: MemberValues,
    /// Field by field; none for a new member, whose values say it all.
    pub fields: Vec<PlanFieldView>,
    /// How sure it is who it is, where the identifier does not say it: `likely`, or `chosen` by a person.
    pub confidence: Option<String>,
    /// What is wrong with the record.
    pub problem: Option<Problem>,
    /// Why it cannot be told who it is: the words of `MatchProblem`.
    pub unmatched: Option<String>,
    /// What to know about single values.
    pub warnings: Vec<Warning>,
    /// Why the record is passed over: `left_alone`, `second_record` or `kept_out`, all because somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub passed_over: Option<String>,
}

/// Rows of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlanPageView {
    /// By name.
    pub rows: Vec<PlanRowView>,
    /// Give it to get the next ones; none at the end.
    pub next: Option<String>,
}

/// What an undo did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UndoView {
    /// The run afterwards.
    pub run: RunView,
    /// Members that are as they were before.
    #[ts(type = "number")]
    pub undone: u64,
    /// Members that stay, because they were changed later.
    pub edited_later: Vec<String>,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberView {
    /// Identifier (UUID version 7).
    pub member_id: String,
    /// Its values.
    #[ts(type = "Partial<Record<MemberField, string>>")]
    pub values: MemberValues,
    /// The fields in which the club differs from what the federation last gave.
    pub edited: Vec<MemberField>,
    /// When the list no longer had it, UTC milliseconds.
    #[ts(type = "number | null")]
    pub left_at: Option<i64>,
    /// Counted by every change.
    #[ts(type = "number")]
    pub version: i64,
}

/// Changed values of a member.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
pub struct MemberEditRequest {
    /// Identifier.
    pub member_id: String,
    /// The version that was looked at.
    #[ts(type = "number")]
    pub version: i64,
    /// The fields that change, each with its new value; none removes the value.
    pub changes: Vec<MemberChange>,
}

/// One changed value.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
pub struct MemberChange {
    /// The field.
    pub field: MemberField,
    /// Its new value; none removes it.
    pub value: Option<String>,
}

impl std::fmt::Debug for MemberEditRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberEditRequest")
            .field("member_id", &self.member_id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for MemberChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberChange")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// Members of a club at a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberListView {
    /// By name.
    pub rows: Vec<MemberView>,
    /// Give it to get the next ones; none at the end.
    pub next: Option<String>,
}

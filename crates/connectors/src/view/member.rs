//! Members on the wire: what a search finds, one member with where each value comes from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::members::MemberField;

/// Which members, by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberFilter {
    /// All.
    #[default]
    All,
    /// Members now.
    Active,
    /// No members now, who may be again.
    Lapsed,
    /// Gone: the federation's list no longer has them, or says so.
    Left,
    /// Those in whom the club differs from what the federation last gave.
    Edited,
}

/// Order of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MemberSort {
    /// Family name, then given name.
    #[default]
    Name,
    /// Date of birth; those without one first.
    Born,
    /// Name of the club, then by name.
    Club,
    /// Status, then by name.
    Status,
}

/// What members are looked for.
#[derive(Clone, PartialEq, Eq, Default, Deserialize, TS)]
pub struct MemberSearchRequest {
    /// Each word must begin a word of the member: names, Irish names, the federation's identifier, e-mail, town.
    #[serde(default)]
    pub search: String,
    /// Those of one club, by its own identifier.
    #[serde(default)]
    #[ts(optional)]
    pub org: Option<String>,
    /// Those of one connector.
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<String>,
    /// By how they stand.
    #[serde(default)]
    pub filter: MemberFilter,
    /// Order.
    #[serde(default)]
    pub sort: MemberSort,
    /// The whole order the other way round.
    #[serde(default)]
    pub descending: bool,
    /// What the page before said about its next one.
    #[serde(default)]
    #[ts(optional)]
    pub after: Option<String>,
    /// Rows at most, 1 to 500.
    pub limit: u32,
}

impl std::fmt::Debug for MemberSearchRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What is looked for is a name.
        f.debug_struct("MemberSearchRequest")
            .field("filter", &self.filter)
            .field("sort", &self.sort)
            .finish_non_exhaustive()
    }
}

/// One member in a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberRowView {
    /// Identifier (UUID version 7).
    pub member_id: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Given name in Irish.
    pub irish_first_name: Option<String>,
    /// Family name in Irish.
    pub irish_last_name: Option<String>,
    /// Date of birth, as `2013-05-04`.
    pub date_of_birth: Option<String>,
    /// Kind of membership.
    pub membership_type: Option<String>,
    /// Status of the membership.
    pub status: Option<String>,
    /// When the list no longer had it, UTC milliseconds.
    #[ts(type = "number | null")]
    pub left_at: Option<i64>,
    /// Whether the club differs from what the federation last gave.
    pub edited: bool,
    /// The club's own identifier.
    pub org: String,
    /// Name of the club.
    pub club: String,
    /// Federation code of the connector.
    pub code: String,
    /// Counted by every change.
    #[ts(type = "number")]
    pub version: i64,
}

impl std::fmt::Debug for MemberRowView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberRowView")
            .field("member_id", &self.member_id)
            .finish_non_exhaustive()
    }
}

/// What a search finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberSearchView {
    /// In order.
    pub rows: Vec<MemberRowView>,
    /// Give it to get the next ones; none at the end.
    pub next: Option<String>,
    /// How many there are, as far as they were counted. Only the first page counts.
    #[ts(type = "number")]
    pub found: u64,
    /// Whether there are more than that.
    pub more: bool,
    /// All members of all clubs.
    #[ts(type = "number")]
    pub all: u64,
}

/// One value of a member, and where it comes from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberValueView {
    /// The field.
    pub field: MemberField,
    /// What the club has.
    pub value: Option<String>,
    /// What the federation last gave.
    pub federation: Option<String>,
    /// Whether the two differ.
    pub differs: bool,
    /// Whether it is about somebody's health or belief.
    pub sensitive: bool,
    /// Whether the club may change it.
    pub editable: bool,
    /// Where it comes from.
    pub source: ValueSource,
    /// Since when, UTC milliseconds.
    #[ts(type = "number")]
    pub since: i64,
}

impl std::fmt::Debug for MemberValueView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemberValueView")
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ValueSource {
    /// The member came with it.
    Came,
    /// A later run brought it.
    Run,
    /// The club edited it.
    Club,
    /// Somebody decided a conflict.
    Decision,
}

/// A member with where its values come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberDetailView {
    /// As in a list.
    pub row: MemberRowView,
    /// Name of the connector.
    pub connector_name: String,
    /// Value by value.
    pub values: Vec<MemberValueView>,
    /// When it came, UTC milliseconds.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When it was changed last, UTC milliseconds.
    #[ts(type = "number")]
    pub updated_at: i64,
}

/// What happened to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TraceKind {
    /// Somebody decided a conflict for the club.
    KeptClub,
    /// Somebody decided a conflict for the federation.
    TookFederation,
    /// Somebody decided a conflict for another value.
    TookValue,
    /// The club edited it.
    Edited,
    /// A run changed it.
    Changed,
    /// A rule of the template made it of what came.
    Rule,
    /// The member came with it.
    Came,
}

/// One thing that happened to a value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TraceStepView {
    /// What.
    pub kind: TraceKind,
    /// UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// The value before; what the federation had sent, of a decision.
    pub before: Option<String>,
    /// The value afterwards.
    pub after: Option<String>,
    /// The run.
    pub run_id: Option<String>,
    /// The place in the federation's record, or the names of the rules.
    pub detail: Option<String>,
}

impl std::fmt::Debug for TraceStepView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceStepView")
            .field("kind", &self.kind)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// Why a value is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TraceView {
    /// The value.
    pub value: MemberValueView,
    /// Name of the connector.
    pub connector_name: String,
    /// Newest first.
    pub steps: Vec<TraceStepView>,
    /// Whether there was more that is no longer known, because it is older than 30 days.
    pub forgotten: bool,
}

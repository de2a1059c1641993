//! What a person decides about a sync once and for good, on the wire: who is who, and whose value counts in a field of a club.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{MemberField, MemberView};

/// Whose a record is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum MatchAs {
    /// It is this member's.
    Member {
        /// Identifier of one of the members that the problem proposes.
        member_id: String,
    },
    /// It is somebody new's.
    New,
    /// Nobody can tell: it stays a problem, and nobody is asked again.
    Leave,
}

/// A decision about a record of which the plan cannot tell whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SyncMatchRequest {
    /// The run whose plan it is.
    pub run: String,
    /// The row of the plan.
    #[ts(type = "number")]
    pub row: i64,
    /// Whose it is.
    pub choice: MatchAs,
}

/// A member that a record may be of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProposedMemberView {
    /// The member as it is.
    pub member: MemberView,
    /// Another record of the list is this member's already: choosing it passes this record over.
    pub matched: bool,
}

/// A decision about who is who that counts for later syncs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct MatchChoiceView {
    /// By what it is forgotten: 64 hexadecimal digits that tell nobody's name.
    pub choice_id: String,
    /// `member`, `new` or `leave`.
    pub choice: String,
    /// The member; none where the record is left, or its member is not there.
    pub member: Option<MemberView>,
    /// UTC milliseconds.
    #[ts(type = "number")]
    pub chosen_at: i64,
}

/// Whose value counts in a field of one club.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldChoiceView {
    /// The field.
    pub field: MemberField,
    /// Whose value.
    pub take: FieldTake,
    /// UTC milliseconds.
    #[ts(type = "number")]
    pub chosen_at: i64,
}

/// Whose value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldTake {
    /// The federation's.
    Federation,
    /// The club's.
    Club,
}

/// All that a person decided for later syncs of one club.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ClubChoicesView {
    /// Whose value counts, by field.
    pub fields: Vec<FieldChoiceView>,
    /// Who is who, the newest first.
    pub matches: Vec<MatchChoiceView>,
}

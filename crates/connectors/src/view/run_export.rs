//! A plan or a run as a file for people, on the wire: what one would contain, before it is written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ExportFormat, MemberField, PlanCountsView};

/// Which plan or run, and in which form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RunExportRequest {
    /// The run.
    pub run: String,
    /// The form.
    pub format: ExportFormat,
    /// Also health data and the like.
    #[serde(default)]
    pub sensitive: bool,
}

/// What such a file contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RunExportLookView {
    /// Name of the club.
    pub club: String,
    /// Federation code of the connector.
    pub connector: String,
    /// Whether it was applied: the file says what was changed. Else it says what would be.
    pub applied: bool,
    /// How many of each kind.
    pub counts: PlanCountsView,
    /// People in it.
    #[ts(type = "number")]
    pub people: u64,
    /// How many of them are under 18 today, by their date of birth.
    #[ts(type = "number")]
    pub children: u64,
    /// How many have no date of birth, so that nobody can say.
    #[ts(type = "number")]
    pub without_birth: u64,
    /// The fields that are named in it.
    pub fields: Vec<MemberField>,
    /// Those of them that are health data or the like.
    pub sensitive: Vec<MemberField>,
}

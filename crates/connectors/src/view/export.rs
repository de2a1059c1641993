//! Files for people on the wire: what one would contain, before it is written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::members::MemberField;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One line a member, for spreadsheets.
    Csv,
    /// One document, with what it contains at its head.
    Json,
}

/// Which members a file is to have, and what of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MemberExportRequest {
    /// Federation code of the connector.
    pub code: String,
    /// Your own id of the club.
    pub org: String,
    /// The form.
    pub format: ExportFormat,
    /// The fields, in their own order whatever is given here; none for all but sensitive ones.
    pub fields: Option<Vec<MemberField>>,
    /// Also who is no longer in the federation's list.
    pub with_left: bool,
}

/// What such a file contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportLookView {
    /// Name of the club.
    pub club: String,
    /// People in it.
    #[ts(type = "number")]
    pub people: u64,
    /// How many of them are under 18 today, by their date of birth.
    #[ts(type = "number")]
    pub children: u64,
    /// How many have no date of birth, so that nobody can say.
    #[ts(type = "number")]
    pub without_birth: u64,
    /// The fields.
    pub fields: Vec<MemberField>,
    /// Those of them that are health data or the like.
    pub sensitive: Vec<MemberField>,
}

//! Files of members on the wire: what one holds before anything is made of it, and what became of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::members::DateOrder;

/// A file of members that is to be looked at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    /// Your own id of the club.
    pub org: String,
    /// Federation code of the connector; none where the club and the template say which.
    pub code: Option<String>,
    /// The template that says what the columns are; none for the connector's own.
    pub template: Option<String>,
    /// In which order day and month are written, where that was asked.
    pub date_order: Option<DateOrder>,
    /// The file names only some of the members: nobody who is not in it has left.
    pub is_part: bool,
}

impl std::fmt::Debug for ImportRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImportRequest")
            .field("org", &self.org)
            .field("code", &self.code)
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportFault {
    /// A quotation mark where none may stand; the row is taken, with the mark as a character.
    BrokenQuoting,
    /// More or fewer fields than the header has; the row is left out.
    WrongLength,
}

/// A row of a file that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportRowView {
    /// Line of the file where it starts, from 1.
    #[ts(type = "number")]
    pub line: u64,
    /// What is wrong.
    pub fault: ImportFault,
}

/// What a file holds. No value of a person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportLookView {
    /// Federation code of the connector that it is read for.
    pub code: String,
    /// Your own id of the club.
    pub org: String,
    /// The template.
    pub template: String,
    /// Its name.
    pub template_name: String,
    /// Rows that can be read.
    #[ts(type = "number")]
    pub rows: u64,
    /// Rows that are left out.
    #[ts(type = "number")]
    pub left_out: u64,
    /// The first 100 rows that are not as they should be.
    pub faults: Vec<ImportRowView>,
    /// Columns that the template reads and the file does not have.
    pub missing: Vec<String>,
    /// The file has none of the template's columns: it is another one.
    pub is_foreign: bool,
    /// A person must say in which order day and month are written, once for the file.
    pub needs_date_order: bool,
    /// Dates that can be read both ways.
    #[ts(type = "number")]
    pub ambiguous_dates: u64,
    /// What the other dates of the file say; none where they say nothing, or both.
    pub likely_date_order: Option<DateOrder>,
}

/// What becomes of the rows of a file, in the words that club secretaries know from `ClubZap`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ImportOutcomeView {
    /// Found by names and date of birth: the member gets the federation's id.
    #[ts(type = "number")]
    pub matched: u64,
    /// Found by the federation's id.
    #[ts(type = "number")]
    pub previously_matched: u64,
    /// One person more than once, or one of several members: nobody can tell, so nothing is done.
    #[ts(type = "number")]
    pub duplicates: u64,
    /// Cannot be used as they are: left out of the file, or a required value is missing.
    #[ts(type = "number")]
    pub skipped: u64,
    /// In no list of the club: new members.
    #[ts(type = "number")]
    pub un_matched: u64,
}

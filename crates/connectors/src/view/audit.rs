//! The audit log on the wire: who did what, and when, and what a check of the log has found. No type here can carry a value of
//! a person.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::audit::{Actor, AuditArea, AuditWhat};

/// Which entries to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct AuditListRequest {
    /// Those about that.
    #[ts(optional)]
    pub area: Option<AuditArea>,
    /// Those of that act.
    #[ts(optional)]
    pub what: Option<AuditWhat>,
    /// Those of one connector, by its federation code, deleted or not.
    #[ts(optional)]
    pub code: Option<String>,
    /// Those of then or later, UTC milliseconds.
    #[ts(optional, type = "number")]
    pub from: Option<i64>,
    /// Earlier ones, UTC milliseconds.
    #[ts(optional, type = "number")]
    pub until: Option<i64>,
    /// Those with a smaller number: what the page before said in `next`.
    #[ts(optional, type = "number")]
    pub before: Option<u64>,
    /// Rows at most, 1 to 500; 100 where absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A page of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AuditListView {
    /// The entries, the newest first.
    pub rows: Vec<AuditEntryView>,
    /// What to ask for as `before` for the next page; null where there is none.
    #[ts(type = "number | null")]
    pub next: Option<u64>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AuditEntryView {
    /// Its number, from 1 without gaps.
    #[ts(type = "number")]
    pub number: u64,
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// Through what; null where the word is none that is known, because somebody has changed the entry.
    pub who: Option<Actor>,
    /// What it is about; null as above.
    pub area: Option<AuditArea>,
    /// What was done; null as above.
    pub what: Option<AuditWhat>,
    /// Federation code of the connector.
    pub code: Option<String>,
    /// Name of the connector that has this code now.
    pub connector_name: Option<String>,
    /// The club's own identifier.
    pub org: Option<String>,
    /// Its name now.
    pub club_name: Option<String>,
    /// The run.
    pub run_id: Option<String>,
    /// It is about one member.
    pub about_member: bool,
    /// The member was erased since; nobody can tell who it was.
    pub erased: bool,
    /// Names of fields.
    pub fields: Vec<String>,
    /// Words of closed sets, as each act says.
    pub words: Vec<String>,
    /// Numbers by what they count.
    #[ts(type = "{ [key in string]: number }")]
    pub counts: BTreeMap<String, u64>,
}

/// What a check of the whole log has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AuditVerifyView {
    /// Nothing is wrong with it.
    pub ok: bool,
    /// Entries that are good, from the first on.
    #[ts(type = "number")]
    pub entries: u64,
    /// When the first of them was entered, UTC milliseconds.
    #[ts(type = "number | null")]
    pub first_at: Option<i64>,
    /// When the last of them was entered, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_at: Option<i64>,
    /// What is wrong.
    pub problem: Option<AuditProblemView>,
    /// What stands beside the file about the log's end.
    pub anchor: AuditAnchorState,
    /// Up to which entry it vouches for the log.
    #[ts(type = "number | null")]
    pub anchored: Option<u64>,
    /// When it was written, UTC milliseconds.
    #[ts(type = "number | null")]
    pub anchored_at: Option<i64>,
}

/// What is wrong with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditProblemView {
    /// It has no entry, and every log has a first one.
    Empty,
    /// Entries are missing.
    Gap {
        /// The first that is missing.
        #[ts(type = "number")]
        entry: u64,
        /// What follows in its place.
        #[ts(type = "number")]
        found: u64,
    },
    /// An entry is not what was entered there.
    Changed {
        /// Its number.
        #[ts(type = "number")]
        entry: u64,
    },
    /// Entries at the end are missing.
    CutOff {
        /// The first that is missing.
        #[ts(type = "number")]
        entry: u64,
        /// The newest that is known to have been there.
        #[ts(type = "number")]
        anchored: u64,
    },
    /// It is whole by itself, and not the log that was kept here before.
    Replaced {
        /// The entry that was another one.
        #[ts(type = "number")]
        entry: u64,
    },
}

/// What stands beside the file about the log's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AuditAnchorState {
    /// The end is known.
    There,
    /// Nothing: entries that were cut off at the end cannot be missed.
    Missing,
    /// Something that this log's key has not made.
    Unusable,
}

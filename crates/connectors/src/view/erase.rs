//! Erasing a person on the wire: what would go, and what went. Numbers and dates; nobody's name.

use serde::Serialize;
use ts_rs::TS;

use super::Environment;

/// What erasing a member would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EraseLookView {
    /// Whether the connector is one in use: then the name is typed before anything goes.
    pub environment: Environment,
    /// Name of the connector: whose later lists the person is kept out of.
    pub connector_name: String,
    /// Lines about the person in plans and runs.
    #[ts(type = "number")]
    pub plan_rows: u64,
    /// How the person was before runs, kept for undoing.
    #[ts(type = "number")]
    pub undo_rows: u64,
    /// What was decided about the person's conflicts.
    #[ts(type = "number")]
    pub decisions: u64,
    /// Backups in the app's own folder, all of which may have the person.
    pub backups: u32,
    /// Whole copies of the data that a restore or a repair has set aside: they stay unless they are deleted with the backups.
    pub set_aside: u32,
    /// Until when the backups have gone by themselves, UTC milliseconds: at the latest, if the app is opened then.
    #[ts(type = "number")]
    pub backups_clean_by: i64,
}

/// What erasing a person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EraseView {
    /// Members that went: one, or more where the club was connected before.
    #[ts(type = "number")]
    pub members: u64,
    /// Lines in plans and runs that went. The runs stay, with their counts.
    #[ts(type = "number")]
    pub plan_rows: u64,
    /// What was kept for undoing.
    #[ts(type = "number")]
    pub undo_rows: u64,
    /// What was decided about conflicts.
    #[ts(type = "number")]
    pub decisions: u64,
    /// Recorded requests in whose path the identifier stood; it was taken out.
    #[ts(type = "number")]
    pub requests: u64,
    /// Plans that waited to be applied and had the person: they must be made again.
    #[ts(type = "number")]
    pub plans_dropped: u64,
    /// Nothing of the person is left in the data file and its log. Where another program was reading it, the rest follows by
    /// itself.
    pub file_is_clean: bool,
    /// Backups and copies that were deleted; none where they were to stay.
    pub purged: Option<u32>,
    /// Why backups and copies could not be deleted. The person is erased all the same.
    pub purge_problem: Option<String>,
    /// Backups from before that are still there.
    pub backups: u32,
    /// Copies that were set aside and are still there.
    pub set_aside: u32,
    /// Until when these backups have gone by themselves, UTC milliseconds; none where none is left.
    #[ts(type = "number | null")]
    pub backups_clean_by: Option<i64>,
}

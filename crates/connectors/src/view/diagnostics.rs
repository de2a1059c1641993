//! Diagnostics as they are shown before they are saved.

use serde::Serialize;
use ts_rs::TS;

/// What a file for whoever helps has in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosticsView {
    /// When it was made, UTC milliseconds.
    #[ts(type = "number")]
    pub made_at: i64,
    /// Bytes of the texts together, before packing.
    #[ts(type = "number")]
    pub size: u64,
    /// The files.
    pub files: Vec<DiagnosticsFileView>,
}

/// One of its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosticsFileView {
    /// Its name.
    pub name: String,
    /// What it is, in one sentence.
    pub about: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// What stands in it; of a long one the beginning.
    pub text: String,
    /// Whether that is all.
    pub whole: bool,
}

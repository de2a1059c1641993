//! Notifications: what is said, and whether this computer can say it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the system shows beside the window. No member and no club is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct NoticeView {
    /// One line.
    pub title: String,
    /// One or two sentences.
    pub body: String,
    /// The connector that a click opens; none for several.
    pub code: Option<String>,
}

/// What became of a notification for a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOutcome {
    /// The system has taken it.
    Sent,
    /// This computer has no notification service.
    NoService,
    /// There is one, and it did not take it.
    Failed,
}

/// The answer to a notification for a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct NoticeTestView {
    /// What became of it.
    pub outcome: NoticeOutcome,
    /// Whether it is quiet now, so that others would wait.
    pub quiet: bool,
}

/// A switch that is on until somebody turns it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OnAtFirst(pub bool);

impl Default for OnAtFirst {
    fn default() -> Self {
        Self(true)
    }
}

//! How long personal data is kept, on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct RetentionView {
    /// Months for which a member is kept whom the federation's list no longer has; none: for good.
    pub leavers_months: Option<u32>,
    /// Days for which it is kept how members were before a run, and what the run did to whom.
    pub undo_days: u32,
    /// Days for which a plan waits to be applied.
    pub plan_days: u32,
    /// Days for which requests are kept: 7, 30 or 90. No value is in them, and what they say about uptime is kept longer.
    pub request_days: u32,
    /// Days for which the error log is kept.
    pub error_days: u32,
}

/// How long leavers and requests are kept from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RetentionRequest {
    /// 12, 24 or 36; none: for good.
    pub leavers_months: Option<u32>,
    /// 7, 30 or 90 days for requests; none: as before.
    #[serde(default)]
    #[ts(optional)]
    pub request_days: Option<u32>,
}

/// What was older than it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
pub struct RetentionRunView {
    /// Nothing was taken: this is what would be.
    pub dry_run: bool,
    /// Members who left.
    #[ts(type = "number")]
    pub leavers: u64,
    /// What runs did to whom.
    #[ts(type = "number")]
    pub plan_rows: u64,
    /// How members were before runs.
    #[ts(type = "number")]
    pub undo_rows: u64,
    /// Plans that waited for too long.
    #[ts(type = "number")]
    pub plans: u64,
    /// Requests.
    #[ts(type = "number")]
    pub requests: u64,
    /// Lines of the error log.
    #[ts(type = "number")]
    pub errors: u64,
    /// Members who left and stay until the next time, because a run of their club is being made.
    #[ts(type = "number")]
    pub later: u64,
}

//! Requests: the log of a connector, what is left of the minute, and a request that a person tries.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::{FailureClass, Finding};

/// One attempt: no query value, no body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AttemptView {
    /// When it was sent, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// The template of the address, e.g. `/v1/members/{member_id}`.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// Who must act; none where it was answered well.
    pub class: Option<FailureClass>,
    /// What was seen.
    pub finding: Option<Finding>,
    /// Milliseconds.
    #[ts(type = "number")]
    pub ms: u64,
    /// Bytes of the body that were read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Which attempt of its request, from 1.
    pub number: u32,
}

/// A page of the log, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RequestLogView {
    /// The attempts.
    pub rows: Vec<AttemptView>,
    /// Where the next page starts; none at the end.
    pub next: Option<String>,
}

/// What is left of the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct RequestsLeftView {
    /// Requests in a minute: ours, or the federation's where that is lower.
    pub limit: u32,
    /// How many may still be made now.
    pub left: u32,
    /// The federation said the lower limit.
    pub told: bool,
    /// The federation asks for a pause until then, UTC milliseconds.
    #[ts(type = "number | null")]
    pub paused_until: Option<i64>,
}

/// A request that a person tries; always a GET.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TryRequest {
    /// Federation code.
    pub code: String,
    /// A path below the connector's address, with `/` at its start; placeholders as in the settings.
    pub path: String,
    /// A club's id at the federation, for `{federation_org_id}`.
    #[serde(default)]
    #[ts(optional)]
    pub organisation: Option<String>,
    /// Show the values of the answer. Members are in it.
    #[serde(default)]
    pub reveal: bool,
}

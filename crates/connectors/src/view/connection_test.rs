//! The test of a connection, before and after saving.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CredentialsRequest;
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;

/// A test of settings that are not saved yet.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestDraftRequest {
    /// The settings as typed.
    pub settings: ConnectorSettings,
    /// Credentials as typed; absent uses the stored ones of `code`.
    #[serde(default)]
    #[ts(optional)]
    pub credentials: Option<CredentialsRequest>,
    /// The connector whose stored credentials are used where none were typed.
    #[serde(default)]
    #[ts(optional)]
    pub code: Option<String>,
    /// A club's id at the federation, where the address of the list needs one.
    #[serde(default)]
    #[ts(optional)]
    pub organisation: Option<String>,
}

/// The six steps of a test, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// Name look-up.
    Dns,
    /// Connection.
    Tcp,
    /// Encryption.
    Tls,
    /// Credentials accepted.
    Auth,
    /// The membership list answers with a list.
    Endpoint,
    /// One record can be read.
    Record,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestStepView {
    /// Which.
    pub name: StepName,
    /// True done, false failed, null not tried.
    pub ok: Option<bool>,
    /// Milliseconds it took; null where not tried.
    #[ts(type = "number | null")]
    pub ms: Option<u64>,
    /// English facts without secrets, e.g. `TLS 1.3, certificate valid until 3 March 2027`.
    pub detail: String,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestReportView {
    /// All steps done.
    pub ok: bool,
    /// Who must act; null where none.
    pub class: Option<FailureClass>,
    /// What was seen; null where all is well and the list has records.
    pub finding: Option<Finding>,
    /// HTTP status of the step that decided, where there was one.
    pub status: Option<u16>,
    /// When it may be tried again, seconds, from Retry-After.
    #[ts(type = "number | null")]
    pub retry_after_seconds: Option<u64>,
    /// English: what happened.
    pub title: String,
    /// English: what it means and what to do now.
    pub fix: String,
    /// Host the connector talks to.
    pub host: String,
    /// Started at, UTC milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// The six steps.
    pub steps: Vec<TestStepView>,
}

/// The result of a test before saving.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TestDraftView {
    /// The report.
    pub report: TestReportView,
    /// Give it back with the save, so that the connector starts as tested.
    pub test_handle: String,
}

/// An answer to `request`: redacted unless asked otherwise.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RequestView {
    /// HTTP status.
    pub status: u16,
    /// Milliseconds.
    #[ts(type = "number")]
    pub ms: u64,
    /// Bytes of the body.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Requests sent.
    pub attempts: u32,
    /// Content type.
    pub content_type: Option<String>,
    /// The body as JSON, values replaced by their kinds unless shown on request.
    #[ts(type = "unknown")]
    pub body: serde_json::Value,
}

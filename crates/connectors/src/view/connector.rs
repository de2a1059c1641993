//! Connectors: the list, one of them, and the requests that change them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CredentialsRequest, CredentialsStateView, SignInView, TestReportView};
use crate::error::FieldError;
use crate::settings::{AuthKind, ConnectorSettings, Environment};

/// Numbers of live connectors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct CountsView {
    /// All that are not deleted.
    pub all: u32,
    /// Red or amber: a person must act.
    pub needs_you: u32,
    /// The clock or the federation acts.
    pub waiting: u32,
    /// Tested well.
    pub healthy: u32,
    /// Paused.
    pub paused: u32,
    /// Never tested, or changed since.
    pub not_tested: u32,
    /// Deleted, restorable or not.
    pub deleted: u32,
}

/// Mission status of a connector (M1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Works on schedule.
    Active,
    /// Paused (or deleted, see `deleted_at`).
    Inactive,
    /// Stopped by itself after failures.
    Error,
}

impl Status {
    /// The word used on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Error => "error",
        }
    }
}

/// What a person reads about a connector (closed set; later issues add what they make true).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// You must mend something.
    ActionNeeded,
    /// You must sign in.
    SignInAgain,
    /// You are signing in: the browser waits for you.
    WaitingForBrowser,
    /// A plan of a club waits for you.
    Held,
    /// A key or a token ends soon.
    Expiring,
    /// The clock acts.
    RateLimited,
    /// The federation acts.
    WaitingForFederation,
    /// Your network.
    Offline,
    /// A club is being synced.
    Syncing,
    /// Tested well.
    Healthy,
    /// Never tested, or changed since the last test.
    NotTested,
    /// Works, but no club of it was ever synced.
    NeverSynced,
    /// Paused.
    Paused,
}

/// One line of the connector list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConnectorRowView {
    /// Identifier (UUID version 7).
    pub id: String,
    /// Federation code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Live data or a test account.
    pub environment: Environment,
    /// Mission status.
    pub status: Status,
    /// What a person reads.
    pub state: HealthState,
    /// How it proves who it is.
    pub auth_kind: AuthKind,
    /// Preset it was made from.
    pub preset: Option<String>,
    /// Connected clubs.
    pub clubs: u32,
    /// Last test, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_test_at: Option<i64>,
    /// Last sync, UTC milliseconds.
    #[ts(type = "number | null")]
    pub last_sync_at: Option<i64>,
    /// Created, UTC milliseconds.
    #[ts(type = "number")]
    pub created_at: i64,
    /// Changed, UTC milliseconds.
    #[ts(type = "number")]
    pub updated_at: i64,
    /// Deleted, UTC milliseconds.
    #[ts(type = "number | null")]
    pub deleted_at: Option<i64>,
    /// Until when a deleted one can be restored, UTC milliseconds.
    #[ts(type = "number | null")]
    pub restorable_until: Option<i64>,
}

/// Which part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectorFilter {
    /// All that are not deleted.
    #[default]
    All,
    /// A person must act.
    NeedsYou,
    /// The clock or the federation acts.
    Waiting,
    /// Tested well.
    Healthy,
    /// Paused.
    Paused,
    /// Not tested.
    NotTested,
    /// Deleted.
    Deleted,
}

/// Order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConnectorSort {
    /// Those that need you first, then name.
    #[default]
    Attention,
    /// By name, without regard to case and accents.
    Name,
    /// By mission status, then name.
    Status,
    /// By last sync, then name.
    LastSync,
}

/// Which connectors to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct ConnectorListRequest {
    /// Words in name or code; fadas and capitals make no difference.
    pub search: String,
    /// Part of the list.
    pub filter: ConnectorFilter,
    /// Mission status.
    #[ts(optional)]
    pub status: Option<Status>,
    /// Order.
    pub sort: ConnectorSort,
    /// Other way round.
    pub descending: bool,
    /// Rows to pass over.
    pub offset: u32,
    /// Rows at most, 1 to 500; absent: all.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A part of the list with its numbers.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConnectorListView {
    /// The rows.
    pub rows: Vec<ConnectorRowView>,
    /// Rows that match search and filter in total.
    pub total: u32,
    /// Numbers of all filters, regardless of search.
    pub counts: CountsView,
}

/// A connector in full, without any secret.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConnectorView {
    /// What the list shows.
    #[serde(flatten)]
    pub row: ConnectorRowView,
    /// All settings.
    pub settings: ConnectorSettings,
    /// State of the credentials.
    pub credentials: CredentialsStateView,
    /// State of the sign-in, for the kinds that use tokens.
    pub sign_in: Option<SignInView>,
    /// The last test.
    pub last_test: Option<TestReportView>,
    /// The federation's id of the club that a test asks about where nobody names one; none where no address needs a club, or
    /// where none is connected.
    pub test_club: Option<String>,
    /// What happened, newest first, at most 50.
    pub events: Vec<EventView>,
    /// Counts every change; an edit made from an older version is refused.
    #[ts(type = "number")]
    pub version: i64,
}

/// What kind of thing happened to a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Created.
    Created,
    /// Settings changed; `detail` lists the dotted keys.
    Edited,
    /// Credentials stored.
    CredentialsStored,
    /// Went back to the earlier credentials.
    CredentialsReverted,
    /// Webhook secret stored.
    WebhookSecretStored,
    /// Signed in.
    SignedIn,
    /// A sign-in came to nothing; `detail` is the finding's word.
    SignInFailed,
    /// The token ended and could not be renewed; `detail` is the finding's word.
    SignInEnded,
    /// Signed out.
    SignedOut,
    /// A test succeeded.
    TestSucceeded,
    /// A test failed; `detail` is the finding's word.
    TestFailed,
    /// Stopped by itself after failures in a row; `detail` is the finding's word.
    Stopped,
    /// Runs again after it was stopped.
    Recovered,
    /// A person said that its errors are dealt with.
    ErrorsCleared,
    /// Paused.
    Paused,
    /// Resumed.
    Resumed,
    /// Deleted.
    Deleted,
    /// Restored.
    Restored,
    /// Credentials destroyed, code free again.
    Purged,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EventView {
    /// When, UTC milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// What.
    pub kind: EventKind,
    /// Names of fields or a finding's word; never a value.
    pub detail: Option<String>,
}

/// A new connector.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConnectorAddRequest {
    /// The settings.
    pub settings: ConnectorSettings,
    /// Credentials, if they are at hand. JSON as for `credentials set`.
    #[serde(default)]
    #[ts(optional)]
    pub credentials: Option<CredentialsRequest>,
    /// The report of a test that was made before saving with just these settings and credentials;
    /// its handle is given by `connector_test_draft`.
    #[serde(default)]
    #[ts(optional)]
    pub test_handle: Option<String>,
}

/// Changed settings of a connector.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConnectorEditRequest {
    /// Which one.
    pub code: String,
    /// The version the person saw.
    #[ts(type = "number")]
    pub version: i64,
    /// All settings; the code may not change.
    pub settings: ConnectorSettings,
    /// New credentials; absent keeps the stored ones.
    #[serde(default)]
    #[ts(optional)]
    pub credentials: Option<CredentialsRequest>,
    /// As in [`ConnectorAddRequest`].
    #[serde(default)]
    #[ts(optional)]
    pub test_handle: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
pub struct ImportView {
    /// Codes created.
    pub created: Vec<String>,
    /// Codes changed.
    pub updated: Vec<String>,
    /// Codes already as in the file.
    pub unchanged: Vec<String>,
    /// Entries refused, with the reason; the others are done.
    pub refused: Vec<ImportRefusalView>,
}

/// One refused entry of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ImportRefusalView {
    /// Code or position.
    pub code: String,
    /// The broken rules.
    pub fields: Vec<FieldError>,
}

//! Checks on the wire: how often they are made, and whether this computer's network is in their way.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How often a connector is checked by itself while the app runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckEvery {
    /// Never: only when somebody asks.
    Off,
    /// Every 15 minutes.
    QuarterHour,
    /// Every hour.
    #[default]
    Hour,
    /// Every 6 hours.
    SixHours,
    /// Every 24 hours.
    Day,
}

/// This computer's own trouble: nothing is checked meanwhile, and nothing of it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct NetworkTroubleView {
    /// Since when, UTC milliseconds.
    #[ts(type = "number")]
    pub since: i64,
    /// True: a sign-in page of the network is in between. False: there is no network.
    pub captive: bool,
    /// When it is looked at again, UTC milliseconds.
    #[ts(type = "number")]
    pub again_at: i64,
}

/// How often connectors, or one of them, are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct CheckSettingsView {
    /// How often.
    pub every: CheckEvery,
    /// Of one connector: whether it follows all others.
    pub inherited: bool,
    /// When something is checked next, UTC milliseconds; absent where nothing is.
    #[ts(type = "number | null")]
    pub next_at: Option<i64>,
    /// What is wrong with this computer's network, if anything.
    pub network: Option<NetworkTroubleView>,
}

/// How often from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct CheckSetRequest {
    /// One connector; all of them where absent.
    #[ts(optional)]
    pub code: Option<String>,
    /// How often; absent, a connector follows all others.
    #[ts(optional)]
    pub every: Option<CheckEvery>,
}

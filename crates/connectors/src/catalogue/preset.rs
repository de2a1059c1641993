//! What a preset file holds, and what is shown of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::members::MemberField;
use crate::settings::ConnectorSettings;

/// How a preset was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Against a live account.
    Live,
    /// From the provider's documentation.
    Docs,
    /// From public client code.
    Clients,
    /// Not at all.
    No,
}

/// A value that a preset asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PresetVariableView {
    /// Name as used in `{name}`.
    pub name: String,
    /// Label.
    pub label: String,
    /// Where to find it.
    pub help: String,
    /// An example.
    pub example: String,
    /// A regular expression that the whole value matches, where the system's values have a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pattern: Option<String>,
}

/// What one gets from a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// A list of members.
    Members,
    /// Fixtures and results, and no members.
    FixturesOnly,
    /// Teams, and no members.
    TeamsOnly,
    /// One member at a time, with more fields.
    Detail,
    /// Only what has changed since a time.
    Incremental,
    /// Members that were deleted are told as such.
    Deletes,
    /// Parents or guardians.
    Guardians,
}

/// Where a preset comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Part of the product.
    #[default]
    BuiltIn,
    /// A file in the data folder's `presets`.
    Own,
}

/// One system of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PresetView {
    /// Identifier, e.g. `generic_rest_key`.
    pub id: String,
    /// Name shown.
    pub name: String,
    /// One line: how one signs in and what comes.
    pub summary: String,
    /// `start`, `systems` or `own`: the group in the gallery.
    pub group: String,
    /// Badge.
    pub verified: Verified,
    /// Day of the last check, `YYYY-MM-DD`.
    pub checked_on: String,
    /// Documentation.
    #[serde(default)]
    pub documentation: Option<String>,
    /// What to have at hand, one line each.
    pub needs: Vec<String>,
    /// Where to find the key in that system.
    #[serde(default)]
    pub key_help: Option<String>,
    /// A club that a test may ask about where none is connected yet.
    #[serde(default)]
    pub sample_club: Option<String>,
    /// The client id that everybody uses there, where there is one.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Values it asks for.
    #[serde(default)]
    pub variables: Vec<PresetVariableView>,
    /// The base address is fixed by the preset.
    pub base_fixed: bool,
    /// What one gets.
    pub capabilities: Vec<Capability>,
    /// Where a member's fields stand in a record: dotted paths, the first that has a value counts.
    #[serde(default)]
    pub fields: BTreeMap<MemberField, Vec<String>>,
    /// Where it comes from. No file says so of itself.
    #[serde(default, skip_deserializing)]
    pub origin: Origin,
    /// Settings to start from; code and name are suggestions.
    pub settings: ConnectorSettings,
}

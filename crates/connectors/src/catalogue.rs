//! Presets of federation systems, as data. What is publicly known of a system, how it was
//! verified and what a person needs to have at hand. No code per system.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connector_file::syntax_error;
use crate::error::{Code, Error, Result};
use crate::settings::ConnectorSettings;

/// The presets that are part of the product, with the names of their files.
const FILES: [(&str, &str); 5] = [
    ("practice.toml", include_str!("../catalogue/practice.toml")),
    (
        "practice_sign_in.toml",
        include_str!("../catalogue/practice_sign_in.toml"),
    ),
    (
        "generic_rest_key.toml",
        include_str!("../catalogue/generic_rest_key.toml"),
    ),
    (
        "generic_rest_basic.toml",
        include_str!("../catalogue/generic_rest_basic.toml"),
    ),
    (
        "generic_rest_oauth.toml",
        include_str!("../catalogue/generic_rest_oauth.toml"),
    ),
];

/// Identifier of the preset of the practice federation.
pub const PRACTICE: &str = "practice";
/// Identifier of the preset that signs in to the practice federation (OAuth 2.0).
pub const PRACTICE_SIGN_IN: &str = "practice_sign_in";

/// All presets, in the order of the gallery.
pub fn list() -> Result<Vec<PresetView>> {
    FILES.iter().map(|(name, text)| parse(name, text)).collect()
}

/// One preset by its identifier.
pub fn show(id: &str) -> Result<PresetView> {
    list()?
        .into_iter()
        .find(|preset| preset.id == id)
        .ok_or_else(|| {
            Error::refused(
                Code::NotFound,
                format!("there is no preset {id}; `catalogue list` shows all"),
            )
        })
}

/// Reads one preset. A mistake names file, line and key.
pub fn parse(file: &str, text: &str) -> Result<PresetView> {
    toml::from_str(text).map_err(|error| match syntax_error(text, &error) {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                field.message = format!("{file}, {}", field.message);
            }
            Error::Invalid(fields)
        }
        other => other,
    })
}

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
    /// The client id that everybody uses there, where there is one.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Values it asks for.
    #[serde(default)]
    pub variables: Vec<PresetVariableView>,
    /// The base address is fixed by the preset.
    pub base_fixed: bool,
    /// Settings to start from; code and name are suggestions.
    pub settings: ConnectorSettings,
}

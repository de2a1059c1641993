//! Presets as the app sees them: those of the product and those in the data folder.

use super::App;
use super::opening::blocking;
use crate::catalogue;
use crate::error::{FieldError, Result};
use crate::settings::ConnectorSettings;
use crate::validate;
use crate::view::{CatalogueView, PresetView};

impl App {
    /// All presets. Needs no open file.
    pub async fn catalogue(&self) -> Result<CatalogueView> {
        let folder = self.data_dir().to_owned();
        blocking(move || catalogue::list_with_own(&folder)).await
    }

    /// One preset by its identifier. Needs no open file.
    pub async fn preset(&self, id: &str) -> Result<PresetView> {
        let (folder, id) = (self.data_dir().to_owned(), id.to_owned());
        blocking(move || catalogue::show_with_own(&folder, &id)).await
    }

    /// The broken rules of settings, those of its preset's variables included. A preset that is gone
    /// has no rules any more.
    pub(super) async fn broken_rules(&self, settings: &ConnectorSettings) -> Vec<FieldError> {
        let mut found = validate::check(settings);
        if let Some(id) = &settings.preset
            && let Ok(preset) = self.preset(id).await
        {
            found.extend(catalogue::check_variables(&preset, settings));
        }
        found
    }
}

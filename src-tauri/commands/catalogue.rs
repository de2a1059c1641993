//! The catalogue of presets.

use connectors::catalogue;
use connectors::view::PresetView;

use crate::error::CommandResult;

/// All presets.
#[tauri::command]
pub async fn catalogue_list() -> CommandResult<Vec<PresetView>> {
    Ok(catalogue::list()?)
}

//! The catalogue of presets.

use connectors::App;
use connectors::view::CatalogueView;
use tauri::State;

use crate::error::CommandResult;

/// All presets, and what is wrong with files that are none.
#[tauri::command]
pub async fn catalogue_list(app: State<'_, App>) -> CommandResult<CatalogueView> {
    Ok(app.catalogue().await?)
}

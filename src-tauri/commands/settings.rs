//! Preferences of this computer.

use connectors::App;
use connectors::view::AppSettings;
use tauri::State;

use crate::autostart;
use crate::error::CommandResult;

/// The preferences; they can be read while locked.
#[tauri::command]
pub async fn settings_show(app: State<'_, App>) -> CommandResult<AppSettings> {
    Ok(app.settings())
}

/// New preferences.
#[tauri::command]
pub async fn settings_set(
    app: State<'_, App>,
    settings: AppSettings,
) -> CommandResult<AppSettings> {
    if settings.autostart != app.settings().autostart {
        autostart::set(settings.autostart)?;
    }
    Ok(app.settings_set(settings).await?)
}

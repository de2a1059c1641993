//! A file for whoever helps: shown, then saved as it was shown.

use connectors::App;
use connectors::view::DiagnosticsView;
use tauri::{AppHandle, Runtime, State};

use crate::downloads;
use crate::error::CommandResult;

/// What would be in it.
#[tauri::command]
pub async fn diagnostics_look(app: State<'_, App>) -> CommandResult<DiagnosticsView> {
    Ok(app.diagnostics_look(tauri::webview_version().ok()).await?)
}

/// What was looked at, as a zip in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn diagnostics_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
) -> CommandResult<String> {
    let bytes = app.diagnostics_zip(tauri::webview_version().ok()).await?;
    Ok(downloads::save(
        &handle,
        "federation-connectors-diagnostics",
        "zip",
        &bytes,
    )?)
}

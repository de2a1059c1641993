//! Checks, and acts on many connectors at once.

use connectors::App;
use connectors::error::Result;
use connectors::view::{BulkConnectorView, CheckSetRequest, CheckSettingsView, HealthFilter};
use tauri::{AppHandle, Runtime, State};

use crate::error::CommandResult;
use crate::events::{Event, emit};

/// Ask connectors now whether they still answer. `test_cancel` stops it.
#[tauri::command]
pub async fn check_all<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    filter: HealthFilter,
) -> CommandResult<Vec<BulkConnectorView>> {
    changed(&handle, app.check_all(filter).await)
}

/// Pause connectors.
#[tauri::command]
pub async fn bulk_pause<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    filter: HealthFilter,
) -> CommandResult<Vec<BulkConnectorView>> {
    changed(&handle, app.pause_all(filter).await)
}

/// Take paused connectors into use again.
#[tauri::command]
pub async fn bulk_resume<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    filter: HealthFilter,
) -> CommandResult<Vec<BulkConnectorView>> {
    changed(&handle, app.resume_all(filter).await)
}

/// Clear the errors of connectors.
#[tauri::command]
pub async fn bulk_clear_errors<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    filter: HealthFilter,
) -> CommandResult<Vec<BulkConnectorView>> {
    changed(&handle, app.clear_errors_all(filter).await)
}

/// How often connectors, or one of them, are checked.
#[tauri::command]
pub async fn check_settings(
    app: State<'_, App>,
    code: Option<String>,
) -> CommandResult<CheckSettingsView> {
    Ok(app.check_settings(code.as_deref()).await?)
}

/// Set how often.
#[tauri::command]
pub async fn check_set<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: CheckSetRequest,
) -> CommandResult<CheckSettingsView> {
    changed(&handle, app.check_set(request).await)
}

/// Some of them may have changed, also where it ended in an error.
fn changed<R: Runtime, T>(handle: &AppHandle<R>, outcome: Result<T>) -> CommandResult<T> {
    emit(handle, &Event::ConnectorsChanged);
    Ok(outcome?)
}

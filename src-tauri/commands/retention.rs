//! How long personal data is kept.

use connectors::App;
use connectors::view::{RetentionRequest, RetentionRunView, RetentionView};
use tauri::{AppHandle, Runtime, State};

use super::sync::changed;
use crate::error::CommandResult;

/// How long what is kept.
#[tauri::command]
pub async fn retention_show(app: State<'_, App>) -> CommandResult<RetentionView> {
    Ok(app.retention_show().await?)
}

/// Change for how long leavers are kept.
#[tauri::command]
pub async fn retention_set(
    app: State<'_, App>,
    request: RetentionRequest,
) -> CommandResult<RetentionView> {
    Ok(app.retention_set(request).await?)
}

/// Take what is older than it is kept, or say what would be taken.
#[tauri::command]
pub async fn retention_run<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    dry_run: bool,
) -> CommandResult<RetentionRunView> {
    let taken = app.retention_run(dry_run).await;
    if dry_run {
        return Ok(taken?);
    }
    changed(&handle, taken)
}

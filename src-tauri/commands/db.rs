//! The data file: backups and the check.

use std::path::PathBuf;

use connectors::App;
use connectors::view::{BackupView, CheckView, StatusView};
use tauri::{AppHandle, Runtime, State};

use crate::background;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// A backup into the app's own folder.
#[tauri::command]
pub async fn db_backup(app: State<'_, App>) -> CommandResult<BackupView> {
    Ok(app.db_backup(None).await?)
}

/// The backups that are there.
#[tauri::command]
pub async fn db_backups(app: State<'_, App>) -> CommandResult<Vec<BackupView>> {
    Ok(app.db_backups()?)
}

/// Puts a backup in place; the present file is kept aside. Only files out of the app's own backup
/// folder are taken from the window.
#[tauri::command]
pub async fn db_restore<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    path: PathBuf,
) -> CommandResult<StatusView> {
    let outcome = app.db_restore_own(&path).await;
    emit(&handle, &Event::AppStateChanged);
    outcome?;
    background::after_opening(&handle);
    Ok(app.status().await)
}

/// Looks through the whole file.
#[tauri::command]
pub async fn db_check(app: State<'_, App>) -> CommandResult<CheckView> {
    Ok(app.db_check().await?)
}

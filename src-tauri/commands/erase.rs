//! Erasing a person.

use connectors::App;
use connectors::view::{EraseLookView, EraseView};
use tauri::{AppHandle, Runtime, State};

use super::sync::changed;
use crate::error::CommandResult;

/// What erasing a member would do.
#[tauri::command]
pub async fn member_erase_look(
    app: State<'_, App>,
    member: String,
) -> CommandResult<EraseLookView> {
    Ok(app.member_erase_look(&member).await?)
}

/// Erase a member for good.
#[tauri::command]
pub async fn member_erase<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    member: String,
    purge_backups: bool,
) -> CommandResult<EraseView> {
    let erased = app.member_erase(&member, purge_backups).await;
    changed(&handle, erased)
}

/// Let a person in again who was erased.
#[tauri::command]
pub async fn member_allow_again(
    app: State<'_, App>,
    code: String,
    org: String,
    external_id: String,
) -> CommandResult<()> {
    Ok(app.member_allow_again(&code, &org, &external_id).await?)
}

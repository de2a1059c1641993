//! Clubs and their connections.

use connectors::App;
use connectors::view::{
    ClubConnectRequest, ClubHistoryView, ClubImportView, ClubListRequest, ClubListView,
    ClubLookUpView, ClubView,
};
use tauri::{AppHandle, Runtime, State};

use super::connector::changed;
use crate::error::CommandResult;

/// A part of the list of connected clubs.
#[tauri::command]
pub async fn org_list(
    app: State<'_, App>,
    request: ClubListRequest,
) -> CommandResult<ClubListView> {
    Ok(app.org_list(request).await?)
}

/// One club with the connectors that it is, or was, connected to.
#[tauri::command]
pub async fn org_connectors(app: State<'_, App>, org: String) -> CommandResult<ClubHistoryView> {
    Ok(app.org_connectors(&org).await?)
}

/// What the federation calls the club with an id.
#[tauri::command]
pub async fn org_look_up(
    app: State<'_, App>,
    code: String,
    federation_org: String,
) -> CommandResult<ClubLookUpView> {
    Ok(app.org_look_up(&code, &federation_org).await?)
}

/// Connect a club.
#[tauri::command]
pub async fn org_connect<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: ClubConnectRequest,
) -> CommandResult<ClubView> {
    changed(&handle, app.org_connect(request).await)
}

/// Disconnect a club; its history stays.
#[tauri::command]
pub async fn org_disconnect<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
) -> CommandResult<ClubView> {
    changed(&handle, app.org_disconnect(&code, &org).await)
}

/// Connect the clubs of a list.
#[tauri::command]
pub async fn org_import<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    text: String,
) -> CommandResult<ClubImportView> {
    changed(&handle, app.org_import(&code, &text).await)
}

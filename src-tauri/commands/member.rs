//! Members.

use connectors::App;
use connectors::view::{MemberEditRequest, MemberListView, MemberView};
use tauri::{AppHandle, Runtime, State};

use super::sync::changed;
use crate::error::CommandResult;

/// Members of a club at a connector.
#[tauri::command]
pub async fn member_list(
    app: State<'_, App>,
    code: String,
    org: String,
    after: Option<String>,
    limit: u32,
) -> CommandResult<MemberListView> {
    Ok(app
        .member_list(&code, &org, after.as_deref(), limit)
        .await?)
}

/// The club's own edit of a member.
#[tauri::command]
pub async fn member_edit<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: MemberEditRequest,
) -> CommandResult<MemberView> {
    let changes: Vec<_> = request
        .changes
        .into_iter()
        .map(|change| (change.field, change.value))
        .collect();
    let edited = app
        .member_edit(&request.member_id, request.version, &changes)
        .await;
    changed(&handle, edited)
}

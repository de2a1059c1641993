//! Members.

use connectors::App;
use connectors::view::{
    MemberDetailView, MemberEditRequest, MemberField, MemberListView, MemberSearchRequest,
    MemberSearchView, MemberView, TraceView,
};
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

/// Members of all clubs, of one club or of one connector.
#[tauri::command]
pub async fn member_search(
    app: State<'_, App>,
    request: MemberSearchRequest,
) -> CommandResult<MemberSearchView> {
    Ok(app.member_search(request).await?)
}

/// A member with where each of its values comes from.
#[tauri::command]
pub async fn member_show(app: State<'_, App>, member: String) -> CommandResult<MemberDetailView> {
    Ok(app.member_show(&member).await?)
}

/// Why a value of a member is so.
#[tauri::command]
pub async fn member_trace(
    app: State<'_, App>,
    member: String,
    field: MemberField,
) -> CommandResult<TraceView> {
    Ok(app.member_trace(&member, field).await?)
}

/// Take what the federation last gave instead of the club's values.
#[tauri::command]
pub async fn member_take_federation<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    member: String,
    version: i64,
    fields: Vec<MemberField>,
) -> CommandResult<MemberDetailView> {
    let taken = app.member_take_federation(&member, version, &fields).await;
    changed(&handle, taken)
}

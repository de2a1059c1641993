//! What a person decides about a sync once and for good, who moved since a plan was made, and plans and runs as files.

use connectors::App;
use connectors::view::{
    ClubChoicesView, ExportFormat, FieldTake, MatchChoiceView, MemberField, PlanMovedView,
    ProposedMemberView, RunExportLookView, RunExportRequest, RunView, SyncMatchRequest,
};
use tauri::{AppHandle, Runtime, State};

use super::sync::changed;
use crate::downloads;
use crate::error::CommandResult;

/// Members that are no longer as a plan found them.
#[tauri::command]
pub async fn sync_moved(app: State<'_, App>, run: String) -> CommandResult<PlanMovedView> {
    Ok(app.sync_moved(&run).await?)
}

/// Members that a record of a plan may be of.
#[tauri::command]
pub async fn sync_proposed(
    app: State<'_, App>,
    run: String,
    row: i64,
) -> CommandResult<Vec<ProposedMemberView>> {
    Ok(app.sync_proposed(&run, row).await?)
}

/// Decide whose a record is.
#[tauri::command]
pub async fn sync_match<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: SyncMatchRequest,
) -> CommandResult<RunView> {
    changed(&handle, app.sync_match(request).await)
}

/// What was decided for later syncs of a club.
#[tauri::command]
pub async fn sync_choices(
    app: State<'_, App>,
    code: String,
    org: String,
) -> CommandResult<ClubChoicesView> {
    Ok(app.sync_choices(&code, &org).await?)
}

/// Ask again whose a record is.
#[tauri::command]
pub async fn sync_forget_match<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
    choice: String,
) -> CommandResult<()> {
    changed(&handle, app.sync_forget_match(&code, &org, &choice).await)
}

/// Keep, or forget, whose value counts in a field of a club.
#[tauri::command]
pub async fn sync_choose_field<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
    field: MemberField,
    take: Option<FieldTake>,
) -> CommandResult<()> {
    let chosen = app.sync_choose_field(&code, &org, field, take).await;
    changed(&handle, chosen)
}

/// Which records are a member's because a person said so.
#[tauri::command]
pub async fn member_choices(
    app: State<'_, App>,
    member: String,
) -> CommandResult<Vec<MatchChoiceView>> {
    Ok(app.member_choices(&member).await?)
}

/// What a file of a plan or a run would contain.
#[tauri::command]
pub async fn run_export_look(
    app: State<'_, App>,
    request: RunExportRequest,
) -> CommandResult<RunExportLookView> {
    Ok(app.run_export_look(&request).await?)
}

/// A plan or a run as a file in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn run_export_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: RunExportRequest,
) -> CommandResult<String> {
    let bytes = app.run_export(&request).await?;
    let extension = match request.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    Ok(downloads::save(&handle, "sync-changes", extension, &bytes)?)
}

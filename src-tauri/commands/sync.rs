//! Syncs: plans, runs, undoing them.

use connectors::view::{
    AskedBy, BulkPlansView, BulkRequest, KeepMineView, MemberField, PlanKind, PlanPageView,
    RunListRequest, RunListView, RunRowView, RunView, SyncApplyRequest, SyncProgressView,
    UndoMembersView, UndoOutlookView, UndoView,
};
use connectors::{App, CancellationToken};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use crate::downloads;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// Sends how far a plan is to the window. One that was closed misses it, and nothing else.
pub(super) fn shown_in(
    on_step: Channel<SyncProgressView>,
) -> impl Fn(connectors::SyncProgress) + Send + Sync + 'static {
    move |far| {
        let far = SyncProgressView {
            fetched: far.fetched,
            page: far.page,
            expected: far.expected,
        };
        if let Err(error) = on_step.send(far) {
            tracing::debug!(%error, "progress could not be shown");
        }
    }
}

/// Read the federation's list of a club and keep what applying it would do; how far it is comes through the channel.
#[tauri::command]
pub async fn sync_preview<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
    on_step: Channel<SyncProgressView>,
) -> CommandResult<RunView> {
    let cancel = CancellationToken::new();
    let outcome = app
        .sync_preview(&code, &org, AskedBy::Person, shown_in(on_step), cancel)
        .await;
    // A failure is a run too, and counts on its club.
    emit(&handle, &Event::SyncsChanged);
    Ok(outcome?)
}

/// Stop the plan that is being made.
#[tauri::command]
pub async fn sync_cancel(app: State<'_, App>, code: String, org: String) -> CommandResult<()> {
    Ok(app.sync_cancel(&code, &org).await?)
}

/// Do what a plan says, or all of it but its leavers.
#[tauri::command]
pub async fn sync_apply<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: SyncApplyRequest,
) -> CommandResult<RunView> {
    changed(&handle, app.sync_apply_request(request).await)
}

/// Decide one field of a conflict.
#[tauri::command]
pub async fn sync_resolve<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    run: String,
    number: i64,
    field: MemberField,
    take: String,
) -> CommandResult<RunView> {
    changed(&handle, app.sync_resolve(&run, number, field, &take).await)
}

/// Decide every conflict about one field for one side.
#[tauri::command]
pub async fn sync_resolve_similar<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    run: String,
    field: MemberField,
    take: String,
) -> CommandResult<RunView> {
    changed(&handle, app.sync_resolve_similar(&run, field, &take).await)
}

/// Put the members of a run back as they were.
#[tauri::command]
pub async fn sync_undo<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    run: String,
    members: Option<Vec<String>>,
) -> CommandResult<UndoView> {
    changed(
        &handle,
        app.sync_undo_chosen(&run, members.as_deref()).await,
    )
}

/// What undoing a run would do.
#[tauri::command]
pub async fn sync_undo_outlook(app: State<'_, App>, run: String) -> CommandResult<UndoOutlookView> {
    Ok(app.sync_undo_outlook(&run).await?)
}

/// The members that a run changed.
#[tauri::command]
pub async fn sync_undo_members(
    app: State<'_, App>,
    run: String,
    after: Option<String>,
    limit: u32,
) -> CommandResult<UndoMembersView> {
    Ok(app.sync_undo_members(&run, after.as_deref(), limit).await?)
}

/// After an undo: keep what was undone.
#[tauri::command]
pub async fn sync_keep_mine<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
) -> CommandResult<KeepMineView> {
    changed(&handle, app.sync_keep_mine(&code, &org).await)
}

/// Runs of all clubs.
#[tauri::command]
pub async fn sync_runs(app: State<'_, App>, request: RunListRequest) -> CommandResult<RunListView> {
    Ok(app.sync_runs(request).await?)
}

/// The plans that wait, apart by whether they may be applied without a look.
#[tauri::command]
pub async fn sync_safe_plans(
    app: State<'_, App>,
    request: BulkRequest,
) -> CommandResult<BulkPlansView> {
    Ok(app.sync_safe_plans(request).await?)
}

/// One run with the club and the connector that it is about.
#[tauri::command]
pub async fn sync_run_row(app: State<'_, App>, run: String) -> CommandResult<RunRowView> {
    Ok(app.sync_run_row(&run).await?)
}

/// One page about a run, without names of members, as a file in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn sync_run_summary_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    run: String,
) -> CommandResult<String> {
    let page = app.sync_run_summary(&run).await?;
    Ok(downloads::save(
        &handle,
        "sync-summary",
        "html",
        page.as_bytes(),
    )?)
}

/// After an undo: let the next plan be applied.
#[tauri::command]
pub async fn sync_apply_again<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
) -> CommandResult<()> {
    changed(&handle, app.sync_apply_again(&code, &org).await)
}

/// One run.
#[tauri::command]
pub async fn sync_run(app: State<'_, App>, run: String) -> CommandResult<RunView> {
    Ok(app.sync_run(&run).await?)
}

/// The newest runs of a club at a connector.
#[tauri::command]
pub async fn sync_history(
    app: State<'_, App>,
    code: String,
    org: String,
    limit: u32,
) -> CommandResult<Vec<RunView>> {
    Ok(app.sync_history(&code, &org, limit).await?)
}

/// Rows of a plan.
#[tauri::command]
pub async fn sync_plan(
    app: State<'_, App>,
    run: String,
    kind: PlanKind,
    after: Option<String>,
    limit: u32,
) -> CommandResult<PlanPageView> {
    Ok(app.sync_plan(&run, kind, after.as_deref(), limit).await?)
}

/// Tells the window that runs or members have changed, where they did.
pub(super) fn changed<T, R: Runtime>(
    handle: &AppHandle<R>,
    outcome: connectors::error::Result<T>,
) -> CommandResult<T> {
    let value = outcome?;
    emit(handle, &Event::SyncsChanged);
    Ok(value)
}

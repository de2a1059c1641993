//! Schedules: when clubs sync by themselves, and what may happen then.

use connectors::App;
use connectors::view::{NextRunView, SchedulePolicyRequest, ScheduleSetRequest, ScheduleView};
use tauri::{AppHandle, Runtime, State};

use super::sync::changed;
use crate::error::CommandResult;

/// When a club, or the clubs of a connector, sync by themselves.
#[tauri::command]
pub async fn schedule_show(
    app: State<'_, App>,
    code: String,
    org: Option<String>,
) -> CommandResult<ScheduleView> {
    Ok(app.schedule_show(&code, org.as_deref()).await?)
}

/// The next runs of a schedule that is being written.
#[tauri::command]
pub async fn schedule_preview(
    app: State<'_, App>,
    schedule: String,
    time_zone: String,
) -> CommandResult<Vec<NextRunView>> {
    Ok(app.schedule_preview(&schedule, &time_zone)?)
}

/// Set when they do.
#[tauri::command]
pub async fn schedule_set<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: Option<String>,
    request: ScheduleSetRequest,
) -> CommandResult<ScheduleView> {
    changed(
        &handle,
        app.schedule_set(&code, org.as_deref(), request).await,
    )
}

/// Set what a schedule may do.
#[tauri::command]
pub async fn schedule_policy<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: Option<String>,
    request: SchedulePolicyRequest,
) -> CommandResult<ScheduleView> {
    changed(
        &handle,
        app.schedule_policy(&code, org.as_deref(), request).await,
    )
}

/// Answer whether missed runs are made up for.
#[tauri::command]
pub async fn schedule_answer<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    org: String,
    run: bool,
) -> CommandResult<ScheduleView> {
    changed(&handle, app.schedule_answer(&code, &org, run).await)
}

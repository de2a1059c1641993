//! Commands of health and the error log.

use connectors::App;
use connectors::view::{
    ErrorListRequest, ErrorListView, ExportFormat, HealthDetailView, HealthExportLookView,
    HealthExportRequest, HealthFilter, HealthView,
};
use tauri::{AppHandle, Runtime, State};

use crate::downloads;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// The health of the connectors that fit.
#[tauri::command]
pub async fn health_list(
    app: State<'_, App>,
    filter: HealthFilter,
) -> CommandResult<Vec<HealthView>> {
    Ok(app.health_list(filter).await?)
}

/// The health of one connector.
#[tauri::command]
pub async fn health_show(app: State<'_, App>, code: String) -> CommandResult<HealthDetailView> {
    Ok(app.health(&code).await?)
}

/// A page of the error log.
#[tauri::command]
pub async fn error_list(
    app: State<'_, App>,
    request: ErrorListRequest,
) -> CommandResult<ErrorListView> {
    Ok(app.error_list(request).await?)
}

/// Says that the errors of a connector are dealt with.
#[tauri::command]
pub async fn error_clear<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<HealthView> {
    let cleared = app.clear_errors(&code).await?;
    emit(&handle, &Event::ConnectorsChanged);
    Ok(cleared)
}

/// What a file of health would contain.
#[tauri::command]
pub async fn health_export_look(
    app: State<'_, App>,
    request: HealthExportRequest,
) -> CommandResult<HealthExportLookView> {
    Ok(app.health_export_look(&request).await?)
}

/// Health as a file in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn health_export_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: HealthExportRequest,
) -> CommandResult<String> {
    let bytes = app.health_export(&request).await?;
    let extension = match request.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    Ok(downloads::save(&handle, "health", extension, &bytes)?)
}

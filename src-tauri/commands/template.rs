//! Templates: looking at them, trying a draft with samples, saving and going back.

use connectors::App;
use connectors::view::{
    TemplatePartsView, TemplateSamplesRequest, TemplateSamplesView, TemplateSaveRequest,
    TemplateTryRequest, TemplateTryView, TemplateVersionView, TemplateView,
};
use tauri::{AppHandle, Runtime, State};

use super::file::bytes_of;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// One template.
#[tauri::command]
pub async fn template_show(app: State<'_, App>, id: String) -> CommandResult<TemplateView> {
    Ok(app.template(&id).await?)
}

/// What a new template can be made of.
#[tauri::command]
pub fn template_parts() -> TemplatePartsView {
    App::template_parts()
}

/// Records to try a draft with. `file` is a CSV file in base64, where that is asked for.
#[tauri::command]
pub async fn template_samples(
    app: State<'_, App>,
    request: TemplateSamplesRequest,
    file: Option<String>,
) -> CommandResult<TemplateSamplesView> {
    let file = file.as_deref().map(bytes_of).transpose()?;
    Ok(app.template_samples(request, file).await?)
}

/// Forget the records.
#[tauri::command]
#[allow(
    clippy::needless_pass_by_value,
    reason = "a command is given its state by value"
)]
pub fn template_samples_drop(app: State<'_, App>) {
    app.template_samples_drop();
}

/// A draft in both its forms, its mistakes, and what it makes of the records.
#[tauri::command]
pub async fn template_try(
    app: State<'_, App>,
    request: TemplateTryRequest,
) -> CommandResult<TemplateTryView> {
    Ok(app.template_try(request).await?)
}

/// Save a template as a new version.
#[tauri::command]
pub async fn template_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: TemplateSaveRequest,
) -> CommandResult<TemplateView> {
    let saved = app.template_save(request).await?;
    // Plans may have ended with it.
    emit(&handle, &Event::SyncsChanged);
    Ok(saved)
}

/// The versions of a saved template.
#[tauri::command]
pub async fn template_versions(
    app: State<'_, App>,
    id: String,
) -> CommandResult<Vec<TemplateVersionView>> {
    Ok(app.template_versions(&id).await?)
}

/// One version of a saved template.
#[tauri::command]
pub async fn template_version(
    app: State<'_, App>,
    id: String,
    version: u32,
) -> CommandResult<TemplateView> {
    Ok(app.template_version(&id, version).await?)
}

/// Go back to a version of a saved template.
#[tauri::command]
pub async fn template_restore<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    id: String,
    version: u32,
    expected_version: u32,
) -> CommandResult<TemplateView> {
    let saved = app.template_restore(&id, version, expected_version).await?;
    emit(&handle, &Event::SyncsChanged);
    Ok(saved)
}

/// Delete a saved template; its versions stay.
#[tauri::command]
pub async fn template_delete<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    id: String,
) -> CommandResult<()> {
    app.template_delete(&id).await?;
    emit(&handle, &Event::SyncsChanged);
    Ok(())
}

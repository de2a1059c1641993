//! Files of members in and out.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connectors::error::{Code, Error};
use connectors::view::{
    ExportFormat, ExportLookView, ImportLookView, ImportOutcomeView, ImportRequest,
    MemberExportRequest, RunView, SyncProgressView, TemplateListView,
};
use connectors::{App, CancellationToken, IMPORT_LIMIT};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use super::sync::shown_in;
use crate::downloads;
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// What a file of members holds. `file` is the file itself, in base64.
#[tauri::command]
pub async fn import_look(
    app: State<'_, App>,
    request: ImportRequest,
    file: String,
) -> CommandResult<ImportLookView> {
    Ok(app.import_look(&request, bytes_of(&file)?).await?)
}

/// Make a plan of a file of members; how far it is comes through the channel, and `sync_cancel` stops it.
#[tauri::command]
pub async fn import_plan<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: ImportRequest,
    file: String,
    on_step: Channel<SyncProgressView>,
) -> CommandResult<RunView> {
    let cancel = CancellationToken::new();
    let outcome = app
        .import_plan(&request, bytes_of(&file)?, shown_in(on_step), cancel)
        .await;
    // A failure is a run too.
    emit(&handle, &Event::SyncsChanged);
    Ok(outcome?)
}

/// What becomes of the rows of a file.
#[tauri::command]
pub async fn import_outcome(app: State<'_, App>, run: String) -> CommandResult<ImportOutcomeView> {
    Ok(app.import_outcome(&run).await?)
}

/// What a file of members would contain.
#[tauri::command]
pub async fn member_export_look(
    app: State<'_, App>,
    request: MemberExportRequest,
) -> CommandResult<ExportLookView> {
    Ok(app.member_export_look(&request).await?)
}

/// Members as a file in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn member_export_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: MemberExportRequest,
) -> CommandResult<String> {
    let bytes = app.member_export(&request).await?;
    let extension = match request.format {
        ExportFormat::Csv => "csv",
        ExportFormat::Json => "json",
    };
    // Own identifiers of clubs are free text; a file's name is not.
    let org: String = request
        .org
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .take(60)
        .collect();
    let stem = format!("members-{org}");
    Ok(downloads::save(&handle, &stem, extension, &bytes)?)
}

/// All templates.
#[tauri::command]
pub async fn template_list(app: State<'_, App>) -> CommandResult<TemplateListView> {
    Ok(app.templates().await?)
}

pub(super) fn bytes_of(file: &str) -> Result<Arc<[u8]>, Error> {
    let refused = |why: &str| Error::refused(Code::BadFile, why.to_owned());
    if file.len() / 4 * 3 > IMPORT_LIMIT + 3 {
        return Err(refused(
            "the file is larger than 50 MB; a members export is not",
        ));
    }
    let bytes = STANDARD
        .decode(file)
        .map_err(|_| refused("the file did not arrive whole"))?;
    Ok(bytes.into())
}

//! A notification for a try.

use connectors::App;
use connectors::view::NoticeTestView;
use tauri::{AppHandle, Runtime, State};

use crate::error::CommandResult;
use crate::notices;

/// Shows one now, also in quiet hours, and says what became of it.
#[tauri::command]
pub async fn notice_test<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
) -> CommandResult<NoticeTestView> {
    Ok(notices::try_out(&handle, app.inner()).await)
}

//! Home, and what is told about a failure by e-mail.

use connectors::App;
use connectors::view::HomeView;
use tauri::State;

use crate::error::CommandResult;

/// How everything stands, and what needs a person.
#[tauri::command]
pub async fn home_show(app: State<'_, App>) -> CommandResult<HomeView> {
    Ok(app.home().await?)
}

/// A text for an e-mail, without a name: about the connector as it stands, or about one error.
#[tauri::command]
pub async fn failure_text(
    app: State<'_, App>,
    code: String,
    error_id: Option<String>,
) -> CommandResult<String> {
    Ok(app.failure_text(&code, error_id.as_deref()).await?)
}

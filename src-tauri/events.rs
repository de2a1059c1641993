//! News for every part of the window. This enum is the only thing the shell ever emits.

use serde::Serialize;
use ts_rs::TS;

/// The one event name on the wire.
pub const EVENT_NAME: &str = "app://event";

/// What changed; the window reads again what it shows. Carries no data of anybody.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Opened, locked or refused: ask for the status.
    AppStateChanged,
    /// A connector was added, changed, tested, deleted or restored, or its clubs changed.
    ConnectorsChanged,
    /// A plan was made, decided, applied or undone, or a member changed.
    SyncsChanged,
    /// The practice federation started or stopped.
    PracticeChanged,
    /// A notification was clicked: show its connector, or Home where it was about several. The code is a word, and no data.
    OpenAsked {
        /// Federation code.
        code: Option<String>,
    },
    /// The app is to end while a sync runs: ask whether it may.
    QuitAsked,
}

/// Tells the window. A window that is gone needs no news.
pub fn emit<R: tauri::Runtime>(handle: &tauri::AppHandle<R>, event: &Event) {
    use tauri::Emitter;
    if let Err(error) = handle.emit(EVENT_NAME, event) {
        tracing::debug!(%error, "an event could not be sent");
    }
}

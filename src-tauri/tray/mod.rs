//! The icon in the panel: how everything stands in one line, open, sync, an hour's rest, quit. It is a `StatusNotifierItem` over the
//! session bus, spoken with `zbus`, which is there for the keychain: the usual library loads `libayatana-appindicator` and panics
//! where it is missing. Without a panel that shows icons the app lacks nothing: starting it again brings its window back.

#[cfg(all(unix, not(target_os = "macos")))]
mod item;
#[cfg(all(unix, not(target_os = "macos")))]
mod menu;
#[cfg(all(test, target_os = "linux"))]
#[path = "tests.rs"]
mod on_a_bus;
#[cfg(all(unix, not(target_os = "macos")))]
mod panel;

use connectors::clock::{Clock, SystemClock};
use connectors::view::{AppStateView, AskedBy, BulkRequest, BulkState, NoticeView, StatusView};
use connectors::{App, CancellationToken};
use tauri::{AppHandle, Manager, Runtime};

use crate::background;
use crate::events::{Event, emit};
use crate::notices::Notifier;

/// What can be chosen in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Bring the window to the front.
    Open,
    /// Read the lists of all clubs.
    SyncAll,
    /// No schedule and no check for an hour.
    Pause,
    /// Schedules and checks again.
    Resume,
    /// End the app.
    Quit,
}

/// What the icon says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// How everything stands, in one line.
    pub line: String,
    /// Whether somebody is needed.
    pub needs_you: bool,
    /// Whether the file is open, so that there is something to do.
    pub open: bool,
    /// Minutes for which schedules and checks rest still.
    pub paused_minutes: Option<i64>,
}

impl Shown {
    /// Of the status.
    #[must_use]
    pub fn of(status: &StatusView, now: i64) -> Self {
        let open = matches!(status.app, AppStateView::Open);
        let paused_minutes = status
            .paused_until
            .map(|until| (until.saturating_sub(now) / 60_000).saturating_add(1));
        let counts = status.connectors.as_ref();
        let need = counts.map_or(0, |counts| counts.needs_you);
        let line = match (&status.app, counts) {
            (AppStateView::Open, Some(counts)) if need > 0 => {
                format!("{need} of {} connectors need you", counts.all)
            }
            (AppStateView::Open, Some(counts)) if counts.all == 0 => "No connector yet".to_owned(),
            (AppStateView::Open, Some(counts)) if counts.waiting > 0 => {
                format!(
                    "{} of {} connectors wait; nothing for you to do",
                    counts.waiting, counts.all
                )
            }
            (AppStateView::Open, _) => "No connector needs you".to_owned(),
            (AppStateView::FirstRun, _) => "Not set up yet".to_owned(),
            (AppStateView::Opening, _) => "Opening the data file".to_owned(),
            (AppStateView::Locked { .. }, _) => "Locked".to_owned(),
            (AppStateView::Refused { .. }, _) => "The data file cannot be opened".to_owned(),
        };
        let line = match paused_minutes {
            Some(minutes) => format!("{line}. Paused for {minutes} min"),
            None => line,
        };
        Self {
            line,
            needs_you: need > 0,
            open,
            paused_minutes,
        }
    }
}

/// The icon, where there is a session bus.
#[derive(Default)]
pub struct Tray {
    #[cfg(all(unix, not(target_os = "macos")))]
    panel: tokio::sync::OnceCell<panel::Panel>,
}

/// Puts the icon there, beside the window, and keeps it there.
#[cfg(all(unix, not(target_os = "macos")))]
pub fn run<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let icon = handle.default_window_icon().map(|icon| panel::Icon {
            width: icon.width(),
            height: icon.height(),
            rgba: icon.rgba().to_vec(),
        });
        let chosen = handle.clone();
        let act = move |choice| act(&chosen, choice);
        let Ok(panel) = panel::Panel::connect(None, icon, act).await else {
            tracing::info!("there is no session bus, so there is no icon in the panel");
            return;
        };
        if handle.state::<Tray>().panel.set(panel).is_err() {
            return;
        }
        refresh(&handle).await;
        if let Some(panel) = handle.state::<Tray>().panel.get() {
            panel.keep().await;
        }
    });
}

/// There is none on this system yet.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub fn run<R: Runtime>(_handle: &AppHandle<R>) {}

/// Says anew how everything stands.
pub async fn refresh<R: Runtime>(handle: &AppHandle<R>) {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let tray = handle.state::<Tray>();
        let Some(panel) = tray.panel.get() else {
            return;
        };
        let app = handle.state::<App>().inner().clone();
        let shown = Shown::of(&app.status().await, SystemClock.now().0);
        panel.show(shown).await;
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    let _ = handle;
}

fn act<R: Runtime>(handle: &AppHandle<R>, choice: Choice) {
    match choice {
        Choice::Open => background::reveal(handle),
        Choice::Quit => background::quit(handle),
        Choice::SyncAll | Choice::Pause | Choice::Resume => {
            let handle = handle.clone();
            tauri::async_runtime::spawn(async move { work(&handle, choice).await });
        }
    }
}

async fn work<R: Runtime>(handle: &AppHandle<R>, choice: Choice) {
    let app = handle.state::<App>().inner().clone();
    let outcome = match choice {
        Choice::Pause => app.pause_for_an_hour().await.map(drop),
        Choice::Resume => app.pause_end().await,
        _ => sync_all(handle, &app).await,
    };
    if let Err(error) = outcome {
        tracing::warn!(code = ?error.code(), "what was chosen in the panel could not be done");
        background::reveal(handle);
    }
    emit(handle, &Event::AppStateChanged);
}

/// Reads all lists and says what came of it: nothing is applied that nobody has seen.
async fn sync_all<R: Runtime>(handle: &AppHandle<R>, app: &App) -> connectors::error::Result<()> {
    let told = |_| emit(handle, &Event::SyncsChanged);
    let outcomes = app
        .sync_preview_all(
            BulkRequest::default(),
            AskedBy::Person,
            told,
            CancellationToken::new(),
        )
        .await?;
    let failed = outcomes
        .iter()
        .filter(|one| one.state == BulkState::Failed)
        .count();
    let read = outcomes.len().saturating_sub(failed);
    let notice = NoticeView {
        title: match read {
            1 => "1 club was read".to_owned(),
            read => format!("{read} clubs were read"),
        },
        body: if failed == 0 {
            "Nothing has changed yet. Open the app to look at the changes and apply them."
                .to_owned()
        } else {
            format!(
                "{failed} could not be read. Open the app to see why, and to apply the changes of the others."
            )
        },
        code: None,
    };
    handle.state::<Notifier>().show(handle, &notice).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use connectors::view::CountsView;

    use super::*;

    fn status(app: AppStateView, counts: Option<(u32, u32, u32)>) -> StatusView {
        StatusView {
            version: String::new(),
            data_dir: String::new(),
            app,
            file: None,
            connectors: counts.map(|(all, needs_you, waiting)| CountsView {
                all,
                needs_you,
                waiting,
                healthy: 0,
                paused: 0,
                not_tested: 0,
                deleted: 0,
            }),
            paused_until: None,
        }
    }

    #[test]
    fn one_line_says_how_everything_stands() {
        for (status, line, needs_you) in [
            (
                status(AppStateView::Open, Some((5, 2, 1))),
                "2 of 5 connectors need you",
                true,
            ),
            (
                status(AppStateView::Open, Some((5, 0, 1))),
                "1 of 5 connectors wait; nothing for you to do",
                false,
            ),
            (
                status(AppStateView::Open, Some((5, 0, 0))),
                "No connector needs you",
                false,
            ),
            (
                status(AppStateView::Open, Some((0, 0, 0))),
                "No connector yet",
                false,
            ),
            (
                status(AppStateView::FirstRun, None),
                "Not set up yet",
                false,
            ),
        ] {
            let shown = Shown::of(&status, 0);
            assert_eq!(
                (shown.line.as_str(), shown.needs_you),
                (line, needs_you),
                "{status:?}"
            );
        }
        let mut paused = status(AppStateView::Open, Some((5, 0, 0)));
        paused.paused_until = Some(90_000);
        let shown = Shown::of(&paused, 0);
        assert_eq!(
            shown.paused_minutes,
            Some(2),
            "a minute that has begun counts"
        );
        assert!(shown.line.ends_with("Paused for 2 min"), "{}", shown.line);
    }
}

//! Notifications of the system: asks the product whether somebody is to be told something, and shows it. What is said, when and how
//! often is the product's to decide. A computer without a notification service loses nothing else.

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(not(all(unix, not(target_os = "macos"))))]
#[path = "nobody.rs"]
mod bus;
#[cfg(all(test, target_os = "linux"))]
mod tests;

use std::sync::Arc;

use connectors::App;
use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::error::Code;
use connectors::view::{NoticeOutcome, NoticeTestView, NoticeView};
use tauri::{AppHandle, Listener, Manager, Runtime};
use tokio::sync::{Mutex, Notify};

use crate::events::{EVENT_NAME, Event, emit};
use crate::scheduler::{Schedules, turns};
use crate::{background, tray};

pub use bus::Bus;

/// The way to the service, made when it is needed first.
#[derive(Default)]
pub struct Notifier(Mutex<Option<Arc<Bus>>>);

impl Notifier {
    /// Shows a notification. Never fails: whoever cannot be told there finds the same in the window.
    pub async fn show<R: Runtime>(
        &self,
        handle: &AppHandle<R>,
        notice: &NoticeView,
    ) -> NoticeOutcome {
        let mut held = self.0.lock().await;
        // A bus that was there may have gone with its session's service: a second way is tried once.
        for _ in 0..2 {
            let bus = match &*held {
                Some(bus) => Arc::clone(bus),
                None => match Bus::connect(None).await {
                    Ok(bus) => {
                        let bus = Arc::new(bus);
                        listen(handle, &bus);
                        Arc::clone(held.insert(bus))
                    }
                    Err(outcome) => return outcome,
                },
            };
            match bus.show(notice).await {
                Ok(()) => return NoticeOutcome::Sent,
                Err(NoticeOutcome::NoService) => return NoticeOutcome::NoService,
                Err(_) => *held = None,
            }
        }
        NoticeOutcome::Failed
    }
}

/// A notification for a try, in the words of no connector.
pub async fn try_out<R: Runtime>(handle: &AppHandle<R>, app: &App) -> NoticeTestView {
    let notice = NoticeView {
        title: "Federation Connectors".to_owned(),
        body: "Notifications work on this computer.".to_owned(),
        code: None,
    };
    NoticeTestView {
        outcome: handle.state::<Notifier>().show(handle, &notice).await,
        quiet: app.is_quiet(),
    }
}

/// Looks after every piece of news, and when something waits to be told.
pub fn run<R: Runtime>(handle: &AppHandle<R>) {
    let news = Arc::new(Notify::new());
    let heard = Arc::clone(&news);
    handle.listen_any(EVENT_NAME, move |_| heard.notify_one());
    let looking = Looking(handle.clone());
    tauri::async_runtime::spawn(async move { turns(&looking, &news).await });
}

/// A click on one opens the window where it leads.
fn listen<R: Runtime>(handle: &AppHandle<R>, bus: &Arc<Bus>) {
    let (handle, bus) = (handle.clone(), Arc::clone(bus));
    tauri::async_runtime::spawn(async move {
        bus.clicks(|code| {
            background::reveal(&handle);
            emit(&handle, &Event::OpenAsked { code });
        })
        .await;
    });
}

struct Looking<R: Runtime>(AppHandle<R>);

impl<R: Runtime> Schedules for Looking<R> {
    fn now(&self) -> UtcMillis {
        SystemClock.now()
    }

    async fn next(&self) -> Option<UtcMillis> {
        let app = self.0.state::<App>().inner().clone();
        tray::refresh(&self.0).await;
        match app.notices_due().await {
            Ok((notice, again)) => {
                if let Some(notice) = notice {
                    let outcome = self.0.state::<Notifier>().show(&self.0, &notice).await;
                    tracing::info!(?outcome, "somebody was to be told");
                }
                again
            }
            // Nothing is told while the file is locked.
            Err(error) if matches!(error.code(), Code::Locked | Code::NotInitialised) => None,
            Err(error) => {
                tracing::warn!(code = ?error.code(), "it is not known whether somebody is to be told something");
                None
            }
        }
    }

    async fn run(&self) -> bool {
        // Looking is all there is to do.
        false
    }
}

//! The loop that checks connectors while the app runs: it sleeps until one is due, checks it, and tells the window. What is due
//! is the product's to say; the sleeping is the scheduler's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::error::Code;
use connectors::view::HealthView;
use connectors::{App, CancellationToken};
use tauri::{AppHandle, Listener, Manager, Runtime};
use tokio::sync::Notify;

use crate::events::{EVENT_NAME, Event, emit};
use crate::scheduler::{Schedules, turns};

/// Between two words to the window while many are checked, in milliseconds: it reads everything again at each.
const TOLD_EVERY_MS: i64 = 2_000;

/// Runs as long as the app does.
pub fn run<R: Runtime>(handle: &AppHandle<R>) {
    let news = Arc::new(Notify::new());
    let heard = Arc::clone(&news);
    handle.listen_any(EVENT_NAME, move |event| {
        if concerns(event.payload()) {
            heard.notify_one();
        }
    });
    let app = handle.state::<App>().inner().clone();
    let checks = Checks {
        handle: handle.clone(),
        app,
    };
    tauri::async_runtime::spawn(async move { turns(&checks, &news).await });
}

/// Whether news may have changed whose turn it is. A sync that is under way has many, and none of them does.
fn concerns(payload: &str) -> bool {
    payload.contains("connectors_changed") || payload.contains("app_state_changed")
}

/// The product, and the window that hears of it.
struct Checks<R: Runtime> {
    handle: AppHandle<R>,
    app: App,
}

impl<R: Runtime> Schedules for Checks<R> {
    fn now(&self) -> UtcMillis {
        SystemClock.now()
    }

    async fn next(&self) -> Option<UtcMillis> {
        match self.app.check_next().await {
            Ok(next) => next,
            // Nothing is due while the file is locked.
            Err(error) if matches!(error.code(), Code::Locked | Code::NotInitialised) => None,
            Err(error) => {
                tracing::warn!(code = ?error.code(), "it is not known when a check is due");
                None
            }
        }
    }

    async fn run(&self) -> bool {
        let told_at = AtomicI64::new(0);
        let told = |_: &HealthView| {
            let now = SystemClock.now().0;
            if now - told_at.load(Ordering::Relaxed) >= TOLD_EVERY_MS {
                told_at.store(now, Ordering::Relaxed);
                emit(&self.handle, &Event::ConnectorsChanged);
            }
        };
        match self.app.check_run_due(told, CancellationToken::new()).await {
            Ok(done) => {
                if !done.is_empty() {
                    emit(&self.handle, &Event::ConnectorsChanged);
                }
                !done.is_empty()
            }
            Err(error) => {
                tracing::info!(code = ?error.code(), "what is due could not be checked");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test panics")]

    use std::sync::Mutex;
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    /// Connectors that are due at these times, in milliseconds, each once; the network is gone until `back`.
    struct Due {
        passed: AtomicI64,
        times: Mutex<Vec<i64>>,
        back: i64,
        again: Mutex<Option<i64>>,
        runs: Mutex<Vec<i64>>,
        looks: AtomicI64,
    }

    impl Schedules for Due {
        fn now(&self) -> UtcMillis {
            UtcMillis(self.passed.load(Ordering::SeqCst))
        }

        async fn next(&self) -> Option<UtcMillis> {
            self.looks.fetch_add(1, Ordering::SeqCst);
            let next = self.times.lock().unwrap().iter().min().copied()?;
            let again = *self.again.lock().unwrap();
            Some(UtcMillis(again.map_or(next, |again| again.max(next))))
        }

        async fn run(&self) -> bool {
            let now = self.now().0;
            self.runs.lock().unwrap().push(now);
            if now < self.back {
                *self.again.lock().unwrap() = Some(now + 15 * 60_000);
                return true;
            }
            *self.again.lock().unwrap() = None;
            self.times.lock().unwrap().retain(|at| *at > now);
            true
        }
    }

    async fn lived(due: Vec<i64>, back: i64, minutes: i64) -> Arc<Due> {
        let all = Arc::new(Due {
            passed: AtomicI64::new(0),
            times: Mutex::new(due),
            back,
            again: Mutex::new(None),
            runs: Mutex::default(),
            looks: AtomicI64::new(0),
        });
        let news = Arc::new(Notify::new());
        let looked = Arc::clone(&all);
        tokio::spawn(async move { turns(&*looked, &news).await });
        for _ in 0..minutes * 60 {
            all.passed.fetch_add(1_000, Ordering::SeqCst);
            advance(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
        all
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_due_within_a_minute_is_done_together_and_nothing_else_wakes() {
        let due = vec![600_000, 610_000, 620_000, 3_000_000];
        let all = lived(due, 0, 60).await;
        let runs = all.runs.lock().unwrap().clone();
        assert_eq!(
            runs.len(),
            3,
            "the first, the next two together, the last: {runs:?}"
        );
        assert!(
            runs[0] - 600_000 <= 60_000
                && runs[1] - 610_000 <= 60_000
                && runs[2] - 3_000_000 <= 60_000,
            "each within a minute of its time: {runs:?}"
        );
        assert!(
            runs.windows(2).all(|two| two[1] - two[0] >= 60_000),
            "and never twice in a minute: {runs:?}"
        );
        let looks = all.looks.load(Ordering::SeqCst);
        assert!(
            looks <= 9,
            "the file is read now and then: {looks} times in an hour"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_network_it_is_looked_at_as_often_as_the_product_says() {
        let all = lived(vec![60_000], 50 * 60_000, 120).await;
        let runs = all.runs.lock().unwrap().clone();
        assert!(
            (4..=6).contains(&runs.len()),
            "every 15 minutes and once when it is back: {runs:?}"
        );
    }

    #[test]
    fn news_of_syncs_wake_nobody() {
        for (event, wakes) in [
            (Event::AppStateChanged, true),
            (Event::ConnectorsChanged, true),
            (Event::SyncsChanged, false),
            (Event::PracticeChanged, false),
        ] {
            let payload = serde_json::to_string(&event).unwrap();
            assert_eq!(concerns(&payload), wakes, "{payload}");
        }
    }
}

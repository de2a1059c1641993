//! The loop that lets clubs sync by themselves while the app runs: it sleeps until something is due, does it, and tells the
//! window. What is due is the product's to say.

use std::sync::Arc;
use std::time::Duration;

use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::error::Code;
use connectors::{App, CancellationToken};
use tauri::{AppHandle, Listener, Manager, Runtime};
use tokio::sync::Notify;

use crate::events::{EVENT_NAME, Event, emit};

/// Between two looks at the clock. Timers stand still while a computer sleeps; the time of day does not.
const GLANCE: Duration = Duration::from_secs(60);
/// Between two looks into the file, in milliseconds: `fedctl` may have set another schedule.
const READ_AGAIN_MS: i64 = 15 * 60_000;
/// News come in bursts, and our own is among them.
const CALM: Duration = Duration::from_secs(2);

/// What the loop stands on.
pub(crate) trait Schedules: Sync {
    /// The time of day.
    fn now(&self) -> UtcMillis;
    /// When something is due; none where nothing is, or where nobody can know.
    fn next(&self) -> impl Future<Output = Option<UtcMillis>> + Send;
    /// Does what is due. Whether it was done: otherwise it is not tried again at once.
    fn run(&self) -> impl Future<Output = bool> + Send;
}

/// Runs as long as the app does.
pub fn run<R: Runtime>(handle: &AppHandle<R>) {
    let news = Arc::new(Notify::new());
    let heard = Arc::clone(&news);
    handle.listen_any(EVENT_NAME, move |_| heard.notify_one());
    let app = handle.state::<App>().inner().clone();
    let window = Window {
        handle: handle.clone(),
        app,
    };
    tauri::async_runtime::spawn(async move { turns(&window, &news).await });
}

/// Sleeps until something is due, or there is news, and does it. As long as the app runs.
pub(crate) async fn turns(schedules: &impl Schedules, news: &Notify) {
    loop {
        let next = schedules.next().await;
        if next.is_some_and(|at| at <= schedules.now()) && schedules.run().await {
            continue;
        }
        wait(schedules, next, news).await;
    }
}

/// Until the moment comes, something has changed, or the file is to be read again.
async fn wait(schedules: &impl Schedules, next: Option<UtcMillis>, news: &Notify) {
    let began = schedules.now();
    loop {
        let woken = tokio::time::timeout(GLANCE, news.notified()).await.is_ok();
        if woken {
            tokio::time::sleep(CALM).await;
            return;
        }
        let now = schedules.now();
        let passed = now.0.saturating_sub(began.0);
        // A clock that was set back is a reason to look again as well.
        if next.is_some_and(|at| at <= now) || !(0..READ_AGAIN_MS).contains(&passed) {
            return;
        }
    }
}

/// The product, and the window that hears of it.
struct Window<R: Runtime> {
    handle: AppHandle<R>,
    app: App,
}

impl<R: Runtime> Schedules for Window<R> {
    fn now(&self) -> UtcMillis {
        SystemClock.now()
    }

    async fn next(&self) -> Option<UtcMillis> {
        // Here news of every change arrive, so that the end of the log is never kept late.
        self.app.audit_anchor_now_and_then().await;
        match self.app.schedule_next().await {
            Ok(next) => next,
            // Nothing is due while the file is locked.
            Err(error) if matches!(error.code(), Code::Locked | Code::NotInitialised) => None,
            Err(error) => {
                tracing::warn!(code = ?error.code(), "the schedules could not be read");
                None
            }
        }
    }

    async fn run(&self) -> bool {
        let told = |_: &connectors::view::DueOutcomeView| emit(&self.handle, &Event::SyncsChanged);
        match self.app.sync_run_due(told, CancellationToken::new()).await {
            Ok(done) => {
                if !done.is_empty() {
                    emit(&self.handle, &Event::ConnectorsChanged);
                }
                !done.is_empty()
            }
            Err(error) => {
                tracing::info!(code = ?error.code(), "what is due could not be done");
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test panics")]

    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

    use tokio::time::advance;

    use super::*;

    const MINUTE: u64 = 60;
    const DAY_MS: i64 = 24 * 3_600_000;

    /// A club that is due every day; `passed` is what timers have seen, `set` by how much somebody has moved the clock, in milliseconds.
    struct Daily {
        passed: AtomicI64,
        set: AtomicI64,
        due: Mutex<Option<UtcMillis>>,
        fails: AtomicBool,
        looks: Mutex<Vec<i64>>,
        runs: Mutex<Vec<i64>>,
    }

    impl Daily {
        fn new(due: Option<i64>) -> Arc<Self> {
            Arc::new(Self {
                passed: AtomicI64::new(0),
                set: AtomicI64::new(0),
                due: Mutex::new(due.map(UtcMillis)),
                fails: AtomicBool::new(false),
                looks: Mutex::default(),
                runs: Mutex::default(),
            })
        }

        fn started(self: &Arc<Self>) -> Arc<Notify> {
            let news = Arc::new(Notify::new());
            let (daily, heard) = (Arc::clone(self), Arc::clone(&news));
            tokio::spawn(async move { turns(&*daily, &heard).await });
            news
        }

        fn runs(&self) -> Vec<i64> {
            self.runs.lock().unwrap().clone()
        }
    }

    impl Schedules for Daily {
        fn now(&self) -> UtcMillis {
            UtcMillis(self.passed.load(Ordering::SeqCst) + self.set.load(Ordering::SeqCst))
        }

        async fn next(&self) -> Option<UtcMillis> {
            self.looks.lock().unwrap().push(self.now().0);
            *self.due.lock().unwrap()
        }

        async fn run(&self) -> bool {
            self.runs.lock().unwrap().push(self.now().0);
            if self.fails.load(Ordering::SeqCst) {
                return false;
            }
            let mut due = self.due.lock().unwrap();
            *due = due.map(|at| UtcMillis(at.0 + DAY_MS));
            true
        }
    }

    /// Lets virtual time pass a second at a time, so that every timer fires in its own.
    async fn pass(daily: &Daily, seconds: u64) {
        for _ in 0..seconds {
            daily.passed.fetch_add(1_000, Ordering::SeqCst);
            advance(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_due_is_done_once_within_a_minute_of_its_time() {
        let daily = Daily::new(Some(10 * 60_000));
        daily.started();
        pass(&daily, 9 * MINUTE).await;
        assert!(daily.runs().is_empty(), "not before its time");
        pass(&daily, 30 * MINUTE).await;
        let runs = daily.runs();
        assert_eq!(runs.len(), 1, "once: {runs:?}");
        assert!(
            (600_000..=660_000).contains(&runs[0]),
            "within a minute: {runs:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_is_not_tried_again_at_once() {
        let daily = Daily::new(Some(0));
        daily.fails.store(true, Ordering::SeqCst);
        daily.started();
        pass(&daily, 10 * MINUTE).await;
        let tries = daily.runs().len();
        assert!((2..=11).contains(&tries), "once a minute: {tries} times");
    }

    #[tokio::test(start_paused = true)]
    async fn a_computer_that_wakes_up_does_it_within_a_minute() {
        let daily = Daily::new(Some(DAY_MS / 2));
        daily.started();
        pass(&daily, 5 * MINUTE).await;
        // Timers stood still; the time of day did not.
        daily.set.store(DAY_MS, Ordering::SeqCst);
        pass(&daily, MINUTE + 1).await;
        assert_eq!(daily.runs().len(), 1, "the night that was slept through");
    }

    #[tokio::test(start_paused = true)]
    async fn news_are_looked_at_when_they_have_calmed_down() {
        let daily = Daily::new(None);
        let news = daily.started();
        pass(&daily, 5).await;
        *daily.due.lock().unwrap() = Some(UtcMillis(0));
        news.notify_one();
        pass(&daily, 1).await;
        assert!(daily.runs().is_empty(), "a burst is waited for");
        pass(&daily, 2).await;
        assert_eq!(daily.runs().len(), 1, "then it is looked at once");
    }

    #[tokio::test(start_paused = true)]
    async fn another_process_and_a_clock_that_is_set_back_are_noticed() {
        let daily = Daily::new(None);
        daily.started();
        pass(&daily, 61 * MINUTE).await;
        let looks = daily.looks.lock().unwrap().len();
        assert!((4..=6).contains(&looks), "every 15 minutes: {looks} looks");
        *daily.due.lock().unwrap() = Some(UtcMillis(-DAY_MS));
        daily.set.store(-DAY_MS / 2, Ordering::SeqCst);
        pass(&daily, MINUTE + 1).await;
        assert_eq!(daily.runs().len(), 1, "what is due by the new time is done");
    }
}

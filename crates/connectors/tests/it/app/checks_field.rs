//! Federations in memory, in virtual time, and the connectors to them: what the tests of checks stand on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::api::wire::Wire;
use connectors::clock::Clock;
use connectors::settings::{AuthKind, ConnectorSettings};
use connectors::view::{
    BeatOutcome, BeatView, CheckEvery, CheckSetRequest, HealthState, HealthView, InitialiseRequest,
    Status,
};
use testkit::{Bench, RuntimeClock};
use tokio_util::sync::CancellationToken;

use super::support::{raw, request};
use crate::api::federation::{Came, Federation, Reply};

pub(super) const MINUTE: u64 = 60;
pub(super) const HOUR: u64 = 60 * MINUTE;

/// Federations at addresses of their own, in virtual time; each says what it is told to, else it answers well.
pub(super) struct Field {
    pub(super) bench: Bench,
    pub(super) app: App,
    pub(super) clock: Arc<RuntimeClock>,
    federation: Arc<Federation>,
    says: Arc<Mutex<BTreeMap<String, Reply>>>,
}

pub(super) fn host(code: &str) -> String {
    format!("{code}.example")
}

pub(super) fn html() -> Reply {
    Reply::with(
        200,
        &[("content-type", "text/html")],
        b"<!doctype html><title>Welcome to the hotel</title>",
    )
}

impl Field {
    /// With connectors at `<code>.example`, never asked so far.
    pub(super) async fn new(codes: &[&str]) -> Self {
        let bench = Bench::new();
        let clock = Arc::new(RuntimeClock::at(testkit::START));
        let app = bench.app_with(Arc::clone(&clock) as _);
        app.initialise(InitialiseRequest::Keychain).await.unwrap();
        for code in codes {
            app.connector_add(request(at(code), None)).await.unwrap();
        }
        let says: Arc<Mutex<BTreeMap<String, Reply>>> = Arc::default();
        let told = Arc::clone(&says);
        let federation = Federation::new(&clock, move |came| {
            let host = came.url.host_str().unwrap_or_default();
            let said = told.lock().unwrap().get(host).cloned();
            said.unwrap_or_else(|| Reply::status(200))
        });
        tokio::time::pause();
        Self {
            bench,
            app,
            clock,
            federation,
            says,
        }
    }

    /// From now on.
    pub(super) fn says(&self, code: &str, reply: Reply) {
        self.says.lock().unwrap().insert(host(code), reply);
    }

    pub(super) fn wire(&self) -> Arc<dyn Wire> {
        Arc::clone(&self.federation) as _
    }

    /// Requests that came to a connector's host.
    pub(super) fn came(&self, code: &str) -> usize {
        let came = self.federation.came();
        came.iter()
            .filter(|one| one.url.host_str() == Some(&host(code)))
            .count()
    }

    /// All that came, in its order.
    pub(super) fn came_in_order(&self) -> Vec<Came> {
        self.federation.came()
    }

    pub(super) fn came_at_all(&self) -> usize {
        self.federation.came().len()
    }

    pub(super) async fn run(&self) -> Vec<HealthView> {
        self.run_as(&self.app).await.unwrap()
    }

    pub(super) async fn run_as(&self, app: &App) -> connectors::error::Result<Vec<HealthView>> {
        let wire = self.wire();
        let ways = move |_: &ConnectorSettings| Some(Arc::clone(&wire));
        app.check_run_due_over(&ways, |_| {}, CancellationToken::new())
            .await
    }

    /// Until something is due, but at most so long; whether it is.
    pub(super) async fn until_due(&self, seconds: u64) -> bool {
        let until = self.clock.now().0 + i64::try_from(seconds).unwrap() * 1_000;
        loop {
            let now = self.clock.now();
            let next = self.app.check_next().await.unwrap();
            match next {
                Some(at) if at <= now => return true,
                _ if now.0 >= until => return false,
                // As the app's loop does: it looks at least every 15 minutes.
                Some(at) => {
                    let wait = (at.0 - now.0).min(15 * 60_000).min(until - now.0);
                    pass_ms(u64::try_from(wait).unwrap()).await;
                }
                None => pass_ms(15 * 60_000).await,
            }
        }
    }

    /// Lives as the app does for so long: whenever something is due, it is done.
    pub(super) async fn live(&self, seconds: u64) {
        let until = self.clock.now().0 + i64::try_from(seconds).unwrap() * 1_000;
        loop {
            let left = (until - self.clock.now().0) / 1_000;
            if left <= 0 || !self.until_due(u64::try_from(left).unwrap()).await {
                return;
            }
            if self.run().await.is_empty() {
                // The loop does not try again at once.
                pass_ms(60_000).await;
            }
        }
    }

    pub(super) async fn beats(&self, code: &str) -> Vec<BeatView> {
        self.app.health(code).await.unwrap().beats
    }

    pub(super) async fn outcomes(&self, code: &str) -> Vec<BeatOutcome> {
        let beats = self.beats(code).await;
        beats.iter().map(|beat| beat.outcome).collect()
    }

    pub(super) async fn state(&self, code: &str) -> (Status, HealthState) {
        let row = self.app.connector_show(code).await.unwrap().row;
        (row.status, row.state)
    }

    /// As if each had answered well a day ago.
    pub(super) fn answered_before(&self) {
        let a_day_ago = testkit::START - 86_400_000;
        raw(&self.bench)
            .execute("UPDATE connector SET last_success_at = ?1", [a_day_ago])
            .unwrap();
    }

    pub(super) async fn every(&self, code: Option<&str>, every: Option<CheckEvery>) {
        let request = CheckSetRequest {
            code: code.map(str::to_owned),
            every,
        };
        self.app.check_set(request).await.unwrap();
    }
}

pub(super) async fn pass_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

pub(super) async fn pass(seconds: u64) {
    pass_ms(seconds * 1_000).await;
}

/// Settings without credentials of a connector at a host of its own.
pub(super) fn at(code: &str) -> ConnectorSettings {
    let mut settings = testkit::settings(code, &format!("https://{}/api", host(code)));
    settings.auth.kind = AuthKind::None;
    settings
}

//! Checks by themselves, in virtual time, against federations in memory: when a connector is asked, when it is not, and what a
//! check does to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::api::circuit::Caller;
use connectors::api::wire::Wire;
use connectors::clock::{Clock, UtcMillis};
use connectors::error::Code;
use connectors::failure::Finding;
use connectors::settings::{AuthKind, ConnectorSettings};
use connectors::view::{
    BeatOutcome, BeatView, CheckEvery, CheckSetRequest, HealthState, HealthView, InitialiseRequest,
    Status,
};
use testkit::{Bench, RuntimeClock};
use tokio_util::sync::CancellationToken;

use super::requests::ask;
use super::support::{raw, request};
use crate::api::federation::{Federation, Reply};

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
    async fn until_due(&self, seconds: u64) -> bool {
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

#[tokio::test]
async fn each_hour_one_check_and_a_beat_of_it() {
    let field = Field::new(&["ballyduff", "naas"]).await;
    field.live(24 * HOUR).await;
    for code in ["ballyduff", "naas"] {
        let came = field.came(code);
        assert!(
            (23..=25).contains(&came),
            "once an hour: {came} for {code} in a day"
        );
        let beats = field.beats(code).await;
        assert_eq!(beats.len(), came, "a beat each");
        assert!(
            beats
                .iter()
                .all(|beat| beat.outcome == BeatOutcome::Answered
                    && beat.ms.is_some_and(|ms| (20..30).contains(&ms))
                    && beat.http_status == Some(200)
                    && !beat.by_traffic),
            "as it was answered: {:?}",
            beats.last()
        );
        assert!(
            beats.windows(2).all(|two| two[0].at < two[1].at),
            "oldest first"
        );
    }
}

#[tokio::test]
async fn a_check_is_one_light_call_and_never_repeated() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::status(503));
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 1, "sent once, whatever came");
    let path = field.federation.came()[0].url.path().to_owned();
    assert_eq!(path, "/api/v1/me", "the light address");
    let shown = field.app.health("ballyduff").await.unwrap();
    assert_eq!(
        shown.health.consecutive_failures, 1,
        "it counts as any request"
    );
    let beat = shown.beats.last().unwrap();
    assert_eq!(
        (beat.outcome, beat.http_status, beat.finding),
        (BeatOutcome::Failed, Some(503), Some(Finding::ServerError)),
        "and the bar says so"
    );
    assert_eq!(
        field
            .app
            .request_log("ballyduff", None, 10)
            .await
            .unwrap()
            .rows
            .len(),
        1,
        "it is in the log of requests"
    );
}

#[tokio::test]
async fn what_traffic_has_proved_is_not_asked_again() {
    let field = Field::new(&["ballyduff"]).await;
    let client = field
        .app
        .api_client_over("ballyduff", Caller::Person, field.wire())
        .await
        .unwrap();
    ask(&client).await.unwrap();
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    let told = field.run().await;
    assert_eq!(told.len(), 1, "it is told");
    assert_eq!(field.came("ballyduff"), 1, "and nobody is asked again");
    let beats = field.beats("ballyduff").await;
    assert_eq!(beats.len(), 1, "{beats:?}");
    assert!(
        beats[0].by_traffic && beats[0].outcome == BeatOutcome::Answered,
        "by traffic: {beats:?}"
    );
    assert!(
        beats[0].ms.is_some_and(|ms| (20..30).contains(&ms)),
        "with its time: {beats:?}"
    );
    assert!(field.until_due(2 * HOUR).await, "the next one comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 2, "nothing proves that one");

    field.says("ballyduff", Reply::status(500));
    pass(10).await;
    ask(&client).await.unwrap_err();
    let sent = field.came("ballyduff");
    assert!(field.until_due(2 * HOUR).await, "and the next");
    field.run().await;
    assert_eq!(field.came("ballyduff"), sent, "a failure proves as well");
    let last = field.beats("ballyduff").await.pop().unwrap();
    assert!(
        last.by_traffic && last.outcome == BeatOutcome::Failed,
        "{last:?}"
    );
}

#[tokio::test]
async fn who_was_checked_by_hand_is_not_asked_at_its_next_turn() {
    let field = Field::new(&["ballyduff"]).await;
    let wire = field.wire();
    let ways = move |_: &ConnectorSettings| Some(Arc::clone(&wire));
    field
        .app
        .check_all_over(&ways, Default::default(), CancellationToken::new())
        .await
        .unwrap();
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 1, "only by hand");
    assert_eq!(
        field.beats("ballyduff").await.len(),
        1,
        "which is one check"
    );
    assert!(field.until_due(2 * HOUR).await, "the next");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 2, "is made");
}

#[tokio::test]
async fn after_a_night_of_sleep_there_is_one_check_each_and_no_storm() {
    let codes: Vec<String> = (0..40).map(|n| format!("club{n}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let field = Field::new(&codes).await;
    field.live(2 * HOUR).await;
    let before = field.came_at_all();
    field.clock.set_by_ms(8 * 3_600_000);
    let woke = field.federation.came().len();
    field.live(5 * MINUTE).await;
    let came = field.federation.came();
    assert!(
        (38..=40).contains(&(came.len() - before)),
        "one each, but for those who had just been checked: {}",
        came.len() - before
    );
    let mut seconds: BTreeMap<u128, u32> = BTreeMap::new();
    for one in &came[woke..] {
        *seconds.entry(one.at / 1_000).or_default() += 1;
    }
    let most = seconds.values().max().copied().unwrap_or(0);
    assert!(most <= 8, "two a second, give or take chance: {most}");
    for code in &codes {
        let beats = field.beats(code).await;
        let gap = beats
            .windows(2)
            .filter(|two| two[1].at - two[0].at > 7_200_000);
        assert_eq!(gap.count(), 1, "missed ones have no beat: {code}");
    }
}

#[tokio::test]
async fn two_processes_do_not_check_for_the_same_time_twice() {
    let field = Field::new(&["ballyduff", "naas", "tralee"]).await;
    tokio::time::resume();
    let other = field.bench.app_with(Arc::clone(&field.clock) as _);
    other.open().await.unwrap();
    tokio::time::pause();
    pass(2 * HOUR).await;
    field.app.check_next().await.unwrap();
    other.check_next().await.unwrap();
    // Over which those are spread that nobody was there for.
    pass(2).await;
    let (one, two) = tokio::join!(field.run_as(&field.app), field.run_as(&other));
    let done = [&one, &two]
        .iter()
        .filter_map(|end| end.as_ref().ok())
        .map(Vec::len)
        .sum::<usize>();
    assert_eq!(done, 3, "three connectors, once each: {one:?} {two:?}");
    for refused in [one, two].into_iter().filter_map(Result::err) {
        assert_eq!(
            refused.code(),
            Code::ChangedMeanwhile,
            "the other one does it"
        );
    }
    field.run_as(&other).await.unwrap();
    assert_eq!(field.came_at_all(), 3, "nobody was asked again");
}

#[tokio::test]
async fn a_check_that_was_cut_off_is_not_made_again_for_the_same_time() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::Hang);
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    // The process goes in the middle of it.
    let cut = tokio::time::timeout(Duration::from_secs(1), field.run()).await;
    assert!(cut.is_err(), "it was under way");
    assert_eq!(field.came("ballyduff"), 1, "and had asked");
    let next = field.app.check_next().await.unwrap().unwrap();
    assert!(
        next.0 - field.clock.now().0 > 50 * 60_000,
        "its next time is the next slot's"
    );
}

#[tokio::test]
async fn m8_five_checks_that_fail_stop_it_and_a_probe_brings_it_back() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::status(500));
    field.live(7 * HOUR).await;
    assert_eq!(
        field.state("ballyduff").await,
        (Status::Error, HealthState::WaitingForFederation),
        "five in a row"
    );
    let probes = field.came("ballyduff");
    assert!(
        (5 + 5..=5 + 18).contains(&probes),
        "30 s, doubling to 15 minutes: {probes}"
    );
    field.says("ballyduff", Reply::status(200));
    field.live(20 * MINUTE).await;
    assert_eq!(
        field.state("ballyduff").await.0,
        Status::Active,
        "it runs again by itself, within 15 minutes"
    );
    assert_eq!(
        field.outcomes("ballyduff").await.last(),
        Some(&BeatOutcome::Answered),
        "and the bar says so"
    );
}

#[tokio::test]
async fn a_wrong_key_is_not_tried_again_and_again() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::status(401));
    field.live(7 * HOUR).await;
    assert_eq!(
        field.state("ballyduff").await,
        (Status::Error, HealthState::ActionNeeded),
        "a person's turn"
    );
    assert_eq!(field.came("ballyduff"), 5, "five times");
    field.live(72 * HOUR).await;
    assert_eq!(field.came("ballyduff"), 5, "and never again by itself");
    assert_eq!(
        field.app.check_next().await.unwrap(),
        None,
        "nothing is to come"
    );
}

#[tokio::test]
async fn who_is_paused_deleted_of_files_or_switched_off_is_not_checked() {
    let field = Field::new(&["paused", "gone", "off", "on"]).await;
    field
        .app
        .connector_set_status("paused", Status::Inactive)
        .await
        .unwrap();
    field.app.connector_remove("gone").await.unwrap();
    field.every(Some("off"), Some(CheckEvery::Off)).await;
    let of_files = connectors::catalogue::show("foireann_members")
        .unwrap()
        .settings;
    assert!(of_files.is_by_file(), "of files");
    field
        .app
        .connector_add(request(of_files, None))
        .await
        .unwrap();
    field.live(5 * HOUR).await;
    for code in ["paused", "gone", "off"] {
        assert_eq!(field.came(code), 0, "{code}");
    }
    let on = field.came("on");
    assert!((4..=6).contains(&on), "every hour: {on}");

    field.every(None, Some(CheckEvery::Off)).await;
    field.every(Some("off"), None).await;
    assert_eq!(field.app.check_next().await.unwrap(), None, "all are off");
    field.live(24 * HOUR).await;
    assert_eq!(field.came("on"), on, "nobody is asked");
    field.every(Some("on"), Some(CheckEvery::QuarterHour)).await;
    field.live(2 * HOUR).await;
    let more = field.came("on") - on;
    assert!((7..=9).contains(&more), "every quarter of an hour: {more}");
    let shown = field.app.check_settings(Some("off")).await.unwrap();
    assert!(
        shown.inherited && shown.every == CheckEvery::Off,
        "it follows all others: {shown:?}"
    );
}

#[tokio::test]
async fn a_check_that_finds_no_turn_in_the_minute_says_nothing() {
    let field = Field::new(&["ballyduff"]).await;
    let mut settings = at("ballyduff");
    settings.limits.requests_per_minute = 2;
    let shown = field.app.connector_show("ballyduff").await.unwrap();
    let edit = super::support::edit(&shown, |own| own.limits = settings.limits.clone());
    field.app.connector_edit(edit).await.unwrap();
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    let client = field
        .app
        .api_client_over("ballyduff", Caller::Person, field.wire())
        .await
        .unwrap();
    field.says("ballyduff", Reply::status(404));
    for _ in 0..2 {
        // A path that somebody typed proves nothing about the connector.
        client
            .request("/typed", Default::default())
            .await
            .unwrap_err();
    }
    let began = field.clock.now();
    let told = field.run().await;
    let took = field.clock.now().0 - began.0;
    assert!(took <= 6_000, "a few seconds, no more: {took} ms");
    assert_eq!(field.came("ballyduff"), 2, "the minute was used up");
    assert!(
        field.beats("ballyduff").await.is_empty(),
        "and nothing is said: {told:?}"
    );
    let next = field.app.check_next().await.unwrap().unwrap();
    assert!(next > field.clock.now(), "it waits for its next time");
    field.says("ballyduff", Reply::status(200));
    pass(2 * MINUTE).await;
    assert!(field.until_due(2 * HOUR).await, "which comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 3, "and is made");
}

#[tokio::test]
async fn where_there_is_no_light_address_one_record_of_the_list_is_asked_for() {
    let field = Field::new(&["ballyduff"]).await;
    let shown = field.app.connector_show("ballyduff").await.unwrap();
    let edit = super::support::edit(&shown, |own| own.endpoints.verify = None);
    field.app.connector_edit(edit).await.unwrap();
    let large = vec![b' '; 300 * 1024];
    field.says("ballyduff", Reply::with(200, &[], &large));
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    let url = field.federation.came()[0].url.clone();
    assert_eq!(
        (url.path(), url.query()),
        ("/api/v1/members", Some("size=1")),
        "one record"
    );
    assert_eq!(
        field.outcomes("ballyduff").await,
        [BeatOutcome::Answered],
        "a list that is larger than a check reads was answered"
    );
    assert_eq!(
        field
            .app
            .health("ballyduff")
            .await
            .unwrap()
            .health
            .consecutive_failures,
        0,
        "and is no failure"
    );
}

#[tokio::test]
async fn four_hundred_checks_are_kept_and_a_slow_one_is_slow() {
    let field = Field::new(&["ballyduff"]).await;
    raw(&field.bench)
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
             INSERT INTO beat SELECT (SELECT id FROM connector), i, 'answered', 1, 200, NULL, 0 FROM n",
        )
        .unwrap();
    let slow = match Reply::status(200) {
        Reply::Answer(said) => Reply::Answer(crate::api::federation::Said { ms: 5_000, ..said }),
        other => other,
    };
    field.says("ballyduff", slow);
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    let kept: u32 = raw(&field.bench)
        .query_row("SELECT count(*) FROM beat", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 400, "the oldest went in the same write");
    let last = field.beats("ballyduff").await.pop().unwrap();
    assert_eq!(last.outcome, BeatOutcome::Slow, "five seconds are slow");
    assert!(
        last.ms.is_some_and(|ms| (5_000..5_100).contains(&ms)),
        "{last:?}"
    );
}

#[tokio::test]
async fn a_locked_file_has_nothing_due_and_a_setting_is_checked() {
    let field = Field::new(&["ballyduff"]).await;
    let refused = field.app.check_set(CheckSetRequest::default()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Invalid, "say how often");
    let unknown = CheckSetRequest {
        code: Some("nobody".to_owned()),
        every: None,
    };
    let refused = field.app.check_set(unknown).await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound, "nobody");
    let shown = field.app.check_settings(None).await.unwrap();
    assert_eq!(
        (shown.every, shown.inherited, shown.network),
        (CheckEvery::Hour, false, None),
        "hourly by default"
    );
    let next = shown.next_at.map(UtcMillis);
    assert_eq!(next, field.app.check_next().await.unwrap(), "and when");
    tokio::time::resume();
    field.app.lock().await.unwrap();
    let refused = field.app.check_next().await;
    assert_eq!(refused.unwrap_err().code(), Code::Locked, "nobody can know");
}

#[tokio::test]
async fn a_test_that_met_a_federation_that_was_down_is_over_when_a_check_is_answered() {
    let practice = super::support::practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    super::support::add_practice(&app, "ballyduff", &practice).await;
    practice.set_fault("status=503".parse::<practice_federation::Fault>().unwrap());
    assert!(
        !super::support::test(&app, "ballyduff").await.ok,
        "it is down"
    );
    let state = async || app.connector_show("ballyduff").await.unwrap().row.state;
    assert_eq!(
        state().await,
        HealthState::WaitingForFederation,
        "and its state says so"
    );
    let beats = app.health("ballyduff").await.unwrap().beats;
    assert_eq!(
        beats.iter().map(|beat| beat.outcome).collect::<Vec<_>>(),
        [BeatOutcome::Failed],
        "a test that a person makes is a check too"
    );
    practice.clear_faults();
    bench.clock.advance_ms(60_000);
    let done = app.check_all(Default::default()).await.unwrap();
    assert_eq!(
        (done[0].done, done[0].state),
        (true, HealthState::Healthy),
        "it answers again: {done:?}"
    );
    assert_eq!(
        state().await,
        HealthState::Healthy,
        "green without a restart"
    );
}

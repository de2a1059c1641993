//! What a check does to a connector, who is never checked, and what a check leaves out.

use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::clock::{Clock, UtcMillis};
use connectors::error::Code;
use connectors::settings::AuthKind;
use connectors::view::{
    BeatOutcome, CheckEvery, CheckSetRequest, HealthFilter, HealthState, Status,
};
use testkit::Bench;

use super::checks_field::{Field, HOUR, MINUTE, at, pass};
use super::support::{raw, request};
use crate::api::federation::Reply;

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
    let mut signed_out = at("signed_out");
    signed_out.auth.kind = AuthKind::OAuth2;
    signed_out.auth.issuer = Some("https://signed_out.example".to_owned());
    field
        .app
        .connector_add(request(signed_out, None))
        .await
        .unwrap();
    assert_eq!(
        field.state("signed_out").await.1,
        HealthState::SignInAgain,
        "nobody has signed in"
    );
    field
        .app
        .connector_add(request(of_files, None))
        .await
        .unwrap();
    field.live(5 * HOUR).await;
    for code in ["paused", "gone", "off", "signed_out"] {
        assert_eq!(field.came(code), 0, "{code}");
        let beats = field.beats(code).await;
        assert!(beats.is_empty(), "{code} has no check: {beats:?}");
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
            .request("/typed", RequestOptions::default())
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
    let url = field.came_in_order()[0].url.clone();
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
    let done = app.check_all(HealthFilter::default()).await.unwrap();
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

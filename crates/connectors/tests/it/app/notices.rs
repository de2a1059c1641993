//! Notices through `App`: told once whoever looks, after a restart too, and with no name of anybody (acceptance case H06).

use connectors::App;
use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::{AppSettings, AskedBy, NoticeView, OnAtFirst};
use practice_federation::Fault;
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::{add_practice, practice};
use super::sync::{CODE, ORG, club, synced};

/// What is told when so many milliseconds have passed.
async fn told(app: &App, bench: &Bench, ms: i64) -> Option<NoticeView> {
    bench.clock.advance_ms(ms);
    app.notices_due().await.unwrap().0
}

#[tokio::test]
async fn h06_one_notice_a_change_whoever_looks_and_after_a_restart() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    for code in ["football", "hurling"] {
        add_practice(&app, code, &practice).await;
        app.connector_test(code, None, &mut |_| {}).await.unwrap();
    }
    assert_eq!(told(&app, &bench, 0).await, None, "all is well");
    practice.set_fault(Fault::status(401));
    // The newest test is the one that counts.
    bench.clock.advance_ms(1_000);
    app.connector_test("football", None, &mut |_| {})
        .await
        .unwrap();
    let (now, again) = app.notices_due().await.unwrap();
    assert_eq!(now, None, "others may follow within the minute");
    assert!(again.is_some(), "and somebody must look again");
    // Two processes look at the same moment.
    let other = bench.app();
    other.unlock(None).await.unwrap();
    bench.clock.advance_ms(60_000);
    let (one, two) = tokio::join!(app.notices_due(), other.notices_due());
    let said: Vec<NoticeView> = [one.unwrap().0, two.unwrap().0]
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(said.len(), 1, "one of them tells it: {said:?}");
    assert_eq!(said[0].title, "Connector football needs you", "which");
    assert_eq!(
        said[0].code.as_deref(),
        Some("football"),
        "and where a click leads"
    );
    app.lock().await.unwrap();
    let again = bench.app();
    again.unlock(None).await.unwrap();
    assert_eq!(
        told(&again, &bench, 3_600_000).await,
        None,
        "nor after a restart"
    );
    practice.clear_faults();
    bench.clock.advance_ms(1_000);
    again
        .connector_test("football", None, &mut |_| {})
        .await
        .unwrap();
    assert_eq!(told(&again, &bench, 0).await, None, "it waits a minute too");
    let good = told(&again, &bench, 60_000).await.expect("its end is told");
    assert_eq!(good.title, "Connector football works again", "once");
    assert_eq!(told(&again, &bench, 600_000).await, None, "and no more");
}

#[tokio::test]
async fn a_plan_that_waits_is_told_without_a_name_of_club_or_member() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    app.connector_test(CODE, Some("club-1001"), &mut |_| {})
        .await
        .unwrap();
    synced(&app).await;
    practice.change_members(Vec::clear);
    app.sync_preview(
        CODE,
        ORG,
        AskedBy::Schedule,
        |_| {},
        CancellationToken::new(),
    )
    .await
    .unwrap();
    assert_eq!(told(&app, &bench, 0).await, None, "within the minute");
    let notice = told(&app, &bench, 60_000)
        .await
        .expect("a held plan is told");
    assert!(notice.title.ends_with("a sync waits for you"), "{notice:?}");
    let text = format!("{notice:?}").to_lowercase();
    assert!(!text.contains("ballyduff"), "no club is named: {notice:?}");
    assert_eq!(told(&app, &bench, 3_600_000).await, None, "once");
}

#[tokio::test]
async fn settings_of_notices_are_kept_checked_and_obeyed() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let before = app.settings();
    assert_eq!(before.notifications, OnAtFirst(true), "on at first");
    assert!(
        !before.background && !before.autostart,
        "these are for a person to ask for"
    );
    for wrong in ["24:00", "night", "7:30", ""] {
        let refused = app
            .settings_set(AppSettings {
                quiet_from: Some(wrong.to_owned()),
                ..before.clone()
            })
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::Invalid, "{wrong} is no time");
    }
    // A whole day but a minute, whatever the zone of this computer.
    let quiet = AppSettings {
        quiet_from: Some("00:01".to_owned()),
        quiet_until: Some("00:00".to_owned()),
        ..before
    };
    app.settings_set(quiet.clone()).await.unwrap();
    assert_eq!(app.settings(), quiet, "kept");
    assert!(app.is_quiet(), "it is quiet now");
    let locked = bench.app();
    let error = locked.notices_due().await.unwrap_err();
    assert_eq!(
        error.code(),
        Code::Locked,
        "nothing is told of a locked file"
    );
}

#[tokio::test]
async fn an_hours_pause_holds_schedules_and_ends_by_itself() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    app.schedule_set(
        CODE,
        Some(ORG),
        connectors::view::ScheduleSetRequest::On {
            schedule: "* * * * *".to_owned(),
            time_zone: Some("UTC".to_owned()),
        },
    )
    .await
    .unwrap();
    let until = app.pause_for_an_hour().await.unwrap();
    assert_eq!(until.0, testkit::START + 3_600_000, "an hour from now");
    let status = app.status().await;
    assert_eq!(status.paused_until, Some(until.0), "the status says so");
    bench.clock.advance_ms(10 * 60_000);
    let other = bench.app();
    other.unlock(None).await.unwrap();
    for app in [&app, &other] {
        assert_eq!(
            app.schedule_next().await.unwrap(),
            Some(until),
            "at its end"
        );
        let done = app
            .sync_run_due(|_| {}, CancellationToken::new())
            .await
            .unwrap();
        assert!(done.is_empty(), "nothing runs by itself: {done:?}");
    }
    app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .expect("what a person presses works");
    bench.clock.advance_ms(50 * 60_000);
    assert_eq!(app.paused_until().await.unwrap(), None, "over by itself");
    let done = app
        .sync_run_due(|_| {}, CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(done.len(), 1, "what came due is done: {done:?}");
    app.pause_for_an_hour().await.unwrap();
    app.pause_end().await.unwrap();
    assert_eq!(app.status().await.paused_until, None, "a person can end it");
}

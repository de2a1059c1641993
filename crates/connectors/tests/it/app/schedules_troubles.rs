//! Schedules where something is in the way: a federation that is away, a stopped connector, and two who look at once.

use std::time::Duration;

use connectors::App;
use connectors::CancellationToken;
use connectors::error::Code;
use connectors::view::{AskedBy, DueOutcome, RunState, SchedulePolicy, ScheduleState, Status};
use practice_federation::{Fault, FaultKind, Practice};
use testkit::Bench;

use super::schedules::{MINUTE, due, now, outcomes, policy, scheduled, to_next};
use super::support::practice;
use super::sync::{CODE, ORG, members};

#[tokio::test]
async fn a_run_that_failed_is_tried_again_after_two_four_and_eight_minutes_and_then_reported() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    to_next(&app, &bench).await;
    practice.set_fault(Fault::new(FaultKind::Html));
    for (retries, wait) in [(0, Some(2)), (1, Some(4)), (2, Some(8)), (3, None)] {
        let done = due(&app).await;
        assert_eq!(done.len(), 1, "retry {retries} is due");
        assert_eq!(done[0].outcome, DueOutcome::Failed, "retry {retries}");
        assert_eq!(done[0].error, Some(Code::BadAnswer), "and why");
        assert_eq!(
            done[0].retry_at,
            wait.map(|minutes| now(&bench) + minutes * MINUTE),
            "after retry {retries}"
        );
        assert!(due(&app).await.is_empty(), "not before its time");
        if wait.is_some() {
            to_next(&app, &bench).await;
        }
    }
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(shown.gave_up_at, Some(now(&bench)), "it is reported");
    assert_eq!(shown.retry_at, None, "and not tried again");
    let failed = app.sync_history(CODE, ORG, 50).await.unwrap();
    assert!(
        failed.iter().all(|run| run.state == RunState::Failed),
        "each of the runs is in the history"
    );
    assert_eq!(failed.len(), 4, "one and three retries");
    practice.clear_faults();
    to_next(&app, &bench).await;
    assert_eq!(outcomes(&app).await, [DueOutcome::Waits], "the next night");
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(
        (shown.gave_up_at, shown.retry_count),
        (None, 0),
        "is well again"
    );
}

#[tokio::test]
async fn a_retry_that_comes_through_ends_the_retries() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_policy(CODE, None, policy(Some(SchedulePolicy::ApplySafe), None))
        .await
        .unwrap();
    to_next(&app, &bench).await;
    practice.set_fault(Fault::new(FaultKind::Html).times(1));
    assert_eq!(outcomes(&app).await, [DueOutcome::Failed], "once");
    to_next(&app, &bench).await;
    assert_eq!(outcomes(&app).await, [DueOutcome::Applied], "then well");
    assert!(members(&app).await.len() > 5, "all came");
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(shown.retry_at, None, "nothing is tried again");
}

#[tokio::test]
async fn who_must_act_is_not_waited_for() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    to_next(&app, &bench).await;
    practice.set_fault(Fault::status(401));
    let done = due(&app).await;
    assert_eq!(done[0].outcome, DueOutcome::Failed, "{done:?}");
    assert_eq!(done[0].retry_at, None, "a wrong key is not tried again");
}

/// Fails until the connector is stopped.
async fn stop(app: &App, practice: &Practice, bench: &Bench, fault: Fault) {
    practice.set_fault(fault);
    for _ in 0..5 {
        app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
            .await
            .unwrap_err();
        // Who was told to wait is asked again when the wait is over.
        bench.clock.advance_ms(21 * MINUTE);
    }
    let stopped = app.connector_show(CODE).await.unwrap();
    assert_eq!(stopped.row.status, Status::Error, "five failures stop it");
}

#[tokio::test]
async fn a_stopped_connector_is_probed_by_what_is_due() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let busy = Fault::new(FaultKind::Status {
        code: 429,
        retry_after: Some(1_200),
    });
    stop(&app, &practice, &bench, busy).await;
    bench.clock.advance_ms(16 * 60 * MINUTE);
    let probed = due(&app).await;
    assert_eq!(probed[0].outcome, DueOutcome::Failed, "it is still ill");
    bench.clock.advance_ms(30 * MINUTE);
    practice.clear_faults();
    let again = outcomes(&app).await;
    assert_eq!(again, [DueOutcome::Waits], "the retry is the next probe");
    let well = app.connector_show(CODE).await.unwrap();
    assert_eq!(well.row.status, Status::Active, "which brings it back");
}

#[tokio::test]
async fn a_connector_that_waits_for_a_person_stays_due() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    stop(&app, &practice, &bench, Fault::status(401)).await;
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(shown.state, ScheduleState::Stopped, "the schedule says so");
    bench.clock.advance_ms(16 * 60 * MINUTE);
    let before = practice.requests().len();
    for _ in 0..2 {
        assert_eq!(outcomes(&app).await, [DueOutcome::Stopped], "it stays due");
        bench.clock.advance_ms(MINUTE);
    }
    assert_eq!(practice.requests().len(), before, "nothing was asked");
    assert_eq!(
        app.schedule_next().await.unwrap(),
        None,
        "nobody wakes for it"
    );
    practice.clear_faults();
    app.connector_set_status(CODE, Status::Active)
        .await
        .unwrap();
    assert_eq!(
        outcomes(&app).await,
        [DueOutcome::Waits],
        "then it is made up for"
    );
}

#[tokio::test]
async fn a_second_process_leaves_what_is_due_to_the_first() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let other = bench.app();
    other.open().await.unwrap();
    to_next(&app, &bench).await;
    practice.set_fault(Fault::new(FaultKind::Delay(600)).times(1));
    let first = tokio::spawn({
        let app = app.clone();
        async move { due(&app).await }
    });
    while practice.faults().iter().all(|fault| fault.hits == 0) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for second in [&other, &app] {
        let refused = second
            .sync_run_due(|_| {}, CancellationToken::new())
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::ChangedMeanwhile, "it is being done");
    }
    assert_eq!(first.await.unwrap().len(), 1, "the first does it");
    let nothing = other
        .sync_run_due(|_| {}, CancellationToken::new())
        .await
        .unwrap();
    assert!(nothing.is_empty(), "and nothing is left for the second");
}

#[tokio::test]
async fn what_a_person_stops_is_not_tried_again() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    to_next(&app, &bench).await;
    let stopped = CancellationToken::new();
    stopped.cancel();
    let done = app.sync_run_due(|_| {}, stopped).await.unwrap();
    assert_eq!(done[0].outcome, DueOutcome::Cancelled, "{done:?}");
    assert!(due(&app).await.is_empty(), "it waits for the next night");
}

#[tokio::test]
async fn a_plan_that_a_person_is_making_is_hers_to_apply() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_policy(CODE, None, policy(Some(SchedulePolicy::ApplySafe), None))
        .await
        .unwrap();
    to_next(&app, &bench).await;
    practice.set_fault(Fault::new(FaultKind::Delay(600)).times(1));
    let hers = tokio::spawn({
        let app = app.clone();
        async move { super::sync::preview(&app).await }
    });
    while practice.faults().iter().all(|fault| fault.hits == 0) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let joined = due(&app).await;
    let hers = hers.await.unwrap();
    assert_eq!(
        joined[0].run_id,
        Some(hers.run_id),
        "the schedule joins the run"
    );
    assert_eq!(joined[0].outcome, DueOutcome::Waits, "and leaves it to her");
    assert!(members(&app).await.is_empty(), "nothing was applied");
}

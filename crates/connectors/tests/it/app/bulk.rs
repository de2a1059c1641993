//! Many clubs at once: one that fails stops no other, and only what needs nobody is applied.

use std::sync::Mutex;

use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, BulkRequest, BulkState, RunState};
use connectors::{App, CancellationToken};
use practice_federation::Fault;
use testkit::Bench;

use super::clubs::connect;
use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, preview, synced, the_one};

const OTHER: &str = "kilsample";

fn all() -> BulkRequest {
    BulkRequest::default()
}

async fn preview_all(app: &App) -> Vec<(String, BulkState)> {
    app.sync_preview_all(all(), AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap()
        .into_iter()
        .map(|one| (one.org, one.state))
        .collect()
}

#[tokio::test]
async fn a_preview_of_all_goes_on_where_one_club_fails_and_tells_each() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    connect(&app, CODE, OTHER, "Kilsample Rovers", "club-1002").await;
    practice.set_fault(Fault::status(404).on_path("/key/v1/clubs/club-1001"));
    let far = Mutex::new(Vec::new());
    let outcomes = app
        .sync_preview_all(
            all(),
            AskedBy::Person,
            |one| far.lock().unwrap().push((one.done, one.of)),
            CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(*far.lock().unwrap(), [(1, 2), (2, 2)], "how far it is");
    let said: Vec<_> = outcomes
        .iter()
        .map(|one| (one.org.as_str(), one.state, one.error))
        .collect();
    assert_eq!(
        said,
        [
            (ORG, BulkState::Failed, Some(Code::NotFound)),
            (OTHER, BulkState::Done, None),
        ],
        "each by itself, by name"
    );
    let plan = outcomes[1].run.as_ref().unwrap();
    assert_eq!(plan.state, RunState::Planned, "the other has its plan");

    practice.clear_faults();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let stopped = app
        .sync_preview_all(all(), AskedBy::Person, |_| {}, cancel)
        .await
        .unwrap();
    assert!(
        stopped.iter().all(|one| one.state == BulkState::Stopped),
        "stopped, every one: {stopped:?}"
    );
    let some = BulkRequest {
        search: "kilsample".to_owned(),
        ..all()
    };
    let some = app
        .sync_preview_all(some, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(some.len(), 1, "only those that fit");
}

#[tokio::test]
async fn applying_all_leaves_out_whatever_needs_a_person() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    connect(&app, CODE, OTHER, "Kilsample Rovers", "club-1002").await;
    let states = preview_all(&app).await;
    assert!(
        states.iter().all(|(_, state)| *state == BulkState::Done),
        "both have a plan: {states:?}"
    );
    let cancel = CancellationToken::new();
    cancel.cancel();
    let stopped = app.sync_apply_all(all(), cancel).await.unwrap();
    assert!(
        stopped.iter().all(|one| one.state == BulkState::Stopped),
        "stopped before the first: {stopped:?}"
    );
    let done = app
        .sync_apply_all(all(), CancellationToken::new())
        .await
        .unwrap();
    assert!(
        done.iter().all(|one| one.state == BulkState::Done
            && one.run.as_ref().unwrap().state == RunState::Applied),
        "both are applied: {done:?}"
    );

    // A conflict at one club, a change at the other.
    let id = change_one(&practice, |one| {
        one.mobile = Some("+353860000002".to_owned());
    });
    let one = the_one(&app, &id).await;
    let phone = (MemberField::Phone, Some("+353860000001".to_owned()));
    app.member_edit(&one.member_id, one.version, &[phone])
        .await
        .unwrap();
    bench.clock.advance_ms(60_000);
    preview_all(&app).await;
    let plans = app.sync_safe_plans(all()).await.unwrap();
    assert_eq!(plans.others[0].org, ORG, "the conflict needs a person");
    assert_eq!(plans.safe[0].org, OTHER, "the other one nobody");
    let done = app
        .sync_apply_all(all(), CancellationToken::new())
        .await
        .unwrap();
    let said: Vec<_> = done
        .iter()
        .map(|one| (one.org.as_str(), one.state))
        .collect();
    assert_eq!(
        said,
        [(OTHER, BulkState::Done), (ORG, BulkState::LeftOut)],
        "and that is what happens"
    );
    let waits = app.sync_run(&plans.others[0].run.run_id).await.unwrap();
    assert_eq!(waits.state, RunState::Planned, "the conflict still waits");
}

#[tokio::test]
async fn a_club_that_an_undo_holds_is_left_out_too() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = synced(&app).await;
    bench.clock.advance_ms(60_000);
    app.sync_undo(&first.run_id, None).await.unwrap();
    preview(&app).await;
    let done = app
        .sync_apply_all(all(), CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(done[0].state, BulkState::LeftOut, "until somebody chooses");
}

//! Sync where something is in the way: records twice, members edited after a run, a process that died, another order.

use std::time::Duration;

use connectors::CancellationToken;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, PlanKind, RunState};
use practice_federation::{Fault, FaultKind};
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};

#[tokio::test]
async fn an_identifier_that_comes_twice_is_a_problem_and_touches_nobody() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = synced(&app).await;
    let before = members(&app).await;
    practice.change_members(|members| {
        let index = members
            .iter()
            .position(|one| one.club_id == "club-1001" && one.last_name.is_some())
            .unwrap();
        let mut twin = members[index].clone();
        twin.town = "Dungarvan";
        // One known member twice, and one new identifier three times.
        members.push(twin.clone());
        "practice-new-one".clone_into(&mut twin.id);
        twin.first_name = "Nuala".to_owned();
        members.extend([twin.clone(), twin.clone(), twin]);
    });
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    assert_eq!(
        plan.counts.problems,
        first.counts.problems + 2,
        "one problem for each identifier"
    );
    assert_eq!(
        plan.counts.creates + plan.counts.updates + plan.counts.leavers,
        0,
        "nobody is new, changed or gone: {:?}",
        plan.counts
    );
    assert_eq!(
        plan.counts.unchanged,
        first.counts.creates - 1,
        "the others are counted once"
    );
    let rows = app
        .sync_plan(&plan.run_id, PlanKind::Problem, None, 100)
        .await
        .unwrap()
        .rows;
    let twice = rows
        .iter()
        .filter(|row| row.unmatched.as_deref() == Some("duplicate_id"))
        .count();
    assert_eq!(twice, 2, "and both say why");
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(members(&app).await, before, "applying it changes nobody");
}

#[tokio::test]
async fn the_order_of_the_list_does_not_matter() {
    let bench = [Bench::new(), Bench::new()];
    let mut hashes = Vec::new();
    for (turned, bench) in bench.iter().enumerate() {
        let practice = practice().await;
        let app = club(&practice, bench, ConflictStrategy::Merge).await;
        practice.change_members(|members| {
            let mut twin = members[0].clone();
            twin.club_id = "club-1001";
            twin.town = "Dungarvan";
            let mut other = twin.clone();
            other.town = "Tramore";
            members.extend([twin, other]);
            if turned == 1 {
                members.reverse();
            }
        });
        let plan = preview(&app).await;
        hashes.push((plan.hash.unwrap(), plan.counts));
    }
    assert_eq!(hashes[0], hashes[1], "the plan is the same");
}

#[tokio::test]
async fn s10_who_was_edited_later_stays_and_the_others_go_back() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = synced(&app).await;
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    let all = members(&app).await;
    let one = the_one(&app, &id).await;
    app.member_edit(
        &one.member_id,
        one.version,
        &[(MemberField::Town, Some("Lismore".to_owned()))],
    )
    .await
    .unwrap();
    let stale = app
        .member_edit(&one.member_id, one.version, &[(MemberField::Town, None)])
        .await
        .unwrap_err();
    assert_eq!(
        stale.code(),
        Code::ChangedMeanwhile,
        "an older version is refused"
    );
    bench.clock.advance_ms(60_000);
    let undone = app.sync_undo(&first.run_id, None).await.unwrap();
    assert_eq!(undone.undone, all.len() as u64 - 1, "the others");
    assert_eq!(
        undone.edited_later,
        [one.member_id],
        "and who stays is named"
    );
    assert_eq!(undone.run.state, RunState::PartlyUndone, "as the run says");
    assert_eq!(members(&app).await.len(), 1, "she is still there");
}

#[tokio::test]
async fn after_thirty_days_nothing_is_undone() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = synced(&app).await;
    bench.clock.advance_ms(30 * 24 * 3_600_000);
    let late = app.sync_undo(&first.run_id, None).await.unwrap_err();
    assert_eq!(late.code(), Code::ChangedMeanwhile, "{late}");
    assert!(!members(&app).await.is_empty(), "all are still there");
}

#[tokio::test]
async fn what_no_club_edits_is_refused() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let one = members(&app).await.remove(0);
    for (field, value) in [
        (MemberField::ExternalId, Some("other".to_owned())),
        (MemberField::FullName, Some("A B".to_owned())),
        (MemberField::LastName, None),
        (MemberField::Town, Some("x".repeat(1_001))),
    ] {
        let refused = app
            .member_edit(&one.member_id, one.version, &[(field, value)])
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::Invalid, "{field:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_locked_in_the_middle_holds_up_nobody_afterwards() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    practice.set_fault(Fault::new(FaultKind::Delay(400)).times(1));
    let running = {
        let app = app.clone();
        tokio::spawn(async move {
            let none = CancellationToken::new();
            app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, none)
                .await
        })
    };
    while practice.request_count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    app.lock().await.unwrap();
    let ended = running.await.unwrap();
    assert!(ended.is_err(), "no plan without a file: {ended:?}");
    app.open().await.unwrap();
    bench.clock.advance_ms(1_000);
    let plan = preview(&app).await;
    assert_eq!(
        plan.state,
        RunState::Planned,
        "the next one goes on at once"
    );
    let history = app.sync_history(CODE, ORG, 5).await.unwrap();
    assert_eq!(
        history[1].state,
        RunState::Interrupted,
        "and the one before is said to be interrupted"
    );
}

//! The history of runs of all clubs: groups, filters and counts that agree (H04), and runs whose process died (P07).

use std::time::Duration;

use connectors::clock::Clock as _;
use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AskedBy, InitialiseRequest, RunGroup, RunListRequest, RunListView, RunState,
};
use connectors::{App, CancellationToken};
use practice_federation::{Fault, FaultKind};
use testkit::Bench;

use super::child::Ground;
use super::clubs::connect;
use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, connect_club, preview, preview_of, synced};
use crate::store::child::start as start_child;

const OTHER: &str = "kilsample";

async fn list(app: &App, request: RunListRequest) -> RunListView {
    app.sync_runs(request).await.unwrap()
}

fn count(list: &RunListView, group: RunGroup) -> u64 {
    let found = list.groups.iter().find(|one| one.group == group);
    found.unwrap().count
}

async fn run_of(app: &App, org: &str, asked_by: AskedBy) -> connectors::view::RunView {
    app.sync_preview(CODE, org, asked_by, |_| {}, CancellationToken::new())
        .await
        .unwrap()
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one history, looked at in every way")]
async fn h04_the_history_of_all_clubs_is_filtered_counted_and_paged_alike() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    connect(&app, CODE, OTHER, "Kilsample Rovers", "club-1002").await;
    let start = bench.clock.now().0;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    change_one(&practice, |one| one.town = "Dungarvan");
    let second = synced(&app).await;
    bench.clock.advance_ms(60_000);
    app.sync_undo(&second.run_id, None).await.unwrap();
    practice.set_fault(Fault::status(404).on_path("/key/v1/clubs/club-1002"));
    preview_of(&app, OTHER).await.unwrap_err();
    practice.clear_faults();
    bench.clock.advance_ms(60_000);
    run_of(&app, OTHER, AskedBy::Person).await;
    bench.clock.advance_ms(60_000);
    let waiting = run_of(&app, OTHER, AskedBy::Schedule).await;
    bench.clock.advance_ms(60_000);
    let ready = preview(&app).await;

    let all = list(&app, RunListRequest::default()).await;
    assert_eq!(all.total, 6, "every run of every club");
    assert_eq!(
        all.groups.iter().map(|one| one.count).sum::<u64>(),
        6,
        "each is in one group"
    );
    let starts: Vec<i64> = all.rows.iter().map(|row| row.run.started_at).collect();
    assert!(
        starts.windows(2).all(|pair| pair[0] >= pair[1]),
        "the newest first: {starts:?}"
    );
    assert_eq!(all.rows[0].run.run_id, ready.run_id, "the last one");
    assert_eq!(all.rows[0].group, RunGroup::Ready, "a person made it");
    assert!(all.rows[0].held_by_undo, "and an undo holds its club");
    assert_eq!(
        (all.rows[1].club_name.as_str(), all.rows[1].org.as_str()),
        ("Kilsample Rovers", OTHER),
        "whose it is"
    );
    assert_eq!(all.rows[1].code, CODE, "and from where");
    assert_eq!(all.rows[1].group, RunGroup::NeedsYou, "a schedule made it");
    for (group, expected) in [
        (RunGroup::NeedsYou, 1),
        (RunGroup::Ready, 1),
        (RunGroup::Applied, 1),
        (RunGroup::Undone, 1),
        (RunGroup::Failed, 1),
        (RunGroup::Replaced, 1),
        (RunGroup::Running, 0),
        (RunGroup::Stopped, 0),
    ] {
        let of_group = list(
            &app,
            RunListRequest {
                group: Some(group),
                ..RunListRequest::default()
            },
        )
        .await;
        assert_eq!(of_group.total, expected, "{group:?}");
        assert_eq!(of_group.rows.len() as u64, expected, "{group:?}: its rows");
        assert!(
            of_group.rows.iter().all(|row| row.group == group),
            "{group:?}: no other"
        );
        assert_eq!(
            of_group.groups, all.groups,
            "{group:?}: choosing one does not change what the others say"
        );
    }

    let scheduled = RunListRequest {
        asked_by: Some(AskedBy::Schedule),
        ..RunListRequest::default()
    };
    let scheduled = list(&app, scheduled).await;
    assert_eq!(scheduled.total, 1, "who asked");
    assert_eq!(scheduled.rows[0].run.run_id, waiting.run_id, "that one");
    let of_club = RunListRequest {
        org: Some(OTHER.to_owned()),
        code: Some(CODE.to_owned()),
        oldest_first: true,
        ..RunListRequest::default()
    };
    let of_club = list(&app, of_club).await;
    assert_eq!(of_club.total, 3, "of one club");
    assert_eq!(count(&of_club, RunGroup::Applied), 0, "its counts too");
    assert_eq!(of_club.rows[0].group, RunGroup::Failed, "the oldest first");
    let first_minute = RunListRequest {
        from: Some(start),
        until: Some(start + 60_000),
        ..RunListRequest::default()
    };
    assert_eq!(
        list(&app, first_minute).await.total,
        1,
        "by time, the end not included"
    );

    let mut paged = Vec::new();
    for offset in [0, 2, 4, 6] {
        let page = RunListRequest {
            offset,
            limit: Some(2),
            ..RunListRequest::default()
        };
        let page = list(&app, page).await;
        assert_eq!(page.total, 6, "a page knows of all");
        paged.extend(page.rows);
    }
    assert_eq!(paged, all.rows, "pages together are the whole");

    let nobody = RunListRequest {
        org: Some("nobody".to_owned()),
        ..RunListRequest::default()
    };
    let unknown = app.sync_runs(nobody).await.unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound, "a club that is not there");
    let row = app.sync_run_row(&waiting.run_id).await.unwrap();
    assert_eq!(row, all.rows[1], "one run is what its row is");
}

#[tokio::test(flavor = "multi_thread")]
async fn p07_a_run_whose_process_died_is_interrupted_as_soon_as_anybody_looks() {
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    connect_club(&practice, &app, ConflictStrategy::Merge).await;
    for reopened in [false, true] {
        practice.set_fault(Fault::new(FaultKind::Delay(60_000)).on_path("/key/v1/clubs"));
        let mut child = start_child(&mut ground.command("syncer"));
        assert_eq!(child.fact().as_deref(), Some("ready"), "at work");
        let running = loop {
            let first = list(&app, RunListRequest::default()).await.rows.into_iter();
            if let Some(run) = first.take(1).find(|row| row.group == RunGroup::Running) {
                break run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let again = app.sync_run(&running.run.run_id).await.unwrap();
        assert_eq!(again.state, RunState::Fetching, "its process lives");
        child.kill();
        practice.clear_faults();
        // The history itself is the one that looks, or the opening of the file.
        let after = if reopened {
            app.lock().await.unwrap();
            let other = ground.app();
            other.open().await.unwrap();
            let seen = other.sync_history(CODE, ORG, 5).await.unwrap().remove(0);
            app.open().await.unwrap();
            seen
        } else {
            let list = list(&app, RunListRequest::default()).await;
            assert_eq!(count(&list, RunGroup::Running), 0, "nobody makes it");
            list.rows[0].run.clone()
        };
        assert_eq!(after.run_id, running.run.run_id, "it is that run");
        assert_eq!(after.state, RunState::Interrupted, "reopened: {reopened}");
        assert!(after.ended_at.is_some(), "it has ended");
        assert_eq!(
            after.message.as_deref(),
            Some("The app ended while the list was being read. Nothing was changed."),
            "and it says so"
        );
        let plan = preview(&app).await;
        assert_eq!(plan.state, RunState::Planned, "the next one goes on");
    }
}

#[tokio::test]
async fn the_summary_of_a_run_has_its_numbers_and_names_nobody() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    connect(&app, CODE, "odd", "Óg <b>& Sons</b>", "club-1002").await;
    change_one(&practice, |one| one.last_name = None);
    let plan = synced(&app).await;
    let page = app.sync_run_summary(&plan.run_id).await.unwrap();
    for part in ["Ballyduff", "Applied.", "a person", "UTC", "No last name"] {
        assert!(page.contains(part), "{part} is on the page: {page}");
    }
    for (name, number) in [
        ("New", plan.counts.creates),
        ("Problems", plan.counts.problems),
        ("No last name", plan.counts.problems),
    ] {
        let line = format!("<th scope=\"row\">{name}</th><td>{number}</td>");
        assert!(page.contains(&line), "{line} is on the page: {page}");
    }
    for one in super::sync::members(&app).await {
        for field in [
            connectors::members::MemberField::LastName,
            connectors::members::MemberField::ExternalId,
            connectors::members::MemberField::Email,
        ] {
            let Some(value) = one.values.get(field) else {
                continue;
            };
            assert!(!page.contains(value), "nobody's {field:?} is on the page");
        }
    }
    let odd = run_of(&app, "odd", AskedBy::Schedule).await;
    let page = app.sync_run_summary(&odd.run_id).await.unwrap();
    assert!(
        page.contains("Óg &lt;b&gt;&amp; Sons&lt;/b&gt;"),
        "a name is text: {page}"
    );
    assert!(page.contains("the schedule"), "who asked: {page}");
    assert!(
        !page.contains("http") && !page.contains("<script"),
        "it fetches nothing and runs nothing"
    );
}

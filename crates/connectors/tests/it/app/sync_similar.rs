//! Deciding every conflict about a field at once.

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{PlanKind, RunState, RunView};
use practice_federation::Practice;
use testkit::Bench;

use super::support::practice;
use super::sync::{club, members, preview, synced};

const CLUBS: &str = "+353860000001";
const FEDERATIONS: &str = "+353860000002";

/// A plan in which `phones` members are in conflict about the telephone; the first of them about the town too.
async fn in_conflict(practice: &Practice, bench: &Bench, phones: usize) -> (App, RunView) {
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let chosen: Vec<String> = members(&app)
        .await
        .iter()
        .filter_map(|one| one.values.get(MemberField::ExternalId))
        .take(phones)
        .map(str::to_owned)
        .collect();
    assert_eq!(chosen.len(), phones, "so many members are there");
    practice.change_members(|all| {
        for one in all.iter_mut().filter(|one| chosen.contains(&one.id)) {
            one.mobile = Some(FEDERATIONS.to_owned());
            if one.id == chosen[0] {
                one.town = "Dungarvan";
            }
        }
    });
    for one in members(&app).await {
        let id = one.values.get(MemberField::ExternalId).unwrap_or_default();
        if !chosen.iter().any(|chosen| chosen == id) {
            continue;
        }
        let mut changes = vec![(MemberField::Phone, Some(CLUBS.to_owned()))];
        if id == chosen[0] {
            changes.push((MemberField::Town, Some("Tallow".to_owned())));
        }
        app.member_edit(&one.member_id, one.version, &changes)
            .await
            .unwrap();
    }
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    assert_eq!(plan.counts.conflicts, phones as u64, "all are in conflict");
    (app, plan)
}

/// How many members have a telephone number.
async fn with_phone(app: &App, phone: &str) -> usize {
    let all = members(app).await;
    all.iter()
        .filter(|one| one.values.get(MemberField::Phone) == Some(phone))
        .count()
}

#[tokio::test]
async fn every_conflict_about_a_field_is_decided_at_once_and_those_about_others_stay() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, plan) = in_conflict(&practice, &bench, 5).await;
    let decided = app
        .sync_resolve_similar(&plan.run_id, MemberField::Phone, "federation")
        .await
        .unwrap();
    assert_eq!(
        (decided.counts.conflicts, decided.counts.updates),
        (1, 4),
        "who is in conflict about the town too still is"
    );
    assert_eq!(decided.state, RunState::Planned, "it can be applied");
    assert_ne!(decided.hash, plan.hash, "the plan is another one");
    let left = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 10)
        .await
        .unwrap();
    let open: Vec<MemberField> = left.rows[0]
        .fields
        .iter()
        .filter(|one| one.reason == "conflict")
        .map(|one| one.field)
        .collect();
    assert_eq!(open, [MemberField::Town], "the town alone is open");
    let again = app
        .sync_resolve_similar(&plan.run_id, MemberField::Phone, "club")
        .await
        .unwrap_err();
    assert_eq!(again.code(), Code::NotFound, "nothing is left to decide");
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(
        with_phone(&app, FEDERATIONS).await,
        5,
        "all have what was decided, the one with the open town too"
    );
}

#[tokio::test]
async fn the_clubs_side_is_remembered_for_each_member() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, plan) = in_conflict(&practice, &bench, 3).await;
    app.sync_resolve_similar(&plan.run_id, MemberField::Phone, "club")
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(with_phone(&app, CLUBS).await, 3, "the club's stay");
    bench.clock.advance_ms(60_000);
    let next = preview(&app).await;
    let open = app
        .sync_plan(&next.run_id, PlanKind::Conflict, None, 10)
        .await
        .unwrap();
    assert!(
        open.rows
            .iter()
            .flat_map(|row| &row.fields)
            .all(|one| one.field != MemberField::Phone || one.reason != "conflict"),
        "nobody is asked again"
    );
}

#[tokio::test]
async fn another_value_is_of_one_member_and_a_moved_member_stops_all_of_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, plan) = in_conflict(&practice, &bench, 3).await;
    let refused = app
        .sync_resolve_similar(&plan.run_id, MemberField::Phone, "+353860000003")
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::Invalid, "not for several members");

    // The last by name, so that others were decided before it within the same act.
    let last = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 10)
        .await
        .unwrap()
        .rows
        .pop()
        .and_then(|row| row.member_id)
        .unwrap();
    let one = members(&app)
        .await
        .into_iter()
        .find(|one| one.member_id == last)
        .unwrap();
    app.member_edit(
        &one.member_id,
        one.version,
        &[(MemberField::County, Some("Waterford".to_owned()))],
    )
    .await
    .unwrap();
    let refused = app
        .sync_resolve_similar(&plan.run_id, MemberField::Phone, "federation")
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Code::ChangedMeanwhile, "it is out of date");
    let same = app.sync_run(&plan.run_id).await.unwrap();
    assert_eq!(same.counts, plan.counts, "nothing of it was decided");
    assert_eq!(same.hash, plan.hash, "the plan is as it was");
}

#[tokio::test]
async fn more_conflicts_than_are_read_together_are_all_decided() {
    const MANY: usize = 520;
    let practice = practice().await;
    practice.change_members(|members| {
        let one = members
            .iter()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some())
            .unwrap()
            .clone();
        members.extend((0..MANY).map(|number| {
            let mut other = one.clone();
            other.id = format!("many-{number}");
            other.first_name = format!("Nuala {number}");
            other
        }));
    });
    let bench = Bench::new();
    let (app, plan) = in_conflict(&practice, &bench, MANY).await;
    let decided = app
        .sync_resolve_similar(&plan.run_id, MemberField::Phone, "federation")
        .await
        .unwrap();
    assert_eq!(
        (decided.counts.conflicts, decided.counts.updates),
        (1, MANY as u64 - 1),
        "the second batch too; one is in conflict about the town still"
    );
}

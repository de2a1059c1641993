//! What an undo would do, undoing chosen members, and what follows: apply again or keep mine (S10).

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{PlanKind, RunView};
use practice_federation::Practice;
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};

const NEW: &str = "practice-new-one";

/// A club that was synced, and a second run with one changed and one new member; the changed one's identifier.
async fn two_runs(practice: &Practice, bench: &Bench, app: &App) -> (RunView, String) {
    synced(app).await;
    let id = change_one(practice, |one| one.town = "Dungarvan");
    practice.change_members(|members| {
        let mut more = members[0].clone();
        NEW.clone_into(&mut more.id);
        more.club_id = "club-1001";
        more.last_name = Some("Ní Shúilleabháin".to_owned());
        "Nuala".clone_into(&mut more.first_name);
        members.push(more);
    });
    bench.clock.advance_ms(60_000);
    let second = synced(app).await;
    bench.clock.advance_ms(60_000);
    (second, id)
}

/// Nothing is proposed that concerns anybody.
fn is_empty(plan: &RunView) -> bool {
    let counts = plan.counts;
    counts.creates + counts.updates + counts.conflicts + counts.leavers == 0
}

#[tokio::test]
async fn s10_an_undo_says_before_what_it_would_do_and_takes_back_whom_one_chooses() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let (second, id) = two_runs(&practice, &bench, &app).await;
    let edited = the_one(&app, &id).await;
    let phone = (MemberField::Phone, Some("+353860000001".to_owned()));
    app.member_edit(&edited.member_id, edited.version, &[phone])
        .await
        .unwrap();
    let before = members(&app).await;

    let outlook = app.sync_undo_outlook(&second.run_id).await.unwrap();
    assert_eq!(outlook.can, 1, "the new one would go");
    assert_eq!(outlook.edited_later_count, 1, "the edited one would stay");
    assert_eq!(
        outlook.edited_later[0].member_id, edited.member_id,
        "and it says who"
    );
    assert!(!outlook.edited_later[0].name.is_empty(), "by name");
    assert!(outlook.until.is_some(), "and until when it can be done");
    assert_eq!(members(&app).await, before, "looking changes nobody");

    let first_page = app
        .sync_undo_members(&second.run_id, None, 1)
        .await
        .unwrap();
    let next = first_page.next.clone().unwrap();
    let last_page = app
        .sync_undo_members(&second.run_id, Some(&next), 1)
        .await
        .unwrap();
    let (made, changed) = (&first_page.rows[0], &last_page.rows[0]);
    assert_eq!(last_page.next, None, "two pages of one");
    assert_eq!(
        (made.kind, made.can, made.undone),
        (PlanKind::Create, true, false),
        "the new one"
    );
    assert_eq!(
        (changed.kind, changed.can),
        (PlanKind::Update, false),
        "the edited one"
    );

    let unknown = app
        .sync_undo_find(&second.run_id, &["nobody".to_owned()])
        .await
        .unwrap_err();
    assert_eq!(unknown.code(), Code::NotFound, "nobody of that identifier");
    let chosen = app
        .sync_undo_find(&second.run_id, &[NEW.to_owned()])
        .await
        .unwrap();
    assert_eq!(chosen[0].to_string(), made.member_id, "found by its id");
    let done = app.sync_undo(&second.run_id, Some(&chosen)).await.unwrap();
    assert_eq!(done.undone, 1, "the chosen one");
    assert!(done.edited_later.is_empty(), "nobody else was asked about");
    assert_eq!(
        the_one(&app, &id).await.values.get(MemberField::Town),
        Some("Dungarvan"),
        "the other stays"
    );
    let rows = app
        .sync_undo_members(&second.run_id, None, 5)
        .await
        .unwrap()
        .rows;
    assert_eq!(
        (rows[0].undone, rows[0].can),
        (true, false),
        "it was put back and cannot be again"
    );
}

#[tokio::test]
async fn s10_keep_mine_keeps_what_was_undone_until_the_federation_changes_it_again() {
    for strategy in [
        ConflictStrategy::Merge,
        ConflictStrategy::FederationWins,
        ConflictStrategy::LocalWins,
    ] {
        let practice = practice().await;
        let bench = Bench::new();
        let app = club(&practice, &bench, strategy).await;
        let (second, id) = two_runs(&practice, &bench, &app).await;
        let none = app.sync_keep_mine(CODE, ORG).await.unwrap_err();
        assert_eq!(none.code(), Code::ChangedMeanwhile, "nothing was undone");
        app.sync_undo(&second.run_id, None).await.unwrap();
        let undone: Vec<_> = members(&app).await;
        let waiting = preview(&app).await;
        assert_eq!(
            (waiting.counts.updates, waiting.counts.creates),
            (1, 1),
            "it would be done again"
        );

        let kept = app.sync_keep_mine(CODE, ORG).await.unwrap();
        assert_eq!((kept.kept, kept.kept_out), (1, 1), "{strategy:?}: both");
        let superseded = app.sync_apply(&waiting.run_id, &[]).await.unwrap_err();
        assert_eq!(
            superseded.code(),
            Code::ChangedMeanwhile,
            "{strategy:?}: the plan from before is gone"
        );
        let now = members(&app).await;
        let values = |all: &[connectors::view::MemberView]| -> Vec<_> {
            all.iter().map(|one| one.values.clone()).collect()
        };
        assert_eq!(
            values(&now),
            values(&undone),
            "{strategy:?}: no value moved"
        );
        bench.clock.advance_ms(60_000);
        let next = preview(&app).await;
        assert!(is_empty(&next), "{strategy:?}: {:?}", next.counts);
        assert_eq!(
            next.counts.unchanged,
            now.len() as u64 + 1,
            "{strategy:?}: the one kept out is counted"
        );
        app.sync_apply(&next.run_id, &[]).await.unwrap();
        assert_eq!(
            members(&app).await,
            now,
            "{strategy:?}: applied, all the same"
        );
        assert_eq!(
            the_one(&app, &id).await.edited,
            [MemberField::Town],
            "{strategy:?}: the club's own value"
        );

        // Another change of the same value is decided as ever, and the one that is out stays out.
        change_one(&practice, |one| one.town = "Lismore");
        practice.change_members(|members| {
            let new = members.iter_mut().find(|one| one.id == NEW).unwrap();
            new.town = "Lismore";
        });
        bench.clock.advance_ms(60_000);
        let third = preview(&app).await;
        let counts = (
            third.counts.conflicts,
            third.counts.updates,
            third.counts.creates,
        );
        let expected = match strategy {
            ConflictStrategy::Merge => (1, 0, 0),
            ConflictStrategy::FederationWins => (0, 1, 0),
            ConflictStrategy::LocalWins => (0, 0, 0),
        };
        assert_eq!(counts, expected, "{strategy:?}: a normal three-way");

        app.sync_apply_again(CODE, ORG).await.unwrap();
        bench.clock.advance_ms(60_000);
        let open = preview(&app).await;
        assert_eq!(
            open.counts.creates, 1,
            "{strategy:?}: and can be let in again"
        );
    }
}

#[tokio::test]
async fn s10_keep_mine_holds_for_leavers_and_for_those_who_came_back() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let all = practice.members();
    let one = all
        .iter()
        .find(|one| one.club_id == "club-1001" && one.last_name.is_some())
        .unwrap()
        .clone();
    practice.change_members(|members| members.retain(|other| other.id != one.id));
    bench.clock.advance_ms(60_000);
    let left = synced(&app).await;
    assert_eq!(left.counts.leavers, 1, "somebody left");
    bench.clock.advance_ms(60_000);
    app.sync_undo(&left.run_id, None).await.unwrap();
    app.sync_keep_mine(CODE, ORG).await.unwrap();
    let stays = the_one(&app, &one.id).await;
    assert_eq!(stays.left_at, None, "the club says she is still a member");
    let next = preview(&app).await;
    assert!(is_empty(&next), "and nobody asks again: {:?}", next.counts);

    // She is listed again, and that is nothing new; then she leaves, by the federation and by the club, and comes back.
    practice.change_members(|members| members.push(one.clone()));
    bench.clock.advance_ms(60_000);
    synced(&app).await;
    practice.change_members(|members| members.retain(|other| other.id != one.id));
    bench.clock.advance_ms(60_000);
    synced(&app).await;
    practice.change_members(|members| members.push(one.clone()));
    bench.clock.advance_ms(60_000);
    let back = synced(&app).await;
    assert_eq!(back.counts.updates, 1, "she came back");
    bench.clock.advance_ms(60_000);
    app.sync_undo(&back.run_id, None).await.unwrap();
    let kept = app.sync_keep_mine(CODE, ORG).await.unwrap();
    assert_eq!((kept.kept, kept.kept_out), (0, 1), "she stays away");
    let next = preview(&app).await;
    assert!(is_empty(&next), "and nobody asks again: {:?}", next.counts);
    assert!(
        the_one(&app, &one.id).await.left_at.is_some(),
        "she has left"
    );
}

#[tokio::test]
async fn s10_keep_mine_speaks_for_every_run_that_was_undone_since() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let (second, id) = two_runs(&practice, &bench, &app).await;
    change_one(&practice, |one| one.town = "Lismore");
    let third = synced(&app).await;
    bench.clock.advance_ms(60_000);
    app.sync_undo(&third.run_id, None).await.unwrap();
    app.sync_undo(&second.run_id, None).await.unwrap();
    app.sync_keep_mine(CODE, ORG).await.unwrap();
    let next = preview(&app).await;
    assert!(
        is_empty(&next),
        "the base is the last that the federation gave: {:?}",
        next.counts
    );
    assert_ne!(
        the_one(&app, &id).await.values.get(MemberField::Town),
        Some("Lismore"),
        "and the value the club's"
    );
}

#[tokio::test]
async fn what_can_no_longer_be_undone_is_forgotten_by_the_clock() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let run = synced(&app).await;
    let rows = async || {
        app.sync_plan(&run.run_id, PlanKind::Create, None, 10)
            .await
            .unwrap()
            .rows
            .len()
    };
    bench.clock.advance_days(29);
    app.forget_old_undo().await.unwrap();
    assert!(rows().await > 0, "it can still be undone");
    bench.clock.advance_days(2);
    app.forget_old_undo().await.unwrap();
    assert_eq!(rows().await, 0, "who was in it stands there no more");
    assert_eq!(
        app.sync_run(&run.run_id).await.unwrap().counts,
        run.counts,
        "the run stays as history, with its numbers"
    );
    let refused = app.sync_undo(&run.run_id, None).await.unwrap_err();
    assert_eq!(refused.code(), Code::ChangedMeanwhile, "{refused}");
    assert!(!members(&app).await.is_empty(), "and the members stay");
}

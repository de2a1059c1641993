//! What a person says about a record of which the plan cannot tell whose it is: at once in this plan, and in every later one.

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    MatchAs, MemberView, PlanKind, PlanRowView, RunState, RunView, SyncMatchRequest,
};
use practice_federation::Practice;
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};

pub(super) const OTHER: &str = "practice-other-id";

/// A club that was synced, in which one member then has another identifier at the federation; the old one.
pub(super) async fn renumbered(practice: &Practice, bench: &Bench, app: &App) -> String {
    synced(app).await;
    bench.clock.advance_ms(60_000);
    let old = change_one(practice, |_| {});
    change_one(practice, |one| OTHER.clone_into(&mut one.id));
    old
}

pub(super) async fn problem_of(app: &App, plan: &RunView, id: &str) -> PlanRowView {
    row_of(app, plan, PlanKind::Problem, id).await.unwrap()
}

async fn row_of(app: &App, plan: &RunView, kind: PlanKind, id: &str) -> Option<PlanRowView> {
    let page = app.sync_plan(&plan.run_id, kind, None, 500).await.unwrap();
    page.rows
        .into_iter()
        .find(|row| row.member.get(MemberField::ExternalId) == Some(id))
}

pub(super) async fn say(app: &App, plan: &RunView, row: &PlanRowView, choice: MatchAs) -> RunView {
    let request = SyncMatchRequest {
        run: plan.run_id.clone(),
        row: row.number,
        choice,
    };
    app.sync_match(request).await.unwrap()
}

fn member(view: &MemberView) -> MatchAs {
    MatchAs::Member {
        member_id: view.member_id.clone(),
    }
}

/// A member without what every change counts.
fn as_kept(mut all: Vec<MemberView>) -> Vec<MemberView> {
    all.sort_by(|one, other| one.member_id.cmp(&other.member_id));
    all
}

#[tokio::test]
async fn a_record_that_a_person_gives_to_a_member_is_that_members_now_and_later() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let old = renumbered(&practice, &bench, &app).await;
    let one = the_one(&app, &old).await;
    let before = as_kept(members(&app).await);
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    assert_eq!(
        row.unmatched.as_deref(),
        Some("other_id"),
        "asked, not guessed"
    );
    assert_eq!(plan.counts.leavers, 0, "nobody who may be meant is gone");
    let proposed = app.sync_proposed(&plan.run_id, row.number).await.unwrap();
    assert_eq!(proposed.len(), 1, "one member has the names and the birth");
    assert_eq!(proposed[0].member.member_id, one.member_id, "that one");
    assert!(!proposed[0].matched, "the list has no other record of it");

    let decided = say(&app, &plan, &row, member(&one)).await;
    assert_eq!(
        (decided.counts.problems, decided.counts.updates),
        (plan.counts.problems - 1, plan.counts.updates + 1),
        "the plan is decided again at once"
    );
    assert_ne!(decided.hash, plan.hash, "and is another plan");
    let row = row_of(&app, &plan, PlanKind::Update, OTHER).await.unwrap();
    assert_eq!(row.confidence.as_deref(), Some("chosen"), "it says why");
    assert_eq!(
        row.member_id.as_deref(),
        Some(&*one.member_id),
        "the member"
    );

    // A plan that is made again asks nothing: what was said is kept.
    let again = preview(&app).await;
    assert_eq!(again.hash, decided.hash, "the very plan");
    app.sync_apply(&again.run_id, &[]).await.unwrap();
    let after = the_one(&app, OTHER).await;
    assert_eq!(after.member_id, one.member_id, "the same member");
    bench.clock.advance_ms(60_000);
    let empty = preview(&app).await;
    assert_eq!(
        (
            empty.counts.problems,
            empty.counts.updates,
            empty.counts.leavers
        ),
        (plan.counts.problems - 1, 0, 0),
        "the same list again finds nothing to do"
    );

    app.sync_undo(&again.run_id, None).await.unwrap();
    assert_eq!(
        as_kept(members(&app).await),
        before,
        "an undo puts everybody back"
    );
    app.sync_apply_again(CODE, ORG).await.unwrap();
    let back = preview(&app).await;
    assert_eq!(back.hash, decided.hash, "and the plan is the plan that was");
    let kept = app.member_choices(&one.member_id).await.unwrap();
    assert_eq!(kept.len(), 1, "what was said stands beside the member");
    app.sync_forget_match(CODE, ORG, &kept[0].choice_id)
        .await
        .unwrap();
    let asked = preview(&app).await;
    assert_eq!(
        asked.counts.problems, plan.counts.problems,
        "what is forgotten is asked again"
    );
}

#[tokio::test]
async fn a_record_that_a_person_calls_new_is_new_once() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let old = renumbered(&practice, &bench, &app).await;
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let decided = say(&app, &plan, &row, MatchAs::New).await;
    assert_eq!(
        (decided.counts.problems, decided.counts.creates),
        (plan.counts.problems - 1, 1),
        "one more that is new"
    );
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    let created = the_one(&app, OTHER).await;
    let kept = app.member_choices(&created.member_id).await.unwrap();
    assert_eq!(kept.len(), 1, "it got the identifier that was kept for it");
    bench.clock.advance_ms(60_000);
    let next = preview(&app).await;
    assert_eq!(
        (
            next.counts.creates,
            next.counts.problems,
            next.counts.leavers
        ),
        (0, plan.counts.problems - 1, 1),
        "nobody is new twice, and the other one is not in the list"
    );
    let leaver = row_of(&app, &next, PlanKind::Leaver, &old).await;
    assert!(leaver.is_some(), "by its own identifier");

    app.sync_undo(&decided.run_id, None).await.unwrap();
    app.sync_apply_again(CODE, ORG).await.unwrap();
    let again = preview(&app).await;
    let row = row_of(&app, &again, PlanKind::Create, OTHER).await.unwrap();
    assert_eq!(
        row.member_id.as_deref(),
        Some(&*created.member_id),
        "after an undo the same member is made again"
    );
}

#[tokio::test]
async fn a_record_that_is_left_stays_a_problem_that_nobody_is_asked_about() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let old = renumbered(&practice, &bench, &app).await;
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let decided = say(&app, &plan, &row, MatchAs::Leave).await;
    assert_eq!(
        decided.counts.problems,
        plan.counts.problems - 1,
        "nothing is asked any more"
    );
    let next = preview(&app).await;
    assert_eq!(next.hash, decided.hash, "nor by the next sync");
    let row = row_of(&app, &next, PlanKind::Unchanged, OTHER)
        .await
        .unwrap();
    assert_eq!(
        (row.passed_over.as_deref(), row.unmatched.as_deref()),
        (Some("left_alone"), Some("other_id")),
        "it is still said what is unclear"
    );
    assert_eq!(next.counts.leavers, 0, "and the member does not leave");
    let one = the_one(&app, &old).await;
    // Somebody finds out after all: the row can be answered again.
    let found = say(&app, &next, &row, member(&one)).await;
    assert_eq!(found.counts.updates, next.counts.updates + 1, "it is taken");
    let choices = app.sync_choices(CODE, ORG).await.unwrap();
    assert_eq!(choices.matches.len(), 1, "one record, one choice");
    assert_eq!(choices.matches[0].choice, "member", "the newest");
}

#[tokio::test]
async fn a_second_record_of_a_member_is_asked_about_and_passed_over() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    practice.change_members(|members| {
        let one = members
            .iter()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some());
        let mut twice = one.unwrap().clone();
        OTHER.clone_into(&mut twice.id);
        members.push(twice);
    });
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    assert_eq!(
        row.unmatched.as_deref(),
        Some("already_matched"),
        "nobody is made twice without being asked"
    );
    let proposed = app.sync_proposed(&plan.run_id, row.number).await.unwrap();
    assert!(proposed[0].matched, "the member has its record");
    let before = as_kept(members(&app).await);
    let decided = say(&app, &plan, &row, member(&proposed[0].member)).await;
    assert_eq!(decided.counts.updates, 0, "nothing changes by it");
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    assert_eq!(as_kept(members(&app).await), before, "whole members");
    let next = preview(&app).await;
    assert_eq!(next.counts.problems, plan.counts.problems - 1, "not again");
    let row = row_of(&app, &next, PlanKind::Unchanged, OTHER)
        .await
        .unwrap();
    assert_eq!(
        row.passed_over.as_deref(),
        Some("second_record"),
        "and the plan says why"
    );
}

#[tokio::test]
async fn what_cannot_be_chosen_is_refused_and_changes_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let old = renumbered(&practice, &bench, &app).await;
    practice.change_members(|members| {
        let one = members.iter().find(|one| one.id == OTHER);
        let mut nameless = one.unwrap().clone();
        "practice-nameless".clone_into(&mut nameless.id);
        nameless.last_name = None;
        members.push(nameless);
    });
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let all = members(&app).await;
    let stranger = all
        .iter()
        .find(|one| one.values.get(MemberField::ExternalId) != Some(&*old))
        .unwrap();
    let ask = |row: i64, choice: MatchAs| {
        app.sync_match(SyncMatchRequest {
            run: plan.run_id.clone(),
            row,
            choice,
        })
    };
    let refused = ask(row.number, member(stranger)).await.unwrap_err();
    assert_eq!(refused.code(), Code::Invalid, "nobody proposed that one");
    let nameless = app
        .sync_plan(&plan.run_id, PlanKind::Problem, None, 500)
        .await
        .unwrap();
    let other = nameless.rows.iter().find(|one| one.problem.is_some());
    let refused = ask(other.unwrap().number, MatchAs::New).await.unwrap_err();
    assert_eq!(
        refused.code(),
        Code::NotFound,
        "a record without a name has nobody to be"
    );
    let refused = ask(1_000_000, MatchAs::Leave).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound, "there is no such row");
    let still = app.sync_run(&plan.run_id).await.unwrap();
    assert_eq!(still.hash, plan.hash, "the plan is as it was");
    let choices = app.sync_choices(CODE, ORG).await.unwrap();
    assert!(choices.matches.is_empty(), "nothing is kept");
    let done = app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(done.state, RunState::Applied, "the rest is applied");
    let late = ask(row.number, MatchAs::Leave).await.unwrap_err();
    assert_eq!(late.code(), Code::ChangedMeanwhile, "it is too late");
    let forget = app.sync_forget_match(CODE, ORG, &"0".repeat(64)).await;
    assert_eq!(forget.unwrap_err().code(), Code::NotFound, "no such choice");
}

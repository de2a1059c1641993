//! Sync through the App against the practice federation: preview, apply, merge, undo (acceptance cases S01, S02, S06 to S08,
//! S10, S11, S13).

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, MemberView, PlanKind, RunState, RunView};
use practice_federation::{Fault, Member, Practice};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::clubs::connect;
use super::support::{at, practice, request};

pub(super) const CODE: &str = "football";
pub(super) const ORG: &str = "ballyduff";

/// An app with one club that is connected.
pub(super) async fn club(practice: &Practice, bench: &Bench, strategy: ConflictStrategy) -> App {
    let app = bench.open_app().await;
    connect_club(practice, &app, strategy).await;
    app
}

/// A connector with one club.
pub(super) async fn connect_club(practice: &Practice, app: &App, strategy: ConflictStrategy) {
    let mut settings = at(CODE, practice, "key");
    "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
    settings.sync.template = Some("practice".to_owned());
    settings.sync.conflict_strategy = strategy;
    settings.limits.requests_per_minute = 6_000;
    settings.paging.size = Some(200);
    let key = testkit::api_key(practice.api_key());
    app.connector_add(request(settings, Some(key)))
        .await
        .unwrap();
    connect(app, CODE, ORG, "Ballyduff", "club-1001").await;
}

pub(super) async fn preview(app: &App) -> RunView {
    preview_of(app, ORG).await.unwrap()
}

/// A plan of one of the connector's clubs, as a person asks for it.
pub(super) async fn preview_of(app: &App, org: &str) -> connectors::error::Result<RunView> {
    app.sync_preview(CODE, org, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
}

/// A plan that was made and applied.
pub(super) async fn synced(app: &App) -> RunView {
    let plan = preview(app).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    plan
}

pub(super) async fn members(app: &App) -> Vec<MemberView> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = app
            .member_list(CODE, ORG, after.as_deref(), 100)
            .await
            .unwrap();
        all.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

/// Those of the club that can be members, and those without a family name.
fn at_practice(practice: &Practice) -> (u64, u64) {
    let mut counts = (0, 0);
    for one in practice
        .members()
        .iter()
        .filter(|one| one.club_id == "club-1001")
    {
        match one.last_name {
            Some(_) => counts.0 += 1,
            None => counts.1 += 1,
        }
    }
    counts
}

pub(super) fn change_one(practice: &Practice, change: impl Fn(&mut Member)) -> String {
    let mut id = String::new();
    practice.change_members(|members| {
        let one = members
            .iter_mut()
            .find(|member| member.club_id == "club-1001" && member.last_name.is_some())
            .unwrap();
        change(one);
        id.clone_from(&one.id);
    });
    id
}

pub(super) async fn the_one(app: &App, external_id: &str) -> MemberView {
    let all = members(app).await;
    all.into_iter()
        .find(|member| member.values.get(MemberField::ExternalId) == Some(external_id))
        .unwrap()
}

#[tokio::test]
async fn s01_s02_s07_a_preview_changes_nothing_applying_does_it_and_the_same_again_changes_nothing()
{
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let plan = preview(&app).await;
    let (expected, nameless) = at_practice(&practice);
    assert!(expected > 5, "there is a club to read");
    assert_eq!(
        plan.counts.problems, nameless,
        "who has no family name fails alone (M05)"
    );
    assert_eq!(plan.state, RunState::Planned, "{plan:?}");
    assert_eq!(plan.counts.creates, expected, "all are new");
    assert_eq!(plan.fetched, expected + nameless, "all were read");
    assert!(members(&app).await.is_empty(), "nothing is there yet");
    let rows = app
        .sync_plan(&plan.run_id, PlanKind::Create, None, 5)
        .await
        .unwrap();
    assert_eq!(rows.rows.len(), 5, "a page of the plan");
    assert!(rows.next.is_some(), "and more follow");

    let done = app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(done.state, RunState::Applied, "it is done");
    let after = members(&app).await;
    assert_eq!(after.len() as u64, expected, "all are there");
    assert!(
        after.iter().all(|member| member.edited.is_empty()),
        "and are as the federation gave them"
    );
    let again = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(again.code(), Code::ChangedMeanwhile, "once");

    bench.clock.advance_ms(60_000);
    let second = preview(&app).await;
    assert_eq!(second.counts.unchanged, expected, "nothing has changed");
    assert_eq!(
        second.counts.creates + second.counts.updates + second.counts.leavers,
        0,
        "so nothing is proposed"
    );
    app.sync_apply(&second.run_id, &[]).await.unwrap();
    assert_eq!(members(&app).await, after, "and applying it changes no row");
}

#[tokio::test]
async fn s10_an_undo_puts_members_back_exactly_and_holds_the_next() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let before = members(&app).await;
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    practice.change_members(|members| {
        let mut more = members[0].clone();
        "practice-new-one".clone_into(&mut more.id);
        more.club_id = "club-1001";
        more.last_name = Some("Ní Shúilleabháin".to_owned());
        "Nuala".clone_into(&mut more.first_name);
        members.push(more);
    });
    bench.clock.advance_ms(60_000);
    let second = preview(&app).await;
    assert_eq!(
        (second.counts.updates, second.counts.creates),
        (1, 1),
        "what the federation changed"
    );
    let rows = app
        .sync_plan(&second.run_id, PlanKind::Update, None, 5)
        .await
        .unwrap()
        .rows;
    assert_eq!(rows[0].fields.len(), 1, "one field");
    assert_eq!(rows[0].fields[0].reason, "federation_changed", "and why");
    app.sync_apply(&second.run_id, &[]).await.unwrap();
    assert_eq!(
        the_one(&app, &id).await.values.get(MemberField::Town),
        Some("Dungarvan"),
        "it was applied"
    );

    bench.clock.advance_ms(60_000);
    let undone = app.sync_undo(&second.run_id, None).await.unwrap();
    assert_eq!(undone.undone, 2, "both are put back");
    assert_eq!(undone.run.state, RunState::Undone, "as a whole");
    assert_eq!(
        members(&app).await,
        before,
        "exactly as they were, versions too"
    );
    let third = preview(&app).await;
    assert_eq!(third.counts.updates, 1, "the base came back as well");
    let held = app.sync_apply(&third.run_id, &[]).await.unwrap_err();
    assert_eq!(held.code(), Code::Held, "nothing is done again by itself");
    app.sync_apply_again(CODE, ORG).await.unwrap();
    app.sync_apply(&third.run_id, &[]).await.unwrap();
    let twice = app.sync_undo(&second.run_id, None).await.unwrap_err();
    assert_eq!(twice.code(), Code::ChangedMeanwhile, "an undo is done once");
}

#[tokio::test]
async fn s06_a_list_that_shrank_too_much_or_is_empty_is_held_and_marks_nobody() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let all = members(&app).await.len();
    practice.change_members(|members| {
        let mut seen = 0;
        members.retain(|member| {
            seen += u32::from(member.club_id == "club-1001");
            member.club_id != "club-1001" || seen % 2 == 0
        });
    });
    bench.clock.advance_ms(60_000);
    let half = preview(&app).await;
    assert_eq!(half.state, RunState::Held, "half the club would leave");
    assert_eq!(half.held[0].guard, "too_many_leavers", "and it says why");
    let refused = app.sync_apply(&half.run_id, &[]).await.unwrap_err();
    assert_eq!(refused.code(), Code::Held, "not without a person");
    let other = app
        .sync_apply(&half.run_id, &["empty_list".to_owned()])
        .await
        .unwrap_err();
    assert_eq!(
        other.code(),
        Code::Held,
        "another guard's leave is not enough"
    );
    assert!(
        members(&app)
            .await
            .iter()
            .all(|member| member.left_at.is_none()),
        "nobody was marked"
    );
    app.sync_apply(&half.run_id, &["too_many_leavers".to_owned()])
        .await
        .unwrap();
    let after = members(&app).await;
    assert_eq!(after.len(), all, "nobody is deleted");
    let left = after
        .iter()
        .filter(|member| member.left_at.is_some())
        .count();
    assert_eq!(left as u64, half.counts.leavers, "they are marked as left");

    practice.change_members(|members| members.retain(|one| one.club_id != "club-1001"));
    bench.clock.advance_ms(60_000);
    let empty = preview(&app).await;
    let guards: Vec<&str> = empty.held.iter().map(|held| held.guard.as_str()).collect();
    assert_eq!(
        guards,
        ["empty_list", "too_many_leavers"],
        "both are asked about"
    );
}

#[tokio::test]
async fn s13_no_members_at_first_is_a_result() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    practice.change_members(|members| members.retain(|one| one.club_id != "club-1001"));
    let plan = preview(&app).await;
    assert_eq!(plan.state, RunState::Planned, "nothing holds it");
    assert_eq!(plan.counts.creates, 0, "and nothing is in it");
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
}

#[tokio::test]
async fn s02_what_moved_meanwhile_is_told_and_nothing_is_applied() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    let one = the_one(&app, &id).await;
    app.member_edit(
        &one.member_id,
        one.version,
        &[(MemberField::Phone, Some("+353860000001".to_owned()))],
    )
    .await
    .unwrap();
    let moved = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(
        moved.code(),
        Code::ChangedMeanwhile,
        "the plan is about another version"
    );
    let now = the_one(&app, &id).await;
    assert_ne!(
        now.values.get(MemberField::Town),
        Some("Dungarvan"),
        "nothing was applied"
    );
    let again = preview(&app).await;
    app.sync_apply(&again.run_id, &[]).await.unwrap();
    let now = the_one(&app, &id).await;
    assert_eq!(
        now.values.get(MemberField::Town),
        Some("Dungarvan"),
        "the federation's change"
    );
    assert_eq!(
        now.values.get(MemberField::Phone),
        Some("+353860000001"),
        "and the club's edit, which is no conflict"
    );
    assert_eq!(
        now.edited,
        [MemberField::Phone],
        "it is known as the club's"
    );
}

#[tokio::test]
async fn s08_what_both_changed_is_a_conflict_and_the_rest_is_applied() {
    for (strategy, conflicts, phone) in [
        (ConflictStrategy::Merge, 1, "+353860000001"),
        (ConflictStrategy::FederationWins, 0, "+353860000002"),
        (ConflictStrategy::LocalWins, 0, "+353860000001"),
    ] {
        let practice = practice().await;
        let bench = Bench::new();
        let app = club(&practice, &bench, strategy).await;
        synced(&app).await;
        let id = change_one(&practice, |one| {
            one.town = "Dungarvan";
            one.mobile = Some("+353860000002".to_owned());
        });
        let one = the_one(&app, &id).await;
        app.member_edit(
            &one.member_id,
            one.version,
            &[(MemberField::Phone, Some("+353860000001".to_owned()))],
        )
        .await
        .unwrap();
        bench.clock.advance_ms(60_000);
        let plan = preview(&app).await;
        assert_eq!(plan.counts.conflicts, conflicts, "{strategy:?}");
        app.sync_apply(&plan.run_id, &[]).await.unwrap();
        let now = the_one(&app, &id).await;
        assert_eq!(
            now.values.get(MemberField::Town),
            Some("Dungarvan"),
            "{strategy:?}: the other field's change is applied"
        );
        assert_eq!(
            now.values.get(MemberField::Phone),
            Some(phone),
            "{strategy:?}"
        );
        bench.clock.advance_ms(60_000);
        let same = preview(&app).await;
        assert_eq!(
            same.counts.conflicts, conflicts,
            "{strategy:?}: a conflict stays the same until somebody decides"
        );
        if strategy != ConflictStrategy::Merge {
            continue;
        }
        let row = app
            .sync_plan(&same.run_id, PlanKind::Conflict, None, 5)
            .await
            .unwrap()
            .rows
            .remove(0);
        let decided = app
            .sync_resolve(&same.run_id, row.number, MemberField::Phone, "federation")
            .await
            .unwrap();
        assert_eq!(
            (decided.counts.conflicts, decided.counts.updates),
            (0, 1),
            "S09: it is a change now"
        );
        assert_ne!(decided.hash, same.hash, "and the plan another one");
        app.sync_apply(&same.run_id, &[]).await.unwrap();
        let now = the_one(&app, &id).await;
        assert_eq!(
            now.values.get(MemberField::Phone),
            Some("+353860000002"),
            "what was decided is applied"
        );
    }
}

#[tokio::test]
async fn a_list_that_breaks_off_leaves_no_plan_and_says_why() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    practice.set_fault(Fault::status(404).on_path("/key/v1/clubs"));
    let error = app
        .sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(
        error.code(),
        Code::NotFound,
        "the federation does not know the club"
    );
    let history = app.sync_history(CODE, ORG, 5).await.unwrap();
    assert_eq!(history[0].state, RunState::Failed, "the run says so");
    assert!(history[0].message.is_some(), "with its sentence");
    practice.clear_faults();
    let plan = preview(&app).await;
    assert_eq!(plan.state, RunState::Planned, "and the next one goes on");
}

#[tokio::test]
async fn s11_a_second_request_joins_the_running_one() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let (one, two) = tokio::join!(preview(&app), preview(&app));
    assert_eq!(one.run_id, two.run_id, "both have the same run");
    let history = app.sync_history(CODE, ORG, 5).await.unwrap();
    assert_eq!(history.len(), 1, "and there was one only");
}

#[tokio::test]
async fn a_cancelled_preview_says_so_and_leaves_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = app
        .sync_preview(CODE, ORG, AskedBy::Person, |_| {}, cancel)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Code::Cancelled, "{error}");
    let history = app.sync_history(CODE, ORG, 5).await.unwrap();
    assert_eq!(history[0].state, RunState::Cancelled, "the run says so");
    assert!(members(&app).await.is_empty(), "nothing came");
}

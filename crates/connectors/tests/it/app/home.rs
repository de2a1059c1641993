//! Home through the App: who is up to date, and what needs a person (H01, H02).

use connectors::App;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AttentionKind, AttentionView, ComingRunKind, ConnectorFilter, ConnectorListRequest,
    CredentialsRequest, CredentialsSetRequest, HealthAction, HealthFilter, HealthState, HomeView,
    MissedPolicy, PlanKind, SchedulePolicy, Status,
};
use practice_federation::Practice;
use testkit::{Bench, START};

use super::clubs::connect;
use super::schedules::{outcomes, policy, scheduled, to_next};
use super::support::{add, add_practice, edit, practice, set_key, test};
use super::sync::{CODE, ORG, change_one, club, preview, synced};

const DAY: i64 = 24 * 3_600_000;

pub(super) async fn home(app: &App) -> HomeView {
    app.home().await.unwrap()
}

/// `clubs up to date of all, things that need a person`
async fn sentence(app: &App) -> (u32, u32, u32) {
    let home = home(app).await;
    (home.clubs_up_to_date, home.clubs_all, home.needs_you)
}

/// The one thing that needs a person.
async fn only(app: &App) -> AttentionView {
    let mut home = home(app).await;
    assert_eq!(home.needs_you, 1, "one thing: {:?}", home.attention);
    home.attention.remove(0)
}

async fn state(app: &App, code: &str) -> HealthState {
    app.connector_show(code).await.unwrap().row.state
}

/// Nobody of the club is in the federation's list any more.
fn empty(practice: &Practice) {
    practice.change_members(|all| all.retain(|one| one.club_id != "club-1001"));
}

#[tokio::test]
async fn an_empty_app_needs_nobody() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let home = home(&app).await;
    assert_eq!(
        (home.clubs_all, home.connectors_all, home.needs_you),
        (0, 0, 0),
        "there is nothing"
    );
    assert_eq!(home.checked_at, None, "and nothing was ever looked at");
}

#[tokio::test]
async fn what_has_answered_since_it_was_changed_needs_no_test_to_be_healthy() {
    let (bench, practice) = (Bench::new(), practice().await);
    let app = bench.open_app().await;
    let shown = add_practice(&app, CODE, &practice).await;
    assert_eq!(
        state(&app, CODE).await,
        HealthState::NotTested,
        "nothing is known"
    );
    bench.clock.advance_ms(1_000);
    app.check_all(HealthFilter::default()).await.unwrap();
    app.requests_flush().await.unwrap();
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "it has answered"
    );
    let request = edit(&shown, |settings| settings.limits.timeout_seconds = 9);
    bench.clock.advance_ms(1_000);
    app.connector_edit(request).await.unwrap();
    assert_eq!(
        state(&app, CODE).await,
        HealthState::NotTested,
        "with other settings"
    );
}

#[tokio::test]
async fn a_club_is_up_to_date_by_its_last_run_and_not_by_its_connection() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    assert_eq!(sentence(&app).await, (0, 1, 0), "never synced");
    let plan = preview(&app).await;
    assert_eq!(
        sentence(&app).await,
        (0, 1, 0),
        "a person's own plan waits, and she knows of it"
    );
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    assert_eq!(sentence(&app).await, (1, 1, 0), "applied");
    bench.clock.advance_ms(60_000);
    preview(&app).await;
    assert_eq!(sentence(&app).await, (1, 1, 0), "and nothing had changed");
    bench.clock.advance_ms(60_000);
    change_one(&practice, |one| one.town = "Dungarvan");
    preview(&app).await;
    assert_eq!(sentence(&app).await, (0, 1, 0), "somebody has moved");
    let listed = app
        .connector_list(ConnectorListRequest::default())
        .await
        .unwrap();
    assert_eq!(
        listed.rows[0].last_sync_at,
        Some(START),
        "the connector knows of its clubs' syncs"
    );
}

#[tokio::test]
async fn a_held_plan_says_which_guard_and_how_many_members() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    test(&app, CODE).await;
    assert_eq!(
        state(&app, CODE).await,
        HealthState::NeverSynced,
        "it works, and no club of it was synced"
    );
    let first = synced(&app).await;
    assert_eq!(state(&app, CODE).await, HealthState::Healthy, "now it was");
    bench.clock.advance_ms(60_000);
    empty(&practice);
    let held = preview(&app).await;
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.state, thing.action),
        (
            AttentionKind::Guard,
            HealthState::Held,
            HealthAction::ReviewPlan
        ),
        "somebody must look"
    );
    assert_eq!(thing.guard.as_deref(), Some("empty_list"), "which guard");
    assert_eq!(
        (thing.members_before, thing.members_now),
        (Some(first.counts.creates), Some(0)),
        "of how many members"
    );
    assert_eq!(thing.plan_id, Some(held.run_id.clone()), "which plan");
    assert_eq!(thing.org.as_deref(), Some(ORG), "of which club");
    assert_eq!(thing.lists_from, Some(START), "its list is of before");
    assert_eq!(state(&app, CODE).await, HealthState::Held, "so is it shown");
    let listed = app
        .connector_list(ConnectorListRequest {
            filter: ConnectorFilter::NeedsYou,
            ..ConnectorListRequest::default()
        })
        .await
        .unwrap();
    assert_eq!(
        (listed.rows.len(), listed.counts.needs_you),
        (1, 1),
        "in the list as in its numbers"
    );
    let both = ["empty_list", "too_many_leavers"].map(str::to_owned);
    app.sync_apply(&held.run_id, &both).await.unwrap();
    assert_eq!(sentence(&app).await, (1, 1, 0), "it was allowed");
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "and waits for nobody"
    );
}

#[tokio::test]
async fn an_undone_run_waits_until_somebody_says_what_then() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    test(&app, CODE).await;
    let plan = synced(&app).await;
    bench.clock.advance_ms(60_000);
    app.sync_undo(&plan.run_id, None).await.unwrap();
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.plan_id),
        (AttentionKind::Undone, Some(plan.run_id)),
        "the run that was undone"
    );
    assert_eq!(sentence(&app).await, (0, 1, 1), "its list is not there");
    assert_eq!(state(&app, CODE).await, HealthState::Held, "so is it shown");
    app.sync_apply_again(CODE, ORG).await.unwrap();
    assert_eq!(sentence(&app).await, (0, 1, 0), "it goes on");
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "and waits for nobody"
    );
}

#[tokio::test]
async fn conflicts_wait_and_a_decision_ends_that() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    test(&app, CODE).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    let member = super::sync::the_one(&app, &id).await;
    let town = connectors::members::MemberField::Town;
    app.member_edit(
        &member.member_id,
        member.version,
        &[(town, Some("Tramore".to_owned()))],
    )
    .await
    .unwrap();
    let plan = preview(&app).await;
    assert_eq!(plan.counts.conflicts, 1, "both sides have changed it");
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.conflicts),
        (AttentionKind::Conflicts, Some(1)),
        "one member"
    );
    assert_eq!(state(&app, CODE).await, HealthState::Held, "so is it shown");
    let row = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 1)
        .await
        .unwrap()
        .rows
        .remove(0);
    app.sync_resolve(&plan.run_id, row.number, town, "federation")
        .await
        .unwrap();
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "it is decided"
    );
    assert_eq!(home(&app).await.needs_you, 0, "and she has it before her");
}

#[tokio::test]
async fn a_schedules_plan_waits_and_a_night_that_was_missed_shows() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let next = home(&app).await.next_runs;
    assert_eq!(next.len(), 1, "one club has a schedule");
    assert_eq!(
        (next[0].kind, next[0].org.as_deref()),
        (ComingRunKind::Schedule, Some(ORG)),
        "tonight"
    );
    assert_eq!(
        Some(next[0].at),
        app.schedule_next().await.unwrap().map(|at| at.0),
        "at the time at which it will run"
    );
    to_next(&app, &bench).await;
    outcomes(&app).await;
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.guard),
        (AttentionKind::Plan, None),
        "nobody has asked for it, and it may not apply it"
    );
    app.sync_apply(&thing.plan_id.unwrap(), &[]).await.unwrap();
    assert_eq!(sentence(&app).await, (1, 1, 0), "applied");
    bench.clock.advance_ms(20 * 3_600_000);
    assert_eq!(sentence(&app).await, (1, 1, 0), "it is not due yet");
    bench.clock.advance_ms(5 * 3_600_000);
    assert_eq!(sentence(&app).await, (0, 1, 0), "the night was missed");
    outcomes(&app).await;
    assert_eq!(sentence(&app).await, (1, 1, 0), "and made up for");
}

#[tokio::test]
async fn a_question_about_missed_nights_is_a_thing_of_its_own() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    synced(&app).await;
    app.schedule_policy(
        CODE,
        None,
        policy(Some(SchedulePolicy::ApplySafe), Some(MissedPolicy::Ask)),
    )
    .await
    .unwrap();
    outcomes(&app).await;
    bench.clock.advance_ms(3 * DAY);
    outcomes(&app).await;
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.missed),
        (AttentionKind::MissedRuns, Some(3)),
        "three nights"
    );
    assert_eq!(sentence(&app).await, (0, 1, 1), "they are missing");
}

#[tokio::test]
async fn a_club_that_fails_by_itself_is_named_and_its_connector_is_not() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    connect(&app, CODE, "nowhere", "Nowhere", "club-none").await;
    app.sync_preview(
        CODE,
        "nowhere",
        connectors::view::AskedBy::Person,
        |_| {},
        connectors::CancellationToken::new(),
    )
    .await
    .unwrap_err();
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.action, thing.club.as_deref()),
        (
            AttentionKind::ClubFailing,
            HealthAction::Retry,
            Some("Nowhere")
        ),
        "the club alone"
    );
    assert!(thing.finding.is_some(), "and what was seen");
    assert_eq!(sentence(&app).await, (1, 2, 1), "the other one is well");
    app.connector_set_status(CODE, Status::Inactive)
        .await
        .unwrap();
    assert_eq!(
        home(&app).await.needs_you,
        0,
        "who is paused asks for nothing"
    );
}

fn key_until(practice: &Practice, day: &str) -> CredentialsSetRequest {
    let mut credentials = testkit::api_key(practice.api_key());
    let CredentialsRequest::ApiKey { expires_on, .. } = &mut credentials else {
        panic!("a key");
    };
    *expires_on = Some(day.to_owned());
    CredentialsSetRequest {
        code: CODE.to_owned(),
        credentials,
        test_first: false,
    }
}

#[tokio::test]
async fn a_key_that_ends_soon_is_told_in_time_and_another_one_ends_that() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    // 16 days and more after the clock's beginning.
    app.credentials_set(key_until(&practice, "2026-12-09"))
        .await
        .unwrap();
    test(&app, CODE).await;
    synced(&app).await;
    assert_eq!(state(&app, CODE).await, HealthState::Healthy, "far away");
    assert!(app.expiring().await.unwrap().is_empty(), "nothing to tell");
    bench.clock.advance_ms(2 * DAY);
    let thing = only(&app).await;
    assert_eq!(
        (thing.kind, thing.state, thing.action),
        (
            AttentionKind::Expiring,
            HealthState::Expiring,
            HealthAction::ReplaceKey
        ),
        "two weeks before"
    );
    assert_eq!(
        thing.expires_at,
        Some(START + 16 * DAY),
        "the day as it was written, its noon"
    );
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Expiring,
        "so is it shown, although nobody has done anything but look"
    );
    let told = app.expiring().await.unwrap();
    assert_eq!(
        (told.len(), told[0].days, told[0].code.as_str()),
        (1, 14, CODE),
        "the first announcement"
    );
    bench.clock.advance_ms(12 * DAY);
    assert_eq!(app.expiring().await.unwrap()[0].days, 3, "the second");
    assert_eq!(sentence(&app).await, (1, 1, 1), "its clubs are up to date");
    app.credentials_set(key_until(&practice, "2027-12-09"))
        .await
        .unwrap();
    assert_eq!(home(&app).await.needs_you, 0, "there is another key");
    test(&app, CODE).await;
    assert_eq!(state(&app, CODE).await, HealthState::Healthy, "well again");
}

#[tokio::test]
async fn what_holds_up_most_is_said_first_and_what_ends_soon_last() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    app.credentials_set(key_until(&practice, "2026-11-30"))
        .await
        .unwrap();
    add_practice(&app, "alone", &practice).await;
    set_key(&app, "alone", "wrong").await;
    test(&app, "alone").await;
    add_practice(&app, "busy", &practice).await;
    connect(&app, "busy", "b1", "First", "club-1001").await;
    connect(&app, "busy", "b2", "Second", "club-1002").await;
    set_key(&app, "busy", "wrong").await;
    test(&app, "busy").await;
    add(&app, "untested").await;
    bench.clock.advance_ms(DAY);
    let home = home(&app).await;
    let found: Vec<(&str, u32, HealthAction)> = home
        .attention
        .iter()
        .map(|one| (one.code.as_str(), one.clubs, one.action))
        .collect();
    assert_eq!(
        found,
        [
            ("busy", 2, HealthAction::ReplaceKey),
            ("alone", 0, HealthAction::ReplaceKey),
            (CODE, 1, HealthAction::ReplaceKey),
        ],
        "by the clubs that wait for it; a key that still works last"
    );
    assert_eq!(home.attention[0].lists_from, None, "never read");
    let order: Vec<&str> = home
        .connectors
        .iter()
        .map(|one| one.health.code.as_str())
        .collect();
    assert_eq!(order, ["alone", "busy", CODE, "untested"], "as in the list");
    assert_eq!(home.connectors_healthy, 0, "none is");
}

#[tokio::test]
async fn home_has_the_health_of_connectors_and_the_hours_of_all() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    test(&app, CODE).await;
    synced(&app).await;
    let home = home(&app).await;
    assert_eq!(home.hours.len(), 24, "a day of hours");
    let asked: u64 = home.hours.iter().map(|hour| hour.attempts).sum();
    assert!(asked > 0, "what was asked is in them");
    let line = &home.connectors[0];
    assert_eq!(line.health.state, HealthState::Healthy, "its state");
    assert_eq!(line.health.uptime_24h, Some(100.0), "it has answered");
    assert_eq!(line.health.clubs, 1, "its clubs");
    assert!(!line.by_file, "it asks a federation");
    assert_eq!(home.connectors_healthy, 1, "and is counted");
}

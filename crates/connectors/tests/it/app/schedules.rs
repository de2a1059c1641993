//! Schedules through the App with a clock that is moved: what is due happens exactly once (acceptance case S12), and does
//! no more than its policy allows.

use connectors::App;
use connectors::CancellationToken;
use connectors::error::{Code, FieldRule};
use connectors::settings::ConflictStrategy;
use connectors::view::{
    DueOutcome, DueOutcomeView, MissedPolicy, RunState, SchedulePolicy, SchedulePolicyRequest,
    ScheduleSetRequest, ScheduleState, Status,
};
use practice_federation::Practice;
use testkit::{Bench, START};

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, synced};

pub(super) const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

pub(super) fn nightly() -> ScheduleSetRequest {
    at_times("0 2 * * *")
}

fn at_times(schedule: &str) -> ScheduleSetRequest {
    ScheduleSetRequest::On {
        schedule: schedule.to_owned(),
        time_zone: None,
    }
}

pub(super) fn policy(
    policy: Option<SchedulePolicy>,
    missed: Option<MissedPolicy>,
) -> SchedulePolicyRequest {
    SchedulePolicyRequest { policy, missed }
}

/// A club that syncs every night at two.
pub(super) async fn scheduled(practice: &Practice, bench: &Bench) -> App {
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    // Nobody is without a family name, so that a plan has nothing to look at.
    practice.change_members(|all| all.retain(|one| one.last_name.is_some()));
    app.schedule_set(CODE, None, nightly()).await.unwrap();
    app
}

pub(super) async fn due(app: &App) -> Vec<DueOutcomeView> {
    app.sync_run_due(|_| {}, CancellationToken::new())
        .await
        .unwrap()
}

pub(super) async fn outcomes(app: &App) -> Vec<DueOutcome> {
    due(app).await.iter().map(|one| one.outcome).collect()
}

/// Moves the clock to when something is due next.
pub(super) async fn to_next(app: &App, bench: &Bench) {
    let next = app.schedule_next().await.unwrap().unwrap();
    let now = now(bench);
    assert!(next.0 > now, "what is due lies ahead");
    bench.clock.advance_ms(next.0 - now);
}

pub(super) fn now(bench: &Bench) -> i64 {
    use connectors::clock::Clock as _;
    bench.clock.now().0
}

async fn runs(app: &App) -> usize {
    app.sync_history(CODE, ORG, 50).await.unwrap().len()
}

#[tokio::test]
async fn s12_a_night_is_synced_once_and_the_plan_waits() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    assert!(due(&app).await.is_empty(), "nothing before its time");
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert!(shown.inherited, "the club follows its connector");
    assert_eq!(shown.state, ScheduleState::Runs, "it runs");
    assert_eq!(shown.next.len(), 5, "the next five runs are shown");
    assert_eq!(shown.next[0].days_from_now, 1, "tomorrow");
    let night = START + 14 * HOUR + i64::from(shown.delay_minutes) * MINUTE;
    assert_eq!(shown.next[0].at, night, "at two and the club's own delay");
    assert_eq!(
        app.schedule_next().await.unwrap().map(|at| at.0),
        Some(night),
        "which is when the app wakes"
    );
    to_next(&app, &bench).await;
    let done = due(&app).await;
    assert_eq!(done.len(), 1, "one club");
    assert_eq!(done[0].outcome, DueOutcome::Waits, "the plan waits");
    assert!(done[0].counts.unwrap().creates > 5, "and has the members");
    assert!(members(&app).await.is_empty(), "nobody was changed");
    assert!(due(&app).await.is_empty(), "once");
    bench.clock.advance_ms(MINUTE);
    assert!(due(&app).await.is_empty(), "and not a minute later");
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(
        shown.waits.map(|run| run.run_id),
        done[0].run_id,
        "what waits is shown"
    );
    // The clock is set back by an hour: the same night is not synced again.
    bench.clock.set_by_ms(-HOUR);
    assert!(due(&app).await.is_empty(), "nothing is repeated");
    bench.clock.advance_ms(2 * HOUR);
    assert!(due(&app).await.is_empty(), "nor afterwards");
}

#[tokio::test]
async fn s12_three_nights_asleep_follow_the_chosen_policy_exactly_once() {
    for (missed, first, runs_after) in [
        (MissedPolicy::OnceOnWake, vec![DueOutcome::Waits], 1),
        (MissedPolicy::Skip, vec![DueOutcome::Skipped], 0),
        (MissedPolicy::Ask, vec![DueOutcome::Asked], 0),
    ] {
        let practice = practice().await;
        let bench = Bench::new();
        let app = scheduled(&practice, &bench).await;
        app.schedule_policy(CODE, Some(ORG), policy(None, Some(missed)))
            .await
            .unwrap();
        // 12:00 on Monday to 09:00 on Thursday.
        bench.clock.advance_ms(69 * HOUR);
        let done = due(&app).await;
        let kinds: Vec<DueOutcome> = done.iter().map(|one| one.outcome).collect();
        assert_eq!(kinds, first, "{missed:?}");
        assert_eq!(done[0].missed, 3, "{missed:?}: three nights");
        assert_eq!(runs(&app).await, runs_after, "{missed:?}: runs made");
        assert!(due(&app).await.is_empty(), "{missed:?}: exactly once");
        to_next(&app, &bench).await;
        assert_eq!(
            outcomes(&app).await,
            [DueOutcome::Waits],
            "{missed:?}: the next night comes in its time"
        );
        let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
        assert_eq!(shown.question, None, "{missed:?}: no question is left");
    }
}

#[tokio::test]
async fn s12_a_question_is_asked_once_and_answered_once() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_policy(CODE, None, policy(None, Some(MissedPolicy::Ask)))
        .await
        .unwrap();
    let nothing = app.schedule_answer(CODE, ORG, true).await.unwrap_err();
    assert_eq!(nothing.code(), Code::NotFound, "nothing is asked yet");
    bench.clock.advance_ms(45 * HOUR);
    assert_eq!(outcomes(&app).await, [DueOutcome::Asked], "two nights");
    bench.clock.advance_ms(24 * HOUR);
    assert_eq!(outcomes(&app).await, [DueOutcome::Asked], "and another");
    let asked = app.schedule_show(CODE, Some(ORG)).await.unwrap().question;
    assert_eq!(
        asked.unwrap().missed,
        3,
        "it is one question about all of them"
    );
    let answered = app.schedule_answer(CODE, ORG, true).await.unwrap();
    assert_eq!(answered.question, None, "it is answered");
    assert_eq!(
        outcomes(&app).await,
        [DueOutcome::Waits],
        "one run for all of them"
    );
    assert!(due(&app).await.is_empty(), "one");
    bench.clock.advance_ms(24 * HOUR);
    due(&app).await;
    app.schedule_answer(CODE, ORG, false).await.unwrap();
    assert!(due(&app).await.is_empty(), "none where the answer is no");
    assert_eq!(runs(&app).await, 1, "one run in all");
}

#[tokio::test]
async fn s12_a_night_whose_hour_is_missing_is_synced_once() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_set(CODE, Some(ORG), at_times("30 1 * * *"))
        .await
        .unwrap();
    // To 2027-03-27T12:00Z; at 01:00 UTC on the 28th the clocks of Dublin go on to 02:00.
    bench.clock.advance_days(124);
    due(&app).await;
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert!(!shown.inherited, "the club has times of its own");
    assert!(shown.next[0].clock_change.is_some(), "it says so before");
    to_next(&app, &bench).await;
    let delay = i64::from(shown.delay_minutes) * MINUTE;
    let change = START + 124 * 24 * HOUR + 13 * HOUR;
    assert_eq!(now(&bench), change + delay, "right after the change");
    let mut made = 0;
    for _ in 0..8 {
        made += due(&app).await.len();
        bench.clock.advance_ms(15 * MINUTE);
    }
    assert_eq!(made, 1, "once");
}

#[tokio::test]
async fn a_safe_plan_is_applied_and_one_with_a_leaver_waits() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let set = app
        .schedule_policy(
            CODE,
            Some(ORG),
            policy(Some(SchedulePolicy::ApplySafe), None),
        )
        .await
        .unwrap();
    assert_eq!(set.policy, Some(SchedulePolicy::ApplySafe), "it is kept");
    assert_eq!(
        set.missed,
        Some(MissedPolicy::OnceOnWake),
        "the other stays as it was"
    );
    to_next(&app, &bench).await;
    assert_eq!(outcomes(&app).await, [DueOutcome::Applied], "all are new");
    let all = members(&app).await.len();
    assert!(all > 5, "and are there");
    practice.change_members(|members| {
        let one = members.iter().position(|one| one.club_id == "club-1001");
        members.remove(one.unwrap());
    });
    to_next(&app, &bench).await;
    let done = due(&app).await;
    assert_eq!(done[0].outcome, DueOutcome::Waits, "somebody has left");
    assert_eq!(done[0].counts.unwrap().leavers, 1, "and it says so");
    assert!(
        members(&app).await.iter().all(|one| one.left_at.is_none()),
        "nobody is marked by a schedule"
    );
}

#[tokio::test]
async fn after_an_undo_a_schedule_previews_and_applies_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_policy(CODE, None, policy(Some(SchedulePolicy::ApplySafe), None))
        .await
        .unwrap();
    let first = synced(&app).await;
    app.sync_undo(&first.run_id, None).await.unwrap();
    to_next(&app, &bench).await;
    let looked = due(&app).await;
    assert_eq!(looked[0].outcome, DueOutcome::Waits, "it only looks");
    assert_eq!(looked[0].error, None, "and does not even try more");
    assert!(members(&app).await.is_empty(), "what was undone stays so");
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert!(shown.held_by_undo, "and why is shown");
    assert_eq!(
        shown.waits.map(|run| run.state),
        Some(RunState::Planned),
        "with the plan"
    );
    app.sync_apply_again(CODE, ORG).await.unwrap();
    change_one(&practice, |one| one.town = "Dungarvan");
    to_next(&app, &bench).await;
    assert_eq!(
        outcomes(&app).await,
        [DueOutcome::Applied],
        "once a person has chosen it goes on"
    );
}

#[tokio::test]
async fn what_is_off_or_paused_misses_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let off = app
        .schedule_set(CODE, Some(ORG), ScheduleSetRequest::Off)
        .await
        .unwrap();
    assert_eq!(off.state, ScheduleState::Off, "it is off");
    assert!(off.next.is_empty(), "and has no next run");
    bench.clock.advance_days(3);
    assert!(due(&app).await.is_empty(), "nothing is done");
    app.schedule_set(CODE, Some(ORG), ScheduleSetRequest::Inherit)
        .await
        .unwrap();
    assert!(due(&app).await.is_empty(), "nor is it made up for");
    app.connector_set_status(CODE, Status::Inactive)
        .await
        .unwrap();
    bench.clock.advance_days(3);
    assert!(due(&app).await.is_empty(), "a paused connector rests");
    let paused = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    assert_eq!(paused.state, ScheduleState::Paused, "and says so");
    app.connector_set_status(CODE, Status::Active)
        .await
        .unwrap();
    assert!(due(&app).await.is_empty(), "nothing is made up for");
    app.schedule_set(CODE, None, ScheduleSetRequest::Off)
        .await
        .unwrap();
    bench.clock.advance_days(3);
    app.schedule_set(CODE, None, nightly()).await.unwrap();
    assert!(due(&app).await.is_empty(), "nor of the whole connector");
    to_next(&app, &bench).await;
    assert_eq!(outcomes(&app).await, [DueOutcome::Waits], "it goes on");
}

#[tokio::test]
async fn a_schedule_that_cannot_be_read_names_its_fields() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let bad = |schedule: &str, zone: &str| ScheduleSetRequest::On {
        schedule: schedule.to_owned(),
        time_zone: Some(zone.to_owned()),
    };
    for (schedule, zone, expected) in [
        (
            "0 2 * *",
            "Europe/Dublin",
            vec![("schedule", FieldRule::Pattern)],
        ),
        (
            "0 2 31 2 *",
            "Europe/Dublin",
            vec![("schedule", FieldRule::Pattern)],
        ),
        (
            "0 2 * * *",
            "Europe/Nowhere",
            vec![("time_zone", FieldRule::Unknown)],
        ),
        (
            "x",
            "Nowhere",
            vec![
                ("schedule", FieldRule::Pattern),
                ("time_zone", FieldRule::Unknown),
            ],
        ),
    ] {
        for org in [None, Some(ORG)] {
            let refused = app
                .schedule_set(CODE, org, bad(schedule, zone))
                .await
                .unwrap_err();
            let connectors::error::Error::Invalid(fields) = refused else {
                panic!("{schedule} {zone}: fields are named, not {refused}");
            };
            let named: Vec<_> = fields
                .iter()
                .map(|error| (error.field.as_str(), error.rule))
                .collect();
            assert_eq!(named, expected, "{schedule} in {zone}");
        }
    }
    let follows = app
        .schedule_set(CODE, None, ScheduleSetRequest::Inherit)
        .await
        .unwrap_err();
    assert_eq!(follows.code(), Code::Invalid, "a connector follows nobody");
}

//! What lists of clubs say about schedules, and what a club that comes later may do by itself.

use connectors::App;
use connectors::view::{
    ClubListRequest, ClubScheduleView, MissedPolicy, PlanWaits, SchedulePolicy, ScheduleSetRequest,
};
use practice_federation::{Fault, FaultKind};
use testkit::Bench;

use super::clubs::connect;
use super::schedules::{MINUTE, due, now, policy, scheduled, to_next};
use super::support::practice;
use super::sync::{CODE, ORG};

async fn row(app: &App, org: &str) -> ClubScheduleView {
    let list = app.org_list(ClubListRequest::default()).await.unwrap();
    let row = list.rows.into_iter().find(|row| row.org == org).unwrap();
    row.schedule.expect("a list says how its clubs run")
}

#[tokio::test]
async fn a_list_says_when_each_club_runs_and_what_waits() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let shown = app.schedule_show(CODE, Some(ORG)).await.unwrap();
    let before = row(&app, ORG).await;
    assert_eq!(
        before.next_at,
        Some(shown.next[0].at),
        "with the club's own delay"
    );
    assert_eq!(before.waits, None, "nothing waits yet");
    to_next(&app, &bench).await;
    due(&app).await;
    let after = row(&app, ORG).await;
    assert_eq!(after.waits, Some(PlanWaits::Ready), "the plan of the night");
    assert!(after.next_at > before.next_at, "and the next night");
    app.schedule_set(CODE, Some(ORG), ScheduleSetRequest::Off)
        .await
        .unwrap();
    assert_eq!(
        row(&app, ORG).await.next_at,
        None,
        "what is off runs at no time"
    );
}

#[tokio::test]
async fn a_list_says_what_a_schedule_asks_and_what_it_tries_again() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    app.schedule_policy(CODE, None, policy(None, Some(MissedPolicy::Ask)))
        .await
        .unwrap();
    bench.clock.advance_ms(45 * 60 * MINUTE);
    due(&app).await;
    let asked = row(&app, ORG).await.question;
    assert_eq!(
        asked.map(|one| one.missed),
        Some(2),
        "two nights were missed"
    );
    practice.set_fault(Fault::new(FaultKind::Html));
    to_next(&app, &bench).await;
    due(&app).await;
    let tried = row(&app, ORG).await;
    assert_eq!(
        tried.retry_at,
        Some(now(&bench) + 2 * MINUTE),
        "the first retry is in the list"
    );
    for _ in 0..3 {
        to_next(&app, &bench).await;
        due(&app).await;
    }
    let given_up = row(&app, ORG).await;
    assert_eq!(
        (given_up.retry_at, given_up.gave_up_at),
        (None, Some(now(&bench))),
        "and that the last retry has failed"
    );
}

#[tokio::test]
async fn a_club_that_comes_later_may_do_what_all_the_others_may() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = scheduled(&practice, &bench).await;
    let of = async |org: &str| {
        let shown = app.schedule_show(CODE, Some(org)).await.unwrap();
        (shown.policy.unwrap(), shown.missed.unwrap())
    };
    app.schedule_policy(
        CODE,
        None,
        policy(Some(SchedulePolicy::ApplySafe), Some(MissedPolicy::Skip)),
    )
    .await
    .unwrap();
    connect(&app, CODE, "second", "Second", "club-1002").await;
    assert_eq!(
        of("second").await,
        (SchedulePolicy::ApplySafe, MissedPolicy::Skip),
        "as the connector was set"
    );
    app.schedule_policy(
        CODE,
        Some("second"),
        policy(Some(SchedulePolicy::PreviewOnly), None),
    )
    .await
    .unwrap();
    connect(&app, CODE, "third", "Third", "club-1003").await;
    assert_eq!(
        of("third").await,
        (SchedulePolicy::PreviewOnly, MissedPolicy::OnceOnWake),
        "where the clubs differ, a person looks first"
    );
}

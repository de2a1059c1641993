//! Checks by themselves: when a connector is asked, and when it is not because it was or because traffic has proved it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use connectors::api::circuit::Caller;
use connectors::clock::Clock;
use connectors::error::Code;
use connectors::failure::Finding;
use connectors::settings::ConnectorSettings;
use connectors::view::{BeatOutcome, HealthFilter};
use tokio_util::sync::CancellationToken;

use super::checks_field::{Field, HOUR, MINUTE, pass};
use super::requests::ask;
use crate::api::federation::Reply;

#[tokio::test]
async fn each_hour_one_check_and_a_beat_of_it() {
    let field = Field::new(&["ballyduff", "naas"]).await;
    field.live(24 * HOUR).await;
    for code in ["ballyduff", "naas"] {
        let came = field.came(code);
        assert!(
            (23..=25).contains(&came),
            "once an hour: {came} for {code} in a day"
        );
        let beats = field.beats(code).await;
        assert_eq!(beats.len(), came, "a beat each");
        assert!(
            beats
                .iter()
                .all(|beat| beat.outcome == BeatOutcome::Answered
                    && beat.ms.is_some_and(|ms| (20..30).contains(&ms))
                    && beat.http_status == Some(200)
                    && !beat.by_traffic),
            "as it was answered: {:?}",
            beats.last()
        );
        assert!(
            beats.windows(2).all(|two| two[0].at < two[1].at),
            "oldest first"
        );
    }
}

#[tokio::test]
async fn a_check_is_one_light_call_and_never_repeated() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::status(503));
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 1, "sent once, whatever came");
    let path = field.came_in_order()[0].url.path().to_owned();
    assert_eq!(path, "/api/v1/me", "the light address");
    let shown = field.app.health("ballyduff").await.unwrap();
    assert_eq!(
        shown.health.consecutive_failures, 1,
        "it counts as any request"
    );
    let beat = shown.beats.last().unwrap();
    assert_eq!(
        (beat.outcome, beat.http_status, beat.finding),
        (BeatOutcome::Failed, Some(503), Some(Finding::ServerError)),
        "and the bar says so"
    );
    assert_eq!(
        field
            .app
            .request_log("ballyduff", None, 10)
            .await
            .unwrap()
            .rows
            .len(),
        1,
        "it is in the log of requests"
    );
}

#[tokio::test]
async fn what_traffic_has_proved_is_not_asked_again() {
    let field = Field::new(&["ballyduff"]).await;
    let client = field
        .app
        .api_client_over("ballyduff", Caller::Person, field.wire())
        .await
        .unwrap();
    ask(&client).await.unwrap();
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    let told = field.run().await;
    assert_eq!(told.len(), 1, "it is told");
    assert_eq!(field.came("ballyduff"), 1, "and nobody is asked again");
    let beats = field.beats("ballyduff").await;
    assert_eq!(beats.len(), 1, "{beats:?}");
    assert!(
        beats[0].by_traffic && beats[0].outcome == BeatOutcome::Answered,
        "by traffic: {beats:?}"
    );
    assert!(
        beats[0].ms.is_some_and(|ms| (20..30).contains(&ms)),
        "with its time: {beats:?}"
    );
    assert!(field.until_due(2 * HOUR).await, "the next one comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 2, "nothing proves that one");

    field.says("ballyduff", Reply::status(500));
    pass(10).await;
    ask(&client).await.unwrap_err();
    let sent = field.came("ballyduff");
    assert!(field.until_due(2 * HOUR).await, "and the next");
    field.run().await;
    assert_eq!(field.came("ballyduff"), sent, "a failure proves as well");
    let last = field.beats("ballyduff").await.pop().unwrap();
    assert!(
        last.by_traffic && last.outcome == BeatOutcome::Failed,
        "{last:?}"
    );
}

#[tokio::test]
async fn who_was_checked_by_hand_is_not_asked_at_its_next_turn() {
    let field = Field::new(&["ballyduff"]).await;
    let wire = field.wire();
    let ways = move |_: &ConnectorSettings| Some(Arc::clone(&wire));
    field
        .app
        .check_all_over(&ways, HealthFilter::default(), CancellationToken::new())
        .await
        .unwrap();
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 1, "only by hand");
    assert_eq!(
        field.beats("ballyduff").await.len(),
        1,
        "which is one check"
    );
    assert!(field.until_due(2 * HOUR).await, "the next");
    field.run().await;
    assert_eq!(field.came("ballyduff"), 2, "is made");
}

#[tokio::test]
async fn after_a_night_of_sleep_there_is_one_check_each_and_no_storm() {
    let codes: Vec<String> = (0..40).map(|n| format!("club{n}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let field = Field::new(&codes).await;
    field.live(2 * HOUR).await;
    let before = field.came_at_all();
    field.clock.set_by_ms(8 * 3_600_000);
    let woke = field.came_in_order().len();
    field.live(5 * MINUTE).await;
    let came = field.came_in_order();
    assert!(
        (38..=40).contains(&(came.len() - before)),
        "one each, but for those who had just been checked: {}",
        came.len() - before
    );
    let mut seconds: BTreeMap<u128, u32> = BTreeMap::new();
    for one in &came[woke..] {
        *seconds.entry(one.at / 1_000).or_default() += 1;
    }
    let most = seconds.values().max().copied().unwrap_or(0);
    assert!(most <= 8, "two a second, give or take chance: {most}");
    for code in &codes {
        let beats = field.beats(code).await;
        let gap = beats
            .windows(2)
            .filter(|two| two[1].at - two[0].at > 7_200_000);
        assert_eq!(gap.count(), 1, "missed ones have no beat: {code}");
    }
}

#[tokio::test]
async fn two_processes_do_not_check_for_the_same_time_twice() {
    let field = Field::new(&["ballyduff", "naas", "tralee"]).await;
    tokio::time::resume();
    let other = field.bench.app_with(Arc::clone(&field.clock) as _);
    other.open().await.unwrap();
    tokio::time::pause();
    pass(2 * HOUR).await;
    field.app.check_next().await.unwrap();
    other.check_next().await.unwrap();
    // Over which those are spread that nobody was there for.
    pass(2).await;
    let (one, two) = tokio::join!(field.run_as(&field.app), field.run_as(&other));
    let done = [&one, &two]
        .iter()
        .filter_map(|end| end.as_ref().ok())
        .map(Vec::len)
        .sum::<usize>();
    assert_eq!(done, 3, "three connectors, once each: {one:?} {two:?}");
    for refused in [one, two].into_iter().filter_map(Result::err) {
        assert_eq!(
            refused.code(),
            Code::ChangedMeanwhile,
            "the other one does it"
        );
    }
    field.run_as(&other).await.unwrap();
    assert_eq!(field.came_at_all(), 3, "nobody was asked again");
}

#[tokio::test]
async fn a_check_that_was_cut_off_is_not_made_again_for_the_same_time() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::Hang);
    assert!(field.until_due(2 * HOUR).await, "its time comes");
    // The process goes in the middle of it.
    let cut = tokio::time::timeout(Duration::from_secs(1), field.run()).await;
    assert!(cut.is_err(), "it was under way");
    assert_eq!(field.came("ballyduff"), 1, "and had asked");
    let next = field.app.check_next().await.unwrap().unwrap();
    assert!(
        next.0 - field.clock.now().0 > 50 * 60_000,
        "its next time is the next slot's"
    );
}

//! Checks on a computer without a network, and behind a sign-in page of one: one probe tells, nothing is counted, and when it
//! is over everything goes on.

use connectors::failure::Finding;
use connectors::view::{BeatOutcome, CheckEvery, HealthFilter, HealthState, Status};
use practice_federation::Fault;

use super::checks_field::{Field, HOUR, MINUTE, host, html, pass};
use super::support::raw;
use crate::api::federation::Reply;

const FOUR: [&str; 4] = ["ballyduff", "naas", "tralee", "ennis"];

fn all_say(field: &Field, codes: &[&str], reply: &Reply) {
    for code in codes {
        field.says(code, reply.clone());
    }
}

/// A thousand connectors out of one, at a thousand hosts.
fn a_thousand(field: &Field, code: &str) {
    raw(&field.bench)
        .execute_batch(&format!(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
             INSERT INTO connector (id, federation_code, name, name_key, search_key, status, state, attention, auth_kind,
                 environment, last_success_at, created_at, updated_at)
             SELECT randomblob(16), 'club' || i, 'Club ' || i, 'club ' || i, '', status, state, attention, auth_kind,
                 environment, last_success_at, created_at, updated_at FROM connector, n;
             INSERT INTO connector_settings
             SELECT c.id, replace(s.settings, '{0}', c.federation_code || '.example') FROM connector c, connector_settings s
             WHERE c.federation_code <> '{code}';",
            host(code)
        ))
        .unwrap();
}

#[tokio::test]
async fn without_a_network_one_probe_tells_for_a_thousand() {
    let field = Field::new(&["ballyduff"]).await;
    field.answered_before();
    a_thousand(&field, "ballyduff");
    for n in 1..1_000 {
        field.says(&format!("club{n}"), Reply::Fail(Finding::Offline));
    }
    field.says("ballyduff", Reply::Fail(Finding::Offline));
    pass(2 * HOUR).await;
    // All are due, and spread; those whose time it is are asked for one of them.
    field.app.check_next().await.unwrap();
    pass(10 * MINUTE).await;
    field.run().await;
    assert_eq!(field.came_at_all(), 1, "one probe tells");
    let shown = field.app.check_settings(None).await.unwrap();
    let network = shown.network.expect("it is known");
    assert!(!network.captive, "there is no network at all");
    assert_eq!(
        shown.next_at,
        Some(network.again_at),
        "nothing before it is looked at again"
    );
    assert_eq!(
        network.again_at - network.since,
        60_000,
        "after a minute first"
    );
    field.live(HOUR - 1).await;
    let probes = field.came_at_all();
    assert!(
        (5..=8).contains(&probes),
        "after 1, 2, 5, 15, 15 and 15 minutes: {probes}"
    );
    let counted: i64 = raw(&field.bench)
        .query_row(
            "SELECT count(*) FROM connector WHERE consecutive_failures > 0 OR last_error_at IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(counted, 0, "nothing is counted");
    let beats: Vec<(String, u32)> = {
        let raw = raw(&field.bench);
        let mut statement = raw
            .prepare("SELECT outcome, count(*) FROM beat GROUP BY outcome")
            .unwrap();
        statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    };
    assert!(
        beats.len() == 1 && beats[0].0 == "offline" && beats[0].1 <= 2,
        "one for the one that is asked, not one a look: {beats:?}"
    );
}

#[tokio::test]
async fn when_the_network_is_back_everybody_is_checked_once_and_spread() {
    let field = Field::new(&FOUR).await;
    field.answered_before();
    all_say(&field, &FOUR, &Reply::Fail(Finding::Offline));
    field.live(5 * HOUR).await;
    let before = field.came_at_all();
    assert!(before < 40, "a look now and then: {before}");
    all_say(&field, &FOUR, &Reply::status(200));
    field.live(16 * MINUTE).await;
    let shown = field.app.check_settings(None).await.unwrap();
    assert_eq!(shown.network, None, "it is over");
    for code in FOUR {
        let outcomes = field.outcomes(code).await;
        assert_eq!(
            outcomes.last(),
            Some(&BeatOutcome::Answered),
            "{code} was checked: {outcomes:?}"
        );
        assert_eq!(field.state(code).await.0, Status::Active, "{code}");
    }
    let made = field.came_at_all() - before;
    assert!((4..=6).contains(&made), "once each: {made}");
}

#[tokio::test]
async fn behind_a_sign_in_page_of_a_hotel_nothing_is_counted() {
    for page in [
        html(),
        Reply::Fail(Finding::TlsWrongHost),
        Reply::Fail(Finding::TlsUntrusted),
        Reply::Fail(Finding::RedirectedElsewhere),
    ] {
        let field = Field::new(&FOUR).await;
        field.answered_before();
        all_say(&field, &FOUR, &page);
        field.live(12 * HOUR).await;
        let shown = field.app.check_settings(None).await.unwrap();
        assert!(
            shown.network.is_some_and(|network| network.captive),
            "{page:?}: something is in between"
        );
        for code in FOUR {
            assert_eq!(field.state(code).await.0, Status::Active, "{code}");
            let health = field.app.health(code).await.unwrap().health;
            assert_eq!(
                (health.consecutive_failures, health.last_error_at),
                (0, None),
                "{code}: nothing is counted"
            );
            assert!(
                field
                    .outcomes(code)
                    .await
                    .iter()
                    .all(|one| *one == BeatOutcome::Offline),
                "{code}"
            );
        }
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_federation_that_shows_a_web_page_is_not_taken_for_the_network() {
    let field = Field::new(&FOUR).await;
    field.answered_before();
    field.says("ballyduff", html());
    field.live(7 * HOUR).await;
    assert_eq!(
        field.state("ballyduff").await,
        (Status::Error, HealthState::WaitingForFederation),
        "the others answer, so it is its own failure"
    );
    assert!(
        field
            .beats("ballyduff")
            .await
            .iter()
            .all(|beat| beat.outcome == BeatOutcome::Failed
                && beat.finding == Some(Finding::HtmlInsteadOfJson)),
        "and the bar says what"
    );
    let shown = field.app.check_settings(None).await.unwrap();
    assert_eq!(shown.network, None, "the network is there");
    for code in &FOUR[1..] {
        assert_eq!(field.state(code).await.0, Status::Active, "{code}");
    }
}

#[tokio::test]
async fn a_lone_federation_is_believed_for_six_hours_and_then_it_is_its_own_failure() {
    let field = Field::new(&["ballyduff"]).await;
    field.answered_before();
    field.says("ballyduff", Reply::Fail(Finding::DnsNotFound));
    field.live(6 * HOUR).await;
    let health = field.app.health("ballyduff").await.unwrap().health;
    assert_eq!(
        health.consecutive_failures, 0,
        "it may be this computer's network"
    );
    field.live(8 * HOUR).await;
    assert_eq!(
        field.state("ballyduff").await,
        (Status::Error, HealthState::ActionNeeded),
        "after that, somebody must look"
    );
}

#[tokio::test]
async fn one_that_failed_before_says_nothing_about_the_network() {
    let field = Field::new(&FOUR).await;
    all_say(&field, &FOUR, &Reply::Fail(Finding::TlsWrongHost));
    field.live(7 * HOUR).await;
    for code in FOUR {
        assert_eq!(
            field.state(code).await,
            (Status::Error, HealthState::ActionNeeded),
            "{code} never answered: its settings are wrong"
        );
    }
}

#[tokio::test]
async fn a_network_that_goes_in_the_middle_stops_the_rest() {
    let codes: Vec<String> = (0..30).map(|n| format!("club{n}")).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let field = Field::new(&codes).await;
    field.answered_before();
    field.every(None, Some(CheckEvery::QuarterHour)).await;
    // The first answers; behind it there is nothing.
    all_say(&field, &codes[1..], &Reply::Fail(Finding::Offline));
    pass(31 * MINUTE).await;
    field.app.check_next().await.unwrap();
    pass(MINUTE).await;
    field.run().await;
    let came = field.came_at_all();
    assert!(came <= 6, "those that were under way, and no more: {came}");
    let shown = field.app.check_settings(None).await.unwrap();
    assert!(shown.network.is_some(), "it is known");
}

#[tokio::test]
async fn this_computer_itself_needs_no_network() {
    let practice = super::support::practice().await;
    let bench = testkit::Bench::new();
    let app = bench.open_app().await;
    super::support::add_practice(&app, "ballyduff", &practice).await;
    for fault in [None, Some("html")] {
        if let Some(fault) = fault {
            practice.set_fault(fault.parse::<Fault>().unwrap());
        }
        let done = app.check_all(HealthFilter::default()).await.unwrap();
        assert_eq!(done.len(), 1, "one connector");
        assert!(done[0].done, "it was asked: {done:?}");
        assert_eq!(
            done[0].problem.is_some(),
            fault.is_some(),
            "and its own page is its own failure: {done:?}"
        );
    }
    let beats = app.health("ballyduff").await.unwrap().beats;
    assert_eq!(
        beats.last().and_then(|beat| beat.finding),
        Some(Finding::HtmlInsteadOfJson),
        "{beats:?}"
    );
}

#[tokio::test]
async fn whoever_is_never_checked_is_no_witness_either() {
    let field = Field::new(&["ballyduff", "naas"]).await;
    field.answered_before();
    field.every(None, Some(CheckEvery::Off)).await;
    field
        .every(Some("ballyduff"), Some(CheckEvery::QuarterHour))
        .await;
    field.says("ballyduff", html());
    field.live(2 * HOUR).await;
    assert!(field.came("ballyduff") > 0, "its turn has come");
    assert_eq!(field.came("naas"), 0, "a person has said not to ask it");
}

#[tokio::test]
async fn no_list_is_read_by_itself_while_a_sign_in_page_is_in_between() {
    let practice = super::support::practice().await;
    let bench = testkit::Bench::new();
    let app = super::schedules::scheduled(&practice, &bench).await;
    super::schedules::to_next(&app, &bench).await;
    let now = super::schedules::now(&bench);
    let again = now + 5 * 60_000;
    raw(&bench)
        .execute(
            "INSERT INTO network_trouble (id, since, captive, looks, again_at) VALUES (1, ?1, 1, 1, ?2)",
            [now, again],
        )
        .unwrap();
    assert!(
        super::schedules::due(&app).await.is_empty(),
        "what would come is no list, and would be counted"
    );
    let next = app.schedule_next().await.unwrap().unwrap();
    assert!(
        next.0 > again,
        "first a check looks whether it is over: {next:?}"
    );
    bench.clock.advance_ms(next.0 - now);
    assert_eq!(
        super::schedules::due(&app).await.len(),
        1,
        "and where nobody has looked, it is tried"
    );
}

//! What two screens say of the same connector at the same moment is the same: Home, its health, and the list.

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::failure::FailureClass;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AttentionKind, CredentialsRequest, CredentialsSetRequest, HealthFilter, HealthState,
};
use practice_federation::{Fault, FaultKind};
use testkit::Bench;

use super::sign_in::{add_sign_in, sign_in};
use super::support::{add_practice, practice, set_key, test};
use super::sync::{CODE, club, preview, synced};

const HOUR: i64 = 3_600_000;

async fn state(app: &App, code: &str) -> HealthState {
    app.connector_show(code).await.unwrap().row.state
}

#[tokio::test]
async fn what_a_test_met_is_over_as_soon_as_the_federation_answers_anybody() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &practice).await;
    test(&app, CODE).await;
    bench.clock.advance_ms(1_000);
    practice.set_fault(Fault::status(503));
    test(&app, CODE).await;
    assert_eq!(
        state(&app, CODE).await,
        HealthState::WaitingForFederation,
        "it is down"
    );
    practice.clear_faults();
    bench.clock.advance_ms(1_000);
    let client = app.api_client(CODE, Caller::Person).await.unwrap();
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    app.requests_flush().await.unwrap();
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "it has answered, and no check had to come first"
    );
}

#[tokio::test]
async fn a_sign_in_that_is_missing_is_told_as_such_whatever_an_old_test_met() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, "club", &practice).await;
    sign_in(&app, "club", &practice).await;
    practice.set_fault(Fault::new(FaultKind::Html));
    test(&app, "club").await;
    practice.clear_faults();
    bench.clock.advance_ms(HOUR);
    app.sign_out("club").await.unwrap();
    let home = app.home().await.unwrap();
    let listed = app.health_list(HealthFilter::default()).await.unwrap();
    let (thing, line) = (&home.attention[0], &listed[0]);
    assert_eq!(
        (thing.kind, thing.state),
        (AttentionKind::Connector, HealthState::SignInAgain),
        "a person must sign in"
    );
    assert_eq!(
        thing.class,
        Some(FailureClass::NeedsSignIn),
        "and no web page of an hour ago is the reason"
    );
    assert_eq!(
        (thing.state, thing.class, thing.since),
        (line.state, line.class, line.since),
        "Home and health say the same"
    );
}

#[tokio::test]
async fn since_when_is_the_first_test_that_failed_and_not_the_newest() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &practice).await;
    set_key(&app, CODE, "wrong").await;
    test(&app, CODE).await;
    bench.clock.advance_ms(HOUR);
    test(&app, CODE).await;
    let home = app.home().await.unwrap();
    let line = app.health(CODE).await.unwrap().health;
    assert_eq!(
        (home.attention[0].since, line.since),
        (Some(testkit::START), Some(testkit::START)),
        "it was so an hour ago"
    );
}

#[tokio::test]
async fn a_key_that_ends_soon_is_announced_and_shown_in_the_same_hour() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let mut credentials = testkit::api_key(practice.api_key());
    if let CredentialsRequest::ApiKey { expires_on, .. } = &mut credentials {
        *expires_on = Some("2026-12-08".to_owned());
    }
    app.credentials_set(CredentialsSetRequest {
        code: CODE.to_owned(),
        credentials,
        test_first: false,
    })
    .await
    .unwrap();
    test(&app, CODE).await;
    synced(&app).await;
    // The morning of the day; its noon is 14 days before.
    bench.clock.advance_ms(20 * HOUR);
    assert_eq!(app.home().await.unwrap().needs_you, 0, "not yet");
    bench.clock.advance_ms(5 * HOUR);
    assert_eq!(app.home().await.unwrap().needs_you, 1, "announced");
    assert_eq!(
        (
            state(&app, CODE).await,
            app.health(CODE).await.unwrap().health.state
        ),
        (HealthState::Expiring, HealthState::Expiring),
        "and shown"
    );
}

#[tokio::test]
async fn a_club_whose_list_never_had_anything_to_change_is_not_one_day_never_synced() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    practice.change_members(|all| all.retain(|one| one.club_id != "club-1001"));
    test(&app, CODE).await;
    preview(&app).await;
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "nobody is there, and that is a result"
    );
    let since = app.health(CODE).await.unwrap().health.since;
    bench.clock.advance_ms(24 * HOUR);
    preview(&app).await;
    assert_eq!(
        app.health(CODE).await.unwrap().health.since,
        since,
        "the same again is no change of the state"
    );
    bench.clock.advance_ms(31 * 24 * HOUR);
    app.retention_run(false).await.unwrap();
    assert_eq!(
        state(&app, CODE).await,
        HealthState::Healthy,
        "a plan that is no longer kept was read all the same"
    );
}

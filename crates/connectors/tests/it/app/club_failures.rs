//! C03: a club's failure never disables another club, nor the connector.

use connectors::App;
use connectors::api::circuit::Caller;
use connectors::api::paging::list_error::ListError;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{ClubEventKind, ClubListRequest, ClubState, ClubView, Status};
use practice_federation::{Fault, Practice};
use testkit::Bench;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::clubs::connect;
use super::support::{at, practice, request};

/// More than stop a connector.
const TIMES: u32 = 7;

async fn with_clubs(practice: &Practice, app: &App) -> (ClubView, ClubView) {
    let mut settings = at("football", practice, "key");
    "/v1/clubs/{federation_org_id}/members".clone_into(&mut settings.endpoints.membership_list);
    let key = testkit::api_key(practice.api_key());
    app.connector_add(request(settings, Some(key)))
        .await
        .unwrap();
    (
        connect(app, "football", "good", "Good", "club-1001").await,
        connect(app, "football", "wrong", "Wrong", "club-9").await,
    )
}

/// Members of a club, or why there are none.
async fn read(app: &App, club: &ClubView) -> Result<usize, ListError> {
    let federation_org = Some(club.federation_org.as_str());
    let cancel = CancellationToken::new();
    let mut pages = app
        .records("football", federation_org, Caller::Schedule, cancel)
        .await
        .unwrap();
    let mut members = 0;
    while let Some(batch) = pages.next_batch().await? {
        members += batch.records.len();
    }
    Ok(members)
}

fn id(club: &ClubView) -> Uuid {
    club.id.parse().unwrap()
}

async fn states(app: &App) -> Vec<(String, ClubState, u32)> {
    let list = app.org_list(ClubListRequest::default()).await.unwrap();
    list.rows
        .into_iter()
        .map(|row| (row.org, row.state, row.consecutive_failures))
        .collect()
}

#[tokio::test]
async fn c03_a_clubs_failure_is_its_own() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let (good, wrong) = with_clubs(&practice, &app).await;
    for _ in 0..TIMES {
        bench.clock.advance_ms(1_000);
        let error = read(&app, &wrong).await.unwrap_err();
        assert_eq!(
            error.finding(),
            Some(Finding::NotFound),
            "the federation knows no such club"
        );
        assert!(
            app.club_failed(id(&wrong), &error).await.unwrap(),
            "it is recorded on the connection"
        );
    }
    let connector = app.connector_show("football").await.unwrap();
    assert_eq!(
        connector.row.status,
        Status::Active,
        "the connector goes on"
    );
    assert!(
        read(&app, &good).await.unwrap() > 0,
        "and the other club is read by a schedule"
    );
    app.club_succeeded(id(&good)).await.unwrap();
    assert_eq!(
        states(&app).await,
        [
            ("good".to_owned(), ClubState::NeverSynced, 0),
            ("wrong".to_owned(), ClubState::Failing, TIMES)
        ],
        "only the one that failed says so"
    );
    let shown = app.org_connectors("wrong").await.unwrap();
    let failed = &shown.connections[0];
    assert_eq!(
        (failed.last_error_class, failed.last_error_finding),
        (Some(FailureClass::NotFound), Some(Finding::NotFound)),
        "with what was seen"
    );
    bench.clock.advance_ms(1_000);
    app.club_succeeded(id(&wrong)).await.unwrap();
    app.club_succeeded(id(&wrong)).await.unwrap();
    let shown = app.org_connectors("wrong").await.unwrap();
    assert_eq!(
        shown.connections[0].consecutive_failures, 0,
        "a success ends it"
    );
    assert!(
        shown.connections[0].last_error_at.is_some(),
        "when it last failed stays known"
    );
    let kinds: Vec<_> = shown.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            ClubEventKind::Recovered,
            ClubEventKind::Failed,
            ClubEventKind::Connected
        ],
        "its history has the beginning and the end of it, not each time"
    );
}

#[tokio::test]
async fn c03_a_club_that_is_not_for_us_stops_no_other() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let (good, wrong) = with_clubs(&practice, &app).await;
    practice.set_fault(Fault::status(403));
    for _ in 0..TIMES {
        let error = read(&app, &wrong).await.unwrap_err();
        assert_eq!(
            error.finding(),
            Some(Finding::Forbidden),
            "the key is for other clubs"
        );
        assert!(
            app.club_failed(id(&wrong), &error).await.unwrap(),
            "it is recorded on the connection"
        );
    }
    practice.clear_faults();
    let connector = app.connector_show("football").await.unwrap();
    assert_eq!(
        connector.row.status,
        Status::Active,
        "the connector goes on"
    );
    assert!(
        read(&app, &good).await.unwrap() > 0,
        "and the other club is read by a schedule"
    );
}

#[tokio::test]
async fn c03_what_concerns_the_connector_is_not_put_on_a_club() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let (good, _) = with_clubs(&practice, &app).await;
    practice.set_fault(Fault::status(401));
    let error = read(&app, &good).await.unwrap_err();
    assert_eq!(
        error.class(),
        FailureClass::BadCredentials,
        "the key is refused"
    );
    assert!(
        !app.club_failed(id(&good), &error).await.unwrap(),
        "which is no club's fault"
    );
    assert!(
        states(&app)
            .await
            .iter()
            .all(|(_, _, failures)| *failures == 0),
        "no club counts it"
    );
    let unknown = app.club_failed(Uuid::nil(), &error).await.unwrap_err();
    assert_eq!(
        unknown.code(),
        connectors::error::Code::NotFound,
        "an unknown connection"
    );
}

//! *My club* in health: what failed, how much, and which connectors there are is of the one club, also where something is
//! done to many at once or saved as a file.

use connectors::App;
use connectors::audit::Actor;
use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AppSettings, BulkConnectorView, ErrorListRequest, ExportFormat, HealthExportRequest,
    HealthFilter, RoleView, Status, TryRequest,
};
use practice_federation::Practice;
use testkit::Bench;

use super::clubs::connect;
use super::support::{add_practice, code, practice, set_key, test};
use super::sync::{CODE, ORG, club, preview_of, synced};

const OTHER: &str = "nowhere";
const ELSEWHERE: &str = "elsewhere";

/// The club that is shown works; another one at the same connector fails by itself, and another connector has the wrong key.
async fn field(practice: &Practice, bench: &Bench) -> App {
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    connect(&app, CODE, OTHER, "Nowhere", "club-none").await;
    for _ in 0..3 {
        preview_of(&app, OTHER).await.unwrap_err();
    }
    add_practice(&app, ELSEWHERE, practice).await;
    set_key(&app, ELSEWHERE, "wrong").await;
    test(&app, ELSEWHERE).await;
    app.settings_set(AppSettings {
        view: RoleView::MyClub,
        my_club: Some(ORG.to_owned()),
        ..AppSettings::default()
    })
    .await
    .unwrap();
    app
}

fn told(done: &[BulkConnectorView]) -> Vec<&str> {
    done.iter().map(|one| one.code.as_str()).collect()
}

#[tokio::test]
async fn my_club_is_told_no_failure_of_another_and_no_number_of_them() {
    let practice = practice().await;
    let bench = Bench::new();
    let itself = field(&practice, &bench).await;
    let all = itself
        .acting_as(Actor::Itself)
        .error_list(ErrorListRequest {
            limit: 1,
            ..ErrorListRequest::default()
        })
        .await
        .unwrap();
    assert_eq!(all.found, 4, "three of the other club and one test");
    assert!(all.next.is_some(), "page by page");

    let app = itself.acting_as(Actor::Window);
    let mine = app
        .error_list(ErrorListRequest {
            limit: 1,
            ..ErrorListRequest::default()
        })
        .await
        .unwrap();
    assert_eq!(
        (mine.rows.len(), mine.found, mine.next),
        (0, 0, None),
        "nothing has failed for this club, and no page follows"
    );
    let home = app.home().await.unwrap();
    assert_eq!(
        (home.recent_errors.len(), home.errors_7d),
        (0, 0),
        "nor on Home"
    );
    let asked: u64 = home.hours.iter().map(|hour| hour.attempts).sum();
    let own = app.health(CODE).await.unwrap();
    let own: u64 = own.hours.iter().map(|hour| hour.attempts).sum();
    assert_eq!(asked, own, "the chart is of the connectors of this club");
}

#[tokio::test]
async fn what_my_club_does_to_many_and_saves_is_of_its_own_connectors() {
    let practice = practice().await;
    let bench = Bench::new();
    let itself = field(&practice, &bench).await;
    let app = itself.acting_as(Actor::Window);
    let all = HealthFilter::default;

    let file = app
        .health_export(&HealthExportRequest {
            format: ExportFormat::Csv,
            filter: None,
        })
        .await
        .unwrap();
    assert!(
        !String::from_utf8_lossy(&file).contains(ELSEWHERE),
        "a file of health has its connectors alone"
    );
    let checked = app.check_all(all()).await.unwrap();
    assert_eq!(told(&checked), [CODE], "checked");
    let cleared = app.clear_errors_all(all()).await.unwrap();
    assert_eq!(told(&cleared), [CODE], "cleared");
    let paused = app.pause_all(all()).await.unwrap();
    assert_eq!(told(&paused), [CODE], "paused");
    let resumed = app.resume_all(all()).await.unwrap();
    assert_eq!(told(&resumed), [CODE], "resumed");
    let row = app.connector_show(ELSEWHERE).await.unwrap().row;
    assert_eq!(row.status, Status::Active, "nobody has touched the other");
    let of_other = HealthFilter {
        org: Some(OTHER.to_owned()),
        ..all()
    };
    assert_eq!(
        code(app.pause_all(of_other).await),
        Code::NotFound,
        "another club is not there"
    );
}

#[tokio::test]
async fn a_request_that_somebody_types_may_be_about_any_club_and_is_not_in_my_club() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = field(&practice, &bench).await.acting_as(Actor::Window);
    let asked = TryRequest {
        code: CODE.to_owned(),
        path: "/v1/clubs/club-1002/members".to_owned(),
        organisation: None,
        reveal: true,
    };
    assert_eq!(
        code(app.try_request(asked).await),
        Code::ViewForbids,
        "the members of another club"
    );
}

#[tokio::test]
async fn diagnostics_that_somebody_saw_in_another_view_are_not_saved_in_this_one() {
    let practice = practice().await;
    let bench = Bench::new();
    let itself = field(&practice, &bench).await;
    itself
        .acting_as(Actor::Itself)
        .diagnostics_look(None)
        .await
        .unwrap();
    let zip = itself
        .acting_as(Actor::Window)
        .diagnostics_zip(None)
        .await
        .unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    for name in ["schedules.csv", "errors.csv"] {
        let mut text = String::new();
        let mut file = archive.by_name(name).unwrap();
        std::io::Read::read_to_string(&mut file, &mut text).unwrap();
        assert!(!text.contains(OTHER), "{name} has no other club");
    }
}

//! Views for roles on one machine, through the App: the support view gives no member, and *my club* no other club.

use std::sync::Arc;

use connectors::App;
use connectors::CancellationToken;
use connectors::audit::Actor;
use connectors::error::{Code, FieldRule, Result};
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AppSettings, AskedBy, BulkRequest, ClubConnectRequest, ClubListRequest, ExportFormat,
    ImportRequest, MemberExportRequest, MemberSearchRequest, PlanKind, RetentionRequest, RoleView,
    RunExportRequest, RunListRequest, RunView, TemplateSamplesRequest, TryRequest,
};
use practice_federation::Practice;
use testkit::Bench;

use super::clubs::connect;
use super::schedules::outcomes;
use super::support::{code, practice, rules};
use super::sync::{CODE, ORG, club, members, preview, preview_of, synced};

const OTHER: &str = "tramore";

async fn choose(app: &App, view: RoleView, my_club: Option<&str>) -> Result<AppSettings> {
    app.settings_set(AppSettings {
        view,
        my_club: my_club.map(str::to_owned),
        ..AppSettings::default()
    })
    .await
}

/// Two clubs that were synced, of which the second one has a plan too.
async fn two_clubs(practice: &Practice, bench: &Bench) -> (App, RunView, RunView) {
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    let mine = synced(&app).await;
    connect(&app, CODE, OTHER, "Tramore", "club-1002").await;
    let other = preview_of(&app, OTHER).await.unwrap();
    app.sync_apply(&other.run_id, &[]).await.unwrap();
    (app, mine, other)
}

fn search(org: Option<&str>) -> MemberSearchRequest {
    MemberSearchRequest {
        search: String::new(),
        org: org.map(str::to_owned),
        code: None,
        filter: connectors::view::MemberFilter::default(),
        sort: connectors::view::MemberSort::default(),
        descending: false,
        after: None,
        limit: 500,
    }
}

fn export() -> MemberExportRequest {
    MemberExportRequest {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
        format: ExportFormat::Csv,
        fields: None,
        with_left: false,
    }
}

fn file() -> ImportRequest {
    ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: None,
        date_order: None,
        is_part: false,
    }
}

/// Everything that gives or changes members, asked of one club.
#[allow(clippy::too_many_lines, reason = "a line a method")]
async fn what_gives_members(app: &App, run: &str, member: &str) -> Vec<(&'static str, Code)> {
    let bytes: Arc<[u8]> = Arc::from(&b"first_name\n"[..]);
    let run_file = RunExportRequest {
        run: run.to_owned(),
        format: ExportFormat::Csv,
        sensitive: false,
    };
    let stop = CancellationToken::new;
    let field = MemberField::Town;
    vec![
        (
            "member_list",
            code(app.member_list(CODE, ORG, None, 5).await),
        ),
        ("member_search", code(app.member_search(search(None)).await)),
        ("member_show", code(app.member_show(member).await)),
        ("member_trace", code(app.member_trace(member, field).await)),
        ("member_edit", code(app.member_edit(member, 1, &[]).await)),
        (
            "member_take_federation",
            code(app.member_take_federation(member, 1, &[field]).await),
        ),
        ("member_choices", code(app.member_choices(member).await)),
        (
            "member_erase_look",
            code(app.member_erase_look(member).await),
        ),
        ("member_erase", code(app.member_erase(member, false).await)),
        (
            "member_allow_again",
            code(app.member_allow_again(CODE, ORG, "F-1").await),
        ),
        ("suppressions", code(app.suppressions(CODE, ORG).await)),
        (
            "member_export_look",
            code(app.member_export_look(&export()).await),
        ),
        ("member_export", code(app.member_export(&export()).await)),
        (
            "run_export_look",
            code(app.run_export_look(&run_file).await),
        ),
        ("run_export", code(app.run_export(&run_file).await)),
        (
            "import_look",
            code(app.import_look(&file(), Arc::clone(&bytes)).await),
        ),
        (
            "import_plan",
            code(app.import_plan(&file(), bytes, |_| {}, stop()).await),
        ),
        ("import_outcome", code(app.import_outcome(run).await)),
        (
            "sync_preview",
            code(
                app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, stop())
                    .await,
            ),
        ),
        (
            "sync_plan",
            code(app.sync_plan(run, PlanKind::Create, None, 5).await),
        ),
        ("sync_moved", code(app.sync_moved(run).await)),
        ("sync_apply", code(app.sync_apply(run, &[]).await)),
        (
            "sync_resolve",
            code(app.sync_resolve(run, 1, field, "club").await),
        ),
        ("sync_proposed", code(app.sync_proposed(run, 1).await)),
        ("sync_undo", code(app.sync_undo(run, None).await)),
        ("sync_undo_outlook", code(app.sync_undo_outlook(run).await)),
        (
            "sync_undo_members",
            code(app.sync_undo_members(run, None, 5).await),
        ),
        ("sync_undo_find", code(app.sync_undo_find(run, &[]).await)),
        ("sync_keep_mine", code(app.sync_keep_mine(CODE, ORG).await)),
        (
            "sync_apply_again",
            code(app.sync_apply_again(CODE, ORG).await),
        ),
        ("sync_choices", code(app.sync_choices(CODE, ORG).await)),
        ("sync_cancel", code(app.sync_cancel(CODE, ORG).await)),
    ]
}

/// What concerns all clubs.
async fn what_concerns_all(app: &App) -> Vec<(&'static str, Code)> {
    let retention = RetentionRequest {
        leavers_months: Some(12),
        request_days: None,
    };
    vec![
        ("retention_set", code(app.retention_set(retention).await)),
        ("retention_run", code(app.retention_run(true).await)),
        ("org_import", code(app.org_import(CODE, "").await)),
        (
            "db_restore",
            code(app.db_restore(std::path::Path::new("/nowhere")).await),
        ),
    ]
}

#[tokio::test]
async fn the_support_view_gives_no_member_and_changes_none() {
    let practice = practice().await;
    let bench = Bench::new();
    let (itself, mine, _) = two_clubs(&practice, &bench).await;
    let member = members(&itself).await.remove(0).member_id;
    let before = members(&itself).await;
    let window = itself.acting_as(Actor::Window);
    choose(&window, RoleView::Support, None).await.unwrap();
    let asked = [
        ("the setting", window.clone()),
        ("--support", itself.acting_as(Actor::CommandLine)),
    ];
    for (how, app) in asked {
        if how == "--support" {
            choose(&window, RoleView::All, None).await.unwrap();
        }
        let app = match how {
            "--support" => app.in_support_view(),
            _ => app,
        };
        for (what, found) in what_gives_members(&app, &mine.run_id, &member).await {
            assert_eq!(found, Code::ViewForbids, "{how}: {what}");
        }
        for (what, found) in what_concerns_all(&app).await {
            let expected = match what {
                "org_import" => continue,
                _ => Code::ViewForbids,
            };
            assert_eq!(found, expected, "{how}: {what}");
        }
        for (what, found) in [
            (
                "request",
                code(app.request(CODE, "/v1/members", true).await),
            ),
            (
                "try_request",
                code(
                    app.try_request(TryRequest {
                        code: CODE.to_owned(),
                        path: "/v1/members".to_owned(),
                        organisation: None,
                        reveal: true,
                    })
                    .await,
                ),
            ),
            (
                "template_samples",
                code(
                    app.template_samples(
                        TemplateSamplesRequest::Connection {
                            code: CODE.to_owned(),
                            org: ORG.to_owned(),
                        },
                        None,
                    )
                    .await,
                ),
            ),
            (
                "sync_apply_all",
                code(
                    app.sync_apply_all(BulkRequest::default(), CancellationToken::new())
                        .await,
                ),
            ),
        ] {
            assert_eq!(found, Code::ViewForbids, "{how}: {what}");
        }
        // What support is there for goes on.
        assert_eq!(app.home().await.unwrap().clubs_all, 2, "{how}: Home");
        let runs = app.sync_runs(RunListRequest::default()).await.unwrap();
        assert_eq!(runs.rows.len(), 2, "{how}: the history, in numbers");
        app.sync_run_row(&mine.run_id).await.unwrap();
        app.failure_text(CODE, None).await.unwrap();
        app.connector_show(CODE).await.unwrap();
    }
    assert_eq!(members(&itself).await, before, "nobody was changed");
}

#[tokio::test]
async fn what_goes_by_itself_goes_on_whatever_a_person_is_shown() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = super::schedules::scheduled(&practice, &bench).await;
    let window = app.acting_as(Actor::Window);
    choose(&window, RoleView::Support, None).await.unwrap();
    super::schedules::to_next(&app, &bench).await;
    assert_eq!(
        outcomes(&window).await,
        [connectors::view::DueOutcome::Waits],
        "the schedule has made its plan"
    );
    choose(&window, RoleView::MyClub, Some("somebody_else"))
        .await
        .unwrap();
    bench.clock.advance_ms(24 * 3_600_000);
    assert_eq!(outcomes(&window).await.len(), 1, "of every club");
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one club, seen from everywhere")]
async fn my_club_is_all_there_is_and_another_club_is_not_there() {
    let practice = practice().await;
    let bench = Bench::new();
    let (itself, mine, other) = two_clubs(&practice, &bench).await;
    let app = itself.acting_as(Actor::Window);
    let all = app.member_search(search(None)).await.unwrap();
    choose(&app, RoleView::MyClub, Some(ORG)).await.unwrap();

    let clubs = app.org_list(ClubListRequest::default()).await.unwrap();
    let names: Vec<&str> = clubs.rows.iter().map(|row| row.org.as_str()).collect();
    assert_eq!((names, clubs.all), (vec![ORG], 1), "one club");
    let home = app.home().await.unwrap();
    assert_eq!(
        (home.clubs_all, home.connectors_all),
        (1, 1),
        "Home is of it"
    );
    let runs = app.sync_runs(RunListRequest::default()).await.unwrap();
    let found: Vec<&str> = runs
        .rows
        .iter()
        .map(|row| row.run.run_id.as_str())
        .collect();
    assert_eq!(
        (found, runs.total),
        (vec![mine.run_id.as_str()], 1),
        "its runs"
    );
    let found = app.member_search(search(None)).await.unwrap();
    assert!(
        found.rows.iter().all(|row| row.org == ORG),
        "its members alone"
    );
    assert!(found.all < all.all, "and their number");
    assert!(found.all > 0, "there are some");

    let theirs = all.rows.iter().find(|row| row.org == OTHER).unwrap();
    let stop = CancellationToken::new;
    let to_connect = ClubConnectRequest {
        code: CODE.to_owned(),
        org: "third".to_owned(),
        name: "Third".to_owned(),
        federation_org: "club-1003".to_owned(),
        federation_name: None,
    };
    let of_other = MemberExportRequest {
        org: OTHER.to_owned(),
        ..export()
    };
    for (what, found) in [
        (
            "member_list",
            code(app.member_list(CODE, OTHER, None, 5).await),
        ),
        (
            "member_search",
            code(app.member_search(search(Some(OTHER))).await),
        ),
        (
            "member_show",
            code(app.member_show(&theirs.member_id).await),
        ),
        (
            "member_erase",
            code(app.member_erase(&theirs.member_id, false).await),
        ),
        ("member_export", code(app.member_export(&of_other).await)),
        ("sync_run", code(app.sync_run(&other.run_id).await)),
        ("sync_run_row", code(app.sync_run_row(&other.run_id).await)),
        (
            "sync_plan",
            code(
                app.sync_plan(&other.run_id, PlanKind::Create, None, 5)
                    .await,
            ),
        ),
        ("sync_undo", code(app.sync_undo(&other.run_id, None).await)),
        (
            "sync_preview",
            code(
                app.sync_preview(CODE, OTHER, AskedBy::Person, |_| {}, stop())
                    .await,
            ),
        ),
        ("sync_history", code(app.sync_history(CODE, OTHER, 5).await)),
        (
            "sync_runs",
            code(
                app.sync_runs(RunListRequest {
                    org: Some(OTHER.to_owned()),
                    ..RunListRequest::default()
                })
                .await,
            ),
        ),
        ("org_connectors", code(app.org_connectors(OTHER).await)),
        (
            "org_disconnect",
            code(app.org_disconnect(CODE, OTHER).await),
        ),
        ("org_connect", code(app.org_connect(to_connect).await)),
        (
            "schedule_show",
            code(app.schedule_show(CODE, Some(OTHER)).await),
        ),
    ] {
        assert_eq!(found, Code::NotFound, "{what} of another club");
    }
    for (what, found) in what_concerns_all(&app).await {
        assert_eq!(found, Code::ViewForbids, "{what} is of all clubs");
    }

    let own = preview(&app).await;
    app.sync_plan(&own.run_id, PlanKind::Create, None, 5)
        .await
        .unwrap();
    app.member_export(&export()).await.unwrap();
    assert!(!members(&app).await.is_empty(), "the own club is all there");
    assert_eq!(
        app.acting_as(Actor::Itself)
            .org_list(ClubListRequest::default())
            .await
            .unwrap()
            .all,
        2,
        "nothing is gone"
    );
}

#[tokio::test]
async fn a_view_of_one_club_needs_one_and_a_club_that_is_not_there_shows_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let (itself, ..) = two_clubs(&practice, &bench).await;
    let app = itself.acting_as(Actor::Window);
    for club in [None, Some("  ")] {
        assert_eq!(
            rules(choose(&app, RoleView::MyClub, club).await),
            [("my_club".to_owned(), FieldRule::Required)],
            "{club:?}: which one?"
        );
    }
    choose(&app, RoleView::MyClub, Some("nobody"))
        .await
        .unwrap();
    let clubs = app.org_list(ClubListRequest::default()).await.unwrap();
    assert!(clubs.rows.is_empty(), "no club");
    assert_eq!(app.home().await.unwrap().clubs_all, 0, "an empty Home");
    assert_eq!(
        code(app.member_search(search(None)).await),
        Code::NotFound,
        "no member"
    );
    choose(&app, RoleView::All, None).await.unwrap();
    let clubs = app.org_list(ClubListRequest::default()).await.unwrap();
    assert_eq!(clubs.all, 2, "whoever may choose chooses");
}

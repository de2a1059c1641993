//! How connectors stand, through `App`: numbers, since when and why, filters, files, what a run leaves behind, retention.

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AskedBy, ErrorEntryView, ErrorListRequest, ErrorSource, ExportFormat, HealthAction,
    HealthExportRequest, HealthFilter, HealthState, RetentionRequest, Status,
};
use practice_federation::Fault;
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::clubs::connect;
use super::support::{add, add_practice, practice, set_key, test};
use super::sync::{CODE, ORG, club, preview};

const HOUR: i64 = 3_600_000;

async fn log(app: &App, class: Option<FailureClass>) -> Vec<ErrorEntryView> {
    let request = ErrorListRequest {
        class,
        limit: 500,
        ..ErrorListRequest::default()
    };
    app.error_list(request).await.unwrap().rows
}

async fn ask(app: &App, code: &str, times: u32) {
    let client = app.api_client(code, Caller::Person).await.unwrap();
    for _ in 0..times {
        // What comes of it is looked at afterwards.
        let _answered_or_not = client.request("verify", RequestOptions::default()).await;
    }
}

#[tokio::test]
async fn h01_unknown_is_absent_and_what_was_recorded_is_a_share() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    let before = app.health(CODE).await.unwrap();
    let health = &before.health;
    for unknown in [
        health.uptime_24h,
        health.uptime_7d,
        health.uptime_30d,
        health.uptime_1y,
        health.error_rate_24h,
    ] {
        assert_eq!(unknown, None, "nothing was asked: that is not 100 %");
    }
    assert_eq!((before.hours.len(), before.days.len()), (24, 30), "points");
    ask(&app, CODE, 4).await;
    bench.clock.advance_ms(2 * HOUR);
    federation.set_fault(Fault::status(403));
    ask(&app, CODE, 1).await;
    federation.clear_faults();
    ask(&app, CODE, 1).await;
    let after = app.health(CODE).await.unwrap();
    let health = &after.health;
    assert_eq!(
        (
            health.uptime_24h,
            health.uptime_7d,
            health.uptime_30d,
            health.uptime_1y
        ),
        (Some(75.0), Some(75.0), Some(75.0), Some(75.0)),
        "one hour was well, half of the other"
    );
    assert_eq!(
        health.error_rate_24h,
        Some(16.6667),
        "one of six, whatever hour it was in"
    );
    let asked: Vec<(u64, u64)> = after
        .hours
        .iter()
        .map(|point| (point.attempts, point.failed))
        .filter(|(attempts, _)| *attempts > 0)
        .collect();
    assert_eq!(asked, [(4, 0), (2, 1)], "an hour each");
    assert_eq!(
        after.hours[23].at,
        testkit::START + 2 * HOUR,
        "the last point is the present hour"
    );
    let day = after.days[29].clone();
    assert_eq!((day.attempts, day.failed), (6, 1), "and today");
    assert!(
        day.p95_ms >= day.p50_ms && day.p50_ms.is_some(),
        "with how long it took"
    );
    bench.clock.advance_ms(24 * HOUR);
    let later = app.health(CODE).await.unwrap().health;
    assert_eq!(
        (later.uptime_24h, later.uptime_7d, later.p95_ms),
        (None, Some(75.0), None),
        "a day later the last 24 hours say nothing"
    );
}

#[tokio::test]
async fn since_when_and_why_follow_the_state() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    let seen = async || {
        let health = app.health(CODE).await.unwrap().health;
        (
            health.state,
            health.since.unwrap() - testkit::START,
            health.finding,
            health.action,
        )
    };
    assert_eq!(
        seen().await,
        (HealthState::NotTested, 0, None, Some(HealthAction::Check)),
        "from the beginning"
    );
    bench.clock.advance_ms(1_000);
    assert!(test(&app, CODE).await.ok, "the key is right");
    assert_eq!(
        seen().await,
        (HealthState::Healthy, 1_000, None, None),
        "since the test"
    );
    bench.clock.advance_ms(1_000);
    ask(&app, CODE, 1).await;
    assert!(test(&app, CODE).await.ok, "again");
    assert_eq!(seen().await.1, 1_000, "what stays the same is as old");
    set_key(&app, CODE, "wrong").await;
    bench.clock.advance_ms(1_000);
    ask(&app, CODE, 5).await;
    assert_eq!(
        seen().await,
        (
            HealthState::ActionNeeded,
            3_000,
            Some(Finding::Unauthorised),
            Some(HealthAction::ReplaceKey)
        ),
        "since it was stopped, and why"
    );
    bench.clock.advance_ms(1_000);
    app.connector_set_status(CODE, Status::Inactive)
        .await
        .unwrap();
    assert_eq!(
        seen().await,
        (HealthState::Paused, 4_000, None, Some(HealthAction::Resume)),
        "since it was paused"
    );
}

#[tokio::test]
async fn one_failure_of_a_run_is_one_row_that_opens_its_run() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = club(&federation, &bench, ConflictStrategy::Merge).await;
    federation.set_fault(Fault::status(403));
    let asked = AskedBy::Person;
    app.sync_preview(CODE, ORG, asked, |_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    let rows = log(&app, None).await;
    assert_eq!(rows.len(), 1, "the request and its run are one failure");
    let row = &rows[0];
    assert_eq!(
        (row.source, row.finding, row.http_status, row.org.as_deref()),
        (ErrorSource::Sync, Finding::Forbidden, Some(403), Some(ORG)),
        "of the sync of that club, which it concerns alone"
    );
    assert_eq!(
        row.endpoint.as_deref(),
        Some("/v1/clubs/{federation_org_id}/members"),
        "at which address"
    );
    let run = app.sync_run(row.run_id.as_deref().unwrap()).await.unwrap();
    assert_eq!(
        run.finding,
        Some(Finding::Forbidden),
        "H03: it opens its run"
    );
    let health = app.health(CODE).await.unwrap().health;
    assert_eq!(
        (health.consecutive_failures, health.uptime_24h),
        (0, None),
        "a club's own failure counts nowhere"
    );
    assert_eq!(
        health.error_rate_24h,
        Some(100.0),
        "and is an error all the same"
    );
    federation.clear_faults();
    preview(&app).await;
    assert_eq!(log(&app, None).await.len(), 1, "what went well adds none");
    let stopped = CancellationToken::new();
    stopped.cancel();
    app.sync_preview(CODE, ORG, asked, |_| {}, stopped)
        .await
        .unwrap_err();
    assert_eq!(log(&app, None).await.len(), 1, "nor what a person stops");
}

#[tokio::test]
async fn tests_that_fail_are_in_the_log_once() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    set_key(&app, CODE, "wrong").await;
    assert!(!test(&app, CODE).await.ok, "a wrong key");
    let rows = log(&app, Some(FailureClass::BadCredentials)).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.source, row.finding, row.http_status))
        .collect();
    assert_eq!(
        told,
        [(ErrorSource::Test, Finding::Unauthorised, Some(401))],
        "one test, one row"
    );
    assert_eq!(
        log(&app, Some(FailureClass::Offline)).await.len(),
        0,
        "of another class there is none"
    );
}

#[tokio::test]
async fn h04_pages_of_the_log_and_their_count_are_of_the_same_filter() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    federation.set_fault(Fault::status(403));
    for _ in 0..7 {
        bench.clock.advance_ms(1_000);
        ask(&app, CODE, 1).await;
    }
    let mut after = None;
    let mut sizes = Vec::new();
    let mut ids = Vec::new();
    loop {
        let request = ErrorListRequest {
            code: Some(CODE.to_owned()),
            class: Some(FailureClass::Forbidden),
            after: after.take(),
            limit: 3,
        };
        let page = app.error_list(request).await.unwrap();
        assert_eq!((page.found, page.more), (7, false), "the count of all");
        sizes.push(page.rows.len());
        ids.extend(page.rows.into_iter().map(|row| row.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(sizes, [3, 3, 1], "pages");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 7, "none twice");
    for (request, field) in [
        (
            ErrorListRequest {
                limit: 501,
                ..ErrorListRequest::default()
            },
            "limit",
        ),
        (
            ErrorListRequest {
                after: Some("yesterday".to_owned()),
                limit: 1,
                ..ErrorListRequest::default()
            },
            "after",
        ),
    ] {
        let refused = app.error_list(request).await.unwrap_err();
        assert_eq!(refused.code(), Code::Invalid, "{field} is refused");
    }
}

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "one story, told in order")]
async fn h05_a_file_has_what_fits_and_no_formula_and_no_address() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "one", &federation).await;
    let mut settings = super::support::settings("two");
    settings.name = "=HYPERLINK(1)".to_owned();
    app.connector_add(super::support::request(settings, None))
        .await
        .unwrap();
    add(&app, "gone").await;
    app.connector_remove("gone").await.unwrap();
    connect(&app, "one", "kil", "Kilsample", "club-1001").await;
    ask(&app, "one", 2).await;
    let filter = |filter: HealthFilter| HealthExportRequest {
        format: ExportFormat::Csv,
        filter: Some(filter),
    };
    for (what, wanted, expected) in [
        ("all", HealthFilter::default(), vec!["one", "two"]),
        (
            "a club's",
            HealthFilter {
                org: Some("kil".to_owned()),
                ..HealthFilter::default()
            },
            vec!["one"],
        ),
        (
            "by code",
            HealthFilter {
                codes: Some(vec!["two".to_owned()]),
                ..HealthFilter::default()
            },
            vec!["two"],
        ),
        (
            "by state",
            HealthFilter {
                state: Some(HealthState::Healthy),
                ..HealthFilter::default()
            },
            vec![],
        ),
    ] {
        let mut listed: Vec<String> = app
            .health_list(wanted.clone())
            .await
            .unwrap()
            .into_iter()
            .map(|health| health.code)
            .collect();
        listed.sort();
        assert_eq!(listed, expected, "{what}");
        let look = app
            .health_export_look(&filter(wanted.clone()))
            .await
            .unwrap();
        assert_eq!(
            look.connectors as usize,
            expected.len(),
            "{what}: it is said before"
        );
        let bytes = app.health_export(&filter(wanted)).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(
            text.lines().count(),
            expected.len() + 1,
            "{what}: a line each under a heading: {text}"
        );
        let heading = text.lines().next().unwrap().trim_start_matches('\u{feff}');
        assert_eq!(
            heading,
            look.columns.join(","),
            "the columns that were named"
        );
    }
    let all = app.health_export(&filter(HealthFilter::default())).await;
    let text = String::from_utf8(all.unwrap()).unwrap();
    assert!(text.contains("'=HYPERLINK(1)"), "no spreadsheet runs it");
    let json = HealthExportRequest {
        format: ExportFormat::Json,
        filter: None,
    };
    let bytes = app.health_export(&json).await.unwrap();
    let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(document["contains"]["connectors"], 2, "what is in it");
    assert_eq!(
        document["connectors"][1]["uptime_24h"], 100.0,
        "its numbers"
    );
    for address in ["federation.invalid", "127.0.0.1", "club-1001", "Kilsample"] {
        assert!(!text.contains(address), "{address} is in no line");
    }
    for wrong in [
        HealthFilter {
            codes: Some(vec!["nobody".to_owned()]),
            ..HealthFilter::default()
        },
        HealthFilter {
            org: Some("nobody".to_owned()),
            ..HealthFilter::default()
        },
    ] {
        let refused = app.health_list(wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "a slip is told");
    }
}

#[tokio::test]
async fn requests_are_kept_as_long_as_a_person_says_and_their_numbers_longer() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    federation.set_fault(Fault::status(403));
    ask(&app, CODE, 1).await;
    federation.clear_faults();
    ask(&app, CODE, 1).await;
    app.requests_flush().await.unwrap();
    let rows = async || app.request_log(CODE, None, 50).await.unwrap().rows.len();
    bench.clock.advance_days(20);
    app.retention_run(false).await.unwrap();
    assert_eq!(rows().await, 2, "30 days where nobody has chosen");
    let wrong = RetentionRequest {
        leavers_months: None,
        request_days: Some(8),
    };
    let refused = app.retention_set(wrong).await.unwrap_err();
    assert_eq!(refused.code(), Code::Invalid, "7, 30 or 90");
    let week = RetentionRequest {
        leavers_months: None,
        request_days: Some(7),
    };
    assert_eq!(
        app.retention_set(week).await.unwrap().request_days,
        7,
        "a week from now on"
    );
    let unsaid = RetentionRequest {
        leavers_months: Some(12),
        request_days: None,
    };
    let kept = app.retention_set(unsaid).await.unwrap();
    assert_eq!(
        (kept.leavers_months, kept.request_days),
        (Some(12), 7),
        "what is not said stays"
    );
    let taken = app.retention_run(false).await.unwrap();
    assert_eq!((taken.requests, taken.errors), (2, 0), "they go");
    assert_eq!(rows().await, 0, "for good");
    let health = app.health(CODE).await.unwrap().health;
    assert_eq!(health.uptime_30d, Some(50.0), "what they said stays known");
    assert_eq!(log(&app, None).await.len(), 1, "and so does the error");
    bench.clock.advance_days(71);
    let taken = app.retention_run(false).await.unwrap();
    assert_eq!(taken.errors, 1, "for 90 days");
    assert!(log(&app, None).await.is_empty(), "then it is gone");
}

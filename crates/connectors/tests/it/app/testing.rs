//! The test of a saved connector (A08) against the practice federation: every fault, and what becomes of the report.

use std::collections::BTreeMap;
use std::time::Duration;

use connectors::App;
use connectors::clock::Stopwatch;
use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{
    CredentialsRequest, EventKind, HealthState, Status, StepName, TestReportView,
};
use practice_federation::{Fault, FaultKind, Practice};
use testkit::{Bench, api_key};

use super::support::{
    add_practice, at, code, edit, kinds, practice, request, secret, set_key, test,
};

/// A fault, and what is made of it.
struct Case {
    fault: Fault,
    step: StepName,
    class: FailureClass,
    finding: Finding,
    status: Option<u16>,
    state: HealthState,
}

#[allow(clippy::too_many_lines, reason = "a table of cases")]
fn cases() -> Vec<Case> {
    let throttled = FaultKind::Status {
        code: 429,
        retry_after: Some(7),
    };
    let on_list = |kind| Fault::new(kind).on_path("/key/v1/members");
    vec![
        Case {
            fault: Fault::status(403),
            step: StepName::Auth,
            class: FailureClass::Forbidden,
            finding: Finding::Forbidden,
            status: Some(403),
            state: HealthState::ActionNeeded,
        },
        Case {
            fault: Fault::status(404).on_path("/key/v1/members"),
            step: StepName::Endpoint,
            class: FailureClass::NotFound,
            finding: Finding::NotFound,
            status: Some(404),
            state: HealthState::ActionNeeded,
        },
        Case {
            fault: Fault::new(throttled),
            step: StepName::Auth,
            class: FailureClass::RateLimited,
            finding: Finding::RateLimited,
            status: Some(429),
            state: HealthState::RateLimited,
        },
        Case {
            fault: Fault::status(500),
            step: StepName::Auth,
            class: FailureClass::FederationDown,
            finding: Finding::ServerError,
            status: Some(500),
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: on_list(FaultKind::Delay(30_000)),
            step: StepName::Endpoint,
            class: FailureClass::FederationDown,
            finding: Finding::AnswerTimeout,
            status: None,
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: on_list(FaultKind::Cut),
            step: StepName::Endpoint,
            class: FailureClass::FederationDown,
            finding: Finding::ConnectionCut,
            status: Some(200),
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: Fault::new(FaultKind::Reset),
            step: StepName::Auth,
            class: FailureClass::FederationDown,
            finding: Finding::ConnectionCut,
            status: None,
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: Fault::new(FaultKind::Html),
            step: StepName::Auth,
            class: FailureClass::BadAnswer,
            finding: Finding::HtmlInsteadOfJson,
            status: Some(200),
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: on_list(FaultKind::TruncatedJson),
            step: StepName::Endpoint,
            class: FailureClass::BadAnswer,
            finding: Finding::NotJson,
            status: Some(200),
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: Fault::new(FaultKind::NotAList),
            step: StepName::Endpoint,
            class: FailureClass::BadAnswer,
            finding: Finding::NoListAtPath,
            status: Some(200),
            state: HealthState::WaitingForFederation,
        },
        Case {
            fault: Fault::new(FaultKind::NotObjects),
            step: StepName::Record,
            class: FailureClass::BadAnswer,
            finding: Finding::RecordNotObject,
            status: None,
            state: HealthState::WaitingForFederation,
        },
    ]
}

#[tokio::test]
async fn a08_every_fault_has_its_class_its_finding_and_its_state() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at("ballyduff", &practice, "key");
    settings.limits.timeout_seconds = 1;
    let key = Some(api_key(practice.api_key()));
    app.connector_add(request(settings, key)).await.unwrap();
    for case in cases() {
        let name = case.fault.to_string();
        practice.set_fault(case.fault);
        bench.clock.advance_ms(1_000);
        let report = test(&app, "ballyduff").await;
        let failed = report.steps.iter().find(|step| step.ok == Some(false));
        assert_eq!(
            (
                failed.map(|step| step.name),
                report.class,
                report.finding,
                report.status
            ),
            (
                Some(case.step),
                Some(case.class),
                Some(case.finding),
                case.status
            ),
            "{name}: what was seen, and where"
        );
        assert!(
            !report.title.is_empty() && !report.fix.is_empty(),
            "{name}: a sentence and a way out"
        );
        assert_eq!(
            report.retry_after_seconds,
            (case.finding == Finding::RateLimited).then_some(7),
            "{name}: when to come back"
        );
        let shown = app.connector_show("ballyduff").await.unwrap();
        assert_eq!(shown.row.state, case.state, "{name}: the word in the list");
        assert_eq!(
            shown.row.last_test_at,
            Some(report.started_at),
            "{name}: the time in the list"
        );
        assert_eq!(
            kinds(&shown)[0],
            EventKind::TestFailed,
            "{name}: it is in the history"
        );
        let word = serde_json::to_value(case.finding).unwrap();
        assert_eq!(
            shown.events[0].detail.as_deref(),
            word.as_str(),
            "{name}: as a word"
        );
        assert_eq!(shown.last_test, Some(report), "{name}: the report is kept");
    }
    practice.clear_faults();
    bench.clock.advance_ms(1_000);
    assert!(test(&app, "ballyduff").await.ok, "without a fault it works");
    let shown = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(
        (shown.row.state, shown.credentials.tested),
        (HealthState::Healthy, true),
        "one good test makes it healthy"
    );
}

#[tokio::test]
async fn a08_an_empty_list_is_a_result_and_no_failure() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    bench.clock.advance_ms(1);
    practice.set_fault(Fault::new(FaultKind::EmptyList));
    let report = test(&app, "ballyduff").await;
    assert_eq!(
        (report.ok, report.class, report.finding),
        (true, None, Some(Finding::EmptyList)),
        "a club without members is worth a word"
    );
    let shown = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(
        (shown.row.state, kinds(&shown)[0]),
        (HealthState::Healthy, EventKind::TestSucceeded),
        "and nothing to mend"
    );
}

#[tokio::test]
async fn a08_a_second_key_takes_over() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let credentials = CredentialsRequest::ApiKey {
        api_key: Some(secret("ended yesterday")),
        secondary_api_key: Some(secret(practice.api_key())),
        secrets: BTreeMap::new(),
        expires_on: None,
        webhook_secret: None,
    };
    app.connector_add(request(
        at("ballyduff", &practice, "key"),
        Some(credentials),
    ))
    .await
    .unwrap();
    let report = test(&app, "ballyduff").await;
    assert!(report.ok, "the second one is tried after a 401");
    assert!(
        report.steps[3].detail.contains("second key"),
        "and that is said: {}",
        report.steps[3].detail
    );
}

#[tokio::test]
async fn a08_without_credentials_nothing_is_sent_and_a_stopped_federation_is_told() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    app.connector_add(request(at("bare", &practice, "key"), None))
        .await
        .unwrap();
    let report = test(&app, "bare").await;
    assert_eq!(
        report.finding,
        Some(Finding::CredentialsMissing),
        "there is nothing to send"
    );
    assert_eq!(practice.request_count(), 0, "and nothing is sent");
    add_practice(&app, "ballyduff", &practice).await;
    practice.stop().await;
    let report = test(&app, "ballyduff").await;
    assert_eq!(
        report.finding,
        Some(Finding::ConnectionRefused),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn a08_a_paused_connector_is_tested_and_stays_paused_a_deleted_one_is_not() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    app.connector_set_status("ballyduff", Status::Inactive)
        .await
        .unwrap();
    assert!(test(&app, "ballyduff").await.ok, "a person may look first");
    let paused = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(
        paused.row.state,
        HealthState::Paused,
        "a test resumes nothing"
    );
    app.connector_remove("ballyduff").await.unwrap();
    let sent = practice.request_count();
    let outcome = app.connector_test("ballyduff", None, &mut |_| {}).await;
    assert_eq!(
        code(outcome),
        Code::Deleted,
        "a deleted one is restored first"
    );
    assert_eq!(
        code(app.request("ballyduff", "/v1/me", false).await),
        Code::Deleted,
        "for requests too"
    );
    assert_eq!(practice.request_count(), sent, "nothing is sent for it");
    assert_eq!(
        code(app.connector_test("nobody", None, &mut |_| {}).await),
        Code::NotFound,
        "an unknown one is told as such"
    );
}

/// Starts a test that would wait for half a minute, and gives it back once its step `step` waits.
async fn hanging_test(
    app: &App,
    practice: &Practice,
) -> tokio::task::JoinHandle<connectors::error::Result<TestReportView>> {
    practice.set_fault(Fault::new(FaultKind::Delay(30_000)));
    let before = practice.request_count();
    let app = app.clone();
    let running =
        tokio::spawn(async move { app.connector_test("ballyduff", None, &mut |_| {}).await });
    while practice.request_count() == before {
        tokio::task::yield_now().await;
    }
    running
}

#[tokio::test(flavor = "multi_thread")]
async fn a08_a_test_is_stopped_at_once_and_says_nothing_about_the_federation() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at("ballyduff", &practice, "key");
    settings.limits.timeout_seconds = 60;
    let key = Some(api_key(practice.api_key()));
    app.connector_add(request(settings, key)).await.unwrap();
    for state in [HealthState::NotTested, HealthState::Healthy] {
        bench.clock.advance_ms(1_000);
        let before = app.connector_show("ballyduff").await.unwrap();
        assert_eq!(before.row.state, state, "as the case says");
        let running = hanging_test(&app, &practice).await;
        let watch = Stopwatch::start();
        app.cancel_test();
        let report = running.await.unwrap().unwrap();
        assert!(
            watch.elapsed() < Duration::from_secs(5),
            "a person does not wait for the time limit"
        );
        assert_eq!(
            (report.class, report.finding),
            (Some(FailureClass::Cancelled), Some(Finding::Cancelled)),
            "it is told as stopped"
        );
        let after = app.connector_show("ballyduff").await.unwrap();
        assert_eq!(
            (after.row.state, after.last_test, after.events.len()),
            (state, before.last_test, before.events.len()),
            "what was known before is still what is known"
        );
        practice.clear_faults();
        assert!(
            test(&app, "ballyduff").await.ok,
            "the next test is not stopped"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_stops_a_test() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at("ballyduff", &practice, "key");
    settings.limits.timeout_seconds = 60;
    let key = Some(api_key(practice.api_key()));
    app.connector_add(request(settings, key)).await.unwrap();
    let running = hanging_test(&app, &practice).await;
    app.lock().await.unwrap();
    let report = running.await.unwrap().unwrap();
    assert_eq!(
        report.finding,
        Some(Finding::Cancelled),
        "nothing is sent with credentials of a locked file"
    );
    app.open().await.unwrap();
    let shown = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(shown.last_test, None, "and nothing is stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_what_was_changed_meanwhile_is_not_kept() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add_practice(&app, "ballyduff", &practice).await;
    assert_eq!(made.row.state, HealthState::NotTested, "as it starts");
    practice.set_fault(Fault::new(FaultKind::Delay(1_000)).times(1));
    let before = practice.request_count();
    let other = app.clone();
    let running =
        tokio::spawn(async move { other.connector_test("ballyduff", None, &mut |_| {}).await });
    while practice.request_count() == before {
        tokio::task::yield_now().await;
    }
    set_key(&app, "ballyduff", "another key").await;
    let report = running.await.unwrap().unwrap();
    assert!(report.ok, "the key that was tested is right");
    let shown = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(
        (shown.row.state, shown.credentials.tested),
        (HealthState::NotTested, false),
        "the key that is stored now was not tested"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_ends_refuses_nobodys_edit_and_another_edit_does() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    let seen = app.connector_show("ballyduff").await.unwrap();
    assert!(
        test(&app, "ballyduff").await.ok,
        "it ends after she began to edit"
    );
    let renamed = edit(&seen, |settings| settings.name = "Ballyduff".to_owned());
    let saved = app.connector_edit(renamed).await.unwrap();
    assert_eq!(saved.row.name, "Ballyduff", "her edit is saved");
    assert_eq!(
        saved.row.state,
        HealthState::Healthy,
        "and what the test found stays"
    );
    let late = edit(&seen, |settings| settings.name = "Somebody's".to_owned());
    assert_eq!(
        code(app.connector_edit(late).await),
        Code::ChangedMeanwhile,
        "an edit over an edit is told as what it is"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_a_saved_connector_takes_its_turns_and_is_in_the_log() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut settings = at("ballyduff", &practice, "key");
    settings.endpoints.verify = Some("/v1/me".to_owned());
    settings.limits.requests_per_minute = 10;
    let key = Some(api_key(practice.api_key()));
    let draft = connectors::view::TestDraftRequest {
        settings: settings.clone(),
        credentials: key.clone(),
        code: None,
        organisation: None,
    };
    let tested = app.connector_test_draft(draft, &mut |_| {}).await.unwrap();
    assert!(tested.report.ok, "{:?}", tested.report);
    app.connector_add(request(settings, key)).await.unwrap();
    let log = app.request_log("ballyduff", None, 10).await.unwrap();
    assert_eq!(log.rows, [], "what was not saved has no log");
    assert!(test(&app, "ballyduff").await.ok, "it answers");
    let log = app.request_log("ballyduff", None, 10).await.unwrap();
    let mut told: Vec<(&str, Option<u16>)> = log
        .rows
        .iter()
        .map(|row| (row.endpoint.as_str(), row.status))
        .collect();
    // The clock of this test stands still, so that their order in the log is any.
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("/v1/me", Some(200)),
            ("/v1/members", Some(200)),
            ("/v1/members", Some(200)),
        ],
        "every request of it"
    );
    assert!(log.rows.iter().all(|row| row.bytes > 0), "with their sizes");
    let left = app.requests_left("ballyduff").await.unwrap();
    assert!(left.left <= 7, "and they count: {left:?}");
    practice.set_fault(Fault::status(403));
    assert!(!test(&app, "ballyduff").await.ok, "it is refused now");
    let log = app.request_log("ballyduff", None, 10).await.unwrap();
    assert!(
        log.rows
            .iter()
            .any(|row| (row.status, row.finding) == (Some(403), Some(Finding::Forbidden))),
        "what went wrong is in the log as well: {:?}",
        log.rows
    );
}

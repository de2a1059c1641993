//! Acts on many connectors at once: who fits, what becomes of each, and what the audit log has of it.

use std::sync::Arc;

use connectors::audit::AuditWhat;
use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::settings::ConnectorSettings;
use connectors::view::{
    AuditListRequest, BeatOutcome, BulkConnectorView, HealthFilter, HealthState, Status,
};
use tokio_util::sync::CancellationToken;

use super::checks_field::{Field, at, html};
use super::clubs::connect;
use super::support::{raw, request};
use crate::api::federation::Reply;

const FOUR: [&str; 4] = ["ballyduff", "naas", "tralee", "ennis"];

fn codes(named: &[&str]) -> HealthFilter {
    HealthFilter {
        codes: Some(named.iter().map(|code| (*code).to_owned()).collect()),
        ..HealthFilter::default()
    }
}

async fn check(field: &Field, filter: HealthFilter) -> Vec<BulkConnectorView> {
    let wire = field.wire();
    let ways = move |_: &ConnectorSettings| Some(Arc::clone(&wire));
    let cancel = CancellationToken::new();
    field
        .app
        .check_all_over(&ways, filter, cancel)
        .await
        .unwrap()
}

/// Code, whether something was done, and who must act.
fn told(done: &[BulkConnectorView]) -> Vec<(&str, bool, Option<FailureClass>)> {
    done.iter()
        .map(|one| (one.code.as_str(), one.done, one.class))
        .collect()
}

/// How often something stands in the audit log.
async fn entered(field: &Field, what: AuditWhat) -> usize {
    let request = AuditListRequest {
        what: Some(what),
        limit: Some(500),
        ..AuditListRequest::default()
    };
    field.app.audit_list(request).await.unwrap().rows.len()
}

#[tokio::test]
async fn each_that_fits_is_asked_and_one_that_fails_stops_no_other() {
    let field = Field::new(&FOUR).await;
    field
        .app
        .connector_set_status("ennis", Status::Inactive)
        .await
        .unwrap();
    field.says("naas", Reply::status(503));
    field.says("tralee", html());
    let of_files = connectors::catalogue::show("foireann_members")
        .unwrap()
        .settings;
    let files = field
        .app
        .connector_add(request(of_files, None))
        .await
        .unwrap();
    let done = check(&field, HealthFilter::default()).await;
    let find = |code: &str| done.iter().find(|one| one.code == code).unwrap();
    assert_eq!(done.len(), 5, "all of them: {done:?}");
    for (code, was, class, says) in [
        ("ballyduff", true, None, None),
        (
            "naas",
            true,
            Some(FailureClass::FederationDown),
            Some("503"),
        ),
        (
            "tralee",
            true,
            Some(FailureClass::BadAnswer),
            Some("web page"),
        ),
        ("ennis", false, None, Some("paused")),
    ] {
        let one = find(code);
        assert_eq!((one.done, one.class), (was, class), "{one:?}");
        let problem = one.problem.as_deref();
        assert_eq!(problem.is_some(), says.is_some(), "{one:?}");
        assert!(
            says.is_none_or(|says| problem.is_some_and(|told| told.contains(says))),
            "{one:?}"
        );
    }
    let of_files = find(&files.row.code);
    assert_eq!(
        (of_files.done, of_files.problem.as_deref()),
        (false, None),
        "a file: nothing to check"
    );
    assert_eq!(field.came("ennis"), 0, "who is paused is not asked");
    assert_eq!(
        field.outcomes("tralee").await,
        [BeatOutcome::Failed],
        "by its own failure, because others answer"
    );
}

#[tokio::test]
async fn a_person_may_ask_a_stopped_one_and_a_good_answer_starts_it_again() {
    let field = Field::new(&["ballyduff"]).await;
    field.says("ballyduff", Reply::status(401));
    for _ in 0..5 {
        check(&field, HealthFilter::default()).await;
    }
    assert_eq!(
        field.state("ballyduff").await,
        (Status::Error, HealthState::ActionNeeded),
        "five times"
    );
    let refused = check(&field, HealthFilter::default()).await;
    assert_eq!(
        told(&refused),
        [("ballyduff", true, Some(FailureClass::BadCredentials))],
        "it was asked, and says why"
    );
    field.says("ballyduff", Reply::status(200));
    let done = check(&field, HealthFilter::default()).await;
    assert_eq!(told(&done), [("ballyduff", true, None)], "{done:?}");
    assert_eq!(
        field.state("ballyduff").await.0,
        Status::Active,
        "it runs again"
    );
}

#[tokio::test]
async fn without_a_network_one_is_asked_and_all_are_told() {
    let field = Field::new(&FOUR).await;
    field.answered_before();
    for code in FOUR {
        field.says(code, Reply::Fail(Finding::Offline));
    }
    let done = check(&field, HealthFilter::default()).await;
    assert_eq!(field.came_at_all(), 1, "one tells for all");
    assert!(
        done.iter()
            .all(|one| !one.done && one.class == Some(FailureClass::Offline)),
        "{done:?}"
    );
    for code in FOUR {
        assert_eq!(field.state(code).await.0, Status::Active, "{code}");
    }
}

#[tokio::test]
async fn who_is_stopped_before_their_turn_is_left_as_they_are() {
    let field = Field::new(&FOUR).await;
    let wire = field.wire();
    let ways = move |_: &ConnectorSettings| Some(Arc::clone(&wire));
    let cancel = CancellationToken::new();
    cancel.cancel();
    let done = field
        .app
        .check_all_over(&ways, HealthFilter::default(), cancel)
        .await
        .unwrap();
    assert_eq!(field.came_at_all(), 0, "nobody was asked");
    assert!(
        done.iter()
            .all(|one| one.class == Some(FailureClass::Cancelled)),
        "{done:?}"
    );
}

#[tokio::test]
async fn many_are_paused_and_resumed_and_each_is_entered_once() {
    let field = Field::new(&FOUR).await;
    let done = field
        .app
        .pause_all(codes(&["naas", "tralee"]))
        .await
        .unwrap();
    assert_eq!(
        told(&done),
        [("naas", true, None), ("tralee", true, None)],
        "by name"
    );
    assert!(
        done.iter().all(|one| one.state == HealthState::Paused),
        "{done:?}"
    );
    let all = field.app.pause_all(HealthFilter::default()).await.unwrap();
    assert_eq!(
        told(&all),
        [
            ("ballyduff", true, None),
            ("ennis", true, None),
            ("naas", false, None),
            ("tralee", false, None)
        ],
        "those that were paused are left alone"
    );
    assert_eq!(
        entered(&field, AuditWhat::ConnectorPaused).await,
        4,
        "an entry for each that was paused"
    );
    let paused = HealthFilter {
        state: Some(HealthState::Paused),
        ..HealthFilter::default()
    };
    let done = field.app.resume_all(paused).await.unwrap();
    assert_eq!(done.len(), 4, "all were paused");
    assert_eq!(
        entered(&field, AuditWhat::ConnectorResumed).await,
        4,
        "and each resumed"
    );
    let refused = field.app.pause_all(codes(&["naas", "nobody"])).await;
    assert_eq!(
        refused.unwrap_err().code(),
        Code::NotFound,
        "a code that nobody has is no empty filter"
    );
    assert_eq!(
        field.state("naas").await.0,
        Status::Active,
        "nothing was done then"
    );
}

#[tokio::test]
async fn errors_of_many_are_cleared_where_there_are_any() {
    let field = Field::new(&FOUR).await;
    for code in ["naas", "tralee"] {
        field.says(code, Reply::status(500));
    }
    for _ in 0..5 {
        check(&field, codes(&["naas"])).await;
    }
    check(&field, codes(&["tralee"])).await;
    let done = field
        .app
        .clear_errors_all(HealthFilter::default())
        .await
        .unwrap();
    assert_eq!(
        told(&done),
        [
            ("ballyduff", false, None),
            ("ennis", false, None),
            ("naas", true, None),
            ("tralee", true, None)
        ],
        "{done:?}"
    );
    assert_eq!(field.state("naas").await.0, Status::Active, "in use again");
}

#[tokio::test]
async fn who_fits_a_filter() {
    let field = Field::new(&["ballyduff", "naas"]).await;
    let mut made = at("tralee");
    made.preset = Some("generic_rest_key".to_owned());
    field.app.connector_add(request(made, None)).await.unwrap();
    field
        .app
        .connector_add(request(at("ennis"), None))
        .await
        .unwrap();
    connect(&field.app, "naas", "club-a", "Club A", "a-1").await;
    field.app.connector_remove("ennis").await.unwrap();
    field.says("ballyduff", Reply::status(500));
    for _ in 0..5 {
        check(&field, codes(&["ballyduff"])).await;
    }
    let all = HealthFilter::default;
    for (name, filter, expected) in [
        ("all", all(), &["ballyduff", "naas", "tralee"][..]),
        ("codes", codes(&["tralee", "naas"]), &["naas", "tralee"]),
        (
            "a preset",
            HealthFilter {
                preset: Some("generic_rest_key".to_owned()),
                ..all()
            },
            &["tralee"],
        ),
        (
            "a class",
            HealthFilter {
                class: Some(FailureClass::FederationDown),
                ..all()
            },
            &["ballyduff"],
        ),
        (
            "another class",
            HealthFilter {
                class: Some(FailureClass::BadAnswer),
                ..all()
            },
            &[],
        ),
        (
            "a state",
            HealthFilter {
                state: Some(HealthState::WaitingForFederation),
                ..all()
            },
            &["ballyduff"],
        ),
        (
            "a club",
            HealthFilter {
                org: Some("club-a".to_owned()),
                ..all()
            },
            &["naas"],
        ),
        (
            "a club and a preset",
            HealthFilter {
                org: Some("club-a".to_owned()),
                preset: Some("generic_rest_key".to_owned()),
                ..all()
            },
            &[],
        ),
        ("no code at all", codes(&[]), &[]),
    ] {
        let done = field.app.resume_all(filter).await.unwrap();
        let fit: Vec<&str> = done.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(fit, expected, "{name}");
    }
    let nobody = HealthFilter {
        org: Some("nobody".to_owned()),
        ..all()
    };
    assert_eq!(
        field.app.resume_all(nobody).await.unwrap_err().code(),
        Code::NotFound,
        "there is no such club"
    );
    let deleted = field.app.resume_all(codes(&["ennis"])).await;
    assert_eq!(
        deleted.unwrap_err().code(),
        Code::Deleted,
        "a deleted one is restored first"
    );
    let beats: u32 = raw(&field.bench)
        .query_row("SELECT count(*) FROM beat", [], |row| row.get(0))
        .unwrap();
    assert_eq!(beats, 5, "resuming asks nobody");
}

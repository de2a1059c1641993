//! Tests before saving: nothing is stored, and a save of just what was tested starts as tested.

use connectors::App;
use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{
    ConnectorAddRequest, ConnectorEditRequest, ConnectorListRequest, ConnectorSettings,
    CredentialsRequest, EventKind, HealthState, TestDraftRequest, TestDraftView,
};
use testkit::{Bench, api_key};

use super::support::{add, add_practice, at, code, codes, edit, kinds, practice, rules, settings};

async fn draft(
    app: &App,
    settings: ConnectorSettings,
    credentials: Option<CredentialsRequest>,
) -> TestDraftView {
    let request = TestDraftRequest {
        settings,
        credentials,
        code: None,
        organisation: None,
    };
    app.connector_test_draft(request, &mut |_| {})
        .await
        .unwrap()
}

fn save(
    settings: ConnectorSettings,
    credentials: CredentialsRequest,
    tested: &TestDraftView,
) -> ConnectorAddRequest {
    ConnectorAddRequest {
        settings,
        credentials: Some(credentials),
        test_handle: Some(tested.test_handle.clone()),
    }
}

#[tokio::test]
async fn a_save_of_what_was_tested_starts_as_tested() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut typed = at("", &practice, "key");
    // A test needs no name and no code yet, and a form sends its empty boxes as they are.
    typed.name = String::new();
    typed.endpoints.member_detail = Some(String::new());
    typed.endpoints.base = format!(" {}", typed.endpoints.base);
    let key = api_key(practice.api_key());
    let mut steps = Vec::new();
    let request = TestDraftRequest {
        settings: typed.clone(),
        credentials: Some(key.clone()),
        code: None,
        organisation: None,
    };
    let tested = app
        .connector_test_draft(request, &mut |step| steps.push(step.clone()))
        .await
        .unwrap();
    assert!(tested.report.ok, "the key is right: {:?}", tested.report);
    assert_eq!(
        steps, tested.report.steps,
        "each step is told as it is done"
    );
    assert!(
        codes(&app, ConnectorListRequest::default())
            .await
            .is_empty(),
        "a test before saving stores nothing"
    );
    typed.code = "ballyduff".to_owned();
    typed.name = "Ballyduff".to_owned();
    let made = app.connector_add(save(typed, key, &tested)).await.unwrap();
    assert_eq!(
        made.row.state,
        HealthState::Healthy,
        "just this was tested a moment ago"
    );
    assert!(made.credentials.tested, "with just these credentials");
    assert_eq!(
        made.last_test.as_ref(),
        Some(&tested.report),
        "the report is kept"
    );
    assert_eq!(
        kinds(&made),
        [
            EventKind::TestSucceeded,
            EventKind::CredentialsStored,
            EventKind::Created
        ],
        "and in the history"
    );
}

#[tokio::test]
async fn a_save_of_something_else_starts_untested() {
    type Change = fn(&mut ConnectorSettings);
    let changes: [(&str, Change); 5] = [
        ("address", |s| s.endpoints.verify = None),
        ("auth", |s| s.auth.header = Some("X-Other".to_owned())),
        ("paging", |s| s.paging.size = Some(7)),
        ("network", |s| {
            s.network.proxy = Some("http://127.0.0.1:1".to_owned());
        }),
        ("variables", |s| {
            s.variables.insert("tenant".to_owned(), "x".to_owned());
        }),
    ];
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let key = api_key(practice.api_key());
    for (changed, change) in changes {
        let tested = draft(&app, at(changed, &practice, "key"), Some(key.clone())).await;
        let mut other = at(changed, &practice, "key");
        change(&mut other);
        let made = app
            .connector_add(save(other, key.clone(), &tested))
            .await
            .unwrap();
        assert_eq!(
            made.row.state,
            HealthState::NotTested,
            "another {changed} was not tested"
        );
    }
    let tested = draft(&app, at("key", &practice, "key"), Some(key)).await;
    let made = app
        .connector_add(save(at("key", &practice, "key"), api_key("other"), &tested))
        .await
        .unwrap();
    assert_eq!(
        (made.row.state, made.credentials.tested),
        (HealthState::NotTested, false),
        "another key was not tested"
    );
}

#[tokio::test]
async fn a_handle_outlives_a_refused_save_and_unknown_ones_are_nothing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "taken").await;
    let key = api_key(practice.api_key());
    let tested = draft(&app, at("", &practice, "key"), Some(key.clone())).await;
    let refused = app
        .connector_add(save(at("taken", &practice, "key"), key.clone(), &tested))
        .await;
    assert_eq!(code(refused), Code::Duplicate, "the code is taken");
    let made = app
        .connector_add(save(at("free", &practice, "key"), key.clone(), &tested))
        .await
        .unwrap();
    assert_eq!(
        made.row.state,
        HealthState::Healthy,
        "choosing another code does not undo the test"
    );
    let unknown = TestDraftView {
        test_handle: "no such handle".to_owned(),
        ..tested
    };
    let made = app
        .connector_add(save(at("other", &practice, "key"), key, &unknown))
        .await
        .unwrap();
    assert_eq!(
        made.row.state,
        HealthState::NotTested,
        "a handle of nothing proves nothing"
    );
}

#[tokio::test]
async fn a_failed_test_before_saving_is_kept_as_what_it_is() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let wrong = api_key("wrong");
    let tested = draft(&app, at("x", &practice, "key"), Some(wrong.clone())).await;
    assert_eq!(
        tested.report.class,
        Some(FailureClass::BadCredentials),
        "the key is wrong"
    );
    let made = app
        .connector_add(save(at("ballyduff", &practice, "key"), wrong, &tested))
        .await
        .unwrap();
    assert_eq!(
        made.row.state,
        HealthState::ActionNeeded,
        "who saves it nevertheless sees what is wrong"
    );
}

#[tokio::test]
async fn an_edit_is_tested_with_the_stored_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add_practice(&app, "ballyduff", &practice).await;
    let mut changed = made.settings.clone();
    changed.paging.size = Some(7);
    let request = TestDraftRequest {
        settings: changed.clone(),
        credentials: None,
        code: Some("ballyduff".to_owned()),
        organisation: None,
    };
    let tested = app
        .connector_test_draft(request, &mut |_| {})
        .await
        .unwrap();
    assert!(tested.report.ok, "the stored key is used");
    let saved = app
        .connector_edit(ConnectorEditRequest {
            test_handle: Some(tested.test_handle),
            ..edit(&made, |s| *s = changed)
        })
        .await
        .unwrap();
    assert_eq!(
        saved.row.state,
        HealthState::Healthy,
        "just this was tested"
    );
    let untested = app
        .connector_edit(edit(&saved, |s| s.paging.size = Some(8)))
        .await
        .unwrap();
    assert_eq!(
        (untested.row.state, untested.last_test),
        (HealthState::NotTested, None),
        "what concerns the network makes the test void"
    );
    let saved = super::support::test(&app, "ballyduff").await;
    assert!(saved.ok, "it works");
    let seen = app.connector_show("ballyduff").await.unwrap();
    let renamed = app
        .connector_edit(edit(&seen, |s| s.name = "Another".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        renamed.row.state,
        HealthState::Healthy,
        "a name does not concern the network"
    );
}

#[tokio::test]
async fn a_draft_without_credentials_or_with_broken_settings_is_told() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let none = draft(&app, at("x", &practice, "key"), None).await;
    assert_eq!(
        none.report.finding,
        Some(Finding::CredentialsMissing),
        "there is nothing to send"
    );
    let mut broken = settings("x");
    broken.endpoints.base = "ftp://files.example".to_owned();
    let request = TestDraftRequest {
        settings: broken,
        credentials: None,
        code: None,
        organisation: None,
    };
    let outcome = app.connector_test_draft(request, &mut |_| {}).await;
    assert_eq!(
        rules(outcome)[0].0,
        "endpoints.base",
        "what cannot be tested is refused by its field"
    );
}

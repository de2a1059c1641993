//! Stored credentials go to the hosts that they were given for and to no other, however the
//! settings are changed: by an edit, an import, a test before saving, or a step back.

use connectors::error::Code;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{ConnectorSettings, CredentialsSetRequest, StepName, TestDraftRequest};
use testkit::{Bench, api_key};

use super::support::{add_practice, code, edit, practice, test};

#[tokio::test]
async fn stored_credentials_do_not_follow_a_change_of_host() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let server = practice().await;
    let view = add_practice(&app, "club", &server).await;
    assert!(
        test(&app, "club").await.ok,
        "the control: they work where they were given for"
    );
    let before = server.request_count();

    let mut moved = view.settings.clone();
    moved.endpoints.base = moved.endpoints.base.replace("127.0.0.1", "localhost");
    let draft = TestDraftRequest {
        settings: moved.clone(),
        credentials: None,
        code: Some("club".to_owned()),
        organisation: None,
    };
    let report = app
        .connector_test_draft(draft, &mut |_| ())
        .await
        .unwrap()
        .report;
    assert_eq!(
        (report.class, report.finding),
        (
            Some(FailureClass::BadCredentials),
            Some(Finding::CredentialsWithheld)
        ),
        "a test before saving does not send them to a typed address"
    );
    assert_eq!(
        report.steps[3].name,
        StepName::Auth,
        "the fourth step is the credentials'"
    );
    assert_eq!(
        report.steps[3].ok,
        Some(false),
        "that is the step that stopped"
    );

    let text = app.connector_export(Some("club")).await.unwrap();
    let imported = app
        .connector_import(&text.replace("127.0.0.1", "localhost"))
        .await
        .unwrap();
    assert_eq!(
        imported.updated,
        ["club"],
        "an import may change the address"
    );
    let report = test(&app, "club").await;
    assert_eq!(
        report.finding,
        Some(Finding::CredentialsWithheld),
        "and they do not follow"
    );
    assert_eq!(
        code(app.request("club", "/v1/me", false).await),
        Code::BadCredentials,
        "nor with a single request"
    );
    assert_eq!(server.request_count(), before, "no request was sent at all");

    let set = CredentialsSetRequest {
        code: "club".to_owned(),
        credentials: api_key(server.api_key()),
        test_first: false,
    };
    app.credentials_set(set).await.unwrap();
    assert!(
        test(&app, "club").await.ok,
        "given again, they work at the new address"
    );
    assert!(
        server.request_count() > before,
        "the control: requests are counted"
    );
}

#[tokio::test]
async fn the_port_may_change_and_the_way_back_is_open() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let (first, second) = (practice().await, practice().await);
    add_practice(&app, "club", &first).await;

    let base = format!("{}/key", second.base_url());
    let seen = app.connector_show("club").await.unwrap();
    app.connector_edit(edit(&seen, |s| s.endpoints.base = base))
        .await
        .unwrap();
    assert!(
        test(&app, "club").await.ok,
        "another port of the same host is the same host"
    );

    let seen = app.connector_show("club").await.unwrap();
    let away = |s: &mut ConnectorSettings| {
        s.endpoints.verify = Some("https://other.invalid/me".to_owned());
    };
    app.connector_edit(edit(&seen, away)).await.unwrap();
    assert_eq!(
        test(&app, "club").await.finding,
        Some(Finding::CredentialsWithheld),
        "one address on another host is enough"
    );
    let seen = app.connector_show("club").await.unwrap();
    let back = |s: &mut ConnectorSettings| s.endpoints.verify = Some("/v1/me".to_owned());
    app.connector_edit(edit(&seen, back)).await.unwrap();
    assert!(
        test(&app, "club").await.ok,
        "nothing was lost: back at its host it works again"
    );
}

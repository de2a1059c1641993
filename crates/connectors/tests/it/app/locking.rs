//! Locking: afterwards nothing is told but where the data is.

use connectors::error::{Error, LockReason};
use connectors::view::{ConnectorListRequest, SlotKind, Status, TestDraftRequest};
use testkit::Bench;

use super::support::{PASSPHRASE, add, edit, secret, set_key, settings};

#[tokio::test]
async fn after_locking_every_method_answers_locked() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let shown = add(&app, "ballyduff").await;
    set_key(&app, "ballyduff", "a key").await;
    app.lock().await.unwrap();
    app.lock().await.expect("locking twice does no harm");
    let credentials = connectors::view::CredentialsSetRequest {
        code: "ballyduff".to_owned(),
        credentials: testkit::api_key("another"),
        test_first: false,
    };
    let draft = TestDraftRequest {
        settings: settings("ballyduff"),
        credentials: None,
        code: None,
        organisation: None,
    };
    let list = ConnectorListRequest::default();
    let new = super::support::request(settings("new"), None);
    let unused = settings("new");
    let mut nothing = |_: &connectors::view::TestStepView| {};
    let mut other_nothing = |_: &connectors::view::TestStepView| {};
    let outcomes = [
        ("list", app.connector_list(list).await.err()),
        ("show", app.connector_show("ballyduff").await.err()),
        ("check", app.connector_check(unused, None).await.err()),
        ("add", app.connector_add(new).await.err()),
        ("edit", app.connector_edit(edit(&shown, |_| {})).await.err()),
        (
            "pause",
            app.connector_set_status("ballyduff", Status::Inactive)
                .await
                .err(),
        ),
        ("remove", app.connector_remove("ballyduff").await.err()),
        ("restore", app.connector_restore("ballyduff").await.err()),
        ("purge", app.connector_purge("ballyduff").await.err()),
        ("clone", app.connector_clone("ballyduff", "two").await.err()),
        ("export", app.connector_export(None).await.err()),
        ("import", app.connector_import(&import_of_one()).await.err()),
        ("credentials", app.credentials_set(credentials).await.err()),
        ("revert", app.credentials_revert("ballyduff").await.err()),
        (
            "test",
            app.connector_test("ballyduff", None, &mut nothing)
                .await
                .err(),
        ),
        (
            "draft",
            app.connector_test_draft(draft, &mut other_nothing)
                .await
                .err(),
        ),
        ("request", app.request("ballyduff", "/", false).await.err()),
        ("backup", app.db_backup(None).await.err()),
        ("daily backup", app.daily_backup().await.err()),
        ("db check", app.db_check().await.err()),
        ("key status", app.key_status().await.err()),
        ("rotate", app.key_rotate().await.err()),
        ("fresh keys", app.keep_keys_fresh().await.err()),
        (
            "add passphrase",
            app.key_add_passphrase(secret(PASSPHRASE)).await.err(),
        ),
        ("add keychain", app.key_add_keychain().await.err()),
        (
            "remove slot",
            app.key_remove_slot(SlotKind::Keychain).await.err(),
        ),
        (
            "practice",
            app.practice_connect("http://127.0.0.1:1", secret("k"))
                .await
                .err(),
        ),
        ("practice connector", app.practice_connector().await.err()),
    ];
    for (method, error) in outcomes {
        assert!(
            matches!(error, Some(Error::Locked(LockReason::ByUser))),
            "{method} needs the open file: {error:?}"
        );
    }
    assert!(
        app.status().await.connectors.is_none(),
        "not even numbers are told while locked"
    );
    app.open().await.unwrap();
    assert!(
        app.connector_show("ballyduff")
            .await
            .unwrap()
            .credentials
            .set,
        "locking loses nothing"
    );
}

fn import_of_one() -> String {
    connectors::connector_file::write(&[settings("new")]).unwrap()
}

//! Short words for what most tests through `App` need: connectors, a practice federation, the
//! bytes of a folder, and the raw database behind the product's back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors::App;
use connectors::error::{Code, FieldRule, Result};
use connectors::secret::SecretText;
use connectors::vault::{KeychainCaller, Sidecar, Vault, unlock_with_keychain};
use connectors::view::{
    AppStateView, ConnectorAddRequest, ConnectorEditRequest, ConnectorListRequest,
    ConnectorSettings, ConnectorView, CredentialsRequest, CredentialsSetRequest, EventKind,
    TestReportView,
};
use practice_federation::{Practice, PracticeOptions};
use testkit::Bench;

/// An address where nothing is ever asked by the tests that use it.
pub(crate) const NOWHERE: &str = "https://federation.invalid/api";
/// A passphrase that is long enough.
pub(crate) const PASSPHRASE: &str = "correct horse battery";

pub(crate) fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

/// Settings that break no rule and lead nowhere.
pub(crate) fn settings(code: &str) -> ConnectorSettings {
    testkit::settings(code, NOWHERE)
}

pub(crate) fn request(
    settings: ConnectorSettings,
    credentials: Option<CredentialsRequest>,
) -> ConnectorAddRequest {
    ConnectorAddRequest {
        settings,
        credentials,
        test_handle: None,
    }
}

/// Adds a connector without credentials that leads nowhere.
pub(crate) async fn add(app: &App, code: &str) -> ConnectorView {
    app.connector_add(request(settings(code), None))
        .await
        .unwrap()
}

/// Adds a connector to the practice federation with its key.
pub(crate) async fn add_practice(app: &App, code: &str, practice: &Practice) -> ConnectorView {
    let credentials = testkit::api_key(practice.api_key());
    app.connector_add(request(at(code, practice, "key"), Some(credentials)))
        .await
        .unwrap()
}

/// An edit of what was shown to these settings.
pub(crate) fn edit(
    shown: &ConnectorView,
    change: impl FnOnce(&mut ConnectorSettings),
) -> ConnectorEditRequest {
    let mut settings = shown.settings.clone();
    change(&mut settings);
    ConnectorEditRequest {
        code: shown.row.code.clone(),
        version: shown.version,
        settings,
        credentials: None,
        test_handle: None,
    }
}

/// Stores a key, untested.
pub(crate) async fn set_key(app: &App, code: &str, key: &str) -> ConnectorView {
    app.credentials_set(CredentialsSetRequest {
        code: code.to_owned(),
        credentials: testkit::api_key(key),
        test_first: false,
    })
    .await
    .unwrap()
}

/// Tests a saved connector.
pub(crate) async fn test(app: &App, code: &str) -> TestReportView {
    app.connector_test(code, None, &mut |_| {}).await.unwrap()
}

/// A practice federation with 40 members.
pub(crate) async fn practice() -> Practice {
    practice_federation::start(PracticeOptions {
        members: 40,
        ..PracticeOptions::default()
    })
    .await
    .unwrap()
}

/// Settings for one of the practice federation's ways to authenticate, e.g. `key`.
pub(crate) fn at(code: &str, practice: &Practice, way: &str) -> ConnectorSettings {
    let mut settings = testkit::settings(code, &format!("{}/{way}", practice.base_url()));
    settings.limits.timeout_seconds = 5;
    settings
}

pub(crate) async fn codes(app: &App, request: ConnectorListRequest) -> Vec<String> {
    let list = app.connector_list(request).await.unwrap();
    list.rows.into_iter().map(|row| row.code).collect()
}

pub(crate) fn kinds(view: &ConnectorView) -> Vec<EventKind> {
    view.events.iter().map(|event| event.kind).collect()
}

pub(crate) fn code<T: std::fmt::Debug>(outcome: Result<T>) -> Code {
    outcome.expect_err("it is refused").code()
}

/// The broken rules of a refusal.
pub(crate) fn rules<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<(String, FieldRule)> {
    match outcome.expect_err("it is refused") {
        connectors::error::Error::Invalid(fields) => {
            fields.into_iter().map(|f| (f.field, f.rule)).collect()
        }
        other => panic!("not broken fields: {other:?}"),
    }
}

pub(crate) async fn state(app: &App) -> AppStateView {
    app.status().await.app
}

/// Every file below a folder with its bytes; lock files, which never hold any, left out.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_none_or(|extension| extension != "lock") {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// The vault of a bench, opened past the app.
pub(crate) fn vault(bench: &Bench) -> (Sidecar, Vault) {
    let sidecar = sidecar(bench);
    let caller =
        KeychainCaller::with_deadline(Arc::clone(&bench.keychain) as _, Duration::from_secs(5));
    let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
    (sidecar, vault)
}

pub(crate) fn sidecar(bench: &Bench) -> Sidecar {
    Sidecar::read(&bench.path().join("connectors.keys.json"))
        .unwrap()
        .expect("there is a sidecar")
}

/// The database behind the product's back.
pub(crate) fn raw(bench: &Bench) -> rusqlite::Connection {
    let (_, vault) = vault(bench);
    let connection = rusqlite::Connection::open(bench.path().join("connectors.db")).unwrap();
    let key = vault.file_key().sqlcipher_pragma_value();
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA key = \"{}\";",
            *key
        ))
        .unwrap();
    connection
}

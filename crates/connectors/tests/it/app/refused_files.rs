//! Folders that must not be used as they are: missing halves, newer formats, damage. Each is told
//! as itself, changed by nobody, and left through a backup.

use std::fs;
use std::path::PathBuf;

use connectors::App;
use connectors::error::{Code, Error, LockReason};
use connectors::view::{AppStateView, ConnectorListRequest, InitialiseRequest};
use testkit::Bench;

use super::support::{
    PASSPHRASE, add, code, codes, contents, raw, secret, set_key, sidecar, state,
};

/// A closed file with one connector and a backup outside the folder.
async fn closed_with_backup(bench: &Bench) -> (tempfile::TempDir, PathBuf) {
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = elsewhere.path().join("one.fcbackup");
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    set_key(&app, "ballyduff", "a key").await;
    app.db_backup(Some(backup.clone())).await.unwrap();
    app.lock().await.unwrap();
    (elsewhere, backup)
}

async fn refused_as(app: &App, expected: Code) {
    match state(app).await {
        AppStateView::Refused { code, message } => {
            assert_eq!(code, expected, "the screen tells why: {message}");
        }
        other => panic!("a refused file is not {other:?}"),
    }
}

#[tokio::test]
async fn keys_without_their_file_are_refused_and_nothing_is_made_anew() {
    let bench = Bench::new();
    let (_elsewhere, backup) = closed_with_backup(&bench).await;
    fs::remove_file(bench.path().join("connectors.db")).unwrap();
    let before = contents(bench.path());
    let app = bench.app();
    let error = app.open().await.unwrap_err();
    assert_eq!(error.code(), Code::Damaged, "half of the data is missing");
    assert!(
        error.to_string().contains("missing"),
        "the sentence says what is wrong: {error}"
    );
    refused_as(&app, Code::Damaged).await;
    assert_eq!(
        code(app.initialise(InitialiseRequest::Keychain).await),
        Code::AlreadyInitialised,
        "an empty file must not take the place of a lost one"
    );
    assert_eq!(contents(bench.path()), before, "nothing is made");
    app.db_restore(&backup).await.unwrap();
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "a backup is the way out"
    );
}

#[tokio::test]
async fn a_file_without_its_keys_is_no_first_run() {
    let bench = Bench::new();
    let (_elsewhere, backup) = closed_with_backup(&bench).await;
    fs::remove_file(bench.path().join("connectors.keys.json")).unwrap();
    let before = contents(bench.path());
    let app = bench.app();
    refused_as(&app, Code::Damaged).await;
    assert_eq!(
        code(app.open().await),
        Code::Damaged,
        "the file cannot be opened without its keys"
    );
    refused_as(&app, Code::Damaged).await;
    assert_eq!(
        code(app.initialise(InitialiseRequest::Keychain).await),
        Code::AlreadyInitialised,
        "nothing is made over a file"
    );
    assert_eq!(contents(bench.path()), before, "nothing is changed");
    app.db_restore(&backup)
        .await
        .expect("the backup holds both halves");
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "both halves are back"
    );
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_unchanged() {
    for spoiled in ["keys", "file"] {
        let bench = Bench::new();
        closed_with_backup(&bench).await;
        if spoiled == "keys" {
            let mut newer = sidecar(&bench);
            newer.set_schema_version(99);
            newer
                .write(&bench.path().join("connectors.keys.json"))
                .unwrap();
        } else {
            let database = raw(&bench);
            database.pragma_update(None, "user_version", 99).unwrap();
            database
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .unwrap();
        }
        let before = contents(bench.path());
        for attempt in 1..=2 {
            let app = bench.app();
            let error = app.open().await;
            assert!(
                matches!(error, Err(Error::NewerSchema { found: 99, .. })),
                "{spoiled}, attempt {attempt}: {error:?}"
            );
            refused_as(&app, Code::NewerSchema).await;
            let later = app.connector_show("ballyduff").await;
            assert_eq!(
                code(later),
                Code::NewerSchema,
                "{spoiled}: what is refused stays refused"
            );
        }
        assert_eq!(
            contents(bench.path()),
            before,
            "{spoiled}: an older version changes no byte of a newer file"
        );
    }
}

#[tokio::test]
async fn a_text_file_as_database_is_refused_kept_and_replaced_by_a_backup() {
    let bench = Bench::new();
    let (_elsewhere, backup) = closed_with_backup(&bench).await;
    let database = bench.path().join("connectors.db");
    let text = "Dear club secretary,\nplease find the list below.\n".repeat(200);
    fs::write(&database, &text).unwrap();
    let before = contents(bench.path());
    let app = bench.app();
    let error = app.open().await;
    assert!(
        matches!(&error, Err(Error::Damaged { path }) if *path == database),
        "the damaged file is named: {error:?}"
    );
    refused_as(&app, Code::Damaged).await;
    assert_eq!(contents(bench.path()), before, "no byte is changed");
    app.db_restore(&backup).await.unwrap();
    let kept = contents(bench.path())
        .into_iter()
        .find(|(_, bytes)| *bytes == text.as_bytes());
    let (name, _) = kept.expect("the damaged file is kept, whatever it is");
    assert!(
        name.starts_with("connectors.db."),
        "and lies beside the data: {name}"
    );
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "what the backup held is back"
    );
}

#[tokio::test]
async fn a_damaged_small_file_is_refused_unchanged() {
    for (case, text) in [
        ("empty", ""),
        ("no JSON", "not ours"),
        ("another JSON", r#"{"format":1}"#),
    ] {
        let bench = Bench::new();
        let (_elsewhere, backup) = closed_with_backup(&bench).await;
        fs::write(bench.path().join("connectors.keys.json"), text).unwrap();
        let before = contents(bench.path());
        let app = bench.app();
        refused_as(&app, Code::Damaged).await;
        assert_eq!(
            code(app.open().await),
            Code::Damaged,
            "{case}: damage is no first run"
        );
        assert_eq!(
            code(app.initialise(InitialiseRequest::Keychain).await),
            Code::AlreadyInitialised,
            "{case}: and no reason for a new key"
        );
        assert_eq!(contents(bench.path()), before, "{case}: nothing is changed");
        app.db_restore(&backup)
            .await
            .expect("the backup is the way out");
    }
}

#[tokio::test]
async fn the_file_of_another_key_is_refused_unchanged() {
    let (bench, other) = (Bench::new(), Bench::new());
    closed_with_backup(&bench).await;
    closed_with_backup(&other).await;
    fs::copy(
        other.path().join("connectors.db"),
        bench.path().join("connectors.db"),
    )
    .unwrap();
    let before = contents(bench.path());
    let app = bench.app();
    assert_eq!(
        code(app.open().await),
        Code::Damaged,
        "the keychain's key is right and the file is not its file"
    );
    assert_eq!(contents(bench.path()), before, "no byte is changed");
}

#[tokio::test]
async fn a_backup_opens_in_an_empty_folder_with_keychain_or_passphrase() {
    let bench = Bench::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let backup = elsewhere.path().join("one.fcbackup");
    let app = bench.open_app().await;
    app.key_add_passphrase(secret(PASSPHRASE)).await.unwrap();
    add(&app, "ballyduff").await;
    app.db_backup(Some(backup.clone())).await.unwrap();

    let new_computer = Bench::new();
    for (account, key) in bench.keychain.entries() {
        new_computer.keychain.put(&account, &key);
    }
    let moved = new_computer.app();
    moved.db_restore(&backup).await.unwrap();
    assert_eq!(
        codes(&moved, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "with the key in the keychain it opens at once"
    );

    let without_entry = Bench::new();
    let moved = without_entry.app();
    let outcome = moved.db_restore(&backup).await;
    assert!(
        matches!(outcome, Err(Error::Locked(LockReason::KeychainNoEntry))),
        "restored, and locked until the passphrase comes: {outcome:?}"
    );
    moved.unlock(Some(secret(PASSPHRASE))).await.unwrap();
    assert_eq!(
        codes(&moved, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "the passphrase opens it on any computer"
    );
}

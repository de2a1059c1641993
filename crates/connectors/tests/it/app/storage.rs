//! Folders that cannot be written and disks that are full: a typed error with a sentence, and
//! nothing half-done.

use std::fs;
use std::path::Path;

use connectors::error::{Code, Error};
use connectors::view::{AppSettings, AppStateView, InitialiseRequest};
use connectors::{App, AppOptions};

use super::support::{code, contents, state};

fn app_in(folder: &Path) -> App {
    App::new(AppOptions {
        keychain: std::sync::Arc::new(testkit::MemoryKeychain::new()),
        ..AppOptions::system(folder.to_owned())
    })
}

/// Everything that writes on a first run is refused with this code and a sentence naming the place.
async fn refused(folder: &Path, expected: Code) {
    let app = app_in(folder);
    let outcomes = [
        (
            "initialise",
            app.initialise(InitialiseRequest::Keychain).await,
        ),
        (
            "settings",
            app.settings_set(AppSettings::default()).await.map(drop),
        ),
    ];
    for (what, outcome) in outcomes {
        let error = outcome.expect_err("nothing can be written there");
        assert_eq!(error.code(), expected, "{what}: {error:?}");
        assert!(
            matches!(error, Error::Storage { .. }) && error.to_string().contains("cannot "),
            "{what}: a sentence says what could not be done: {error}"
        );
    }
    assert!(
        app.open().await.is_err(),
        "and there is nothing to open either"
    );
    assert!(
        !matches!(state(&app).await, AppStateView::Open),
        "nothing is open"
    );
    let doctor = app.doctor().await;
    let folder_line = doctor.iter().find(|line| line.name == "data folder");
    assert_eq!(
        folder_line.and_then(|line| line.ok),
        Some(false),
        "the doctor finds it: {doctor:?}"
    );
}

#[tokio::test]
async fn a_data_folder_below_a_file_is_refused() {
    let ground = tempfile::tempdir().unwrap();
    let file = ground.path().join("a file");
    fs::write(&file, "of a person").unwrap();
    refused(&file.join("data"), Code::StorageFailed).await;
    refused(&file, Code::StorageFailed).await;
    assert_eq!(
        contents(ground.path()).len(),
        1,
        "nothing is put anywhere else"
    );
    assert_eq!(
        fs::read(&file).unwrap(),
        b"of a person",
        "the file is as it was"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_data_folder_without_permission_is_refused() {
    // Nobody may make a folder here, not even root.
    refused(Path::new("/sys/federation-connectors"), Code::StorageDenied).await;
}

#[tokio::test]
async fn a_folder_where_the_data_file_should_be_is_refused() {
    let ground = tempfile::tempdir().unwrap();
    fs::create_dir(ground.path().join("connectors.db")).unwrap();
    let app = app_in(ground.path());
    assert_eq!(
        code(app.initialise(InitialiseRequest::Keychain).await),
        Code::AlreadyInitialised,
        "something has the name already"
    );
    assert!(app.open().await.is_err(), "and it is no data file");
    assert!(
        ground.path().join("connectors.db").is_dir(),
        "it stays what it is"
    );
}

#[cfg(target_os = "linux")]
mod full_disk {
    use connectors::error::Code;
    use connectors::view::{AppStateView, InitialiseRequest};
    use testkit::disk_fault::{Call, DiskFault, Effect, Fault};

    use crate::app::child::{Ground, numbered};
    use crate::app::support::{add, state};
    use crate::store::child::start;

    const FIRST: u32 = 60;

    fn full_from(at: u32) -> Fault {
        Fault {
            call: Call::Write,
            at,
            effect: Effect::NoSpace,
            lasting: true,
        }
    }

    #[tokio::test]
    async fn a_full_disk_is_told_by_a_first_run_which_can_be_tried_again() {
        let build = tempfile::tempdir().unwrap();
        let fault = DiskFault::build(build.path()).unwrap();
        let log = build.path().join("log");
        let mut told = 0;
        // Each of the first writes (folder, keys, the first pages), then one in thirteen: what follows are pages of one migration after
        // another, a head and a body each.
        for at in (1..FIRST).chain((FIRST..).step_by(13)) {
            let ground = Ground::new();
            let mut command = ground.command("initialise");
            let needle = ground.data().display().to_string();
            fault
                .arm(&mut command, &needle, full_from(at), &log)
                .unwrap();
            let facts = start(&mut command).finish();
            if !DiskFault::fired(&log).unwrap() {
                assert_eq!(facts, ["initialise ok"], "undisturbed it succeeds");
                break;
            }
            assert!(
                facts
                    .iter()
                    .any(|fact| fact.starts_with("initialise StorageFull")),
                "write {at}: the full disk is told: {facts:?}"
            );
            told += 1;
            let app = ground.app();
            match state(&app).await {
                AppStateView::FirstRun => {
                    app.initialise(InitialiseRequest::Keychain).await.unwrap();
                }
                AppStateView::Locked { .. } => app.open().await.unwrap(),
                other => panic!("write {at}: no way on from {other:?}"),
            }
            add(&app, "ballyduff").await;
        }
        assert!(told >= 3, "a first run writes more than {told} times");
    }

    #[tokio::test]
    async fn a_full_disk_is_told_by_a_change_and_loses_nothing() {
        let build = tempfile::tempdir().unwrap();
        let fault = DiskFault::build(build.path()).unwrap();
        let log = build.path().join("log");
        let mut told = 0;
        for at in (1..).step_by(3) {
            let ground = Ground::new();
            let app = ground.app();
            app.initialise(InitialiseRequest::Keychain).await.unwrap();
            add(&app, "ballyduff").await;
            app.credentials_set(numbered(0)).await.unwrap();
            app.lock().await.unwrap();
            let mut command = ground.command("credentials");
            command.env("FC_FIRST", "1").env("FC_COUNT", "2");
            fault
                .arm(&mut command, "connectors.db-wal", full_from(at), &log)
                .unwrap();
            let facts = start(&mut command).finish();
            app.open().await.unwrap();
            let check = app.db_check().await.unwrap();
            assert!(check.ok, "write {at}: the file is whole: {check:?}");
            let shown = app.connector_show("ballyduff").await.unwrap();
            let acks = facts.iter().filter(|fact| fact.starts_with("ack ")).count();
            let day = crate::app::child::day(u32::try_from(acks).unwrap());
            assert_eq!(
                shown.credentials.expires_on.as_deref(),
                Some(day.as_str()),
                "write {at}: the last one that was told is stored: {facts:?}"
            );
            if !DiskFault::fired(&log).unwrap() {
                assert_eq!(acks, 2, "undisturbed both are stored: {facts:?}");
                break;
            }
            let expected = format!("error {:?}", Code::StorageFull);
            if facts.iter().any(|fact| fact.starts_with(&expected)) {
                told += 1;
            }
        }
        assert!(told > 0, "some change ran into the full disk");
    }
}

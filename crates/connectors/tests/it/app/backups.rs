//! Backups (M2): made, kept, restored with usable credentials, and refused where damaged.

use std::fs;

use connectors::error::Code;
use connectors::view::{AppStateView, ConnectorListRequest};
use testkit::Bench;

use super::support::{
    add, add_practice, code, codes, contents, practice, raw, set_key, state, test,
};

#[tokio::test]
async fn a_restored_backup_has_connectors_and_usable_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    let made = app.db_backup(None).await.unwrap();
    assert!(made.verified, "a backup is read back before it counts");
    let listed = app.db_backups().unwrap();
    assert_eq!(
        (listed.len(), &listed[0].path, listed[0].made_at),
        (1, &made.path, made.made_at),
        "it is in the list"
    );

    set_key(&app, "ballyduff", "changed afterwards").await;
    add(&app, "afterwards").await;
    app.db_restore_own(made.path.as_ref()).await.unwrap();
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "what was made afterwards is not in it"
    );
    assert!(
        test(&app, "ballyduff").await.ok,
        "its credentials can be opened and used"
    );
    let aside = contents(bench.path())
        .into_keys()
        .filter(|name| name.contains("replaced"))
        .count();
    assert!(aside >= 2, "what was there is moved aside, not deleted");
    let check = app.db_check().await.unwrap();
    assert!(check.ok, "the restored file is whole: {check:?}");
}

#[tokio::test]
async fn a_backup_never_overwrites_and_a_stranger_chooses_no_path() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let taken = elsewhere.path().join("taken");
    fs::write(&taken, "something of a person").unwrap();
    assert_eq!(
        code(app.db_backup(Some(taken.clone())).await),
        Code::BadFile,
        "a file that is there stays"
    );
    assert_eq!(
        fs::read(&taken).unwrap(),
        b"something of a person",
        "byte for byte"
    );
    let outside = elsewhere.path().join("outside.fcbackup");
    app.db_backup(Some(outside.clone())).await.unwrap();
    assert_eq!(
        code(app.db_restore_own(&outside).await),
        Code::NotFound,
        "the window restores out of the app's own folder only"
    );
    assert!(
        matches!(state(&app).await, AppStateView::Open),
        "a refused restore closes nothing"
    );
}

#[tokio::test]
async fn a_damaged_backup_is_refused_and_the_file_stays_open_as_it_is() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    let elsewhere = tempfile::tempdir().unwrap();
    let good = elsewhere.path().join("good.fcbackup");
    app.db_backup(Some(good.clone())).await.unwrap();
    let bytes = fs::read(&good).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    let cases = [
        ("cut", bytes[..bytes.len() / 2].to_vec()),
        ("flipped", flipped),
        ("empty", Vec::new()),
        ("a text", b"not a backup".to_vec()),
    ];
    let path = elsewhere.path().join("damaged.fcbackup");
    for (case, bytes) in cases {
        fs::write(&path, bytes).unwrap();
        for locked in [false, true] {
            if locked {
                app.lock().await.unwrap();
            }
            let before = serde_json::to_string(&state(&app).await).unwrap();
            let outcome = app.db_restore(&path).await;
            assert_eq!(
                code(outcome),
                Code::BadFile,
                "{case}: it cannot take the place of anything"
            );
            assert_eq!(
                serde_json::to_string(&state(&app).await).unwrap(),
                before,
                "{case}: it is as open or as locked as before"
            );
            app.open().await.unwrap();
            assert_eq!(
                codes(&app, ConnectorListRequest::default()).await,
                ["ballyduff"],
                "{case}: the data is untouched"
            );
        }
    }
    let outcome = app.db_restore(&elsewhere.path().join("nothing")).await;
    assert_eq!(code(outcome), Code::BadFile, "there is no such file");
    let aside = contents(bench.path())
        .into_keys()
        .filter(|name| name.contains("replaced"))
        .count();
    assert_eq!(aside, 0, "nothing was moved for what was refused");
}

#[tokio::test]
async fn a_backup_is_restored_while_locked() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    let made = app.db_backup(None).await.unwrap();
    app.connector_remove("ballyduff").await.unwrap();
    app.lock().await.unwrap();
    assert_eq!(app.db_backups().unwrap().len(), 1, "the list needs no key");
    app.db_restore_own(made.path.as_ref()).await.unwrap();
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["ballyduff"],
        "restored and opened"
    );
}

#[tokio::test]
async fn a_daily_backup_is_made_once_a_day_and_seven_are_kept() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    for day in 0..10 {
        add(&app, &format!("day_{day}")).await;
        for _ in 0..3 {
            app.daily_backup().await.unwrap();
            bench.clock.advance_ms(1_000);
        }
        bench.clock.advance_days(1);
        assert_eq!(
            app.db_backups().unwrap().len(),
            (day + 1).min(7),
            "day {day}: one a day, seven at most"
        );
    }
    let newest = &app.db_backups().unwrap()[0];
    app.db_restore_own(newest.path.as_ref()).await.unwrap();
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await.len(),
        10,
        "the newest one is kept"
    );
}

#[tokio::test]
async fn db_check_finds_credentials_that_were_swapped_or_altered() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    for code in ["one", "two", "three"] {
        add(&app, code).await;
        set_key(&app, code, "the same key").await;
    }
    let check = app.db_check().await.unwrap();
    assert_eq!(
        (check.ok, check.credentials_checked),
        (true, 3),
        "as stored each can be opened: {check:?}"
    );
    assert!(check.pages > 0, "pages are read");
    // Of the same kind, the same length and the same content, moved to another's row.
    raw(&bench)
        .execute_batch(
            "CREATE TEMP TABLE rows AS SELECT c.federation_code AS code, k.id, k.sealed
                 FROM credential k JOIN connector c ON c.credential_id = k.id;
             UPDATE credential SET sealed = (SELECT sealed FROM rows WHERE code = 'two')
                 WHERE id = (SELECT id FROM rows WHERE code = 'one');
             UPDATE credential SET sealed = (SELECT sealed FROM rows WHERE code = 'one')
                 WHERE id = (SELECT id FROM rows WHERE code = 'two');",
        )
        .unwrap();
    let check = app.db_check().await.unwrap();
    assert_eq!(
        (check.ok, check.problems.len(), check.credentials_checked),
        (false, 2, 3),
        "both are found, the third is whole: {check:?}"
    );
    assert_eq!(
        code(app.connector_test("one", None, &mut |_| {}).await),
        Code::Internal,
        "another connector's credentials are never sent"
    );
}

//! First run and opening: every state of a keychain, and the ways out.

use connectors::error::{Code, Error, LockReason};
use connectors::vault::KeychainError;
use connectors::view::{AppStateView, ConnectorListRequest, InitialiseRequest, SlotKind};
use testkit::Bench;

use super::support::{PASSPHRASE, add, code, codes, contents, rules, secret, sidecar, state};

#[tokio::test]
async fn a_first_run_stores_the_key_in_the_keychain_and_reads_it_back() {
    let bench = Bench::new();
    let app = bench.app();
    assert!(
        matches!(state(&app).await, AppStateView::FirstRun),
        "an empty folder is a first run"
    );
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    assert_eq!(bench.keychain.entries().len(), 1, "one key is stored");
    assert_eq!(
        (bench.keychain.writes(), bench.keychain.reads()),
        (1, 1),
        "it is read back before anything relies on it"
    );
    assert!(
        matches!(state(&app).await, AppStateView::Open),
        "a first run ends with an open file"
    );
    let before = contents(bench.path());
    for again in [
        InitialiseRequest::Keychain,
        InitialiseRequest::Passphrase {
            passphrase: secret(PASSPHRASE),
        },
    ] {
        for who in [&app, &bench.app()] {
            assert_eq!(
                code(who.initialise(again.clone()).await),
                Code::AlreadyInitialised,
                "a second key would make the first file unreadable"
            );
        }
    }
    assert_eq!(bench.keychain.writes(), 1, "no second key is made");
    assert_eq!(contents(bench.path()), before, "no byte is changed");
    assert!(
        matches!(state(&app).await, AppStateView::Open),
        "a refused first run closes nothing"
    );
}

#[tokio::test]
async fn a_first_run_that_fails_leaves_nothing_that_blocks_the_next() {
    let failures = [
        (KeychainError::Absent, LockReason::KeychainAbsent),
        (KeychainError::Locked, LockReason::KeychainLocked),
        (KeychainError::Dismissed, LockReason::KeychainDismissed),
        (KeychainError::TimedOut, LockReason::KeychainTimeout),
        (KeychainError::Failed("died"), LockReason::KeychainFailed),
    ];
    for (failure, reason) in failures {
        let bench = Bench::new();
        bench.keychain.fail_with(Some(failure));
        let app = bench.app();
        let error = app.initialise(InitialiseRequest::Keychain).await;
        assert!(
            matches!(error, Err(Error::Locked(found)) if found == reason),
            "{failure:?} is told as itself: {error:?}"
        );
        assert!(
            contents(bench.path()).is_empty(),
            "{failure:?}: nothing is written before the key is safe"
        );
        assert!(
            matches!(state(&app).await, AppStateView::FirstRun),
            "{failure:?}: it is still a first run"
        );
        bench.keychain.fail_with(None);
        app.initialise(InitialiseRequest::Keychain).await.unwrap();
    }
}

#[tokio::test]
async fn a_keychain_that_forgets_is_found_out_before_a_file_is_made() {
    let bench = Bench::new();
    bench.keychain.forget_writes();
    let app = bench.app();
    let error = app.initialise(InitialiseRequest::Keychain).await;
    assert!(
        matches!(error, Err(Error::Locked(LockReason::KeychainFailed))),
        "it said stored and did not: {error:?}"
    );
    assert!(contents(bench.path()).is_empty(), "no file is left behind");
    app.initialise(InitialiseRequest::Passphrase {
        passphrase: secret(PASSPHRASE),
    })
    .await
    .expect("a passphrase is the way out");
}

#[tokio::test]
async fn a_short_passphrase_is_refused_before_anything_is_made() {
    let bench = Bench::new();
    for short in ["", "elevenchars", "éééééééééé"] {
        let outcome = bench
            .app()
            .initialise(InitialiseRequest::Passphrase {
                passphrase: secret(short),
            })
            .await;
        assert_eq!(
            rules(outcome),
            vec![(
                "passphrase".to_owned(),
                connectors::error::FieldRule::TooShort
            )],
            "{short:?} has less than 12 characters"
        );
    }
    assert!(contents(bench.path()).is_empty(), "no file is left behind");
}

/// One way for a keychain to be of no use, how to bring it about, and how to mend it.
type KeychainCase = (LockReason, fn(&Bench), fn(&Bench));

/// A keychain that stops in the middle of a call.
const DIED: KeychainError = KeychainError::Failed("it died");

const KEYCHAIN_STATES: [KeychainCase; 7] = [
    (
        LockReason::KeychainAbsent,
        |bench| bench.keychain.fail_with(Some(KeychainError::Absent)),
        |bench| bench.keychain.fail_with(None),
    ),
    (
        LockReason::KeychainLocked,
        |bench| bench.keychain.fail_with(Some(KeychainError::Locked)),
        |bench| bench.keychain.fail_with(None),
    ),
    (
        LockReason::KeychainDismissed,
        |bench| bench.keychain.fail_with(Some(KeychainError::Dismissed)),
        |bench| bench.keychain.fail_with(None),
    ),
    (
        LockReason::KeychainFailed,
        |bench| bench.keychain.fail_with(Some(DIED)),
        |bench| bench.keychain.fail_with(None),
    ),
    (
        LockReason::KeychainTimeout,
        |bench| bench.keychain.hold(),
        |bench| bench.keychain.release(),
    ),
    (
        LockReason::KeychainNoEntry,
        |bench| {
            // Kept aside under another name, as in the keychain of another computer.
            for (account, key) in bench.keychain.entries() {
                bench.keychain.lose_all();
                bench.keychain.put(&format!("aside {account}"), &key);
            }
        },
        |bench| {
            for (account, key) in bench.keychain.entries() {
                bench
                    .keychain
                    .put(account.strip_prefix("aside ").unwrap(), &key);
            }
        },
    ),
    (
        LockReason::KeychainWrongKey,
        |bench| {
            for (account, key) in bench.keychain.entries() {
                bench.keychain.put("aside", &key);
                bench
                    .keychain
                    .put(&account, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
            }
        },
        |bench| {
            let key = bench.keychain.entries().remove("aside").unwrap();
            for account in bench.keychain.entries().into_keys() {
                bench.keychain.put(&account, &key);
            }
        },
    ),
];

#[tokio::test]
async fn every_keychain_state_is_a_reason_that_changes_nothing_and_has_a_way_out() {
    for (reason, spoil, mend) in KEYCHAIN_STATES {
        let bench = Bench::new();
        let app = bench.open_app().await;
        add(&app, "ballyduff").await;
        app.key_add_passphrase(secret(PASSPHRASE)).await.unwrap();
        app.lock().await.unwrap();
        spoil(&bench);
        let before = contents(bench.path());
        let app = bench.app();
        for attempt in 1..=2 {
            let error = app.open().await;
            assert!(
                matches!(error, Err(Error::Locked(found)) if found == reason),
                "{reason:?}, attempt {attempt}: {error:?}"
            );
            match state(&app).await {
                AppStateView::Locked {
                    reason: shown,
                    slots,
                } => {
                    assert_eq!(shown, reason, "the screen tells the same reason");
                    assert_eq!(
                        slots,
                        [SlotKind::Keychain, SlotKind::Passphrase],
                        "{reason:?}: both ways in are offered"
                    );
                }
                other => panic!("{reason:?}: locked is not {other:?}"),
            }
        }
        assert_eq!(
            contents(bench.path()),
            before,
            "{reason:?}: no byte is changed"
        );
        let by_passphrase = bench.app();
        by_passphrase
            .unlock(Some(secret(PASSPHRASE)))
            .await
            .expect("the passphrase does not need the keychain");
        by_passphrase.lock().await.unwrap();
        mend(&bench);
        // A call that hung may still be ending when the next one is made, which is then told so at
        // once: a person presses "try again".
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
        while let Err(error) = app.open().await {
            let waiting = std::time::Instant::now() < patience;
            assert!(waiting, "a mended keychain opens the file: {error}");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(
            codes(&app, ConnectorListRequest::default()).await,
            ["ballyduff"],
            "{reason:?}: what was there is there"
        );
    }
}

#[tokio::test]
async fn bar_07_a_lost_entry_never_makes_a_new_key() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    app.lock().await.unwrap();
    bench.keychain.lose_all();
    let before = contents(bench.path());
    let writes = bench.keychain.writes();
    for start in 1..=100 {
        let app = bench.app();
        let error = app.open().await;
        assert!(
            matches!(error, Err(Error::Locked(LockReason::KeychainNoEntry))),
            "start {start}: {error:?}"
        );
        assert_eq!(
            code(app.initialise(InitialiseRequest::Keychain).await),
            Code::AlreadyInitialised,
            "start {start}: not even when asked"
        );
    }
    assert_eq!(bench.keychain.writes(), writes, "0 new keys in 100 starts");
    assert!(
        bench.keychain.entries().is_empty(),
        "the keychain stays as it is"
    );
    assert_eq!(contents(bench.path()), before, "every byte is as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn bar_10_a_hundred_first_uses_read_the_keychain_once() {
    let bench = Bench::new();
    bench.open_app().await.lock().await.unwrap();
    let before = bench.keychain.reads();
    let app = bench.app();
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.open().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().expect("each of them finds it open");
    }
    assert_eq!(
        bench.keychain.reads() - before,
        1,
        "each read may ask a person"
    );
}

#[tokio::test]
async fn a_passphrase_is_added_opens_and_is_removed() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let keys = app.key_add_passphrase(secret(PASSPHRASE)).await.unwrap();
    let slots: Vec<SlotKind> = keys.slots.iter().map(|slot| slot.kind).collect();
    assert_eq!(
        slots,
        [SlotKind::Keychain, SlotKind::Passphrase],
        "both ways in are there"
    );
    app.lock().await.unwrap();

    let mut told = Vec::new();
    for wrong in ["wrong horse battery", "", "correct horse battery "] {
        let error = app.unlock(Some(secret(wrong))).await.unwrap_err();
        assert_eq!(
            error.code(),
            Code::WrongPassphrase,
            "{wrong:?} is not the passphrase"
        );
        told.push(error.to_string());
        assert!(
            matches!(
                state(&app).await,
                AppStateView::Locked {
                    reason: LockReason::ByUser,
                    ..
                }
            ),
            "a mistyped passphrase changes nothing about why the file is locked"
        );
    }
    told.dedup();
    assert_eq!(told.len(), 1, "nothing tells how wrong it was: {told:?}");

    app.unlock(Some(secret(PASSPHRASE))).await.unwrap();
    app.key_remove_slot(SlotKind::Keychain).await.unwrap();
    assert!(
        bench.keychain.entries().is_empty(),
        "a removed way in leaves no key behind"
    );
    assert_eq!(
        code(app.key_remove_slot(SlotKind::Passphrase).await),
        Code::LastSlot,
        "without a way in the data would be lost"
    );
    assert_eq!(
        code(app.key_remove_slot(SlotKind::Keychain).await),
        Code::NotFound,
        "what is not there cannot be removed"
    );
    app.lock().await.unwrap();
    let error = app.open().await;
    assert!(
        matches!(error, Err(Error::Locked(LockReason::PassphraseNeeded))),
        "without a keychain slot the keychain is not asked: {error:?}"
    );
    app.unlock(Some(secret(PASSPHRASE))).await.unwrap();
    app.key_add_keychain().await.unwrap();
    app.key_remove_slot(SlotKind::Passphrase).await.unwrap();
    app.lock().await.unwrap();
    assert_eq!(
        code(app.unlock(Some(secret(PASSPHRASE))).await),
        Code::NotFound,
        "a removed passphrase opens nothing"
    );
    app.open().await.expect("the keychain does again");
}

#[tokio::test]
async fn a_first_run_that_was_killed_is_finished_by_the_next_opening() {
    let bench = Bench::new();
    bench.open_app().await.lock().await.unwrap();
    // What a kill between the sidecar and the database leaves.
    let mut half = sidecar(&bench);
    half.set_schema_version(0);
    let path = bench.path().join("connectors.keys.json");
    half.write(&path).unwrap();
    std::fs::remove_file(bench.path().join("connectors.db")).unwrap();
    let app = bench.app();
    assert_eq!(
        code(app.initialise(InitialiseRequest::Keychain).await),
        Code::AlreadyInitialised,
        "its key is there: no second one"
    );
    app.open().await.expect("the first run is finished");
    add(&app, "ballyduff").await;
    assert_eq!(
        bench.keychain.writes(),
        1,
        "with the key that was made then"
    );
    assert!(
        sidecar(&bench).schema_version() > 0,
        "from now on a missing file is noticed"
    );
}

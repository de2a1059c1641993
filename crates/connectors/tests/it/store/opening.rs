//! Creating, opening, closing and refusing (bars 32 to 34).

use std::fs;
use std::os::unix::fs::PermissionsExt;

use connectors::error::{Code, LockReason};
use connectors::store::Store;

use super::support::{
    DATABASE_ID, KEY, NOW, OTHER_KEY, Place, connector, contents, holds, id, open,
};

#[test]
fn what_was_written_is_there_after_closing_and_opening() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| tx.insert_connector(&connector(1)))
        .unwrap();
    store.close().unwrap();
    let names: Vec<String> = contents(place.folder.path()).into_keys().collect();
    assert_eq!(
        names,
        ["connectors.db", "connectors.key"],
        "closing leaves one file and no log"
    );
    let found = place
        .open()
        .read_blocking(|tx| tx.connector_by_code("club_00001"))
        .unwrap();
    assert_eq!(
        found,
        Some(connector(1)),
        "every column comes back as it went in"
    );
}

#[test]
fn files_are_private_and_in_no_place_in_clear() {
    let place = Place::new();
    let folder = place.folder.path().join("new").join("folder");
    let path = folder.join("connectors.db");
    let store = Store::create(&path, KEY, DATABASE_ID, NOW).unwrap();
    store
        .write_blocking(|tx| tx.insert_connector(&connector(7)))
        .unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700, "others cannot look into the folder");
    for entry in fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{} is for its owner", file.display());
    }
    let needle = connector(7).name.into_bytes();
    assert!(
        holds(&[b"..", needle.as_slice(), b".."].concat(), &needle),
        "the search finds a name where there is one"
    );
    for (name, bytes) in contents(&folder) {
        assert!(
            !holds(&bytes, &needle),
            "{name} must not hold a name in clear"
        );
        assert!(
            !holds(&bytes, b"SQLite format 3"),
            "{name} must not show that it is a database"
        );
    }
}

#[test]
fn creating_never_replaces_a_file() {
    let place = Place::new();
    place.create().close().unwrap();
    let before = contents(place.folder.path());
    let error = Store::create(&place.data(), KEY, DATABASE_ID, NOW).unwrap_err();
    assert_eq!(
        error.code(),
        Code::AlreadyInitialised,
        "a file is there: {error}"
    );
    assert_eq!(contents(place.folder.path()), before, "it was not touched");
}

#[test]
fn an_error_and_a_panic_roll_back() {
    let place = Place::new();
    let store = place.create();
    let refused: Result<(), _> = store.write_blocking(|tx| {
        tx.insert_connector(&connector(1))?;
        Err(connectors::error::Error::refused(Code::Invalid, "no"))
    });
    assert!(refused.is_err(), "the closure's error comes out");
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), _> = store.write_blocking(|tx| {
            tx.insert_connector(&connector(2)).unwrap();
            panic!("in the middle of a transaction");
        });
    }));
    assert!(panicked.is_err(), "the panic goes on to the caller");
    for n in [1, 2] {
        let found = store.read_blocking(|tx| tx.connector_by_id(id(n))).unwrap();
        assert_eq!(found, None, "transaction {n} was rolled back");
    }
    store
        .write_blocking(|tx| tx.insert_connector(&connector(3)))
        .expect("the writer works after a panic");
}

#[test]
fn a_closed_store_answers_locked_on_every_clone() {
    let place = Place::new();
    let store = place.create();
    let clone = store.clone();
    store.close().unwrap();
    clone.close().expect("closing twice does no harm");
    for result in [
        clone.read_blocking(|tx| tx.meta("x").map(|_| ())),
        clone.write_blocking(|tx| tx.set_meta("x", "y")),
    ] {
        assert!(
            matches!(
                result,
                Err(connectors::error::Error::Locked(LockReason::ByUser))
            ),
            "after closing nothing is read or written: {result:?}"
        );
    }
}

#[test]
fn eight_tasks_read_while_one_writes() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    let place = Place::new();
    let store = place.create();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for n in 0..8_u128 {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                for k in 0..20 {
                    let record = connector(n * 100 + k);
                    store
                        .write(move |tx| tx.insert_connector(&record))
                        .await
                        .unwrap();
                    let found = store
                        .read(move |tx| tx.connector_by_id(id(n * 100 + k)))
                        .await
                        .unwrap();
                    assert!(
                        found.is_some(),
                        "a reader sees what was committed before it began"
                    );
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    let all = store
        .read_blocking(|tx| tx.connector_counts().map(|counts| counts.all))
        .unwrap();
    assert_eq!(all, 160, "no write was lost");
}

#[test]
fn a_newer_format_is_refused_and_untouched() {
    // Bar 33. The log is left beside the file, as a crash would leave it.
    let place = Place::new();
    let store = place.create();
    store.close().unwrap();
    super::child::run("newer_format", &place.data(), &[]).wait_killed();
    let before = contents(place.folder.path());
    assert!(
        before.contains_key("connectors.db-wal"),
        "the harness leaves a log behind: {:?}",
        before.keys()
    );
    for _ in 0..2 {
        let error = open(&place.data()).unwrap_err();
        assert_eq!(error.code(), Code::NewerSchema, "{error}");
        assert!(
            error.to_string().contains("format 99"),
            "the sentence names the format: {error}"
        );
        assert_eq!(
            contents(place.folder.path()),
            before,
            "file, log and shared memory are the same byte for byte"
        );
    }
}

#[test]
fn what_is_no_file_of_ours_is_refused_and_untouched() {
    let cases: [(&str, &[u8]); 5] = [
        (
            "a text file",
            b"Dear treasurer,\nthe keys are under the mat.\n",
        ),
        ("an empty file", b""),
        (
            "a foreign plain database",
            b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20",
        ),
        ("one byte", b"x"),
        ("a page of zeroes", &[0; 4096]),
    ];
    for (what, bytes) in cases {
        let place = Place::new();
        fs::write(place.data(), bytes).unwrap();
        let before = contents(place.folder.path());
        let error = open(&place.data()).unwrap_err();
        assert_eq!(error.code(), Code::Damaged, "{what}: {error}");
        assert_eq!(
            contents(place.folder.path()),
            before,
            "{what} was not touched"
        );
    }
}

#[test]
fn a_wrong_key_and_another_database_are_refused_and_untouched() {
    let place = Place::new();
    place.create().close().unwrap();
    let before = contents(place.folder.path());
    let cases = [
        (OTHER_KEY, DATABASE_ID, "another key"),
        (KEY, id(9), "another sidecar"),
    ];
    for (key, database_id, what) in cases {
        let error =
            Store::open(&place.data(), key, database_id, NOW, |_, _, _| Ok(())).unwrap_err();
        assert_eq!(error.code(), Code::Damaged, "{what}: {error}");
        let said = format!("{error:?}");
        assert!(
            !said.contains("000102030405"),
            "an error never quotes the key: {said}"
        );
        assert_eq!(
            contents(place.folder.path()),
            before,
            "{what} changed nothing"
        );
    }
}

#[test]
fn a_missing_file_and_a_link_are_not_opened() {
    let place = Place::new();
    let error = open(&place.data()).unwrap_err();
    assert_eq!(
        error.code(),
        Code::StorageFailed,
        "nothing is created: {error}"
    );
    assert!(!place.data().exists(), "opening never makes a file");
    let elsewhere = Place::new();
    elsewhere.create().close().unwrap();
    std::os::unix::fs::symlink(elsewhere.data(), place.data()).unwrap();
    assert!(
        open(&place.data()).is_err(),
        "a link could lead anywhere and is not followed"
    );
}

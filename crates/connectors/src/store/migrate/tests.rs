//! Migrations with a longer list than the released one: the hook, the order, and every point where a
//! process can die or a disk can fail in the middle (bar 31).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failing test panics"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use testkit::disk_fault::{Call, DiskFault, Effect, Fault};
use uuid::Uuid;

use super::{MIGRATIONS, Migration, newest};
use crate::clock::UtcMillis;
use crate::error::{Code, Error};
use crate::store::connection::{self, Mode};
use crate::store::{SCHEMA_VERSION, Store, check, files, meta, transaction};

const KEY: &str = "x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'";
const ID: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001);
const NOW: UtcMillis = UtcMillis(1_795_433_612_000);

/// The released list and two made-up steps.
fn longer() -> Vec<Migration> {
    let mut list = MIGRATIONS.to_vec();
    list.push(Migration {
        version: SCHEMA_VERSION + 1,
        sql: "CREATE TABLE club (id BLOB PRIMARY KEY NOT NULL, name TEXT NOT NULL) STRICT;
              INSERT INTO club SELECT id, name FROM connector;
              CREATE INDEX club_by_name ON club (name);",
    });
    list.push(Migration {
        version: SCHEMA_VERSION + 2,
        sql: "ALTER TABLE club ADD COLUMN county TEXT;
              UPDATE club SET county = 'Antrim';",
    });
    list
}

fn filled(path: &Path) {
    let store = Store::create(path, KEY, ID, NOW).unwrap();
    fill(&store);
    store.close().unwrap();
}

fn fill(store: &Store) {
    store
        .write_blocking(|tx| {
            for n in 0..50_u8 {
                tx.connection
                    .execute(
                        "INSERT INTO connector (id, federation_code, name, name_key, search_key,
                             status, state, attention, auth_kind, environment, created_at, updated_at)
                         VALUES (?1, ?2, ?2, ?2, ?2, 'active', 'healthy', 1, 'basic', 'test', 0, 0)",
                        (Uuid::from_u128(u128::from(n)).as_bytes().as_slice(), format!("c{n}")),
                    )
                    .unwrap();
            }
            Ok(())
        })
        .unwrap();
}

fn open_longer(path: &Path) -> crate::error::Result<Store> {
    Store::open_with(path, KEY, ID, NOW, &longer(), |_, _, _| Ok(()))
}

/// The format, after checking that the file is whole and has just what that format has.
fn whole_format(path: &Path) -> u32 {
    let store = Store::open_with(path, KEY, ID, NOW, &longer(), |_, _, _| {
        Err(Error::refused(Code::Cancelled, "only looking"))
    });
    let store = match store {
        Ok(store) => store,
        Err(error) => {
            assert_eq!(error.code(), Code::Cancelled, "the file must open: {error}");
            Store::open(path, KEY, ID, NOW, |_, _, _| Ok(())).unwrap_or_else(|error| {
                // Between the two steps the released version rightly sees a newer format.
                assert_eq!(error.code(), Code::NewerSchema, "{error}");
                let step = &longer()[..=MIGRATIONS.len()];
                Store::open_with(path, KEY, ID, NOW, step, |_, _, _| Ok(())).unwrap()
            })
        }
    };
    let format = store.schema_version().unwrap();
    let found: (u32, u32, u32) = store
        .read_blocking(|tx| {
            let count = |sql: &str| {
                tx.connection
                    .query_row(sql, [], |row| row.get(0))
                    .unwrap_or(0)
            };
            Ok((
                count("SELECT count(*) FROM connector"),
                count("SELECT count(*) FROM club"),
                count("SELECT count(*) FROM club WHERE county = 'Antrim'"),
            ))
        })
        .unwrap();
    let expected = match format - SCHEMA_VERSION {
        0 => (50, 0, 0),
        1 => (50, 50, 0),
        _ => (50, 50, 50),
    };
    assert_eq!(
        found, expected,
        "format {format} has all of its data and nothing of the next"
    );
    assert_eq!(
        check::check(&store).unwrap().problems,
        Vec::<String>::new(),
        "the file is whole"
    );
    store.close().unwrap();
    format
}

#[test]
fn the_list_counts_without_gaps_up_to_the_known_format() {
    for (n, migration) in MIGRATIONS.iter().enumerate() {
        assert_eq!(
            usize::try_from(migration.version).unwrap(),
            n + 1,
            "no gap in the list"
        );
    }
    assert_eq!(
        newest(MIGRATIONS),
        SCHEMA_VERSION,
        "the constant is the end of the list"
    );
}

/// A file as the version wrote it whose newest format was `format`, with 50 connectors in it.
fn as_released(path: &Path, format: usize) {
    let list = &MIGRATIONS[..format];
    files::create_private(path).unwrap();
    let mut connection = connection::open(path, KEY, Mode::Write).unwrap();
    super::migrate(&mut connection, path, list, NOW).unwrap();
    transaction::write(&mut connection, path, |tx| {
        tx.set_meta(meta::DATABASE_ID, &ID.to_string())
    })
    .unwrap();
    connection::close(connection);
    let store = Store::open_with(path, KEY, ID, NOW, list, |_, _, _| Ok(())).unwrap();
    fill(&store);
    store.close().unwrap();
}

#[test]
fn bar_33_every_released_format_opens_and_keeps_its_data() {
    for format in 1..=MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connectors.db");
        as_released(&path, format);
        let mut asked = Vec::new();
        let store = Store::open(&path, KEY, ID, NOW, |_, from, to| {
            asked.push((from, to));
            Ok(())
        })
        .unwrap();
        let old = u32::try_from(format).unwrap();
        let expected = if old == SCHEMA_VERSION {
            vec![]
        } else {
            vec![(old, SCHEMA_VERSION)]
        };
        assert_eq!(asked, expected, "a backup comes before every upgrade");
        assert_eq!(store.schema_version().unwrap(), SCHEMA_VERSION, "upgraded");
        let connectors: u32 = store
            .read_blocking(|tx| {
                Ok(tx
                    .connection
                    .query_row("SELECT count(*) FROM connector", [], |row| row.get(0))
                    .unwrap())
            })
            .unwrap();
        assert_eq!(connectors, 50, "format {format} lost nothing");
        store.close().unwrap();
        assert_eq!(whole_format(&path), SCHEMA_VERSION, "and the file is whole");
    }
}

#[test]
fn the_hook_runs_once_before_the_first_step_and_can_stop_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("connectors.db");
    filled(&path);
    let stopped = Store::open_with(&path, KEY, ID, NOW, &longer(), |store, from, to| {
        assert_eq!(
            (from, to),
            (SCHEMA_VERSION, SCHEMA_VERSION + 2),
            "the whole way is told"
        );
        assert_eq!(
            store.schema_version().unwrap(),
            from,
            "nothing has happened yet"
        );
        Err(Error::refused(Code::StorageFull, "no room for a backup"))
    });
    assert_eq!(
        stopped.unwrap_err().code(),
        Code::StorageFull,
        "its error comes out"
    );
    assert_eq!(
        whole_format(&path),
        SCHEMA_VERSION,
        "without a backup nothing is migrated"
    );
    let mut called = 0;
    for _ in 0..2 {
        Store::open_with(&path, KEY, ID, NOW, &longer(), |_, _, _| {
            called += 1;
            Ok(())
        })
        .unwrap()
        .close()
        .unwrap();
    }
    assert_eq!(called, 1, "an up-to-date file needs no hook");
    assert_eq!(whole_format(&path), SCHEMA_VERSION + 2, "both steps ran");
}

#[test]
fn a_failing_step_leaves_the_format_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("connectors.db");
    filled(&path);
    let mut list = longer();
    list[MIGRATIONS.len() + 1].sql = "UPDATE club SET name = 'half done'; SELECT * FROM nothing;";
    let error = Store::open_with(&path, KEY, ID, NOW, &list, |_, _, _| Ok(())).unwrap_err();
    assert_eq!(
        error.code(),
        Code::Internal,
        "a wrong statement is our own mistake: {error}"
    );
    assert_eq!(
        whole_format(&path),
        SCHEMA_VERSION + 1,
        "the first step stays, the second is undone"
    );
}

#[test]
fn two_processes_may_migrate_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("connectors.db");
    filled(&path);
    std::thread::scope(|scope| {
        let opened: Vec<_> = (0..4).map(|_| scope.spawn(|| open_longer(&path))).collect();
        for thread in opened {
            thread.join().unwrap().expect("the late ones find it done");
        }
    });
    assert_eq!(whole_format(&path), SCHEMA_VERSION + 2, "migrated once");
}

#[test]
fn a_kill_or_a_failing_disk_at_any_call_leaves_a_whole_format() {
    let folder = tempfile::tempdir().unwrap();
    let fault = DiskFault::build(folder.path()).unwrap();
    for (call, effect) in [
        (Call::Any, Effect::Kill),
        (Call::Write, Effect::NoSpace),
        (Call::Write, Effect::InputOutput),
        (Call::Sync, Effect::InputOutput),
    ] {
        let mut seen = std::collections::BTreeSet::new();
        let mut at = 1;
        loop {
            let place = tempfile::tempdir().unwrap();
            let path = place.path().join("connectors.db");
            filled(&path);
            let log = folder.path().join("fault.log");
            let mut child = Command::new(std::env::current_exe().unwrap());
            child
                .args(["--exact", "store::migrate::tests::child", "--nocapture"])
                .env("FC_MIGRATE", &path)
                .stdout(Stdio::null());
            let plan = Fault {
                call,
                at,
                effect,
                lasting: true,
            };
            fault.arm(&mut child, "connectors.db", plan, &log).unwrap();
            child.status().unwrap();
            let fired = DiskFault::fired(&log).unwrap();
            let format = whole_format(&path);
            if !fired {
                assert_eq!(format, SCHEMA_VERSION + 2, "undisturbed it migrates");
                break;
            }
            seen.insert(format);
            at += 1;
        }
        assert!(
            at > 3,
            "{call:?} {effect:?}: the fault fired at {} points",
            at - 1
        );
        assert!(
            seen.contains(&SCHEMA_VERSION),
            "{call:?} {effect:?}: early faults keep the old format"
        );
    }
}

/// The process that is disturbed; nothing in an ordinary run.
#[test]
fn child() {
    let Ok(path) = std::env::var("FC_MIGRATE") else {
        return;
    };
    let result = open_longer(Path::new(&path)).and_then(|store| store.close());
    // Whether it was told is asserted by the other side; here it must only not panic.
    writeln!(
        std::io::stdout(),
        "{:?}",
        result.map_err(|error| error.code())
    )
    .unwrap();
}

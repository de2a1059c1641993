//! Full disks, failing disks and folders without permission (bar 32).

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::time::Instant;

use connectors::store::check::check;
use testkit::disk_fault::{Call, DiskFault, Effect, Fault};

use super::child;
use super::support::{Place, connector, id};

/// A user who owns nothing.
const NOBODY: u32 = 65_534;

/// Lets a writer of three rows run into a fault at every call in turn; answers how many there were.
fn sweep(needle: &str, call: Call, effect: Effect, expected: &str) -> u32 {
    let build = Place::new();
    let fault = DiskFault::build(build.folder.path()).unwrap();
    let log = build.folder.path().join("log");
    let mut told = 0;
    for at in 1.. {
        let place = Place::new();
        let store = place.create();
        store
            .write_blocking(|tx| tx.insert_connector(&connector(900)))
            .unwrap();
        store.close().unwrap();
        let mut command = child::command("writer", &place.data());
        command.env("FC_CHILD_COUNT", "3");
        let plan = Fault {
            call,
            at,
            effect,
            lasting: true,
        };
        fault.arm(&mut command, needle, plan, &log).unwrap();
        let facts = child::start(&mut command).finish();
        let fired = DiskFault::fired(&log).unwrap();
        let acks = facts.iter().filter(|fact| fact.starts_with("ack ")).count();
        if let Some(error) = facts.iter().find(|fact| fact.starts_with("error ")) {
            assert!(fired, "without a fault there is no error: {error}");
            assert!(error.starts_with(expected), "call {at}: {error}");
            told += 1;
        }
        let store = place.open();
        for n in 0..acks {
            let found = store
                .read_blocking(|tx| tx.connector_by_id(id(u128::try_from(n).unwrap())))
                .unwrap();
            assert!(
                found.is_some(),
                "call {at}: row {n} was acknowledged and is there"
            );
        }
        let kept = store
            .read_blocking(|tx| tx.connector_by_id(id(900)))
            .unwrap();
        assert!(kept.is_some(), "call {at}: what was there before stays");
        assert_eq!(
            check(&store).unwrap().problems,
            Vec::<String>::new(),
            "call {at}: whole"
        );
        if !fired {
            assert_eq!(acks, 3, "undisturbed all three are written: {facts:?}");
            assert!(told > 0, "some of the {at} faults were told");
            return at - 1;
        }
    }
    unreachable!("the loop ends where the fault no longer fires")
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let calls = sweep(
        "connectors.db-wal",
        Call::Write,
        Effect::NoSpace,
        "error StorageFull",
    );
    assert!(calls >= 6, "each commit writes to the log: {calls}");
}

#[test]
fn a_disk_that_fails_to_write_or_sync_is_told_and_loses_nothing() {
    for call in [Call::Write, Call::Sync] {
        let calls = sweep(
            "connectors.db-wal",
            call,
            Effect::InputOutput,
            "error StorageFailed",
        );
        assert!(calls >= 3, "each commit does: {calls}");
    }
}

#[test]
fn a_full_disk_while_creating_leaves_nothing_or_a_whole_file() {
    let build = Place::new();
    let fault = DiskFault::build(build.folder.path()).unwrap();
    let log = build.folder.path().join("log");
    let mut at = 1;
    loop {
        for (effect, expected) in [(Effect::NoSpace, "create StorageFull"), (Effect::Kill, "")] {
            let place = Place::new();
            let mut command = child::command("create", &place.data());
            let (call, lasting) = match effect {
                Effect::Kill => (Call::Any, false),
                _ => (Call::Write, true),
            };
            let plan = Fault {
                call,
                at,
                effect,
                lasting,
            };
            fault
                .arm(&mut command, "connectors.db", plan, &log)
                .unwrap();
            let facts = child::start(&mut command).finish();
            let fired = DiskFault::fired(&log).unwrap();
            if !fired {
                assert_eq!(facts, ["create ok"], "undisturbed it is made");
                if effect == Effect::Kill {
                    assert!(at > 10, "creating makes many calls: {at}");
                    return;
                }
                continue;
            }
            if place.data().exists() {
                let store = place.open();
                assert_eq!(
                    check(&store).unwrap().problems,
                    Vec::<String>::new(),
                    "call {at}: whole"
                );
            } else {
                if effect == Effect::NoSpace {
                    assert!(facts[0].starts_with(expected), "call {at}: {facts:?}");
                }
                place.create();
            }
        }
        at += 1;
    }
}

/// Opens or creates as a user without rights, unless these tests already run as one.
fn as_nobody(program: &Path, role: &str, path: &Path) -> String {
    let mut command = child::command_of(program, role, path);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let watch = Instant::now();
    let facts = child::start(&mut command).finish();
    assert!(watch.elapsed().as_secs() < 2, "the answer comes at once");
    facts.into_iter().next().expect("the child answers")
}

#[test]
fn missing_permissions_are_told_and_change_nothing() {
    let give = |path: &Path, mode: u32| {
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    // The folder of the sources may be closed to others, so the copy lives where all can run it.
    let open_to_all = Place::new();
    give(open_to_all.folder.path(), 0o755);
    let program = open_to_all.folder.path().join("tests");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    give(&program, 0o755);
    // Role, mode of the folder, mode of the data file and of the lock.
    let cases = [
        ("create", 0o555, None, "create StorageDenied"),
        ("create", 0o000, None, "create StorageDenied"),
        ("open", 0o555, Some((0o600, 0o600)), "open StorageDenied"),
        ("open", 0o555, Some((0o400, 0o600)), "open StorageDenied"),
        ("open", 0o755, Some((0o000, 0o600)), "open StorageDenied"),
        ("open", 0o755, Some((0o600, 0o400)), "open StorageDenied"),
        ("open", 0o000, Some((0o600, 0o600)), "open StorageDenied"),
        ("open", 0o755, Some((0o600, 0o600)), "open ok"),
    ];
    for (role, folder, files, expected) in cases {
        let place = Place::new();
        let mut before = None;
        if let Some((data, lock)) = files {
            place.create().close().unwrap();
            before = Some(fs::read(place.data()).unwrap());
            give(&place.data(), data);
            give(&connectors::store::owner::lock_path(&place.data()), lock);
        }
        give(place.folder.path(), folder);
        let answer = as_nobody(&program, role, &place.data());
        give(place.folder.path(), 0o755);
        assert!(
            answer.starts_with(expected),
            "{role} {folder:o} {files:?}: {answer}"
        );
        if let Some(before) = before {
            give(&place.data(), 0o600);
            assert_eq!(
                fs::read(place.data()).unwrap(),
                before,
                "the file is as it was"
            );
        } else {
            assert!(!place.data().exists(), "nothing was made");
        }
    }
}

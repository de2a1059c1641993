//! Backups and restoring (bar 35).

use std::fs;
use std::path::Path;

use connectors::clock::UtcMillis;
use connectors::error::Code;
use connectors::store::backup::{
    self, KEPT, backup, daily_backup, daily_backup_due, file_name, list_backups,
};
use connectors::store::check::check;
use connectors::store::restore::{finish_interrupted_restore, restore};
use testkit::disk_fault::{Call, DiskFault, Effect, Fault};

use super::child;
use super::support::{KEY, NOW, Place, connector, contents, holds, open, rounds};

#[test]
fn backups_taken_while_another_process_writes_are_whole_and_restorable() {
    let place = Place::new();
    let store = place.create();
    let mut writer = child::run("writer", &place.data(), &[]);
    assert_eq!(
        writer.fact().as_deref(),
        Some("ready"),
        "the writer is at work"
    );
    let mut before: i64 = -1;
    for n in 0..rounds(20, 100) {
        let told = writer.fact().expect("the writer writes on");
        let acknowledged: i64 = told.strip_prefix("ack ").unwrap().parse().unwrap();
        let to = place.folder.path().join(format!("{n}.fcbackup"));
        let record = backup(&store, &place.sidecar(), KEY, &to, NOW).unwrap();
        assert!(
            record.verified && record.size > 10_000,
            "checked after writing: {record:?}"
        );
        let elsewhere = Place::new();
        restore(&to, &elsewhere.data(), &elsewhere.sidecar(), NOW).unwrap();
        let restored = elsewhere.open();
        let last: i64 = restored
            .read_blocking(|tx| Ok(tx.meta("last")?.map_or(-1, |text| text.parse().unwrap())))
            .unwrap();
        assert!(
            last >= acknowledged && last >= before,
            "what was committed before is in it"
        );
        assert_eq!(
            check(&restored).unwrap().problems,
            Vec::<String>::new(),
            "backup {n} is whole"
        );
        before = last;
    }
}

#[test]
fn a_backup_overwrites_nothing_and_shows_no_name() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| tx.insert_connector(&connector(1)))
        .unwrap();
    let to = place.folder.path().join("mine.fcbackup");
    backup(&store, &place.sidecar(), KEY, &to, NOW).unwrap();
    let bytes = fs::read(&to).unwrap();
    assert!(
        !holds(&bytes, connector(1).name.as_bytes()),
        "no name in clear"
    );
    assert!(!holds(&bytes, b"SQLite format 3"), "the copy is encrypted");
    assert!(holds(&bytes, b"sidecar one"), "the sidecar is in it");
    let names: Vec<_> = contents(place.folder.path()).into_keys().collect();
    let error = backup(&store, &place.sidecar(), KEY, &to, NOW).unwrap_err();
    assert_eq!(error.code(), Code::BadFile, "{error}");
    assert!(
        error.to_string().contains("never overwrites"),
        "a sentence: {error}"
    );
    assert_eq!(
        fs::read(&to).unwrap(),
        bytes,
        "the earlier one is as it was"
    );
    let after: Vec<_> = contents(place.folder.path()).into_keys().collect();
    assert_eq!(after, names, "no leftovers");
    let nowhere = place
        .folder
        .path()
        .join("no such folder")
        .join("x.fcbackup");
    let error = backup(&store, &place.sidecar(), KEY, &nowhere, NOW).unwrap_err();
    assert_eq!(
        error.code(),
        Code::StorageFailed,
        "a missing folder is told: {error}"
    );
}

#[test]
fn a_backup_on_a_full_disk_is_told_and_leaves_no_half_one() {
    let build = Place::new();
    let fault = DiskFault::build(build.folder.path()).unwrap();
    let log = build.folder.path().join("log");
    let mut at = 1;
    loop {
        let place = Place::new();
        place.create().close().unwrap();
        let to = place.folder.path().join("full.fcbackup");
        let mut command = child::command("backup", &place.data());
        command
            .env("FC_CHILD_TO", &to)
            .env("FC_CHILD_SIDECAR", place.sidecar());
        let plan = Fault {
            call: Call::Write,
            at,
            effect: Effect::NoSpace,
            lasting: true,
        };
        fault
            .arm(&mut command, "full.fcbackup", plan, &log)
            .unwrap();
        let facts = child::start(&mut command).finish();
        if !DiskFault::fired(&log).unwrap() {
            assert_eq!(facts, ["backup ok"], "undisturbed it is taken");
            assert!(at > 3, "a backup writes more than once: {at}");
            return;
        }
        assert!(
            facts[0].starts_with("backup StorageFull"),
            "call {at}: {facts:?}"
        );
        let names: Vec<_> = contents(place.folder.path()).into_keys().collect();
        assert_eq!(
            names,
            ["connectors.db", "connectors.key"],
            "call {at}: nothing half is left"
        );
        at += 1;
    }
}

#[test]
fn seven_daily_backups_are_kept_and_one_a_day_is_due() {
    let place = Place::new();
    let store = place.create();
    let folder = place.folder.path().join("backups");
    assert!(daily_backup_due(&folder, NOW).unwrap(), "none yet");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    fs::write(
        folder.join("connectors-20200101-000000.fcbackup"),
        "not a backup",
    )
    .unwrap();
    let mine = folder.join("before the summer.fcbackup");
    backup(&store, &place.sidecar(), KEY, &mine, UtcMillis(0)).unwrap();
    for day in 0..10 {
        let now = NOW.plus_days(day);
        assert!(daily_backup_due(&folder, now).unwrap(), "day {day}");
        daily_backup(&store, &place.sidecar(), KEY, &folder, now).unwrap();
        let later = UtcMillis(now.0 + 86_399_999);
        assert!(
            !daily_backup_due(&folder, later).unwrap(),
            "one a day is enough"
        );
    }
    assert!(
        daily_backup_due(&folder, NOW).unwrap(),
        "a clock that was wrong does not stop backups"
    );
    let listed = list_backups(&folder).unwrap();
    let made: Vec<_> = listed.iter().map(|record| record.made_at).collect();
    let expected: Vec<_> = (3..10)
        .rev()
        .map(|day| NOW.plus_days(day))
        .chain([UtcMillis(0)])
        .collect();
    assert_eq!(
        made, expected,
        "the newest {KEPT} and the person's own, newest first"
    );
    assert!(
        folder.join("notes.txt").exists(),
        "other files are left alone"
    );
    assert!(
        folder.join("connectors-20200101-000000.fcbackup").exists(),
        "what is no backup is not removed either"
    );
    assert_eq!(
        file_name(UtcMillis(0)),
        "connectors-19700101-000000.fcbackup",
        "the name is the time"
    );
}

/// Two states that can be told apart: the present one and the one in the backup.
fn two_states(place: &Place) -> std::path::PathBuf {
    let store = place.create();
    store
        .write_blocking(|tx| tx.set_meta("state", "one"))
        .unwrap();
    let to = place.folder.path().join("one.fcbackup");
    backup(&store, &place.sidecar(), KEY, &to, NOW).unwrap();
    store
        .write_blocking(|tx| tx.set_meta("state", "two"))
        .unwrap();
    store.close().unwrap();
    fs::write(place.sidecar(), b"sidecar two").unwrap();
    to
}

fn state(path: &Path) -> String {
    let store = open(path).unwrap();
    let state = store.read_blocking(|tx| tx.meta("state")).unwrap().unwrap();
    assert_eq!(
        check(&store).unwrap().problems,
        Vec::<String>::new(),
        "the file is whole"
    );
    store.close().unwrap();
    state
}

#[test]
fn restoring_replaces_both_files_and_keeps_what_was_there() {
    let place = Place::new();
    let from = two_states(&place);
    // A log of the present file, as a crash leaves it: it must not be played into the restored one.
    let mut writer = child::run("writer", &place.data(), &[]);
    while writer.fact().is_some_and(|fact| fact != "ack 3") {}
    writer.kill();
    let log = place.folder.path().join("connectors.db-wal");
    assert!(
        fs::metadata(&log).unwrap().len() > 0,
        "the harness leaves a log"
    );
    let restored = restore(&from, &place.data(), &place.sidecar(), NOW).unwrap();
    assert!(!log.exists(), "the old log is not beside the new file");
    assert_eq!(
        fs::read(place.sidecar()).unwrap(),
        b"sidecar one",
        "its own sidecar"
    );
    assert_eq!(state(&place.data()), "one", "the data of the backup");
    let replaced = restored.replaced.expect("there was a file");
    let kept = open(&replaced).unwrap();
    let (old, last) = kept
        .read_blocking(|tx| Ok((tx.meta("state")?, tx.meta("last")?)))
        .unwrap();
    assert_eq!(
        old.as_deref(),
        Some("two"),
        "the old data can still be opened"
    );
    assert!(last.is_some(), "with what was only in its log");
    assert!(restored.backup.verified, "the backup was compared before");
    restore(&from, &place.data(), &place.sidecar(), NOW).expect("twice in the same second");
}

#[test]
fn a_damaged_or_foreign_backup_is_refused_and_nothing_is_touched() {
    let place = Place::new();
    let from = two_states(&place);
    let good = fs::read(&from).unwrap();
    let bad = place.folder.path().join("bad.fcbackup");
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("a text file".to_owned(), b"not a backup".to_vec()),
        ("an empty file".to_owned(), Vec::new()),
        (
            "the data file itself".to_owned(),
            fs::read(place.data()).unwrap(),
        ),
    ];
    for part in 1..30 {
        let mut flipped = good.clone();
        // The middle of the database: the ends of a tar are padding that means nothing.
        let at = 2_048 + (good.len() - 6_144) * part / 30;
        flipped[at] ^= 1;
        cases.push((format!("a bit flipped at {at}"), flipped));
        cases.push((format!("cut at {at}"), good[..at].to_vec()));
    }
    for (what, bytes) in cases {
        fs::write(&bad, bytes).unwrap();
        let before = contents(place.folder.path());
        let error = restore(&bad, &place.data(), &place.sidecar(), NOW).unwrap_err();
        assert_eq!(error.code(), Code::BadFile, "{what}: {error}");
        assert_eq!(
            contents(place.folder.path()),
            before,
            "{what}: nothing was touched"
        );
    }
    let missing = place.folder.path().join("missing.fcbackup");
    let error = restore(&missing, &place.data(), &place.sidecar(), NOW).unwrap_err();
    assert_eq!(error.code(), Code::BadFile, "no such file: {error}");
    assert_eq!(
        state(&place.data()),
        "two",
        "the present data goes on working"
    );
}

#[test]
fn a_backup_of_a_newer_format_is_refused_and_nothing_is_touched() {
    let place = Place::new();
    let from = two_states(&place);
    let newer = place.folder.path().join("newer.fcbackup");
    let mut builder = tar::Builder::new(fs::File::create(&newer).unwrap());
    for entry in tar::Archive::new(fs::File::open(&from).unwrap())
        .entries()
        .unwrap()
    {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        let name = entry.path().unwrap().into_owned();
        if name == Path::new("manifest.json") {
            let text = String::from_utf8(bytes).unwrap();
            let present = format!("\"schema_version\": {}", connectors::store::SCHEMA_VERSION);
            bytes = text
                .replace(&present, "\"schema_version\": 42")
                .into_bytes();
        }
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        header.set_mode(0o600);
        builder
            .append_data(&mut header, name, bytes.as_slice())
            .unwrap();
    }
    builder.into_inner().unwrap();
    assert_eq!(
        backup::verify(&newer).unwrap().schema_version,
        42,
        "a sound backup otherwise"
    );
    let before = contents(place.folder.path());
    let error = restore(&newer, &place.data(), &place.sidecar(), NOW).unwrap_err();
    assert_eq!(error.code(), Code::NewerSchema, "{error}");
    assert_eq!(contents(place.folder.path()), before, "nothing was touched");
}

#[test]
fn restoring_waits_for_nobody_who_has_the_file_open() {
    let place = Place::new();
    let from = two_states(&place);
    let mut holder = child::run("holder", &place.data(), &[]);
    assert_eq!(
        holder.fact().as_deref(),
        Some("ready"),
        "another process has the file open"
    );
    let before = fs::read(place.sidecar()).unwrap();
    let error = restore(&from, &place.data(), &place.sidecar(), NOW).unwrap_err();
    assert_eq!(error.code(), Code::StorageFailed, "{error}");
    assert!(
        error.to_string().contains("another program"),
        "a sentence: {error}"
    );
    assert_eq!(
        fs::read(place.sidecar()).unwrap(),
        before,
        "nothing was touched"
    );
    holder.kill();
    restore(&from, &place.data(), &place.sidecar(), NOW)
        .expect("a dead owner's lock is free at once");
}

#[test]
fn a_restore_killed_anywhere_leaves_the_old_or_the_new() {
    let build = Place::new();
    let fault = DiskFault::build(build.folder.path()).unwrap();
    let log = build.folder.path().join("log");
    let (mut old, mut new) = (0, 0);
    for at in 1.. {
        let place = Place::new();
        let from = two_states(&place);
        let mut command = child::command("restore", &place.data());
        command
            .env("FC_CHILD_TO", &from)
            .env("FC_CHILD_SIDECAR", place.sidecar());
        let plan = Fault {
            call: Call::Any,
            at,
            effect: Effect::Kill,
            lasting: false,
        };
        fault.arm(&mut command, "connectors.", plan, &log).unwrap();
        let facts = child::start(&mut command).finish();
        if !DiskFault::fired(&log).unwrap() {
            assert_eq!(facts, ["restore ok"], "undisturbed it is done");
            break;
        }
        finish_interrupted_restore(&place.data(), &place.sidecar()).unwrap();
        let sidecar = fs::read_to_string(place.sidecar()).unwrap();
        let state = state(&place.data());
        assert_eq!(
            sidecar,
            format!("sidecar {state}"),
            "call {at}: data and sidecar belong together"
        );
        assert!(
            !finish_interrupted_restore(&place.data(), &place.sidecar()).unwrap(),
            "call {at}: nothing is left to finish"
        );
        if state == "two" { old += 1 } else { new += 1 }
    }
    assert!(
        old > 3 && new > 3,
        "kills before and after the point of no return: {old}, {new}"
    );
}

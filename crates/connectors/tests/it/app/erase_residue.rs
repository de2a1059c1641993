//! What an erased person leaves on the disk: nothing, in the decrypted pages of the file and its log, free ones included, and
//! nothing of anybody in clear (bars 36 and 37).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use practice_federation::{Practice, PracticeOptions};
use testkit::{Bench, pages};

use super::canary::encodings;
use super::child::Ground;
use super::erase::{ID, TRACES, known_everywhere};
use super::support::{contents, practice, raw, vault};
use super::sync::{club, members, preview, synced, the_one};
use crate::store::child::start;

fn key(bench: &Bench) -> String {
    vault(bench)
        .1
        .file_key()
        .sqlcipher_pragma_value()
        .to_string()
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    let needle = needle.as_bytes();
    bytes
        .windows(needle.len())
        .any(|window| window[0] == needle[0] && window == needle)
}

/// The traces that bytes have.
fn found(bytes: &[u8]) -> BTreeSet<&'static str> {
    TRACES
        .into_iter()
        .filter(|trace| holds(bytes, trace))
        .collect()
}

/// Everything in a folder as it is read by somebody who has the key: pages in clear, and all other files as they are.
fn readable(folder: &Path, key: &str) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (name, bytes) in contents(folder) {
        if name.ends_with(".fcbackup") {
            let mut archive = tar::Archive::new(bytes.as_slice());
            for entry in archive.entries().unwrap() {
                let mut entry = entry.unwrap();
                let inner = entry.path().unwrap().display().to_string();
                let mut content = Vec::new();
                entry.read_to_end(&mut content).unwrap();
                let clear = if inner == "connectors.db" {
                    pages::of_file(&content, key)
                } else {
                    content
                };
                all.push((format!("{name}/{inner}"), clear));
            }
        } else if name.ends_with("-wal") {
            all.push((name, pages::of_log(&bytes, key)));
        } else if name.contains("connectors.db") && !name.ends_with("-shm") {
            all.push((name, pages::of_file(&bytes, key)));
        } else {
            all.push((name, bytes));
        }
    }
    all
}

#[tokio::test]
async fn bar_37_nothing_of_an_erased_person_is_left_in_any_file_within_five_seconds() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = known_everywhere(&practice, &bench).await;
    app.db_backup(None).await.unwrap();
    let child = the_one(&app, ID).await;
    let key = key(&bench);
    let before = readable(bench.path(), &key);
    let file_and_log: Vec<u8> = before
        .iter()
        .filter(|(name, _)| name == "connectors.db" || name == "connectors.db-wal")
        .flat_map(|(_, bytes)| bytes.clone())
        .collect();
    assert_eq!(
        found(&file_and_log),
        BTreeSet::from(TRACES),
        "the search is first seen to find all of the child in the file and its log"
    );
    assert!(
        before
            .iter()
            .any(|(name, bytes)| name.contains(".fcbackup/") && found(bytes).len() == TRACES.len()),
        "and in the backup"
    );
    let began = Instant::now();
    let done = app.member_erase(&child.member_id, true).await.unwrap();
    let took = began.elapsed();
    assert!(done.file_is_clean, "the file was written anew: {done:?}");
    assert_eq!(
        (done.purged, done.purge_problem.as_deref(), done.backups),
        (Some(1), None, 0),
        "the older backup is deleted"
    );
    assert!(took.as_secs() < 5, "at once: {took:?}");
    let after = readable(bench.path(), &key);
    for expected in [
        "connectors.db",
        "connectors.db-wal",
        "connectors.db-shm",
        "/connectors.db",
    ] {
        assert!(
            after.iter().any(|(name, _)| name.ends_with(expected)),
            "{expected} is searched"
        );
    }
    for (name, bytes) in &after {
        assert_eq!(
            found(bytes),
            BTreeSet::new(),
            "{name} has nothing of the child"
        );
    }
    assert!(
        !members(&app).await.is_empty(),
        "and the file goes on working"
    );
    assert!(app.db_check().await.unwrap().ok, "it is whole");
}

/// A federation whose one club has `many` children with names that are nobody's.
async fn children(many: usize) -> Practice {
    let practice = practice_federation::start(PracticeOptions {
        members: many,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    practice.change_members(|all| {
        for (at, one) in all.iter_mut().enumerate() {
            one.club_id = "club-1001";
            // Not in the order in which they come, so that pages are split in their middle.
            let number = at * 619 % 1_000;
            one.first_name = format!("Aoifequill{number:05}");
            one.last_name = Some(format!("Ó Vexbrannoch{number:05}"));
            one.irish_first_name = None;
            one.irish_last_name = None;
            one.date_of_birth =
                format!("20{:02}-{:02}-{:02}", 8 + at % 10, 1 + at % 12, 1 + at % 28);
            one.email = None;
        }
    });
    practice
}

/// The children whose names are in any page, by their numbers.
fn numbers(bench: &Bench, key: &str) -> BTreeSet<usize> {
    let clear = pages::on_disk(&bench.path().join("connectors.db"), key);
    let names =
        regex::bytes::Regex::new("(?-u)[Vv]exbrannoch([0-9]{5})|[Aa]oifequill([0-9]{5})").unwrap();
    let number = |found: regex::bytes::Captures<'_>| {
        let digits = found.get(1).or(found.get(2)).unwrap().as_bytes();
        std::str::from_utf8(digits).unwrap().parse().unwrap()
    };
    names.captures_iter(&clear).map(number).collect()
}

#[tokio::test]
async fn bar_37_what_splits_of_pages_leave_of_deleted_rows_goes_too() {
    let practice = children(1_000).await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    // Rows that grow are moved to other pages, and leave copies where they stood.
    for street in [
        "Long Street of the Invented Saints",
        "Still Longer Terrace of the Invented Saints and Scholars",
    ] {
        practice.change_members(|all| {
            for one in all.iter_mut() {
                one.address1 = format!("1 {street}");
            }
        });
        bench.clock.advance_ms(60_000);
        synced(&app).await;
    }
    let key = key(&bench);
    assert_eq!(
        numbers(&bench, &key).len(),
        1_000,
        "all are in the pages: the search finds them"
    );

    // Half of them deleted as rows are deleted ever, each overwritten where it stands.
    let behind = raw(&bench);
    behind
        .execute_batch(
            "PRAGMA secure_delete = ON; DELETE FROM undo_row; DELETE FROM plan_row;
             DELETE FROM member WHERE CAST(substr(json_extract(current, '$.last_name'), -5) AS INTEGER) % 2 = 0;",
        )
        .unwrap();
    behind
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(behind);
    let stale = numbers(&bench, &key)
        .into_iter()
        .filter(|number| number % 2 == 0)
        .count();
    assert!(
        stale > 0,
        "overwriting rows is not enough: copies of some are left in the middle of pages"
    );

    let left = members(&app).await;
    assert_eq!(left.len(), 500, "half of them are left");
    let began = Instant::now();
    let done = app.member_erase(&left[7].member_id, false).await.unwrap();
    assert!(
        done.file_is_clean && began.elapsed().as_secs() < 5,
        "{done:?}"
    );
    let found = numbers(&bench, &key);
    assert_eq!(found.len(), 499, "the others are there, and nobody else");
    assert!(
        found.iter().all(|number| number % 2 == 1),
        "nothing is left of the {stale} either"
    );
}

#[tokio::test]
async fn another_process_that_has_the_file_open_keeps_nothing_and_one_that_reads_delays_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = known_everywhere(&practice, &bench).await;
    let child = the_one(&app, ID).await;
    let key = key(&bench);
    let data = bench.path().join("connectors.db");

    // Another program in the middle of reading: it may go on, and the log stays until it has ended.
    let reader = raw(&bench);
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM member;")
        .unwrap();
    let before: i64 = reader
        .query_row("SELECT count(*) FROM member", [], |row| row.get(0))
        .unwrap();
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(done.members, 1, "the person is erased all the same");
    assert!(
        !done.file_is_clean,
        "and it is said that something is left: {done:?}"
    );
    assert!(
        !found(&pages::on_disk(&data, &key)).is_empty(),
        "as it is: what the other one may still read"
    );
    let still: i64 = reader
        .query_row("SELECT count(*) FROM member", [], |row| row.get(0))
        .unwrap();
    assert_eq!(before, still, "the reader has its snapshot to its end");
    reader.execute_batch("COMMIT").unwrap();
    app.finish_erasing().await.unwrap();
    assert_eq!(
        found(&pages::on_disk(&data, &key)),
        BTreeSet::new(),
        "the daily duty, or the next opening, takes the rest"
    );
    drop(reader);
}

#[tokio::test]
async fn a_second_process_with_the_file_open_delays_nothing() {
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(connectors::view::InitialiseRequest::Keychain)
        .await
        .unwrap();
    super::erase::plant(&practice);
    super::sync::connect_club(&practice, &app, ConflictStrategy::Merge).await;
    synced(&app).await;
    let mut other = start(&mut ground.command("holder"));
    assert_eq!(
        other.fact().as_deref(),
        Some("ready"),
        "another process has it open"
    );
    let child = the_one(&app, ID).await;
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert!(
        done.file_is_clean,
        "one that only has it open is in nobody's way: {done:?}"
    );
    let log = fs::read(ground.data().join("connectors.db-wal")).unwrap_or_default();
    assert!(
        log.len() < 64 * 1_024,
        "the log was emptied: {} bytes",
        log.len()
    );
    other.kill();
}

#[tokio::test]
async fn a_kill_between_erasing_and_cleaning_is_made_good_at_the_next_opening() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = known_everywhere(&practice, &bench).await;
    let child = the_one(&app, ID).await;
    let reader = raw(&bench);
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM member;")
        .unwrap();
    let _count: i64 = reader
        .query_row("SELECT count(*) FROM member", [], |row| row.get(0))
        .unwrap();
    app.member_erase(&child.member_id, false).await.unwrap();
    drop(reader);
    drop(app);
    let again = bench.app();
    again.open().await.unwrap();
    let key = key(&bench);
    assert_eq!(
        found(&pages::on_disk(&bench.path().join("connectors.db"), &key)),
        BTreeSet::new(),
        "opening finishes what was due"
    );
}

#[tokio::test]
async fn bar_36_no_name_and_no_birth_date_of_a_thousand_children_is_in_clear_in_any_file() {
    let practice = children(1_000).await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    preview(&app).await;
    app.db_backup(None).await.unwrap();
    assert_eq!(members(&app).await.len(), 1_000, "a thousand are there");
    let mut needles: BTreeSet<String> = BTreeSet::new();
    for one in members(&app).await {
        let fields = [
            MemberField::FirstName,
            MemberField::LastName,
            MemberField::DateOfBirth,
        ];
        needles.extend(
            fields
                .iter()
                .filter_map(|field| one.values.get(*field))
                .map(str::to_owned),
        );
    }
    assert!(needles.len() > 2_000, "names and birth dates");
    let mut pattern = String::from("(?-u)");
    for (at, needle) in needles.iter().enumerate() {
        for (_, form) in encodings(needle.as_bytes()) {
            pattern.push(if at == 0 && pattern.len() == 5 {
                '('
            } else {
                '|'
            });
            pattern.push_str("(?:");
            for byte in form {
                let _ = write!(pattern, "\\x{byte:02x}");
            }
            pattern.push(')');
        }
    }
    pattern.push(')');
    let search = regex::bytes::RegexBuilder::new(&pattern)
        .unicode(false)
        .size_limit(1 << 30)
        .dfa_size_limit(1 << 30)
        .build()
        .unwrap();
    let planted = "Ó Vexbrannoch00007";
    for (encoding, form) in encodings(planted.as_bytes()) {
        let sink = [b"before ".as_slice(), &form, b" after"].concat();
        assert!(
            search.is_match(&sink),
            "{encoding}: the search finds what is planted"
        );
    }
    let files = contents(bench.path());
    assert!(
        files.len() >= 4,
        "the folder is searched: {:?}",
        files.keys()
    );
    for (name, bytes) in &files {
        assert!(!search.is_match(bytes), "{name} has a child in clear");
    }
}

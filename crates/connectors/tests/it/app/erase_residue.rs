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
                let clear = if inner.ends_with(".db") {
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
            one.first_name = format!("Aoifequill{at:05}");
            one.last_name = Some(format!("Ó Vexbrannoch{at:05}"));
            one.irish_first_name = None;
            one.irish_last_name = None;
            one.date_of_birth =
                format!("20{:02}-{:02}-{:02}", 8 + at % 10, 1 + at % 12, 1 + at % 28);
            one.email = None;
        }
    });
    practice
}

/// All copies of a word in the pages, and how many members the file has.
fn copies(bench: &Bench, key: &str, word: &str) -> usize {
    let clear = pages::on_disk(&bench.path().join("connectors.db"), key);
    clear
        .windows(word.len())
        .filter(|window| window[0] == word.as_bytes()[0] && *window == word.as_bytes())
        .count()
}

#[tokio::test]
async fn bar_37_what_splits_of_pages_have_left_of_each_of_a_thousand_goes_too() {
    let practice = children(1_000).await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let all = members(&app).await;
    assert_eq!(all.len(), 1_000, "a thousand are there");
    let key = key(&bench);
    // Those whose rows alone, deleted as ever, would stay behind in the middle of pages.
    let mut remaining = 0;
    for at in [
        0_usize, 1, 7, 99, 250, 333, 500, 512, 640, 777, 900, 998, 999,
    ] {
        let name = format!("Vexbrannoch{at:05}");
        assert!(
            copies(&bench, &key, &name) > 0,
            "{name} is there: the search finds it"
        );
        let one = all
            .iter()
            .find(|one| {
                let last = one.values.get(MemberField::LastName);
                last.is_some_and(|last| last.ends_with(&name))
            })
            .unwrap();
        let began = Instant::now();
        let done = app.member_erase(&one.member_id, false).await.unwrap();
        assert!(done.file_is_clean, "the file is written anew");
        assert!(began.elapsed().as_secs() < 5, "{at}: at once");
        remaining += copies(&bench, &key, &name);
        remaining += copies(&bench, &key, &name.to_lowercase());
        remaining += copies(&bench, &key, &format!("Aoifequill{at:05}"));
    }
    assert_eq!(remaining, 0, "no copy of any of them is left in any page");
    assert_eq!(
        members(&app).await.len(),
        1_000 - 13,
        "all others are there"
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

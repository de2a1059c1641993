//! Where a log ends: the anchor beside the data, restores, processes that die, and two that write at once.

use std::path::{Path, PathBuf};
use std::time::Duration;

use connectors::audit::AuditWhat;
use connectors::view::{AuditAnchorState, AuditProblemView, InitialiseRequest};
use testkit::Bench;
use testkit::seeded_random::SeededRandom;

use super::audit::{log, verified};
use super::child::Ground;
use super::support::{add, raw};
use crate::store::child::start;
use crate::store::support::rounds;

fn anchor(folder: &Path) -> PathBuf {
    folder.join("connectors.audit.json")
}

#[tokio::test]
async fn entries_that_were_cut_off_are_missed_where_the_anchor_has_seen_them() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    for n in 0..4 {
        add(&app, &format!("club_{n}")).await;
    }
    let found = verified(&app).await;
    assert_eq!(
        (found.ok, found.anchor),
        (true, AuditAnchorState::Missing),
        "nothing has been written beside the file yet, which is said"
    );
    app.lock().await.unwrap();
    assert!(anchor(bench.path()).exists(), "locking writes it");
    app.open().await.unwrap();
    add(&app, "club_4").await;
    let found = verified(&app).await;
    assert_eq!(
        (found.ok, found.entries, found.anchored),
        (true, 6, Some(5)),
        "the log has grown since"
    );

    raw(&bench)
        .execute_batch("DELETE FROM audit_entry WHERE seq > 3")
        .unwrap();
    let cut = Some(AuditProblemView::CutOff {
        entry: 4,
        anchored: 5,
    });
    assert_eq!(verified(&app).await.problem, cut, "two are missing");
    app.audit_anchor().await;
    assert_eq!(
        verified(&app).await.problem,
        cut,
        "the anchor does not follow a log that was cut off"
    );
    for n in 5..9 {
        add(&app, &format!("club_{n}")).await;
    }
    app.audit_anchor().await;
    assert_eq!(
        verified(&app).await.problem,
        Some(AuditProblemView::Replaced { entry: 5 }),
        "nor one that has grown again since"
    );
    std::fs::write(anchor(bench.path()), "{}").unwrap();
    assert_eq!(
        verified(&app).await.anchor,
        AuditAnchorState::Unusable,
        "what the key has not made is no anchor"
    );
}

#[tokio::test]
async fn the_end_is_kept_once_a_minute_at_most_and_never_stands_in_the_way() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    app.audit_anchor_now_and_then().await;
    assert_eq!(verified(&app).await.anchored, Some(1), "the first time");
    add(&app, "club_1").await;
    bench.clock.advance_ms(59_000);
    app.audit_anchor_now_and_then().await;
    assert_eq!(
        verified(&app).await.anchored,
        Some(1),
        "a minute is not over"
    );
    bench.clock.advance_ms(1_000);
    app.audit_anchor_now_and_then().await;
    assert_eq!(verified(&app).await.anchored, Some(2), "now it is");

    // A folder has the name: nothing can be written there, nor read.
    std::fs::remove_file(anchor(bench.path())).unwrap();
    std::fs::create_dir(anchor(bench.path())).unwrap();
    app.lock().await.unwrap();
    app.open().await.unwrap();
    add(&app, "club_2").await;
    let found = verified(&app).await;
    assert_eq!(
        (found.ok, found.anchor),
        (true, AuditAnchorState::Unusable),
        "everything works, and the check says that it cannot tell the end"
    );
}

#[tokio::test]
async fn a_log_that_was_emptied_does_not_begin_again() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "club_1").await;
    app.lock().await.unwrap();
    raw(&bench)
        .execute_batch("DELETE FROM audit_entry")
        .unwrap();
    app.open().await.unwrap();
    assert_eq!(
        verified(&app).await.problem,
        Some(AuditProblemView::CutOff {
            entry: 1,
            anchored: 2
        }),
        "no first entry covers it up"
    );
    std::fs::remove_file(anchor(bench.path())).unwrap();
    assert_eq!(
        verified(&app).await.problem,
        Some(AuditProblemView::Empty),
        "and where the anchor is gone too, an empty log is still none"
    );
}

#[tokio::test]
async fn a_restore_that_was_interrupted_is_entered_when_the_file_is_open_again() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let backup = bench.path().join("own.fcbackup");
    app.db_backup(Some(backup.clone())).await.unwrap();
    for n in 0..3 {
        add(&app, &format!("club_{n}")).await;
    }
    app.lock().await.unwrap();
    // As a process leaves it that dies between putting the backup in place and opening it.
    let note = bench.path().join("connectors.audit-restore.json");
    std::fs::write(&note, r#"{"who":"command_line","done":false}"#).unwrap();
    app.open().await.unwrap();
    assert_eq!(
        log(&app).await.len(),
        5,
        "one that had not begun is no restore: the log has all that was in it"
    );
    assert!(!note.exists(), "and its note is gone");
    app.lock().await.unwrap();

    std::fs::write(&note, r#"{"who":"command_line","done":false}"#).unwrap();
    connectors::store::restore::restore(
        &backup,
        &bench.path().join("connectors.db"),
        &bench.path().join("connectors.keys.json"),
        connectors::clock::UtcMillis(testkit::START),
    )
    .unwrap();
    app.open().await.unwrap();
    let entries = log(&app).await;
    assert_eq!(
        entries.last().unwrap().what,
        Some(AuditWhat::BackupRestored),
        "one that had put the backup in place is entered"
    );
    assert_eq!(
        entries.last().unwrap().counts.get("entries_before"),
        Some(&5),
        "with how far the log was"
    );
    let found = verified(&app).await;
    assert_eq!(
        (found.ok, found.anchored),
        (true, Some(entries.len() as u64)),
        "the anchor has moved"
    );
}

#[tokio::test]
async fn an_older_file_that_was_put_in_place_by_hand_is_seen() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    app.lock().await.unwrap();
    let file = bench.path().join("connectors.db");
    let older = std::fs::read(&file).unwrap();
    app.open().await.unwrap();
    add(&app, "club_1").await;
    app.lock().await.unwrap();
    std::fs::write(&file, older).unwrap();
    app.open().await.unwrap();
    assert_eq!(
        verified(&app).await.problem,
        Some(AuditProblemView::CutOff {
            entry: 2,
            anchored: 2
        }),
        "an older file without a restore lacks what was entered since"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_leave_a_whole_chain() {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add(&app, "ballyduff").await;
    app.lock().await.unwrap();
    let random = SeededRandom::new(9);
    let mut first = 0;
    for _ in 0..rounds(5, 200) {
        let mut command = ground.command("credentials");
        command.env("FC_FIRST", first.to_string());
        let mut child = start(&mut command);
        assert_eq!(child.fact().as_deref(), Some("ready"), "it has begun");
        let mut byte = [0];
        connectors::random::Random::fill(&random, &mut byte).unwrap();
        tokio::time::sleep(Duration::from_millis(u64::from(byte[0]))).await;
        child.kill();
        while let Some(fact) = child.fact() {
            if let Some(number) = fact.strip_prefix("ack ") {
                first = number.parse::<u32>().unwrap() + 1;
            }
        }
        app.open().await.unwrap();
        let found = verified(&app).await;
        assert!(found.ok, "the chain is whole: {found:?}");
        let stored = log(&app)
            .await
            .iter()
            .filter(|entry| entry.what == Some(AuditWhat::CredentialsSet))
            .count();
        assert!(
            stored >= first as usize,
            "what was acknowledged is entered: {stored} of {first}"
        );
        app.lock().await.unwrap();
    }
    assert!(first > 0, "something was done between the kills");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_write_at_once_keep_one_chain() {
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let children: Vec<_> = [0, 100]
        .map(|first: u32| {
            let mut command = ground.command("adder");
            command.env("FC_FIRST", first.to_string());
            command.env("FC_COUNT", "20");
            start(&mut command)
        })
        .into_iter()
        .collect();
    for n in 200..210 {
        add(&app, &format!("club_{n}")).await;
    }
    for child in children {
        assert_eq!(child.finish().len(), 20, "all were added");
    }
    let found = verified(&app).await;
    assert_eq!(
        (found.ok, found.entries),
        (true, 51),
        "fifty connectors and the beginning, in one chain: {found:?}"
    );
}

//! Erased people and copies of the data: backups that grow old, backups that are put back, copies that were set aside.

use std::fs;

use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use testkit::{Bench, START, pages};

use super::erase::{BORN, FIRST, ID, LAST, known_everywhere, plant};
use super::support::{code, contents, practice, vault};
use super::sync::{CODE, ORG, club, members, preview, synced, the_one};

const DAY_MS: i64 = 86_400_000;

fn has_child(bytes: &[u8], key: &str) -> bool {
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
        let clear = pages::of_file(&content, key);
        for trace in [ID, FIRST, LAST, BORN] {
            if clear
                .windows(trace.len())
                .any(|window| window == trace.as_bytes())
            {
                return true;
            }
        }
    }
    false
}

fn backups_with_child(bench: &Bench) -> (usize, usize) {
    let key = vault(bench)
        .1
        .file_key()
        .sqlcipher_pragma_value()
        .to_string();
    let all: Vec<Vec<u8>> = contents(bench.path())
        .into_iter()
        .filter(|(name, _)| name.ends_with(".fcbackup"))
        .map(|(_, bytes)| bytes)
        .collect();
    (
        all.iter().filter(|bytes| has_child(bytes, &key)).count(),
        all.len(),
    )
}

#[tokio::test]
async fn backups_are_clean_by_the_day_that_was_said_and_not_later() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    for _ in 0..3 {
        app.daily_backup().await.unwrap();
        bench.clock.advance_ms(DAY_MS);
    }
    app.daily_backup().await.unwrap();
    assert_eq!(
        backups_with_child(&bench),
        (4, 4),
        "every backup has the child: the search finds it"
    );
    let child = the_one(&app, ID).await;
    let erased_at = START + 3 * DAY_MS;
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(
        (done.backups, done.backups_clean_by),
        (4, Some(erased_at + 8 * DAY_MS)),
        "how many have the person, and until when"
    );
    let mut clean_after = None;
    for day in 1..=8 {
        bench.clock.advance_ms(DAY_MS);
        app.daily_backup().await.unwrap();
        if backups_with_child(&bench).0 == 0 {
            clean_after = Some(day);
            break;
        }
    }
    assert_eq!(clean_after, Some(7), "a week later none is left");
    assert!(backups_with_child(&bench).1 >= 1, "and there are backups");
}

#[tokio::test]
async fn an_app_that_was_closed_for_long_cleans_its_backups_when_it_is_opened() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    app.daily_backup().await.unwrap();
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    app.lock().await.unwrap();
    bench.clock.advance_ms(40 * DAY_MS);
    app.open().await.unwrap();
    assert_eq!(
        backups_with_child(&bench),
        (0, 1),
        "the old one is gone, and a fresh one was made first"
    );
}

#[tokio::test]
async fn a_backup_from_before_brings_no_erased_person_back() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = known_everywhere(&practice, &bench).await;
    let outside = tempfile::tempdir().unwrap();
    let old = outside.path().join("old.fcbackup");
    app.db_backup(Some(old.clone())).await.unwrap();
    let others = members(&app).await.len() - 1;
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, true).await.unwrap();
    for locked in [false, true] {
        if locked {
            app.lock().await.unwrap();
        }
        app.db_restore(&old).await.unwrap();
        let all = members(&app).await;
        assert_eq!(all.len(), others, "locked: {locked}: all others are back");
        assert!(
            all.iter()
                .all(|one| one.values.get(MemberField::ExternalId) != Some(ID)),
            "locked: {locked}: the child is not"
        );
        assert_eq!(
            app.suppressions(CODE, ORG).await.unwrap(),
            1,
            "locked: {locked}: and is still kept out"
        );
        let key = vault(&bench)
            .1
            .file_key()
            .sqlcipher_pragma_value()
            .to_string();
        let clear = pages::on_disk(&bench.path().join("connectors.db"), &key);
        for trace in super::erase::TRACES {
            assert!(
                !clear
                    .windows(trace.len())
                    .any(|window| window == trace.as_bytes()),
                "locked: {locked}: {trace} is in no page of the restored file"
            );
        }
    }
    bench.clock.advance_ms(60_000);
    assert_eq!(
        preview(&app).await.erased,
        1,
        "the next sync keeps the child out"
    );
}

#[tokio::test]
async fn a_restore_without_the_present_file_knows_only_what_the_backup_knows() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let outside = tempfile::tempdir().unwrap();
    let before = outside.path().join("before.fcbackup");
    let after = outside.path().join("after.fcbackup");
    app.db_backup(Some(before.clone())).await.unwrap();
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    app.db_backup(Some(after.clone())).await.unwrap();
    app.lock().await.unwrap();
    for (backup, erased) in [(&after, 1), (&before, 0)] {
        for name in contents(bench.path()).into_keys() {
            fs::remove_file(bench.path().join(name)).unwrap();
        }
        let fresh = bench.app();
        fresh.db_restore(backup).await.unwrap();
        assert_eq!(
            fresh.suppressions(CODE, ORG).await.unwrap(),
            erased,
            "an empty machine knows of an erasing only from the backup itself"
        );
        fresh.lock().await.unwrap();
    }
}

#[tokio::test]
async fn copies_that_were_set_aside_are_counted_and_go_with_the_backups() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let made = app.db_backup(None).await.unwrap();
    bench.clock.advance_ms(60_000);
    app.db_restore_own(made.path.as_ref()).await.unwrap();
    let child = the_one(&app, ID).await;
    let look = app.member_erase_look(&child.member_id).await.unwrap();
    assert_eq!(
        (look.backups, look.set_aside),
        (1, 1),
        "both are named before"
    );
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(
        (done.backups, done.set_aside),
        (1, 1),
        "both stay where nobody says so"
    );
    // Somebody else, with the box ticked.
    let other = members(&app).await.into_iter().next().unwrap();
    let done = app.member_erase(&other.member_id, true).await.unwrap();
    assert_eq!(
        (
            done.purged,
            done.backups,
            done.set_aside,
            done.backups_clean_by
        ),
        (Some(2), 0, 0, None),
        "all copies from before are gone"
    );
    let names: Vec<String> = contents(bench.path()).into_keys().collect();
    assert_eq!(
        names
            .iter()
            .filter(|name| name.contains("replaced"))
            .count(),
        0,
        "with their keys: {names:?}"
    );
    assert_eq!(
        app.db_backups().unwrap().len(),
        1,
        "one fresh backup is there"
    );
    let fresh = app.db_backups().unwrap().remove(0);
    app.db_restore_own(fresh.path.as_ref()).await.unwrap();
    assert_eq!(
        code(app.member_show(&other.member_id).await.map(drop)),
        Code::NotFound,
        "and it can be restored"
    );
}

#[tokio::test]
async fn whom_the_present_file_has_let_in_again_no_older_copy_erases() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let outside = tempfile::tempdir().unwrap();
    let old = outside.path().join("old.fcbackup");
    app.db_backup(Some(old.clone())).await.unwrap();
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    app.db_restore(&old).await.unwrap();
    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        1,
        "the child is kept out"
    );
    app.member_allow_again(CODE, ORG, ID).await.unwrap();
    bench.clock.advance_ms(60_000);
    app.db_restore(&old).await.unwrap();
    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        0,
        "the file that was set aside last knows that the child may come again"
    );
    assert_eq!(
        the_one(&app, ID).await,
        child,
        "and the child is there as in the backup"
    );

    // Two restores without an opening in between: what the first one set aside is asked too.
    app.member_erase(&child.member_id, false).await.unwrap();
    let data = bench.path().join("connectors.db");
    let sidecar = bench.path().join("connectors.keys.json");
    app.lock().await.unwrap();
    for minutes in [2, 3] {
        let now = connectors::clock::UtcMillis(START + minutes * 60_000);
        connectors::store::restore::restore(&old, &data, &sidecar, now).unwrap();
    }
    app.open().await.unwrap();
    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        1,
        "a copy that was never opened knows nothing; the one before it does"
    );
}

//! Processes that die in the middle of a sync: each member is at exactly its old or its new version, nothing of a half-made run is
//! left, and the next run says what happened (P07). A plan that was not applied is applied by the next process, so that most of the
//! kills hit the applying itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::vault::{KeychainCaller, Sidecar, unlock_with_keychain};
use connectors::view::{AskedBy, InitialiseRequest, RunState};
use connectors::{App, CancellationToken};
use practice_federation::{Member, Practice};
use testkit::FileKeychain;
use testkit::seeded_random::SeededRandom;

use super::child::Ground;
use super::support::practice;
use super::sync::{CODE, ORG, connect_club, members, preview};
use crate::store::child::{say, start as start_child};
use crate::store::support::rounds;

/// Kills after which the file is checked as a whole, and a run is made to its end.
const WHOLE: u32 = 10;
/// What must be 0 whenever a process has died: how members were before a run that was not applied, and words left to write.
const HALF_MADE: &str = "SELECT
    (SELECT count(*) FROM undo_row u WHERE NOT EXISTS (
        SELECT 1 FROM sync_run r WHERE r.id = u.run_id AND r.state = 'applied'))
    + (SELECT count(*) FROM member_word_due)";
/// Words that are not those of a member.
const ORPHANS: &str = "SELECT count(*) FROM member_word w WHERE NOT EXISTS (
    SELECT 1 FROM member m WHERE m.id = w.member_id AND m.name_key = w.name_key
        AND instr(m.search_key || ' ', ' ' || w.word || ' ') > 0)";
/// A thousand plans of 50,000 members would fill the disk: what was applied is forgotten, as after 30 days.
const FORGET: &str = "DELETE FROM undo_row;
    DELETE FROM plan_row WHERE run_id IN (SELECT id FROM sync_run WHERE state = 'applied');";

/// What a child does: applies the plan that is there, or makes one, again and again until it is killed.
pub(crate) async fn syncer(app: &App) {
    app.open().await.unwrap();
    say("ready");
    loop {
        let history = app.sync_history(CODE, ORG, 1).await.unwrap();
        let newest = history.into_iter().next();
        let waiting = newest.filter(|run| run.state == RunState::Planned);
        let plan = if let Some(plan) = waiting {
            Ok(plan)
        } else {
            let cancel = CancellationToken::new();
            app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, cancel)
                .await
        };
        if let Ok(plan) = plan {
            drop(app.sync_apply(&plan.run_id, &[]).await);
        }
    }
}

/// A club of many, all of whom live in one town.
fn all_in(practice: &Practice, size: u32, town: &'static str) {
    practice.change_members(|members| {
        let first = members
            .iter()
            .find(|one| one.last_name.is_some())
            .unwrap()
            .clone();
        *members = (0..size)
            .map(|n| Member {
                id: format!("PF-{n:06}"),
                first_name: format!("Nuala {n}"),
                club_id: "club-1001",
                town,
                ..first.clone()
            })
            .collect();
    });
}

/// The file behind the product's back.
fn raw(ground: &Ground) -> rusqlite::Connection {
    let sidecar = Sidecar::read(&ground.data().join("connectors.keys.json"));
    let sidecar = sidecar.unwrap().expect("there is a sidecar");
    let keychain = Arc::new(FileKeychain::at(&ground.root().join("keychain.json")));
    let caller = KeychainCaller::with_deadline(keychain, Duration::from_secs(5));
    let vault = unlock_with_keychain(&sidecar, &caller).unwrap();
    let key = vault.file_key().sqlcipher_pragma_value();
    let connection = rusqlite::Connection::open(ground.data().join("connectors.db")).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA cipher_log_level = NONE; PRAGMA key = \"{}\";",
            *key
        ))
        .unwrap();
    connection
}

fn number(raw: &rusqlite::Connection, sql: &str) -> u32 {
    raw.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_during_syncs_leaves_each_member_old_or_new() {
    let size = rounds(450, 50_000);
    let kills = rounds(20, 1_000);
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    connect_club(&practice, &app, ConflictStrategy::FederationWins).await;
    let towns = ["Dungarvan", "Lismore"];
    all_in(&practice, size, towns[0]);
    let from = Instant::now();
    let first = preview(&app).await;
    assert_eq!(first.counts.creates, u64::from(size), "all are new");
    app.sync_apply(&first.run_id, &[]).await.unwrap();
    // As long as a whole sync takes: kills fall everywhere.
    let window = usize::try_from(from.elapsed().as_micros().max(3_000_000)).unwrap();
    let chance = SeededRandom::new(62);
    let (mut interrupted, mut applied, mut stands) = (0, 0, 0);
    for round in 0..kills {
        let town = towns[1 - stands];
        all_in(&practice, size, town);
        let mut child = start_child(&mut ground.command("syncer"));
        assert_eq!(
            child.fact().as_deref(),
            Some("ready"),
            "round {round}: at work"
        );
        tokio::time::sleep(Duration::from_micros(chance.below(window) as u64)).await;
        child.kill();
        let raw = raw(&ground);
        assert_eq!(
            number(&raw, "SELECT count(*) FROM member"),
            size,
            "round {round}: nobody came twice or went"
        );
        let moved =
            format!("SELECT count(*) FROM member WHERE json_extract(current, '$.town') = '{town}'");
        let moved = number(&raw, &moved);
        assert!(
            moved == 0 || moved == size,
            "round {round}: {moved} of {size} are new, the rest are old"
        );
        assert_eq!(
            number(&raw, HALF_MADE),
            0,
            "round {round}: nothing is half-made"
        );
        if moved == size {
            applied += 1;
            stands = 1 - stands;
        }
        // The next run takes the dead one's place at once, and says that it was interrupted.
        if round % WHOLE == WHOLE - 1 {
            assert_eq!(
                number(&raw, ORPHANS),
                0,
                "round {round}: no word is nobody's"
            );
            raw.execute_batch(FORGET).unwrap();
            let plan = preview(&app).await;
            assert_eq!(plan.state, RunState::Planned, "round {round}: it goes on");
            assert!(
                app.db_check().await.unwrap().ok,
                "round {round}: the file is whole"
            );
        }
        let history = app.sync_history(CODE, ORG, 50).await.unwrap();
        if round % WHOLE == WHOLE - 1 {
            assert!(
                history.iter().all(|run| run.state != RunState::Fetching),
                "round {round}: no run stays half-made"
            );
        }
        let ended = history.iter().take(WHOLE as usize);
        interrupted += ended
            .filter(|run| run.state == RunState::Interrupted)
            .count();
        if round % 50 == 0 {
            say(&format!(
                "{round} kills after {:.0} s",
                from.elapsed().as_secs_f64()
            ));
        }
    }
    assert!(interrupted > 0, "some were killed while they read the list");
    assert!(applied > 0, "and some after they had applied it");
    let plan = preview(&app).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let all = members(&app).await;
    let towns: std::collections::BTreeSet<_> = all
        .iter()
        .map(|one| one.values.get(MemberField::Town))
        .collect();
    assert_eq!(towns.len(), 1, "and in the end all live in one town");
}

//! Processes that die in the middle of a sync: each member is at exactly its old or its new version, and the next run says what
//! happened (P07).

use std::time::Duration;

use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, InitialiseRequest, RunState};
use connectors::{App, CancellationToken};
use practice_federation::{Member, Practice};
use testkit::seeded_random::SeededRandom;

use super::child::Ground;
use super::support::practice;
use super::sync::{CODE, ORG, connect_club, members, preview};
use crate::store::child::{say, start as start_child};
use crate::store::support::rounds;

/// Members of the club.
const MEMBERS: u32 = 450;

/// What a child does: syncs again and again until it is killed.
pub(crate) async fn syncer(app: &App) {
    app.open().await.unwrap();
    say("ready");
    loop {
        let plan = app
            .sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
            .await;
        if let Ok(plan) = plan {
            drop(app.sync_apply(&plan.run_id, &[]).await);
        }
    }
}

/// A club of many, all of whom live in one town.
fn all_in(practice: &Practice, town: &'static str) {
    practice.change_members(|members| {
        let first = members
            .iter()
            .find(|one| one.last_name.is_some())
            .unwrap()
            .clone();
        *members = (0..MEMBERS)
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

#[tokio::test(flavor = "multi_thread")]
async fn kill_during_syncs_leaves_each_member_old_or_new() {
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    connect_club(&practice, &app, ConflictStrategy::FederationWins).await;
    let towns = ["Dungarvan", "Lismore"];
    all_in(&practice, towns[0]);
    let first = preview(&app).await;
    assert_eq!(
        first.counts.creates,
        u64::from(MEMBERS),
        "all are new: {first:?}"
    );
    app.sync_apply(&first.run_id, &[]).await.unwrap();
    let chance = SeededRandom::new(62);
    let (mut interrupted, mut applied) = (0, 0);
    for round in 0..rounds(20, 1_000) {
        let town = towns[usize::try_from(round + 1).unwrap() % 2];
        all_in(&practice, town);
        let mut child = start_child(&mut ground.command("syncer"));
        assert_eq!(
            child.fact().as_deref(),
            Some("ready"),
            "round {round}: at work"
        );
        tokio::time::sleep(Duration::from_micros(chance.below(3_000_000) as u64)).await;
        child.kill();
        let all = members(&app).await;
        assert_eq!(
            all.len(),
            MEMBERS as usize,
            "round {round}: nobody came twice or went"
        );
        let moved = all
            .iter()
            .filter(|one| one.values.get(MemberField::Town) == Some(town))
            .count();
        assert!(
            moved == 0 || moved == all.len(),
            "round {round}: {moved} of {} are new, the rest are old",
            all.len()
        );
        applied += u32::from(moved > 0);
        // The next run takes the dead one's place at once, and says that it was interrupted.
        let plan = preview(&app).await;
        assert_eq!(plan.state, RunState::Planned, "round {round}: it goes on");
        app.sync_apply(&plan.run_id, &[]).await.unwrap();
        let history = app.sync_history(CODE, ORG, 50).await.unwrap();
        assert!(
            history.iter().all(|run| run.state != RunState::Fetching),
            "round {round}: no run stays half-made"
        );
        interrupted += history
            .iter()
            .take_while(|run| run.run_id != plan.run_id || run.state == RunState::Applied)
            .filter(|run| run.state == RunState::Interrupted)
            .count();
        assert!(
            app.db_check().await.unwrap().ok,
            "round {round}: the file is whole"
        );
    }
    assert!(interrupted > 0, "some were killed while they read the list");
    assert!(applied > 0, "and some after they had applied it");
}

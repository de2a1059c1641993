//! A new key for credentials: every row is sealed anew, other processes keep up, and what was
//! interrupted goes on.

use connectors::clock::UtcMillis;
use connectors::error::Code;
use connectors::random::SystemRandom;
use connectors::vault::add_term;
use testkit::Bench;

use super::support::{add, add_practice, code, practice, raw, set_key, test, vault};

/// Rows of every term.
fn terms(bench: &Bench) -> Vec<(u32, u32)> {
    let database = raw(bench);
    let mut statement = database
        .prepare("SELECT term, count(*) FROM credential GROUP BY term ORDER BY term")
        .unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_new_key_seals_every_row_anew_and_others_read_on() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, other) = (bench.open_app().await, bench.app());
    for n in 0..5 {
        add_practice(&app, &format!("club_{n}"), &practice).await;
    }
    // The earlier credentials are sealed anew too.
    set_key(&app, "club_0", practice.api_key()).await;
    other.open().await.unwrap();
    assert!(
        test(&other, "club_1").await.ok,
        "before, as a matter of course"
    );
    let before = app.key_status().await.unwrap();
    assert_eq!((before.term, before.encryptions), (1, 6), "the first term");

    let after = app.key_rotate().await.unwrap();
    assert_eq!(
        (after.term, after.encryptions),
        (2, 6),
        "each row is sealed once under the new one"
    );
    assert_eq!(terms(&bench), [(2, 6)], "none of the old term is left");
    let check = app.db_check().await.unwrap();
    assert_eq!(
        (check.ok, check.credentials_checked),
        (true, 6),
        "each can be opened: {check:?}"
    );
    assert!(
        test(&other, "club_2").await.ok,
        "another process takes up the new key without being opened again"
    );
    set_key(&other, "club_3", practice.api_key()).await;
    assert!(
        test(&app, "club_3").await.ok,
        "and what it seals is read here"
    );
}

#[tokio::test]
async fn one_that_has_not_noticed_a_new_key_seals_what_stays_readable() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, other) = (bench.open_app().await, bench.app());
    add_practice(&app, "ballyduff", &practice).await;
    other.open().await.unwrap();
    app.key_rotate().await.unwrap();
    set_key(&other, "ballyduff", practice.api_key()).await;
    assert!(test(&app, "ballyduff").await.ok, "it is read here");
    app.keep_keys_fresh().await.unwrap();
    let left = terms(&bench);
    assert!(
        left.iter().all(|(term, _)| *term == 2),
        "and sealed anew on the next occasion: {left:?}"
    );
    let fresh = bench.app();
    fresh.open().await.unwrap();
    assert!(test(&fresh, "ballyduff").await.ok, "and after a restart");
}

#[tokio::test]
async fn a_key_is_replaced_after_a_year_and_not_before() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    set_key(&app, "ballyduff", "key").await;
    for (days, term) in [(364, 1), (1, 2), (364, 2), (1, 3)] {
        bench.clock.advance_days(days);
        app.keep_keys_fresh().await.unwrap();
        app.keep_keys_fresh().await.unwrap();
        let status = app.key_status().await.unwrap();
        assert_eq!(status.term, term, "365 days, counted from its making");
    }
    assert_eq!(terms(&bench), [(3, 1)], "the credentials came along");
}

#[tokio::test]
async fn an_interrupted_new_key_is_finished_later() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    for n in 0..3 {
        add_practice(&app, &format!("club_{n}"), &practice).await;
    }
    app.lock().await.unwrap();
    // What a kill right after the new term was written leaves.
    let (mut sidecar, mut keys) = vault(&bench);
    add_term(
        &mut sidecar,
        &mut keys,
        &SystemRandom,
        UtcMillis(testkit::START),
    )
    .unwrap();
    sidecar
        .write(&bench.path().join("connectors.keys.json"))
        .unwrap();

    let app = bench.app();
    app.open().await.unwrap();
    assert_eq!(terms(&bench), [(1, 3)], "nothing is sealed anew yet");
    assert!(test(&app, "club_0").await.ok, "and all of it is readable");
    app.keep_keys_fresh().await.unwrap();
    assert_eq!(terms(&bench), [(2, 3)], "the rest is done");
    assert!(test(&app, "club_1").await.ok, "and readable");
    assert_eq!(
        app.key_status().await.unwrap().term,
        2,
        "without another new key"
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_opened_does_not_keep_the_others_from_a_new_key() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    for code in ["one", "two", "three"] {
        add(&app, code).await;
        set_key(&app, code, "key").await;
    }
    let altered = "UPDATE credential SET sealed = (SELECT sealed FROM credential
                     ORDER BY id DESC LIMIT 1)
                   WHERE id = (SELECT id FROM credential ORDER BY id LIMIT 1)";
    assert_eq!(
        raw(&bench).execute(altered, []).unwrap(),
        1,
        "one is altered"
    );
    let outcome = app.key_rotate().await;
    assert_eq!(
        code(outcome),
        Code::Internal,
        "that one cannot be opened is told"
    );
    assert_eq!(
        terms(&bench),
        [(1, 1), (2, 2)],
        "all that can be are sealed anew"
    );
}

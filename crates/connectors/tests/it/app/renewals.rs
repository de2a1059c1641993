//! Renewals that many ask for at once, in one process and in two, and processes that are killed in
//! the middle of a sign-in or a renewal. The numbers are those of the attack list.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use connectors::App;
use connectors::failure::Finding;
use connectors::settings::Redirect;
use connectors::view::{InitialiseRequest, SignInState};
use practice_federation::{Fault, FaultKind, Practice};
use testkit::Bench;
use testkit::seeded_random::SeededRandom;

use super::child::Ground;
use super::sign_in::{add_sign_in, by, finding, sign_in, start};
use super::support::practice;
use crate::store::child::{Running, say, start as start_child};
use crate::store::support::rounds;

/// The connector of these tests.
const CODE: &str = "club";

/// Requests that have reached the token endpoint, answered or not.
fn asked(practice: &Practice) -> usize {
    let requests = practice.requests();
    requests
        .iter()
        .filter(|one| one.path == "/oauth/token")
        .count()
}

/// Waits for a state, with a deadline.
async fn within(what: &str, holds: impl Fn() -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what}: not within 30 s");
}

async fn ask(app: &App) -> connectors::error::Result<()> {
    app.request(CODE, "/v1/me", false).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_58_a_hundred_callers_at_its_end_renew_it_once() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    for round in 1..=u64::from(rounds(10, 1_000)) {
        // Every other round the federation ends it first, and a hundred answers say 401.
        if round % 2 == 0 {
            bench.clock.advance_ms(3_600_000);
        }
        practice.expire_access_tokens();
        let callers: Vec<_> = (0..100)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { ask(&app).await })
            })
            .collect();
        for caller in callers {
            caller
                .await
                .unwrap()
                .unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        assert_eq!(practice.refreshes(), round, "one renewal a round");
    }
    assert_eq!(practice.refresh_reuses(), 0, "no token was ever used twice");
}

/// Asks once for every line that the parent writes into `go`, and tells what came of it.
pub(super) async fn asker(app: &App, root: &Path) {
    app.open().await.unwrap();
    say("ready");
    for round in 1_u32.. {
        let go = root.join(format!("go-{round}"));
        while !go.exists() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        say(&match ask(app).await {
            Ok(()) => format!("done {round}"),
            Err(error) => format!("failed {round}: {error}"),
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_59_two_processes_at_its_end_renew_it_once() {
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    let mut other = start_child(&mut ground.command("asker"));
    assert_eq!(
        other.fact().as_deref(),
        Some("ready"),
        "the other one is at work"
    );
    for round in 1..=u64::from(rounds(20, 200)) {
        practice.expire_access_tokens();
        std::fs::write(ground.root().join(format!("go-{round}")), "").unwrap();
        ask(&app)
            .await
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
        let told = tokio::task::spawn_blocking(move || (other.fact(), other))
            .await
            .unwrap();
        other = told.1;
        assert_eq!(
            told.0,
            Some(format!("done {round}")),
            "both have their answer"
        );
        assert_eq!(practice.refreshes(), round, "one renewal for both");
    }
    assert_eq!(practice.refresh_reuses(), 0, "no token was ever used twice");
    other.kill();
}

#[tokio::test]
async fn attack_63_a_rotation_whose_answer_is_lost_is_asked_once_more_and_then_ends() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    ask(&app)
        .await
        .expect("the control: without the fault it works");
    let before = practice.token_requests();
    practice.expire_access_tokens();
    // The federation has rotated, and nobody hears of it.
    practice.set_fault("token=lost,count=1".parse::<Fault>().unwrap());
    assert_eq!(
        finding(ask(&app).await),
        Finding::SignInEnded,
        "sign in again"
    );
    assert_eq!(
        practice.token_requests(),
        before + 2,
        "two calls, and no third"
    );
    assert_eq!(
        finding(ask(&app).await),
        Finding::SignInEnded,
        "it stays so"
    );
    assert_eq!(
        practice.token_requests(),
        before + 2,
        "without asking again"
    );
    sign_in(&app, CODE, &practice).await;
    ask(&app).await.expect("and a person mends it");
}

#[tokio::test]
async fn b07_a_lost_answer_to_a_code_is_never_asked_for_again() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, CODE, &practice).await;
    for fault in ["token=lost,count=1", "reset,path=/oauth/token,count=1"] {
        let before = practice.token_requests();
        practice.set_fault(fault.parse::<Fault>().unwrap());
        let mut waiting = start(&app, by(CODE, Redirect::DeepLink));
        let link = practice.approve(&waiting.browser().await);
        let outcome = app.sign_in_complete(&link).await;
        assert_eq!(finding(outcome), Finding::SignInInterrupted, "{fault}");
        assert_eq!(
            finding(waiting.end().await),
            Finding::SignInInterrupted,
            "{fault}"
        );
        assert!(
            practice.token_requests() <= before + 1,
            "{fault}: posted once"
        );
        assert_eq!(
            finding(app.sign_in_complete(&link).await),
            Finding::SignInMismatch,
            "{fault}"
        );
    }
    practice.clear_faults();
    sign_in(&app, CODE, &practice).await;
}

#[tokio::test]
async fn a_federation_that_is_down_ends_no_sign_in() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    for (fault, expected) in [
        (Fault::status(503), Finding::ServerError),
        (Fault::status(429), Finding::RateLimited),
        (Fault::new(FaultKind::Html), Finding::TokenUnusable),
    ] {
        practice.expire_access_tokens();
        practice.set_fault(fault.on_path("/oauth/token"));
        let before = practice.token_requests();
        assert_eq!(finding(ask(&app).await), expected, "told as what it is");
        assert!(practice.token_requests() <= before + 1, "one call");
        practice.clear_faults();
        let shown = app.connector_show(CODE).await.unwrap();
        assert_eq!(
            shown.sign_in.unwrap().state,
            SignInState::SignedIn,
            "{expected:?}"
        );
        ask(&app)
            .await
            .expect("and it works as soon as the federation does");
    }
}

#[tokio::test]
async fn a_renewal_is_finished_where_its_caller_has_gone_and_where_the_file_is_locked() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    for lock in [false, true] {
        practice.expire_access_tokens();
        practice.set_fault("delay=300,path=/oauth/token".parse::<Fault>().unwrap());
        let (before, seen) = (practice.refreshes(), asked(&practice));
        let caller = {
            let app = app.clone();
            tokio::spawn(async move { ask(&app).await })
        };
        within("the renewal is on its way", || asked(&practice) > seen).await;
        caller.abort();
        if lock {
            app.lock().await.unwrap();
            app.open().await.unwrap();
        }
        within("the federation has rotated", || {
            practice.refreshes() > before
        })
        .await;
        practice.clear_faults();
        // What was rotated is stored: the next request neither renews nor asks for a person.
        let mut tries = 0;
        while ask(&app).await.is_err() && tries < 3 {
            tries += 1;
        }
        assert_eq!(practice.refreshes(), before + 1, "locked: {lock}");
    }
    assert_eq!(practice.refresh_reuses(), 0, "no token was lost");
}

/// Asks for ever; the parent ends its tokens.
pub(super) async fn renewer(app: &App) {
    app.open().await.unwrap();
    say("ready");
    loop {
        match ask(app).await {
            Ok(()) => say("ok"),
            Err(error) => say(&format!("error {error}")),
        }
    }
}

/// Signs in once: tells where the browser goes, and takes the link from a file.
pub(super) async fn signer(app: &App, root: &Path) {
    app.open().await.unwrap();
    let mut waiting = start(app, by(CODE, Redirect::DeepLink));
    say(&format!("url {}", waiting.browser().await));
    let file = root.join("link");
    while !file.exists() {
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    let link = std::fs::read_to_string(&file).unwrap();
    say("taken");
    let outcome = app.sign_in_complete(&link).await;
    say(&format!("completed {}", outcome.is_ok()));
}

/// What is true after a kill, whatever its moment: at most two calls, and then either it works or a
/// person is asked.
async fn after_a_kill(app: &App, practice: &Practice, round: u32) {
    let before = practice.token_requests();
    let outcome = ask(app).await;
    let calls = practice.token_requests() - before;
    assert!(calls <= 2, "round {round}: {calls} calls");
    if let Err(error) = outcome {
        let seen = finding::<()>(Err(error));
        assert!(
            matches!(seen, Finding::SignInEnded | Finding::SignInNeeded),
            "round {round}: {seen:?}"
        );
        let before = practice.token_requests();
        assert_eq!(finding(ask(app).await), seen, "round {round}: it stays so");
        assert_eq!(practice.token_requests(), before, "round {round}: no loop");
        sign_in(app, CODE, practice).await;
        ask(app)
            .await
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_during_renewals_loses_no_token_and_never_loops() {
    let practice = Arc::new(practice().await);
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add_sign_in(&app, CODE, &practice).await;
    sign_in(&app, CODE, &practice).await;
    let chance = SeededRandom::new(60);
    let mut renewed = 0;
    for round in 0..rounds(50, 500) {
        let mut child = start_child(&mut ground.command("renewer"));
        assert_eq!(
            child.fact().as_deref(),
            Some("ready"),
            "round {round}: at work"
        );
        let before = practice.refreshes();
        // Ends its tokens again and again, so that it is nearly always renewing.
        let ending = {
            let practice = Arc::clone(&practice);
            tokio::spawn(async move {
                loop {
                    practice.expire_access_tokens();
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
            })
        };
        tokio::time::sleep(Duration::from_micros(chance.below(250_000) as u64)).await;
        child.kill();
        ending.abort();
        renewed += practice.refreshes() - before;
        after_a_kill(&app, &practice, round).await;
        assert!(
            app.db_check().await.unwrap().ok,
            "round {round}: the file is whole"
        );
    }
    assert!(renewed > 10, "renewals were under way: {renewed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_during_sign_ins_exchanges_no_code_twice_and_never_loops() {
    let practice = practice().await;
    let ground = Ground::new();
    let app = ground.app();
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add_sign_in(&app, CODE, &practice).await;
    let chance = SeededRandom::new(61);
    let (mut waited, mut interrupted, mut done) = (0, 0, 0);
    for round in 0..rounds(50, 500) {
        let _still = std::fs::remove_file(ground.root().join("link"));
        let mut child = start_child(&mut ground.command("signer"));
        let link = practice.approve(&url_of(&mut child, round));
        let part = ground.root().join("link.part");
        std::fs::write(&part, &link).unwrap();
        std::fs::rename(&part, ground.root().join("link")).unwrap();
        if chance.below(4) > 0 {
            assert_eq!(
                child.fact().as_deref(),
                Some("taken"),
                "round {round}: it has the link"
            );
        }
        std::thread::sleep(Duration::from_micros(chance.below(25_000) as u64));
        child.kill();
        // A fresh process finds what was left behind.
        app.lock().await.unwrap();
        app.open().await.unwrap();
        let exchanged = practice.exchanges();
        let sign_in = app.connector_show(CODE).await.unwrap().sign_in.unwrap();
        match sign_in.state {
            SignInState::Waiting => {
                waited += 1;
                app.sign_in_complete(&link).await.unwrap_or_else(|error| {
                    panic!("round {round}: a link that nobody used still works: {error}")
                });
                assert_eq!(practice.exchanges(), exchanged + 1, "round {round}");
            }
            SignInState::SignedIn => done += 1,
            SignInState::SignedOut => {
                interrupted += 1;
                assert_eq!(
                    sign_in.reason,
                    Some(Finding::SignInInterrupted),
                    "round {round}: it says why"
                );
                let again = app.sign_in_complete(&link).await;
                assert_eq!(
                    finding(again),
                    Finding::SignInMismatch,
                    "round {round}: never twice"
                );
                assert_eq!(
                    practice.exchanges(),
                    exchanged,
                    "round {round}: not asked again"
                );
            }
            SignInState::Ended => panic!("round {round}: nothing has ended"),
        }
        after_a_kill(&app, &practice, round).await;
        app.sign_out(CODE).await.unwrap();
    }
    assert!(
        waited + interrupted > 0 && done > 0,
        "kills fell at different moments: {waited} before the exchange, {interrupted} in it, {done} after"
    );
}

fn url_of(child: &mut Running, round: u32) -> String {
    let fact = child
        .fact()
        .unwrap_or_else(|| panic!("round {round}: it starts"));
    fact.strip_prefix("url ")
        .map_or_else(|| panic!("round {round}: {fact}"), str::to_owned)
}

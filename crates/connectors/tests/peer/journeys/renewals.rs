//! Renewing against a server that replaces the refresh token each time and ends the whole grant when a
//! replaced one comes again. The product must never bring that about by itself.

use std::sync::Arc;
use std::time::Duration;

use connectors::clock::{Clock, SystemClock};
use connectors::failure::Finding;
use connectors::random::SystemRandom;
use connectors::view::InitialiseRequest;
use connectors::{App, AppOptions};
use futures_util::future::join_all;
use testkit::Bench;

use crate::support::{CODE, add_native, finding, sign_in, sign_in_of, use_it, within};
use testkit::authorization_server::Peer;

/// The life of an access token, in milliseconds.
const LIFE: i64 = 3_600_000;
const SEQUENTIAL: usize = 50;
const CONCURRENT: usize = 20;

#[tokio::test]
async fn a_token_that_has_really_ended_is_renewed_and_the_old_one_is_dead() {
    let peer = Peer::with_life(2);
    let bench = Bench::new();
    // By the computer's own clock, as in real life.
    let app = App::new(AppOptions {
        data_dir: bench.path().to_owned(),
        keychain: Arc::clone(&bench.keychain) as _,
        keychain_deadline: Duration::from_secs(5),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    });
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    add_native(&app, &peer).await;
    sign_in(&app).await;
    let journal = peer.journal().await;
    let (token, replaced) = (
        journal.newest("access_token"),
        journal.newest("refresh_token"),
    );
    // The server counts in whole seconds from the last one, so a token ends up to a second before what
    // it promised. Here both have passed, its end there and its promised end here.
    let view = app.connector_show(CODE).await.unwrap();
    let promised = sign_in_of(&view).expires_at.expect("the server said so");
    within(async {
        while peer.resource_says(token).await != 401 || SystemClock.now().0 < promised {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 1),
        "renewed before it was used, so the resource never saw the old one"
    );
    let after = peer.journal().await;
    assert_eq!(after.asked_with("refresh_token"), 1, "one renewal");
    assert_eq!(
        after.of_kind("refresh_token").len(),
        2,
        "the server has replaced the refresh token"
    );
    let stolen = [
        ("grant_type", "refresh_token"),
        ("client_id", "native"),
        ("refresh_token", replaced),
    ];
    assert_eq!(
        peer.ask_token(&stolen).await,
        (400, Some("invalid_grant".to_owned())),
        "a replaced one is refused"
    );
    let detail = peer.journal().await.calls.last().unwrap().detail.clone();
    assert_eq!(
        detail.as_deref(),
        Some("refresh token already used"),
        "as one that was stolen; the journal can tell, so its silence elsewhere means something"
    );
    assert_eq!(
        finding(use_it(&app).await),
        Finding::SignInEnded,
        "the theft has ended the grant, and the person is told"
    );
}

#[tokio::test]
async fn a_token_that_the_server_refuses_early_is_renewed_within_the_request() {
    let peer = Peer::with_life(1);
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    sign_in(&app).await;
    // The app's clock stands still, so for it the token is fresh: a clock that is wrong, or a server
    // that ends tokens early.
    let journal = peer.journal().await;
    within(async {
        while peer.resource_says(journal.newest("access_token")).await != 401 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 2),
        "one 401, one renewal, one repetition"
    );
    assert_eq!(
        peer.journal().await.asked_with("refresh_token"),
        1,
        "one renewal"
    );
}

#[tokio::test]
async fn renewals_never_show_a_replaced_token_again() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    sign_in(&app).await;
    for round in 1..=SEQUENTIAL {
        bench.clock.advance_ms(LIFE);
        assert_eq!(use_it(&app).await.unwrap(), (200, 1), "round {round}");
    }
    let journal = peer.journal().await;
    assert_eq!(
        journal.asked_with("refresh_token"),
        SEQUENTIAL,
        "one renewal a round"
    );

    // A second app over the same file, as another process has it: half of the requests come from it.
    let other = bench.app();
    other.open().await.unwrap();
    let rounds = 5;
    for round in 1..=rounds {
        bench.clock.advance_ms(LIFE);
        let all = (0..CONCURRENT).map(|number| use_it(if number % 2 == 0 { &app } else { &other }));
        for outcome in join_all(all).await {
            assert_eq!(
                outcome.unwrap(),
                (200, 1),
                "round {round}: nobody used an old token"
            );
        }
    }
    let journal = peer.journal().await;
    assert_eq!(
        journal.asked_with("refresh_token"),
        SEQUENTIAL + rounds,
        "{CONCURRENT} at once renew once, also from two apps"
    );
    assert!(
        journal.refusals().is_empty(),
        "none was refused, none taken for stolen: {:?}",
        journal.refusals()
    );

    // A fresh app goes on where the others ended: what was rotated was kept.
    app.lock().await.unwrap();
    other.lock().await.unwrap();
    let fresh = bench.app();
    fresh.open().await.unwrap();
    assert_eq!(
        use_it(&fresh).await.unwrap(),
        (200, 1),
        "with the same access token"
    );
    bench.clock.advance_ms(LIFE);
    assert_eq!(
        use_it(&fresh).await.unwrap(),
        (200, 1),
        "and the newest refresh token"
    );
    let journal = peer.journal().await;
    assert_eq!(
        journal.asked_with("refresh_token"),
        SEQUENTIAL + rounds + 1,
        "one more"
    );
    assert!(journal.refusals().is_empty(), "and still none refused");
}

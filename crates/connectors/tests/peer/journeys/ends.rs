//! How a sign-in ends: given back by us, or withdrawn by the federation.

use connectors::error::Code;
use connectors::failure::Finding;
use connectors::view::{RevocationView, SignInState};
use testkit::Bench;

use crate::support::{CODE, add_native, finding, sign_in, sign_in_of, use_it};
use testkit::authorization_server::Peer;

#[tokio::test]
async fn a_sign_out_gives_the_tokens_back() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    sign_in(&app).await;
    let journal = peer.journal().await;
    let (access, refresh) = (
        journal.newest("access_token"),
        journal.newest("refresh_token"),
    );
    assert_eq!(
        peer.resource_says(access).await,
        200,
        "until then it is good"
    );
    let out = app.sign_out(CODE).await.unwrap();
    assert_eq!(
        (out.revocation, out.finding),
        (RevocationView::Revoked, None),
        "a public client may give back what is its own (RFC 7009 §2.1)"
    );
    assert_eq!(
        sign_in_of(&out.connector).state,
        SignInState::SignedOut,
        "nobody is signed in"
    );
    assert_eq!(peer.resource_says(access).await, 401, "good no more");
    let with_it = [
        ("grant_type", "refresh_token"),
        ("client_id", "native"),
        ("refresh_token", refresh),
    ];
    assert_eq!(
        peer.ask_token(&with_it).await,
        (400, Some("invalid_grant".to_owned())),
        "and nothing comes from the refresh token"
    );
    assert_eq!(
        finding(use_it(&app).await),
        Finding::SignInNeeded,
        "a person is needed again"
    );
}

#[tokio::test]
async fn what_the_federation_withdraws_needs_a_person_again() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    sign_in(&app).await;
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "it works at first");
    peer.withdraw().await;
    let before = peer.journal().await.calls.len();
    let error = use_it(&app).await.expect_err("it is withdrawn");
    assert_eq!(error.code(), Code::NeedsSignIn, "the way out is a sign-in");
    assert_eq!(
        finding::<()>(Err(error)),
        Finding::SignInEnded,
        "not a wrong setting, not a wrong secret"
    );
    let asked = peer.journal().await.calls.len() - before;
    assert!(
        (1..=2).contains(&asked),
        "one attempt to renew, at most one more: {asked}"
    );
    for _ in 0..3 {
        assert_eq!(
            finding(use_it(&app).await),
            Finding::SignInEnded,
            "and it stays so"
        );
    }
    let report = app.connector_test(CODE, None, &mut |_| {}).await.unwrap();
    assert_eq!(
        report.finding,
        Some(Finding::SignInEnded),
        "a test says the same"
    );
    assert_eq!(
        peer.journal().await.calls.len() - before,
        asked,
        "without asking the federation again and again"
    );
    let view = app.connector_show(CODE).await.unwrap();
    assert_eq!(sign_in_of(&view).state, SignInState::Ended, "it is shown");
    sign_in(&app).await;
    assert_eq!(
        use_it(&app).await.unwrap(),
        (200, 1),
        "a person signs in again, and all is well"
    );
}

//! Signing in on another device (RFC 8628). The server names no interval, so five seconds hold
//! (§3.2): these are the slowest journeys.

use std::time::Duration;

use connectors::failure::Finding;
use connectors::view::{SignInRequest, SignInState, SignInStepView};
use testkit::Bench;

use crate::support::{
    add, add_native, asking, begin, credentials, finding, settings, sign_in_of, use_it, within,
};
use testkit::authorization_server::{Browser, Peer, Person};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn on_device() -> SignInRequest {
    SignInRequest {
        device: true,
        ..asking()
    }
}

/// Where to enter the code, with the code in it.
fn where_to(step: SignInStepView) -> String {
    match step {
        SignInStepView::Device {
            user_code,
            verification_uri,
            verification_uri_complete,
            ..
        } => {
            let complete = verification_uri_complete.expect("this server has one");
            assert_eq!(
                complete,
                format!("{verification_uri}?user_code={user_code}"),
                "the same address with the code in it"
            );
            complete
        }
        other => panic!("not a device: {other:?}"),
    }
}

#[tokio::test]
async fn a_person_who_takes_their_time_signs_in_on_another_device() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let mut under_way = begin(&app, on_device());
    let address = where_to(under_way.step().await);
    within(async {
        while peer.journal().await.asked_with(GRANT) == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    let pending = peer.journal().await;
    assert_eq!(
        pending.refusals()[0].error.as_deref(),
        Some("authorization_pending"),
        "the first question comes before the person is done"
    );
    let (status, page) = Browser::of(Person::Agrees).walk(&address).await.page();
    assert_eq!(status, 200, "the other device is done: {page}");
    let view = under_way.end().await.unwrap();
    assert_eq!(
        sign_in_of(&view).state,
        SignInState::SignedIn,
        "and so is this"
    );
    assert!(
        sign_in_of(&view).renews,
        "without a prompt to set, offline_access is granted as asked"
    );
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "the token is taken");
    bench.clock.advance_ms(3_600_000);
    assert_eq!(use_it(&app).await.unwrap(), (200, 1), "and renewed");
    let journal = peer.journal().await;
    assert_eq!(
        (journal.asked_with(GRANT), journal.refusals().len()),
        (2, 1),
        "asked every five seconds and no more after the answer"
    );
}

#[tokio::test]
async fn a_person_who_declines_on_the_other_device_is_believed() {
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_native(&app, &peer).await;
    let mut under_way = begin(&app, on_device());
    let address = where_to(under_way.step().await);
    let _page = Browser::of(Person::Declines).walk(&address).await.page();
    assert_eq!(
        finding(under_way.end().await),
        Finding::SignInDeclined,
        "with the first question after it"
    );
    let journal = peer.journal().await;
    assert_eq!(journal.asked_with(GRANT), 1, "nobody asks on");
}

#[tokio::test]
async fn the_device_is_told_whom_the_token_is_for() {
    // Servers that serve several APIs give a token for the one that is named, on a device as well as in
    // a browser.
    let peer = Peer::start();
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut named = settings(&peer);
    named.auth.audience = Some("https://members.example".to_owned());
    let club = ("club".to_owned(), "ballyduff".to_owned());
    named.auth.extra_parameters.extend([club]);
    add(&app, named, credentials("native", None)).await;
    let mut under_way = begin(&app, on_device());
    let _address = where_to(under_way.step().await);
    app.sign_in_cancel("ballyduff").await.unwrap();
    assert_eq!(
        finding(under_way.end().await),
        Finding::Cancelled,
        "nobody waits for the device"
    );
    let asked = &peer.journal().await.devices[0];
    assert_eq!(
        asked.audience.as_deref(),
        Some("https://members.example"),
        "the setting holds for every grant"
    );
    assert_eq!(
        asked.scope.as_deref(),
        Some("offline_access members.read"),
        "and so do the scopes"
    );
    assert_eq!(
        asked.club.as_deref(),
        Some("ballyduff"),
        "and so do the extra parameters"
    );
}

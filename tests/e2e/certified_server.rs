//! Signing in to an authorization server that others wrote and certified (oidc-provider), with a
//! connector made by hand: issuer, scopes, `prompt=consent`, and nothing that the product knows of it.

use testkit::authorization_server::{Browser, Peer, Person};

use crate::harness::{Home, Window};
use crate::sign_in::ready;

/// Seconds that an access token lives there: long enough to be used, short enough to be outlived.
const LIFE: u32 = 12;

/// Types a connector to the server; the browser's way back is the app's link or a port.
async fn add(window: &Window, peer: &Peer, code: &str, port: bool) {
    window.click("Add connector").await;
    window.see("Choose a system").await;
    window.choose("Own REST API with a sign-in").await;
    window.fill("Name", "Certified federation").await;
    window.fill("Federation code", code).await;
    window
        .fill("Address", &format!("{}/api", peer.origin))
        .await;
    window.choose("Allow plain http to this computer").await;
    window
        .fill("Path of the membership list", "/v1/members")
        .await;
    window.fill("Records are at", "data").await;
    window.fill("Issuer", &peer.issuer).await;
    window.click("Fill in from issuer").await;
    window.see("Filled in. Look at the endpoints below.").await;
    window.fill("Scopes", "offline_access members.read").await;
    window.fill("Client id", "native").await;
    window.click("Way back, audience, extra parameters").await;
    if port {
        window
            .select("Way back from the browser", "A port of this computer")
            .await;
    }
    // Without it the server gives no refresh token (OpenID Connect Core §11).
    window.fill("Parameter", "prompt").await;
    window.fill("Value", "consent").await;
}

/// From the sign-in to a request that succeeds by itself after the token's end.
async fn journey(code: &str, port: bool) {
    let peer = Peer::with_life(LIFE);
    let home = Home::new();
    let window = ready(&home).await;
    add(&window, &peer, code, port).await;
    window.click("Save and sign in").await;
    window
        .see("Finish signing in to Certified federation in your browser")
        .await;
    let address = home.asked(1).await;
    let way_back = Browser::of(Person::Agrees).walk(&address).await.redirect();
    if port {
        assert!(
            way_back.starts_with("http://127.0.0.1:"),
            "a port: {way_back}"
        );
        let (status, text) = Browser::of(Person::Agrees).walk(&way_back).await.page();
        assert_eq!(status, 200, "the page of this computer: {text}");
        assert!(text.contains("You are signed in"), "and says so: {text}");
    } else {
        let own = format!("com.playerarc.connectors:/oauth/{code}?");
        assert!(way_back.starts_with(&own), "the app's link: {way_back}");
        home.hand_over(&way_back).await;
    }
    window.see("is signed in.").await;
    window.see("Signed in since").await;
    window.click("Test connection").await;
    window.see("Certified federation answers").await;
    window.see("Healthy").await;

    let journal = peer.journal().await;
    let renewals = journal.asked_with("refresh_token");
    let token = journal.newest("access_token").to_owned();
    window
        .until("the token has ended", async || {
            peer.resource_says(&token).await == 401
        })
        .await;
    window.click("Test again").await;
    window
        .until("it is renewed", async || {
            peer.journal().await.asked_with("refresh_token") == renewals + 1
        })
        .await;
    window.see("Certified federation answers").await;
    window.see("Healthy").await;
    let journal = peer.journal().await;
    assert_eq!(journal.refusals().len(), 0, "{:?}", journal.refusals());
    assert_eq!(
        journal.asked_with("authorization_code"),
        1,
        "the code was exchanged once"
    );
    window.close().await;
    let log = home.log();
    assert!(!log.contains("panicked"), "{log}");
    for value in journal.issued.iter().map(|one| one.value.as_str()) {
        assert!(!log.contains(value), "nothing that was given out is logged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_at_a_certified_server_by_the_apps_link() {
    journey("ballyduff", false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_at_a_certified_server_through_a_port() {
    journey("carrick", true).await;
}

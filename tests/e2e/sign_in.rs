//! Signing in to a federation as a person does: the button in the window, the browser that opens,
//! its sign-in page, and the way back through the app's own link or a port of this computer.

use std::time::Duration;

use url::Url;

use crate::browser::{self, decide};
use crate::desktop::until;
use crate::first_run::create_key;
use crate::harness::{Home, Window};

/// The name that the preset proposes.
pub const NAME: &str = "Practice federation with sign-in";
const WAITING: &str = "Finish signing in to Practice federation with sign-in in your browser";
const SIGNED_OUT: &str = "Nobody has signed in yet";

/// A window of a person who has a key, and whose desktop knows the app.
pub async fn ready(home: &Home) -> Window {
    home.take_links();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    window.click("Go to the list").await;
    window.see("No connectors yet").await;
    window
}

/// Fills the form from the preset; it is not saved yet.
pub async fn choose_practice(window: &Window) {
    window.click("Add connector").await;
    window.see("Choose a system").await;
    window.choose(NAME).await;
    window.see("After saving you sign in").await;
}

/// Adds the connector; answers with the address that the browser got.
async fn save_and_sign_in(home: &Home, window: &Window) -> String {
    choose_practice(window).await;
    window.click("Save and sign in").await;
    window.see(WAITING).await;
    home.asked(1).await
}

/// What the federation counts, by name.
pub fn count(origin: &Url, name: &str) -> u64 {
    let report = browser::json(&origin.join("/practice/oauth").unwrap());
    report[name].as_u64().unwrap()
}

fn origin_of(address: &str) -> Url {
    Url::parse(address).unwrap().join("/").unwrap()
}

/// Presses a button of the federation's own page.
pub fn at_the_federation(origin: &Url, button: &str) {
    let page = browser::visit(origin.join("/practice").unwrap().as_str());
    let after = page.submit(&[], button).page();
    assert_eq!(after.status, 200, "the page is shown again");
}

/// Reads the end of a journey: the window closes and nothing went wrong meanwhile.
async fn close(home: &Home, window: Window) {
    window.close().await;
    let log = home.log();
    assert!(!log.contains("panicked"), "{log}");
    for part in ["?code=", "state="] {
        assert!(!log.contains(part), "no link is in the log: {log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_test_renew_and_sign_out() {
    let home = Home::new();
    let window = ready(&home).await;
    let address = save_and_sign_in(&home, &window).await;
    window.see("Awaited now").await;
    let link = decide(&address, "Allow").link();
    assert!(
        link.starts_with("com.playerarc.connectors:/oauth/practice_sign_in?"),
        "the app's own link: {link}"
    );
    home.hand_over(&link).await;
    window.see("is signed in.").await;
    window.see("Signed in since").await;
    window.click("Test connection").await;
    window.see("Healthy").await;
    window.see(&format!("{NAME} answers")).await;

    let origin = origin_of(&address);
    assert_eq!(count(&origin, "refreshes"), 0, "nothing was to renew yet");
    at_the_federation(&origin, "Expire access tokens now");
    assert_eq!(count(&origin, "access_tokens"), 0, "the token has ended");
    window.click("Test again").await;
    until("the token is renewed", || count(&origin, "refreshes") == 1).await;
    window.see(&format!("{NAME} answers")).await;
    window.see("Healthy").await;
    assert_eq!(count(&origin, "refreshes"), 1, "once is enough");

    window.click("Sign out…").await;
    window.see("Sign out of").await;
    window.click("Stay signed in").await;
    window.see("Signed in since").await;
    window.click("Sign out…").await;
    window.click("Sign out").await;
    window.see("The tokens were withdrawn there").await;
    window.see(SIGNED_OUT).await;
    for (what, left) in [("access_tokens", 0), ("refresh_tokens", 0)] {
        assert_eq!(count(&origin, what), left, "{what} of the federation");
    }
    close(&home, window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_through_a_port_of_this_computer() {
    let home = Home::new();
    let window = ready(&home).await;
    choose_practice(&window).await;
    window.click("Way back, audience, extra parameters").await;
    window
        .select("Way back from the browser", "A port of this computer")
        .await;
    window.click("Save and sign in").await;
    window.see(WAITING).await;
    let address = home.asked(1).await;
    let page = decide(&address, "Allow").page();
    assert_eq!(
        (page.status, page.address.host_str()),
        (200, Some("127.0.0.1")),
        "the browser ends at this computer"
    );
    assert_eq!(
        page.text(),
        "You are signed in You can close this page and go back to Federation Connectors.",
        "and says so"
    );
    window.see("is signed in.").await;
    window.click("Test connection").await;
    window.see("Healthy").await;

    // The next time the person says no, and both places say so.
    window.click("Sign in again").await;
    window.see(WAITING).await;
    let page = decide(&home.asked(2).await, "Deny").page();
    assert!(
        page.text().starts_with("The sign-in came to nothing"),
        "the page says so: {}",
        page.text()
    );
    window.see("You declined in the browser").await;
    window.see("Signed in since").await;
    close(&home, window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_that_was_declined_and_then_allowed() {
    let home = Home::new();
    let window = ready(&home).await;
    let address = save_and_sign_in(&home, &window).await;
    let link = decide(&address, "Deny").link();
    home.hand_over(&link).await;
    window.see("You declined in the browser").await;
    window.see("Sign in again if you meant yes.").await;
    window.click("Sign in again").await;
    window.see(WAITING).await;
    // The browser is on another computer this time: its address is pasted, first a wrong one.
    let link = decide(&home.asked(2).await, "Allow").link();
    window.click("Paste the address instead").await;
    let wrong = "com.playerarc.connectors:/oauth/practice_sign_in?code=a&state=b";
    for (address, said) in [
        ("Hello", "belongs to no sign-in that waits"),
        (wrong, "belongs to no sign-in that waits"),
    ] {
        window
            .fill("Address that the browser ended at", address)
            .await;
        window.click("Use this address").await;
        window
            .see_error("Address that the browser ended at", said)
            .await;
        window.see(WAITING).await;
    }
    window.shot("sign-in-paste-wrong").await;
    window
        .fill("Address that the browser ended at", &link)
        .await;
    window.click("Use this address").await;
    window.see("is signed in.").await;
    window.see("Signed in since").await;
    close(&home, window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_cancelled_copied_and_led_through_a_port() {
    let home = Home::new();
    let window = ready(&home).await;
    let first = save_and_sign_in(&home, &window).await;
    window.click("Copy link instead").await;
    window
        .until("the link is copied, or there to be copied", async || {
            window.text().await.contains("The link is copied.")
                || window.value_of("Link to sign in").await == first
        })
        .await;
    let late = decide(&first, "Allow").link();
    window.click("Cancel").await;
    window.see(SIGNED_OUT).await;
    home.hand_over(&late).await;
    until("the late answer is refused", || {
        home.log().contains("a link completed no sign-in")
    })
    .await;
    window.see(SIGNED_OUT).await;

    window.click("Sign in").await;
    window.see(WAITING).await;
    let second = home.asked(2).await;
    window.click("Open the browser again").await;
    assert_eq!(home.asked(3).await, second, "the same sign-in once more");
    // The app itself waits 45 seconds before it offers another way.
    window
        .until_within(Duration::from_secs(90), "the other way is offered", {
            async || {
                let text = window.text().await;
                text.contains("The browser does not come back?")
            }
        })
        .await;
    window.shot("sign-in-stuck-1280-light").await;
    window.click("Use a port of this computer instead").await;
    let third = home.asked(4).await;
    let late = decide(&second, "Allow").link();
    home.hand_over(&late).await;
    window.see(WAITING).await;
    let page = decide(&third, "Allow").page();
    assert!(
        page.text().starts_with("You are signed in"),
        "{}",
        page.text()
    );
    window.see("is signed in.").await;
    close(&home, window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_sign_in_that_ends_while_the_file_is_locked() {
    let home = Home::new();
    let window = ready(&home).await;
    let address = save_and_sign_in(&home, &window).await;
    window.click("Lock now").await;
    window.see("You locked the file.").await;
    let link = decide(&address, "Allow").link();
    home.hand_over(&link).await;
    until("the link is kept", || {
        home.log().contains("a link waits until the file is open")
    })
    .await;
    window.see("You locked the file.").await;
    window.click("Unlock").await;
    window.see("All 1").await;
    window.click(NAME).await;
    window.see("Signed in since").await;
    window.click("Test connection").await;
    window.see("Healthy").await;
    close(&home, window).await;
}

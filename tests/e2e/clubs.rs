//! Clubs as an administrator connects them (M7, C01, C02, A09): one with a look-up, a duplicate, a list, and
//! a disconnection.

use std::time::Duration;

use fantoccini::key::Key;

use crate::first_run::{connect_practice, create_key};
use crate::harness::{Home, Window};

const ID: &str = "Federation’s id of the club";
const OWN: &str = "Your own id";

async fn both(window: &Window, name: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}")).await;
    }
}

async fn connect_one(window: &Window) {
    window.click("Connect club").await;
    window.fill("Club’s name", "Baile Uí Dhuibh").await;
    assert_eq!(
        window.value_of(OWN).await,
        "baile-ui-dhuibh",
        "an id is suggested"
    );
    window.fill(ID, "club-9").await;
    window.fill(OWN, "ballyduff").await;
    window
        .see_error(ID, "The federation knows no club with this id.")
        .await;
    window.shot("clubs-unknown-id").await;
    window.fill(ID, "club-1002").await;
    window.fill(OWN, "ballyduff").await;
    // Whom the id stands for is shown before anything is connected.
    window
        .see("The federation calls it Kilsample Rovers.")
        .await;
    window.shot("clubs-looked-up").await;
    window.click("Connect club").await;
    window.see("is connected to Practice federation.").await;
    window.see("Never synced").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_clubs_are_connected_pasted_and_disconnected() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    connect_practice(&window).await;
    window.press_with(Key::Control, '3').await;
    window.see("No clubs yet").await;
    both(&window, "clubs-empty").await;
    connect_one(&window).await;

    window.click("Connect club").await;
    window.fill("Club’s name", "Somebody else").await;
    window.fill(OWN, "other").await;
    // Whoever presses before the name can have been read sees it first.
    window.fill(ID, "club-1002").await;
    window.click("Connect club").await;
    window
        .see("If Kilsample Rovers is the club that you mean, press “Connect club” again.")
        .await;
    window.shot("clubs-confirm").await;
    // A name counts as read when it has stood there for 400 ms; a press before that is not taken for a yes.
    tokio::time::sleep(Duration::from_millis(500)).await;
    window.click("Connect club").await;
    window
        .see_error(ID, "Another club is connected here with this id.")
        .await;
    window.click("Cancel").await;

    window.click("Paste a list").await;
    window
        .paste(
            "Or paste its text",
            "ballyduff;Baile Uí Dhuibh;club-1002\nardmore;Ardmore Emmets;club-1003\nnobody;;club-1004",
        )
        .await;
    window.click("Connect clubs").await;
    window
        .see("1 club is connected. 1 was connected already.")
        .await;
    window.see("1 line was refused").await;
    window.see("Line 3:").await;
    window.see("Fill this in.").await;
    window.shot("clubs-pasted").await;
    window.click("Close").await;
    window.see("Ardmore Emmets").await;
    both(&window, "clubs").await;

    window.fill("Find a club", "ÁRDMORE").await;
    window
        .until("only what fits is shown", async || {
            let text = window.text().await;
            text.contains("Ardmore Emmets") && !text.contains("Baile Uí Dhuibh")
        })
        .await;
    window.fill("Find a club", "").await;
    window.see("Baile Uí Dhuibh").await;

    window.click("Practice federation").await;
    window.see("2 clubs").await;
    both(&window, "clubs-of-a-connector").await;
    window.click("Actions for Practice federation").await;
    window.click("Delete…").await;
    window.see("Affected clubs").await;
    window.shot("clubs-affected").await;
    let text = window.text().await;
    assert!(
        text.contains("Affected clubs Ardmore Emmets Baile Uí Dhuibh"),
        "A09: whom it concerns stands in the question: {text}"
    );
    window.click("Keep it").await;

    window.press_with(Key::Control, '3').await;
    window.click("Actions for Ardmore Emmets").await;
    window.click("Disconnect…").await;
    window
        .see("Disconnect “Ardmore Emmets” from Practice federation?")
        .await;
    window.shot("clubs-disconnect").await;
    window.click("Disconnect club").await;
    window
        .see("is disconnected from Practice federation.")
        .await;
    window.see("1 club").await;
    window.press_with(Key::Control, ',').await;
    window.choose("Dark").await;
    window.press_with(Key::Control, '3').await;
    window.see("Baile Uí Dhuibh").await;
    both(&window, "clubs-dark").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

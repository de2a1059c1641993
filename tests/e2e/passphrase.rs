//! A computer without a keychain: the passphrase is the way, and the only one.

use fantoccini::key::Key;

use crate::harness::Home;

const PASSPHRASE: &str = "four words of my own";

#[tokio::test(flavor = "multi_thread")]
async fn without_keychain_a_passphrase_does_the_same() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    window.see("Create your key").await;
    window.click("Create key").await;
    window
        .see("This computer has no keychain that answers, so nothing was created.")
        .await;
    assert!(
        !home.data_dir().join("connectors.keys.json").exists(),
        "nothing was created"
    );
    window.shot("no-keychain-1280-light").await;
    window.fill("Passphrase", "too short").await;
    window.fill("The same passphrase again", "too short").await;
    window.click("Create key").await;
    window
        .see_error("Passphrase", "Too short: at least 12 characters.")
        .await;
    window.fill("Passphrase", PASSPHRASE).await;
    window
        .fill("The same passphrase again", "four other words of mine")
        .await;
    window.click("Create key").await;
    window
        .see_error("The same passphrase again", "The two are not the same.")
        .await;
    window.fill("The same passphrase again", PASSPHRASE).await;
    window.click("Create key").await;
    window.see("Your key is made").await;
    window.see("encrypted with your passphrase").await;
    window.click("Start and connect").await;
    window.see("Healthy").await;
    window.close().await;

    let window = home.open(1280, 800).await;
    window.see("Your passphrase opens this file.").await;
    window.fill("Passphrase", "not the passphrase").await;
    window.press(char::from(Key::Enter)).await;
    window.see("The passphrase is not right.").await;
    window.shot("wrong-passphrase-1280-light").await;
    window.fill("Passphrase", PASSPHRASE).await;
    window.click("Unlock").await;
    window.see("Practice federation").await;
    window.see("Healthy").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

//! Settings: how it looks, a second way in, a backup, the lock and both ways to open it.

use fantoccini::key::Key;

use crate::first_run::create_key;
use crate::harness::Home;

const PASSPHRASE: &str = "four words of my own";

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_settings_and_the_lock() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    window.click("Go to the list").await;
    window.click("Settings").await;
    for (choice, theme) in [("Dark", "dark"), ("Light", "light"), ("Dark", "dark")] {
        window.choose(choice).await;
        window
            .until(choice, async || {
                window.read("document.documentElement.dataset.theme").await == theme
            })
            .await;
    }
    let ground = window
        .read("getComputedStyle(document.body).backgroundColor")
        .await;
    assert_ne!(ground, "rgb(255, 255, 255)", "dark is not white");

    window.click("Add a passphrase…").await;
    window.fill("Passphrase", PASSPHRASE).await;
    window.fill("The same passphrase again", PASSPHRASE).await;
    window.click("Add passphrase").await;
    window.see("Your passphrase opens the file too.").await;
    window.click("Back up now").await;
    window.see("opened and checked.").await;
    let backups = std::fs::read_dir(home.data_dir().join("backups")).unwrap();
    assert!(backups.count() > 0, "the backup is a file");
    window.click("Check now").await;
    window.see("The file is whole").await;

    window.press_with(Key::Control, 'l').await;
    window.see("You locked the file.").await;
    window.shot("locked-1280-dark").await;
    window.click("Enter passphrase").await;
    window.fill("Passphrase", "not the passphrase").await;
    window.press(char::from(Key::Enter)).await;
    window.see("The passphrase is not right.").await;
    window.fill("Passphrase", PASSPHRASE).await;
    window.press(char::from(Key::Enter)).await;
    window.see("No connectors yet").await;

    window.click("Lock now").await;
    window.see("You locked the file.").await;
    window.click("Unlock").await;
    window.see("No connectors yet").await;
    window.close().await;

    let window = home.open(1280, 800).await;
    window.see("No connectors yet").await;
    let theme = window.read("document.documentElement.dataset.theme").await;
    assert_eq!(theme, "dark", "the theme survives");
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

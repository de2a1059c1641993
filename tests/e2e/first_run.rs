//! The first person's first ten minutes: key, practice federation, a look, a change, a deletion
//! and its undoing, and the next morning.

use crate::harness::{Home, Window};

/// From the welcome page to a key in the keychain.
pub async fn create_key(window: &Window) {
    window.see("Create your key").await;
    window.click("Create key").await;
    window.see("Your key is made").await;
}

/// From there to the practice connector's own page.
pub async fn connect_practice(window: &Window) {
    window.click("Start and connect").await;
    window.see("Last test").await;
    window.see("Healthy").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_from_first_run_to_a_restored_connector() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    connect_practice(&window).await;
    window
        .see("The credentials work and one record could be read.")
        .await;

    window.click("Test again").await;
    window.see("Practice federation answers").await;

    window.click("Edit").await;
    window.see("Edit Practice federation").await;
    window.fill("Name", "Invented club").await;
    window.click("Test and save").await;
    window.see("is tested and saved.").await;
    window.click("Connectors").await;
    window.see("Needs you 0").await;
    window.see("Invented club").await;

    delete(&window).await;
    window.click("Undo").await;
    window.see("is back, with its credentials.").await;
    window.see("Healthy 1").await;

    delete(&window).await;
    window.click_beginning("Deleted").await;
    window.click("Actions for Invented club").await;
    window.click("Restore").await;
    window.see("Nothing here").await;
    window.click_beginning("All").await;
    window.see("Invented club").await;

    window.click("Settings").await;
    window.choose("Dark").await;
    window
        .until("the page is dark", async || {
            window.read("document.documentElement.dataset.theme").await == "dark"
        })
        .await;
    window.close().await;

    // The next morning: the keychain opens the file, nobody is asked.
    let window = home.open(1280, 800).await;
    window.see("Invented club").await;
    window.see("Healthy").await;
    assert_eq!(
        window.read("document.documentElement.dataset.theme").await,
        "dark",
        "the theme was kept"
    );
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

async fn delete(window: &Window) {
    window.click("Actions for Invented club").await;
    window.click("Delete…").await;
    window
        .see("You can bring the connector back for 30 days")
        .await;
    window.click("Delete connector").await;
    window
        .see("is deleted. It can be restored for 30 days.")
        .await;
    window.see("Deleted 1").await;
}

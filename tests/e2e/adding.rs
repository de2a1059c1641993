//! A connector by hand, with every mistake on the way; then its life: new credentials, a pause, a
//! copy, a file of it.

use practice_federation::{PracticeOptions, start};

use crate::first_run::create_key;
use crate::harness::{Home, Window};

/// What another computer exported.
const FILE: &str = r#"
[[connector]]
code = "imported"
name = "From a file"
[connector.auth]
kind = "api_key"
[connector.endpoints]
base = "https://api.example.org"
membership_list = "/members"
"#;

async fn import(window: &Window, text: &str) {
    window.click("Import").await;
    window.paste("Or paste its text", text).await;
    window.click("Import").await;
    window.see("A file never holds credentials.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_connector_by_hand_with_every_mistake() {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let base = format!("{}/key", practice.base_url());
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    window.click("Go to the list").await;
    window.see("No connectors yet").await;
    import(&window, FILE).await;
    window.see("1 created").await;
    window.click("Close").await;
    window.see("From a file").await;

    window.click("Add connector").await;
    window.see("Choose a system").await;
    window.choose("Own REST API with a key").await;
    window.click("Test and save").await;
    window.see("fields need a change").await;
    for field in ["Name", "Federation code", "Address"] {
        window.see_error(field, "Fill this in.").await;
    }
    window.fill("Federation code", "GAA Foireann!").await;
    window
        .see_error("Federation code", "Small letters, digits, _ and -")
        .await;
    window.fill("Federation code", "imported").await;
    window.fill("Name", "Cumann na nÓg").await;
    window
        .see_error("Federation code", "Another connector has this code.")
        .await;
    window.fill("Federation code", "cumann").await;
    window.fill("Address", "ftp://127.0.0.1/").await;
    window.fill("Name", "Cumann na nÓg").await;
    window.see_error("Address", "Use https.").await;
    window.fill("Address", &base).await;
    window.fill("Name", "Cumann na nÓg").await;
    window
        .see_error(
            "Address",
            "Plain http to this computer needs the switch below.",
        )
        .await;
    window.choose("Allow plain http to this computer").await;
    window
        .fill("Path of the membership list", "/v1/members")
        .await;
    window.fill("Records are at", "data").await;
    window.fill("API key", "not-the-key").await;
    window.click("Test and save").await;
    window.see("Stopped at sign-in").await;
    window.see("Cumann na nÓg refused the credentials").await;
    window.shot("add-refused").await;
    for (field, typed) in [
        ("Name", "Cumann na nÓg"),
        ("Federation code", "cumann"),
        ("Address", base.as_str()),
        ("API key", "not-the-key"),
    ] {
        window
            .until(&format!("{field} was kept"), async || {
                window.value_of(field).await == typed
            })
            .await;
    }
    let right = practice.api_key().to_owned();
    window.fill("API key", &right).await;
    window.click("Test again and save").await;
    window.see("is tested and saved.").await;
    window.see("Healthy").await;
    live_with_it(&home, &window).await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

/// New credentials, a pause, a file, a copy, and the file again.
async fn live_with_it(home: &Home, window: &Window) {
    window.click("Replace…").await;
    window.fill("API key", "not-the-key-either").await;
    window.click("Test and replace").await;
    window.see("The federation refused the credentials.").await;
    window
        .fill("API key", "practice-key-two-opens-invented-data")
        .await;
    window.click("Test and replace").await;
    window.see("has new credentials, and they work.").await;

    let actions = "Actions for Cumann na nÓg";
    window.click(actions).await;
    window.click("Pause").await;
    window.see("is paused.").await;
    window.click(actions).await;
    window.click("Resume").await;
    window.see("is on again.").await;
    window.click(actions).await;
    window.click("Export").await;
    window.see("Saved without secrets:").await;
    let exported = std::fs::read_to_string(home.path().join("cumann.toml")).unwrap();
    assert!(exported.contains("Cumann na nÓg"), "{exported}");
    assert!(!exported.contains("practice-key"), "a file has no secrets");

    window.click(actions).await;
    window.click("Duplicate…").await;
    window.fill("Federation code", "second").await;
    window.click("Duplicate").await;
    window.see("was duplicated, without its credentials.").await;
    window.see("None yet").await;

    window.click("Connectors").await;
    import(window, &exported).await;
    window.see("1 already as in the file").await;
    window.click("Close").await;
    window.see("All 3").await;
}

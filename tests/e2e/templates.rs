//! A template that an administrator makes of a preset's: five records beside it, saved, given to a connector, and an older
//! version taken back.

use connectors::members::MemberField;

use crate::harness::{Home, Window};
use crate::preview::{CODE, with_club};

async fn both(window: &Window, name: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_template_is_copied_tried_saved_used_and_taken_back() {
    let home = Home::new();
    let (app, _practice) = with_club(&home).await;
    let window = home.open(1280, 800).await;
    window.see("Football").await;
    window.click("Settings").await;
    window.click("Templates").await;
    window.click("Open templates").await;
    window.see("Built in").await;
    both(&window, "templates").await;
    window
        .click("Look at Practice federation and change a copy")
        .await;
    window.see("Five records").await;
    window.fill("Name", "Our own").await;
    window.fill("Identifier", "ours").await;
    window.click("Ask for five records").await;
    window.see("Other records").await;
    both(&window, "template-records").await;
    window.click("Phone").await;
    window.click("Remove Phone from the template").await;
    window.click("Save template").await;
    window.see("is saved as version 1.").await;
    let saved = app.template("ours").await.unwrap();
    assert!(
        saved
            .form
            .fields
            .iter()
            .all(|row| row.field != MemberField::Phone),
        "what was taken out is not in it"
    );
    window.select("Choose a connector", "Football").await;
    window.click("Use for this connector").await;
    window.see("reads its lists with Our own now.").await;
    let used = app.connector_show(CODE).await.unwrap();
    assert_eq!(
        used.settings.sync.template.as_deref(),
        Some("ours"),
        "the connector has it"
    );

    window.fill("Name", "Our very own").await;
    window.click("Save version 2").await;
    window.see("is saved as version 2.").await;
    window.click("Versions").await;
    window.see("Versions of Our very own").await;
    both(&window, "template-versions").await;
    window.click("Use this version").await;
    window
        .until("the first is the newest again", async || {
            let now = app.template("ours").await.unwrap().template;
            (now.version, now.name.as_str()) == (3, "Our own")
        })
        .await;
    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

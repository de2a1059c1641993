//! What a secretary does about people and their data: erases somebody, sees what is kept for how long, and reads who did what.

use connectors::members::MemberField;
use connectors::view::AskedBy;
use connectors::{App, CancellationToken};
use fantoccini::key::Key;

use crate::harness::{Home, Window};
use crate::preview::{CODE, ORG, members, with_club};

async fn both(window: &Window, name: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}")).await;
    }
}

async fn synced(app: &App) {
    let plan = app
        .sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_person_is_erased_and_the_log_says_so() {
    let home = Home::new();
    let (app, _practice) = with_club(&home).await;
    synced(&app).await;
    let all = members(&app).await;
    let one = all
        .iter()
        .find(|one| one.values.get(MemberField::LastName).is_some())
        .unwrap();
    let value = |field| one.values.get(field).unwrap_or_default().to_owned();
    let (first, last) = (value(MemberField::FirstName), value(MemberField::LastName));
    let id = value(MemberField::ExternalId);
    let window = home.open(1280, 800).await;
    window.see("Football").await;
    window.press_with(Key::Control, '4').await;
    window.fill("Search members", &id).await;
    window.see("1 of ").await;
    window.click(&format!("{last}, {first}")).await;
    window.click("Erase…").await;
    window.see("What goes").await;
    window.see("1 backup still has the person.").await;
    both(&window, "erase").await;
    let typed = "This connector uses live data. Type the member’s name to go on";
    window.click("Erase for good").await;
    window
        .see_error(typed, &format!("Type exactly: {first} {last}"))
        .await;
    window.fill(typed, &format!("{first} {last}")).await;
    window.click("Erase for good").await;
    window.see("One person was erased.").await;
    let left = members(&app).await;
    assert_eq!(left.len(), all.len() - 1, "one went");
    assert!(
        left.iter()
            .all(|other| other.values.get(MemberField::ExternalId) != Some(id.as_str())),
        "this one"
    );

    // A later sync keeps the person out, and says only how many.
    synced(&app).await;
    assert_eq!(members(&app).await.len(), left.len(), "nobody came back");

    window.click("Settings").await;
    window.click("Privacy").await;
    window.click("Show what would be deleted").await;
    window
        .see("Nothing is too old. Nothing would be deleted.")
        .await;
    both(&window, "privacy").await;
    window.click("Activity").await;
    window.see("Erased a person of Ballyduff").await;
    window.see("Applied a sync to Ballyduff").await;
    window.click("Check the log").await;
    window.see("The log is whole").await;
    both(&window, "activity").await;
    let shown = window.text().await;
    for trace in [&last, &id] {
        assert!(!shown.contains(trace.as_str()), "{trace} is in the log");
    }
    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

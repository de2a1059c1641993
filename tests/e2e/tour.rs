//! A picture of every screen, light and dark, wide and narrow, for the eyes of whoever changes
//! one. What can be asserted of a screen is asserted on the way.

use fantoccini::key::Key;

use url::Url;

use crate::browser::decide;
use crate::first_run::{connect_practice, create_key};
use crate::harness::{Home, Window};
use crate::sign_in::{NAME, at_the_federation, choose_practice, ready};

async fn screens(window: &Window, look: &str) {
    let shot = async |name: &str| drop(window.shot(&format!("{name}-{look}")).await);
    window.press_with(Key::Control, '2').await;
    window.see("All 1").await;
    shot("connectors").await;
    window.click("Practice federation").await;
    window.see("Last test").await;
    shot("detail").await;
    window.click("Actions for Practice federation").await;
    window.click("Delete…").await;
    window
        .see("You can bring the connector back for 30 days")
        .await;
    shot("delete").await;
    window.click("Keep it").await;
    window.click("Replace…").await;
    window.see("The new ones are stored encrypted.").await;
    shot("replace").await;
    window.click("Cancel").await;
    window.click("Edit").await;
    window.see("Edit Practice federation").await;
    shot("edit").await;
    window.click("Cancel").await;
    window.press_with(Key::Control, '2').await;
    window.click("Import").await;
    window.see("Import connectors").await;
    shot("import").await;
    window.click("Cancel").await;
    window.fill("Find by name or code", "nothing like it").await;
    window.see("Nothing matches").await;
    shot("no-match").await;
    window.click("Clear search").await;
    window.click("Add connector").await;
    window.see("Choose a system").await;
    shot("add").await;
    window.choose("Own REST API with a key").await;
    window.click("Test and save").await;
    window.see("fields need a change").await;
    shot("add-errors").await;
    // The summary leads to the field.
    window.click("Name").await;
    window.type_text("Half a name").await;
    window.click("Cancel").await;
    window.see("Leave without saving?").await;
    shot("leave").await;
    window.click("Leave without saving").await;
    window.see("All 1").await;
    window.press_with(Key::Control, ',').await;
    window.see("Key and lock").await;
    shot("settings").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_pictures_of_every_screen() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    window.see("Create your key").await;
    window.shot("welcome-1280-light").await;
    window.resize(640, 800).await;
    window.shot("welcome-640-light").await;
    window.resize(1280, 800).await;
    create_key(&window).await;
    window.shot("welcome-created-1280-light").await;
    connect_practice(&window).await;
    for theme in ["Light", "Dark"] {
        window.press_with(Key::Control, ',').await;
        window.choose(theme).await;
        for (width, height) in [(1280, 800), (640, 800)] {
            window.resize(width, height).await;
            let look = format!("{width}-{}", theme.to_lowercase());
            screens(&window, &look).await;
        }
        window.press_with(Key::Control, 'l').await;
        window.see("You locked the file.").await;
        window
            .shot(&format!("locked-640-{}", theme.to_lowercase()))
            .await;
        window.resize(1280, 800).await;
        window
            .shot(&format!("locked-1280-{}", theme.to_lowercase()))
            .await;
        window.click("Unlock").await;
        window.see("All 1").await;
    }
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

/// A picture of one state at both widths.
async fn both(window: &Window, name: &str, theme: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}-{theme}")).await;
    }
}

/// From signed out to signed out, past everything that the panel says on the way; `asked` is how
/// often the browser was started before.
async fn sign_in_states(home: &Home, window: &Window, theme: &str, asked: usize) {
    both(window, "sign-in-none", theme).await;
    window.click("Sign in").await;
    window.see("Awaited now").await;
    let address = home.asked(asked + 1).await;
    both(window, "sign-in-waiting", theme).await;
    home.hand_over(&decide(&address, "Deny").link()).await;
    window.see("You declined in the browser").await;
    both(window, "sign-in-declined", theme).await;
    window.click("Sign in again").await;
    let address = home.asked(asked + 2).await;
    home.hand_over(&decide(&address, "Allow").link()).await;
    window.see("Signed in since").await;
    both(window, "sign-in-done", theme).await;
    window.click("Test connection").await;
    window.see("Healthy").await;
    let origin = Url::parse(&address).unwrap().join("/").unwrap();
    at_the_federation(&origin, "Revoke everything");
    window.click("Test again").await;
    window
        .see(&format!("The sign-in to {NAME} has ended"))
        .await;
    both(window, "sign-in-ended", theme).await;
    window.click("Sign out…").await;
    window.see("Sign out of").await;
    both(window, "sign-out", theme).await;
    window.click("Sign out").await;
    window.see("Nobody has signed in yet").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_pictures_of_signing_in() {
    let home = Home::new();
    let window = ready(&home).await;
    choose_practice(&window).await;
    window.click("Way back, audience, extra parameters").await;
    both(&window, "add-sign-in", "light").await;
    window.click("Save").await;
    window.see("Nobody has signed in yet").await;
    for (theme, asked) in [("Light", 0), ("Dark", 2)] {
        window.press_with(Key::Control, ',').await;
        window.choose(theme).await;
        let look = theme.to_lowercase();
        window.press_with(Key::Control, '2').await;
        window.click("Add connector").await;
        window.choose("Own REST API with a sign-in").await;
        window.see("Who signs in").await;
        window.click("Endpoints of the sign-in").await;
        both(&window, "add-own-sign-in", &look).await;
        window.press_with(Key::Control, '2').await;
        window.see("All 1").await;
        both(&window, "connectors-sign-in", &look).await;
        window.click(NAME).await;
        window.see("Nobody has signed in yet").await;
        sign_in_states(&home, &window, &look, asked).await;
    }
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

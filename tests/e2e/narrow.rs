//! Small windows and long lists: nothing is cut off sideways, and a thousand connectors are as
//! easy to search as ten.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use connectors::view::InitialiseRequest;
use connectors::{App, AppOptions};
use fantoccini::key::Key;

use crate::harness::{Home, Window};

/// A file with a thousand connectors, made without the window.
pub async fn thousand(home: &Home) {
    let app = App::new(AppOptions::system(home.data_dir()));
    app.initialise(InitialiseRequest::Keychain).await.unwrap();
    let mut text = String::new();
    for number in 0..1_000 {
        write!(
            text,
            "[[connector]]\ncode = \"club_{number:04}\"\nname = \"Cumann Lúthchleas {number:04}\"\n\
             [connector.auth]\nkind = \"api_key\"\n[connector.endpoints]\n\
             base = \"https://api.example.org\"\nmembership_list = \"/members\"\n"
        )
        .unwrap();
    }
    let done = app.connector_import(&text).await.unwrap();
    assert_eq!(done.created.len(), 1_000, "all are in");
    app.lock().await.unwrap();
}

/// No part of the page is wider than the window.
async fn fits(window: &Window, screen: &str) {
    let wide = window
        .read(
            "[document.documentElement, ...document.querySelectorAll('main, dialog')]\
             .map((it) => it.scrollWidth - it.clientWidth)",
        )
        .await;
    let wide = wide.as_array().unwrap();
    assert!(
        wide.iter().all(|pixels| pixels.as_i64() <= Some(0)),
        "{screen} is too wide by {wide:?}"
    );
}

async fn go(window: &Window, place: &str, width: u32) {
    if width <= 480 {
        window.click("Menu").await;
    }
    window.click(place).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_narrow_windows_and_a_thousand_connectors() {
    let home = Home::new();
    thousand(&home).await;
    let window = home.open(640, 800).await;
    window.see("All 1,000").await;
    for (width, height) in [(640, 800), (320, 640)] {
        window.resize(width, height).await;
        fits(&window, &format!("the list at {width}")).await;
        window.shot(&format!("narrow-list-{width}")).await;
        window.click("Cumann Lúthchleas 0000").await;
        window.see("It has never been tested.").await;
        fits(&window, &format!("a connector at {width}")).await;
        window.shot(&format!("narrow-detail-{width}")).await;
        window.click("Edit").await;
        window.see("Edit Cumann Lúthchleas 0000").await;
        fits(&window, &format!("the form at {width}")).await;
        window.shot(&format!("narrow-edit-{width}")).await;
        go(&window, "Settings", width).await;
        window.see("Key and lock").await;
        fits(&window, &format!("the settings at {width}")).await;
        window.shot(&format!("narrow-settings-{width}")).await;
        go(&window, "Connectors", width).await;
        window.click("Add connector").await;
        window.see("Choose a system").await;
        fits(&window, &format!("adding at {width}")).await;
        window.shot(&format!("narrow-add-{width}")).await;
        go(&window, "Connectors", width).await;
        window.click("Import").await;
        window.see("Import connectors").await;
        fits(&window, &format!("a dialog at {width}")).await;
        window.click("Cancel").await;
    }
    go(&window, "Lock now", 320).await;
    window.see("You locked the file.").await;
    fits(&window, "the lock at 320").await;
    window.shot("narrow-locked-320").await;
    window.click("Unlock").await;

    for width in [1280, 640, 1280, 900, 320] {
        window.resize(width, 800).await;
        window.see("All 1,000").await;
        fits(&window, &format!("the open list, changed to {width}")).await;
        window.shot(&format!("narrow-changed-{width}")).await;
    }
    window.resize(1280, 800).await;
    let mut fastest = Duration::MAX;
    for number in ["0777", "0123", "0999"] {
        window
            .fill("Find by name or code", &format!("luthchleas {number}"))
            .await;
        let began = Instant::now();
        let name = format!("Cumann Lúthchleas {number}");
        window
            .until("the search has one answer", async || {
                let rows = window
                    .read("document.querySelectorAll('tr[data-row]').length")
                    .await;
                rows == 1 && window.text().await.contains(&name)
            })
            .await;
        fastest = fastest.min(began.elapsed());
    }
    assert!(
        fastest < Duration::from_secs(1),
        "a search took {fastest:?}"
    );
    window.fill("Find by name or code", "").await;
    window.see("Cumann Lúthchleas 0003").await;
    window.click("Cumann Lúthchleas 0000").await;
    window.see("It has never been tested.").await;
    window.press_with(Key::Control, '2').await;
    window.see("All 1,000").await;
    while window
        .read("document.activeElement.classList.contains('name')")
        .await
        != true
    {
        window.press(char::from(Key::Tab)).await;
    }
    window.press(char::from(Key::End)).await;
    window.see("Cumann Lúthchleas 0999").await;
    let rows = window
        .read("document.querySelectorAll('tr[data-row]').length")
        .await;
    assert!(
        rows.as_u64() < Some(100),
        "only what is seen is drawn: {rows}"
    );
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

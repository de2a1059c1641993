//! The catalogue as a person searches it, and the requests of a connector: a try, its answer with and
//! without values, and the log of it all.

use fantoccini::key::Key;

use crate::first_run::{connect_practice, create_key};
use crate::harness::{Home, Window};

async fn both(window: &Window, name: &str, theme: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}-{theme}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_request_is_tried_and_every_attempt_is_in_the_log() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    connect_practice(&window).await;
    // The test that came with it is in the log already.
    window.see("GET /v1/me").await;
    window.see("of 600 left this minute").await;
    window.click("Try a request").await;
    window.fill("Path below the address", "/v1/members").await;
    window.click("Send").await;
    window.see("200 · ").await;
    window.see("GET /v1/members").await;
    window.see("Answered").await;
    window.see("of 600 left this minute").await;
    let text = window.text().await;
    assert!(
        text.contains("\"firstName\": \"text\"") && text.contains("and 19 more"),
        "values stay hidden: {text}"
    );
    both(&window, "requests", "light").await;
    window
        .choose("Show values; members may be among them")
        .await;
    window.fill("Path below the address", "/v1/me").await;
    window.click("Send").await;
    window.see("Practice account").await;

    // What goes wrong is said where it is, and counts in the log too.
    window.fill("Path below the address", "v1/me").await;
    window.click("Send").await;
    window
        .see_error("Path below the address", "Start with /, as in /v1/members.")
        .await;
    window.fill("Path below the address", "/v1/nothing").await;
    window.click("Send").await;
    window.see("404").await;
    window.see("GET /v1/nothing").await;
    window.press_with(Key::Control, ',').await;
    window.choose("Dark").await;
    window.press_with(Key::Control, '2').await;
    window.click("Practice federation").await;
    window.see("GET /v1/nothing").await;
    both(&window, "requests", "dark").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_system_is_found_in_the_catalogue_and_asks_for_what_it_needs() {
    let home = Home::new();
    let own = home.data_dir().join("presets");
    std::fs::create_dir_all(&own).unwrap();
    std::fs::write(own.join("county.toml"), "id = \"county\"\nneeeds = []\n").unwrap();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    window.click("Go to the list").await;
    window.click("Add connector").await;
    window.see("Choose a system").await;
    window.see("Play-Cricket").await;
    window.see("county.toml, line 2: unknown field").await;
    both(&window, "catalogue", "light").await;
    window.resize(1280, 800).await;
    let search = window
        .read("document.querySelector('input[type=search]').getAttribute('aria-label')")
        .await;
    window.fill(search.as_str().unwrap(), "swiss").await;
    window
        .until("only what fits is shown", async || {
            let text = window.text().await;
            text.contains("hitobito") && text.contains("Webling") && !text.contains("Play-Cricket")
        })
        .await;
    window.choose("hitobito").await;
    window
        .see("A service token with the right to read people")
        .await;
    window.fill("Host", "not a host").await;
    window.fill("API key", "token").await;
    window
        .see_error("Host", "This has a form that cannot be used.")
        .await;
    window.fill("Host", "db.example.org").await;
    window.click("Save without testing").await;
    window.see("is saved and not tested yet.").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_each_way_of_paging_shows_its_own_fields_and_keeps_what_was_typed() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    create_key(&window).await;
    window.click("Go to the list").await;
    window.click("Add connector").await;
    window.choose("Own REST API with a key").await;
    window
        .click("Paging, request limit, timeout, network")
        .await;
    let styles = [
        ("whole, at once", None, Some("Parameter of the page")),
        (
            "in pages with a number",
            Some("The number of pages is at"),
            Some("The next link is at"),
        ),
        (
            "from an offset",
            Some("The number of records is at"),
            Some("The number of pages is at"),
        ),
        (
            "with a cursor",
            Some("The next cursor is at"),
            Some("First page is"),
        ),
        (
            "with a link in the answer",
            Some("The next link is at"),
            Some("Parameter of the page"),
        ),
        (
            "with a link in a header",
            Some("Header with the number of records"),
            Some("The next link is at"),
        ),
        (
            "after the last record’s own key",
            Some("Keys of the last record"),
            Some("The number of records is at"),
        ),
    ];
    for (number, (style, shown, hidden)) in styles.into_iter().enumerate() {
        window.select("The list comes", style).await;
        if let Some(shown) = shown {
            window.see(shown).await;
        }
        if let Some(hidden) = hidden {
            window
                .until(
                    &format!("“{hidden}” is not asked for {style}"),
                    async || !window.text().await.contains(hidden),
                )
                .await;
        }
        if style == "with a cursor" {
            window.fill("The next cursor is at", "meta.next").await;
        }
        both(&window, &format!("list-{number}"), "light").await;
        window.resize(1280, 800).await;
    }
    window.select("The list comes", "with a cursor").await;
    let kept = window.value_of("The next cursor is at").await;
    assert_eq!(kept, "meta.next", "going through the others lost nothing");
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

//! What support staff do: a federation breaks in five ways, each says what it is, what it means and what to press; it is mended,
//! and the connector is well again without a restart (H03, H06, H07).

use std::time::Duration;

use connectors::settings::ConnectorSettings;
use connectors::view::{ConnectorEditRequest, HealthState};
use connectors::{App, CancellationToken};
use fantoccini::key::Key;
use practice_federation::{Fault, FaultKind};

use crate::harness::{Home, Window};
use crate::preview::{CODE, with_club};

/// Failures in a row that stop a connector.
const IN_A_ROW: usize = 5;

/// A federation that is broken, what the page says of it, and what of it Home says: the button where a person must act.
struct Way {
    name: &'static str,
    fault: Fault,
    title: &'static str,
    state: &'static str,
    button: Option<&'static str>,
}

fn ways() -> [Way; 5] {
    let waiting = |name, fault, title| Way {
        name,
        fault,
        title,
        state: "Waiting for the federation",
        button: None,
    };
    [
        Way {
            name: "key",
            fault: Fault::status(401),
            title: "Football refused the credentials",
            state: "Action needed",
            button: Some("Replace key"),
        },
        waiting(
            "down",
            Fault::status(503),
            "Football has a fault of its own",
        ),
        waiting(
            "slow",
            Fault::new(FaultKind::Delay(3_000)),
            "Football took too long",
        ),
        waiting(
            "html",
            Fault::new(FaultKind::Html),
            "A web page came instead of data",
        ),
        Way {
            name: "rate",
            fault: Fault::status(429),
            title: "Football asks for a pause",
            state: "Rate-limited",
            button: None,
        },
    ]
}

/// The time limit is a second, so that slow is soon too slow, and the minute has room for every check.
async fn impatient(app: &App) {
    let view = app.connector_show(CODE).await.unwrap();
    let mut settings: ConnectorSettings = view.settings;
    settings.limits.timeout_seconds = 1;
    settings.limits.requests_per_minute = 600;
    let request = ConnectorEditRequest {
        code: CODE.to_owned(),
        version: view.version,
        settings,
        credentials: None,
        test_handle: None,
    };
    app.connector_edit(request).await.unwrap();
}

/// Presses the button, and waits until a check of it was entered.
async fn check(window: &Window, app: &App) {
    let before = app.health(CODE).await.unwrap().beats.len();
    window.click("Check now").await;
    window
        .until("a check is entered", async || {
            app.health(CODE).await.unwrap().beats.len() > before
        })
        .await;
    window.see("Check now").await;
}

async fn both(window: &Window, name: &str) {
    for width in [640, 1280] {
        window.resize(width, 800).await;
        window.shot(&format!("{name}-{width}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_a_federation_breaks_in_five_ways_and_is_well_again() {
    let home = Home::new();
    let (app, practice) = with_club(&home).await;
    impatient(&app).await;
    // A list that was read, so that there is something to be up to date.
    let preview = app
        .sync_preview(
            CODE,
            crate::preview::ORG,
            connectors::view::AskedBy::Person,
            |_| {},
            CancellationToken::new(),
        )
        .await
        .unwrap();
    app.sync_apply(&preview.run_id, &[]).await.unwrap();
    let window = home.open(1280, 800).await;
    window.see("The club is up to date.").await;
    both(&window, "home-well").await;
    window.press_with(Key::Control, '2').await;
    window.click("Football").await;
    check(&window, &app).await;
    window.see("Healthy").await;
    for way in ways() {
        let name = way.name;
        practice.set_fault(way.fault);
        for _ in 0..IN_A_ROW {
            check(&window, &app).await;
        }
        window.see(way.title).await;
        window.see(way.state).await;
        both(&window, &format!("health-{name}")).await;
        window.press_with(Key::Control, '1').await;
        window.see(way.state).await;
        if let Some(button) = way.button {
            window.see("One thing needs you.").await;
            both(&window, &format!("home-{name}")).await;
            window.click_beginning(button).await;
            window.see("Replace the credentials of “Football”").await;
            window.press(char::from(Key::Escape)).await;
        } else {
            both(&window, &format!("home-{name}")).await;
            window.press_with(Key::Control, '2').await;
            window.click("Football").await;
        }
        practice.clear_faults();
        // What waits for a person is not asked by itself; a person may ask at once.
        window.click("Clear errors").await;
        window
            .until("the errors are cleared", async || {
                !window.text().await.contains("Clear errors")
            })
            .await;
        check(&window, &app).await;
        window.see("Healthy").await;
        let stands = app.health(CODE).await.unwrap().health;
        assert_eq!(
            stands.state,
            HealthState::Healthy,
            "{name}: an answer says so"
        );
        assert_eq!(
            stands.consecutive_failures, 0,
            "{name}: it is well again without a restart"
        );
    }
    // Every way left its own line, newest first, and each can be opened.
    for way in ways() {
        window.see(way.title).await;
    }
    window.press_with(Key::Control, '1').await;
    window.see("Recent errors").await;
    window.see("The club is up to date.").await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    both(&window, "home-after").await;
    app.lock().await.unwrap();
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

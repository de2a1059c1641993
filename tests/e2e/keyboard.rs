//! Without a mouse: from first run to a tested and paused connector, and every stop of the focus
//! can be seen.

use fantoccini::key::Key;
use serde_json::Value;

use crate::harness::{Home, Window};

/// Name of what has the focus, and whether a ring is drawn around it or around its row.
const FOCUS: &str = r"(() => {
    const one = document.activeElement;
    if (!one || one === document.body) return ['', true];
    const name = one.getAttribute('aria-label') || (one.labels && one.labels[0] || one).innerText.trim();
    const rings = [one, one.closest('tr'), one.closest('label'), one.nextElementSibling].filter(Boolean).map((it) => getComputedStyle(it));
    const ring = rings.some((it) => it.outlineStyle !== 'none' && parseFloat(it.outlineWidth) >= 2);
    return [name, ring || one.tagName === 'H1' || one.tagName === 'MAIN'];
})()";

/// Goes on with Tab until `name` has the focus.
async fn tab_to(window: &Window, name: &str) {
    let mut passed = Vec::new();
    while passed.len() < 60 {
        window.press(char::from(Key::Tab)).await;
        let focus = window.read(FOCUS).await;
        let found = focus[0].as_str().unwrap_or_default().to_owned();
        assert_eq!(focus[1], Value::Bool(true), "“{found}” shows its focus");
        if found == name {
            return;
        }
        passed.push(found);
    }
    panic!("Tab never came to “{name}”, only to {passed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_keychain_everything_by_keyboard() {
    let home = Home::new();
    let window = home.open(1280, 800).await;
    let enter = char::from(Key::Enter);
    window.see("Create your key").await;
    tab_to(&window, "Create key").await;
    window.shot("focus-welcome").await;
    window.press(enter).await;
    window.see("Your key is made").await;
    tab_to(&window, "Start and connect").await;
    window.press(enter).await;
    window.see("Healthy").await;
    window.see("Last test").await;
    tab_to(&window, "Test again").await;
    window.shot("focus-detail").await;
    window.press(enter).await;
    window.see("Practice federation answers").await;
    tab_to(&window, "Actions for Practice federation").await;
    window.press(char::from(Key::Down)).await;
    window.see("Pause").await;
    window.shot("focus-menu").await;
    window.press(enter).await;
    window.see("is paused.").await;

    // The list: its rows are one stop, the arrows move within.
    window.press_with(Key::Control, '2').await;
    window.see("All 1").await;
    tab_to(&window, "Practice federation").await;
    window.shot("focus-row").await;
    window.press(enter).await;
    window.see("Paused").await;
    window.press_with(Key::Control, 'l').await;
    window.see("You locked the file.").await;
    tab_to(&window, "Unlock").await;
    window.press(enter).await;
    window.see("All 1").await;
    window.close().await;
    assert!(!home.log().contains("panicked"), "{}", home.log());
}

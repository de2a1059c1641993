//! The smallest Tauri app: one window, an empty page, shown when the page has loaded. What the real
//! window is measured against.
#![allow(clippy::print_stdout, reason = "the measurement waits for this line")]

use tauri::webview::PageLoadEvent;
use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let context = tauri::test::mock_context(tauri::test::noop_assets());
    tauri::Builder::default()
        .setup(|app| {
            let page = WebviewUrl::External("about:blank".parse()?);
            WebviewWindowBuilder::new(app, "main", page)
                .inner_size(1280.0, 800.0)
                .visible(false)
                .on_page_load(|window, load| {
                    if load.event() == PageLoadEvent::Finished && window.show().is_ok() {
                        println!("the window is shown");
                    }
                })
                .build()?;
            Ok(())
        })
        .run(context)
}

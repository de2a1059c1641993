//! The smallest Tauri app: one window, an empty page, shown at once. What the real
//! window is measured against.
#![allow(clippy::print_stdout, reason = "the measurement waits for this line")]

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let context = tauri::test::mock_context(tauri::test::noop_assets());
    tauri::Builder::default()
        .setup(|app| {
            let page = WebviewUrl::External("about:blank".parse()?);
            WebviewWindowBuilder::new(app, "main", page)
                .inner_size(1280.0, 800.0)
                .build()?;
            // It waits for no page, so it is the stricter of two baselines.
            println!("the window is shown");
            Ok(())
        })
        .run(context)
}

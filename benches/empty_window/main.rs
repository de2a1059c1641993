//! The smallest Tauri app that starts as the real one does: itself again with the variable that
//! `WebKitGTK` needs, one hidden window, one page out of the binary through the same protocol, under
//! the same content policy, and one command that shows the window. What the real one is measured
//! against.
#![allow(clippy::print_stdout, reason = "the measurement waits for this line")]

use tauri::{Runtime, WebviewWindow, WebviewWindowBuilder};

/// As in the app; the name too, since it stands in the same access list.
#[tauri::command]
async fn window_ready<R: Runtime>(window: WebviewWindow<R>) -> Result<(), ()> {
    if window.show().is_ok() {
        println!("the window is shown");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn prepare_linux() {
    use std::os::unix::process::CommandExt;

    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_none()
        && let Ok(own) = std::env::current_exe()
    {
        let _failed = std::process::Command::new(own).env(SWITCH, "1").exec();
    }
}

#[cfg(not(target_os = "linux"))]
fn prepare_linux() {}

#[allow(
    clippy::disallowed_methods,
    reason = "the macro's own code; there is no secret here"
)]
fn context() -> tauri::Context {
    tauri::generate_context!("benches/empty_window/tauri.conf.json")
}

fn main() -> tauri::Result<()> {
    prepare_linux();
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![window_ready])
        .setup(|app| {
            let windows = &app.config().app.windows;
            if let Some(config) = windows.first().cloned() {
                WebviewWindowBuilder::from_config(app, &config)?.build()?;
            }
            Ok(())
        })
        .run(context())
}

//! The desktop shell: commands that take arguments, call one method of the product and convert.
//! No rule of the product lives here.

mod autostart;
mod background;
mod checks;
pub mod command_names;
mod commands;
mod deep_link;
mod downloads;
mod error;
pub mod events;
mod notices;
mod practice;
mod scheduler;
mod tray;

use connectors::audit::Actor;
use connectors::{App, AppOptions, data_dir};
use tauri::webview::NewWindowResponse;
use tauri::{Builder, Manager, Runtime, WebviewWindowBuilder};

use commands::{
    app, audit, catalogue, check, connector, credentials, db, erase, file, health, home, key,
    member, org, practice as practising, request, retention, schedule, settings, sign_in, sync,
    sync_choice, template,
};
use commands::{diagnostics, notice};

/// Adds the product and its commands to a Tauri builder: the real one, or the mock of the tests.
#[allow(clippy::too_many_lines, reason = "a line a command")]
pub fn with_product<R: Runtime>(builder: Builder<R>, product: &App) -> Builder<R> {
    builder
        .manage(product.acting_as(Actor::Window))
        .manage(practice::PracticeHost::default())
        .manage(deep_link::Links::default())
        .manage(background::Quit::default())
        .manage(sign_in::Attempts::default())
        .manage(notices::Notifier::default())
        .manage(tray::Tray::default())
        .manage(background::Window::default())
        .invoke_handler(tauri::generate_handler![
            app::app_status,
            app::app_initialise,
            app::app_unlock,
            app::app_lock,
            app::app_doctor,
            app::window_ready,
            connector::connector_list,
            connector::connector_show,
            connector::connector_add,
            connector::connector_edit,
            connector::connector_check,
            connector::connector_set_status,
            connector::connector_remove,
            connector::connector_restore,
            connector::connector_purge,
            connector::connector_clone,
            connector::connector_export,
            connector::connector_export_save,
            connector::connector_import,
            connector::connector_test,
            connector::connector_test_draft,
            connector::test_cancel,
            credentials::credentials_set,
            credentials::credentials_revert,
            sign_in::sign_in_start,
            sign_in::sign_in_open_browser,
            sign_in::sign_in_paste,
            sign_in::sign_in_cancel,
            sign_in::sign_out,
            sign_in::sign_in_discover,
            org::org_list,
            org::org_connectors,
            org::org_look_up,
            org::org_connect,
            org::org_disconnect,
            org::org_import,
            sync::sync_preview,
            sync::sync_cancel,
            sync::sync_apply,
            sync::sync_resolve,
            sync::sync_resolve_similar,
            sync::sync_undo,
            sync::sync_apply_again,
            sync::sync_run,
            sync::sync_history,
            sync::sync_plan,
            sync::sync_runs,
            sync::sync_run_row,
            sync::sync_run_summary_save,
            sync::sync_undo_outlook,
            sync::sync_undo_members,
            sync::sync_keep_mine,
            schedule::schedule_show,
            schedule::schedule_preview,
            schedule::schedule_set,
            schedule::schedule_policy,
            schedule::schedule_answer,
            sync::sync_safe_plans,
            sync_choice::sync_moved,
            sync_choice::sync_proposed,
            sync_choice::sync_match,
            sync_choice::sync_choices,
            sync_choice::sync_forget_match,
            sync_choice::sync_choose_field,
            sync_choice::member_choices,
            sync_choice::run_export_look,
            sync_choice::run_export_save,
            member::member_list,
            member::member_edit,
            file::import_look,
            file::import_plan,
            file::import_outcome,
            file::member_export_look,
            file::member_export_save,
            file::template_list,
            template::template_show,
            template::template_parts,
            template::template_samples,
            template::template_samples_drop,
            template::template_try,
            template::template_save,
            template::template_versions,
            template::template_version,
            template::template_restore,
            template::template_delete,
            member::member_search,
            member::member_show,
            member::member_trace,
            member::member_take_federation,
            erase::member_erase_look,
            erase::member_erase,
            erase::member_allow_again,
            retention::retention_show,
            retention::retention_set,
            retention::retention_run,
            request::request_log,
            request::request_left,
            request::request_try,
            check::check_all,
            check::bulk_pause,
            check::bulk_resume,
            check::bulk_clear_errors,
            check::check_settings,
            check::check_set,
            catalogue::catalogue_list,
            practising::practice_status,
            practising::practice_start,
            practising::practice_stop,
            practising::practice_connect,
            key::key_status,
            key::key_add_passphrase,
            key::key_add_keychain,
            key::key_remove_slot,
            key::key_rotate,
            db::db_backup,
            db::db_backups,
            db::db_restore,
            db::db_check,
            settings::settings_show,
            settings::settings_set,
            audit::audit_list,
            audit::audit_verify,
            diagnostics::diagnostics_look,
            diagnostics::diagnostics_save,
            notice::notice_test,
            app::app_quit,
            health::health_list,
            health::health_show,
            health::error_list,
            health::error_clear,
            health::health_export_look,
            health::health_export_save,
            home::home_show,
            home::failure_text,
        ])
}

/// What `tauri.conf.json`, `capabilities/` and the built page say: for the real app and for the
/// tests that go through the same access list.
#[must_use]
#[allow(
    clippy::disallowed_methods,
    reason = "the macro's own code, which runs before any key is in memory"
)]
pub fn context<R: Runtime>() -> tauri::Context<R> {
    tauri::generate_context!()
}

/// Runs the app until its window is closed.
///
/// # Errors
/// Where the windowing system cannot be reached or no data folder can be named.
pub fn run() -> Result<(), Box<dyn std::error::Error>> {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the app starts");
    let product = App::new(AppOptions::system(data_dir(None)?));
    // The first of all: a second process must end before it has opened anything.
    let one_instance = tauri_plugin_single_instance::init(|handle, arguments, _folder| {
        deep_link::started_again(handle, &arguments);
    });
    let builder = Builder::default()
        .plugin(one_instance)
        .plugin(tauri_plugin_deep_link::init());
    with_product(builder, &product)
        .setup(|app| {
            let config = app
                .config()
                .app
                .windows
                .first()
                .cloned()
                .unwrap_or_default();
            let window = WebviewWindowBuilder::from_config(app, &config)?
                // The page of the app and nothing else: a link out of it would keep its rights.
                .on_navigation(is_own_page)
                .on_new_window(|_, _| NewWindowResponse::Deny)
                .build()?;
            background::watch_close(&window);
            background::show_at_last(window);
            deep_link::listen(app.handle());
            background::open(app.handle());
            background::keep_up(app.handle());
            background::end_when_told(app.handle());
            scheduler::run(app.handle());
            notices::run(app.handle());
            tray::run(app.handle());
            checks::run(app.handle());
            Ok(())
        })
        .build(context())?
        .run(|handle, event| {
            if let tauri::RunEvent::Exit = event {
                let practice = handle.state::<practice::PracticeHost>();
                let product = handle.state::<App>();
                tauri::async_runtime::block_on(async {
                    practice.stop().await;
                    product.audit_anchor().await;
                });
            }
        });
    Ok(())
}

/// Whether an address is the app's own page: `tauri://localhost`, and on Windows
/// `http(s)://tauri.localhost`. Elsewhere the latter is an ordinary name of this computer, where
/// any program may listen.
fn is_own_page(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => {
            cfg!(windows) && url.host_str() == Some("tauri.localhost") && url.port().is_none()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own_page;

    #[test]
    fn the_window_stays_on_the_apps_own_page() {
        for (address, own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/settings", true),
            ("https://tauri.localhost/", cfg!(windows)),
            ("http://tauri.localhost:8787/", false),
            ("tauri://evil/", false),
            ("https://example.org/", false),
            ("http://127.0.0.1:8787/practice", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:text/html,x", false),
        ] {
            let url = tauri::Url::parse(address).ok();
            assert_eq!(url.as_ref().map(is_own_page), Some(own), "{address}");
        }
    }
}

//! Who may call what. The commands are written down in four places (the attribute at the function,
//! `generate_handler!`, `command_names.rs`, `capabilities/main.json`); they must say the same, and
//! only the app's own page in the window `main` gets through.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use federation_connectors_shell::command_names::COMMAND_NAMES;
use serde_json::{Value, json};

use crate::arguments::{arguments, seed};
use crate::shell::{Answer, OWN_PAGE, Shell, call, send};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn declared() -> BTreeSet<String> {
    COMMAND_NAMES.iter().map(|&name| name.to_owned()).collect()
}

/// The names in the list of `generate_handler!`.
fn handled() -> Vec<String> {
    let source = read("src-tauri/lib.rs");
    let (_, after) = source.split_once("generate_handler![").unwrap();
    let (list, _) = after.split_once(']').unwrap();
    list.split(',')
        .filter_map(|path| path.trim().rsplit("::").next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The functions that carry `#[tauri::command]`.
fn written() -> Vec<String> {
    let mut names = Vec::new();
    for file in files_in("src-tauri/commands") {
        let source = fs::read_to_string(file).unwrap();
        for after in source.split("#[tauri::command]").skip(1) {
            let (_, name) = after.split_once("fn ").unwrap();
            let end = name.find(|c: char| c != '_' && !c.is_alphanumeric());
            names.push(name[..end.unwrap()].to_owned());
        }
    }
    names
}

/// The permissions that the window has.
fn granted() -> Vec<String> {
    let capability: Value = serde_json::from_str(&read("capabilities/main.json")).unwrap();
    let permissions = capability["permissions"].as_array().unwrap();
    permissions
        .iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}

fn assert_same(found: Vec<String>, wanted: &BTreeSet<String>, what: &str) {
    let count = found.len();
    let found: BTreeSet<String> = found.into_iter().collect();
    assert_eq!(&found, wanted, "{what} and command_names.rs must agree");
    assert_eq!(found.len(), count, "{what} names a command twice");
}

#[test]
fn the_four_lists_of_commands_agree() {
    let declared = declared();
    assert_eq!(
        declared.len(),
        COMMAND_NAMES.len(),
        "no command is listed twice"
    );
    assert_same(handled(), &declared, "generate_handler!");
    assert_same(written(), &declared, "#[tauri::command]");
    let mut permissions: BTreeSet<String> = declared
        .iter()
        .map(|name| format!("allow-{}", name.replace('_', "-")))
        .collect();
    permissions.insert("core:event:allow-listen".to_owned());
    permissions.insert("core:event:allow-unlisten".to_owned());
    assert_same(granted(), &permissions, "capabilities/main.json");
}

#[test]
fn one_capability_for_one_window() {
    let files = files_in("capabilities");
    assert_eq!(
        files.len(),
        1,
        "a second file would be merged in: {files:?}"
    );
    let capability: Value = serde_json::from_str(&read("capabilities/main.json")).unwrap();
    assert_eq!(capability["windows"], json!(["main"]), "no pattern");
    for key in ["remote", "webviews", "platforms"] {
        assert_eq!(capability.get(key), None, "{key} widens the capability");
    }
}

/// Whether an answer is the refusal of the access list, before any of our code ran.
fn is_denied(answer: &Answer) -> bool {
    matches!(answer, Err(Value::String(text))
        if text.contains("not allowed") || text.contains("not found"))
}

#[test]
fn every_command_is_reached_from_the_main_window() {
    let shell = Shell::open();
    seed(&shell);
    // A file in the Downloads folder of the person who runs the tests is nobody's wish.
    let without_effect = json!({"code": "no_such_connector"});
    for &command in COMMAND_NAMES {
        // Locked in between, the others could show nothing.
        if command == "app_lock" {
            continue;
        }
        let arguments = if command == "connector_export_save" {
            without_effect.clone()
        } else {
            arguments(command).expect("every command has an entry in arguments.rs")
        };
        let answer = shell.call(command, arguments);
        // A refusal by the product is an object with a code; text comes from Tauri.
        let reached = match &answer {
            Ok(_) => true,
            Err(error) => error["code"].is_string() && error["message"].is_string(),
        };
        assert!(reached, "{command} must run in the main window: {answer:?}");
    }
    let locked = shell.call("app_lock", json!({})).unwrap();
    assert_eq!(locked["state"], "locked", "app_lock runs, as the last");
}

#[test]
fn another_window_gets_nothing() {
    let shell = Shell::open();
    for label in ["second", "main2", "Main", "mai"] {
        let window = shell.second_window(label);
        for &command in COMMAND_NAMES {
            let answer = call(&window, OWN_PAGE, command, arguments(command).unwrap());
            assert!(is_denied(&answer), "{label} reached {command}: {answer:?}");
        }
    }
}

#[test]
fn another_page_in_the_main_window_gets_nothing() {
    let shell = Shell::open();
    let strangers = [
        "https://evil.example",
        "https://evil.example/tauri://localhost",
        "tauri://evil",
        "http://localhost:1420",
        "http://127.0.0.1:8787/practice",
        "file:///tmp/index.html",
        "data:text/html,x",
        "about:blank",
        "about:srcdoc",
    ];
    for page in strangers {
        for &command in COMMAND_NAMES {
            let answer = call(&shell.main, page, command, arguments(command).unwrap());
            assert!(is_denied(&answer), "{page} reached {command}: {answer:?}");
        }
        let listen = json!({"event": "x", "target": {"kind": "Any"}, "handler": 1});
        let answer = call(&shell.main, page, "plugin:event|listen", listen);
        assert!(is_denied(&answer), "{page} hears the app: {answer:?}");
    }
}

#[test]
fn what_is_not_on_the_list_is_denied() {
    let shell = Shell::open();
    let strange = [
        "app_restart",
        "connector_reveal",
        "credentials_show",
        "App_Status",
        "app_status ",
        "app-status",
        "",
        "plugin:event|emit",
        "plugin:event|emit_to",
        "plugin:window|close",
        "plugin:window|create",
        "plugin:window|set_title",
        "plugin:webview|create_webview_window",
        "plugin:webview|internal_toggle_devtools",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:app|default_window_icon",
        "plugin:resources|close",
        "plugin:image|from_path",
        "plugin:menu|new",
        "plugin:tray|new",
        "plugin:fs|read_file",
        "plugin:shell|open",
        "plugin:opener|open_url",
        "plugin:deep-link|get_current",
        "plugin:deep-link|register",
        "plugin:deep-link|unregister",
        "sign_in_complete",
    ];
    for command in strange {
        let answer = shell.call(command, json!({}));
        assert!(
            is_denied(&answer),
            "{command:?} must be refused: {answer:?}"
        );
    }
}

#[test]
fn the_window_may_listen() {
    let shell = Shell::open();
    let target = json!({"kind": "Any"});
    let arguments = json!({"event": "app://event", "target": target, "handler": 1});
    let heard = shell.call("plugin:event|listen", arguments);
    assert!(heard.is_ok(), "news reach the page: {heard:?}");
}

#[test]
fn a_frame_without_the_invoke_key_gets_no_answer() {
    let shell = Shell::open();
    for key in ["", "guessed"] {
        let answer = send(&shell.main, OWN_PAGE, key, "app_status", json!({}));
        assert!(
            answer.recv().is_err(),
            "the key of {key:?} opened the border"
        );
    }
}

#[test]
fn wrong_types_are_an_error() {
    let shell = Shell::open();
    seed(&shell);
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let wrong = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!("\u{0}"),
        json!([]),
        json!([{}]),
        json!({}),
        json!({"type": "nothing", "slot": "nothing"}),
        deep,
    ];
    for &command in COMMAND_NAMES {
        let good = arguments(command).unwrap();
        for name in good.as_object().unwrap().keys() {
            // Optional ones may be absent, and a missing connector is an error of the product.
            let allowed: &[Value] = match (command, name.as_str()) {
                // A struct whose fields all have defaults may also come as an empty list.
                (_, "request" | "settings") => &[json!({}), json!([])],
                ("app_unlock" | "connector_export" | "connector_check", _)
                | (_, "organisation" | "before" | "after" | "members") => {
                    &[json!(null), json!("\u{0}")]
                }
                // Without a club it is about the connector; without a line or a connector, about all of them.
                ("schedule_show" | "schedule_set" | "schedule_policy", "org")
                | ("failure_text", "errorId")
                | ("check_settings", "code") => &[json!(null)],
                // Without any field it is about everybody.
                (
                    "check_all" | "bulk_pause" | "bulk_resume" | "bulk_clear_errors"
                    | "health_list",
                    "filter",
                ) => &[json!({})],
                // As good as the one that stands there.
                ("retention_run", "dryRun") => &[json!(true)],
                (_, "code" | "newCode" | "passphrase" | "path" | "text") => &[json!("\u{0}")],
                _ => &[],
            };
            for value in &wrong {
                let mut bad = good.clone();
                bad[name] = value.clone();
                // With `code: null` this one would write into the Downloads folder.
                if command == "connector_export_save" {
                    continue;
                }
                let answer = shell.call(command, bad);
                assert!(
                    answer.is_err() || allowed.contains(value),
                    "{command} took {name} = {value}: {answer:?}"
                );
            }
        }
    }
}

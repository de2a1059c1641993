//! Arguments that each command accepts: the one table that the other tests walk. A command without
//! an entry fails them all.

use connectors::view::{ConnectorAddRequest, ConnectorSettings};
use serde_json::{Value, json};

use crate::shell::{Shell, wait};

/// The connector that every seeded file has.
pub const CODE: &str = "demo";
/// A deleted one.
pub const DELETED: &str = "gone";

/// An address where nobody listens (RFC 863's port), so that tests of a connection end at once.
const NOBODY: &str = "http://127.0.0.1:9";

/// Puts the two connectors in.
pub fn seed(shell: &Shell) {
    for code in [CODE, DELETED] {
        let request = ConnectorAddRequest {
            settings: quick(testkit::settings(code, NOBODY)),
            credentials: Some(testkit::api_key("a-key-for-nobody")),
            test_handle: None,
        };
        wait(shell.product.connector_add(request)).unwrap();
    }
    wait(shell.product.connector_remove(DELETED)).unwrap();
}

fn quick(mut settings: ConnectorSettings) -> ConnectorSettings {
    settings.limits.timeout_seconds = 1;
    settings
}

/// What `command` takes, as the page sends it; `None` for a command that is not in the table.
pub fn arguments(command: &str) -> Option<Value> {
    let settings = |code| quick(testkit::settings(code, NOBODY));
    let credentials = json!({
        "type": "api_key", "api_key": "another-key", "secrets": {"X-Club": "club-key"},
        "expires_on": "2027-03-03", "webhook_secret": "hook",
    });
    let channel = "__CHANNEL__:7";
    let arguments = match command {
        "app_status" | "app_lock" | "app_doctor" | "window_ready" | "test_cancel"
        | "catalogue_list" | "practice_status" | "practice_start" | "practice_stop"
        | "key_status" | "key_add_keychain" | "key_rotate" | "db_backup" | "db_backups"
        | "db_check" | "settings_show" => json!({}),
        "app_initialise" => json!({"request": {"slot": "keychain"}}),
        "app_unlock" => json!({"passphrase": null}),
        "connector_list" => json!({"request": {
            "search": "gáa", "filter": "all", "status": "active", "sort": "name",
            "descending": true, "offset": 0, "limit": 50,
        }}),
        "connector_show"
        | "connector_remove"
        | "connector_export"
        | "connector_export_save"
        | "credentials_revert" => json!({"code": CODE}),
        "connector_restore" | "connector_purge" => json!({"code": DELETED}),
        "connector_add" => json!({"request": {
            "settings": settings("new"), "credentials": credentials, "test_handle": null,
        }}),
        "connector_edit" => json!({"request": {
            "code": CODE, "version": 1, "settings": settings(CODE), "credentials": credentials,
        }}),
        "connector_check" => json!({"settings": settings("other"), "code": null}),
        "connector_set_status" => json!({"code": CODE, "status": "inactive"}),
        "connector_clone" => json!({"code": CODE, "newCode": "copy"}),
        "connector_import" => json!({"text": CONNECTOR_FILE}),
        "connector_test" => json!({"code": CODE, "organisation": null, "onStep": channel}),
        "connector_test_draft" => json!({"onStep": channel, "request": {
            "settings": settings(CODE), "credentials": credentials, "organisation": "17",
        }}),
        "credentials_set" => json!({"request": {
            "code": CODE, "credentials": credentials, "test_first": false,
        }}),
        "practice_connect" => json!({"onStep": channel}),
        "key_add_passphrase" => json!({"passphrase": "short"}),
        "key_remove_slot" => json!({"kind": "passphrase"}),
        "db_restore" => json!({"path": "/nowhere/connectors-backup.db"}),
        "settings_set" => json!({"settings": {"theme": "dark", "contrast": "on"}}),
        _ => return None,
    };
    Some(arguments)
}

const CONNECTOR_FILE: &str = r#"
[[connector]]
code = "imported"
name = "Imported"
[connector.auth]
kind = "api_key"
[connector.endpoints]
base = "https://api.example.org"
membership_list = "/members"
"#;

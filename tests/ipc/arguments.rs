//! Arguments that each command accepts: the one table that the other tests walk. A command without
//! an entry fails them all.

use connectors::view::{
    AuthKind, ClubConnectRequest, ConnectorAddRequest, ConnectorSettings, CredentialsRequest,
    Redirect,
};
use serde_json::{Value, json};

use crate::shell::{Shell, wait};

/// The connector that every seeded file has.
pub const CODE: &str = "demo";
/// A deleted one.
pub const DELETED: &str = "gone";

/// A club that is connected to the first.
const CLUB: &str = "ballyduff";

/// An identifier that nothing has.
const NOTHING: &str = "01900000-0000-7000-8000-000000000000";

/// One that is signed in to; nobody is there to say where.
const SIGNS_IN: &str = "signs_in";

/// An address where nobody listens (RFC 863's port), so that tests of a connection end at once.
const NOBODY: &str = "http://127.0.0.1:9";

/// Puts the three connectors and the club in.
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
    let club = ClubConnectRequest {
        code: CODE.to_owned(),
        org: CLUB.to_owned(),
        name: "Ballyduff".to_owned(),
        federation_org: "club-1".to_owned(),
        federation_name: None,
    };
    wait(shell.product.org_connect(club)).unwrap();
    let request = ConnectorAddRequest {
        settings: signing_in(SIGNS_IN, NOBODY),
        credentials: Some(client()),
        test_handle: None,
    };
    wait(shell.product.connector_add(request)).unwrap();
}

/// A connector whose sign-in asks `issuer` where to go.
fn signing_in(code: &str, issuer: &str) -> ConnectorSettings {
    let mut settings = quick(testkit::settings(code, issuer));
    settings.auth.kind = AuthKind::OAuth2;
    settings.auth.issuer = Some(issuer.to_owned());
    settings.auth.redirect = Some(Redirect::Loopback);
    settings
}

/// A public client.
fn client() -> CredentialsRequest {
    CredentialsRequest::OAuth2 {
        client_id: "a-client-for-nobody".to_owned(),
        client_secret: None,
        private_key: None,
        private_key_password: None,
        expires_on: None,
        webhook_secret: None,
    }
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
        | "db_check" | "settings_show" | "template_list" | "home_show" | "diagnostics_look"
        | "diagnostics_save" | "notice_test" | "app_quit" => json!({}),
        "failure_text" => json!({"code": CODE, "errorId": NOTHING}),
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
        | "credentials_revert"
        | "request_left"
        | "check_settings" => json!({"code": CODE}),
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
        "sign_in_start" => json!({"openBrowser": false, "onStep": channel, "request": {
            "code": SIGNS_IN, "redirect": "loopback", "device": false,
        }}),
        "sign_in_paste" => {
            json!({"address": "com.playerarc.connectors:/oauth/none?code=a&state=b"})
        }
        "sign_in_open_browser" | "sign_in_cancel" | "sign_out" => json!({"code": SIGNS_IN}),
        "org_list" => json!({"request": {
            "code": CODE, "search": "gáa", "sort": "last_sync", "descending": true, "offset": 0,
            "limit": 50,
        }}),
        "org_connectors" => json!({"org": CLUB}),
        "org_look_up" => json!({"code": CODE, "federationOrg": "club-1"}),
        "org_connect" => json!({"request": {
            "code": CODE, "org": "ardmore", "name": "Ardmore", "federation_org": "club-2",
            "federation_name": "Ardmore GAA",
        }}),
        "org_disconnect" => json!({"code": CODE, "org": CLUB}),
        "org_import" => json!({"code": CODE, "text": "kilsample,Kilsample,club-3"}),
        "request_log" => json!({"code": CODE, "before": null}),
        "check_all" | "bulk_pause" | "bulk_resume" | "bulk_clear_errors" => {
            json!({"filter": {"codes": [CODE]}})
        }
        "check_set" => json!({"request": {"every": "hour"}}),
        "request_try" => json!({"request": {"code": CODE, "path": "/v1/me"}}),
        "sign_in_discover" => json!({"request": {
            "issuer": NOBODY, "allow_http_loopback": true, "network": {},
        }}),
        "practice_connect" => json!({"onStep": channel}),
        "key_add_passphrase" => json!({"passphrase": "short"}),
        "key_remove_slot" => json!({"kind": "passphrase"}),
        "db_restore" => json!({"path": "/nowhere/connectors-backup.db"}),
        "settings_set" => json!({"settings": {"theme": "dark", "contrast": "on"}}),
        _ => return people(command),
    };
    Some(arguments)
}

/// The commands about members, and about what changes them.
fn people(command: &str) -> Option<Value> {
    let channel = "__CHANNEL__:7";
    let arguments = match command {
        "sync_preview" => json!({"code": CODE, "org": CLUB, "onStep": channel}),
        "sync_cancel" | "sync_apply_again" | "sync_keep_mine" | "sync_choices" => {
            json!({"code": CODE, "org": CLUB})
        }
        "sync_history" => json!({"code": CODE, "org": CLUB, "limit": 50}),
        "sync_undo" => json!({"run": NOTHING, "members": [NOTHING]}),
        "sync_run"
        | "sync_undo_outlook"
        | "sync_run_row"
        | "sync_run_summary_save"
        | "sync_moved"
        | "import_outcome" => json!({"run": NOTHING}),
        "sync_undo_members" => json!({"run": NOTHING, "after": null, "limit": 50}),
        "sync_safe_plans" => json!({"request": {"code": CODE, "search": "gáa"}}),
        "sync_runs" => json!({"request": {
            "code": CODE, "org": CLUB, "group": "needs_you", "asked_by": "person", "from": 0, "until": 1,
            "oldest_first": true, "offset": 0, "limit": 50,
        }}),
        "sync_apply" => json!({"request": {
            "run": NOTHING, "allow": ["empty_list"], "leave_out": "leavers",
        }}),
        "sync_resolve" => json!({"run": NOTHING, "number": 1, "field": "phone", "take": "club"}),
        "sync_resolve_similar" => json!({"run": NOTHING, "field": "phone", "take": "club"}),
        "sync_proposed" => json!({"run": NOTHING, "row": 1}),
        "sync_match" => json!({"request": {"run": NOTHING, "row": 1, "choice": {"as": "new"}}}),
        "sync_forget_match" => json!({"code": CODE, "org": CLUB, "choice": "00"}),
        "sync_choose_field" => json!({"code": CODE, "org": CLUB, "field": "phone", "take": "club"}),
        "run_export_look" | "run_export_save" => {
            json!({"request": {"run": NOTHING, "format": "csv"}})
        }
        "schedule_show" => json!({"code": CODE, "org": null}),
        "schedule_preview" => json!({"schedule": "0 2 * * *", "timeZone": "Europe/Dublin"}),
        "schedule_set" => {
            json!({"code": CODE, "org": CLUB, "request": {"mode": "on", "schedule": "0 2 * * *", "time_zone": "Europe/Dublin"}})
        }
        "schedule_policy" => {
            json!({"code": CODE, "org": null, "request": {"policy": "preview_only", "missed": "ask"}})
        }
        "schedule_answer" => json!({"code": CODE, "org": CLUB, "run": true}),
        "sync_plan" => json!({"run": NOTHING, "kind": "create", "after": null, "limit": 50}),
        "member_list" => json!({"code": CODE, "org": CLUB, "after": null, "limit": 50}),
        "member_edit" => json!({"request": {
            "member_id": NOTHING, "version": 1, "changes": [{"field": "phone", "value": "1"}],
        }}),
        "import_look" => json!({"file": MEMBERS_FILE, "request": import()}),
        "import_plan" => {
            json!({"file": MEMBERS_FILE, "onStep": channel, "request": import()})
        }
        "member_export_look" | "member_export_save" => json!({"request": {
            "code": CODE, "org": CLUB, "format": "csv", "fields": ["last_name"],
            "with_left": false,
        }}),
        "audit_list" => json!({"request": {"area": "members", "code": CODE, "limit": 50}}),
        "health_list" => json!({"filter": {"class": "bad_credentials"}}),
        "error_list" => json!({"request": {"code": CODE, "limit": 50}}),
        "health_show" | "error_clear" => json!({"code": CODE}),
        "health_export_look" | "health_export_save" => {
            json!({"request": {"format": "csv", "filter": {"state": "healthy"}}})
        }
        "member_search" => json!({"request": {"search": "aoife", "limit": 50}}),
        "member_show" | "member_choices" | "member_erase_look" => json!({"member": NOTHING}),
        "member_trace" => json!({"member": NOTHING, "field": "phone"}),
        "member_take_federation" => json!({"member": NOTHING, "version": 1, "fields": ["phone"]}),
        "member_erase" => json!({"member": NOTHING, "purgeBackups": false}),
        "retention_set" => json!({"request": {"leavers_months": 24}}),
        "retention_run" => json!({"dryRun": true}),
        "member_allow_again" => json!({"code": CODE, "org": CLUB, "externalId": "PF-1"}),
        "template_show" => json!({"id": "practice"}),
        "audit_verify" | "retention_show" | "template_parts" | "template_samples_drop" => json!({}),
        "template_samples" => json!({"file": "U3VybmFtZQpCdXJrZQo=", "request": {"kind": "csv"}}),
        "template_try" => json!({"request": {
            "draft": {"kind": "text", "toml": "id = 1"}, "version": 3, "samples": NOTHING,
        }}),
        "template_save" => json!({"request": {
            "draft": {"kind": "text", "toml": TEMPLATE_FILE}, "id": "ours", "expected_version": null,
        }}),
        "template_versions" | "template_delete" => json!({"id": "nobody"}),
        "template_version" => json!({"id": "nobody", "version": 1}),
        "template_restore" => json!({"id": "nobody", "version": 1, "expectedVersion": 2}),
        _ => return None,
    };
    Some(arguments)
}

fn import() -> Value {
    json!({
        "org": CLUB, "code": CODE, "template": "foireann_members", "date_order": "day_first",
        "is_part": true,
    })
}

/// In base64.
const MEMBERS_FILE: &str = "Rm9yZW5hbWU7U3VybmFtZQpBO0IK";

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

const TEMPLATE_FILE: &str = r#"
id = "mine"
name = "Mine"
version = 1
[fields.last_name]
from = ["Surname"]
"#;

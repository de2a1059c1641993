//! The support view and the view of one club are held by every method: each public method of the product asks first
//! (`self.see_…`, `self.my_club`), or stands here with the reason why it need not. A new one cannot be forgotten.

use std::collections::BTreeSet;

use crate::tree::sources;

const ROOM: &str = "crates/connectors/src/app/";

/// Methods that give no member and change none, and concern no club of their own.
const OPEN: &[(&[&str], &str)] = &[
    (
        &[
            "new",
            "data_dir",
            "acting_as",
            "in_support_view",
            "initialise",
            "open",
            "unlock",
            "lock",
            "status",
            "settings",
            "settings_set",
            "doctor",
            "doctor_seen",
            "is_quiet",
            "is_syncing",
            "db_backup",
            "db_backups",
            "db_check",
            "daily_backup",
            "key_status",
            "key_add_keychain",
            "key_add_passphrase",
            "key_remove_slot",
            "key_rotate",
            "keep_keys_fresh",
            "audit_list",
            "audit_verify",
            "audit_anchor",
            "audit_anchor_now_and_then",
        ],
        "the app, its file, its key and its log; no value of a member is in them",
    ),
    (
        &[
            "connector_list",
            "connector_show",
            "connector_add",
            "connector_edit",
            "connector_check",
            "connector_clone",
            "connector_set_status",
            "connector_remove",
            "connector_restore",
            "connector_purge",
            "connector_export",
            "connector_import",
            "connector_test",
            "connector_test_draft",
            "cancel_test",
            "credentials_set",
            "credentials_revert",
            "catalogue",
            "preset",
            "practice_address",
            "practice_connect",
            "practice_connector",
            "practice_repoint",
            "api_client",
            "api_client_over",
            "expiring",
        ],
        "connectors: mending them is what support is there for",
    ),
    (
        &[
            "sign_in",
            "sign_in_cancel",
            "sign_in_complete",
            "sign_in_discover",
            "sign_out",
            "tidy_sign_ins",
            "deliver_link",
            "deliver_waiting_links",
        ],
        "sign-ins of connectors",
    ),
    (
        &[
            "request_log",
            "request_log_prune",
            "requests_flush",
            "requests_left",
            "club_failed",
            "club_succeeded",
            "clear_errors",
            "health",
            "check_all",
            "pause_all",
            "resume_all",
            "clear_errors_all",
            "org_look_up",
        ],
        "health and logs: numbers, templates of addresses and names of clubs",
    ),
    (
        &[
            "forget_old_undo",
            "finish_erasing",
            "retention_show",
            "schedule_next",
            "schedule_preview",
            "sync_run_due",
        ],
        "promises and schedules that go by the clock, whatever a person is shown",
    ),
    (
        &[
            "template",
            "templates",
            "template_parts",
            "template_test",
            "template_save",
            "template_delete",
            "template_restore",
            "template_version",
            "template_versions",
            "template_samples_drop",
        ],
        "templates say how a record is read and hold none",
    ),
];

/// Beginnings of the names of methods that belong to health: checks, notices and diagnostics.
const OPEN_ROOMS: &[&str] = &[
    "check_",
    "notice_",
    "notices_",
    "diagnostics",
    "pause",
    "health_export",
];

/// The public methods of the product in a file, each with its body.
fn methods(text: &str) -> Vec<(String, String)> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut in_app = false;
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with(' ') && line.starts_with("impl") {
            in_app = *line == "impl App {";
        }
        let rest = line
            .strip_prefix("    pub async fn ")
            .or_else(|| line.strip_prefix("    pub fn "));
        let (true, Some(rest)) = (in_app, rest) else {
            continue;
        };
        let name = rest
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let body: Vec<&str> = lines[at..]
            .iter()
            .take_while(|line| **line != "    }")
            .copied()
            .collect();
        found.push((name, body.join("\n")));
    }
    found
}

fn asks(body: &str) -> bool {
    body.contains("self.see_")
        || body.contains("self.my_club()")
        || body.contains("self.within_view(")
}

fn open() -> BTreeSet<&'static str> {
    OPEN.iter()
        .flat_map(|(names, _)| names.iter().copied())
        .collect()
}

#[test]
fn every_public_method_asks_who_is_looking_or_says_why_it_need_not() {
    let open = open();
    let mut looked_at = 0;
    let mut forgotten = Vec::new();
    let mut seen = BTreeSet::new();
    for file in sources().iter().filter(|file| file.path.starts_with(ROOM)) {
        for (name, body) in methods(&file.text) {
            looked_at += 1;
            let is_open = open.contains(name.as_str())
                || OPEN_ROOMS.iter().any(|room| name.starts_with(room));
            if !asks(&body) && !is_open {
                forgotten.push(format!("{}: {name}", file.path));
            }
            assert!(
                !(asks(&body) && open.contains(name.as_str())),
                "{name} asks, and stands in the list of those that need not"
            );
            seen.insert(name);
        }
    }
    assert!(looked_at > 100, "the methods are found: {looked_at}");
    assert!(
        forgotten.is_empty(),
        "who may see what these give? Ask with `self.see_…`, or say here why not: {forgotten:#?}"
    );
    let gone: Vec<&&str> = open.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(gone.is_empty(), "these are no methods any more: {gone:?}");
}

#[test]
fn the_harness_sees_a_method_that_asks_nobody() {
    let text = "impl App {\n    pub async fn member_all(&self) {\n        self.store()\n    }\n    pub fn a(&self) {\n        \
                self.see_members()?;\n    }\n}\n";
    let found = methods(text);
    let asking: Vec<(&str, bool)> = found
        .iter()
        .map(|(name, body)| (name.as_str(), asks(body)))
        .collect();
    assert_eq!(asking, [("member_all", false), ("a", true)], "found out");
}

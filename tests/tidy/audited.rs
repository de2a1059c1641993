//! What a person would ask about is in the audit log: each public async method of the product that writes enters what it does,
//! or stands here with the reason why not. Read from the text: a function writes, or enters, where it or one that it
//! calls does. That each enters exactly one thing is for the product's own tests.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{SourceFile, sources};

const ROOM: &str = "crates/connectors/src/app/";

/// Methods that write and enter nothing, and why they need not.
const EXEMPT: &[(&[&str], &str)] = &[
    (
        &[
            "api_client",
            "api_client_over",
            "records",
            "request",
            "try_request",
            "org_look_up",
            "requests_flush",
            "request_log_prune",
            "request_log",
            "health_list",
            "health",
            "health_export_look",
            "health_export",
        ],
        "requests have a log of their own, and change nothing here but that log",
    ),
    (
        &[
            "connector_test",
            "connector_test_draft",
            "check_all",
            "check_all_until",
            "check_all_over",
            "check_run_due",
            "check_run_due_once",
            "check_run_due_over",
            "club_failed",
            "club_succeeded",
            "org_set_last_sync",
            "doctor",
            "doctor_seen",
            "db_check",
            "diagnostics_look",
            "diagnostics_zip",
            "notices_due",
        ],
        "what was seen of a connector, a club or the file; nobody has decided anything",
    ),
    (
        &[
            "connector_list",
            "connector_show",
            "failure_text",
            "home",
            "practice_address",
            "practice_connector",
            "import_look",
            "run_export_look",
            "template_samples",
            "member_export_look",
            "sync_history",
            "sync_run",
            "sync_run_row",
            "sync_run_summary",
            "sync_runs",
            "schedule_next",
        ],
        "looking; on the way, attempts and runs whose process is gone are ended, and states settled for the day",
    ),
    (
        &["sign_in_cancel", "sign_in_discover", "tidy_sign_ins"],
        "a sign-in that came to nothing; one that did is entered",
    ),
    (
        &["forget_old_undo"],
        "a promise of thirty days that ends by the clock",
    ),
    (&["lock"], "closing; nothing of anybody changes"),
];

struct Function {
    file: String,
    name: String,
    /// Of the product's own value.
    of_app: bool,
    /// `pub async fn` of the product's own value.
    is_use_case: bool,
    body: String,
}

/// The functions of a file, without its tests.
fn functions(path: &str, text: &str) -> Vec<Function> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut in_app = false;
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with(' ') && line.starts_with("impl") {
            in_app = *line == "impl App {";
        }
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let Some(place) = trimmed.find("fn ") else {
            continue;
        };
        let before = &trimmed[..place];
        if !before.is_empty() && !before.starts_with("pub") && !before.starts_with("async") {
            continue;
        }
        let name: String = trimmed[place + 3..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let end = format!("{}}}", " ".repeat(indent));
        let body = lines[at + 1..].iter().take_while(|line| **line != end);
        found.push(Function {
            file: path.to_owned(),
            name,
            of_app: in_app && indent > 0,
            is_use_case: in_app && trimmed.starts_with("pub async fn "),
            body: body.copied().collect::<Vec<_>>().join("\n"),
        });
    }
    found
}

/// Whom a call means.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Callee<'a> {
    /// A method of the product.
    App(&'a str),
    /// A function: of the same file where there is one, else of another.
    Free(&'a str),
    /// A method of some other value: of the same file, or none of ours.
    Near(&'a str),
}

/// What is called in a body; `in_app` says what `self` is there.
fn calls(body: &str, in_app: bool) -> BTreeSet<Callee<'_>> {
    let mut found = BTreeSet::new();
    for (at, _) in body.match_indices('(') {
        let before = &body[..at];
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |place| place + 1);
        let (before, name) = before.split_at(start);
        if name.is_empty() {
            continue;
        }
        found.insert(if let Some(receiver) = before.strip_suffix('.') {
            let receiver = receiver.trim_end();
            let is_ours = receiver.ends_with("app") || in_app && receiver.ends_with("self");
            if is_ours {
                Callee::App(name)
            } else {
                Callee::Near(name)
            }
        } else if before.ends_with("App::") || in_app && before.ends_with("Self::") {
            Callee::App(name)
        } else {
            Callee::Free(name)
        });
    }
    found
}

fn has_any(body: &str, needles: &[&str]) -> bool {
    needles.iter().any(|needle| body.contains(needle))
}

/// Which functions do something, themselves or through others.
fn reaching(all: &[Function], needles: &[&str]) -> Vec<bool> {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, one) in all.iter().enumerate() {
        by_name.entry(&one.name).or_default().push(at);
    }
    let none = Vec::new();
    let meant = |caller: &Function, callee: &Callee<'_>| -> Vec<usize> {
        let (Callee::App(name) | Callee::Free(name) | Callee::Near(name)) = callee;
        let named = by_name.get(name).unwrap_or(&none).iter().copied();
        let near = |at: &usize| all[*at].file == caller.file;
        match callee {
            Callee::App(_) => named.filter(|at| all[*at].of_app).collect(),
            Callee::Near(_) => named.filter(near).collect(),
            Callee::Free(_) => {
                let free: Vec<usize> = named.filter(|at| !all[*at].of_app).collect();
                let own: Vec<usize> = free.iter().copied().filter(near).collect();
                if own.is_empty() { free } else { own }
            }
        }
    };
    let called: Vec<Vec<usize>> = all
        .iter()
        .map(|one| {
            let callees = calls(&one.body, one.of_app);
            callees.iter().flat_map(|to| meant(one, to)).collect()
        })
        .collect();
    let mut reaches: Vec<bool> = all.iter().map(|one| has_any(&one.body, needles)).collect();
    loop {
        let mut changed = false;
        for at in 0..all.len() {
            if !reaches[at] && called[at].iter().any(|to| reaches[*to]) {
                reaches[at] = true;
                changed = true;
            }
        }
        if !changed {
            return reaches;
        }
    }
}

/// Use cases that write and enter nothing.
fn silent(files: &[SourceFile]) -> Vec<String> {
    let all: Vec<Function> = files
        .iter()
        .filter(|file| file.path.starts_with(ROOM))
        .flat_map(|file| functions(&file.path, &file.text))
        .collect();
    let writes = reaching(&all, &[".write(", ".write_blocking("]);
    let enters = reaching(&all, &[".audit(", ".audit_append("]);
    let mut found: Vec<String> = (0..all.len())
        .filter(|at| all[*at].is_use_case && writes[*at] && !enters[*at])
        .map(|at| all[at].name.clone())
        .collect();
    found.sort();
    found
}

fn exempt() -> impl Iterator<Item = &'static str> {
    EXEMPT.iter().flat_map(|(names, _)| names.iter().copied())
}

#[test]
fn what_writes_is_entered_in_the_audit_log_or_says_why_not() {
    let found = silent(&sources());
    let unexplained: Vec<&String> = found
        .iter()
        .filter(|name| !exempt().any(|exempt| exempt == *name))
        .collect();
    assert!(
        unexplained.is_empty(),
        "an act that nobody can ask about; enter it, or say here why not: {unexplained:?}"
    );
    let stale: Vec<&str> = exempt()
        .filter(|exempt| !found.iter().any(|name| name == exempt))
        .collect();
    assert!(stale.is_empty(), "these need no reason any more: {stale:?}");
}

#[test]
fn the_rule_sees_a_silent_act_and_lets_a_told_one_be() {
    let file = |name: &str, text: &str| SourceFile {
        path: format!("{ROOM}{name}"),
        text: text.to_owned(),
    };
    let acts = "impl App {
    /// Told.
    pub async fn told(&self) -> Result<()> {
        self.store()?.write(move |tx| act.audit(tx, entry)).await
    }

    /// Told by another.
    pub async fn through(&self) -> Result<()> {
        self.helped().await
    }

    /// Silent.
    pub async fn silent(&self) -> Result<()> {
        quietly(self).await
    }

    /// Looks only.
    pub async fn looks(&self) -> Result<()> {
        self.store()?.read(move |tx| tx.all()).await
    }
}

async fn quietly(app: &App) -> Result<()> {
    app.store()?.write(move |tx| tx.delete_all()).await
}
";
    let helped = "impl App {
    pub(super) async fn helped(&self) -> Result<()> {
        self.store()?.write(move |tx| act.audit(tx, entry)).await
    }
}
";
    let files = [file("acts.rs", acts), file("helped.rs", helped)];
    assert_eq!(silent(&files), ["silent"], "this one, and only this one");
}

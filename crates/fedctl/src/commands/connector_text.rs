//! Connectors for people: the list, the deleted ones, and one in full.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::view::{ConnectorListView, ConnectorView, CredentialsStateView, Environment};

use super::sign_in_text;
use crate::output::{Output, Paint};
use crate::report;
use crate::table::{Cell, facts, table};
use crate::words;

/// Things that happened, as many as fit without scrolling.
const EVENTS_SHOWN: usize = 10;

/// The connectors that are not deleted. `narrowed` tells an empty list from an empty search.
pub(super) fn list(output: Output, found: &ConnectorListView, narrowed: bool) -> String {
    if found.rows.is_empty() {
        return if narrowed {
            "No connector matches.".to_owned()
        } else {
            "No connectors yet. Choose a preset with fedctl catalogue list, then:\n  fedctl \
             connector add CODE --preset ID"
                .to_owned()
        };
    }
    let now = words::now();
    let rows: Vec<[Cell; 6]> = found
        .rows
        .iter()
        .map(|row| {
            [
                Cell::painted(Paint::Bold, &row.code),
                row.name.as_str().into(),
                words::state(row.state),
                environment(row.environment).into(),
                words::auth(row.auth_kind).into(),
                words::ago_or_never(row.last_test_at, now).into(),
            ]
        })
        .collect();
    let heading = ["CODE", "NAME", "STATE", "DATA", "SIGN-IN", "TESTED"];
    let mut text = table(output, heading, 1, &rows);
    if output.is_terminal() {
        let mut footer = words::counted(found.total.into(), "connector");
        if found.counts.needs_you > 0 {
            let _ = write!(
                footer,
                ", {} need you",
                words::grouped(found.counts.needs_you.into())
            );
        }
        let _ = write!(text, "\n{}\n", output.paint(Paint::Dim, &footer));
    }
    text
}

/// The deleted connectors.
pub(super) fn deleted_list(output: Output, found: &ConnectorListView, narrowed: bool) -> String {
    if found.rows.is_empty() {
        return if narrowed {
            "No deleted connector matches.".to_owned()
        } else {
            "No deleted connectors.".to_owned()
        };
    }
    let now = words::now();
    let rows: Vec<[Cell; 4]> = found
        .rows
        .iter()
        .map(|row| {
            let restorable = match row.restorable_until {
                Some(until) if until >= now => format!("until {}", words::day(until)),
                _ => "no longer; its code can be freed with purge".to_owned(),
            };
            [
                Cell::painted(Paint::Bold, &row.code),
                row.name.as_str().into(),
                words::ago_or_never(row.deleted_at, now).into(),
                restorable.into(),
            ]
        })
        .collect();
    table(
        output,
        ["CODE", "NAME", "DELETED", "CAN BE RESTORED"],
        1,
        &rows,
    )
}

/// One connector in full.
pub(super) fn show(output: Output, connector: &ConnectorView) -> String {
    let now = words::now();
    let row = &connector.row;
    let settings = &connector.settings;
    let mut lines = vec![
        ("Code", row.code.clone()),
        ("State", state(output, connector)),
        ("Data", environment(row.environment).to_owned()),
        ("Address", or_dash(&settings.endpoints.base)),
        ("Member list", or_dash(&settings.endpoints.membership_list)),
        ("Sign-in", words::auth(row.auth_kind).to_owned()),
        ("Credentials", credentials(&connector.credentials, now)),
    ];
    if let Some(sign_in) = &connector.sign_in {
        lines.extend(sign_in_text::facts(output, &row.code, sign_in, now));
    }
    lines.extend([(
        "Limit",
        format!("{} requests a minute", settings.limits.requests_per_minute),
    )]);
    if let Some(preset) = &row.preset {
        lines.push(("Preset", preset.clone()));
    }
    if let Some(schedule) = &settings.sync.schedule {
        lines.push(("Schedule", schedule.clone()));
    }
    lines.push(("Last test", words::ago_or_never(row.last_test_at, now)));
    lines.push(("Last sync", words::ago_or_never(row.last_sync_at, now)));
    lines.push(("Added", words::moment(row.created_at)));
    let mut text = format!(
        "{}\n\n{}",
        output.paint(Paint::Bold, &row.name),
        facts(output, &lines)
    );
    if let Some(test) = &connector.last_test {
        let _ = write!(text, "\n{}\n", output.paint(Paint::Bold, "Last test"));
        text.push_str(&report::whole(output, "  ", test));
    }
    if !connector.events.is_empty() {
        let _ = write!(text, "\n{}\n", output.paint(Paint::Bold, "History"));
    }
    for event in connector.events.iter().take(EVENTS_SHOWN) {
        let detail = match &event.detail {
            Some(detail) => format!(": {}", detail.replace('_', " ")),
            None => String::new(),
        };
        let _ = writeln!(
            text,
            "  {}  {}{detail}",
            words::moment(event.at),
            words::event(event.kind)
        );
    }
    text
}

fn state(output: Output, connector: &ConnectorView) -> String {
    match (connector.row.deleted_at, connector.row.restorable_until) {
        (Some(_), Some(until)) => output.paint(
            Paint::Red,
            &format!("deleted (can be restored until {})", words::day(until)),
        ),
        _ => format!(
            "{} (status {})",
            words::state(connector.row.state).shown(output),
            words::status(connector.row.status)
        ),
    }
}

fn credentials(state: &CredentialsStateView, now: i64) -> String {
    if !state.set {
        return "not set".to_owned();
    }
    let mut text = format!("set {}", words::ago_or_never(state.stored_at, now));
    let mut more = Vec::new();
    more.push(if state.tested { "tested" } else { "not tested" }.to_owned());
    if state.secondary_set {
        more.push("second key kept".to_owned());
    }
    if state.previous_kept {
        more.push("earlier ones kept".to_owned());
    }
    if let Some(day) = &state.expires_on {
        more.push(format!("end on {day}"));
    }
    if state.webhook_secret_set {
        more.push("webhook secret set".to_owned());
    }
    let _ = write!(text, " ({})", more.join(", "));
    text
}

fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Live => "live",
        Environment::Test => "test",
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-" } else { text }.to_owned()
}

//! Health and the error log for people.

use std::fmt::Write as _;

use connectors::api::sentences;
use connectors::view::{
    ErrorListView, ErrorSource, HealthAction, HealthDetailView, HealthExportLookView, HealthView,
    Status,
};

use crate::output::{Output, Paint};
use crate::table::{Cell, facts, table};
use crate::words;

pub(super) fn list(output: Output, all: &[HealthView]) -> String {
    if all.is_empty() {
        return "No connector fits this.".to_owned();
    }
    let now = words::now();
    let rows: Vec<[Cell; 8]> = all
        .iter()
        .map(|one| {
            [
                Cell::painted(Paint::Bold, &one.code),
                one.name.as_str().into(),
                words::state(one.state),
                since(one, now).into(),
                share(one.uptime_24h).into(),
                share(one.uptime_30d).into(),
                words::ago_or_never(one.last_success_at, now).into(),
                one.action.map_or("", |action| button(action)).into(),
            ]
        })
        .collect();
    table(
        output,
        [
            "CODE",
            "NAME",
            "STATE",
            "SINCE",
            "UP 24 H",
            "UP 30 D",
            "LAST SUCCESS",
            "TO DO",
        ],
        1,
        &rows,
    )
}

pub(super) fn one(output: Output, detail: &HealthDetailView) -> String {
    let one = &detail.health;
    let now = words::now();
    let mut lines = vec![
        ("Connector", format!("{} ({})", one.name, one.code)),
        (
            "State",
            format!(
                "{}, {}",
                words::state(one.state).shown(output),
                since(one, now)
            ),
        ),
        ("Status", words::status(one.status).to_owned()),
    ];
    if let Some(finding) = one.finding {
        lines.push(("Why", sentences::fact(finding, None)));
    }
    if one.status == Status::Error {
        let times = words::counted(one.consecutive_failures.into(), "failure");
        lines.push(("Stopped", format!("after {times} in a row")));
    }
    if let Some(action) = one.action {
        lines.push(("To do", to_do(action, &one.code)));
    }
    if let Some(at) = one.next_try_at {
        lines.push(("Tried again", words::moment(at)));
    }
    if let Some(at) = one.expires_at {
        lines.push(("Ends", words::moment(at)));
    }
    lines.extend([
        ("Up, 24 hours", share(one.uptime_24h)),
        ("Up, 7 days", share(one.uptime_7d)),
        ("Up, 30 days", share(one.uptime_30d)),
        ("Up, a year", share(one.uptime_1y)),
        ("Errors, 24 hours", share(one.error_rate_24h)),
        ("Answers", times(one)),
        ("Failures in a row", one.consecutive_failures.to_string()),
        (
            "Last success",
            words::ago_or_never(one.last_success_at, now),
        ),
        ("Last error", words::ago_or_never(one.last_error_at, now)),
        ("Last sync", words::ago_or_never(one.last_sync_at, now)),
        ("Last check", words::ago_or_never(one.last_check_at, now)),
        ("Clubs", one.clubs.to_string()),
    ]);
    facts(output, &lines)
}

pub(super) fn errors(output: Output, page: &ErrorListView) -> String {
    if page.rows.is_empty() {
        return "Nothing has failed that fits this.".to_owned();
    }
    let rows: Vec<[Cell; 5]> = page
        .rows
        .iter()
        .map(|one| {
            let mark = if one.cleared_at.is_some() {
                " (cleared)"
            } else {
                ""
            };
            [
                words::moment(one.at).into(),
                Cell::painted(Paint::Bold, &one.code),
                source(one.source).into(),
                one.club.clone().unwrap_or_default().into(),
                format!("{}{mark}", one.sentence).into(),
            ]
        })
        .collect();
    let mut text = table(
        output,
        ["WHEN", "CONNECTOR", "FROM", "CLUB", "WHAT"],
        usize::MAX,
        &rows,
    );
    // Writing into a String cannot fail.
    let _ = match &page.next {
        Some(next) => writeln!(
            text,
            "\n{} of {}{}. Older ones: --after {next}",
            page.rows.len(),
            words::grouped(page.found),
            if page.more { " and more" } else { "" },
        ),
        None => Ok(()),
    };
    text
}

pub(super) fn saved(contains: &HealthExportLookView, path: &str) -> String {
    format!(
        "{} written: {path}\nOne line each: {}.\nNo member, no club, no address and no key is in it.",
        words::counted(contains.connectors.into(), "connector"),
        contains.columns.join(", ")
    )
}

pub(super) fn cleared(health: &HealthView) -> String {
    let after = match health.status {
        Status::Inactive => "It stays paused; fedctl connector status CODE active resumes it."
            .replace("CODE", &health.code),
        Status::Active | Status::Error => "Failures are counted from nothing.".to_owned(),
    };
    format!("Errors of {} cleared. {after}", health.code)
}

fn since(one: &HealthView, now: i64) -> String {
    one.since.map_or_else(String::new, |at| words::ago(at, now))
}

/// A share, or that it is not known: nothing was asked.
fn share(percent: Option<f64>) -> String {
    match percent {
        None => "unknown".to_owned(),
        // Never rounded to a whole that it is not.
        Some(percent) if percent > 99.99 && percent < 100.0 => "99.99 %".to_owned(),
        Some(percent) if percent > 0.0 && percent < 0.01 => "0.01 %".to_owned(),
        Some(percent) => {
            let text = format!("{percent:.2}");
            let text = text.trim_end_matches('0').trim_end_matches('.');
            format!("{text} %")
        }
    }
}

fn times(one: &HealthView) -> String {
    match (one.p50_ms, one.p95_ms) {
        (Some(half), Some(most)) => format!("half within {half} ms, 95 of 100 within {most} ms"),
        _ => "none in 24 hours".to_owned(),
    }
}

fn source(source: ErrorSource) -> &'static str {
    match source {
        ErrorSource::Request => "request",
        ErrorSource::Test => "test",
        ErrorSource::Check => "check",
        ErrorSource::SignIn => "sign-in",
        ErrorSource::Sync => "sync",
    }
}

fn button(action: HealthAction) -> &'static str {
    match action {
        HealthAction::SignIn => "sign in",
        HealthAction::ReplaceKey => "replace the key",
        HealthAction::OpenSettings => "change a setting",
        HealthAction::ReviewPlan => "review a plan",
        HealthAction::Check => "check",
        HealthAction::Retry => "sync again",
        HealthAction::Resume => "resume",
    }
}

/// The command that does it.
fn to_do(action: HealthAction, code: &str) -> String {
    match action {
        HealthAction::SignIn => format!("fedctl login {code}"),
        HealthAction::ReplaceKey => {
            format!("fedctl credentials set {code}, then fedctl connector test {code}")
        }
        HealthAction::OpenSettings => format!("fedctl connector edit {code} --set …"),
        HealthAction::ReviewPlan => format!("fedctl sync history {code}"),
        HealthAction::Check => format!("fedctl connector test {code}"),
        HealthAction::Retry => format!("fedctl sync preview {code} --org ID"),
        HealthAction::Resume => format!("fedctl connector status {code} active"),
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_never_rounded_to_a_whole_that_it_is_not() {
        for (percent, expected) in [
            (None, "unknown"),
            (Some(100.0), "100 %"),
            (Some(99.9999), "99.99 %"),
            (Some(99.5), "99.5 %"),
            (Some(66.6667), "66.67 %"),
            (Some(0.0001), "0.01 %"),
            (Some(0.0), "0 %"),
        ] {
            assert_eq!(share(percent), expected, "{percent:?}");
        }
    }
}

//! Home in words: the sentence of the window, and what needs a person, a line each with what to type.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::api::{meanings, sentences};
use connectors::view::{AttentionKind, AttentionView, HealthAction, HomeView};

use crate::output::{Output, Paint};
use crate::words;

/// Things that are named; the window shows them all.
const NAMED: usize = 20;

pub(super) fn home(output: Output, home: &HomeView) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}", sentence(home));
    let now = words::now();
    for one in home.attention.iter().take(NAMED) {
        let (paint, word) = mark(one);
        let _ = writeln!(text, "\n{} {}", output.paint(paint, word), title(one));
        let _ = writeln!(text, "  {}", why(one, now));
        let _ = writeln!(text, "  {}", output.paint(Paint::Dim, &what_to_type(one)));
    }
    let named = home.attention.len().min(NAMED);
    let more = (home.needs_you as usize).saturating_sub(named);
    if more > 0 {
        let _ = writeln!(text, "\nand {} more", words::grouped(more as u64));
    }
    text
}

/// "12 of 18 clubs are up to date. Three things need you." Of connectors, where no club is connected.
pub(super) fn sentence(home: &HomeView) -> String {
    let (good, all, noun, how) = if home.clubs_all > 0 {
        (home.clubs_up_to_date, home.clubs_all, "club", "up to date")
    } else {
        (
            home.connectors_healthy,
            home.connectors_all,
            "connector",
            "healthy",
        )
    };
    let first = match (good, all) {
        (_, 0) => return "There is no connector yet.".to_owned(),
        (0, 1) => format!("The {noun} is not {how}."),
        (_, 1) => format!("The {noun} is {how}."),
        (good, all) => {
            let verb = if good == 1 { "is" } else { "are" };
            let (good, all) = (words::grouped(good.into()), words::grouped(all.into()));
            format!("{good} of {all} {noun}s {verb} {how}.")
        }
    };
    let second = match home.needs_you {
        0 => "Nothing needs you.".to_owned(),
        1 => "One thing needs you.".to_owned(),
        more => format!("{} things need you.", counted(more)),
    };
    format!("{first} {second}")
}

/// A small count that opens a sentence is a word.
fn counted(number: u32) -> String {
    const WORDS: [&str; 9] = [
        "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    ];
    let word = (number as usize)
        .checked_sub(2)
        .and_then(|at| WORDS.get(at));
    word.map_or_else(|| words::grouped(number.into()), |word| (*word).to_owned())
}

fn mark(one: &AttentionView) -> (Paint, &'static str) {
    match one.kind {
        AttentionKind::Connector | AttentionKind::ClubFailing => (Paint::Red, "!"),
        AttentionKind::Undone
        | AttentionKind::Guard
        | AttentionKind::Conflicts
        | AttentionKind::Plan
        | AttentionKind::Expiring
        | AttentionKind::MissedRuns => (Paint::Yellow, "!"),
    }
}

/// What it is about.
fn title(one: &AttentionView) -> String {
    match (&one.club, &one.org) {
        (Some(club), Some(org)) => format!("{club} ({org}) at {} ({})", one.name, one.code),
        _ => format!("{} ({})", one.name, one.code),
    }
}

fn why(one: &AttentionView, now: i64) -> String {
    let since = one
        .since
        .map_or_else(String::new, |at| format!(", {}", words::ago(at, now)));
    match one.kind {
        AttentionKind::Connector | AttentionKind::ClubFailing => {
            let words = match (one.class, one.finding) {
                (Some(class), _) => meanings::meaning(class).title.to_owned(),
                (None, Some(finding)) => sentences::fact(finding, None),
                (None, None) => "The last run failed".to_owned(),
            };
            let seen = one.finding.filter(|_| one.class.is_some());
            let seen = seen.map_or_else(String::new, |finding| {
                format!(": {}", sentences::fact(finding, None).to_lowercase())
            });
            let clubs = match (one.kind, one.clubs) {
                (AttentionKind::ClubFailing, _) | (_, 0) => String::new(),
                (_, 1) => ". One club waits for it".to_owned(),
                (_, clubs) => format!(". {} clubs wait for it", words::grouped(clubs.into())),
            };
            format!("{words}{seen}{since}{clubs}.")
        }
        AttentionKind::Guard => {
            let seen = match one.guard.as_deref() {
                Some("empty_list") => "the list is empty",
                Some("too_many_leavers") => "more members would leave than is usual",
                _ => "the list may not be whole",
            };
            let numbers = match (one.members_before, one.members_now) {
                (Some(before), Some(now)) => format!(
                    " ({} members before, {} in the list)",
                    words::grouped(before),
                    words::grouped(now)
                ),
                _ => String::new(),
            };
            format!("The plan is held: {seen}{numbers}{since}. Nothing was changed.")
        }
        AttentionKind::Conflicts => {
            let conflicts = one.conflicts.unwrap_or_default();
            format!(
                "The plan waits: {} with a conflict{since}.",
                words::counted(conflicts, "member")
            )
        }
        AttentionKind::Plan => format!("A schedule made a plan, and it waits for you{since}."),
        AttentionKind::Undone => {
            "A run was undone. Nothing is applied until you say what then.".to_owned()
        }
        AttentionKind::MissedRuns => format!(
            "{} of its schedule, and you are asked whether to make up for it.",
            match one.missed.unwrap_or_default() {
                1 => "It missed a run".to_owned(),
                missed => format!("It missed {} runs", words::grouped(missed.into())),
            }
        ),
        AttentionKind::Expiring => {
            let what = match one.action {
                HealthAction::SignIn => "The sign-in",
                _ => "The key",
            };
            match one.expires_at {
                Some(at) if at <= now => format!("{what} ended on {}.", words::day(at)),
                Some(at) => format!("{what} ends on {}.", words::day(at)),
                None => format!("{what} ends soon."),
            }
        }
    }
}

fn what_to_type(one: &AttentionView) -> String {
    let code = &one.code;
    let club = one
        .org
        .as_ref()
        .map_or_else(String::new, |org| format!(" --org {org}"));
    match (one.kind, one.action) {
        (AttentionKind::Undone, _) => {
            format!("fedctl sync apply-again {code}{club}, or fedctl sync keep-mine {code}{club}")
        }
        (AttentionKind::MissedRuns, _) => format!("fedctl schedule answer {code}{club} run"),
        (_, HealthAction::SignIn) => format!("fedctl login {code}"),
        (_, HealthAction::ReplaceKey) => format!("fedctl credentials set {code}"),
        (_, HealthAction::OpenSettings) => format!("fedctl connector edit {code}"),
        (_, HealthAction::ReviewPlan) => match &one.plan_id {
            Some(plan) => format!("fedctl sync show {plan}"),
            None => format!("fedctl sync preview {code}{club}"),
        },
        (_, HealthAction::Check) => format!("fedctl connector test {code}"),
        (_, HealthAction::Retry) => format!("fedctl sync preview {code}{club}"),
        (_, HealthAction::Resume) => format!("fedctl connector status {code} active"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(clubs: (u32, u32), connectors: (u32, u32), needs_you: u32) -> HomeView {
        HomeView {
            clubs_all: clubs.1,
            clubs_up_to_date: clubs.0,
            connectors_all: connectors.1,
            connectors_healthy: connectors.0,
            needs_you,
            attention: Vec::new(),
            connectors: Vec::new(),
            syncing: Vec::new(),
            hours: Vec::new(),
            p95_ms: None,
            next_runs: Vec::new(),
            recent_errors: Vec::new(),
            errors_7d: 0,
            checked_at: None,
        }
    }

    #[test]
    fn the_sentence_counts_clubs_where_there_are_any_and_connectors_else() {
        for (clubs, connectors, needs_you, expected) in [
            (
                (12, 18),
                (1, 2),
                3,
                "12 of 18 clubs are up to date. Three things need you.",
            ),
            (
                (1, 2),
                (1, 2),
                1,
                "1 of 2 clubs is up to date. One thing needs you.",
            ),
            (
                (1, 1),
                (1, 1),
                0,
                "The club is up to date. Nothing needs you.",
            ),
            (
                (0, 1),
                (1, 1),
                11,
                "The club is not up to date. 11 things need you.",
            ),
            (
                (0, 0),
                (2, 3),
                0,
                "2 of 3 connectors are healthy. Nothing needs you.",
            ),
            (
                (0, 0),
                (0, 1),
                10,
                "The connector is not healthy. Ten things need you.",
            ),
            ((0, 0), (0, 0), 0, "There is no connector yet."),
        ] {
            assert_eq!(
                sentence(&home(clubs, connectors, needs_you)),
                expected,
                "{clubs:?} clubs, {connectors:?} connectors"
            );
        }
    }
}

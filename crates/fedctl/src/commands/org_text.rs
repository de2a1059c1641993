//! Clubs for people: the list, one club with its connectors, the outcome of an import.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::api::sentences;
use connectors::view::{
    ClubEventKind, ClubHistoryView, ClubImportView, ClubListView, ClubState, ClubView, HealthState,
    PlanWaits,
};

use crate::output::{Output, Paint};
use crate::table::{Cell, table};
use crate::words;

/// Connected clubs. `narrowed` tells an empty list from an empty search.
pub(super) fn list(output: Output, found: &ClubListView, narrowed: bool) -> String {
    if found.rows.is_empty() {
        return if narrowed {
            "No connected club matches.".to_owned()
        } else {
            "No clubs are connected yet:\n  fedctl org connect CODE --org ID --name NAME \
             --federation-org ID"
                .to_owned()
        };
    }
    let now = words::now();
    let rows: Vec<[Cell; 7]> = found
        .rows
        .iter()
        .map(|row| {
            [
                Cell::painted(Paint::Bold, &row.org),
                row.name.as_str().into(),
                row.code.as_str().into(),
                row.federation_org.as_str().into(),
                state(row),
                words::ago_or_never(row.last_sync_at, now).into(),
                by_itself(row),
            ]
        })
        .collect();
    let heading = [
        "CLUB",
        "NAME",
        "CONNECTOR",
        "FEDERATION ID",
        "STATE",
        "SYNCED",
        "BY ITSELF",
    ];
    table(output, heading, 1, &rows)
}

/// What a person has to do about a club's schedule comes before when it runs next.
fn by_itself(row: &ClubView) -> Cell {
    let Some(schedule) = &row.schedule else {
        return "–".into();
    };
    if schedule.by_file {
        return "from files".into();
    }
    if schedule.question.is_some() {
        return Cell::painted(Paint::Red, "asks about missed runs");
    }
    match schedule.waits {
        Some(PlanWaits::Held) => return Cell::painted(Paint::Red, "a plan is held"),
        Some(PlanWaits::Ready) => return "a plan waits".into(),
        None => {}
    }
    if schedule.gave_up_at.is_some() {
        return Cell::painted(Paint::Red, "failed, retries too");
    }
    match (schedule.retry_at, schedule.next_at) {
        (Some(at), _) => format!("tried again {}", words::moment(at)).into(),
        (None, Some(at)) => words::moment(at).into(),
        (None, None) => "–".into(),
    }
}

/// A club with the connectors that it is, or was, connected to.
pub(super) fn connectors(output: Output, club: &ClubHistoryView) -> String {
    let now = words::now();
    let rows: Vec<[Cell; 5]> = club
        .connections
        .iter()
        .map(|one| {
            [
                Cell::painted(Paint::Bold, &one.code),
                one.federation_org.as_str().into(),
                state(one),
                words::day(one.enabled_at).into(),
                words::ago_or_never(one.last_sync_at, now).into(),
            ]
        })
        .collect();
    let mut text = format!("{}\n\n", output.paint(Paint::Bold, &club.name));
    let heading = ["CONNECTOR", "FEDERATION ID", "STATE", "CONNECTED", "SYNCED"];
    text.push_str(&table(output, heading, 0, &rows));
    let _ = write!(text, "\n{}\n", output.paint(Paint::Bold, "History"));
    for event in &club.events {
        let _ = writeln!(
            text,
            "  {}  {} {} as {}",
            words::moment(event.at),
            happened(event.kind),
            event.code,
            event.federation_org
        );
    }
    text
}

/// What an import did, in numbers.
pub(super) fn imported(done: &ClubImportView) -> String {
    let parts: Vec<String> = [
        (done.connected, "connected"),
        (done.already, "connected already"),
        (done.refused, "refused"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{} {word}", words::grouped(number.into())))
    .collect();
    if parts.is_empty() {
        "The list has no clubs.".to_owned()
    } else {
        format!("Clubs: {}", parts.join(", "))
    }
}

/// The club's own trouble first, then its connector's, then how it stands.
fn state(row: &ClubView) -> Cell {
    match row.state {
        ClubState::Disconnected => Cell::painted(Paint::Dim, "disconnected"),
        ClubState::Failing => {
            let word = row.last_error_finding.map_or_else(
                || "the list does not hang together".to_owned(),
                |finding| sentences::fact(finding, None).to_lowercase(),
            );
            Cell::painted(Paint::Red, word)
        }
        ClubState::NeverSynced | ClubState::Synced => match (row.connector_state, row.state) {
            (HealthState::Healthy | HealthState::NotTested, ClubState::Synced) => {
                Cell::painted(Paint::Green, "synced")
            }
            (HealthState::Healthy | HealthState::NotTested, _) => "never synced".into(),
            (connector, _) => words::state(connector),
        },
    }
}

fn happened(kind: ClubEventKind) -> &'static str {
    match kind {
        ClubEventKind::Connected => "connected to",
        ClubEventKind::Disconnected => "disconnected from",
        ClubEventKind::Failed => "failed at",
        ClubEventKind::Recovered => "well again at",
    }
}

//! Which connectors may be checked by themselves, whose turn it is, and whose state traffic has proved already.

use super::Checked;
use crate::api::address::is_loopback;
use crate::api::check_call::check_call;
use crate::app::record::{settings_of, test_club};
use crate::checks::outcome::by_traffic;
use crate::checks::slot::{Awake, Turn, every_ms, turn, turn_of_probe};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::Finding;
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;
use crate::store::connector_check::CheckedRow;
use crate::view::{BeatOutcome, BeatView, CheckEvery, HealthState, Status};

/// Attempts that are looked at for one that says something about the connector.
const ATTEMPTS: u32 = 20;

/// When a connector is looked at by itself; none where it never is: checks are off, or it waits for a person. A wrong key that is
/// tried again and again locks accounts.
pub(super) fn turn_of(
    row: &CheckedRow,
    every: CheckEvery,
    awake: Awake,
    now: UtcMillis,
) -> Option<Turn> {
    let every = every_ms(row.every.unwrap_or(every))?;
    match (row.status, row.state) {
        (
            _,
            HealthState::ActionNeeded
            | HealthState::SignInAgain
            | HealthState::WaitingForBrowser
            | HealthState::Paused,
        )
        | (Status::Inactive, _) => None,
        (Status::Error, _) => row.probe.map(|probe| turn_of_probe(probe, now)),
        (Status::Active, _) => {
            let handled = row.handled_at.unwrap_or(row.created_at);
            Some(turn(row.id, every, handled, awake, now))
        }
    }
}

/// What it takes to ask a connector.
///
/// # Errors
/// Outer: the file. Inner: why there is nothing to ask; none for one whose members come out of files.
pub(super) fn checked(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
) -> Result<std::result::Result<Checked, Option<Finding>>> {
    let settings = settings_of(record)?;
    if settings.is_by_file() {
        return Ok(Err(None));
    }
    let organisation = test_club(tx, record.id, &settings)?;
    let call = match check_call(&settings, organisation.as_deref()) {
        Ok(call) => call,
        Err(finding) => return Ok(Err(Some(finding))),
    };
    Ok(Ok(Checked {
        id: record.id,
        code: record.code.clone(),
        host: call
            .url
            .host_str()
            .filter(|_| !is_loopback(&call.url))
            .map(str::to_lowercase),
        proper_before: record.last_success_at.is_some() && record.consecutive_failures == 0,
        organisation,
    }))
}

/// What is already known since a connector was looked at last.
pub(super) enum Known {
    /// Nothing: it must be asked.
    Nothing,
    /// A check that somebody asked for.
    Checked,
    /// What traffic has shown.
    Traffic(BeatView),
}

/// Whether something has proved how a connector stands since `handled`. A stopped one's probe is always made.
pub(super) fn known(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
    handled: Option<UtcMillis>,
) -> Result<Known> {
    let since = handled.unwrap_or(record.created_at);
    if record.status == Status::Error {
        return Ok(Known::Nothing);
    }
    let newest = tx.newest_beat(record.id)?;
    let settings = settings_of(record)?;
    let from = newest
        .as_ref()
        .map_or(i64::MIN, |beat| beat.at)
        .max(since.0);
    let proof = tx
        .attempts(record.id, None, ATTEMPTS)?
        .into_iter()
        .take_while(|attempt| attempt.at.0 > from)
        .find_map(|attempt| by_traffic(&settings, &attempt));
    if let Some(beat) = proof {
        return Ok(Known::Traffic(beat));
    }
    let checked = newest.is_some_and(|beat| {
        beat.at > since.0 && beat.outcome != BeatOutcome::Offline && !beat.by_traffic
    });
    Ok(if checked {
        Known::Checked
    } else {
        Known::Nothing
    })
}

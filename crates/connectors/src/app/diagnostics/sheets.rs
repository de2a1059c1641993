//! The tables of the diagnostics, out of the file: connectors as settings without secrets, states, what happened, requests, schedules,
//! counts and the schema. Words and numbers; the only free text is the name and the code of a connector, and a club's own id.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::super::record::settings_of;
use super::file;
use crate::api::call::recorded;
use crate::clock::UtcMillis;
use crate::connector_file;
use crate::diagnostics::{BundleFile, Sheet, mask};
use crate::error::Result;
use crate::settings::ConnectorSettings;
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;

/// Requests of a connector at most.
const REQUESTS_EACH: u32 = 1_000;
/// Requests altogether at most.
const REQUESTS_ALL: usize = 50_000;
/// Events of a connector at most.
const EVENTS_EACH: u32 = 200;

/// All of them.
pub(super) fn all(tx: &Reader<'_>, _now: UtcMillis) -> Result<Vec<BundleFile>> {
    let connectors: Vec<(ConnectorRecord, ConnectorSettings)> = tx
        .connectors_in_full()?
        .into_iter()
        .map(|record| Ok((settings_of(&record)?, record)))
        .map(|pair: Result<_>| pair.map(|(settings, record)| (record, settings)))
        .collect::<Result<_>>()?;
    Ok(vec![
        file(
            "connectors.toml",
            "Settings of every connector, without secrets and without values that could be some.",
            settings(&connectors)?,
        ),
        file(
            "states.csv",
            "How every connector stands.",
            states(tx, &connectors)?,
        ),
        file(
            "timeline.csv",
            "What happened to every connector, newest first, at most 200 lines each.",
            timeline(tx, &connectors)?,
        ),
        requests(tx, &connectors)?,
        file(
            "schedules.csv",
            "When each club syncs by itself, and what may happen then.",
            schedules(tx, &connectors)?,
        ),
        file(
            "counts.csv",
            "Rows of each table of the data file.",
            counts(tx)?,
        ),
        file(
            "schema.sql",
            "The schema of the data file.",
            tx.schema_sql()?.join(";\n\n") + ";\n",
        ),
    ])
}

fn settings(connectors: &[(ConnectorRecord, ConnectorSettings)]) -> Result<String> {
    let mut text = String::new();
    let mut masked = Vec::with_capacity(connectors.len());
    for (record, settings) in connectors {
        match mask::settings(settings) {
            Some(settings) => masked.push(settings),
            None => {
                let _ = writeln!(
                    text,
                    "# {}: left out, because it could not be masked",
                    record.code
                );
            }
        }
    }
    if masked.is_empty() {
        text.push_str("# There is no connector.\n");
    } else {
        text.push_str(&connector_file::write(&masked)?);
    }
    Ok(text)
}

fn states(tx: &Reader<'_>, connectors: &[(ConnectorRecord, ConnectorSettings)]) -> Result<String> {
    let mut sheet = Sheet::new(&[
        "code",
        "name",
        "status",
        "state",
        "auth",
        "environment",
        "preset",
        "template",
        "clubs",
        "failures_in_a_row",
        "last_test_at",
        "last_success_at",
        "last_error_at",
        "last_sync_at",
        "updated_at",
    ]);
    for (record, _) in connectors {
        sheet.row([
            record.code.clone(),
            mask::setting(&record.name),
            word(&record.status),
            word(&record.state),
            word(&record.auth_kind),
            word(&record.environment),
            record.preset.clone().unwrap_or_default(),
            record.template.clone().unwrap_or_default(),
            tx.live_connections(record.id)?.len().to_string(),
            record.consecutive_failures.to_string(),
            moment(record.last_test_at),
            moment(record.last_success_at),
            moment(record.last_error_at),
            moment(record.last_sync_at),
            moment(Some(record.updated_at)),
        ]);
    }
    Ok(sheet.text())
}

fn timeline(
    tx: &Reader<'_>,
    connectors: &[(ConnectorRecord, ConnectorSettings)],
) -> Result<String> {
    let mut sheet = Sheet::new(&["code", "at", "what", "detail"]);
    for (record, _) in connectors {
        for event in tx.events(record.id, EVENTS_EACH)? {
            sheet.row([
                record.code.clone(),
                moment(Some(event.at)),
                word(&event.kind),
                mask::setting(&event.detail.unwrap_or_default()),
            ]);
        }
    }
    Ok(sheet.text())
}

fn requests(
    tx: &Reader<'_>,
    connectors: &[(ConnectorRecord, ConnectorSettings)],
) -> Result<BundleFile> {
    let mut sheet = Sheet::new(&[
        "code", "at", "method", "endpoint", "number", "status", "finding", "ms", "bytes",
    ]);
    let mut cut = false;
    for (record, settings) in connectors {
        let known = templates(settings);
        for one in tx.attempts(record.id, None, REQUESTS_EACH)? {
            if sheet.rows() == REQUESTS_ALL {
                cut = true;
                break;
            }
            sheet.row([
                record.code.clone(),
                moment(Some(one.at)),
                one.method,
                // A path that somebody has typed may name a member.
                if known.contains(&one.endpoint) {
                    mask::setting(&one.endpoint)
                } else {
                    "(another address)".to_owned()
                },
                one.number.to_string(),
                one.status
                    .map(|status| status.to_string())
                    .unwrap_or_default(),
                one.finding.as_ref().map(word).unwrap_or_default(),
                one.ms.to_string(),
                one.bytes.to_string(),
            ]);
        }
    }
    let about = if cut {
        "The newest requests: 50,000 altogether, so those of some connectors are missing. Templates of addresses only."
    } else {
        "The newest requests, at most 1,000 of each connector. Templates of addresses only."
    };
    Ok(file("requests.csv", about, sheet.text()))
}

/// The addresses of a connector as the log of requests has them.
fn templates(settings: &ConnectorSettings) -> BTreeSet<String> {
    let (endpoints, auth) = (&settings.endpoints, &settings.auth);
    [
        Some(&endpoints.membership_list),
        endpoints.member_detail.as_ref(),
        endpoints.verify.as_ref(),
        endpoints.organisation.as_ref(),
        auth.token_endpoint.as_ref(),
        auth.two_step.as_ref().map(|two_step| &two_step.url),
    ]
    .into_iter()
    .flatten()
    .map(|template| recorded(template))
    .collect()
}

fn schedules(
    tx: &Reader<'_>,
    connectors: &[(ConnectorRecord, ConnectorSettings)],
) -> Result<String> {
    let mut sheet = Sheet::new(&[
        "code",
        "club",
        "enabled",
        "schedule",
        "time_zone",
        "policy",
        "missed",
        "handled_until",
        "retry_at",
        "retries",
        "gave_up_at",
        "asks_about_missed",
        "held_by_undo",
        "club_failures_in_a_row",
        "club_last_error",
        "last_sync_at",
    ]);
    for (record, settings) in connectors {
        for connection in tx.live_connections(record.id)? {
            let one = tx.schedule_of(connection.id)?;
            let club = tx.club_by_id(connection.organisation_id)?;
            let sync = &settings.sync;
            sheet.row([
                record.code.clone(),
                club.map(|club| mask::setting(&club.own_id))
                    .unwrap_or_default(),
                one.enabled.unwrap_or(sync.enabled).to_string(),
                one.schedule
                    .or_else(|| sync.schedule.clone())
                    .unwrap_or_default(),
                one.time_zone
                    .or_else(|| sync.time_zone.clone())
                    .unwrap_or_default(),
                word(&one.policy),
                word(&one.missed),
                moment(one.last_due_at),
                moment(one.retry_at),
                one.retry_count.to_string(),
                moment(one.gave_up_at),
                one.asks_missed.to_string(),
                one.held_by_undo.is_some().to_string(),
                connection.consecutive_failures.to_string(),
                connection
                    .last_error
                    .map(|error| format!("{} {}", moment(Some(error.at)), word(&error.class)))
                    .unwrap_or_default(),
                moment(connection.last_sync_at),
            ]);
        }
    }
    Ok(sheet.text())
}

fn counts(tx: &Reader<'_>) -> Result<String> {
    let mut sheet = Sheet::new(&["table", "rows"]);
    for (table, rows) in tx.table_counts()? {
        sheet.row([table, rows.to_string()]);
    }
    Ok(sheet.text())
}

fn moment(at: Option<UtcMillis>) -> String {
    at.map(UtcMillis::to_rfc3339).unwrap_or_default()
}

/// The word under which something crosses the border.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

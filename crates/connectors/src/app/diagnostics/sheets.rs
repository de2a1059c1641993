//! The tables of the diagnostics, out of the file: connectors as settings without secrets, states, what happened, requests, schedules,
//! counts and the schema. Words and numbers; the only free text is the name and the code of a connector, and a club's own id.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::view::{ErrorEntryView, HealthView};

/// Requests of a connector at most.
const REQUESTS_EACH: u32 = 1_000;
/// Requests altogether at most.
const REQUESTS_ALL: usize = 50_000;
/// Events of a connector at most.
const EVENTS_EACH: u32 = 200;

/// All of them; of clubs only `mine`, where one is shown.
pub(super) fn all(tx: &Reader<'_>, mine: Option<&str>) -> Result<Vec<BundleFile>> {
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
            schedules(tx, &connectors, mine)?,
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
                address(Some(&known), &one.endpoint),
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

/// Addresses of connectors as logs have them, by the connector's code.
pub(super) fn addresses(tx: &Reader<'_>) -> Result<BTreeMap<String, BTreeSet<String>>> {
    tx.connectors_in_full()?
        .iter()
        .map(|record| Ok((record.code.clone(), templates(&settings_of(record)?))))
        .collect()
}

/// What a template may be called outside: a path that somebody has typed may name a member.
fn address(known: Option<&BTreeSet<String>>, endpoint: &str) -> String {
    if known.is_some_and(|known| known.contains(endpoint)) {
        mask::setting(endpoint)
    } else {
        "(another address)".to_owned()
    }
}

/// Shares and times.
pub(super) fn health(all: Vec<HealthView>) -> String {
    let mut sheet = Sheet::new(&[
        "code",
        "state",
        "since",
        "class",
        "finding",
        "uptime_24h",
        "uptime_7d",
        "uptime_30d",
        "uptime_1y",
        "error_rate_24h",
        "p50_ms",
        "p95_ms",
        "failures_in_a_row",
        "last_check_at",
        "next_try_at",
        "expires_at",
    ]);
    let at = |ms: Option<i64>| moment(ms.map(UtcMillis));
    let share = |share: Option<f64>| share.map(|share| format!("{share:.2}")).unwrap_or_default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    for one in all {
        sheet.row([
            one.code,
            word(&one.state),
            at(one.since),
            one.class.as_ref().map(word).unwrap_or_default(),
            one.finding.as_ref().map(word).unwrap_or_default(),
            share(one.uptime_24h),
            share(one.uptime_7d),
            share(one.uptime_30d),
            share(one.uptime_1y),
            share(one.error_rate_24h),
            number(one.p50_ms),
            number(one.p95_ms),
            one.consecutive_failures.to_string(),
            at(one.last_check_at),
            at(one.next_try_at),
            at(one.expires_at),
        ]);
    }
    sheet.text()
}

/// Errors without the name of a club.
pub(super) fn errors(all: &[ErrorEntryView], known: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut sheet = Sheet::new(&[
        "at", "code", "class", "finding", "status", "source", "endpoint", "club", "run",
    ]);
    for one in all {
        sheet.row([
            moment(Some(UtcMillis(one.at))),
            one.code.clone(),
            word(&one.class),
            word(&one.finding),
            one.http_status
                .map(|status| status.to_string())
                .unwrap_or_default(),
            word(&one.source),
            one.endpoint
                .as_deref()
                .map(|endpoint| address(known.get(&one.code), endpoint))
                .unwrap_or_default(),
            one.org.as_deref().map(mask::setting).unwrap_or_default(),
            one.run_id.clone().unwrap_or_default(),
        ]);
    }
    sheet.text()
}

fn schedules(
    tx: &Reader<'_>,
    connectors: &[(ConnectorRecord, ConnectorSettings)],
    mine: Option<&str>,
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
            if mine.is_some_and(|mine| club.as_ref().is_none_or(|club| club.own_id != mine)) {
                continue;
            }
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

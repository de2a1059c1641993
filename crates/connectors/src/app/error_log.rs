//! The error log (M8): what failed at federations, one row a failure, and the clearing of errors by a person. What counts towards
//! stopping a connector is decided by `books.rs`; a failure that counts nowhere else is here all the same.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use url::Url;
use uuid::Uuid;

use super::App;
use super::act::Act;
use super::health::health_view;
use super::record::{find, find_live, settings_of, settle_seen};
use super::role::club_shown;
use crate::api::circuit::{self, Outcome};
use crate::api::ledger::Ended;
use crate::api::sentences::{Context, describe};
use crate::audit::{self, AuditWhat};
use crate::clock::UtcMillis;
use crate::error::{Error, FieldRule, Result};
use crate::failure::{FailureClass, Finding};
use crate::store::connector::ConnectorRecord;
use crate::store::error_log::{COUNTED, ErrorQuery, ErrorRecord, ErrorRow};
use crate::store::{Reader, Writer};
use crate::view::{
    ErrorEntryView, ErrorListRequest, ErrorListView, ErrorSource, EventKind, HealthView, Status,
};

/// Rows of one page at most.
const LIMIT: u32 = 500;

/// A failure that is to be entered.
#[derive(Debug, Clone)]
pub(super) struct NewError {
    pub(super) connector: Uuid,
    pub(super) class: FailureClass,
    /// None where the pages of a list do not follow each other.
    pub(super) finding: Option<Finding>,
    pub(super) status: Option<u16>,
    /// The template of the address, never an address.
    pub(super) endpoint: Option<String>,
    pub(super) source: ErrorSource,
    /// The connection that it concerns alone.
    pub(super) connection: Option<Uuid>,
    pub(super) run: Option<Uuid>,
}

/// Enters a failure. This computer's own troubles (offline, locked, stopped by a person) are none of a federation and are
/// left out.
pub(super) fn note_error(tx: &Writer<'_>, act: &Act, entry: NewError) -> Result<()> {
    if !circuit::counts(entry.class, false) {
        return Ok(());
    }
    tx.insert_error(&ErrorRecord {
        id: act.id()?,
        connector_id: entry.connector,
        at: act.now,
        class: entry.class,
        finding: entry.finding,
        status: entry.status,
        endpoint: entry.endpoint,
        source: entry.source,
        connection_id: entry.connection,
        run_id: entry.run,
        cleared_at: None,
    })
}

/// Enters the failure of a request, unless whoever asked does it himself.
pub(super) fn note_request(
    tx: &Writer<'_>,
    act: &Act,
    record: &ConnectorRecord,
    outcome: Outcome,
    ended: &Ended,
) -> Result<()> {
    let (
        Some(source),
        Outcome::Failed {
            class, one_club, ..
        },
    ) = (ended.source, outcome)
    else {
        return Ok(());
    };
    if record.deleted_at.is_some() {
        return Ok(());
    }
    let of_club = !circuit::counts(class, one_club);
    let connection = match &ended.organisation {
        Some(organisation) if of_club => tx
            .live_connection_of(record.id, organisation)?
            .map(|one| one.id),
        _ => None,
    };
    let entry = NewError {
        connector: record.id,
        class,
        finding: ended.finding,
        status: ended.status,
        endpoint: ended.endpoint.clone(),
        source,
        connection,
        run: None,
    };
    note_error(tx, act, entry)
}

impl App {
    /// The error log, newest first.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a connector that is not there; field `limit` out of 1 to 500, `after` where it is no
    /// place of a page before.
    pub async fn error_list(&self, request: ErrorListRequest) -> Result<ErrorListView> {
        let limit = request.limit;
        if limit == 0 || limit > LIMIT {
            return Err(Error::field(
                "limit",
                FieldRule::OutOfRange,
                "must be from 1 to 500",
            ));
        }
        let before = request.after.as_deref().map(place).transpose()?;
        let mine = self.my_club();
        self.store()?
            .read(move |tx| {
                let connector = request.code.as_deref().map(|code| find(tx, code));
                let query = ErrorQuery {
                    connector: connector.transpose()?.map(|connector| connector.id),
                    class: request.class,
                    since: None,
                    club: club_shown(tx, mine.as_deref())?,
                    before,
                    limit: limit + 1,
                };
                let mut rows = tx.errors(&query)?;
                let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
                if more {
                    rows.pop();
                }
                let found = tx.count_errors(&query)?;
                Ok(ErrorListView {
                    next: rows.last().filter(|_| more).map(|last| {
                        let ErrorRecord { at, id, .. } = last.error;
                        format!("{}.{id}", at.0)
                    }),
                    rows: error_views(tx, rows)?,
                    found: found.min(COUNTED).into(),
                    more: found > COUNTED,
                })
            })
            .await
    }

    /// A person says that the errors of a connector are dealt with (M8): its counters start anew, a stopped one is `active`
    /// again, and what the log has of it is marked and stays. A paused one stays paused: that was a person's will too.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`]; [`crate::error::Code::Deleted`] for a deleted one.
    pub async fn clear_errors(&self, code: &str) -> Result<HealthView> {
        self.requests_flush().await?;
        let (code, act) = (code.to_owned(), self.act());
        self.store()?
            .write(move |tx| {
                let mut record = find_live(tx, &code)?;
                let marked = tx.clear_error_log(record.id, act.now)?;
                let nothing = marked == 0
                    && record.consecutive_failures == 0
                    && record.status != Status::Error;
                if !nothing {
                    record.consecutive_failures = 0;
                    if record.status == Status::Error {
                        record.status = Status::Active;
                        tx.delete_stop(record.id)?;
                    }
                    act.note(tx, record.id, EventKind::ErrorsCleared, None)?;
                    let entry = audit::Entry::of(AuditWhat::ErrorsCleared).connector(&record.code);
                    act.audit(tx, entry.count("errors", marked as u64))?;
                    settle_seen(tx, &mut record)?;
                }
                health_view(tx, &record, act.now)
            })
            .await
    }
}

/// Rows of the log as they are told, for whoever shows a few.
pub(super) fn newest_errors(tx: &Reader<'_>, query: &ErrorQuery) -> Result<Vec<ErrorEntryView>> {
    error_views(tx, tx.errors(query)?)
}

/// The newest line of a connector.
pub(super) fn newest_error_of(tx: &Reader<'_>, connector: Uuid) -> Result<Option<ErrorEntryView>> {
    let query = ErrorQuery {
        connector: Some(connector),
        limit: 1,
        ..ErrorQuery::default()
    };
    Ok(newest_errors(tx, &query)?.pop())
}

/// One line of the log of a connector.
pub(super) fn one_error(
    tx: &Reader<'_>,
    connector: Uuid,
    id: &str,
) -> Result<Option<ErrorEntryView>> {
    let Ok(id) = Uuid::parse_str(id.trim()) else {
        return Ok(None);
    };
    let found = tx.error_by_id(connector, id)?;
    Ok(error_views(tx, found.into_iter().collect())?.pop())
}

/// How many rows the log has of a query, counted up to 1,000.
pub(super) fn count_errors(tx: &Reader<'_>, query: &ErrorQuery) -> Result<u32> {
    Ok(tx.count_errors(query)?.min(COUNTED))
}

fn error_views(tx: &Reader<'_>, rows: Vec<ErrorRow>) -> Result<Vec<ErrorEntryView>> {
    let mut hosts: HashMap<Uuid, String> = HashMap::new();
    rows.into_iter()
        .map(|row| {
            let connector = row.error.connector_id;
            let host = match hosts.entry(connector) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(host_of(tx, connector)?),
            };
            Ok(error_view(row, host))
        })
        .collect()
}

fn error_view(row: ErrorRow, host: &str) -> ErrorEntryView {
    let ErrorRow {
        error,
        code,
        name,
        auth_kind,
        club,
    } = row;
    let sentence = match error.finding {
        Some(finding) => {
            let context = Context {
                name: &name,
                host,
                status: error.status,
                auth: auth_kind,
                retry_after: None,
            };
            describe(finding, &context).title
        }
        None => format!("The pages of the list of {name} do not follow each other"),
    };
    let (org, club) = club.unzip();
    ErrorEntryView {
        id: error.id.to_string(),
        code,
        name,
        at: error.at.0,
        class: error.class,
        // What there is to be done about it is the same: the settings of the list do not fit.
        finding: error.finding.unwrap_or(Finding::NoListAtPath),
        http_status: error.status,
        endpoint: error.endpoint,
        source: error.source,
        org,
        club,
        run_id: error.run_id.map(|id| id.to_string()),
        sentence: format!("{}.", sentence.trim_end_matches('.')),
        cleared_at: error.cleared_at.map(|at| at.0),
    }
}

/// The host of a connector's address.
fn host_of(tx: &Reader<'_>, connector: Uuid) -> Result<String> {
    let Some(record) = tx.connector_by_id(connector)? else {
        return Ok(String::new());
    };
    let settings = settings_of(&record)?;
    let base = Url::parse(&settings.filled(&settings.endpoints.base)).ok();
    let host = base.as_ref().and_then(Url::host_str);
    Ok(host.map_or_else(|| record.name.clone(), str::to_owned))
}

fn place(text: &str) -> Result<(UtcMillis, Uuid)> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((UtcMillis(at.parse().ok()?), id.parse().ok()?))
    };
    read().ok_or_else(|| {
        Error::field(
            "after",
            FieldRule::Unknown,
            "give what the page before said about its next one",
        )
    })
}

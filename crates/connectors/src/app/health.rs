//! How connectors stand: the line of each, out of what attempts, tests and sign-ins have left behind.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::App;
use super::health_filter::fitting;
use super::home::of_day;
use super::record::find;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::health::while_syncing;
use crate::remedy::remedy;
use crate::store::Reader;
use crate::store::connector::ConnectorRecord;
use crate::store::health_row::{DAY, HealthRow, of_today};
use crate::store::rollup::RollupRecord;
use crate::uptime::{Tally, day_of, day_start, hour_of, hour_start};
use crate::view::{
    HealthDetailView, HealthFilter, HealthState, HealthView, ResponsePointView, Status,
};

/// Checks that the page of a connector shows.
const BEATS_SHOWN: u32 = 90;
/// Days that the page of a connector shows.
const DAYS_SHOWN: i64 = 30;

impl App {
    /// The health of all connectors in use that fit a filter, by name.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a code or a club of the filter that is not there: a slip of the pen must not look as
    /// if nothing were wrong.
    pub async fn health_list(&self, filter: HealthFilter) -> Result<Vec<HealthView>> {
        // What has just happened is part of it.
        self.requests_flush().await?;
        let now = self.now();
        let filter = self.within_view(filter)?;
        self.settle_the_hour().await?;
        let app = self.clone();
        self.store()?
            .read(move |tx| app.health_views_now(tx, &filter, now))
            .await
    }

    /// The health of those that fit, with which of them sync now.
    pub(super) fn health_views_now(
        &self,
        tx: &Reader<'_>,
        filter: &HealthFilter,
        now: UtcMillis,
    ) -> Result<Vec<HealthView>> {
        let mut views = health_views(tx, filter, now)?;
        let mut busy = HashSet::new();
        for connector in self.connectors_syncing(tx)? {
            busy.extend(tx.connector_by_id(connector)?.map(|one| one.code));
        }
        for view in views.iter_mut().filter(|view| busy.contains(&view.code)) {
            view.state = while_syncing(view.state);
        }
        Ok(views)
    }

    /// The health of one connector, deleted or not, with what its page shows.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`].
    pub async fn health(&self, code: &str) -> Result<HealthDetailView> {
        self.requests_flush().await?;
        self.settle_the_hour().await?;
        let (code, now) = (code.to_owned(), self.now());
        let app = self.clone();
        self.store()?
            .read(move |tx| {
                let record = find(tx, &code)?;
                let mut health = health_view(tx, &record, now)?;
                if app.connectors_syncing(tx)?.contains(&record.id) {
                    health.state = while_syncing(health.state);
                }
                Ok(HealthDetailView {
                    health,
                    beats: tx.beats(record.id, BEATS_SHOWN)?,
                    hours: hours_of(tx, Some(record.id), now)?,
                    days: days_of(tx, record.id, now)?,
                })
            })
            .await
    }
}

/// The health of one connector.
pub(super) fn health_view(
    tx: &Reader<'_>,
    record: &ConnectorRecord,
    now: UtcMillis,
) -> Result<HealthView> {
    health_of(tx, record.id, now)?.ok_or_else(|| super::no_connector(&record.code))
}

/// The health of a connector that is there.
pub(super) fn health_of(tx: &Reader<'_>, id: Uuid, now: UtcMillis) -> Result<Option<HealthView>> {
    let Some(row) = tx.health_row(id, now)? else {
        return Ok(None);
    };
    let hour = hour_of(now);
    let hours = tx.hours(id, hour - DAY + 1, hour)?;
    Ok(Some(view_of(&row, &hours, now)))
}

/// The health of all connectors in use that fit, by name. A few statements, however many there are.
fn health_views(tx: &Reader<'_>, filter: &HealthFilter, now: UtcMillis) -> Result<Vec<HealthView>> {
    // Who is meant is decided in one place, for bulk acts too.
    let chosen: Option<HashSet<Uuid>> = if *filter == HealthFilter::default() {
        None
    } else {
        let records = fitting(tx, filter)?;
        Some(records.into_iter().map(|record| record.id).collect())
    };
    let mut hours = tx.recent_hours_of_all(now)?;
    Ok(tx
        .health_rows(now)?
        .into_iter()
        .filter(|row| chosen.as_ref().is_none_or(|ids| ids.contains(&row.id)))
        .map(|row| {
            let hours = hours.remove(&row.id).unwrap_or_default();
            view_of(&row, &hours, now)
        })
        .collect())
}

fn view_of(row: &HealthRow, hours: &[RollupRecord], now: UtcMillis) -> HealthView {
    let mut day = Tally::default();
    let mut shares = crate::uptime::Shares::default();
    for hour in hours {
        day.merge(&hour.tally);
        shares.add(hour.tally.share());
    }
    let today = of_today(hours, now);
    let (class, finding) = reason(row).unzip();
    HealthView {
        code: row.code.clone(),
        name: row.name.clone(),
        status: row.status,
        state: row.state,
        since: row.since.map(|at| at.0),
        class,
        finding,
        action: remedy(row.state, class, finding),
        uptime_24h: shares.uptime(),
        uptime_7d: row.week.and(today).uptime(),
        uptime_30d: row.month.and(today).uptime(),
        uptime_1y: row.year.and(today).uptime(),
        error_rate_24h: day.error_rate(),
        p50_ms: day.ms.quantile(50),
        p95_ms: day.ms.quantile(95),
        consecutive_failures: row.consecutive_failures,
        last_success_at: row.last_success_at.map(|at| at.0),
        last_error_at: row.last_error_at.map(|at| at.0),
        last_sync_at: row.last_sync_at.map(|at| at.0),
        last_check_at: row.last_check_at.max(row.last_test_at).map(|at| at.0),
        next_try_at: next_try(row, now).map(|at| at.0),
        expires_at: ends_at(row).map(|at| at.0),
        clubs: row.clubs,
    }
}

/// Why it is in its state, where something is wrong.
fn reason(row: &HealthRow) -> Option<(FailureClass, Finding)> {
    if let (Status::Error, Some((class, finding, _))) = (row.status, row.stop) {
        return Some((class, finding));
    }
    match row.state {
        HealthState::SignInAgain => {
            let finding = row.sign_in.unwrap_or(Finding::SignInNeeded);
            Some((FailureClass::NeedsSignIn, finding))
        }
        HealthState::ActionNeeded
        | HealthState::RateLimited
        | HealthState::WaitingForFederation
        | HealthState::Offline => row.test,
        HealthState::Healthy
        | HealthState::Paused
        | HealthState::NotTested
        | HealthState::WaitingForBrowser
        | HealthState::Held
        | HealthState::Expiring
        | HealthState::Syncing
        | HealthState::NeverSynced => None,
    }
}

fn next_try(row: &HealthRow, now: UtcMillis) -> Option<UtcMillis> {
    match (row.status, row.stop) {
        (Status::Inactive, _) => None,
        // One that a person must mend is not tried by itself, whatever the federation said about its limit.
        (Status::Error, Some((_, _, probe))) => probe,
        (Status::Active | Status::Error, _) => row.paused_until.filter(|until| *until > now),
    }
}

/// When what it proves itself with ends: the token that is not renewed, or the key, on the day that a person wrote.
fn ends_at(row: &HealthRow) -> Option<UtcMillis> {
    let key = row.credentials_end_on.as_deref().and_then(of_day);
    [key, row.token_ends_at].into_iter().flatten().min()
}

/// The last 24 hours of a connector, or of all in use together, an hour each, oldest first.
pub(super) fn hours_of(
    tx: &Reader<'_>,
    connector: Option<Uuid>,
    now: UtcMillis,
) -> Result<Vec<ResponsePointView>> {
    let last = hour_of(now);
    let first = last - DAY + 1;
    let known = match connector {
        Some(id) => tx.hours(id, first, last)?,
        None => tx
            .hours_of_all(first, last)?
            .into_iter()
            .map(|(_, one)| one)
            .collect(),
    };
    Ok(points(known, first, last, hour_start))
}

/// The last 24 hours of these connectors together.
pub(super) fn hours_of_these(
    tx: &Reader<'_>,
    connectors: impl Iterator<Item = Uuid>,
    now: UtcMillis,
) -> Result<Vec<ResponsePointView>> {
    let last = hour_of(now);
    let first = last - DAY + 1;
    let mut known = Vec::new();
    for connector in connectors {
        known.extend(tx.hours(connector, first, last)?);
    }
    Ok(points(known, first, last, hour_start))
}

fn days_of(tx: &Reader<'_>, connector: Uuid, now: UtcMillis) -> Result<Vec<ResponsePointView>> {
    let last = day_of(hour_of(now));
    let first = last - DAYS_SHOWN + 1;
    let known = tx.days(connector, first, last)?;
    Ok(points(known, first, last, day_start))
}

fn points(
    known: Vec<RollupRecord>,
    first: i64,
    last: i64,
    start: impl Fn(i64) -> UtcMillis,
) -> Vec<ResponsePointView> {
    let mut tallies: HashMap<i64, Tally> = HashMap::new();
    for one in known {
        tallies.entry(one.at).or_default().merge(&one.tally);
    }
    (first..=last)
        .map(|at| {
            let tally = tallies.remove(&at).unwrap_or_default();
            ResponsePointView {
                at: start(at).0,
                p50_ms: tally.ms.quantile(50),
                p95_ms: tally.ms.quantile(95),
                attempts: tally.asked(),
                failed: tally.not_answered(),
            }
        })
        .collect()
}

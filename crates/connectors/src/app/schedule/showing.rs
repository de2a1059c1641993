//! Showing when a club, or a connector, runs by itself.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use uuid::Uuid;

use super::{Connector, Effective};
use crate::app::App;
use crate::app::club_record::live;
use crate::app::record::find;
use crate::app::sync::run_view;
use crate::clock::UtcMillis;
use crate::error::{Error, Result};
use crate::store::Reader;
use crate::store::connection_schedule::ScheduleRecord;
use crate::store::sync_run::RunState;
use crate::sync::schedule::{NextRun, delay_minutes};
use crate::view::{ClubScheduleView, MissedQuestionView, NextRunView, PlanWaits, ScheduleView};

/// Runs that are shown.
const SHOWN: usize = 5;

impl App {
    /// When a club runs by itself; without a club, when those of a connector do that have no times of their own.
    pub async fn schedule_show(&self, code: &str, org: Option<&str>) -> Result<ScheduleView> {
        if let Some(org) = org {
            self.see_club(org)?;
        }
        let (code, org) = (code.to_owned(), org.map(|org| org.trim().to_owned()));
        let now = self.now();
        self.store()?
            .read(move |tx| match &org {
                Some(org) => of_club(tx, &code, org, now),
                None => of_connector(tx, &code, now),
            })
            .await
    }
}

/// How clubs of a list run by themselves. A connector is read once, however many of its clubs are in the list.
pub(in crate::app) struct ClubSchedules {
    now: UtcMillis,
    connectors: HashMap<Uuid, Connector>,
}

impl ClubSchedules {
    /// As of a moment.
    pub(in crate::app) fn new(now: UtcMillis) -> Self {
        Self {
            now,
            connectors: HashMap::new(),
        }
    }

    /// Of a live connection.
    pub(in crate::app) fn of(
        &mut self,
        tx: &Reader<'_>,
        connector: Uuid,
        connection: Uuid,
    ) -> Result<ClubScheduleView> {
        let connector = match self.connectors.entry(connector) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let record = tx.connector_by_id(connector)?;
                let record = record.ok_or(Error::Internal {
                    doing: "find the connector of a club",
                    source: None,
                })?;
                free.insert(Connector::read(tx, record, self.now)?)
            }
        };
        let kept = tx.schedule_of(connection)?;
        let schedule = connector.effective(&kept).of_connection(connection);
        Ok(ClubScheduleView {
            by_file: connector.settings.is_by_file(),
            next_at: schedule
                .and_then(|schedule| schedule.next_after(self.now))
                .map(|at| at.0),
            retry_at: kept.retry_at.map(|at| at.0),
            gave_up_at: kept.gave_up_at.map(|at| at.0),
            question: question(&kept),
            waits: waits(tx, connection)?,
        })
    }
}

/// Whether a plan waits. A newer run replaces it, so that there is one at most.
fn waits(tx: &Reader<'_>, connection: Uuid) -> Result<Option<PlanWaits>> {
    for (state, waits) in [
        (RunState::Held, PlanWaits::Held),
        (RunState::Planned, PlanWaits::Ready),
    ] {
        if !tx.runs_in_of(state, connection)?.is_empty() {
            return Ok(Some(waits));
        }
    }
    Ok(None)
}

fn question(kept: &ScheduleRecord) -> Option<MissedQuestionView> {
    kept.asks_at.map(|at| MissedQuestionView {
        at: at.0,
        missed: kept.asks_missed,
    })
}

fn of_connector(tx: &Reader<'_>, code: &str, now: UtcMillis) -> Result<ScheduleView> {
    let connector = Connector::read(tx, find(tx, code)?, now)?;
    let mut kept = Vec::new();
    for connection in tx.live_connections(connector.record.id)? {
        kept.push(tx.schedule_of(connection.id)?);
    }
    let first = kept.first().cloned().unwrap_or_default();
    let effective = connector.own();
    let mut view = base(&connector, &effective);
    view.policy = kept
        .iter()
        .all(|one| one.policy == first.policy)
        .then_some(first.policy);
    view.missed = kept
        .iter()
        .all(|one| one.missed == first.missed)
        .then_some(first.missed);
    if let Some(schedule) = effective.schedule() {
        view.next = schedule
            .next_runs(now, SHOWN)
            .into_iter()
            .map(next)
            .collect();
    }
    Ok(view)
}

fn of_club(tx: &Reader<'_>, code: &str, org: &str, now: UtcMillis) -> Result<ScheduleView> {
    let (record, club, connection) = live(tx, code, org)?;
    let connector = Connector::read(tx, record, now)?;
    let kept: ScheduleRecord = tx.schedule_of(connection.id)?;
    let effective = connector.effective(&kept);
    let mut view = base(&connector, &effective);
    view.org = Some(club.own_id);
    view.name = club.name;
    view.inherited = effective.inherited;
    view.policy = Some(kept.policy);
    view.missed = Some(kept.missed);
    view.delay_minutes = delay_minutes(connection.id);
    if let Some(schedule) = effective.of_connection(connection.id) {
        view.next = schedule
            .next_runs(now, SHOWN)
            .into_iter()
            .map(next)
            .collect();
    }
    view.last_run = tx.runs(connection.id, 1)?.first().map(run_view);
    for state in [RunState::Planned, RunState::Held] {
        if let Some(run) = tx.runs_in_of(state, connection.id)?.last() {
            view.waits = Some(run_view(run));
        }
    }
    view.retry_at = kept.retry_at.map(|at| at.0);
    view.retry_count = kept.retry_count;
    view.gave_up_at = kept.gave_up_at.map(|at| at.0);
    view.question = question(&kept);
    view.held_by_undo = kept.held_by_undo.is_some();
    Ok(view)
}

fn base(connector: &Connector, effective: &Effective) -> ScheduleView {
    ScheduleView {
        code: connector.record.code.clone(),
        org: None,
        name: connector.record.name.clone(),
        state: effective.state,
        schedule: effective.schedule.clone(),
        time_zone: effective.time_zone.clone(),
        inherited: false,
        policy: None,
        missed: None,
        delay_minutes: 0,
        next: Vec::new(),
        last_run: None,
        waits: None,
        retry_at: None,
        retry_count: 0,
        gave_up_at: None,
        question: None,
        held_by_undo: false,
    }
}

pub(super) fn next(run: NextRun) -> NextRunView {
    NextRunView {
        at: run.at.0,
        utc: run.at.to_rfc3339(),
        local: run.local.to_string(),
        weekday: run.local.weekday().to_monday_one_offset().unsigned_abs(),
        offset_minutes: run.offset_minutes,
        days_from_now: run.days_from_now,
        clock_change: run.clock_change,
    }
}

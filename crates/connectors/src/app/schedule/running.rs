//! Doing what is due: every connection once, at most five at a time, and by one process at a time.

use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Connector;
use super::looking::{Ask, clear, look};
use crate::api::circuit::Permit;
use crate::app::App;
use crate::app::pausing::lists_rest_until;
use crate::audit::Actor;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::store::Reader;
use crate::store::club_connection::ClubConnectionRecord;
use crate::store::connection_schedule::ScheduleRecord;
use crate::sync::counts::Counts;
use crate::sync::retry_run::{self, RetryRun};
use crate::sync::safe::is_safe;
use crate::view::{
    AskedBy, DueOutcome, DueOutcomeView, PlanCountsView, RunState, RunView, SchedulePolicy,
};

/// Clubs at once.
const TOGETHER: usize = 5;
const LEASE: &str = "scheduler";

/// A connection whose schedule asks for something.
struct Asking {
    connection: Uuid,
    policy: SchedulePolicy,
    held_by_undo: bool,
    ask: Ask,
    view: DueOutcomeView,
}

impl App {
    /// Does what schedules ask for now, and tells what became of each. `told` hears of each as it ends. What a clock or
    /// a schedule says is kept as handled before anything is done, so that nothing is done twice.
    ///
    /// # Errors
    /// [`Code::ChangedMeanwhile`] where another process, or another call, is doing it.
    pub async fn sync_run_due(
        &self,
        told: impl Fn(&DueOutcomeView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<DueOutcomeView>> {
        // Whoever looks at the schedules: what they do is done by them.
        let app = self.acting_as(Actor::Schedule);
        app.run_due(told, cancel).await
    }

    async fn run_due(
        &self,
        told: impl Fn(&DueOutcomeView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<DueOutcomeView>> {
        let Ok(_turn) = self.inner.scheduling.try_lock() else {
            return Err(another());
        };
        let (owner, store, now) = (self.owner()?, self.store()?, self.now());
        let rests = store.read(move |tx| lists_rest_until(tx, now)).await?;
        if rests.is_some() {
            return Ok(Vec::new());
        }
        let app = self.clone();
        let (lease, asking) = store
            .write(move |tx| {
                // Our own is left over from a call that could not give it back: there is one call at a time.
                let alive = |other: Uuid| other != owner && app.is_alive(other);
                let Some(lease) = tx.take_lease(LEASE, owner, now, alive)? else {
                    return Err(another());
                };
                let mut asking = Vec::new();
                walk(tx, now, |connector, connection, before| {
                    let (kept, ask) = look(connector, connection, before, now);
                    if kept != *before {
                        tx.put_schedule(connection.id, &kept)?;
                    }
                    if !matches!(ask, Ask::Nothing(_)) {
                        asking.push(asks(tx, connector, connection, &kept, ask)?);
                    }
                    Ok(ask)
                })?;
                Ok((lease, asking))
            })
            .await?;
        let outcomes: Vec<DueOutcomeView> = stream::iter(asking)
            .map(|one| self.answer_due(one, &cancel))
            .buffer_unordered(TOGETHER)
            .inspect(|one| told(one))
            .collect()
            .await;
        store.write(move |tx| tx.release_lease(&lease)).await?;
        let failed = outcomes.iter().filter(|one| one.error.is_some()).count();
        tracing::info!(clubs = outcomes.len(), failed, "schedules were looked at");
        Ok(outcomes)
    }

    /// When a schedule asks for something next; none where none will. A moment that is past is due now.
    pub async fn schedule_next(&self) -> Result<Option<UtcMillis>> {
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let mut next: Option<UtcMillis> = None;
                walk(tx, now, |connector, connection, before| {
                    let (_, ask) = look(connector, connection, before, now);
                    let at = match ask {
                        Ask::Nothing(at) | Ask::Stopped(at) => at,
                        Ask::Run { .. } | Ask::Skip(_) | Ask::Question(_) => Some(now),
                    };
                    next = [next, at].into_iter().flatten().min();
                    Ok(ask)
                })?;
                // What comes due while it rests is due at the end of that.
                Ok(next.max(next.and(lists_rest_until(tx, now)?)))
            })
            .await
    }

    async fn answer_due(&self, one: Asking, cancel: &CancellationToken) -> DueOutcomeView {
        let Ask::Run { retries, .. } = one.ask else {
            return one.view;
        };
        let (code, org) = (one.view.code.clone(), one.view.org.clone());
        let made = self
            .sync_preview(&code, &org, AskedBy::Schedule, |_| {}, cancel.clone())
            .await
            .and_then(made);
        let mut view = one.view;
        let end = match made {
            Ok(plan) => {
                view.run_id = Some(plan.run_id.clone());
                view.counts = Some(plan.counts);
                view.outcome = DueOutcome::Waits;
                let safe = is_safe(&counts(&plan.counts), plan.state != RunState::Planned);
                // A plan that a person has asked for meanwhile is hers to apply.
                let ours = plan.asked_by == AskedBy::Schedule;
                if one.policy == SchedulePolicy::ApplySafe && safe && ours && !one.held_by_undo {
                    match self.sync_apply(&plan.run_id, &[]).await {
                        Ok(_) => view.outcome = DueOutcome::Applied,
                        Err(error) => tell_why(&mut view, &error),
                    }
                }
                None
            }
            Err(error) => {
                tell_why(&mut view, &error);
                view.outcome = match error.code() {
                    Code::Cancelled => DueOutcome::Cancelled,
                    _ => DueOutcome::Failed,
                };
                Some(retry_run::next(error.code(), retries, self.now()))
            }
        };
        match self.end_due(one.connection, end).await {
            Ok(retry_at) => view.retry_at = retry_at.map(|at| at.0),
            Err(error) => {
                tracing::warn!(code = ?error.code(), "the end of a scheduled run could not be recorded");
            }
        }
        view
    }

    /// Keeps how a scheduled run ended: none is well.
    async fn end_due(&self, connection: Uuid, end: Option<RetryRun>) -> Result<Option<UtcMillis>> {
        let now = self.now();
        self.store()?
            .write(move |tx| {
                let mut kept = tx.schedule_of(connection)?;
                clear(&mut kept);
                match end {
                    Some(RetryRun::At { at, count }) => {
                        kept.retry_at = Some(at);
                        kept.retry_count = count;
                    }
                    Some(RetryRun::GivenUp) => kept.gave_up_at = Some(now),
                    Some(RetryRun::Never) | None => {}
                }
                tx.put_schedule(connection, &kept)?;
                Ok(kept.retry_at)
            })
            .await
    }
}

/// Every live connection of connectors that are in use. Where a stopped connector may be probed, one connection does it:
/// the others find it still stopped.
fn walk(
    tx: &Reader<'_>,
    now: UtcMillis,
    mut each: impl FnMut(&Connector, &ClubConnectionRecord, &ScheduleRecord) -> Result<Ask>,
) -> Result<()> {
    for record in tx.connectors_in_full()? {
        let mut connector = Connector::read(tx, record, now)?;
        for connection in tx.live_connections(connector.record.id)? {
            let before = tx.schedule_of(connection.id)?;
            let ask = each(&connector, &connection, &before)?;
            if connector.permit == Permit::Probe
                && matches!(ask, Ask::Run { .. })
                && let Some(class) = stopped_by(tx, connector.record.id)?
            {
                connector.permit = Permit::No { class, until: None };
            }
        }
    }
    Ok(())
}

fn stopped_by(tx: &Reader<'_>, connector: Uuid) -> Result<Option<crate::failure::FailureClass>> {
    Ok(tx.stop(connector)?.map(|stop| stop.class))
}

fn asks(
    tx: &Reader<'_>,
    connector: &Connector,
    connection: &ClubConnectionRecord,
    kept: &ScheduleRecord,
    ask: Ask,
) -> Result<Asking> {
    let club = tx.club_by_id(connection.organisation_id)?;
    let (org, name) = club.map_or_else(Default::default, |club| (club.own_id, club.name));
    let (outcome, missed) = match ask {
        Ask::Skip(missed) => (DueOutcome::Skipped, missed),
        Ask::Question(missed) => (DueOutcome::Asked, missed),
        Ask::Stopped(_) => (DueOutcome::Stopped, 0),
        Ask::Run { missed, .. } => (DueOutcome::Waits, missed),
        Ask::Nothing(_) => (DueOutcome::Waits, 0),
    };
    Ok(Asking {
        connection: connection.id,
        policy: kept.policy,
        held_by_undo: kept.held_by_undo.is_some(),
        ask,
        view: DueOutcomeView {
            code: connector.record.code.clone(),
            org,
            name,
            outcome,
            missed,
            run_id: None,
            counts: None,
            retry_at: None,
            error: None,
            message: None,
        },
    })
}

/// A run that was joined tells of its failure in its state.
fn made(run: RunView) -> Result<RunView> {
    let code = match run.state {
        RunState::Planned | RunState::Held => return Ok(run),
        RunState::Cancelled => Code::Cancelled,
        RunState::Failed => run.class.map_or(Code::Internal, Code::from),
        _ => Code::ChangedMeanwhile,
    };
    let message = run
        .message
        .unwrap_or_else(|| "another run of this club ended without a plan".to_owned());
    Err(Error::refused(code, message))
}

fn counts(view: &PlanCountsView) -> Counts {
    Counts {
        creates: view.creates,
        updates: view.updates,
        unchanged: view.unchanged,
        conflicts: view.conflicts,
        leavers: view.leavers,
        problems: view.problems,
    }
}

fn tell_why(view: &mut DueOutcomeView, error: &Error) {
    view.error = Some(error.code());
    view.message = Some(error.to_string());
}

fn another() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "another process runs the schedule; what is due is being done",
    )
}

//! The books of a connector in the file: [`Ledger`] as the client wants it. Deciding is done by `api/limiter.rs`
//! and `api/circuit.rs`; here it is read, decided and written in one transaction, because other processes do the same.

use std::sync::{Arc, Mutex, Weak};

use uuid::Uuid;

use super::act::Act;
use super::error_log::note_request;
use super::standing::{settle_state, word_of};
use super::{App, Inner, lock};
use crate::api::circuit::{self, Caller, Circuit, Outcome, Permit, Probe, Stopped};
use crate::api::ledger::{Ask, Attempt, Barred, Ended, Ledger, LimitNews, Reserved, Slot, Working};
use crate::api::limiter::{WINDOW_MS, next_times};
use crate::api::retry::LONGEST_WAIT_MS;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::{FailureClass, Finding};
use crate::store::connector::ConnectorRecord;
use crate::store::rate::RateRecord;
use crate::store::stop::{Reckoning, StopRecord};
use crate::store::{Reader, Writer};
use crate::view::{EventKind, HealthState, Status};

/// The books of one connector, for all its clients in this process.
pub(super) struct Books {
    /// Weak: the app keeps the clients.
    app: Weak<Inner>,
    connector: Uuid,
    name: String,
    /// Requests in a minute, by the settings.
    ours: u32,
    /// How it stood when it was last looked at.
    standing: Mutex<Standing>,
}

/// How a connector stands, as far as it decides about requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    status: Status,
    deleted: bool,
    circuit: Circuit,
    /// What was seen when it was stopped.
    finding: Option<Finding>,
}

impl Standing {
    pub(super) fn read(tx: &Reader<'_>, record: &ConnectorRecord) -> Result<Self> {
        let stop = match record.status {
            // A row from before somebody resumed it says nothing.
            Status::Active | Status::Inactive => None,
            Status::Error => tx.stop(record.id)?,
        };
        Ok(Self {
            status: record.status,
            deleted: record.deleted_at.is_some(),
            circuit: Circuit {
                failures: record.consecutive_failures,
                stopped: stop.map(|stop| Stopped {
                    class: stop.class,
                    since: stop.since,
                    probe: stop.probe.map(|(at, every_ms)| Probe { at, every_ms }),
                }),
            },
            finding: stop.map(|stop| stop.finding),
        })
    }

    /// Whether a schedule may ask.
    pub(super) fn permits_schedule(&self, now: UtcMillis) -> Permit {
        circuit::permit(&self.circuit, Caller::Schedule, now)
    }

    fn is_well(&self) -> bool {
        self.status == Status::Active && self.circuit == Circuit::default()
    }
}

impl Books {
    pub(super) fn new(app: &App, record: &ConnectorRecord, ours: u32, standing: Standing) -> Self {
        Self {
            app: Arc::downgrade(&app.inner),
            connector: record.id,
            name: record.name.clone(),
            ours,
            standing: Mutex::new(standing),
        }
    }

    fn app(&self) -> Option<App> {
        self.app.upgrade().map(App::by_itself)
    }

    fn barred(&self, standing: &Standing, class: FailureClass, until: Option<UtcMillis>) -> Barred {
        let name = &self.name;
        let message = match (class, until) {
            (FailureClass::Cancelled, _) => format!("{name} is paused. Resume it first."),
            (_, Some(_)) => format!(
                "{name} was stopped after {} failures in a row. It is tried again by itself.",
                standing.circuit.failures
            ),
            (_, None) => format!(
                "{name} was stopped after {} failures in a row. Test the connection to see what is \
                 wrong; a good test starts it again.",
                standing.circuit.failures
            ),
        };
        Barred {
            class,
            finding: match class {
                FailureClass::Cancelled => Finding::Cancelled,
                _ => standing.finding.unwrap_or(Finding::Internal),
            },
            retry_at: until,
            message,
        }
    }

    async fn may_send(&self, caller: Caller) -> std::result::Result<bool, Barred> {
        let Some(app) = self.app() else {
            return Err(locked());
        };
        let Ok(opened) = app.opened() else {
            return Err(locked());
        };
        let known = *lock(&self.standing);
        if known.is_well() && !known.deleted {
            return Ok(false);
        }
        // Another process, or a person, may have changed it meanwhile; and a probe must be taken by one only.
        let (connector, now) = (self.connector, app.now());
        let looked = opened
            .store
            .write(move |tx| {
                let Some(record) = tx.connector_by_id(connector)? else {
                    return Ok(None);
                };
                let mut standing = Standing::read(tx, &record)?;
                let permit = circuit::permit(&standing.circuit, caller, now);
                if permit == Permit::Probe && standing.status == Status::Error {
                    standing.circuit = circuit::taken(&standing.circuit, now);
                    put_stop(tx, connector, &standing)?;
                }
                Ok(Some((standing, permit)))
            })
            .await;
        let Ok(Some((standing, permit))) = looked else {
            return Err(locked());
        };
        *lock(&self.standing) = standing;
        let paused = standing.status == Status::Inactive || standing.deleted;
        match permit {
            _ if paused && caller != Caller::Test => {
                Err(self.barred(&standing, FailureClass::Cancelled, None))
            }
            Permit::Yes => Ok(false),
            Permit::Probe => Ok(true),
            Permit::No { class, until } => Err(self.barred(&standing, class, until)),
        }
    }

    async fn take_times(&self, ask: Ask) -> std::result::Result<Reserved, Finding> {
        let app = self.app().ok_or(Finding::Internal)?;
        let store = app.store().map_err(|_| Finding::Internal)?;
        let (connector, ours) = (self.connector, self.ours);
        let clock = Arc::clone(&app.inner.clock);
        let taken = store
            .write(move |tx| {
                // The moment is read inside: whoever waited for the file must not be given times of before.
                let now = clock.now();
                let reserved = take_times(tx, connector, ours, &ask, now)?;
                let standing = tx
                    .connector_by_id(connector)?
                    .map(|record| Standing::read(tx, &record))
                    .transpose()?;
                Ok((reserved, standing))
            })
            .await;
        match taken {
            Ok((reserved, standing)) => {
                if let Some(standing) = standing {
                    *lock(&self.standing) = standing;
                }
                Ok(reserved)
            }
            Err(error) => {
                tracing::warn!(code = ?error.code(), "no time for a request could be reserved");
                Err(Finding::Internal)
            }
        }
    }

    async fn keep_news(&self, news: LimitNews) {
        let Some(app) = self.app() else { return };
        let Ok(store) = app.store() else { return };
        let (connector, now) = (self.connector, app.now());
        let kept = store
            .write(move |tx| {
                let mut rate = tx.rate(connector)?.unwrap_or(RateRecord {
                    touched_at: now,
                    told_limit: None,
                    paused_until: None,
                });
                rate.told_limit = news.per_minute.or(rate.told_limit);
                if let Some(ms) = news.pause_ms {
                    let until = later(now, ms);
                    rate.paused_until = rate.paused_until.max(Some(until));
                }
                if tx.connector_by_id(connector)?.is_some() {
                    tx.put_rate(connector, &rate)?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(code = ?error.code(), "what was learnt about a limit could not be kept");
        }
    }

    async fn reckon(&self, outcome: Outcome, ended: Ended) {
        let Some(app) = self.app() else { return };
        let known = *lock(&self.standing);
        let now = app.now();
        match outcome {
            Outcome::Succeeded if known.is_well() => {
                app.note_success(self.connector, now);
                return;
            }
            // This computer's own: it is nobody's failure.
            Outcome::Failed { class, .. } if !circuit::counts(class, false) => return,
            Outcome::Failed {
                class, one_club, ..
            } => {
                if circuit::counts(class, one_club) {
                    app.forget_success(self.connector);
                }
            }
            Outcome::Succeeded => {}
        }
        let Ok(store) = app.store() else { return };
        let (connector, act) = (self.connector, app.act());
        let reckoned = store
            .write(move |tx| {
                let Some(record) = tx.connector_by_id(connector)? else {
                    return Ok(None);
                };
                if matches!(outcome, Outcome::Failed { .. }) {
                    note_request(tx, &act, &record, outcome, &ended)?;
                }
                reckon(tx, &record, outcome, ended.finding, &act).map(Some)
            })
            .await;
        match reckoned {
            Ok(Some(standing)) => *lock(&self.standing) = standing,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(code = ?error.code(), "the end of a request could not be recorded");
            }
        }
    }
}

impl Ledger for Books {
    fn permit(&self, caller: Caller) -> Working<'_, std::result::Result<bool, Barred>> {
        Box::pin(self.may_send(caller))
    }

    fn reserve(&self, ask: Ask) -> Working<'_, std::result::Result<Reserved, Finding>> {
        Box::pin(self.take_times(ask))
    }

    fn learn(&self, news: LimitNews) -> Working<'_, ()> {
        Box::pin(self.keep_news(news))
    }

    fn note(&self, attempt: Attempt) {
        if let Some(app) = self.app() {
            app.note_attempt(self.connector, attempt);
        }
    }

    fn conclude(&self, outcome: Outcome, ended: Ended) -> Working<'_, ()> {
        Box::pin(self.reckon(outcome, ended))
    }
}

/// Reserves send times within a transaction.
fn take_times(
    tx: &Writer<'_>,
    connector: Uuid,
    ours: u32,
    ask: &Ask,
    now: UtcMillis,
) -> Result<Reserved> {
    let mut rate = tx.rate(connector)?.unwrap_or(RateRecord {
        touched_at: now,
        told_limit: None,
        paused_until: None,
    });
    tx.delete_slots(connector, &ask.returned)?;
    let jump = jump(&rate, ask, now);
    if jump != 0 {
        tx.shift_slots(connector, jump)?;
        rate.paused_until = rate
            .paused_until
            .map(|until| UtcMillis(until.0.saturating_add(jump)));
    }
    rate.touched_at = now;
    rate.paused_until = rate.paused_until.filter(|until| *until > now);
    tx.put_rate(connector, &rate)?;
    if let Some(until) = rate.paused_until
        && until > later(now, LONGEST_WAIT_MS)
    {
        return Ok(Reserved {
            slots: Vec::new(),
            paused_until: Some(until),
        });
    }
    let limit = limit_of(ours, &rate);
    let taken = tx.newest_slots(connector, limit)?;
    let wanted = UtcMillis(now.0.saturating_add(ask.lead_ms));
    let earliest = rate.paused_until.map_or(wanted, |until| until.max(wanted));
    let times = next_times(&taken, limit, ask.count, earliest);
    let ids = tx.insert_slots(connector, &times)?;
    tx.forget_slots(connector, UtcMillis(now.0.saturating_sub(2 * WINDOW_MS)))?;
    Ok(Reserved {
        slots: ids
            .into_iter()
            .zip(times)
            .map(|(id, at)| Slot { id, at })
            .collect(),
        paused_until: None,
    })
}

/// How far what is recorded must move because the clock was set, in milliseconds. Set back: the ledger was looked at
/// in what is now the future, and whoever has seen by how much says so. Set forward: whoever asks has seen it. Both
/// only as long as nobody else has looked since, or it would move twice.
fn jump(rate: &RateRecord, ask: &Ask, now: UtcMillis) -> i64 {
    const SMALL_MS: i64 = 1_000;
    let ahead = rate.touched_at.0.saturating_sub(now.0);
    if ahead > SMALL_MS {
        // At the least it was just looked at; with what is known of the jump it was looked at that long ago.
        return ask.set_by_ms.min(-ahead);
    }
    let before = now.0.saturating_sub(ask.set_by_ms);
    if ask.set_by_ms > 0 && rate.touched_at.0 <= before.saturating_add(SMALL_MS) {
        ask.set_by_ms
    } else {
        0
    }
}

/// Requests in a minute: ours, or the federation's where that is lower.
pub(super) fn limit_of(ours: u32, rate: &RateRecord) -> u32 {
    rate.told_limit.map_or(ours, |told| told.min(ours)).max(1)
}

/// Writes what a request has done to its connector.
fn reckon(
    tx: &Writer<'_>,
    record: &ConnectorRecord,
    outcome: Outcome,
    finding: Option<Finding>,
    act: &Act,
) -> Result<Standing> {
    let mut standing = Standing::read(tx, record)?;
    if standing.deleted || standing.status == Status::Inactive {
        // Paused: only a test is answered, and it keeps its own report.
        return Ok(standing);
    }
    let before = standing;
    standing.circuit = circuit::after(outcome, &standing.circuit, act.now);
    standing.status = match standing.circuit.stopped {
        Some(_) => Status::Error,
        None => Status::Active,
    };
    standing.finding = standing.circuit.stopped.and(finding).or(before.finding);
    let failed = match outcome {
        Outcome::Succeeded => false,
        // One club's own failure is none of the connector.
        Outcome::Failed {
            class, one_club, ..
        } if !circuit::counts(class, one_club) => return Ok(before),
        Outcome::Failed { .. } => true,
    };
    tx.reckon(
        record.id,
        &Reckoning {
            status: standing.status,
            failures: standing.circuit.failures,
            success_at: (!failed).then_some(act.now),
            error_at: failed.then_some(act.now),
        },
    )?;
    match (before.circuit.stopped, standing.circuit.stopped) {
        (None, Some(_)) => {
            put_stop(tx, record.id, &standing)?;
            let word = standing.finding.map(word_of);
            act.note(tx, record.id, EventKind::Stopped, word)?;
            settle_state(tx, record.id)?;
        }
        (Some(was), Some(is)) => {
            put_stop(tx, record.id, &standing)?;
            if was.class != is.class {
                let word = standing.finding.map(word_of);
                act.note(tx, record.id, EventKind::Stopped, word)?;
                settle_state(tx, record.id)?;
            }
        }
        (Some(_), None) => {
            tx.delete_stop(record.id)?;
            act.note(tx, record.id, EventKind::Recovered, None)?;
            settle_state(tx, record.id)?;
        }
        (None, None) if !failed => settle_waiting(tx, record)?,
        (None, None) => {}
    }
    Ok(standing)
}

/// A success that was noted a moment ago. A failure that came after it is not undone.
pub(super) fn late_success(
    tx: &Writer<'_>,
    connector: Uuid,
    at: UtcMillis,
    act: &Act,
) -> Result<()> {
    let Some(record) = tx.connector_by_id(connector)? else {
        return Ok(());
    };
    let standing = Standing::read(tx, &record)?;
    let undone = record.last_error_at.is_some_and(|error| error > at);
    if !undone && !standing.is_well() && standing.status != Status::Inactive {
        return reckon(tx, &record, Outcome::Succeeded, None, act).map(|_| ());
    }
    tx.reckon(
        connector,
        &Reckoning {
            status: record.status,
            failures: record.consecutive_failures,
            success_at: Some(at),
            error_at: None,
        },
    )?;
    settle_waiting(tx, &record)
}

/// What a test has met may be over with an answer, and an answer proves what was never tested: nobody else would say so where
/// checks are off.
fn settle_waiting(tx: &Writer<'_>, record: &ConnectorRecord) -> Result<()> {
    match record.state {
        HealthState::RateLimited
        | HealthState::WaitingForFederation
        | HealthState::Offline
        | HealthState::NotTested => settle_state(tx, record.id),
        _ => Ok(()),
    }
}

/// A person has tested it well or has resumed it: it runs again.
pub(super) fn start_again(tx: &Writer<'_>, record: &mut ConnectorRecord, act: &Act) -> Result<()> {
    record.consecutive_failures = 0;
    if record.status == Status::Error {
        record.status = Status::Active;
        tx.delete_stop(record.id)?;
        act.note(tx, record.id, EventKind::Recovered, None)?;
    }
    Ok(())
}

fn put_stop(tx: &Writer<'_>, connector: Uuid, standing: &Standing) -> Result<()> {
    let Some(stopped) = standing.circuit.stopped else {
        return Ok(());
    };
    tx.put_stop(
        connector,
        &StopRecord {
            class: stopped.class,
            finding: standing.finding.unwrap_or(Finding::Internal),
            since: stopped.since,
            probe: stopped.probe.map(|probe| (probe.at, probe.every_ms)),
        },
    )
}

fn locked() -> Barred {
    Barred {
        class: FailureClass::Locked,
        finding: Finding::Internal,
        retry_at: None,
        message: "The file is locked. Unlock it first.".to_owned(),
    }
}

fn later(now: UtcMillis, ms: u64) -> UtcMillis {
    UtcMillis(now.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)))
}

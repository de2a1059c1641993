//! Doing what is due: each connector once for its turn, by one process at a time. What is looked at is kept as handled before
//! anybody is asked; where this computer turns out to have no network, its turn is still to come.

use std::collections::HashMap;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::choosing::{Known, checked, known, turn_of};
use super::through::Through;
use super::{Checked, Ways, network};
use crate::api::circuit::Caller;
use crate::app::App;
use crate::app::health::health_view;
use crate::app::pausing::paused_until;
use crate::app::{lock, standing::settle_state};
use crate::audit::Actor;
use crate::checks::network::is_over;
use crate::checks::slot::{Awake, Turn};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::store::Writer;
use crate::store::lease::Lease;
use crate::view::{BeatOutcome, HealthView, Status};

const LEASE: &str = "checks";

/// What one look has found.
struct Due {
    lease: Lease,
    /// Who must be asked, by name.
    ask: Vec<Checked>,
    /// Those whom traffic has proved, as they stand now.
    proved: Vec<HealthView>,
    /// When those were handled before who are handled now.
    before: HashMap<Uuid, Option<UtcMillis>>,
}

impl App {
    /// When a connector is checked next; none where none will be. A moment that is past is due now. Whoever calls it again and
    /// again is taken to be there; who stays away for 20 minutes has slept.
    ///
    /// # Errors
    /// [`Code::Locked`].
    pub async fn check_next(&self) -> Result<Option<UtcMillis>> {
        let now = self.now();
        let (rows, every, trouble, paused) = self
            .store()?
            .read(move |tx| {
                Ok((
                    tx.checked_connectors()?,
                    super::setting::every(tx)?,
                    tx.network_trouble()?,
                    paused_until(tx, now)?,
                ))
            })
            .await?;
        let awake = self.awake(now, rows.len());
        let next = rows
            .iter()
            .filter_map(|row| turn_of(row, every, awake, now))
            .map(|turn| match turn {
                Turn::Now => now,
                Turn::At(at) => at,
            })
            .min();
        let next = match trouble {
            Some(trouble) if !is_over(&trouble, now) => next.map(|_| trouble.again_at),
            Some(_) => next.map(|_| now),
            None => next,
        };
        // What comes due while a person has paused it is due at the end of that.
        Ok(next.max(next.and(paused)))
    }

    /// Checks the connectors whose turn it is, and says how each of them stands afterwards. `told` hears of each as it ends.
    /// After a sleep, and after the network was gone, those that were missed are spread over the next minutes: for whoever
    /// stays and calls again at [`App::check_next`].
    ///
    /// # Errors
    /// [`Code::ChangedMeanwhile`] where another process, or another call, is doing it.
    pub async fn check_run_due(
        &self,
        told: impl Fn(&HealthView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<HealthView>> {
        self.run_checks(&network, true, told, cancel).await
    }

    /// As [`App::check_run_due`], for a timer that calls once and goes: all that was missed is done at once, five at a time.
    ///
    /// # Errors
    /// As there.
    pub async fn check_run_due_once(
        &self,
        told: impl Fn(&HealthView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<HealthView>> {
        self.run_checks(&network, false, told, cancel).await
    }

    /// As [`App::check_run_due`], with other ways out than the network: federations in memory.
    ///
    /// # Errors
    /// As there.
    pub async fn check_run_due_over(
        &self,
        ways: &Ways,
        told: impl Fn(&HealthView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<HealthView>> {
        self.run_checks(ways, true, told, cancel).await
    }

    async fn run_checks(
        &self,
        ways: &Ways,
        stays: bool,
        told: impl Fn(&HealthView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<HealthView>> {
        let app = self.acting_as(Actor::Schedule);
        let Ok(_turn) = self.inner.checking.turn.try_lock() else {
            return Err(another());
        };
        if app.paused_until().await?.is_some() {
            return Ok(Vec::new());
        }
        // What traffic has proved a moment ago counts.
        app.requests_flush().await?;
        let mut due = app.take_due(stays).await?;
        for health in &due.proved {
            told(health);
        }
        let by = Through {
            caller: Caller::Schedule,
            ways,
            cancel: &cancel,
            calmly: stays,
        };
        let tell = |done: &super::Done| {
            if let Some(health) = &done.health {
                told(health);
            }
        };
        let asked = app
            .go_through(std::mem::take(&mut due.ask), &by, tell)
            .await;
        let mut outcomes = due.proved;
        let mut later: Vec<(Uuid, Option<UtcMillis>)> = Vec::new();
        match &asked {
            Ok(done) => later.extend(
                done.iter()
                    .filter(|one| one.how.is_due_still())
                    .filter_map(|one| Some((one.id, *due.before.get(&one.id)?))),
            ),
            Err(_) => later.extend(due.before),
        }
        let waits = later.len();
        let lease = due.lease;
        app.store()?
            .write(move |tx| {
                for (connector, handled) in later {
                    tx.put_check_handled(connector, handled)?;
                }
                tx.release_lease(&lease)
            })
            .await?;
        let back = app
            .store()?
            .read(|tx| tx.network_trouble())
            .await?
            .is_none();
        if waits > 0 && back && stays && !cancel.is_cancelled() {
            // The network has just come back: as after a sleep.
            let now = self.now();
            let awake = Awake::after(None, now, waits);
            *lock(&self.inner.checking.awake) = Some((awake, now));
        }
        outcomes.extend(asked?.into_iter().filter_map(|one| one.health));
        Ok(outcomes)
    }

    /// Since when this process has been looking.
    fn awake(&self, now: UtcMillis, connectors: usize) -> Awake {
        let mut kept = lock(&self.inner.checking.awake);
        let awake = Awake::after(*kept, now, connectors);
        *kept = Some((awake, now));
        awake
    }

    /// Takes what is due, so that nobody else does.
    async fn take_due(&self, stays: bool) -> Result<Due> {
        let (owner, now) = (self.owner()?, self.now());
        let rows = self
            .store()?
            .read(|tx| tx.checked_connectors())
            .await?
            .len();
        let awake = if stays {
            self.awake(now, rows)
        } else {
            Awake::once(now)
        };
        let app = self.clone();
        self.store()?
            .write(move |tx| {
                let alive = |other: Uuid| other != owner && app.is_alive(other);
                let Some(lease) = tx.take_lease(LEASE, owner, now, alive)? else {
                    return Err(another());
                };
                let mut due = Due {
                    lease,
                    ask: Vec::new(),
                    proved: Vec::new(),
                    before: HashMap::new(),
                };
                due.take(tx, awake, now)?;
                Ok(due)
            })
            .await
    }
}

impl Due {
    fn take(&mut self, tx: &Writer<'_>, awake: Awake, now: UtcMillis) -> Result<()> {
        let trouble = tx.network_trouble()?;
        if trouble.is_some_and(|trouble| !is_over(&trouble, now)) {
            return Ok(());
        }
        let every = super::setting::every(tx)?;
        for row in tx.checked_connectors()? {
            if turn_of(&row, every, awake, now) != Some(Turn::Now) {
                continue;
            }
            let Some(record) = tx.connector_by_id(row.id)? else {
                continue;
            };
            if row.status != Status::Error {
                // A probe is taken by whoever makes it; its turn is its own.
                tx.put_check_handled(row.id, Some(now))?;
                self.before.insert(row.id, row.handled_at);
            }
            let Ok(one) = checked(tx, &record)? else {
                // There is nothing to ask.
                continue;
            };
            match known(tx, &record, row.handled_at)? {
                Known::Nothing => self.ask.push(one),
                Known::Checked => {}
                Known::Traffic(beat) => {
                    tx.insert_beat(row.id, &beat)?;
                    if beat.outcome != BeatOutcome::Failed {
                        settle_state(tx, row.id)?;
                    }
                    let record = tx.connector_by_id(row.id)?.unwrap_or(record);
                    self.proved.push(health_view(tx, &record, now)?);
                }
            }
        }
        if trouble.is_some() && self.ask.iter().all(|one| one.host.is_none()) {
            // Nobody outside is left to say that the network is back; the next one who is asked will.
            tx.put_network_trouble(None)?;
        }
        Ok(())
    }
}

fn another() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "another process is checking; what is due is being done",
    )
}

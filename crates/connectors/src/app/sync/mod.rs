//! Sync of one connection: fetch, plan, preview, apply, undo. The plan is stored and applied exactly; what decides is in
//! `crate::sync`, here it is fed and its answers are kept.

mod applying;
mod bulk;
mod choosing;
mod exporting;
mod fetching;
mod file;
mod importing;
mod keeping;
mod looking;
mod moved;
mod planner;
mod reading;
mod recovering;
mod resolving;
mod row;
mod rules;
mod runs;
mod sampling;
mod step;
mod summary;
mod undo_outlook;
mod undoing;
mod who;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::club_record::{code_of, live};
use super::record::settings_of;
use super::standing::settle_state_of_club;
use super::{App, lock};
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::Template;
use crate::settings::ConnectorSettings;
use crate::store::club_connection::ClubConnectionRecord;
use crate::store::lease::Lease;
use crate::store::sync_run::{RunRecord, RunState};
use crate::store::{Reader, Writer};

pub use fetching::SyncProgress;
pub use importing::IMPORT_LIMIT;
pub(in crate::app) use looking::run_view;
pub(in crate::app) use row::detail_of;
pub(in crate::app) use sampling::{first_rows, named};
pub(in crate::app) use who::SECOND_RECORD;

/// What a run is about.
#[derive(Clone)]
struct Ground {
    connection: Arc<ClubConnectionRecord>,
    settings: Arc<ConnectorSettings>,
}

impl App {
    /// Stops the plan that this process is making of a club. Where none is being made, nothing happens.
    pub async fn sync_cancel(&self, code: &str, org: &str) -> Result<()> {
        self.see_members_of(org)?;
        let connection_id = self.ground(code, org).await?.connection.id;
        if let Some((_, cancel)) = lock(&self.inner.syncs).get(&connection_id) {
            cancel.cancel();
        }
        Ok(())
    }

    /// The connection of a club and the settings of its connector.
    async fn ground(&self, code: &str, org: &str) -> Result<Ground> {
        let (code, org) = (code.to_owned(), org.trim().to_owned());
        self.store()?
            .read(move |tx| {
                let (connector, _, connection) = live(tx, &code, &org)?;
                let settings = settings_of(&connector)?;
                Ok(Ground {
                    connection: Arc::new(connection),
                    settings: Arc::new(settings),
                })
            })
            .await
    }

    /// The template of a connector: the one that its settings name, or that of its preset.
    pub(in crate::app) async fn template_for(
        &self,
        settings: &ConnectorSettings,
    ) -> Result<Template> {
        let missing = || {
            Error::field(
                "sync.template",
                FieldRule::Required,
                "choose the template that says how a record becomes a member",
            )
        };
        let wanted = settings.sync.template.as_deref();
        let wanted = wanted.or(settings.preset.as_deref()).ok_or_else(missing)?;
        match self.template(wanted).await {
            Ok(found) => Ok(found.template),
            Err(error) if error.code() == Code::NotFound => Err(missing()),
            Err(error) => Err(error),
        }
    }

    /// Takes the connection for this process, within a transaction; none where a run of it is being made already.
    /// Runs that a process which is gone has left half-done are ended first, and said to be interrupted.
    pub(in crate::app) fn take_run(
        &self,
        tx: &Writer<'_>,
        connection_id: Uuid,
        owner: Uuid,
    ) -> Result<Option<Lease>> {
        let now = self.now();
        let alive = |other: Uuid| self.makes_run(connection_id, other);
        let Some(lease) = tx.take_lease(&lease_name(connection_id), owner, now, alive)? else {
            return Ok(None);
        };
        for run in tx.runs_in_of(RunState::Fetching, connection_id)? {
            tx.put_run(&RunRecord {
                state: RunState::Interrupted,
                ended_at: Some(now),
                message: Some(
                    "The app ended while the list was being read. Nothing was changed.".to_owned(),
                ),
                ..run.clone()
            })?;
            tx.delete_plan(run.id)?;
        }
        Ok(Some(lease))
    }
}

/// A plan that this process is making, until it is dropped.
struct Underway {
    app: App,
    connection_id: Uuid,
    run_id: Uuid,
}

impl Underway {
    fn begin(app: &App, connection_id: Uuid, run_id: Uuid, cancel: CancellationToken) -> Self {
        lock(&app.inner.syncs).insert(connection_id, (run_id, cancel));
        Self {
            app: app.clone(),
            connection_id,
            run_id,
        }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let mut syncs = lock(&self.app.inner.syncs);
        // The next one may have begun already.
        if syncs.get(&self.connection_id).map(|(run, _)| run) == Some(&self.run_id) {
            syncs.remove(&self.connection_id);
        }
    }
}

fn lease_name(connection_id: Uuid) -> String {
    format!("run:{connection_id}")
}

/// Plans of a connection that can no longer be applied: a newer one is there, or what they were made from is not so any more.
pub(in crate::app) fn supersede(tx: &Writer<'_>, connection_id: Uuid) -> Result<()> {
    for state in [RunState::Planned, RunState::Held] {
        for older in tx.runs_in_of(state, connection_id)? {
            tx.delete_plan(older.id)?;
            tx.put_run(&RunRecord {
                state: RunState::Superseded,
                ..older
            })?;
        }
    }
    settle_state_of_club(tx, connection_id)
}

/// The beginning of an entry of the audit log about a run.
fn about_run(tx: &Reader<'_>, what: AuditWhat, run: &RunRecord) -> Result<Entry> {
    let entry = Entry::of(what).connection(run.connection_id).run(run.id);
    Ok(match code_of(tx, run.connection_id)? {
        Some(code) => entry.connector(&code),
        None => entry,
    })
}

fn run_of(tx: &Reader<'_>, id: Uuid) -> Result<RunRecord> {
    tx.run(id)?.ok_or_else(no_run)
}

fn no_run() -> Error {
    Error::refused(Code::NotFound, "there is no such run".to_owned())
}

fn run_id(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text.trim()).map_err(|_| no_run())
}

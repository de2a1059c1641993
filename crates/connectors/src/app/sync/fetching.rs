//! From the federation's list, or a file, to a stored plan. Records are read, mapped and decided as they come; nothing of a member changes.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::file::{self, MemberFile};
use super::looking::run_view;
use super::planner::Planner;
use super::row::plan_hash;
use super::rules::silent_in;
use super::step::Step;
use super::{Ground, Underway, about_run, run_of, supersede};
use crate::api::paging::anomaly::PagingAnomaly;
use crate::api::paging::list_error::ListError;
use crate::app::club_outcome::note_run;
use crate::app::erased::KeptOutErased;
use crate::app::standing::settle_state_of_club;
use crate::app::{App, lock};
use crate::audit::AuditWhat;
use crate::error::{Code, Error, FieldRule, Result};
use crate::failure::{FailureClass, Finding};
use crate::members::{Mapped, Mapper, Template};
use crate::store::Store;
use crate::store::lease::Lease;
use crate::store::member::MemberSpot;
use crate::store::sync_run::{AskedBy, RunRecord, RunSource, RunState};
use crate::sync::counts::Counts;
use crate::sync::guard::{Fetched, GuardSettings, guard};
use crate::view::RunView;

/// Records that are decided together.
pub(super) const TOGETHER: usize = 1_024;
/// Rows that are read together.
const ROWS: u32 = 1_000;
/// Between two looks at a run that somebody else is making.
const GLANCE: Duration = Duration::from_millis(100);

/// How far a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncProgress {
    /// Records read.
    pub fetched: u64,
    /// Pages read.
    pub page: u64,
    /// Records that the federation says there are, where it does.
    pub expected: Option<u64>,
}

/// Where the records of a plan come from.
pub(super) enum Source {
    /// The federation's list.
    Federation,
    /// A file that a person gave.
    File(MemberFile),
}

/// What a plan is made with.
pub(super) struct Wanted {
    pub(super) source: Source,
    pub(super) asked_by: AskedBy,
    pub(super) template: Template,
    pub(super) mapper: Mapper,
    /// Columns of the template that a file does not have.
    pub(super) missing: Vec<String>,
}

/// The making of one plan.
pub(super) struct Making {
    pub(super) app: App,
    pub(super) store: Store,
    pub(super) ground: Ground,
    pub(super) run: RunRecord,
    pub(super) lease: Lease,
    pub(super) source: Source,
    pub(super) mapper: Mapper,
    pub(super) planner: Option<Planner>,
    /// Who was erased is kept out before anything is decided.
    erased: KeptOutErased,
    pub(super) anomalies: Vec<PagingAnomaly>,
    pub(super) cancel: CancellationToken,
    pub(super) progress: Arc<dyn Fn(SyncProgress) + Send + Sync>,
    _underway: Underway,
}

/// Why no plan came.
pub(super) enum NoPlan {
    List(ListError),
    Product(Error),
    /// The file cannot be read.
    File(Finding),
}

impl From<Error> for NoPlan {
    fn from(error: Error) -> Self {
        Self::Product(error)
    }
}

impl App {
    /// Reads the list of a club and stores what applying it would do. No member changes. Where a run of this
    /// connection is being made already, by whomever, that one is waited for.
    ///
    /// # Errors
    /// Where the list could not be read: the federation's failure, recorded on the run. [`Code::Cancelled`].
    pub async fn sync_preview(
        &self,
        code: &str,
        org: &str,
        asked_by: AskedBy,
        progress: impl Fn(SyncProgress) + Send + Sync + 'static,
        cancel: CancellationToken,
    ) -> Result<RunView> {
        self.see_members_of(org)?;
        let ground = self.ground(code, org).await?;
        if ground.settings.is_by_file() {
            return Err(Error::field(
                "endpoints.base",
                FieldRule::Required,
                "members of this connector come out of files: import one, or give it an address",
            ));
        }
        let template = self.template_for(&ground.settings).await?;
        let wanted = Wanted {
            source: Source::Federation,
            asked_by,
            mapper: template.compile()?,
            template,
            missing: Vec::new(),
        };
        self.make_plan(ground, wanted, progress, cancel).await
    }

    /// Makes the plan of a connection, from whichever source.
    pub(super) async fn make_plan(
        &self,
        ground: Ground,
        wanted: Wanted,
        progress: impl Fn(SyncProgress) + Send + Sync + 'static,
        cancel: CancellationToken,
    ) -> Result<RunView> {
        let Wanted {
            source,
            asked_by,
            template,
            mapper,
            missing,
        } = wanted;
        let from = match &source {
            Source::Federation => RunSource::Sync,
            Source::File(_) => RunSource::Import,
        };
        let connection_id = ground.connection.id;
        let rules = self
            .rules_of(connection_id, &ground.settings, &template)
            .await?;
        let owner = self.owner()?;
        let opened = self.opened()?;
        let mark_key = opened.keys().vault.mark_key();
        let store = opened.store.clone();
        let act = self.act();
        let app = self.clone();
        let read_with = (template.id.clone(), template.version);
        let (run_id, stop) = (act.id()?, cancel.clone());
        let begun = store
            .write(move |tx| {
                let Some(lease) = app.take_run(tx, connection_id, owner)? else {
                    let running = tx.runs(connection_id, 1)?.into_iter().next();
                    return Ok(Err(running));
                };
                let run = new_run(
                    run_id,
                    connection_id,
                    (from, asked_by),
                    act.now,
                    &lease,
                    read_with,
                );
                tx.put_run(&run)?;
                let erased = KeptOutErased::read(tx, mark_key, connection_id)?;
                let choices = tx.match_choices(connection_id)?;
                let underway = Underway::begin(&app, connection_id, run_id, stop);
                Ok(Ok((run, lease, underway, erased, choices)))
            })
            .await?;
        let (run, lease, underway, erased, choices) = match begun {
            Ok(begun) => begun,
            // The plan of somebody else's list is not that of this file.
            Err(_) if from == RunSource::Import => return Err(busy()),
            Err(running) => return self.join(running, &cancel).await,
        };
        let ids = self.act();
        let planner = Planner::new(
            connection_id,
            run.id,
            rules,
            run.started_at,
            // An act counts to 4,096 in its order; a new one goes on from there.
            Box::new(move || ids.id()),
        )
        .with_choices(choices)
        .silent_about(silent_in(&template, &missing));
        let making = Making {
            app: self.clone(),
            store,
            ground,
            run,
            lease,
            source,
            mapper,
            planner: Some(planner),
            erased,
            anomalies: Vec::new(),
            cancel,
            progress: Arc::new(progress),
            _underway: underway,
        };
        // A caller who goes leaves no half-made run behind: it is made to its end, or stopped by `cancel`.
        tokio::spawn(making.make())
            .await
            .map_err(|source| Error::internal("make the plan of a sync", source))?
    }

    /// Waits for a run that somebody else makes.
    async fn join(
        &self,
        running: Option<RunRecord>,
        cancel: &CancellationToken,
    ) -> Result<RunView> {
        let Some(mut run) = running else {
            return Err(busy());
        };
        let store = self.store()?;
        // A run of another process cannot be stopped from here; waiting for it can.
        let is_ours = lock(&self.inner.syncs).contains_key(&run.connection_id);
        let _waiting =
            (!is_ours).then(|| Underway::begin(self, run.connection_id, run.id, cancel.clone()));
        while run.state == RunState::Fetching {
            tokio::select! {
                () = cancel.cancelled() => return Err(Error::refused(Code::Cancelled, "stopped waiting for the run that is being made".to_owned())),
                () = tokio::time::sleep(GLANCE) => {}
            }
            let id = run.id;
            // Whoever makes it may have died.
            self.end_dead_runs().await?;
            run = store.read(move |tx| run_of(tx, id)).await?;
        }
        Ok(run_view(&run))
    }
}

impl Making {
    async fn make(mut self) -> Result<RunView> {
        let outcome = match self.fetch().await {
            Ok(complete) => self.finish(complete).await.map_err(NoPlan::Product),
            Err(no_plan) => Err(no_plan),
        };
        match outcome {
            Ok(view) => {
                if matches!(self.source, Source::Federation) {
                    self.app.club_succeeded(self.ground.connection.id).await?;
                }
                Ok(view)
            }
            Err(no_plan) => Err(self.fail(no_plan).await),
        }
    }

    pub(super) async fn decide(&mut self, batch: Vec<Mapped>) -> Result<()> {
        let batch = self.erased.leave_out(batch)?;
        self.run.erased = self.erased.people();
        self.step(move |planner, tx| planner.take(tx, batch)).await
    }

    /// One step of the plan: read and decided on a snapshot, then written if there is anything to write.
    async fn step(
        &mut self,
        work: impl FnOnce(&mut Planner, &crate::store::Reader<'_>) -> Result<Step> + Send + 'static,
    ) -> Result<()> {
        let Some(mut planner) = self.planner.take() else {
            return Err(lost());
        };
        let (planner, step) = self
            .store
            .read(move |tx| {
                let step = work(&mut planner, tx)?;
                Ok((planner, step))
            })
            .await?;
        self.planner = Some(planner);
        if step.is_empty() {
            return Ok(());
        }
        let (run_id, lease) = (self.run.id, self.lease.clone());
        self.store
            .write(move |tx| {
                if !tx.holds_lease(&lease)? {
                    return Err(lost());
                }
                for number in &step.gone {
                    tx.delete_plan_row(run_id, *number)?;
                }
                tx.insert_plan_rows(run_id, &step.rows)
            })
            .await
    }

    /// What can be said only after the whole list; then the plan stands.
    async fn finish(&mut self, complete: bool) -> Result<RunView> {
        let (run_id, connection_id) = (self.run.id, self.ground.connection.id);
        let shared = self
            .store
            .read(move |tx| tx.plan_shared_names(run_id, connection_id))
            .await?;
        self.step(|planner, tx| planner.chosen(tx)).await?;
        for names in shared {
            self.step(move |planner, tx| planner.people(tx, &names))
                .await?;
        }
        let members = self
            .store
            .read(move |tx| tx.count_present(connection_id))
            .await?;
        if complete {
            let mut last: Option<MemberSpot> = None;
            loop {
                let after = last.take();
                let page = self
                    .store
                    .read(move |tx| tx.member_spots(connection_id, after.as_ref(), ROWS))
                    .await?;
                let Some(end) = page.last() else { break };
                last = Some(end.clone());
                self.step(move |planner, tx| planner.absent(tx, page))
                    .await?;
            }
        }
        self.run.counts = self
            .planner
            .as_ref()
            .map(Planner::counts)
            .unwrap_or_default();
        // A part of a list says of nobody that they are gone, and holds nothing up by being short.
        let is_part = matches!(&self.source, Source::File(file) if !file.is_whole_list);
        let fetched = Fetched {
            records: self.run.fetched,
            members: if is_part { 0 } else { members },
            complete: complete || is_part,
            anomalies: &self.anomalies,
        };
        let guards = guard(&fetched, &self.run.counts, &GuardSettings::default());
        let guards: Vec<_> = guards.iter().map(super::looking::guard_view).collect();
        self.run.state = if guards.is_empty() {
            RunState::Planned
        } else {
            RunState::Held
        };
        self.run.guards = serde_json::to_string(&guards)
            .map_err(|source| Error::internal("write what holds a plan", source))?;
        self.run.ended_at = Some(self.app.now());
        let (mut run, lease) = (self.run.clone(), self.lease.clone());
        let act = self.app.act();
        let run = self
            .store
            .write(move |tx| {
                if !tx.holds_lease(&lease)? {
                    return Err(lost());
                }
                run.hash = Some(plan_hash(tx, run.id)?);
                if run.source == RunSource::Import {
                    let entry = about_run(tx, AuditWhat::FileImported, &run)?;
                    act.audit(tx, entry.count("rows", run.fetched))?;
                }
                supersede(tx, connection_id)?;
                tx.put_run(&run)?;
                settle_state_of_club(tx, connection_id)?;
                tx.release_lease(&lease)?;
                Ok(run)
            })
            .await?;
        Ok(run_view(&run))
    }

    /// Keeps why no plan came, and gives the connection free.
    async fn fail(&mut self, no_plan: NoPlan) -> Error {
        let list = match &no_plan {
            NoPlan::List(error) => Some(error.clone()),
            NoPlan::Product(_) | NoPlan::File(_) => None,
        };
        let error = match no_plan {
            NoPlan::Product(error) => error,
            NoPlan::File(finding) => file::unreadable(finding),
            NoPlan::List(ListError::Cancelled) => Error::refused(
                Code::Cancelled,
                "the sync was stopped; nothing was changed".to_owned(),
            ),
            NoPlan::List(ListError::Request { source, .. }) => self.app.of_federation(source),
            NoPlan::List(other) => Error::refused(Code::BadAnswer, other.to_string()),
        };
        let class = list.as_ref().map(ListError::class);
        let mut run = self.run.clone();
        run.state = match error.code() {
            Code::Cancelled => RunState::Cancelled,
            _ => RunState::Failed,
        };
        run.ended_at = Some(self.app.now());
        run.class = class.filter(|class| *class != FailureClass::Cancelled);
        run.finding = list.as_ref().and_then(ListError::finding);
        run.message = Some(error.to_string());
        let (lease, act) = (self.lease.clone(), self.app.act());
        let of_list = list
            .clone()
            .filter(|_| matches!(self.source, Source::Federation));
        let kept = self
            .store
            .write(move |tx| {
                if tx.holds_lease(&lease)? {
                    tx.delete_plan(run.id)?;
                    tx.put_run(&run)?;
                    if let Some(error) = &of_list {
                        note_run(tx, &act, &run, error)?;
                    }
                    tx.release_lease(&lease)?;
                }
                Ok(())
            })
            .await;
        if let Err(error) = kept {
            tracing::warn!(code = ?error.code(), "the end of a run could not be recorded");
        }
        if let Some(list) = list
            && matches!(self.source, Source::Federation)
            && !matches!(list, ListError::Cancelled)
            && let Err(error) = self.app.club_failed(self.ground.connection.id, &list).await
        {
            tracing::warn!(code = ?error.code(), "a club's failure could not be recorded");
        }
        error
    }
}

fn new_run(
    id: Uuid,
    connection_id: Uuid,
    (source, asked_by): (RunSource, AskedBy),
    now: crate::clock::UtcMillis,
    lease: &Lease,
    (template, template_version): (String, u32),
) -> RunRecord {
    RunRecord {
        id,
        connection_id,
        source,
        asked_by,
        state: RunState::Fetching,
        started_at: now,
        ended_at: None,
        fence: lease.fence,
        fetched: 0,
        expected: None,
        page: 0,
        erased: 0,
        counts: Counts::default(),
        hash: None,
        guards: "[]".to_owned(),
        allowed: "[]".to_owned(),
        template: Some(template),
        class: None,
        finding: None,
        message: None,
        applied_at: None,
        undone_at: None,
        left_out: 0,
        template_version: Some(template_version),
    }
}

fn busy() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "another run of this club is being made".to_owned(),
    )
}

fn lost() -> Error {
    Error::refused(
        Code::ChangedMeanwhile,
        "another process has taken this run over".to_owned(),
    )
}

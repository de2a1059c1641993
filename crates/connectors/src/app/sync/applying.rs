//! Applying a stored plan: exactly what was previewed, in one transaction with what undoing it needs, or not at all.

use std::collections::BTreeSet;

use super::looking::{guards_of, run_view};
use super::row::plan_hash;
use super::{about_run, run_id, run_of};
use crate::app::App;
use crate::app::standing::settle_state;
use crate::audit::{AuditWhat, Entry};
use crate::error::{Code, Error, Result};
use crate::store::Reader;
use crate::store::sync_run::{RunRecord, RunSource, RunState};
use crate::store::undo_row::UNDO_DAYS;
use crate::sync::guard::{GuardName, holds};
use crate::view::{LeaveOut, RunView, SyncApplyRequest};

/// Members named at most where a plan is out of date.
pub(super) const NAMED: u32 = 20;

impl App {
    /// Does what a plan says. `allow` names the guards that a person allows for this plan. Members with a conflict get their
    /// other changes and keep the value in question.
    ///
    /// # Errors
    /// [`Code::Held`] where a guard or an undo holds it; [`Code::ChangedMeanwhile`] where members have changed since the
    /// preview, and nothing was changed; [`Code::NotFound`] for a plan that is gone, applied or replaced by a newer one.
    pub async fn sync_apply(&self, run: &str, allow: &[String]) -> Result<RunView> {
        self.see_plan(run).await?;
        self.sync_apply_request(SyncApplyRequest {
            run: run.to_owned(),
            allow: allow.to_vec(),
            leave_out: None,
        })
        .await
    }

    /// The same, perhaps without some of what the plan says: its leavers stay members, and the next list that does not have
    /// them proposes them again. What was previewed is compared first, the leavers included; guards that are about leavers alone
    /// do not hold what is left.
    ///
    /// # Errors
    /// As [`App::sync_apply`]; what the members were that moved says [`App::sync_moved`].
    pub async fn sync_apply_request(&self, request: SyncApplyRequest) -> Result<RunView> {
        self.see_plan(&request.run).await?;
        let id = run_id(&request.run)?;
        let without_leavers = request.leave_out == Some(LeaveOut::Leavers);
        let allowed = request
            .allow
            .iter()
            .map(|word| {
                GuardName::of_word(word).ok_or_else(|| {
                    Error::refused(Code::Invalid, format!("there is no guard called {word}"))
                })
            })
            .collect::<Result<BTreeSet<_>>>()?;
        let owner = self.owner()?;
        let (app, act) = (self.clone(), self.act());
        let now = act.now;
        let run = self
            .store()?
            .write(move |tx| {
                let run = run_of(tx, id)?;
                if !matches!(run.state, RunState::Planned | RunState::Held) {
                    return Err(not_to_be_applied(&run));
                }
                let Some(lease) = app.take_run(tx, run.connection_id, owner)? else {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        "a run of this club is being made; its plan will replace this one".to_owned(),
                    ));
                };
                if tx.held_by_undo(run.connection_id)?.is_some() {
                    return Err(Error::refused(
                        Code::Held,
                        "a run of this club was undone; choose first whether to apply again or to keep yours"
                            .to_owned(),
                    ));
                }
                let mut all: BTreeSet<GuardName> = serde_json::from_str::<Vec<String>>(&run.allowed)
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|word| GuardName::of_word(word))
                    .collect();
                all.extend(&allowed);
                let held: Vec<String> = guards_of(&run)
                    .into_iter()
                    .filter(|guard| holds(&guard.guard, &all, without_leavers))
                    .map(|guard| format!("{} ({})", guard.detail, guard.guard))
                    .collect();
                if !held.is_empty() {
                    return Err(Error::refused(Code::Held, held.join(" ")));
                }
                same_template(tx, &run)?;
                if run.hash.as_deref() != Some(&plan_hash(tx, run.id)?) {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        "the plan is not the one that was previewed; nothing was applied; preview again"
                            .to_owned(),
                    ));
                }
                let mut run = run;
                if without_leavers {
                    let left_out = tx.leave_leavers_out(run.id)?;
                    run.left_out = u64::try_from(left_out).unwrap_or_default();
                    run.counts.leavers = run.counts.leavers.saturating_sub(run.left_out);
                }
                let moved = tx.plan_moved(run.id, run.connection_id, NAMED)?;
                if !moved.is_empty() {
                    return Err(Error::refused(
                        Code::ChangedMeanwhile,
                        format!(
                            "{}{} of the members in this plan have changed since it was made; nothing was \
                             applied; preview again",
                            if moved.len() < NAMED as usize { "" } else { "at least " },
                            moved.len()
                        ),
                    ));
                }
                tx.apply_plan(run.id, run.connection_id, now)?;
                let words: Vec<&str> = all.iter().map(|name| name.as_str()).collect();
                act.audit(tx, entry(tx, &run, &words)?)?;
                let done = RunRecord {
                    state: RunState::Applied,
                    applied_at: Some(now),
                    allowed: serde_json::to_string(&words)
                        .map_err(|source| Error::internal("write what was allowed", source))?,
                    ..run
                };
                tx.put_run(&done)?;
                if let Some(mut connection) = tx.connection_by_id(done.connection_id)? {
                    connection.last_sync_at = Some(now);
                    tx.update_connection(&connection)?;
                    tx.set_last_sync(connection.connector_id, now)?;
                    settle_state(tx, connection.connector_id)?;
                }
                // What can no longer be undone is not kept either.
                tx.forget_undo(now.plus_days(-UNDO_DAYS))?;
                tx.release_lease(&lease)?;
                Ok(done)
            })
            .await?;
        Ok(run_view(&run))
    }
}

/// What the audit log says of it: however many members, one entry.
fn entry(tx: &Reader<'_>, run: &RunRecord, allowed: &[&str]) -> Result<Entry> {
    let counts = &run.counts;
    let mut entry = about_run(tx, AuditWhat::SyncApplied, run)?
        .count("creates", counts.creates)
        .count("updates", counts.updates)
        .count("unchanged", counts.unchanged)
        .count("conflicts", counts.conflicts)
        .count("leavers", counts.leavers)
        .count("left_out", run.left_out)
        .count("problems", counts.problems);
    if run.source == RunSource::Import {
        entry = entry.word("import");
    }
    Ok(allowed.iter().fold(entry, |entry, guard| entry.word(guard)))
}

/// What was decided about a record holds for the template that it was read with. A template of the product changes only with
/// the app, and a file of a person's own is theirs to count.
fn same_template(tx: &Reader<'_>, run: &RunRecord) -> Result<()> {
    let (Some(id), Some(version)) = (&run.template, run.template_version) else {
        return Ok(());
    };
    let refused = |why: String| {
        let said = format!("{why} since this plan was made; nothing was applied; preview again");
        Err(Error::refused(Code::ChangedMeanwhile, said))
    };
    if let Some(head) = tx.template_head(id)?
        && (head.version != version || head.deleted_at.is_some())
    {
        return refused(format!("the template {id} has changed"));
    }
    // A file may be read with another template than the list is.
    if run.source == RunSource::Sync
        && let Some(connection) = tx.connection_by_id(run.connection_id)?
        && let Some(connector) = tx.connector_by_id(connection.connector_id)?
        && let Some(now) = connector.template.or(connector.preset)
        && now != *id
    {
        return refused("the connector was given another template".to_owned());
    }
    Ok(())
}

fn not_to_be_applied(run: &RunRecord) -> Error {
    if let (RunState::Superseded, Some(why)) = (run.state, &run.message) {
        return Error::refused(Code::ChangedMeanwhile, why.clone());
    }
    let why = match run.state {
        RunState::Applied | RunState::PartlyUndone => "this plan was applied already",
        RunState::Undone => "this plan was applied and undone",
        RunState::Superseded => "a newer plan has taken its place",
        RunState::Fetching => "this plan is still being made",
        RunState::Failed | RunState::Cancelled | RunState::Interrupted => "this run made no plan",
        RunState::Planned | RunState::Held => "this plan can be applied",
    };
    Error::refused(Code::ChangedMeanwhile, why.to_owned())
}

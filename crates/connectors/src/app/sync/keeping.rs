//! What follows an undo: the same again, or the club's values stay.

use uuid::Uuid;

use super::planner::readable_only;
use super::row::RowDetail;
use super::supersede;
use crate::app::App;
use crate::app::standing::settle_state_of_club;
use crate::audit::{AuditWhat, Entry};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::store::Writer;
use crate::store::sync_run::{RunRecord, RunSource, RunState};
use crate::store::undo_row::PendingUndo;
use crate::sync::kept_out::kept_out_key;
use crate::sync::rules::Rules;
use crate::sync::undo::keep_mine;
use crate::view::KeepMineView;

/// Undone changes that are read together.
const TOGETHER: u32 = 500;

impl App {
    /// Lets a connection go on after an undo: the next plan will propose again what was undone. Where no undo holds the
    /// connection, those whom the club keeps out since an earlier one are let in again.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn sync_apply_again(&self, code: &str, org: &str) -> Result<()> {
        self.see_members_of(org)?;
        let ground = self.ground(code, org).await?;
        let connection_id = ground.connection.id;
        let act = self.act();
        let now = act.now;
        self.store()?
            .write(move |tx| {
                let about = |what| {
                    let entry = Entry::of(what).connector(&ground.settings.code);
                    entry.connection(connection_id)
                };
                if tx.held_by_undo(connection_id)?.is_none() {
                    act.audit(tx, about(AuditWhat::SyncLetInAgain))?;
                    return tx.let_in_again(connection_id);
                }
                act.audit(tx, about(AuditWhat::SyncAppliedAgain))?;
                tx.answer_undo(connection_id, now)?;
                tx.hold_by_undo(connection_id, None)?;
                settle_state_of_club(tx, connection_id)
            })
            .await
    }

    /// Lets a connection go on after an undo, and what was undone stays undone: the federation's present values count as seen, the
    /// club's differ from them like its own edits, and members that the run had made are kept out. When the federation changes a
    /// value again, it is decided as ever.
    ///
    /// # Errors
    /// [`Code::ChangedMeanwhile`] where no undo holds the connection, or a run of it is being made; [`Code::NotFound`].
    pub async fn sync_keep_mine(&self, code: &str, org: &str) -> Result<KeepMineView> {
        self.see_members_of(org)?;
        let ground = self.ground(code, org).await?;
        let template = self.template_for(&ground.settings).await?;
        let connection_id = ground.connection.id;
        let rules = self
            .rules_of(connection_id, &ground.settings, &template)
            .await?;
        let owner = self.owner()?;
        let (app, act) = (self.clone(), self.act());
        let now = act.now;
        self.store()?
            .write(move |tx| {
                let refused =
                    |why: &str| Err(Error::refused(Code::ChangedMeanwhile, why.to_owned()));
                if tx.held_by_undo(connection_id)?.is_none() {
                    return refused("no undo holds this club; there is nothing to keep");
                }
                let Some(lease) = app.take_run(tx, connection_id, owner)? else {
                    return refused(
                        "a run of this club is being made; wait for it or stop it first",
                    );
                };
                let mut runs = tx.runs_in_of(RunState::Undone, connection_id)?;
                runs.extend(tx.runs_in_of(RunState::PartlyUndone, connection_id)?);
                // What a later list said counts.
                runs.sort_by_key(|run| (run.started_at, run.id));
                let mut done = KeepMineView {
                    kept: 0,
                    kept_out: 0,
                };
                for run in &runs {
                    let mut after = Uuid::nil();
                    loop {
                        let pending = tx.undo_pending(run.id, after, TOGETHER)?;
                        let Some(last) = pending.last() else { break };
                        after = last.member_id;
                        for one in &pending {
                            keep(tx, run, one, &rules, now, &mut done)?;
                        }
                    }
                }
                let entry = Entry::of(AuditWhat::SyncKeptMine)
                    .connector(&ground.settings.code)
                    .connection(connection_id)
                    .count("kept", done.kept)
                    .count("kept_out", done.kept_out);
                act.audit(tx, entry)?;
                tx.answer_undo(connection_id, now)?;
                tx.hold_by_undo(connection_id, None)?;
                // A plan that was made meanwhile would do what was just said no to.
                supersede(tx, connection_id)?;
                tx.release_lease(&lease)?;
                Ok(done)
            })
            .await
    }
}

/// Keeps one member as the undo left it.
fn keep(
    tx: &Writer<'_>,
    run: &RunRecord,
    undone: &PendingUndo,
    rules: &Rules,
    now: UtcMillis,
    done: &mut KeepMineView,
) -> Result<()> {
    let remote = undone.remote.as_ref();
    let keep_out = |done: &mut KeepMineView| {
        if let Some(key) = remote.and_then(|values| kept_out_key(run.connection_id, values)) {
            tx.keep_out(run.connection_id, &key, run.id, now)?;
            done.kept_out += 1;
        }
        Ok(())
    };
    if !undone.existed {
        return keep_out(done);
    }
    let Some(member) = tx.member(undone.member_id)? else {
        return Ok(());
    };
    if member.left_at.is_some() && remote.is_some() {
        return keep_out(done);
    }
    let detail: RowDetail = serde_json::from_str(&undone.detail)
        .map_err(|source| Error::internal("read a row of a plan", source))?;
    let mut rules = readable_only(rules, &detail.warnings).unwrap_or_else(|| rules.clone());
    if let (RunSource::Import, Some(remote)) = (run.source, remote) {
        // A file says nothing about the columns that it does not have.
        rules.mapped.retain(|field| remote.get(*field).is_some());
    }
    let base = keep_mine(member.base.as_ref(), remote, &rules);
    if base != member.base {
        tx.put_base(&member, base.as_ref(), now)?;
    }
    done.kept += 1;
    Ok(())
}

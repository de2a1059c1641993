//! Undoing a run: members are put back exactly as they were, base included; those that were changed later stay and are named.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::looking::run_view;
use super::{about_run, run_id, run_of, supersede};
use crate::app::App;
use crate::audit::AuditWhat;
use crate::error::{Code, Error, Result};
use crate::store::sync_run::{RunRecord, RunState};
use crate::store::undo_row::UNDO_DAYS;
use crate::view::UndoView;

impl App {
    /// Puts the members of a run back as they were: all of them, or those that are named. The connection is held afterwards, or
    /// the next sync would do the same again.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a run that is not there; [`Code::ChangedMeanwhile`] where it was not applied, is older than 30
    /// days, or nothing of it can be put back.
    pub async fn sync_undo(&self, run: &str, members: Option<&[Uuid]>) -> Result<UndoView> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        let wanted: Option<BTreeSet<Uuid>> = members.map(|ids| ids.iter().copied().collect());
        let owner = self.owner()?;
        let (app, act) = (self.clone(), self.act());
        let now = act.now;
        self.store()?
            .write(move |tx| {
                let run = run_of(tx, id)?;
                let refused =
                    |why: &str| Err(Error::refused(Code::ChangedMeanwhile, why.to_owned()));
                match (run.state, run.applied_at) {
                    (RunState::Applied | RunState::PartlyUndone, Some(at))
                        if at.plus_days(UNDO_DAYS) > now => {}
                    (RunState::Applied | RunState::PartlyUndone, _) => {
                        return refused(
                            "this run is more than 30 days old and can no longer be undone",
                        );
                    }
                    (RunState::Undone, _) => return refused("this run was undone already"),
                    _ => return refused("this run changed no member"),
                }
                let Some(lease) = app.take_run(tx, run.connection_id, owner)? else {
                    return refused(
                        "a run of this club is being made; wait for it or stop it first",
                    );
                };
                let outlook = tx.undo_outlook(run.id)?;
                let is_wanted =
                    |id: &Uuid| wanted.as_ref().is_none_or(|wanted| wanted.contains(id));
                let mut undone = 0;
                for member in outlook.can.iter().filter(|id| is_wanted(id)) {
                    if tx.undo_member(run.id, *member, now)? {
                        undone += 1;
                    }
                }
                let edited_later: Vec<String> = outlook
                    .edited_later
                    .iter()
                    .filter(|id| is_wanted(id))
                    .map(Uuid::to_string)
                    .collect();
                if undone == 0 {
                    return refused(
                        "nothing of this run can be put back: its members were changed later",
                    );
                }
                let left = tx.undo_outlook(run.id)?;
                let state = if left.can.is_empty() && left.edited_later.is_empty() {
                    RunState::Undone
                } else {
                    RunState::PartlyUndone
                };
                let run = RunRecord {
                    state,
                    undone_at: Some(now),
                    ..run
                };
                tx.put_run(&run)?;
                let entry = about_run(tx, AuditWhat::SyncUndone, &run)?
                    .count("undone", undone)
                    .count("edited_later", edited_later.len() as u64);
                let entry = match &wanted {
                    Some(_) => entry.word("chosen"),
                    None => entry,
                };
                act.audit(tx, entry)?;
                tx.hold_by_undo(run.connection_id, Some(run.id))?;
                // A plan that was made from what is no longer so.
                supersede(tx, run.connection_id)?;
                tx.release_lease(&lease)?;
                Ok(UndoView {
                    run: run_view(&run),
                    undone,
                    edited_later,
                })
            })
            .await
    }

    /// Forgets how members were before runs that can no longer be undone, and what these runs planned. The runs stay as
    /// history. Due now and then, whether or not anybody syncs.
    pub async fn forget_old_undo(&self) -> Result<()> {
        let before = self.now().plus_days(-UNDO_DAYS);
        self.store()?.write(move |tx| tx.forget_undo(before)).await
    }
}

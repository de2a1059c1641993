//! Deciding conflicts of a plan, one or all about a field: the decision is remembered, and the member's row of the plan is
//! made again with it.

use uuid::Uuid;

use super::looking::run_view;
use super::planner::Planner;
use super::row::{detail_of, plan_hash};
use super::rules::silent_in_row;
use super::{about_run, run_id, run_of};
use crate::app::App;
use crate::app::act::Act;
use crate::app::standing::settle_state_of_club;
use crate::audit::AuditWhat;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::{Mapped, MemberField};
use crate::store::Writer;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::store::sync_run::{RunRecord, RunState};
use crate::sync::rules::{Remembered, Rules, Take};
use crate::view::RunView;

/// Rows of which similar conflicts are decided together.
const ROWS: u32 = 500;

impl App {
    /// Decides about one field of a row of a plan. `take` is `federation`, `club`, or the value itself. It is remembered: while
    /// both sides say the same, nobody is asked again.
    ///
    /// # Errors
    /// [`Code::NotFound`] where the row or the conflict is not there; [`Code::ChangedMeanwhile`] where the plan is no longer one
    /// that can be applied, or the member has changed since.
    pub async fn sync_resolve(
        &self,
        run: &str,
        number: i64,
        field: MemberField,
        take: &str,
    ) -> Result<RunView> {
        self.see_plan(run).await?;
        let take = match side(take) {
            Some(side) => side,
            None => Take::Value(take.trim().into()),
        };
        self.deciding(run, field, take, move |deciding, tx| {
            let row = tx
                .plan_rows(deciding.run.id, number - 1, 1)?
                .into_iter()
                .find(|row| row.number == number && row.kind == PlanKind::Conflict)
                .ok_or_else(no_conflict)?;
            deciding.row(tx, &row)
        })
        .await
    }

    /// Decides every conflict of a plan about one field for the same side, all of them or none. `take` is `federation` or
    /// `club`: another value is of one member.
    ///
    /// # Errors
    /// [`Code::Invalid`] for another value; otherwise as [`App::sync_resolve`].
    pub async fn sync_resolve_similar(
        &self,
        run: &str,
        field: MemberField,
        take: &str,
    ) -> Result<RunView> {
        self.see_plan(run).await?;
        let take = side(take).ok_or_else(|| {
            let message = "must be `federation` or `club` where several conflicts are decided";
            Error::field("take", FieldRule::Unknown, message)
        })?;
        self.deciding(run, field, take, |deciding, tx| {
            let mut from: Option<(String, i64)> = None;
            loop {
                let after = from.as_ref().map(|(name, number)| (name.as_str(), *number));
                let page = tx.plan_page_keyed(deciding.run.id, PlanKind::Conflict, after, ROWS)?;
                for (_, row) in &page {
                    deciding.row(tx, row)?;
                }
                match page.into_iter().next_back() {
                    Some((name, row)) => from = Some((name, row.number)),
                    None => return Ok(()),
                }
            }
        })
        .await
    }

    /// Decides rows of a plan in one transaction, and gives the plan its new counts and hash.
    async fn deciding(
        &self,
        run: &str,
        field: MemberField,
        take: Take,
        work: impl FnOnce(&mut Deciding, &Writer<'_>) -> Result<()> + Send + 'static,
    ) -> Result<RunView> {
        let id = run_id(run)?;
        let act = self.act();
        let rules = self.rules_of_run(id).await?;
        let run = self
            .store()?
            .write(move |tx| {
                let run = run_of(tx, id)?;
                if !matches!(run.state, RunState::Planned | RunState::Held) {
                    return Err(moved("this plan can no longer be applied"));
                }
                let mut deciding = Deciding {
                    run,
                    rules,
                    act,
                    field,
                    take,
                    decided: 0,
                    only: None,
                };
                work(&mut deciding, tx)?;
                if deciding.decided == 0 {
                    return Err(no_conflict());
                }
                deciding.enter(tx)?;
                let run = RunRecord {
                    hash: Some(plan_hash(tx, id)?),
                    ..deciding.run
                };
                tx.put_run(&run)?;
                settle_state_of_club(tx, run.connection_id)?;
                Ok(run)
            })
            .await?;
        Ok(run_view(&run))
    }
}

/// The choice of a side; none for another value.
fn side(word: &str) -> Option<Take> {
    match word {
        "federation" => Some(Take::Federation),
        "club" => Some(Take::Club),
        _ => None,
    }
}

/// One choice about one field, while it is made in a plan.
struct Deciding {
    run: RunRecord,
    rules: Rules,
    act: Act,
    field: MemberField,
    take: Take,
    /// Conflicts that are decided so far.
    decided: u64,
    /// The member, as long as they are about one.
    only: Option<Uuid>,
}

impl Deciding {
    /// Enters the choice in the audit log: the field and the side, never the value.
    fn enter(&self, tx: &Writer<'_>) -> Result<()> {
        let side = match self.take {
            Take::Federation => "federation",
            Take::Club => "club",
            Take::Value(_) => "value",
        };
        let entry = about_run(tx, AuditWhat::SyncResolved, &self.run)?
            .fields([self.field.as_str()])
            .word(side)
            .count("decided", self.decided);
        let entry = match self.only {
            Some(member) => entry.member(member),
            None => entry,
        };
        self.act.audit(tx, entry)
    }

    /// Makes the choice about a row, where the field is in conflict there, and plans the member anew.
    fn row(&mut self, tx: &Writer<'_>, row: &PlanRecord) -> Result<()> {
        let detail = detail_of(row)?;
        let conflict = detail
            .fields
            .iter()
            .find(|one| one.field == self.field && one.reason == "conflict");
        let Some(conflict) = conflict else {
            return Ok(());
        };
        let member = tx
            .member(row.member_id.unwrap_or(Uuid::nil()))?
            .filter(|member| Some(member.version) == row.member_version)
            .ok_or_else(|| moved("a member has changed since the plan was made"))?;
        let decided = Remembered::new(
            self.field,
            self.take.clone(),
            conflict.federation.as_deref(),
            conflict.club.as_deref(),
        );
        tx.put_decision(member.id, &decided, self.act.now)?;

        let ids = self.act.clone();
        let mut planner = Planner::again(
            self.run.connection_id,
            self.run.id,
            self.rules.clone(),
            self.act.now,
            Box::new(move || ids.id()),
            (row.number, self.run.counts),
        )
        .silent_about(silent_in_row(&self.run, &detail));
        let mapped = Mapped {
            values: row.remote.clone().unwrap_or_default(),
            warnings: detail.warnings,
            problem: None,
        };
        let step = planner.again_about(tx, &member, mapped)?;
        tx.delete_plan_row(self.run.id, row.number)?;
        tx.insert_plan_rows(self.run.id, &step.rows)?;
        self.run.counts = planner.counts();
        self.only = (self.decided == 0).then_some(member.id);
        self.decided += 1;
        Ok(())
    }
}

fn no_conflict() -> Error {
    Error::refused(
        Code::NotFound,
        "the plan has no such conflict; it may have been decided already".to_owned(),
    )
}

fn moved(why: &str) -> Error {
    Error::refused(Code::ChangedMeanwhile, format!("{why}; preview again"))
}

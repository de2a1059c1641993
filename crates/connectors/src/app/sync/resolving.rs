//! Deciding a conflict of a plan: the decision is remembered, and the member's row of the plan is made again with it.

use uuid::Uuid;

use super::looking::run_view;
use super::planner::Planner;
use super::row::{detail_of, plan_hash};
use super::{rules_of, run_id, run_of};
use crate::app::App;
use crate::app::record::settings_of;
use crate::error::{Code, Error, Result};
use crate::members::{Mapped, MemberField};
use crate::store::plan_row::PlanKind;
use crate::store::sync_run::{RunRecord, RunState};
use crate::sync::rules::{Remembered, Take};
use crate::view::RunView;

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
        let id = run_id(run)?;
        let take = match take {
            "federation" => Take::Federation,
            "club" => Take::Club,
            value => Take::Value(value.trim().into()),
        };
        let act = self.act();
        let settings = self
            .store()?
            .read(move |tx| {
                let connection = tx.connection_by_id(run_of(tx, id)?.connection_id)?;
                let connection = connection.ok_or_else(no_conflict)?;
                let connector = tx.connector_by_id(connection.connector_id)?;
                settings_of(&connector.ok_or_else(no_conflict)?)
            })
            .await?;
        let rules = rules_of(&settings, &self.template_for(&settings).await?);
        let run = self
            .store()?
            .write(move |tx| {
                let run = run_of(tx, id)?;
                if !matches!(run.state, RunState::Planned | RunState::Held) {
                    return Err(moved("this plan can no longer be applied"));
                }
                let row = tx
                    .plan_rows(run.id, number - 1, 1)?
                    .into_iter()
                    .find(|row| row.number == number && row.kind == PlanKind::Conflict)
                    .ok_or_else(no_conflict)?;
                let detail = detail_of(&row)?;
                let conflict = detail
                    .fields
                    .iter()
                    .find(|one| one.field == field && one.reason == "conflict")
                    .ok_or_else(no_conflict)?;
                let member = tx
                    .member(row.member_id.unwrap_or(Uuid::nil()))?
                    .filter(|member| Some(member.version) == row.member_version)
                    .ok_or_else(|| moved("this member has changed since the plan was made"))?;
                let decided = Remembered::new(
                    field,
                    take,
                    conflict.federation.as_deref(),
                    conflict.club.as_deref(),
                );
                tx.put_decision(member.id, &decided, act.now)?;

                let ids = act.clone();
                let mut planner = Planner::again(
                    run.connection_id,
                    run.id,
                    rules,
                    act.now,
                    Box::new(move || ids.id()),
                    (number, run.counts),
                );
                let mapped = Mapped {
                    values: row.remote.clone().unwrap_or_default(),
                    warnings: detail.warnings,
                    problem: None,
                };
                let step = planner.again_about(tx, &member, mapped)?;
                tx.delete_plan_row(run.id, number)?;
                tx.insert_plan_rows(run.id, &step.rows)?;
                let run = RunRecord {
                    counts: planner.counts(),
                    hash: Some(plan_hash(tx, run.id)?),
                    ..run
                };
                tx.put_run(&run)?;
                Ok(run)
            })
            .await?;
        Ok(run_view(&run))
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

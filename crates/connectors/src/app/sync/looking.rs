//! Looking at runs, plans and members.

use uuid::Uuid;

use super::row::detail_of;
use super::{run_id, run_of};
use crate::app::App;
use crate::app::members::member_view;
use crate::error::{Error, FieldRule, Result};
use crate::members::MemberKeys;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::store::sync_run::RunRecord;
use crate::sync::guard::{Guard, GuardName};
use crate::view::{
    GuardView, MemberListView, PlanCountsView, PlanFieldView, PlanPageView, PlanRowView, RunView,
};

/// Rows of one page at most.
const LIMIT: u32 = 500;

impl App {
    /// A run.
    pub async fn sync_run(&self, run: &str) -> Result<RunView> {
        self.see_run(run).await?;
        let id = run_id(run)?;
        self.end_dead_runs().await?;
        self.store()?
            .read(move |tx| Ok(run_view(&run_of(tx, id)?)))
            .await
    }

    /// The newest runs of a club at a connector.
    pub async fn sync_history(&self, code: &str, org: &str, limit: u32) -> Result<Vec<RunView>> {
        self.see_club(org)?;
        let limit = checked(limit)?;
        let connection_id = self.ground(code, org).await?.connection.id;
        self.end_dead_runs().await?;
        self.store()?
            .read(move |tx| {
                Ok(tx
                    .runs(connection_id, limit)?
                    .iter()
                    .map(run_view)
                    .collect())
            })
            .await
    }

    /// Rows of a plan of one kind, by name. `after` is what the page before said about its next one.
    pub async fn sync_plan(
        &self,
        run: &str,
        kind: PlanKind,
        after: Option<&str>,
        limit: u32,
    ) -> Result<PlanPageView> {
        self.see_plan(run).await?;
        let (id, limit) = (run_id(run)?, checked(limit)?);
        let after = after.map(place::<i64>).transpose()?;
        self.store()?
            .read(move |tx| {
                run_of(tx, id)?;
                let from = after
                    .as_ref()
                    .map(|(name, number)| (name.as_str(), *number));
                let mut rows = tx.plan_page_keyed(id, kind, from, limit + 1)?;
                let next = cut(&mut rows, limit).map(|(name, row)| next(name, &row.number));
                Ok(PlanPageView {
                    rows: rows
                        .iter()
                        .map(|(_, row)| row_view(row))
                        .collect::<Result<_>>()?,
                    next,
                })
            })
            .await
    }

    /// Members of a club at a connector, by name.
    pub async fn member_list(
        &self,
        code: &str,
        org: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<MemberListView> {
        self.see_members_of(org)?;
        let limit = checked(limit)?;
        let connection_id = self.ground(code, org).await?.connection.id;
        let after = after.map(place::<Uuid>).transpose()?;
        self.store()?
            .read(move |tx| {
                let from = after.as_ref().map(|(name, id)| (name.as_str(), *id));
                let mut rows = tx.members(connection_id, from, limit + 1)?;
                let next = cut(&mut rows, limit).map(|last| {
                    next(
                        &MemberKeys::of(last.base.as_ref(), &last.current).name,
                        &last.id,
                    )
                });
                Ok(MemberListView {
                    rows: rows.iter().map(member_view).collect(),
                    next,
                })
            })
            .await
    }
}

pub(in crate::app) fn run_view(run: &RunRecord) -> RunView {
    let allowed: Vec<String> = serde_json::from_str(&run.allowed).unwrap_or_default();
    RunView {
        run_id: run.id.to_string(),
        connection_id: run.connection_id.to_string(),
        source: run.source,
        asked_by: run.asked_by,
        state: run.state,
        started_at: run.started_at.0,
        ended_at: run.ended_at.map(|at| at.0),
        fetched: run.fetched,
        page: run.page,
        erased: run.erased,
        counts: PlanCountsView {
            creates: run.counts.creates,
            updates: run.counts.updates,
            unchanged: run.counts.unchanged,
            conflicts: run.counts.conflicts,
            leavers: run.counts.leavers,
            problems: run.counts.problems,
        },
        hash: run.hash.clone(),
        held: guards_of(run)
            .into_iter()
            .filter(|guard| !allowed.contains(&guard.guard))
            // Its leavers were left out, so that this held nothing.
            .filter(|guard| run.left_out == 0 || !about_leavers(guard))
            .collect(),
        template: run.template.clone(),
        template_version: run.template_version,
        class: run.class,
        finding: run.finding,
        message: run.message.clone(),
        applied_at: run.applied_at.map(|at| at.0),
        undone_at: run.undone_at.map(|at| at.0),
        left_out: Some(run.left_out).filter(|count| *count > 0),
    }
}

pub(super) fn guards_of(run: &RunRecord) -> Vec<GuardView> {
    serde_json::from_str(&run.guards).unwrap_or_default()
}

/// Whether a guard is about who would leave alone.
pub(super) fn about_leavers(guard: &GuardView) -> bool {
    GuardName::of_word(&guard.guard).is_some_and(GuardName::is_about_leavers)
}

/// A guard with its sentence.
pub(super) fn guard_view(guard: &Guard) -> GuardView {
    let detail = match guard {
        Guard::EmptyList { members } => format!(
            "The list is empty, and the club had {members} members. Nobody is marked as a leaver until you allow it."
        ),
        Guard::TooManyLeavers {
            leavers, members, ..
        } => format!(
            "{leavers} of {members} members are no longer in the list. Nobody is marked as a leaver until you \
             allow it."
        ),
        Guard::PageAnomaly { anomalies } | Guard::TotalMismatch { anomalies } => {
            let seen: Vec<String> = anomalies.iter().map(ToString::to_string).collect();
            format!(
                "Members may be missing in the list: {}. Nobody is taken as gone.",
                seen.join("; ")
            )
        }
        Guard::IncompleteList => {
            "The list was not read to its end. Nobody is taken as gone.".to_owned()
        }
    };
    GuardView {
        guard: guard.name().as_str().to_owned(),
        detail,
    }
}

fn row_view(row: &PlanRecord) -> Result<PlanRowView> {
    let detail = detail_of(row)?;
    Ok(PlanRowView {
        number: row.number,
        kind: row.kind,
        member_id: row.member_id.map(|id| id.to_string()),
        member: row
            .after
            .clone()
            .or_else(|| row.remote.clone())
            .unwrap_or_default(),
        fields: detail
            .fields
            .into_iter()
            .map(|one| PlanFieldView {
                field: one.field,
                reason: one.reason,
                base: one.base,
                club: one.club,
                federation: one.federation,
                becomes: one.becomes,
            })
            .collect(),
        confidence: detail.confidence,
        problem: detail.problem,
        unmatched: detail.unmatched,
        warnings: detail.warnings,
        passed_over: Some(detail.outcome).filter(|word| {
            row.member_id.is_none() && !word.is_empty() && row.kind == PlanKind::Unchanged
        }),
    })
}

pub(super) fn checked(limit: u32) -> Result<u32> {
    if (1..=LIMIT).contains(&limit) {
        return Ok(limit);
    }
    Err(Error::field(
        "limit",
        FieldRule::OutOfRange,
        "must be from 1 to 500",
    ))
}

/// Takes what is too much off; the last row that stays, where more follow.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: u32) -> Option<&T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last()
}

/// A place in a list, as it travels.
fn next(name: &str, key: &impl ToString) -> String {
    format!("{}.{name}", key.to_string())
}

fn place<K: std::str::FromStr>(text: &str) -> Result<(String, K)> {
    let broken = || {
        Error::field(
            "after",
            FieldRule::Pattern,
            "must be what the page before gave",
        )
    };
    let (key, name) = text.split_once('.').ok_or_else(broken)?;
    Ok((name.to_owned(), key.parse().map_err(|_| broken())?))
}

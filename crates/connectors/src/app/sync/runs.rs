//! The history: runs of all clubs and connectors, in groups that say who must act.

use super::looking::{checked, run_view};
use super::{no_run, run_id};
use crate::app::App;
use crate::app::club_record::no_club;
use crate::app::record::find;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::store::run_list::{RunQuery, RunRow};
use crate::store::undo_row::UNDO_DAYS;
use crate::view::{
    AskedBy, RunGroup, RunGroupCountView, RunListRequest, RunListView, RunRowView, RunState,
};

/// Rows of a page where nobody says how many.
const PAGE: u32 = 100;

impl App {
    /// Runs of all clubs and connectors, or of one. The counts of the groups are under the same filters, but for the group.
    /// Runs whose process is gone are ended first, so that none looks as if it were being made.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`] for a connector or a club that is not there; field `limit` out of 1 to 500.
    pub async fn sync_runs(&self, request: RunListRequest) -> Result<RunListView> {
        let limit = checked(request.limit.unwrap_or(PAGE))?;
        let mut request = request;
        if let Some(org) = &request.org {
            self.see_club(org)?;
        }
        request.org = self.my_club().or(request.org);
        self.end_dead_runs().await?;
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let connector = request.code.as_deref().map(|code| find(tx, code));
                let club = request.org.as_deref().map(str::trim).map(|org| {
                    tx.club(org)
                        .and_then(|club| club.ok_or_else(|| no_club(org)))
                });
                let query = RunQuery {
                    connector: connector.transpose()?.map(|connector| connector.id),
                    club: club.transpose()?.map(|club| club.id),
                    states: request.group.map(states_of).unwrap_or_default(),
                    asked_by: request.asked_by,
                    from: request.from.map(UtcMillis),
                    until: request.until.map(UtcMillis),
                    oldest_first: request.oldest_first,
                    offset: request.offset,
                    limit,
                };
                let counted = tx.count_runs(&query)?;
                let groups = RunGroup::ALL.map(|group| RunGroupCountView {
                    group,
                    count: counted
                        .iter()
                        .filter(|(state, asked_by, _)| group_of(*state, *asked_by) == group)
                        .map(|(_, _, count)| count)
                        .sum(),
                });
                let total = groups
                    .iter()
                    .filter(|one| request.group.is_none_or(|group| group == one.group))
                    .map(|one| one.count)
                    .sum();
                let rows = tx.list_runs(&query)?;
                Ok(RunListView {
                    rows: rows.iter().map(|row| row_view(row, now)).collect(),
                    total,
                    groups: groups.to_vec(),
                })
            })
            .await
    }

    /// One run with the club and the connector that it is about.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`].
    pub async fn sync_run_row(&self, run: &str) -> Result<RunRowView> {
        self.see_run(run).await?;
        let id = run_id(run)?;
        self.end_dead_runs().await?;
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let row = tx.run_row(id)?.ok_or_else(no_run)?;
                Ok(row_view(&row, now))
            })
            .await
    }
}

pub(super) fn row_view(row: &RunRow, now: UtcMillis) -> RunRowView {
    let run = &row.run;
    let can = matches!(run.state, RunState::Applied | RunState::PartlyUndone);
    let until = run.applied_at.map(|at| at.plus_days(UNDO_DAYS));
    RunRowView {
        run: run_view(run),
        group: group_of(run.state, run.asked_by),
        code: row.code.clone(),
        connector_name: row.connector_name.clone(),
        org: row.own_id.clone(),
        club_name: row.club_name.clone(),
        connected: row.connected,
        held_by_undo: row.held_by_undo.is_some(),
        undo_until: until
            .filter(|until| can && *until > now)
            .map(|until| until.0),
    }
}

fn group_of(state: RunState, asked_by: AskedBy) -> RunGroup {
    match state {
        RunState::Held => RunGroup::NeedsYou,
        RunState::Planned => match asked_by {
            AskedBy::Schedule => RunGroup::NeedsYou,
            AskedBy::Person => RunGroup::Ready,
        },
        RunState::Fetching => RunGroup::Running,
        RunState::Applied => RunGroup::Applied,
        RunState::Undone | RunState::PartlyUndone => RunGroup::Undone,
        RunState::Failed | RunState::Interrupted => RunGroup::Failed,
        RunState::Cancelled => RunGroup::Stopped,
        RunState::Superseded => RunGroup::Replaced,
    }
}

/// The states of a group, each with who asked where that matters.
fn states_of(group: RunGroup) -> Vec<(RunState, Option<AskedBy>)> {
    const STATES: [RunState; 10] = [
        RunState::Fetching,
        RunState::Planned,
        RunState::Held,
        RunState::Applied,
        RunState::Undone,
        RunState::PartlyUndone,
        RunState::Failed,
        RunState::Cancelled,
        RunState::Interrupted,
        RunState::Superseded,
    ];
    let mut states = Vec::new();
    for state in STATES {
        let of = |asked_by| group_of(state, asked_by) == group;
        match (of(AskedBy::Person), of(AskedBy::Schedule)) {
            (true, true) => states.push((state, None)),
            (true, false) => states.push((state, Some(AskedBy::Person))),
            (false, true) => states.push((state, Some(AskedBy::Schedule))),
            (false, false) => {}
        }
    }
    states
}

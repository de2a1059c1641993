//! Many clubs at once: their plans, and applying those that need nobody. What happens to one club does not stop the others.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::runs::row_view;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::store::sync_run::{AskedBy, RunState};
use crate::sync::counts::Counts;
use crate::sync::safe::is_safe;
use crate::view::{
    BulkOutcomeView, BulkPlansView, BulkProgressView, BulkRequest, BulkState, ClubListRequest,
    ClubView, RunRowView, RunView,
};

/// Clubs that are read at the same time.
const AT_ONCE: usize = 5;

impl App {
    /// Previews every connected club that fits, at most five at once; one outcome a club, by name. A club that fails does not stop
    /// the others; `cancel` stops those that are read and those whose turn has not come.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a connector that is not there.
    pub async fn sync_preview_all(
        &self,
        request: BulkRequest,
        asked_by: AskedBy,
        progress: impl Fn(BulkProgressView) + Send + Sync,
        cancel: CancellationToken,
    ) -> Result<Vec<BulkOutcomeView>> {
        self.see_members()?;
        let mut clubs = self.clubs_of(request).await?;
        // Who waits for a file has nothing to be read.
        clubs.retain(|club| club.schedule.as_ref().is_none_or(|one| !one.by_file));
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut work = JoinSet::new();
        for (place, club) in clubs.iter().cloned().enumerate() {
            let (app, turns, cancel) = (self.clone(), Arc::clone(&turns), cancel.clone());
            work.spawn(async move {
                // The semaphore is never closed: without a turn nothing is begun.
                let turn = tokio::select! {
                    () = cancel.cancelled() => None,
                    turn = turns.acquire_owned() => turn.ok(),
                };
                let outcome = match turn {
                    None => Err(Error::refused(
                        Code::Cancelled,
                        "stopped before its turn; nothing was changed".to_owned(),
                    )),
                    Some(_turn) => {
                        app.sync_preview(&club.code, &club.org, asked_by, |_| {}, cancel)
                            .await
                    }
                };
                (place, outcome_of(&club, outcome))
            });
        }
        let of = clubs.len() as u64;
        let mut outcomes = Vec::with_capacity(clubs.len());
        while let Some(joined) = work.join_next().await {
            let one = joined.map_err(|source| Error::internal("preview a club of many", source))?;
            outcomes.push(one);
            progress(BulkProgressView {
                done: outcomes.len() as u64,
                of,
            });
        }
        outcomes.sort_by_key(|(place, _)| *place);
        Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
    }

    /// The plans of the connected clubs that fit, apart by whether they may be applied without a look.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a connector that is not there.
    pub async fn sync_safe_plans(&self, request: BulkRequest) -> Result<BulkPlansView> {
        self.see_members()?;
        let clubs = self.clubs_of(request).await?;
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let mut plans = BulkPlansView {
                    safe: Vec::new(),
                    others: Vec::new(),
                };
                for club in &clubs {
                    let Ok(connection) = Uuid::parse_str(&club.id) else {
                        continue;
                    };
                    for state in [RunState::Planned, RunState::Held] {
                        for run in tx.runs_in_of(state, connection)? {
                            let Some(row) = tx.run_row(run.id)? else {
                                continue;
                            };
                            let row = row_view(&row, now);
                            if is_safe_row(&row) {
                                plans.safe.push(row);
                            } else {
                                plans.others.push(row);
                            }
                        }
                    }
                }
                Ok(plans)
            })
            .await
    }

    /// Applies the plans of the connected clubs that fit and that need nobody; the others are left out and said. A plan that has
    /// moved meanwhile fails alone.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a connector that is not there.
    pub async fn sync_apply_all(
        &self,
        request: BulkRequest,
        cancel: CancellationToken,
    ) -> Result<Vec<BulkOutcomeView>> {
        self.see_members()?;
        let plans = self.sync_safe_plans(request).await?;
        let mut outcomes = Vec::new();
        for row in plans.safe {
            let outcome = if cancel.is_cancelled() {
                Err(Error::refused(
                    Code::Cancelled,
                    "stopped before its turn; nothing was changed".to_owned(),
                ))
            } else {
                self.sync_apply(&row.run.run_id, &[]).await
            };
            let mut said = of_row(row, BulkState::Done);
            match outcome {
                Ok(run) => said.run = Some(run),
                Err(error) => failed(&mut said, &error),
            }
            outcomes.push(said);
        }
        outcomes.extend(
            plans
                .others
                .into_iter()
                .map(|row| of_row(row, BulkState::LeftOut)),
        );
        Ok(outcomes)
    }

    async fn clubs_of(&self, request: BulkRequest) -> Result<Vec<ClubView>> {
        let wanted = ClubListRequest {
            code: request.code,
            search: request.search,
            ..ClubListRequest::default()
        };
        Ok(self.org_list(wanted).await?.rows)
    }
}

fn is_safe_row(row: &RunRowView) -> bool {
    let counts = Counts {
        creates: row.run.counts.creates,
        updates: row.run.counts.updates,
        unchanged: row.run.counts.unchanged,
        conflicts: row.run.counts.conflicts,
        leavers: row.run.counts.leavers,
        problems: row.run.counts.problems,
    };
    is_safe(
        &counts,
        row.run.state != RunState::Planned || !row.run.held.is_empty() || row.held_by_undo,
    )
}

fn outcome_of(club: &ClubView, outcome: Result<RunView>) -> BulkOutcomeView {
    let mut said = BulkOutcomeView {
        code: club.code.clone(),
        connector_name: club.connector_name.clone(),
        org: club.org.clone(),
        club_name: club.name.clone(),
        state: BulkState::Done,
        run: None,
        error: None,
        message: None,
    };
    match outcome {
        Ok(run) => said.run = Some(run),
        Err(error) => failed(&mut said, &error),
    }
    said
}

fn of_row(row: RunRowView, state: BulkState) -> BulkOutcomeView {
    BulkOutcomeView {
        code: row.code,
        connector_name: row.connector_name,
        org: row.org,
        club_name: row.club_name,
        state,
        run: Some(row.run),
        error: None,
        message: None,
    }
}

fn failed(said: &mut BulkOutcomeView, error: &Error) {
    said.state = match error.code() {
        Code::Cancelled => BulkState::Stopped,
        _ => BulkState::Failed,
    };
    said.error = Some(error.code());
    said.message = Some(error.to_string());
}

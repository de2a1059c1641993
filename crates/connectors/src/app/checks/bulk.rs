//! Acts on many connectors at once. One that fails stops no other, and each is entered in the audit log as the single act is.

use std::collections::HashMap;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::choosing::checked;
use super::through::Through;
use super::{Done, How, Ways, network};
use crate::api::circuit::Caller;
use crate::app::health_filter::fitting;
use crate::app::record::settings_of;
use crate::app::telling::told;
use crate::app::{App, lock};
use crate::error::{Code, Error, Result};
use crate::failure::FailureClass;
use crate::store::connector::ConnectorRecord;
use crate::store::error_log::ErrorQuery;
use crate::view::{BulkConnectorView, HealthFilter, HealthState, Status};

impl App {
    /// Asks each connector that fits now, whatever the time of its next check, stopped ones too. [`App::cancel_test`] stops it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a connector or a club that is named and not there.
    pub async fn check_all(&self, filter: HealthFilter) -> Result<Vec<BulkConnectorView>> {
        let cancel = lock(&self.inner.running_tests).child_token();
        self.check_all_until(filter, cancel).await
    }

    /// As [`App::check_all`], stopped by `cancel`: what was not asked yet is left as it is.
    ///
    /// # Errors
    /// As there.
    pub async fn check_all_until(
        &self,
        filter: HealthFilter,
        cancel: CancellationToken,
    ) -> Result<Vec<BulkConnectorView>> {
        self.check_all_over(&network, filter, cancel).await
    }

    /// As [`App::check_all_until`], with other ways out than the network: federations in memory.
    ///
    /// # Errors
    /// As there.
    pub async fn check_all_over(
        &self,
        ways: &Ways,
        filter: HealthFilter,
        cancel: CancellationToken,
    ) -> Result<Vec<BulkConnectorView>> {
        let filter = self.within_view(filter)?;
        let (records, mut views, list) = self
            .store()?
            .read(move |tx| {
                let records = fitting(tx, &filter)?;
                let mut views = HashMap::new();
                let mut list = Vec::new();
                for record in &records {
                    match checked(tx, record)? {
                        _ if record.status == Status::Inactive => {
                            let why = format!("{} is paused. Resume it first.", record.name);
                            views.insert(record.id, view(record, false, Some(why)));
                        }
                        Ok(one) => list.push(one),
                        // Members come out of files.
                        Err(None) => {
                            views.insert(record.id, view(record, false, None));
                        }
                        Err(Some(finding)) => {
                            let settings = settings_of(record)?;
                            let why = told(&settings, &finding.into(), 0);
                            views.insert(record.id, view(record, false, Some(why.to_string())));
                        }
                    }
                }
                Ok((records, views, list))
            })
            .await?;
        let by = Through {
            caller: Caller::Person,
            ways,
            cancel: &cancel,
            calmly: false,
        };
        let done = self.go_through(list, &by, |_| {}).await?;
        let mut asked: HashMap<Uuid, Done> = done.into_iter().map(|one| (one.id, one)).collect();
        Ok(records
            .iter()
            .map(|record| match asked.remove(&record.id) {
                Some(done) => of_done(record, done),
                None => views
                    .remove(&record.id)
                    .unwrap_or_else(|| view(record, false, None)),
            })
            .collect())
    }

    /// Pauses each connector that fits.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a connector or a club that is named and not there.
    pub async fn pause_all(&self, filter: HealthFilter) -> Result<Vec<BulkConnectorView>> {
        self.set_all(filter, Status::Inactive).await
    }

    /// Resumes each connector that fits and is paused. One that was stopped by itself is not paused: its errors are cleared
    /// instead.
    ///
    /// # Errors
    /// As for [`App::pause_all`].
    pub async fn resume_all(&self, filter: HealthFilter) -> Result<Vec<BulkConnectorView>> {
        self.set_all(filter, Status::Active).await
    }

    async fn set_all(
        &self,
        filter: HealthFilter,
        status: Status,
    ) -> Result<Vec<BulkConnectorView>> {
        let mut views = Vec::new();
        for record in self.all_of(filter).await? {
            let so = match status {
                Status::Inactive => record.status == Status::Inactive,
                Status::Active | Status::Error => record.status != Status::Inactive,
            };
            views.push(if so {
                view(&record, false, None)
            } else {
                let set = self.connector_set_status(&record.code, status).await;
                of_act(&record, set.map(|shown| shown.row.state))?
            });
        }
        Ok(views)
    }

    /// Clears the errors of each connector that fits and has any.
    ///
    /// # Errors
    /// As for [`App::pause_all`].
    pub async fn clear_errors_all(&self, filter: HealthFilter) -> Result<Vec<BulkConnectorView>> {
        let filter = self.within_view(filter)?;
        let all = self
            .store()?
            .read(move |tx| {
                let with_errors = |record: ConnectorRecord| {
                    let newest = tx.errors(&ErrorQuery {
                        connector: Some(record.id),
                        limit: 1,
                        ..ErrorQuery::default()
                    })?;
                    let logged = newest.iter().any(|row| row.error.cleared_at.is_none());
                    let has =
                        logged || record.status == Status::Error || record.consecutive_failures > 0;
                    Ok((record, has))
                };
                fitting(tx, &filter)?
                    .into_iter()
                    .map(with_errors)
                    .collect::<Result<Vec<_>>>()
            })
            .await?;
        let mut views = Vec::new();
        for (record, has_errors) in all {
            views.push(if has_errors {
                let cleared = self.clear_errors(&record.code).await;
                of_act(&record, cleared.map(|health| health.state))?
            } else {
                view(&record, false, None)
            });
        }
        Ok(views)
    }

    async fn all_of(&self, filter: HealthFilter) -> Result<Vec<ConnectorRecord>> {
        let filter = self.within_view(filter)?;
        self.store()?.read(move |tx| fitting(tx, &filter)).await
    }
}

fn view(record: &ConnectorRecord, done: bool, problem: Option<String>) -> BulkConnectorView {
    BulkConnectorView {
        code: record.code.clone(),
        name: record.name.clone(),
        done,
        state: record.state,
        class: None,
        problem,
    }
}

/// One that could not be done fails alone; a file that was locked meanwhile ends it all.
fn of_act(record: &ConnectorRecord, outcome: Result<HealthState>) -> Result<BulkConnectorView> {
    match outcome {
        Ok(state) => Ok(BulkConnectorView {
            state,
            ..view(record, true, None)
        }),
        Err(error) if error.code() == Code::Locked => Err(error),
        Err(error) => Ok(view(record, false, Some(error.to_string()))),
    }
}

fn of_done(record: &ConnectorRecord, done: Done) -> BulkConnectorView {
    let (was, class, problem) = match done.how {
        How::Asked(failed) => {
            let (class, problem) = failed.unzip();
            (true, class, problem)
        }
        How::NotAsked(why) => (false, None, Some(why)),
        How::Offline => (
            false,
            Some(FailureClass::Offline),
            Some(
                "This computer has no network, or a sign-in page of the network is in between. \
                 Nothing of it is counted."
                    .to_owned(),
            ),
        ),
        How::Later => (
            false,
            Some(FailureClass::Cancelled),
            Some(
                Error::refused(
                    Code::Cancelled,
                    "stopped before its turn; nothing was changed",
                )
                .to_string(),
            ),
        ),
    };
    BulkConnectorView {
        class,
        state: done.health.map_or(record.state, |health| health.state),
        ..view(record, was, problem)
    }
}

//! The records of a plan under way: the federation's list page after page, or a file; each batch is mapped and decided.

use std::sync::Arc;

use super::fetching::{Making, NoPlan, Source, SyncProgress, TOGETHER};
use super::file::{self, MemberFile};
use crate::api::circuit::Caller;
use crate::api::paging::anomaly::PagingAnomaly;
use crate::api::paging::list_error::ListError;
use crate::members::Mapped;
use crate::store::sync_run::AskedBy;

impl Making {
    /// Reads the records to their end; whether they may say that somebody has left.
    pub(super) async fn fetch(&mut self) -> Result<bool, NoPlan> {
        match &self.source {
            Source::Federation => self.fetch_list().await,
            Source::File(file) => {
                let file = file.clone();
                self.read_file(file).await
            }
        }
    }

    async fn read_file(&mut self, file: MemberFile) -> Result<bool, NoPlan> {
        let is_whole_list = file.is_whole_list;
        let mut records = file::records(file);
        while let Some(batch) = records.next().await {
            if self.cancel.is_cancelled() {
                return Err(NoPlan::List(ListError::Cancelled));
            }
            self.run.fetched += batch.len() as u64;
            self.run.page = 1;
            let mapped = batch.iter().map(|record| self.mapper.map(record)).collect();
            self.decide(mapped).await?;
            (self.progress)(SyncProgress {
                fetched: self.run.fetched,
                page: 1,
                expected: None,
            });
        }
        let facts = records.end().await?.map_err(NoPlan::File)?;
        if facts.skipped_rows > 0 {
            let rows = facts.skipped_rows;
            self.anomalies.push(PagingAnomaly::RowsLeftOut { rows });
        }
        Ok(is_whole_list && facts.skipped_rows == 0)
    }

    /// Reads the federation's list.
    async fn fetch_list(&mut self) -> Result<bool, NoPlan> {
        let caller = match self.run.asked_by {
            AskedBy::Person => Caller::Person,
            AskedBy::Schedule => Caller::Schedule,
        };
        let connection = Arc::clone(&self.ground.connection);
        let mut pages = self
            .app
            .records_of_run(
                &self.ground.settings.code,
                Some(&connection.federation_org_id),
                caller,
                self.cancel.clone(),
            )
            .await?;
        let mut waiting: Vec<Mapped> = Vec::with_capacity(TOGETHER);
        while let Some(batch) = pages.next_batch().await.map_err(NoPlan::List)? {
            self.run.fetched += batch.records.len() as u64;
            self.run.page = self.run.page.max(batch.page);
            self.anomalies.extend(batch.notes);
            waiting.extend(batch.records.iter().map(|record| self.mapper.map(record)));
            if waiting.len() >= TOGETHER {
                self.decide(std::mem::take(&mut waiting)).await?;
            }
            (self.progress)(SyncProgress {
                fetched: self.run.fetched,
                page: self.run.page,
                expected: pages.expected(),
            });
        }
        if !waiting.is_empty() {
            self.decide(waiting).await?;
        }
        Ok(pages.is_complete())
    }
}

//! The first records of a list or a file, to try a template with. They are the caller's, and nothing here keeps one.

use std::ops::ControlFlow;

use tokio_util::sync::CancellationToken;

use super::file::{self, Columns};
use crate::api::circuit::Caller;
use crate::api::paging::list_error::ListError;
use crate::api::records::Record;
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::members::Template;

impl App {
    /// The first records of a club's list.
    pub(in crate::app) async fn first_records(
        &self,
        code: &str,
        org: &str,
        most: usize,
    ) -> Result<Vec<Record>> {
        let ground = self.ground(code, org).await?;
        let cancel = CancellationToken::new();
        let club = ground.connection.federation_org_id.clone();
        let mut pages = self
            .records(
                &ground.settings.code,
                Some(&club),
                Caller::Person,
                cancel.clone(),
            )
            .await?;
        let mut records = Vec::new();
        while records.len() < most {
            match pages.next_batch().await {
                Ok(Some(batch)) => records.extend(batch.records),
                Ok(None) => break,
                Err(ListError::Request { source, .. }) => return Err(self.of_federation(source)),
                Err(other) => return Err(Error::refused(Code::BadAnswer, other.to_string())),
            }
        }
        cancel.cancel();
        records.truncate(most);
        Ok(records)
    }
}

/// The first rows of a file.
pub(in crate::app) fn first_rows(bytes: &[u8], most: usize) -> Result<Vec<Record>> {
    let mut records = Vec::with_capacity(most);
    let read = file::read(bytes, &mut |record| {
        records.push(file::plain(record));
        if records.len() < most {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    match read {
        // Stopped because there were enough.
        Err(_) if records.len() >= most => Ok(records),
        Err(finding) => Err(file::unreadable(finding)),
        Ok(_) => Ok(records),
    }
}

/// The rows of a file with the names of their columns as a template writes them.
pub(in crate::app) fn named(template: &Template, rows: Vec<Record>) -> Vec<Record> {
    let columns = Columns::of(template);
    rows.into_iter().map(|row| columns.named(row)).collect()
}

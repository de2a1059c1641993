//! The list of a connector as a stream of records, whatever system it comes from.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::App;
use crate::api::circuit::Caller;
use crate::api::paging::stream::{ListPlan, Pages};
use crate::api::request::ApiClient;
use crate::error::Result;

impl App {
    /// The membership list of a connector, page after page. `organisation` is a club's id at the
    /// federation, where the address needs one. Dropping the pages, or `cancel`, stops all that they have asked for.
    ///
    /// # Errors
    /// Where the connector cannot be asked at all; what happens on the way comes with the batches.
    pub async fn records(
        &self,
        code: &str,
        organisation: Option<&str>,
        caller: Caller,
        cancel: CancellationToken,
    ) -> Result<Pages> {
        self.see_members()?;
        let client = self.api_client(code, caller).await?;
        Ok(pages(client, organisation, cancel))
    }

    /// As [`App::records`], for a run, which enters its failure in the error log itself.
    pub(super) async fn records_of_run(
        &self,
        code: &str,
        organisation: Option<&str>,
        caller: Caller,
        cancel: CancellationToken,
    ) -> Result<Pages> {
        let client = self.api_client(code, caller).await?;
        Ok(pages(client.with_source(None), organisation, cancel))
    }
}

fn pages(client: ApiClient, organisation: Option<&str>, cancel: CancellationToken) -> Pages {
    let plan = ListPlan::of(client.settings(), organisation);
    let client = client.with_cancellation(cancel.clone());
    Pages::new(Arc::new(client), plan, cancel)
}

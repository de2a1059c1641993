//! A body that is read as it arrives, for lists of any length: [`Fetch`] as paging wants it. The head is asked for with
//! everything a request gets; once a body has begun it is not repeated here, because somebody has used its start.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::api::api_error::FederationApiError;
use crate::api::call::Call;
use crate::api::circuit::Outcome;
use crate::api::fetch::{Body, Fetch, FetchedPage, Fetching, NextBytes, PageRequest};
use crate::api::ledger::Ended;
use crate::api::noting::{Noting, announced};
use crate::api::request::{ApiClient, Head};
use crate::api::trouble::class_of;
use crate::api::wire::WireBody;
use crate::failure::Finding;

/// How many times the time limit of a request a body may take, while we wait for it and nobody else does.
const PATIENCE: u32 = 10;

impl Fetch for ApiClient {
    fn fetch(&self, request: PageRequest) -> Fetching<'_> {
        Box::pin(async move {
            let call = Call {
                method: Method::GET,
                // A link may lead to a host that the settings do not name: nobody is introduced there.
                with_proof: self.is_own_host(request.url.host_str()),
                url: request.url,
                template: self.streamed_template.to_string(),
                accept: request.accept.to_owned(),
                headers: HeaderMap::new(),
                body: None,
                repeatable_by_key: false,
                concerns: self.concerns,
                max_body: self.max_streamed,
                streamed: true,
                light: false,
                organisation: None,
            };
            let Head { answer, noting } = self.open(&call).await?;
            Ok(FetchedPage {
                status: answer.status,
                url: answer.url,
                body: Box::new(Streamed {
                    client: self.clone(),
                    left: u64::try_from(call.max_body).unwrap_or(u64::MAX),
                    too_large: announced(&answer.headers)
                        > u64::try_from(call.max_body).unwrap_or(u64::MAX),
                    body: Some(answer.body),
                    waited: Duration::ZERO,
                    noting,
                }),
                headers: answer.headers,
            })
        })
    }
}

struct Streamed {
    client: ApiClient,
    /// None once it has ended, well or not.
    body: Option<Box<dyn WireBody>>,
    noting: Noting,
    /// Bytes that may still come.
    left: u64,
    too_large: bool,
    /// Time spent waiting for pieces.
    waited: Duration,
}

impl Body for Streamed {
    fn next(&mut self) -> NextBytes<'_> {
        Box::pin(async move {
            let Some(mut body) = self.body.take() else {
                return Ok(None);
            };
            match self.piece(&mut *body).await {
                Ok(Some(piece)) => {
                    self.body = Some(body);
                    Ok(Some(piece))
                }
                Ok(None) => {
                    self.noting.end(None);
                    self.conclude(Outcome::Succeeded, Ended::default()).await;
                    Ok(None)
                }
                Err(finding) => Err(self.fail(finding).await),
            }
        })
    }
}

impl Streamed {
    async fn piece(&mut self, body: &mut dyn WireBody) -> Result<Option<Bytes>, Finding> {
        if self.too_large {
            return Err(Finding::AnswerTooLarge);
        }
        let limit = self.client.core.limits.total;
        let clock = &self.client.core.parts.clock;
        let from = clock.uptime();
        let piece = tokio::select! {
            biased;
            () = self.client.cancel.cancelled() => return Err(Finding::Cancelled),
            piece = tokio::time::timeout(limit, body.next()) => piece,
        };
        self.waited += clock.uptime().saturating_sub(from);
        if self.waited > limit * PATIENCE {
            // A byte now and then keeps nobody busy for ever.
            return Err(Finding::AnswerTimeout);
        }
        let Some(piece) = piece.unwrap_or(Err(Finding::AnswerTimeout))? else {
            return Ok(None);
        };
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.noting.attempt.bytes = self.noting.attempt.bytes.saturating_add(length);
        self.left = self
            .left
            .checked_sub(length)
            .ok_or(Finding::AnswerTooLarge)?;
        Ok(Some(piece))
    }

    async fn fail(&mut self, finding: Finding) -> FederationApiError {
        self.noting.end(Some(finding));
        let outcome = Outcome::Failed {
            class: class_of(finding),
            one_club: self.client.concerns.one_club(finding),
            probe: self.noting.probe,
        };
        let ended = Ended {
            finding: Some(finding),
            status: self.noting.attempt.status,
            endpoint: Some(self.client.streamed_template.to_string()),
            organisation: None,
            source: self.client.source,
        };
        self.conclude(outcome, ended).await;
        let attempt = &self.noting.attempt;
        self.client.failed(finding, attempt.status, attempt.number)
    }

    async fn conclude(&mut self, outcome: Outcome, ended: Ended) {
        let ledger = &self.client.core.parts.ledger;
        ledger.conclude(outcome, ended).await;
    }
}

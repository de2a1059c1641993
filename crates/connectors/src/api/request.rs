//! `request(endpoint, options)`: one answer from a federation, with everything a request gets (M5): proof, turn
//! in the minute, attempts, what the answer means, the books. It waits and repeats; what it decides by stands in
//! `retry`, `limiter`, `budget`, `rules` and `circuit`.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio_util::sync::CancellationToken;

use crate::api::address::RedactedUrl;
use crate::api::api_error::FederationApiError;
use crate::api::budget::RetryBudget;
use crate::api::call::{Call, Concerns, LIGHT_TURN, RequestOptions, STREAMED_BODY, call, recorded};
use crate::api::circuit::{Caller, Outcome};
use crate::api::ledger::{Ended, LimitNews};
use crate::api::limiter::NoTime;
use crate::api::noting::{Noting, read};
use crate::api::proof::{Proof, ProofId};
use crate::api::retry::{Failure, Next, RetryPolicy, after_failure, may_pass, spread};
use crate::api::retry_after::{Told, told};
use crate::api::rules::{ERROR_BODY, finding_of_head, meaning, need_body};
use crate::api::send::media_type;
use crate::api::trouble::{Seen, Trouble, class_of, plus};
use crate::api::wire::{WireAnswer, WireRequest};
use crate::failure::Finding;
use crate::settings::ConnectorSettings;
use crate::view::ErrorSource;

pub use crate::api::core::{ClientCore, ClientParts};
pub use crate::api::response::ApiResponse;

/// The client of one connector for one kind of caller. Cheap to clone; clones share connections, turns and budget.
#[derive(Clone)]
pub struct ApiClient {
    pub(super) core: Arc<ClientCore>,
    caller: Caller,
    pub(super) cancel: CancellationToken,
    pub(super) max_streamed: usize,
    pub(super) streamed_template: Arc<str>,
    pub(super) concerns: Concerns,
    pub(super) source: Option<ErrorSource>,
    limited: bool,
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("connector", &self.core.parts.settings.code)
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

/// An answer before its body was read as a stream.
pub(super) struct Head {
    pub(super) answer: WireAnswer,
    pub(super) noting: Noting,
}

/// What an attempt brought.
enum Brought {
    Whole(Box<ApiResponse>),
    Streamed(Box<Head>),
}

impl ApiClient {
    /// A client over a shared core.
    #[must_use]
    pub fn new(core: Arc<ClientCore>, caller: Caller) -> Self {
        Self {
            streamed_template: recorded(&core.parts.settings.endpoints.membership_list).into(),
            concerns: Concerns::of(&core.parts.settings.endpoints.membership_list),
            core,
            caller,
            cancel: CancellationToken::new(),
            max_streamed: STREAMED_BODY,
            source: Some(ErrorSource::Request),
            limited: true,
        }
    }

    /// The same client, stopped by `cancel`.
    #[must_use]
    pub fn with_cancellation(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same client with another cap, in bytes, for bodies that are read as they arrive.
    #[must_use]
    pub fn with_streamed_cap(mut self, max_body: usize) -> Self {
        self.max_streamed = max_body;
        self
    }

    /// The same client, whose failures are entered in the error log as coming from `source`; none where whoever uses it
    /// enters them himself, or each would be there twice.
    #[must_use]
    pub fn with_source(mut self, source: Option<ErrorSource>) -> Self {
        self.source = source;
        self
    }

    /// The same client without turns in the minute, for measurements against this computer.
    #[must_use]
    pub fn without_limit(mut self) -> Self {
        self.limited = false;
        self
    }

    /// The settings that the client was made for.
    pub fn settings(&self) -> &Arc<ConnectorSettings> {
        &self.core.parts.settings
    }

    /// Sends a request and reads the whole answer. `endpoint` is the name of a configured endpoint
    /// (`membership_list`, `member_detail`, `verify`) or a path below the base, with placeholders.
    pub async fn request(
        &self,
        endpoint: &str,
        options: RequestOptions,
    ) -> Result<ApiResponse, FederationApiError> {
        let call = call(self.settings(), endpoint, &options)
            .map_err(|finding| self.error(Trouble::unasked(finding), 0))?;
        self.send_whole(&call, &options.cancel).await
    }

    /// Sends a call that was made already, and reads the whole answer.
    pub(crate) async fn send_whole(
        &self,
        call: &Call,
        cancel: &CancellationToken,
    ) -> Result<ApiResponse, FederationApiError> {
        match self.run(call, cancel).await? {
            Brought::Whole(response) => Ok(*response),
            Brought::Streamed(_) => Err(self.error(Trouble::unasked(Finding::Internal), 0)),
        }
    }

    /// Sends a request and leaves the body to be read as it arrives.
    pub(super) async fn open(&self, call: &Call) -> Result<Head, FederationApiError> {
        match self.run(call, &CancellationToken::new()).await? {
            Brought::Streamed(head) => Ok(*head),
            Brought::Whole(_) => Err(self.error(Trouble::unasked(Finding::Internal), 0)),
        }
    }

    /// Whether credentials go along to this host.
    pub(super) fn is_own_host(&self, host: Option<&str>) -> bool {
        host.is_some_and(|host| self.core.hosts.contains(&host.to_lowercase()))
    }

    async fn run(
        &self,
        call: &Call,
        cancel: &CancellationToken,
    ) -> Result<Brought, FederationApiError> {
        let ledger = &self.core.parts.ledger;
        let sent = AtomicU32::new(0);
        let probe = ledger.permit(self.caller).await.map_err(|barred| {
            let trouble = Trouble {
                retry_at: barred.retry_at,
                message: Some(barred.message),
                class: Some(barred.class),
                ..Trouble::unasked(barred.finding)
            };
            self.error(trouble, 0)
        })?;
        let outcome = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Trouble::unasked(Finding::Cancelled)),
            () = self.cancel.cancelled() => Err(Trouble::unasked(Finding::Cancelled)),
            outcome = self.attempts(call, &sent) => outcome,
        };
        let attempts = sent.load(Ordering::Relaxed);
        match outcome {
            Ok(brought) => {
                if let Brought::Whole(_) = &brought {
                    ledger.conclude(Outcome::Succeeded, Ended::default()).await;
                }
                Ok(match brought {
                    Brought::Whole(mut response) => {
                        response.attempts = attempts;
                        Brought::Whole(response)
                    }
                    Brought::Streamed(mut head) => {
                        head.noting.probe = probe;
                        Brought::Streamed(head)
                    }
                })
            }
            Err(trouble) => {
                let class = class_of(trouble.finding);
                if !trouble.unasked && call.concerns.counts(class) {
                    let outcome = Outcome::Failed {
                        class,
                        one_club: call.concerns.one_club(trouble.finding),
                        probe,
                    };
                    ledger.conclude(outcome, self.ended(call, &trouble)).await;
                }
                Err(self.error(trouble, attempts))
            }
        }
    }

    fn ended(&self, call: &Call, trouble: &Trouble) -> Ended {
        let asked = !trouble.at_sign_in && call.concerns != Concerns::OnePath;
        Ended {
            finding: Some(trouble.finding),
            status: trouble.status,
            endpoint: asked.then(|| call.template.clone()),
            organisation: call.organisation.clone(),
            source: self.source.map(|source| match source {
                ErrorSource::Request if trouble.at_sign_in => ErrorSource::SignIn,
                other => other,
            }),
        }
    }

    /// Sends until something usable comes, or nothing more may be sent.
    async fn attempts(&self, call: &Call, sent: &AtomicU32) -> Result<Brought, Trouble> {
        let policy = RetryPolicy::of(&call.method, call.repeatable_by_key);
        let mut proof = if call.with_proof {
            Some(self.proof(None).await?)
        } else {
            None
        };
        let patience = RetryPolicy {
            max_attempts: if call.light { 1 } else { policy.max_attempts },
            ..policy
        };
        let mut replaced = false;
        loop {
            if call.light {
                // Others come first; it says nothing, and is made another time.
                tokio::time::timeout(LIGHT_TURN, self.take_turn())
                    .await
                    .unwrap_or(Err(Trouble::unasked(Finding::RateLimited)))?;
            } else {
                self.take_turn().await?;
            }
            let number = sent.fetch_add(1, Ordering::Relaxed) + 1;
            let seen = match self.once(call, proof.as_ref(), number).await {
                Ok(brought) => {
                    self.budget(|budget| budget.earn());
                    return Ok(brought);
                }
                Err(seen) => seen,
            };
            if seen.finding == Finding::Unauthorised
                && let Some(refused) = proof.as_ref().map(|proof| proof.id)
                && !replaced
            {
                // One that takes over, once. The refused one is replaced even where this request may not be
                // repeated, so that the next one has a good one.
                replaced = true;
                match self.proof(Some(refused)).await {
                    Ok(other) if policy.repeatable && number < policy.max_attempts => {
                        proof = Some(other);
                        continue;
                    }
                    // A sign-in that has ended says more than the 401.
                    Err(trouble) if matches!(refused, ProofId::Token(_)) => return Err(trouble),
                    Ok(_) | Err(_) => {}
                }
            }
            self.after(&patience, number, seen).await?;
        }
    }

    /// Waits for the next attempt, or gives up.
    async fn after(&self, policy: &RetryPolicy, number: u32, seen: Seen) -> Result<(), Trouble> {
        let now = self.core.parts.clock.now();
        let chance = self.chance();
        let failure = Failure {
            finding: seen.finding,
            told: seen.told,
        };
        if let Told::After { ms } = seen.told
            && may_pass(seen.finding)
        {
            // It holds for every request of the connector, whoever makes it.
            self.pause(spread(ms, chance)).await;
        }
        let give_up = |retry_at| Trouble {
            finding: seen.finding,
            status: seen.status,
            retry_at,
            message: None,
            class: None,
            unasked: false,
            at_sign_in: false,
        };
        match after_failure(policy, number - 1, &failure, now, chance) {
            Next::GiveUp { retry_at } => Err(give_up(retry_at)),
            Next::Again { wait_ms, .. } => {
                if !self.budget(RetryBudget::spend) {
                    let retry_at = match seen.told {
                        Told::After { ms } => Some(plus(now, ms)),
                        Told::Nothing => None,
                    };
                    return Err(give_up(retry_at));
                }
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                Ok(())
            }
        }
    }

    /// Waits for a turn in the minute.
    async fn take_turn(&self) -> Result<(), Trouble> {
        let parts = &self.core.parts;
        let Some(limiter) = parts.limiter.as_ref().filter(|_| self.limited) else {
            return Ok(());
        };
        limiter
            .wait(&*parts.ledger, &*parts.clock)
            .await
            .map_err(|none| match none {
                NoTime::Paused(until) => Trouble {
                    retry_at: Some(until),
                    ..Trouble::unasked(Finding::RateLimited)
                },
                NoTime::Failed(finding) => Trouble::unasked(finding),
            })
    }

    async fn pause(&self, ms: u64) {
        let parts = &self.core.parts;
        if let Some(limiter) = &parts.limiter {
            limiter.pause_for(ms, &*parts.clock);
        }
        let news = LimitNews {
            per_minute: None,
            pause_ms: Some(ms),
        };
        parts.ledger.learn(news).await;
    }

    async fn proof(&self, refused: Option<ProofId>) -> Result<Proof, Trouble> {
        let proof = self.core.parts.proofs.proof(refused).await;
        proof.map_err(|refusal| Trouble {
            finding: refusal.finding,
            status: refusal.status,
            retry_at: refusal
                .retry_after
                .map(|seconds| plus(self.core.parts.clock.now(), seconds.saturating_mul(1_000))),
            message: None,
            class: None,
            // Where the store could not be read, nobody was asked.
            unasked: refusal.finding == Finding::Internal,
            at_sign_in: true,
        })
    }

    /// Sends once and makes sense of what comes.
    async fn once(&self, call: &Call, proof: Option<&Proof>, number: u32) -> Result<Brought, Seen> {
        let parts = &self.core.parts;
        let mut noting = Noting::start(&self.core, call, number);
        let request = WireRequest {
            method: call.method.clone(),
            url: call.url.clone(),
            accept: call.accept.clone(),
            headers: call.headers.clone(),
            authentication: proof.map_or_else(
                || Arc::clone(&self.core.nobody),
                |proof| Arc::clone(&proof.authentication),
            ),
            body: call.body.clone(),
            streamed: call.streamed,
        };
        let exchange = parts.wire.exchange(request);
        let answer = if call.streamed {
            // The library's own limit would be one for the whole body.
            tokio::time::timeout(self.core.limits.total, exchange)
                .await
                .unwrap_or(Err(Finding::AnswerTimeout))
        } else {
            exchange.await
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(finding) => {
                noting.end(Some(finding));
                return Err(Seen::only(finding));
            }
        };
        let status = answer.status;
        noting.attempt.status = Some(status);
        self.learn(&answer.headers).await;
        let rules = &parts.settings.errors;
        let by_status = finding_of_head(status, &answer.headers);
        if by_status.is_none() && call.streamed {
            return Ok(Brought::Streamed(Box::new(Head { answer, noting })));
        }
        let seen = |finding, headers: &HeaderMap| Seen {
            finding,
            status: Some(status),
            told: told(headers, parts.clock.now()),
        };
        let Some(by_status) = by_status else {
            let body = match read(&mut answer, call.max_body, &mut noting).await {
                Ok(body) => body,
                Err(finding) => {
                    noting.end(Some(finding));
                    return Err(seen(finding, &answer.headers));
                }
            };
            if let Some(finding) = meaning(rules, status, &body) {
                noting.end(Some(finding));
                return Err(seen(finding, &answer.headers));
            }
            let ms = noting.end(None);
            return Ok(Brought::Whole(Box::new(ApiResponse {
                status,
                content_type: media_type(&answer.headers),
                headers: answer.headers,
                body,
                ms,
                attempts: number,
                url: RedactedUrl::new(answer.url),
            })));
        };
        let body = if need_body(rules, status) {
            read(&mut answer, ERROR_BODY, &mut noting)
                .await
                .unwrap_or_default()
        } else {
            Bytes::new()
        };
        let finding = meaning(rules, status, &body).unwrap_or(by_status);
        noting.end(Some(finding));
        Err(seen(finding, &answer.headers))
    }

    fn budget<T>(&self, work: impl FnOnce(&mut RetryBudget) -> T) -> T {
        work(
            &mut self
                .core
                .budget
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// A number by chance. Without a generator everybody waits the longest: polite, and in step.
    pub(super) fn chance(&self) -> u32 {
        let mut bytes = [0_u8; 4];
        match self.core.parts.random.fill(&mut bytes) {
            Ok(()) => u32::from_le_bytes(bytes),
            Err(_) => u32::MAX,
        }
    }

    pub(super) fn failed(
        &self,
        finding: Finding,
        status: Option<u16>,
        attempts: u32,
    ) -> FederationApiError {
        let trouble = Trouble {
            status,
            ..Trouble::unasked(finding)
        };
        self.error(trouble, attempts)
    }

    fn error(&self, trouble: Trouble, attempts: u32) -> FederationApiError {
        trouble.told(self.settings(), self.core.parts.clock.now(), attempts)
    }
}

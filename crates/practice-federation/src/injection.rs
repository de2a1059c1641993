//! Carries faults out. [`FaultTable::decide`] says what happens to a request, counting as it goes;
//! [`inject`] does it around the real answer. Faults on lists are left to the list endpoints, which
//! learn of them through [`ListShape`], so that credentials are checked first.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures_util::stream;

use crate::connection::ResetSwitch;
use crate::faults::{Fault, FaultKind, FaultReport};
use crate::oauth::{AUTHORIZE_PATH, hostile};
use crate::oauth_faults::{RedirectFault, TokenFault};
use crate::problem::Problem;
use crate::router::is_control;
use crate::state::Shared;

/// What a list endpoint shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListShape {
    AsItIs,
    Empty,
    NotAList,
    NotObjects,
}

/// What happens to one request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Milliseconds to wait first: the sum of all delays that match.
    pub(crate) delay: u64,
    /// The first other fault that matches.
    pub(crate) spoil: Option<FaultKind>,
}

/// The faults that are set, in the order they were set.
#[derive(Debug, Default)]
pub(crate) struct FaultTable {
    last_id: u64,
    entries: Vec<FaultReport>,
}

impl FaultTable {
    pub(crate) fn add(&mut self, fault: Fault) -> u64 {
        self.last_id += 1;
        self.entries.push(FaultReport {
            id: self.last_id,
            fault,
            passed: 0,
            hits: 0,
        });
        self.last_id
    }

    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        self.entries.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn reports(&self) -> Vec<FaultReport> {
        self.entries.clone()
    }

    /// Decides about a request for `path`. Every delay that matches is added up; of the others the
    /// first that matches acts, and those behind it wait their turn uncounted.
    pub(crate) fn decide(&mut self, path: &str) -> Verdict {
        let mut verdict = Verdict::default();
        for entry in &mut self.entries {
            let fault = &entry.fault;
            let delay = if let FaultKind::Delay(milliseconds) = fault.kind {
                milliseconds
            } else {
                0
            };
            let preempted = delay == 0 && verdict.spoil.is_some();
            if preempted || !fault.kind.concerns(path) || !entry.hits_at(path) {
                continue;
            }
            if delay > 0 {
                verdict.delay = verdict.delay.saturating_add(delay);
            } else {
                verdict.spoil = Some(entry.fault.kind);
            }
        }
        verdict
    }

    /// Decides about a way back from the authorization endpoint to a client: the first fault that
    /// matches.
    pub(crate) fn decide_redirect(&mut self) -> Option<RedirectFault> {
        self.entries.iter_mut().find_map(|entry| {
            let FaultKind::Authorize(fault) = entry.fault.kind else {
                return None;
            };
            entry.hits_at(AUTHORIZE_PATH).then_some(fault)
        })
    }
}

impl FaultReport {
    /// True if the fault hits this request; counts it as hit or as passed.
    fn hits_at(&mut self, path: &str) -> bool {
        let elsewhere = self
            .fault
            .path_prefix
            .as_ref()
            .is_some_and(|it| !path.starts_with(it));
        if elsewhere || self.is_used_up() {
            return false;
        }
        if self.passed < self.fault.skip {
            self.passed += 1;
            return false;
        }
        self.hits = self.hits.saturating_add(1);
        true
    }
}

/// Answers a request, spoiled as the faults demand.
pub(crate) async fn inject(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(switch): ConnectInfo<ResetSwitch>,
    mut request: Request,
    next: Next,
) -> Response {
    if is_control(request.uri().path()) {
        return next.run(request).await;
    }
    let verdict = shared.faults().decide(request.uri().path());
    if verdict.delay > 0 {
        tokio::time::sleep(Duration::from_millis(verdict.delay)).await;
    }
    let shape = match verdict.spoil {
        Some(FaultKind::EmptyList) => ListShape::Empty,
        Some(FaultKind::NotAList) => ListShape::NotAList,
        Some(FaultKind::NotObjects) => ListShape::NotObjects,
        _ => ListShape::AsItIs,
    };
    request.extensions_mut().insert(shape);
    let token_fault = match verdict.spoil {
        Some(FaultKind::Token(fault)) => Some(fault),
        _ => None,
    };
    request.extensions_mut().insert(token_fault);
    match verdict.spoil {
        Some(FaultKind::Status { code, retry_after }) => failure(code, retry_after),
        Some(FaultKind::Reset) => {
            switch.flip();
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Some(FaultKind::Html) => Html(include_str!("login.html")).into_response(),
        Some(FaultKind::Revoke(code)) => failure(code, None),
        Some(FaultKind::Token(TokenFault::Redirect)) => hostile::elsewhere(request.headers()),
        Some(FaultKind::Token(TokenFault::Lost)) => {
            let answer = next.run(request).await;
            switch.flip();
            answer
        }
        Some(FaultKind::Token(fault)) => hostile::spoil(fault, next.run(request).await).await,
        Some(FaultKind::Cut) => cut(next.run(request).await).await,
        Some(FaultKind::TruncatedJson) => truncated(next.run(request).await).await,
        _ => next.run(request).await,
    }
}

fn failure(code: u16, retry_after: Option<u32>) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response =
        Problem::new(status, "A fault was set on the practice federation.").into_response();
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Announces the whole length, sends half and breaks the connection.
pub(crate) async fn cut(response: Response) -> Response {
    let (mut parts, bytes) = whole(response).await;
    let half = bytes.slice(..bytes.len() / 2);
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let body = Body::from_stream(stream::unfold(Some(half), |left| async {
        match left {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            Some(_) => {
                // One turn of the scheduler lets the connection flush head and half first.
                tokio::task::yield_now().await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
            }
            None => None,
        }
    }));
    Response::from_parts(parts, body)
}

async fn truncated(response: Response) -> Response {
    let (mut parts, bytes) = whole(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)))
}

pub(crate) async fn whole(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    // Our own answers are whole in memory already, so reading them cannot fail.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (parts, bytes)
}

//! An attempt while it is made: what of it is recorded however it ends, and the reading of a body with a cap.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_LENGTH, HeaderMap};

use crate::api::call::{Call, Concerns};
use crate::api::core::ClientCore;
use crate::api::ledger::Attempt;
use crate::api::wire::WireAnswer;
use crate::failure::Finding;

/// An attempt that is being made. It is recorded however it ends; dropped before its end, as cancelled.
pub(super) struct Noting {
    core: Arc<ClientCore>,
    pub(super) attempt: Attempt,
    pub(super) probe: bool,
    concerns: Concerns,
    started: Duration,
    ended: bool,
}

impl Noting {
    pub(super) fn start(core: &Arc<ClientCore>, call: &Call, number: u32) -> Self {
        Self {
            attempt: Attempt {
                at: core.parts.clock.now(),
                endpoint: call.template.clone(),
                method: call.method.as_str().to_owned(),
                status: None,
                finding: None,
                ms: 0,
                bytes: 0,
                number,
                aside: false,
            },
            concerns: call.concerns,
            probe: false,
            started: core.parts.clock.uptime(),
            ended: false,
            core: Arc::clone(core),
        }
    }

    /// Records it, and says how long it took in milliseconds.
    pub(super) fn end(&mut self, finding: Option<Finding>) -> u64 {
        let took = self.core.parts.clock.uptime().saturating_sub(self.started);
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if !self.ended {
            self.ended = true;
            let (status, number) = (self.attempt.status, self.attempt.number);
            let mut ended = std::mem::take(&mut self.attempt);
            ended.ms = ms;
            ended.finding = finding;
            ended.aside = finding.is_some_and(|finding| self.concerns.stands_aside(finding));
            self.core.parts.ledger.note(ended);
            // What an error still says about it.
            self.attempt.status = status;
            self.attempt.number = number;
        }
        ms
    }
}

impl Drop for Noting {
    fn drop(&mut self) {
        self.end(Some(Finding::Cancelled));
    }
}

/// Reads a body with a cap on its unpacked bytes: a small answer may unpack to gigabytes.
pub(super) async fn read(
    answer: &mut WireAnswer,
    max_body: usize,
    noting: &mut Noting,
) -> Result<Bytes, Finding> {
    if announced(&answer.headers) > u64::try_from(max_body).unwrap_or(u64::MAX) {
        return Err(Finding::AnswerTooLarge);
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(piece) = answer.body.next().await? {
        noting.attempt.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        if noting.attempt.bytes > u64::try_from(max_body).unwrap_or(u64::MAX) {
            return Err(Finding::AnswerTooLarge);
        }
        if first.is_empty() && whole.is_empty() {
            first = piece;
        } else {
            if whole.is_empty() {
                whole.extend_from_slice(&std::mem::take(&mut first));
            }
            whole.extend_from_slice(&piece);
        }
    }
    Ok(if whole.is_empty() {
        first
    } else {
        whole.freeze()
    })
}

/// The length that a body is said to have, 0 where nothing is said.
pub(super) fn announced(headers: &HeaderMap) -> u64 {
    headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .unwrap_or(0)
}

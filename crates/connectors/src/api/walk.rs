//! The six steps of a test as they are told: one after another, each timed, each stopped at once
//! when the person says so. What a step does is its caller's.

use std::future::Future;

use tokio_util::sync::CancellationToken;

use crate::api::send::SendFailure;
use crate::api::sentences::fact;
use crate::clock::Stopwatch;
use crate::failure::Finding;
use crate::view::{StepName, TestStepView};

/// How many there are.
pub(crate) const STEP_COUNT: usize = 6;

const STEPS: [StepName; STEP_COUNT] = [
    StepName::Dns,
    StepName::Tcp,
    StepName::Tls,
    StepName::Auth,
    StepName::Endpoint,
    StepName::Record,
];

/// Why a step failed.
#[derive(Debug, Default)]
pub(crate) struct Failure {
    /// What was seen.
    pub(crate) finding: Option<Finding>,
    /// HTTP status, where there was one.
    pub(crate) status: Option<u16>,
    /// Seconds until it may be tried again.
    pub(crate) retry_after: Option<u64>,
    /// Host that was spoken to, where it is not the base's.
    pub(crate) host: Option<String>,
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self {
            finding: Some(finding),
            ..Self::default()
        }
    }
}

impl From<SendFailure> for Failure {
    fn from(failure: SendFailure) -> Self {
        Self {
            status: failure.status,
            ..failure.finding.into()
        }
    }
}

/// The steps so far and who hears of them.
pub(crate) struct Walk<'a, F> {
    steps: Vec<TestStepView>,
    cancel: &'a CancellationToken,
    on_step: F,
}

impl<'a, F: FnMut(&TestStepView) + Send> Walk<'a, F> {
    /// Nothing has been tried yet.
    pub(crate) fn new(cancel: &'a CancellationToken, on_step: F) -> Self {
        Self {
            steps: Vec::with_capacity(STEPS.len()),
            cancel,
            on_step,
        }
    }

    /// All six steps; those that were not reached are told as not tried.
    pub(crate) fn finish(mut self) -> Vec<TestStepView> {
        for name in &STEPS[self.steps.len()..] {
            self.push(TestStepView {
                name: *name,
                ok: None,
                ms: None,
                detail: "Not tried".to_owned(),
            });
        }
        self.steps
    }

    /// One step: timed, and given up at once when the person stops the test.
    pub(crate) async fn step<T>(
        &mut self,
        act: impl Future<Output = Result<(T, String), Failure>> + Send,
    ) -> Result<T, Failure> {
        let stopwatch = Stopwatch::start();
        let outcome = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Finding::Cancelled.into()),
            outcome = act => outcome,
        };
        let (ok, detail, outcome) = match outcome {
            Ok((value, detail)) => (true, detail, Ok(value)),
            Err(failure) => {
                let finding = failure.finding.unwrap_or(Finding::Internal);
                (false, fact(finding, failure.status), Err(failure))
            }
        };
        self.push(TestStepView {
            name: STEPS[self.steps.len()],
            ok: Some(ok),
            ms: Some(stopwatch.elapsed_ms()),
            detail,
        });
        outcome
    }

    fn push(&mut self, step: TestStepView) {
        tracing::debug!(name = ?step.name, ok = step.ok, ms = step.ms, "step of a test");
        (self.on_step)(&step);
        self.steps.push(step);
    }
}

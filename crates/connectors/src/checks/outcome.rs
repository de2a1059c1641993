//! What a check came to: of a call of its own, of traffic that proved the same, and of a test that a person made.

use crate::api::call::{Concerns, recorded};
use crate::api::circuit;
use crate::failure::{FailureClass, Finding};
use crate::settings::ConnectorSettings;
use crate::store::attempt::AttemptRecord;
use crate::view::{BeatOutcome, BeatView, StepName, TestReportView};

/// An answer that took so long, in milliseconds, was slow: 5 seconds.
pub const SLOW_MS: u64 = 5_000;

/// What one attempt says about its connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What was seen; none where it was answered well.
    pub finding: Option<Finding>,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// Milliseconds.
    pub ms: u64,
    /// Which attempt of its request, from 1.
    pub number: u32,
}

/// The outcome of what was seen; none where it says nothing about the connector (somebody stopped it). `one_club`: a refusal
/// is one club's own. Such a club was answered, and so was the connector.
#[must_use]
pub fn of(seen: &Seen, one_club: bool) -> Option<BeatOutcome> {
    match seen.finding.and_then(Finding::class) {
        Some(FailureClass::Offline) => return Some(BeatOutcome::Offline),
        Some(FailureClass::Cancelled | FailureClass::Locked) => return None,
        Some(class) if circuit::counts(class, one_club) => return Some(BeatOutcome::Failed),
        None | Some(_) => {}
    }
    Some(if seen.ms >= SLOW_MS || seen.number > 1 {
        BeatOutcome::Slow
    } else {
        BeatOutcome::Answered
    })
}

/// The check that `seen` at `at` stands for.
#[must_use]
pub fn beat(seen: &Seen, one_club: bool, at: i64, by_traffic: bool) -> Option<BeatView> {
    let outcome = of(seen, one_club)?;
    Some(BeatView {
        at,
        outcome,
        // Of what nobody answered there is no time of an answer.
        ms: seen
            .status
            .map(|_| u32::try_from(seen.ms).unwrap_or(u32::MAX)),
        http_status: seen.status,
        finding: seen.finding,
        by_traffic,
    })
}

/// The check that an attempt of anybody stands for; none where it says nothing about the connector: it was stopped, this
/// computer was offline, or somebody's own path was refused.
#[must_use]
pub fn by_traffic(settings: &ConnectorSettings, attempt: &AttemptRecord) -> Option<BeatView> {
    let concerns = concerns(settings, &attempt.endpoint);
    let class = attempt.finding.and_then(Finding::class);
    if class.is_some_and(|class| class == FailureClass::Offline || !concerns.counts(class)) {
        return None;
    }
    let one_club = attempt
        .finding
        .is_some_and(|finding| concerns.one_club(finding));
    let seen = Seen {
        finding: attempt.finding,
        status: attempt.status,
        ms: attempt.ms,
        number: attempt.number,
    };
    beat(&seen, one_club, attempt.at.0, true)
}

/// The check that a test stands for that ended at `at`; none where it was stopped.
#[must_use]
pub fn of_test(report: &TestReportView, one_club: bool, at: i64) -> Option<BeatView> {
    // What the federation took for its first answer.
    let answered = report
        .steps
        .iter()
        .find(|step| step.name == StepName::Auth && step.ok == Some(true));
    let seen = Seen {
        finding: report.finding.filter(|finding| finding.class().is_some()),
        status: report.status.or(answered.map(|_| 200)),
        ms: answered.and_then(|step| step.ms).unwrap_or(0),
        number: 1,
    };
    let beat = beat(&seen, one_club, at, false)?;
    Some(BeatView {
        ms: beat.ms.filter(|_| answered.is_some()),
        http_status: report.status,
        ..beat
    })
}

/// What an attempt at this address was about.
fn concerns(settings: &ConnectorSettings, endpoint: &str) -> Concerns {
    let endpoints = &settings.endpoints;
    let configured = [
        Some(&endpoints.membership_list),
        endpoints.member_detail.as_ref(),
        endpoints.verify.as_ref(),
        endpoints.organisation.as_ref(),
    ];
    configured
        .into_iter()
        .flatten()
        .find(|template| recorded(template) == endpoint)
        .map_or(Concerns::OnePath, |template| Concerns::of(template))
}

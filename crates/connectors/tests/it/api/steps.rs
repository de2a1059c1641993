//! What is asserted about the six steps of every report.

use connectors::failure::Finding;
use connectors::view::{StepName, TestReportView};

const ORDER: [StepName; 6] = [
    StepName::Dns,
    StepName::Tcp,
    StepName::Tls,
    StepName::Auth,
    StepName::Endpoint,
    StepName::Record,
];

/// Asserts that exactly this step failed with this finding.
#[track_caller]
pub(crate) fn fails_at(report: &TestReportView, step: StepName, finding: Finding, case: &str) {
    assert_eq!(report.finding, Some(finding), "{case}: {report:#?}");
    assert_eq!(
        report.class,
        finding.class(),
        "{case}: the class follows the finding"
    );
    assert!(!report.ok, "{case}: a failed step fails the test");
    assert!(
        !report.title.is_empty() && !report.fix.is_empty(),
        "{case}: has words"
    );
    let names: Vec<StepName> = report.steps.iter().map(|step| step.name).collect();
    assert_eq!(names, ORDER, "{case}: always the six steps in order");
    let at = ORDER.iter().position(|name| *name == step).unwrap();
    for (number, step) in report.steps.iter().enumerate() {
        let expected = match number.cmp(&at) {
            std::cmp::Ordering::Less => Some(true),
            std::cmp::Ordering::Equal => Some(false),
            std::cmp::Ordering::Greater => None,
        };
        assert_eq!(step.ok, expected, "{case}: step {:?}", step.name);
        assert_eq!(
            step.ms.is_some(),
            expected.is_some(),
            "{case}: milliseconds exactly where it was tried, {:?}",
            step.name
        );
        if expected.is_none() {
            assert_eq!(step.detail, "Not tried", "{case}: says so");
        }
    }
}

#[track_caller]
pub(crate) fn detail(report: &TestReportView, step: StepName) -> &str {
    let step = report.steps.iter().find(|s| s.name == step).unwrap();
    &step.detail
}

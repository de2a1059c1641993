//! `fedctl schedule` and `fedctl sync run-due`: when clubs sync by themselves, and doing what is due.

use connectors::CancellationToken;
use connectors::view::{
    DueOutcome, DueOutcomeView, MissedPolicy, SchedulePolicy, SchedulePolicyRequest,
    ScheduleSetRequest, ScheduleView,
};

use super::schedule_text;
use crate::arguments::{AnswerWord, MissedWord, PolicyWord, ScheduleCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::stopping;

pub(super) async fn run(command: ScheduleCommand, context: &Context) -> Outcome {
    let app = context.open().await?;
    let shown = match command {
        ScheduleCommand::Show(whose) => {
            let shown = app.schedule_show(&whose.code, whose.org.as_deref()).await?;
            let output = context.output;
            output.result(&shown, || schedule_text::schedule(output, &shown))?;
            return Ok(Exit::DONE);
        }
        ScheduleCommand::Set {
            whose,
            cron,
            zone,
            off,
            inherit: _,
        } => {
            let request = match cron {
                Some(schedule) => ScheduleSetRequest::On {
                    schedule,
                    time_zone: zone,
                },
                None if off => ScheduleSetRequest::Off,
                None => ScheduleSetRequest::Inherit,
            };
            app.schedule_set(&whose.code, whose.org.as_deref(), request)
                .await?
        }
        ScheduleCommand::Policy {
            whose,
            policy,
            missed,
        } => {
            let request = SchedulePolicyRequest {
                policy: policy.map(policy_of),
                missed: missed.map(missed_of),
            };
            app.schedule_policy(&whose.code, whose.org.as_deref(), request)
                .await?
        }
        ScheduleCommand::Answer { code, org, answer } => {
            app.schedule_answer(&code, &org, answer == AnswerWord::Run)
                .await?
        }
    };
    confirm(&shown, context)?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

fn confirm(shown: &ScheduleView, context: &Context) -> Result<(), Failure> {
    let output = context.output;
    output.confirmation(shown, || schedule_text::schedule(output, shown))
}

pub(super) async fn run_due(context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let done = app.sync_run_due(|_| {}, cancel.clone()).await?;
        output.result(&done, || schedule_text::due(output, &done))?;
        if done.iter().any(|one| one.outcome == DueOutcome::Applied) {
            context.after_change(app).await;
        }
        Ok(of_due(&done))
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

/// A plan that waits is what was asked for; a club that failed or is stopped is not.
fn of_due(done: &[DueOutcomeView]) -> Exit {
    let went_wrong = |one: &DueOutcomeView| {
        matches!(
            one.outcome,
            DueOutcome::Failed | DueOutcome::Cancelled | DueOutcome::Stopped
        )
    };
    if done.iter().any(went_wrong) {
        Exit::PARTLY
    } else {
        Exit::DONE
    }
}

fn policy_of(word: PolicyWord) -> SchedulePolicy {
    match word {
        PolicyWord::PreviewOnly => SchedulePolicy::PreviewOnly,
        PolicyWord::ApplySafe => SchedulePolicy::ApplySafe,
    }
}

fn missed_of(word: MissedWord) -> MissedPolicy {
    match word {
        MissedWord::OnceOnWake => MissedPolicy::OnceOnWake,
        MissedWord::Skip => MissedPolicy::Skip,
        MissedWord::Ask => MissedPolicy::Ask,
    }
}

#[cfg(test)]
mod tests {
    use connectors::view::{DueOutcome, DueOutcomeView};

    use super::of_due;
    use crate::exit::Exit;

    fn club(outcome: DueOutcome) -> DueOutcomeView {
        DueOutcomeView {
            code: "football".to_owned(),
            org: "ballyduff".to_owned(),
            name: "Ballyduff".to_owned(),
            outcome,
            missed: 0,
            run_id: None,
            counts: None,
            retry_at: None,
            error: None,
            message: None,
        }
    }

    #[test]
    fn a_club_that_went_wrong_is_told_to_a_script() {
        for (outcome, exit) in [
            (DueOutcome::Applied, Exit::DONE),
            (DueOutcome::Waits, Exit::DONE),
            (DueOutcome::Skipped, Exit::DONE),
            (DueOutcome::Asked, Exit::DONE),
            (DueOutcome::Failed, Exit::PARTLY),
            (DueOutcome::Cancelled, Exit::PARTLY),
            (DueOutcome::Stopped, Exit::PARTLY),
        ] {
            let done = [club(DueOutcome::Applied), club(outcome)];
            assert_eq!(of_due(&done), exit, "{outcome:?}");
        }
        assert_eq!(of_due(&[]), Exit::DONE, "nothing was due");
    }
}

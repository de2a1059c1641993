//! Schedules, and what became of what was due, for people.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::view::{
    ClockChange, DueOutcome, DueOutcomeView, MissedPolicy, NextRunView, SchedulePolicy,
    ScheduleState, ScheduleView,
};

use crate::output::{Output, Paint};
use crate::table::{Cell, facts, table};
use crate::words;

/// When a club, or a connector, syncs by itself.
pub(super) fn schedule(output: Output, shown: &ScheduleView) -> String {
    let now = words::now();
    let mut lines = vec![
        ("Whose", shown.name.clone()),
        ("State", state(shown.state).to_owned()),
    ];
    if let Some(schedule) = &shown.schedule {
        let follows = if shown.inherited {
            ", as its connector"
        } else {
            ""
        };
        lines.push((
            "Schedule",
            format!("{schedule} in {}{follows}", shown.time_zone),
        ));
    }
    if shown.delay_minutes > 0 {
        let minutes = words::counted(u64::from(shown.delay_minutes), "minute");
        lines.push((
            "Delay",
            format!("{minutes}, so that not all clubs ask at once"),
        ));
    }
    lines.push((
        "May do",
        match shown.policy {
            Some(SchedulePolicy::PreviewOnly) => "make a plan, which waits for a person",
            Some(SchedulePolicy::ApplySafe) => {
                "apply a plan at which nobody has to look; others wait for a person"
            }
            None => "its clubs differ",
        }
        .to_owned(),
    ));
    lines.push((
        "Missed runs",
        match shown.missed {
            Some(MissedPolicy::OnceOnWake) => "one run for all of them",
            Some(MissedPolicy::Skip) => "passed over",
            Some(MissedPolicy::Ask) => "a person is asked",
            None => "its clubs differ",
        }
        .to_owned(),
    ));
    if let Some(run) = &shown.last_run {
        lines.push(("Last run", words::ago(run.started_at, now)));
    }
    if let Some(at) = shown.retry_at {
        lines.push(("Tried again", words::moment(at)));
    }
    if let Some(at) = shown.gave_up_at {
        lines.push((
            "Failed",
            format!(
                "{}; every retry failed too, and it is tried at its next time",
                words::ago(at, now)
            ),
        ));
    }
    let mut text = facts(output, &lines);
    for (index, next) in shown.next.iter().enumerate() {
        let title = if index == 0 { "\nNext runs" } else { "" };
        let _ = write!(text, "{title}\n  {}", next_run(next));
    }
    let org = shown.org.as_deref().unwrap_or_default();
    if let Some(question) = shown.question {
        let _ = write!(
            text,
            "\n{} missed, the last on {}. Make up for that: fedctl schedule answer {} --org {org} run|skip",
            match question.missed {
                1 => "1 run was".to_owned(),
                many => format!("{many} runs were"),
            },
            words::moment(question.at),
            shown.code,
        );
    }
    if let Some(plan) = &shown.waits {
        let _ = write!(
            text,
            "\nA plan waits for you: fedctl sync show {}",
            plan.run_id
        );
    }
    if shown.held_by_undo {
        let _ = write!(
            text,
            "\nA run was undone; nothing is applied until you say so: fedctl sync apply-again {} --org {org}",
            shown.code
        );
    }
    text
}

/// What became of what was due.
pub(super) fn due(output: Output, done: &[DueOutcomeView]) -> String {
    if done.is_empty() {
        return "Nothing is due.".to_owned();
    }
    let rows: Vec<[Cell; 4]> = done
        .iter()
        .map(|one| {
            [
                Cell::painted(Paint::Bold, &one.code),
                one.name.as_str().into(),
                outcome(one.outcome),
                detail(one).into(),
            ]
        })
        .collect();
    table(output, ["CODE", "CLUB", "OUTCOME", "DETAIL"], 3, &rows)
}

fn detail(one: &DueOutcomeView) -> String {
    let mut text = one.message.clone().unwrap_or_default();
    if let Some(counts) = one.counts.filter(|_| text.is_empty()) {
        let changes = counts.creates + counts.updates + counts.leavers;
        text = words::counted(changes, "change");
        if counts.conflicts > 0 {
            let _ = write!(text, ", {}", words::counted(counts.conflicts, "conflict"));
        }
    }
    if let Some(at) = one.retry_at {
        let _ = write!(text, " (again at {})", words::moment(at));
    }
    text
}

fn outcome(outcome: DueOutcome) -> Cell {
    let (paint, word) = match outcome {
        DueOutcome::Applied => (Paint::Green, "applied"),
        DueOutcome::Waits => (Paint::Yellow, "plan waits for you"),
        DueOutcome::Failed => (Paint::Red, "failed"),
        DueOutcome::Cancelled => (Paint::Dim, "stopped by you"),
        DueOutcome::Skipped => (Paint::Dim, "missed runs passed over"),
        DueOutcome::Asked => (Paint::Yellow, "asks about missed runs"),
        DueOutcome::Stopped => (Paint::Red, "connector is stopped"),
    };
    Cell::painted(paint, word)
}

fn state(state: ScheduleState) -> &'static str {
    match state {
        ScheduleState::Runs => "runs by itself",
        ScheduleState::None => "no schedule",
        ScheduleState::Off => "off",
        ScheduleState::Paused => "the connector is paused or deleted",
        ScheduleState::Stopped => "the connector is stopped after failures",
    }
}

/// `tomorrow, Tuesday 2026-11-24 02:07 (02:07 UTC)`.
fn next_run(next: &NextRunView) -> String {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let weekday = usize::from(next.weekday).checked_sub(1);
    let weekday = weekday
        .and_then(|day| DAYS.get(day))
        .copied()
        .unwrap_or_default();
    let day = match next.days_from_now {
        0 => "today, ",
        1 => "tomorrow, ",
        _ => "",
    };
    let change = match next.clock_change {
        None => "",
        Some(ClockChange::Missing) => {
            "; the clocks go forward over its time, it runs right afterwards"
        }
        Some(ClockChange::Doubled) => "; the clocks go back over its time, it runs the first time",
    };
    let local = next.local.replace('T', " ");
    let local = local.get(..16).unwrap_or(&local);
    let utc = next.utc.get(11..16).unwrap_or(&next.utc);
    format!("{day}{weekday} {local} ({utc} UTC){change}")
}

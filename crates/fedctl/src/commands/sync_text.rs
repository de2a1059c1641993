//! Plans, runs and members for people.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::members::MemberField;
use connectors::view::{KeepMineView, MemberView, PlanRowView, RunState, RunView, UndoView};

use crate::output::{Output, Paint};
use crate::table::{Cell, facts, table};
use crate::words;

/// A plan that was just made.
pub(super) fn plan(output: Output, plan: &RunView) -> String {
    let mut text = facts(output, &counts(plan));
    for held in &plan.held {
        let _ = write!(
            text,
            "\nHeld: {} Allow it with --allow {}",
            held.detail, held.guard
        );
    }
    if plan.erased > 0 {
        let _ = write!(text, "\n{}", kept_out(plan.erased));
    }
    let changes = changes(plan);
    if changes == 0 {
        text.push_str("\nNothing would change.");
    } else {
        let _ = write!(
            text,
            "\nNothing was changed yet. Rows: fedctl sync show {} --rows KIND",
            plan.run_id
        );
    }
    text
}

/// What a preview says while an undo waits for an answer.
pub(super) const HELD_BY_UNDO: &str = "\nA run of this club was undone. Nothing is applied until you say so: \
    fedctl sync apply-again, or keep-mine";

/// A plan that was applied.
pub(super) fn applied(run: &RunView) -> String {
    let mut text = format!(
        "Applied {}. Undo for 30 days: fedctl sync undo {}",
        words::counted(changes(run), "change"),
        run.run_id
    );
    if let Some(left_out) = run.left_out {
        let _ = write!(
            text,
            "\n{} left out and stayed; the next list without them proposes them again",
            match left_out {
                1 => "1 leaver was".to_owned(),
                many => format!("{} leavers were", words::grouped(many)),
            }
        );
    }
    if run.counts.conflicts > 0 {
        let _ = write!(
            text,
            "\n{} kept the club's value until you decide: fedctl sync resolve",
            words::counted(run.counts.conflicts, "conflict")
        );
    }
    text
}

/// A conflict that was decided.
pub(super) fn resolved(plan: &RunView) -> String {
    match plan.counts.conflicts {
        0 => "Decided. No conflict is left in this plan.".to_owned(),
        more => format!(
            "Decided. {} left in this plan.",
            words::counted(more, "conflict")
        ),
    }
}

/// A run that was undone.
pub(super) fn undone(done: &UndoView) -> String {
    let mut text = format!(
        "{} as before the run.",
        match done.undone {
            1 => "1 member is".to_owned(),
            many => format!("{} members are", words::grouped(many)),
        }
    );
    if !done.edited_later.is_empty() {
        let _ = write!(
            text,
            " {} changed later and stayed.",
            words::counted(done.edited_later.len() as u64, "member")
        );
    }
    text.push_str(
        " Nothing is applied to this club until you say so: fedctl sync apply-again, or keep-mine",
    );
    text
}

/// What was undone and stays so.
pub(super) fn kept(kept: &KeepMineView) -> String {
    let mut text = format!(
        "{} the club's values.",
        match kept.kept {
            1 => "1 member keeps".to_owned(),
            many => format!("{} members keep", words::grouped(many)),
        }
    );
    if kept.kept_out > 0 {
        let _ = write!(
            text,
            " {} kept out until you let them in again: fedctl sync apply-again",
            match kept.kept_out {
                1 => "1 member is".to_owned(),
                many => format!("{} members are", words::grouped(many)),
            }
        );
    }
    text
}

/// What a plan would change, or a run has changed.
pub(super) fn numbers(run: &RunView) -> String {
    words::counted(changes(run), "change")
}

/// The newest runs.
pub(super) fn history(output: Output, runs: &[RunView]) -> String {
    if runs.is_empty() {
        return "Never synced. Begin with: fedctl sync preview".to_owned();
    }
    let now = words::now();
    let rows: Vec<[Cell; 4]> = runs
        .iter()
        .map(|run| {
            [
                Cell::painted(Paint::Bold, &run.run_id),
                words::ago(run.started_at, now).into(),
                state(run.state).into(),
                words::counted(changes(run), "change").into(),
            ]
        })
        .collect();
    table(output, ["RUN", "STARTED", "STATE", "CHANGES"], 0, &rows)
}

/// A run, and rows of its plan.
pub(super) fn run(output: Output, run: &RunView, rows: &[PlanRowView]) -> String {
    let mut lines = vec![("State", state(run.state).to_owned())];
    if let Some(message) = &run.message {
        lines.push(("Why", message.clone()));
    }
    lines.extend(counts(run));
    let mut text = facts(output, &lines);
    for row in rows {
        let name = |field| row.member.get(field).unwrap_or_default();
        let _ = write!(
            text,
            "\n{} {}",
            name(MemberField::FirstName),
            name(MemberField::LastName)
        );
        if let Some(id) = row.member.get(MemberField::ExternalId) {
            let _ = write!(text, " ({id})");
        }
        if row.unmatched.is_some() {
            let _ = write!(text, " row {}", row.number);
        }
        for field in &row.fields {
            let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            let _ = write!(
                text,
                "\n  {}: {} → {} ({})",
                field.field.as_str(),
                value(&field.club),
                value(&field.becomes),
                field.reason.replace('_', " ")
            );
        }
        if let Some(problem) = &row.problem {
            let _ = write!(
                text,
                "\n  {} is missing or cannot be read",
                problem.field.as_str()
            );
        }
        if let Some(why) = &row.passed_over {
            let _ = write!(text, "\n  passed over: {}", why.replace('_', " "));
        }
        if let Some(unmatched) = &row.unmatched {
            let _ = write!(text, "\n  {}", unmatched.replace('_', " "));
        }
    }
    text
}

/// Members, by name.
pub(super) fn members(output: Output, members: &[MemberView]) -> String {
    if members.is_empty() {
        return "No members yet. Begin with: fedctl sync preview".to_owned();
    }
    let rows: Vec<[Cell; 4]> = members
        .iter()
        .map(|member| {
            let value = |field| member.values.get(field).unwrap_or_default();
            let standing = match member.left_at {
                Some(at) => format!("left {}", words::day(at)),
                None => value(MemberField::Status).to_owned(),
            };
            [
                Cell::painted(Paint::Bold, value(MemberField::LastName)),
                value(MemberField::FirstName).into(),
                value(MemberField::ExternalId).into(),
                standing.into(),
            ]
        })
        .collect();
    table(
        output,
        ["FAMILY NAME", "NAME", "FEDERATION ID", "STATUS"],
        0,
        &rows,
    )
}

fn counts(run: &RunView) -> Vec<(&'static str, String)> {
    let counts = &run.counts;
    vec![
        ("New", words::grouped(counts.creates)),
        ("Changed", words::grouped(counts.updates)),
        ("Conflicts", words::grouped(counts.conflicts)),
        ("Leavers", words::grouped(counts.leavers)),
        ("Problems", words::grouped(counts.problems)),
        ("Unchanged", words::grouped(counts.unchanged)),
    ]
}

/// People who were erased, by number and never by name.
fn kept_out(people: u64) -> String {
    match people {
        1 => "1 person was erased and is kept out.".to_owned(),
        more => format!(
            "{} people were erased and are kept out.",
            words::grouped(more)
        ),
    }
}

fn changes(run: &RunView) -> u64 {
    run.counts.creates + run.counts.updates + run.counts.leavers
}

fn state(state: RunState) -> &'static str {
    match state {
        RunState::Fetching => "Syncing",
        RunState::Planned => "Ready to apply",
        RunState::Held => "Held for you",
        RunState::Applied => "Done",
        RunState::Undone => "Undone",
        RunState::PartlyUndone => "Partly undone",
        RunState::Failed => "Failed",
        RunState::Cancelled => "Stopped",
        RunState::Interrupted => "Interrupted",
        RunState::Superseded => "Replaced by a newer plan",
    }
}

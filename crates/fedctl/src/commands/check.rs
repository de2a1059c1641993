//! `fedctl check`, and pausing and resuming many connectors at once: each with its own outcome.

use connectors::CancellationToken;
use connectors::view::{
    BulkConnectorView, CheckEvery, CheckSetRequest, CheckSettingsView, HealthFilter, HealthView,
};

use super::health;
use crate::arguments::{CheckArguments, CheckCommand, EveryWord, ManyArguments};
use crate::context::Context;
use crate::exit::{self, Exit};
use crate::failure::Outcome;
use crate::output::{Output, Paint};
use crate::stopping;
use crate::table::{Cell, facts, table};
use crate::words;

pub(super) async fn run(arguments: CheckArguments, context: &Context) -> Outcome {
    match arguments.command {
        Some(CheckCommand::RunDue) => run_due(context).await,
        Some(CheckCommand::Every { every, connector }) => {
            set_every(every, connector, context).await
        }
        None => check(arguments.many.into(), context).await,
    }
}

async fn check(filter: HealthFilter, context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let done = app.check_all_until(filter, cancel.clone()).await?;
        tell(output, &done, "Answered", "Nothing to check")
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

pub(super) async fn pause(many: ManyArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let done = app.pause_all(many.into()).await?;
    let exit = tell(context.output, &done, "Paused", "Was paused already")?;
    context.after_change(app).await;
    Ok(exit)
}

pub(super) async fn resume(many: ManyArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let done = app.resume_all(many.into()).await?;
    let exit = tell(context.output, &done, "In use again", "Was in use already")?;
    context.after_change(app).await;
    Ok(exit)
}

/// One connector answers as it stands now; many, each with its own outcome.
pub(super) async fn clear_errors(many: ManyArguments, context: &Context) -> Outcome {
    if let Some(code) = many.single_code() {
        return health::clear(code, context).await;
    }
    let app = context.open().await?;
    let done = app.clear_errors_all(many.into()).await?;
    let exit = tell(context.output, &done, "Errors cleared", "Had none")?;
    context.after_change(app).await;
    Ok(exit)
}

async fn run_due(context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let done = app.check_run_due_once(|_| {}, cancel.clone()).await?;
        output.result(&done, || due(output, &done))?;
        let failing = done.iter().any(|one| one.consecutive_failures > 0);
        Ok(if failing { Exit::PARTLY } else { Exit::DONE })
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

async fn set_every(
    every: Option<EveryWord>,
    connector: Option<String>,
    context: &Context,
) -> Outcome {
    let app = context.open().await?;
    let output = context.output;
    let Some(every) = every else {
        let shown = app.check_settings(connector.as_deref()).await?;
        output.result(&shown, || settings(output, &shown))?;
        return Ok(Exit::DONE);
    };
    let request = CheckSetRequest {
        code: connector,
        every: every.every(),
    };
    let shown = app.check_set(request).await?;
    output.confirmation(&shown, || settings(output, &shown))?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

/// What became of each. A script acts on the exit code: done, partly done, or, where nothing was, why the first was not.
pub(super) fn tell(output: Output, done: &[BulkConnectorView], did: &str, so: &str) -> Outcome {
    output.result(&done, || text(output, done, did, so))?;
    let failed: Vec<_> = done.iter().filter(|one| one.problem.is_some()).collect();
    let Some(first) = failed.first() else {
        return Ok(Exit::DONE);
    };
    Ok(match first.class {
        Some(class) if failed.len() == done.len() => exit::of(class.into()),
        _ => Exit::PARTLY,
    })
}

fn text(output: Output, done: &[BulkConnectorView], did: &str, so: &str) -> String {
    if done.is_empty() {
        return "No connector fits.".to_owned();
    }
    let rows: Vec<[Cell; 4]> = done
        .iter()
        .map(|one| {
            let what = match &one.problem {
                Some(problem) => problem.clone(),
                None if one.done => did.to_owned(),
                None => so.to_owned(),
            };
            [
                Cell::painted(Paint::Bold, &one.name),
                one.code.clone().into(),
                words::state(one.state),
                what.into(),
            ]
        })
        .collect();
    table(output, ["NAME", "CODE", "STATE", "OUTCOME"], 3, &rows)
}

fn due(output: Output, done: &[HealthView]) -> String {
    if done.is_empty() {
        return "Nothing was due.".to_owned();
    }
    let rows: Vec<[Cell; 4]> = done
        .iter()
        .map(|one| {
            [
                Cell::painted(Paint::Bold, &one.name),
                one.code.clone().into(),
                words::state(one.state),
                match one.consecutive_failures {
                    0 => "Answered".to_owned(),
                    failures => format!("Failed, {failures} in a row"),
                }
                .into(),
            ]
        })
        .collect();
    table(output, ["NAME", "CODE", "STATE", "OUTCOME"], 3, &rows)
}

fn settings(output: Output, shown: &CheckSettingsView) -> String {
    let every = match shown.every {
        CheckEvery::Off => "never by itself",
        CheckEvery::QuarterHour => "every 15 minutes",
        CheckEvery::Hour => "every hour",
        CheckEvery::SixHours => "every 6 hours",
        CheckEvery::Day => "every 24 hours",
    };
    let inherits = if shown.inherited {
        ", as all others"
    } else {
        ""
    };
    let next = shown
        .next_at
        .map_or_else(|| "none".to_owned(), words::moment);
    let mut lines = vec![
        ("Checked", format!("{every}{inherits}")),
        ("Next check", next),
    ];
    if let Some(network) = shown.network {
        let what = if network.captive {
            "a sign-in page of the network is in between"
        } else {
            "this computer has no network"
        };
        lines.push(("Network", format!("{what}; nothing of it is counted")));
    }
    facts(output, &lines)
}

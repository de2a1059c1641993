//! `fedctl sync preview --all` and `apply --all`: many clubs, each with its own outcome.

use connectors::CancellationToken;
use connectors::error::{Code, Error};
use connectors::view::{AskedBy, BulkOutcomeView, BulkRequest, BulkState};

use super::sync_text;
use crate::arguments::{ClubArguments, ClubsArguments};
use crate::context::Context;
use crate::exit::{self, Exit};
use crate::failure::Outcome;
use crate::output::{Output, Paint};
use crate::stopping;
use crate::table::{Cell, table};

/// One club or many.
pub(super) enum Which {
    One(ClubArguments),
    All(BulkRequest),
}

/// What the arguments name; that one of both is there was looked at when they were read.
pub(super) fn which(clubs: ClubsArguments) -> Which {
    match (clubs.all, clubs.code, clubs.org) {
        (false, Some(code), Some(org)) => Which::One(ClubArguments { code, org }),
        (_, code, _) => Which::All(BulkRequest {
            code,
            ..BulkRequest::default()
        }),
    }
}

pub(super) async fn preview(request: BulkRequest, context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let outcomes = app
            .sync_preview_all(request, AskedBy::Person, |_| {}, cancel.clone())
            .await?;
        tell(output, &outcomes, "Ready to apply")
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

pub(super) async fn apply(request: BulkRequest, context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let outcomes = app.sync_apply_all(request, cancel.clone()).await?;
        if outcomes.is_empty() {
            let nothing = "there is no plan to apply; make them: fedctl sync preview --all";
            return Err(Error::refused(Code::NotFound, nothing.to_owned()).into());
        }
        tell(output, &outcomes, "Applied")
    };
    let done = stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await?;
    context.after_change(app).await;
    Ok(done)
}

fn tell(output: Output, outcomes: &[BulkOutcomeView], done: &str) -> Outcome {
    output.result(&outcomes, || text(output, outcomes, done))?;
    let well = outcomes.iter().filter(|one| one.state == BulkState::Done);
    let first = outcomes.iter().find_map(|one| one.error);
    Ok(match (well.count(), first) {
        (all, None) if all == outcomes.len() => Exit::DONE,
        (0, Some(code)) => exit::of(code),
        _ => Exit::PARTLY,
    })
}

fn text(output: Output, outcomes: &[BulkOutcomeView], done: &str) -> String {
    if outcomes.is_empty() {
        return "No club is connected. Begin with: fedctl org connect".to_owned();
    }
    let rows: Vec<[Cell; 4]> = outcomes
        .iter()
        .map(|one| {
            let what = match one.state {
                BulkState::Done if one.run.as_ref().is_some_and(|run| !run.held.is_empty()) => {
                    "Held for you".to_owned()
                }
                BulkState::Done => done.to_owned(),
                BulkState::LeftOut => "Left out: needs you".to_owned(),
                BulkState::Failed => format!(
                    "Failed: {}",
                    one.message.as_deref().unwrap_or("no reason was given")
                ),
                BulkState::Stopped => "Stopped".to_owned(),
            };
            [
                Cell::painted(Paint::Bold, &one.club_name),
                one.code.clone().into(),
                one.run
                    .as_ref()
                    .map(sync_text::numbers)
                    .unwrap_or_default()
                    .into(),
                what.into(),
            ]
        })
        .collect();
    table(
        output,
        ["CLUB", "CONNECTOR", "CHANGES", "OUTCOME"],
        3,
        &rows,
    )
}

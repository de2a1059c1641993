//! `fedctl db tidy` and `fedctl db retention`: how long personal data is kept.

use connectors::view::{RetentionRequest, RetentionRunView, RetentionView};

use crate::arguments::LeaversWord;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::table::facts;
use crate::words;

pub(super) async fn tidy(dry_run: bool, context: &Context) -> Outcome {
    let app = context.open().await?;
    let taken = app.retention_run(dry_run).await?;
    let output = context.output;
    output.result(&taken, || {
        let mut text = facts(output, &lines(&taken));
        text.push_str(if dry_run {
            "\nNothing was taken."
        } else {
            "\nTaken. Backups of before are clean within 8 days."
        });
        text
    })?;
    if !dry_run {
        context.after_change(app).await;
    }
    Ok(Exit::DONE)
}

pub(super) async fn retention(
    leavers: Option<LeaversWord>,
    requests: Option<u32>,
    context: &Context,
) -> Outcome {
    let app = context.open().await?;
    let mut kept = app.retention_show().await?;
    if leavers.is_some() || requests.is_some() {
        let leavers_months = match leavers {
            None => kept.leavers_months,
            Some(LeaversWord::Off) => None,
            Some(LeaversWord::Year) => Some(12),
            Some(LeaversWord::TwoYears) => Some(24),
            Some(LeaversWord::ThreeYears) => Some(36),
        };
        let request = RetentionRequest {
            leavers_months,
            request_days: requests,
        };
        kept = app.retention_set(request).await?;
    }
    let output = context.output;
    output.result(&kept, || facts(output, &kept_lines(&kept)))?;
    Ok(Exit::DONE)
}

fn lines(taken: &RetentionRunView) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Leavers", words::grouped(taken.leavers)),
        ("Lines of old plans", words::grouped(taken.plan_rows)),
        ("Earlier states", words::grouped(taken.undo_rows)),
        ("Plans that waited", words::grouped(taken.plans)),
        ("Requests", words::grouped(taken.requests)),
        ("Lines of the error log", words::grouped(taken.errors)),
    ];
    if taken.later > 0 {
        lines.push(("Leavers, next time", words::grouped(taken.later)));
    }
    lines
}

fn kept_lines(kept: &RetentionView) -> Vec<(&'static str, String)> {
    let days = |days: u32| words::counted(u64::from(days), "day");
    vec![
        (
            "Leavers",
            kept.leavers_months.map_or_else(
                || "for good".to_owned(),
                |months| words::counted(u64::from(months), "month"),
            ),
        ),
        ("Undo, and plans applied", days(kept.undo_days)),
        ("Plans that wait", days(kept.plan_days)),
        ("Requests", days(kept.request_days)),
        ("Error log", days(kept.error_days)),
    ]
}

//! `fedctl status`: where the data is and whether it can be opened.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;

use connectors::error::describe_lock;
use connectors::view::{AppStateView, CountsView, HomeView, StatusView};
use serde::Serialize;

use super::status_text;
use crate::context::Context;
use crate::exit::{self, Exit};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::table::facts;
use crate::words;

pub(super) async fn run(context: &Context) -> Outcome {
    let app = context.app()?;
    match context.open_without_asking().await {
        // What keeps the product from opening is the very thing that the status tells.
        Ok(()) | Err(Failure::Product(_)) => {}
        Err(other) => return Err(other),
    }
    let status = app.status().await;
    let home = match status.app {
        AppStateView::Open => Some(app.home().await?),
        _ => None,
    };
    let output = context.output;
    let both = Status {
        status: &status,
        home: home.as_ref(),
    };
    output.result(&both, || {
        let mut text = text(output, &status);
        if let Some(home) = &home {
            text = format!("{}\n{text}", status_text::home(output, home));
        }
        text
    })?;
    Ok(match status.app {
        AppStateView::Open => Exit::DONE,
        AppStateView::FirstRun | AppStateView::Opening | AppStateView::Locked { .. } => Exit(7),
        AppStateView::Refused { code, .. } => exit::of(code),
    })
}

/// What is printed as JSON: the status, and Home where the file is open.
#[derive(Serialize)]
struct Status<'a> {
    #[serde(flatten)]
    status: &'a StatusView,
    home: Option<&'a HomeView>,
}

fn text(output: Output, status: &StatusView) -> String {
    let (paint, word, way_out) = match &status.app {
        AppStateView::Open => (Paint::Green, "open", None),
        AppStateView::FirstRun => (
            Paint::Yellow,
            "no data file yet",
            Some("create it with fedctl init, or try fedctl demo first".to_owned()),
        ),
        AppStateView::Opening => (Paint::Yellow, "opening", None),
        AppStateView::Locked { reason, .. } => (
            Paint::Yellow,
            "locked",
            Some(describe_lock(*reason).to_owned()),
        ),
        AppStateView::Refused { message, .. } => (Paint::Red, "not usable", Some(message.clone())),
    };
    let mut lines = vec![("State", output.paint(paint, word))];
    if let Some(way_out) = way_out {
        lines.push(("", way_out));
    }
    if let Some(counts) = &status.connectors {
        lines.push(("Connectors", connectors_text(counts)));
    }
    if let Some(until) = status.paused_until {
        let left = until.saturating_sub(words::now()) / 60_000 + 1;
        lines.push((
            "Paused",
            format!("schedules and checks rest for {left} min more"),
        ));
    }
    lines.push(("Folder", status.data_dir.clone()));
    if let Some(file) = &status.file {
        let now = words::now();
        let changed = words::ago_or_never(file.changed_at, now);
        lines.push((
            "Data file",
            format!(
                "{}, {}, changed {changed}",
                file.name,
                words::size(file.size)
            ),
        ));
        lines.push(("Last backup", words::ago_or_never(file.last_backup_at, now)));
    }
    lines.push(("Version", status.version.clone()));
    facts(output, &lines)
}

/// The numbers that are not zero, those that need a person first.
fn connectors_text(counts: &CountsView) -> String {
    let mut text = words::grouped(counts.all.into());
    let parts: Vec<String> = [
        (counts.needs_you, "need you"),
        (counts.waiting, "waiting"),
        (counts.healthy, "healthy"),
        (counts.not_tested, "not tested"),
        (counts.paused, "paused"),
        (counts.deleted, "deleted"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, word)| format!("{} {word}", words::grouped(number.into())))
    .collect();
    if !parts.is_empty() {
        let _ = write!(text, " ({})", parts.join(", "));
    }
    text
}

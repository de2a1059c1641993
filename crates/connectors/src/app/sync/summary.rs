//! One printable page about a run, as HTML that needs nothing else: what was done, for whom, and what stands in the way. No member
//! is named in it, so that it can be shown to a committee.

// Writing into a String cannot fail, so the results are ignored.
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::looking::{about_leavers, guards_of};
use super::row::detail_of;
use super::{no_run, run_id};
use crate::app::App;
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::members::ProblemKind;
use crate::store::Reader;
use crate::store::plan_row::PlanKind;
use crate::store::run_list::RunRow;
use crate::view::{AskedBy, RunState};

/// Rows that are read together.
const ROWS: u32 = 500;
/// For paper: black on white, a serif-free face of the system, nothing that has to be fetched.
const STYLE: &str = "body{font:11pt/1.45 system-ui,sans-serif;color:#000;background:#fff;max-width:46em;margin:2em auto;\
padding:0 1em}h1{font-size:16pt}h2{font-size:12pt;margin-top:1.6em}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;padding:.3em .6em .3em 0;border-bottom:1px solid #999;vertical-align:top}\
th{font-weight:600;width:14em}@page{margin:18mm}";

impl App {
    /// A page about a run for printing. It names the club, the connector and numbers, and no member.
    ///
    /// # Errors
    /// [`crate::error::Code::NotFound`].
    pub async fn sync_run_summary(&self, run: &str) -> Result<String> {
        self.see_run(run).await?;
        let id = run_id(run)?;
        self.end_dead_runs().await?;
        let now = self.now();
        self.store()?
            .read(move |tx| {
                let row = tx.run_row(id)?.ok_or_else(no_run)?;
                let problems = problems(tx, &row)?;
                Ok(page(&row, &problems, now))
            })
            .await
    }
}

/// How many records cannot be taken over, by what is wrong.
fn problems(tx: &Reader<'_>, row: &RunRow) -> Result<BTreeMap<String, u64>> {
    let mut counted = BTreeMap::new();
    let mut from: Option<(String, i64)> = None;
    loop {
        let after = from.as_ref().map(|(name, number)| (name.as_str(), *number));
        let page = tx.plan_page_keyed(row.run.id, PlanKind::Problem, after, ROWS)?;
        let Some((name, last)) = page.last() else {
            return Ok(counted);
        };
        from = Some((name.clone(), last.number));
        for (_, one) in &page {
            *counted.entry(problem(one)?).or_insert(0) += 1;
        }
    }
}

fn problem(row: &crate::store::plan_row::PlanRecord) -> Result<String> {
    let detail = detail_of(row)?;
    Ok(match (detail.problem, detail.unmatched.as_deref()) {
        (Some(problem), _) => {
            let field = problem.field.as_str().replace('_', " ");
            match problem.kind {
                ProblemKind::Missing => format!("No {field}"),
                ProblemKind::Unreadable => format!("A {field} that cannot be read"),
            }
        }
        (None, Some("duplicate_id")) => "The same identifier more than once".to_owned(),
        (None, _) => "It cannot be told who it is".to_owned(),
    })
}

fn page(row: &RunRow, problems: &BTreeMap<String, u64>, now: UtcMillis) -> String {
    let run = &row.run;
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Sync summary</title><style>{STYLE}</style>\n\
         <h1>{}: {}</h1>\n<table>\n",
        escaped(&row.club_name),
        escaped(&row.connector_name),
    );
    line(&mut html, "Outcome", outcome(run.state));
    line(
        &mut html,
        "Asked for by",
        match run.asked_by {
            AskedBy::Person => "a person",
            AskedBy::Schedule => "the schedule",
        },
    );
    line(&mut html, "Began", &time(run.started_at));
    for (name, at) in [
        ("Applied", run.applied_at),
        ("Undone", run.undone_at),
        ("This page made", Some(now)),
    ] {
        if let Some(at) = at {
            line(&mut html, name, &time(at));
        }
    }
    if let Some(message) = &run.message {
        line(&mut html, "What happened", message);
    }
    let counts = run.counts;
    html.push_str("</table>\n<h2>Members</h2>\n<table>\n");
    for (name, number) in [
        ("Records read", run.fetched),
        ("New", counts.creates),
        ("Changed", counts.updates),
        ("Conflicts", counts.conflicts),
        ("Leavers", counts.leavers),
        ("Problems", counts.problems),
        ("Unchanged", counts.unchanged),
    ] {
        line(&mut html, name, &number.to_string());
    }
    if run.erased > 0 {
        line(&mut html, "Erased and kept out", &run.erased.to_string());
    }
    if run.left_out > 0 {
        let number = run.left_out.to_string();
        line(&mut html, "Leavers left out, who stayed members", &number);
    }
    html.push_str("</table>\n");
    let guards = guards_of(run);
    if !guards.is_empty() {
        let allowed: Vec<String> = serde_json::from_str(&run.allowed).unwrap_or_default();
        html.push_str("<h2>What held it</h2>\n<table>\n");
        for guard in guards {
            let what = if allowed.contains(&guard.guard) {
                "Allowed by a person"
            } else if run.left_out > 0 && about_leavers(&guard) {
                "Its leavers were left out"
            } else {
                "Not allowed"
            };
            line(&mut html, what, &guard.detail);
        }
        html.push_str("</table>\n");
    }
    if !problems.is_empty() {
        html.push_str("<h2>Problems</h2>\n<table>\n");
        for (what, number) in problems {
            line(&mut html, what, &number.to_string());
        }
        html.push_str("</table>\n");
    }
    html.push_str("<p>No member is named on this page.</p>\n</html>\n");
    html
}

fn outcome(state: RunState) -> &'static str {
    match state {
        RunState::Fetching => "The list is being read. Nothing was changed yet.",
        RunState::Planned => "Ready to apply. Nothing was changed yet.",
        RunState::Held => "Held until a person allows it. Nothing was changed.",
        RunState::Applied => "Applied.",
        RunState::Undone => "Applied, and undone since.",
        RunState::PartlyUndone => "Applied, and undone in part since.",
        RunState::Failed => "Failed. Nothing was changed.",
        RunState::Cancelled => "Stopped by a person. Nothing was changed.",
        RunState::Interrupted => "Interrupted. Nothing was changed.",
        RunState::Superseded => "Replaced by a newer plan. Nothing was changed.",
    }
}

fn line(html: &mut String, name: &str, value: &str) {
    let _ = writeln!(
        html,
        "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
        escaped(name),
        escaped(value)
    );
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// `2026-11-25 14:03 UTC`: whoever gets the page may live in another zone.
fn time(at: UtcMillis) -> String {
    let text = at.to_rfc3339();
    let mut parts = text.split('T');
    let day = parts.next().unwrap_or_default();
    let clock: String = parts.next().unwrap_or_default().chars().take(5).collect();
    format!("{day} {clock} UTC")
}

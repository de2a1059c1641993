//! A plan, or what a run has changed, as a file for people: CSV that no spreadsheet takes as formulas, or JSON. One line a value:
//! who, which field, before, after, and why. What it contains is said before it is written, because outside of the app nothing
//! protects it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::looking::run_view;
use super::row::{RowDetail, detail_of};
use super::{about_run, no_run, run_id};
use crate::app::App;
use crate::app::export::{MARK, day, is_child};
use crate::audit::AuditWhat;
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::members::{MemberField, MemberValues, cell};
use crate::store::Reader;
use crate::store::plan_row::{PlanKind, PlanRecord};
use crate::store::run_list::RunRow;
use crate::view::{ExportFormat, RunExportLookView, RunExportRequest};

/// Rows that are read together.
const TOGETHER: u32 = 500;
const COLUMNS: &str = "what,external_id,first_name,last_name,field,before,after,federation,why";

/// One value of a row.
struct Line<'a> {
    field: Option<MemberField>,
    before: Option<&'a str>,
    after: Option<&'a str>,
    federation: Option<&'a str>,
    why: &'a str,
}

impl App {
    /// What a file of a plan or a run would contain. Nothing is written.
    ///
    /// # Errors
    /// [`Code::NotFound`] for a run that is not there, made no plan, or whose plan is forgotten.
    pub async fn run_export_look(&self, request: &RunExportRequest) -> Result<RunExportLookView> {
        self.see_plan(&request.run).await?;
        let (request, now) = (request.clone(), self.now());
        self.store()?.read(move |tx| look(tx, &request, now)).await
    }

    /// The file itself. The same run gives the same bytes, but for when a JSON file says it was made.
    ///
    /// # Errors
    /// As [`App::run_export_look`].
    pub async fn run_export(&self, request: &RunExportRequest) -> Result<Vec<u8>> {
        self.see_plan(&request.run).await?;
        let (request, act) = (request.clone(), self.act());
        let now = act.now;
        // Who takes people's data out is entered before there is a file.
        self.store()?
            .write(move |tx| {
                let contains = look(tx, &request, now)?;
                let run = run_row(tx, &request)?.run;
                let entry = about_run(tx, AuditWhat::MembersExported, &run)?
                    .fields(contains.fields.iter().map(|field| field.as_str()))
                    .word(match request.format {
                        ExportFormat::Csv => "csv",
                        ExportFormat::Json => "json",
                    })
                    .count("people", contains.people)
                    .count("children", contains.children);
                act.audit(tx, entry)?;
                match request.format {
                    ExportFormat::Csv => csv(tx, &request),
                    ExportFormat::Json => json_file(tx, &request, &contains, now),
                }
            })
            .await
    }
}

fn look(tx: &Reader<'_>, request: &RunExportRequest, now: UtcMillis) -> Result<RunExportLookView> {
    let row = run_row(tx, request)?;
    let today = day(now)?;
    let mut fields = BTreeSet::new();
    let mut view = RunExportLookView {
        club: row.club_name.clone(),
        connector: row.code.clone(),
        applied: row.run.applied_at.is_some(),
        counts: run_view(&row.run).counts,
        people: 0,
        children: 0,
        without_birth: 0,
        fields: Vec::new(),
        sensitive: Vec::new(),
    };
    each(tx, request, |row, detail| {
        view.people += 1;
        let born = who(row).and_then(|values| values.get(MemberField::DateOfBirth));
        match born.and_then(|text| text.parse::<Date>().ok()) {
            None => view.without_birth += 1,
            Some(born) if is_child(born, today) => view.children += 1,
            Some(_) => {}
        }
        let lines = lines(row, detail, request.sensitive);
        fields.extend(lines.iter().filter_map(|line| line.field));
        Ok(())
    })?;
    if view.people == 0 && fields.is_empty() {
        return Err(Error::refused(
            Code::NotFound,
            "this run has no rows to write: it changed nothing, made no plan, or its plan is forgotten after 30 days"
                .to_owned(),
        ));
    }
    view.fields = fields.into_iter().collect();
    let all = view.fields.iter().copied();
    view.sensitive = all.filter(|field| field.is_sensitive()).collect();
    Ok(view)
}

fn run_row(tx: &Reader<'_>, request: &RunExportRequest) -> Result<RunRow> {
    tx.run_row(run_id(&request.run)?)?.ok_or_else(no_run)
}

/// Each row of the plan in its order.
fn each(
    tx: &Reader<'_>,
    request: &RunExportRequest,
    mut take: impl FnMut(&PlanRecord, &RowDetail) -> Result<()>,
) -> Result<()> {
    const KINDS: [PlanKind; 6] = [
        PlanKind::Create,
        PlanKind::Update,
        PlanKind::Conflict,
        PlanKind::Leaver,
        PlanKind::Problem,
        PlanKind::Unchanged,
    ];
    let id = run_id(&request.run)?;
    for kind in KINDS {
        let mut from: Option<(String, i64)> = None;
        loop {
            let after = from.as_ref().map(|(name, number)| (name.as_str(), *number));
            let page = tx.plan_page_keyed(id, kind, after, TOGETHER)?;
            for (_, row) in &page {
                take(row, &detail_of(row)?)?;
            }
            match page.into_iter().next_back() {
                Some((name, row)) => from = Some((name, row.number)),
                None => break,
            }
        }
    }
    Ok(())
}

/// Whom a row is about.
fn who(row: &PlanRecord) -> Option<&MemberValues> {
    row.after.as_ref().or(row.remote.as_ref())
}

/// What becomes of somebody, as a word. A leaver that was left out when the plan was applied stayed.
fn what(row: &PlanRecord, applied: bool) -> &'static str {
    match row.kind {
        PlanKind::Create => "create",
        PlanKind::Update => "update",
        PlanKind::Unchanged => "unchanged",
        PlanKind::Conflict => "conflict",
        PlanKind::Leaver if applied && !row.acts => "leaver_left_out",
        PlanKind::Leaver => "leaver",
        PlanKind::Problem => "problem",
    }
}

fn lines<'a>(row: &'a PlanRecord, detail: &'a RowDetail, sensitive: bool) -> Vec<Line<'a>> {
    let shown = |field: MemberField| field.is_kept() && (sensitive || !field.is_sensitive());
    let mut lines: Vec<Line<'a>> = Vec::new();
    if row.kind == PlanKind::Create {
        let values = row.after.iter().flat_map(MemberValues::iter);
        lines.extend(
            values
                .filter(|(field, _)| shown(*field))
                .map(|(field, value)| Line {
                    field: Some(field),
                    before: None,
                    after: Some(value),
                    federation: row.remote.as_ref().and_then(|remote| remote.get(field)),
                    why: &detail.outcome,
                }),
        );
    }
    let fields = detail.fields.iter().filter(|one| shown(one.field));
    lines.extend(fields.map(|one| Line {
        field: Some(one.field),
        before: one.club.as_deref(),
        after: one.becomes.as_deref(),
        federation: one.federation.as_deref(),
        why: &one.reason,
    }));
    if lines.is_empty() {
        let problem = detail.problem.as_ref();
        let unmatched = detail
            .unmatched
            .as_deref()
            .filter(|_| detail.outcome.is_empty());
        lines.push(Line {
            field: problem.map(|problem| problem.field),
            before: None,
            after: None,
            federation: None,
            why: match (unmatched, problem) {
                (Some(word), _) => word,
                (None, Some(_)) => "missing_or_unreadable",
                (None, None) => &detail.outcome,
            },
        });
    }
    lines
}

fn csv(tx: &Reader<'_>, request: &RunExportRequest) -> Result<Vec<u8>> {
    let applied = run_row(tx, request)?.run.applied_at.is_some();
    let mut text = String::from(MARK);
    text.push_str(COLUMNS);
    text.push_str("\r\n");
    each(tx, request, |row, detail| {
        let of = |field| who(row).and_then(|values| values.get(field));
        for line in lines(row, detail, request.sensitive) {
            text.push_str(what(row, applied));
            for value in [
                of(MemberField::ExternalId),
                of(MemberField::FirstName),
                of(MemberField::LastName),
                line.field.map(MemberField::as_str),
                line.before,
                line.after,
                line.federation,
                Some(line.why),
            ] {
                text.push(',');
                cell::push(&mut text, value.unwrap_or_default());
            }
            text.push_str("\r\n");
        }
        Ok(())
    })?;
    Ok(text.into_bytes())
}

fn json_file(
    tx: &Reader<'_>,
    request: &RunExportRequest,
    contains: &RunExportLookView,
    now: UtcMillis,
) -> Result<Vec<u8>> {
    let mut rows: Vec<Value> = Vec::new();
    each(tx, request, |row, detail| {
        let of = |field| who(row).and_then(|values| values.get(field));
        let values: Vec<Value> = lines(row, detail, request.sensitive)
            .iter()
            .map(|line| {
                json!({
                    "field": line.field, "before": line.before, "after": line.after,
                    "federation": line.federation, "why": line.why,
                })
            })
            .collect();
        rows.push(json!({
            "what": what(row, contains.applied),
            "external_id": of(MemberField::ExternalId),
            "first_name": of(MemberField::FirstName),
            "last_name": of(MemberField::LastName),
            "values": values,
        }));
        Ok(())
    })?;
    let mut head = serde_json::to_value(contains)
        .map_err(|source| Error::internal("write what a file contains", source))?;
    if let Some(head) = head.as_object_mut() {
        head.insert("run".to_owned(), json!(request.run));
        head.insert("made_at".to_owned(), json!(now.to_rfc3339()));
        head.insert("encrypted".to_owned(), json!(false));
    }
    let mut bytes = serde_json::to_vec_pretty(&json!({ "contains": head, "rows": rows }))
        .map_err(|source| Error::internal("write a run as JSON", source))?;
    bytes.push(b'\n');
    Ok(bytes)
}

//! Members out of a file that a person gave (Foireann's export has no other way): looked at first, then planned by the same
//! planner as every sync, so that it is previewed, applied and undone like one.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::fetching::{Source, SyncProgress, Wanted};
use super::file::{self, Columns, MemberFile};
use super::row::detail_of;
use super::who::{LEFT_ALONE, SECOND_RECORD};
use super::{Ground, run_id, run_of};
use crate::api::records::RowFault;
use crate::app::App;
use crate::app::opening::blocking;
use crate::error::{Code, Error, FieldRule, Result};
use crate::members::transform::date::DateEvidence;
use crate::members::{DateOrder, Mapper, Template};
use crate::store::plan_row::PlanKind;
use crate::store::sync_run::{AskedBy, RunSource};
use crate::view::{
    ImportFault, ImportLookView, ImportOutcomeView, ImportRequest, ImportRowView, RunView,
};

/// Largest file, in bytes. A member takes about 200; no club has a quarter of a million.
pub const IMPORT_LIMIT: usize = 50 * 1024 * 1024;
/// Rows of a plan that are read together.
const ROWS: u32 = 1_000;

impl App {
    /// What a file of members holds, and what must be known before it is read. Nothing is stored.
    ///
    /// # Errors
    /// [`Code::BadFile`] where it is no CSV file or too large; field `org` or `template` where it cannot be told what it is for.
    pub async fn import_look(
        &self,
        request: &ImportRequest,
        bytes: Arc<[u8]>,
    ) -> Result<ImportLookView> {
        self.see_members_of(&request.org)?;
        let (ground, template) = self.import_ground(request).await?;
        look_at(&ground, template, request, bytes).await
    }

    /// Makes a plan of a file of members. No member changes.
    ///
    /// # Errors
    /// As [`App::import_look`]; field `date_order` where dates can be read both ways and nobody has said how;
    /// [`Code::ChangedMeanwhile`] where another run of the club is being made.
    pub async fn import_plan(
        &self,
        request: &ImportRequest,
        bytes: Arc<[u8]>,
        progress: impl Fn(SyncProgress) + Send + Sync + 'static,
        cancel: CancellationToken,
    ) -> Result<RunView> {
        self.see_members_of(&request.org)?;
        let (ground, template) = self.import_ground(request).await?;
        let looked = look_at(&ground, template.clone(), request, Arc::clone(&bytes)).await?;
        if looked.is_foreign {
            return Err(Error::refused(
                Code::BadFile,
                format!(
                    "the file has none of the columns of the template {}: it is another kind of file",
                    looked.template
                ),
            ));
        }
        if looked.needs_date_order && request.date_order.is_none() {
            return Err(Error::field(
                "date_order",
                FieldRule::Required,
                format!(
                    "{} dates can be read both ways (03/04 is 3 April or 4 March); say in which order they are written",
                    looked.ambiguous_dates
                ),
            ));
        }
        let mapper = template.compile()?;
        let mapper = match request.date_order {
            Some(order) => mapper.with_date_order(order),
            None => mapper,
        };
        let source = Source::File(MemberFile {
            bytes,
            columns: Columns::of(&template),
            is_whole_list: !request.is_part,
        });
        let wanted = Wanted {
            source,
            asked_by: AskedBy::Person,
            template,
            mapper,
            missing: looked.missing,
        };
        self.make_plan(ground, wanted, progress, cancel).await
    }

    /// What becomes of the rows of a file, in the words that secretaries know.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such run, or it is not one of a file.
    pub async fn import_outcome(&self, run: &str) -> Result<ImportOutcomeView> {
        self.see_plan(run).await?;
        let id = run_id(run)?;
        self.store()?
            .read(move |tx| {
                let run = run_of(tx, id)?;
                if run.source != RunSource::Import {
                    return Err(super::no_run());
                }
                let mut outcome = ImportOutcomeView {
                    un_matched: run.counts.creates,
                    ..ImportOutcomeView::default()
                };
                let (mut after, mut passed_over) = (0, 0);
                loop {
                    let rows = tx.plan_rows(id, after, ROWS)?;
                    let Some(last) = rows.last() else { break };
                    after = last.number;
                    for row in &rows {
                        let detail = detail_of(row)?;
                        match row.kind {
                            PlanKind::Problem if detail.problem.is_some() => outcome.skipped += 1,
                            PlanKind::Problem => outcome.duplicates += 1,
                            // They are what they were; a person has said not to ask.
                            _ if [LEFT_ALONE, SECOND_RECORD].contains(&&*detail.outcome) => {
                                outcome.duplicates += 1;
                                passed_over += 1;
                            }
                            PlanKind::Leaver | PlanKind::Create => {}
                            _ if detail.confidence.is_some() => outcome.matched += 1,
                            _ => {}
                        }
                    }
                }
                let known = run.counts.updates + run.counts.unchanged + run.counts.conflicts;
                outcome.previously_matched = known.saturating_sub(outcome.matched + passed_over);
                Ok(outcome)
            })
            .await
    }

    /// The connection and the template that a file is read for.
    async fn import_ground(&self, request: &ImportRequest) -> Result<(Ground, Template)> {
        let code = match &request.code {
            Some(code) => code.clone(),
            None => self.import_connector(request).await?,
        };
        let ground = self.ground(&code, &request.org).await?;
        let template = match &request.template {
            None => self.template_for(&ground.settings).await?,
            Some(template) => self.template(template).await?.template,
        };
        Ok((ground, template))
    }

    /// The one connector of the club that a file can be for.
    async fn import_connector(&self, request: &ImportRequest) -> Result<String> {
        let club = self.org_connectors(&request.org).await?;
        let mut codes = Vec::new();
        for row in club
            .connections
            .iter()
            .filter(|row| row.disconnected_at.is_none())
        {
            let settings = self.connector_show(&row.code).await?.settings;
            let own = settings.sync.template.or(settings.preset);
            if request.template.is_none() || own == request.template {
                codes.push(row.code.clone());
            }
        }
        match codes.as_slice() {
            [code] => Ok(code.clone()),
            [] => Err(Error::field(
                "code",
                FieldRule::Required,
                "no connector of this club has this template; name the connector that the members belong to",
            )),
            _ => Err(Error::field(
                "code",
                FieldRule::Required,
                format!(
                    "name the connector that the members belong to: {}",
                    codes.join(", ")
                ),
            )),
        }
    }
}

async fn look_at(
    ground: &Ground,
    template: Template,
    request: &ImportRequest,
    bytes: Arc<[u8]>,
) -> Result<ImportLookView> {
    let mapper = template.compile()?;
    let looked = blocking(move || look(&mapper, &Columns::of(&template), &template, &bytes));
    Ok(ImportLookView {
        code: ground.settings.code.clone(),
        org: request.org.trim().to_owned(),
        ..looked.await?
    })
}

fn look(
    mapper: &Mapper,
    columns: &Columns,
    template: &Template,
    bytes: &[u8],
) -> Result<ImportLookView> {
    if bytes.len() > IMPORT_LIMIT {
        return Err(Error::refused(
            Code::BadFile,
            "the file is larger than 50 MB; a members export is not".to_owned(),
        ));
    }
    let mut present = BTreeSet::new();
    let mut dates = DateEvidence::default();
    let facts = file::read(bytes, &mut |record| {
        let record = columns.named(record);
        if present.is_empty() {
            present = record.fields().keys().cloned().collect();
        }
        mapper.note_dates(&record, &mut dates);
        ControlFlow::Continue(())
    })
    .map_err(file::unreadable)?;
    let missing = columns.missing(&present);
    let is_foreign = facts.records > 0 && columns.is_none_of(&present);
    Ok(ImportLookView {
        code: String::new(),
        org: String::new(),
        template: template.id.clone(),
        template_name: template.name.clone(),
        rows: facts.records,
        left_out: facts.skipped_rows,
        faults: facts
            .problems
            .iter()
            .map(|problem| ImportRowView {
                line: problem.line,
                fault: match problem.fault {
                    RowFault::BrokenQuoting => ImportFault::BrokenQuoting,
                    RowFault::WrongLength { .. } => ImportFault::WrongLength,
                },
            })
            .collect(),
        missing: if facts.records == 0 {
            Vec::new()
        } else {
            missing
        },
        is_foreign,
        needs_date_order: dates.must_ask(),
        ambiguous_dates: dates.ambiguous,
        likely_date_order: match (dates.day_first, dates.month_first) {
            (1.., 0) => Some(DateOrder::DayFirst),
            (0, 1..) => Some(DateOrder::MonthFirst),
            _ => None,
        },
    })
}

//! `fedctl sync` and `fedctl member`: plans, runs, members.

use connectors::error::{Code, Error};
use connectors::members::MemberField;
use connectors::view::{
    AskedBy, LeaveOut, MemberView, PlanKind, PlanRowView, RunState, RunView, SyncApplyRequest,
};
use connectors::{App, CancellationToken};
use serde_json::{Map, Value, json};

use super::schedule;
use super::sync_bulk::{self, Which};
use super::{sync_choice, sync_text};
use crate::arguments::{ClubArguments, RowsWord, SyncCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::stopping;

/// Exit code: a conflict needs a decision.
const CONFLICT: Exit = Exit(4);
/// Exit code: a guard stopped it.
const GUARD: Exit = Exit(6);
/// Rows of one page.
const PAGE: u32 = 500;

pub(super) async fn run(command: SyncCommand, context: &Context) -> Outcome {
    match command {
        SyncCommand::Preview(clubs) => match sync_bulk::which(clubs) {
            Which::One(club) => preview(&club, context).await,
            Which::All(request) => sync_bulk::preview(request, context).await,
        },
        SyncCommand::Apply {
            clubs,
            plan,
            allow,
            without_leavers,
        } => match sync_bulk::which(clubs) {
            Which::One(club) => apply(&club, plan, (allow, without_leavers), context).await,
            Which::All(request) => sync_bulk::apply(request, context).await,
        },
        SyncCommand::Match {
            run,
            row,
            member,
            new,
            leave: _,
        } => sync_choice::say(&run, row, (member, new), context).await,
        SyncCommand::Choices { club, set, forget } => {
            sync_choice::choices(&club, &set, &forget, context).await
        }
        SyncCommand::Export {
            run,
            format,
            out,
            sensitive,
        } => sync_choice::export(run, format, &out, sensitive, context).await,
        SyncCommand::Resolve {
            club,
            member,
            field,
            take,
            similar,
        } => resolve(&club, &member, &field, (&take, similar), context).await,
        SyncCommand::Undo { run, member } => undo(&run, &member, context).await,
        SyncCommand::ApplyAgain(club) => apply_again(&club, context).await,
        SyncCommand::KeepMine(club) => keep_mine(&club, context).await,
        SyncCommand::History(club) => history(&club, context).await,
        SyncCommand::RunDue => schedule::run_due(context).await,
        SyncCommand::Show { run, rows } => show(&run, rows, context).await,
    }
}

pub(super) async fn members(club: &ClubArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let mut all: Vec<MemberView> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = app
            .member_list(&club.code, &club.org, after.as_deref(), PAGE)
            .await?;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let documents: Vec<Value> = all.iter().map(member_document).collect();
    let output = context.output;
    output.result(&documents, || sync_text::members(output, &all))?;
    Ok(Exit::DONE)
}

/// Whether an undo of this club waits for an answer, so that nothing is applied until somebody gives it.
async fn held_by_undo(app: &App, plan: &RunView) -> Result<bool, Failure> {
    Ok(app.sync_run_row(&plan.run_id).await?.held_by_undo)
}

async fn preview(club: &ClubArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let cancel = CancellationToken::new();
    let output = context.output;
    let work = async {
        let plan = app
            .sync_preview(
                &club.code,
                &club.org,
                AskedBy::Person,
                |_| {},
                cancel.clone(),
            )
            .await?;
        let undone = held_by_undo(app, &plan).await?;
        let mut document = plan_document(&plan);
        if let (true, Some(fields)) = (undone, document.as_object_mut()) {
            fields.insert("held_by_undo".to_owned(), json!(true));
        }
        output.result(&document, || {
            let mut text = sync_text::plan(output, &plan);
            if undone {
                text.push_str(sync_text::HELD_BY_UNDO);
            }
            text
        })?;
        Ok(of_plan(&plan))
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

async fn apply(
    club: &ClubArguments,
    plan: Option<String>,
    (allow, without_leavers): (Vec<String>, bool),
    context: &Context,
) -> Outcome {
    let app = context.open().await?;
    let plan = match plan {
        Some(plan) => plan,
        None => newest_plan(app, club).await?.run_id,
    };
    let request = SyncApplyRequest {
        run: plan.clone(),
        allow,
        leave_out: without_leavers.then_some(LeaveOut::Leavers),
    };
    let done = match app.sync_apply_request(request).await {
        Ok(done) => done,
        Err(error) if error.code() == Code::ChangedMeanwhile => {
            let moved = app.sync_moved(&plan).await.unwrap_or_default();
            return Err(Failure::Moved(error, moved));
        }
        Err(error) => return Err(error.into()),
    };
    let mut document = plan_document(&done);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("run_id".to_owned(), json!(done.run_id));
    }
    context
        .output
        .confirmation(&document, || sync_text::applied(&done))?;
    context.after_change(app).await;
    Ok(if done.counts.conflicts > 0 {
        CONFLICT
    } else {
        Exit::DONE
    })
}

async fn resolve(
    club: &ClubArguments,
    member: &str,
    field: &str,
    (take, similar): (&str, bool),
    context: &Context,
) -> Outcome {
    let field = MemberField::of_word(field)
        .ok_or_else(|| Failure::usage(format!("there is no member field called {field}")))?;
    let app = context.open().await?;
    let plan = newest_plan(app, club).await?;
    let row = conflict_of(app, &plan.run_id, member).await?;
    let done = if similar {
        app.sync_resolve_similar(&plan.run_id, field, take).await?
    } else {
        app.sync_resolve(&plan.run_id, row.number, field, take)
            .await?
    };
    context
        .output
        .confirmation(&plan_document(&done), || sync_text::resolved(&done))?;
    Ok(of_plan(&done))
}

async fn undo(run: &str, members: &[String], context: &Context) -> Outcome {
    let app = context.open().await?;
    let chosen = if members.is_empty() {
        None
    } else {
        Some(app.sync_undo_find(run, members).await?)
    };
    let done = app.sync_undo(run, chosen.as_deref()).await?;
    context
        .output
        .confirmation(&done, || sync_text::undone(&done))?;
    context.after_change(app).await;
    Ok(if done.edited_later.is_empty() {
        Exit::DONE
    } else {
        Exit::PARTLY
    })
}

async fn apply_again(club: &ClubArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    app.sync_apply_again(&club.code, &club.org).await?;
    context.output.confirmation(&json!({ "ok": true }), || {
        "The next plan can be applied.".to_owned()
    })?;
    Ok(Exit::DONE)
}

async fn keep_mine(club: &ClubArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let kept = app.sync_keep_mine(&club.code, &club.org).await?;
    context
        .output
        .confirmation(&kept, || sync_text::kept(&kept))?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn history(club: &ClubArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let runs = app.sync_history(&club.code, &club.org, 50).await?;
    let output = context.output;
    output.result(&runs, || sync_text::history(output, &runs))?;
    Ok(Exit::DONE)
}

async fn show(run: &str, rows: Option<RowsWord>, context: &Context) -> Outcome {
    let app = context.open().await?;
    let found = app.sync_run(run).await?;
    let shown = match rows {
        None => Vec::new(),
        Some(word) => all_rows(app, run, kind_of(word)).await?,
    };
    let mut document = serde_json::to_value(&found)
        .map_err(|source| Error::internal("write a run as JSON", source))?;
    if let Some(fields) = document.as_object_mut()
        && rows.is_some()
    {
        fields.insert("rows".to_owned(), json!(shown));
    }
    let output = context.output;
    output.result(&document, || sync_text::run(output, &found, &shown))?;
    Ok(Exit::DONE)
}

async fn all_rows(app: &App, run: &str, kind: PlanKind) -> Result<Vec<PlanRowView>, Failure> {
    let mut all = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = app.sync_plan(run, kind, after.as_deref(), PAGE).await?;
        all.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(all),
        }
    }
}

/// The plan that can be applied.
async fn newest_plan(app: &App, club: &ClubArguments) -> Result<RunView, Failure> {
    let runs = app.sync_history(&club.code, &club.org, 50).await?;
    let plan = runs
        .into_iter()
        .find(|run| matches!(run.state, RunState::Planned | RunState::Held));
    plan.ok_or_else(|| {
        let nothing = format!(
            "there is no plan to apply; make one: fedctl sync preview {} --org {}",
            club.code, club.org
        );
        Error::refused(Code::NotFound, nothing).into()
    })
}

async fn conflict_of(app: &App, run: &str, member: &str) -> Result<PlanRowView, Failure> {
    let rows = all_rows(app, run, PlanKind::Conflict).await?;
    let row = rows
        .into_iter()
        .find(|row| row.member.get(MemberField::ExternalId) == Some(member));
    row.ok_or_else(|| {
        let nothing = format!("the plan has no conflict of a member {member}");
        Error::refused(Code::NotFound, nothing).into()
    })
}

/// What a script does next about a plan.
pub(super) fn of_plan(plan: &RunView) -> Exit {
    if !plan.held.is_empty() {
        GUARD
    } else if plan.counts.conflicts > 0 {
        CONFLICT
    } else {
        Exit::DONE
    }
}

pub(super) fn plan_document(plan: &RunView) -> Value {
    let mut document = json!({
        "plan_id": plan.run_id,
        "hash": plan.hash,
        "counts": plan.counts,
        "state": plan.state,
    });
    if let (1.., Some(fields)) = (plan.erased, document.as_object_mut()) {
        fields.insert("erased".to_owned(), json!(plan.erased));
    }
    if let (Some(first), Some(fields)) = (plan.held.first(), document.as_object_mut()) {
        fields.insert("held".to_owned(), json!(first));
        fields.insert("guards".to_owned(), json!(plan.held));
    }
    document
}

/// A member as scripts get it: the template's field names.
fn member_document(member: &MemberView) -> Value {
    let mut fields = Map::new();
    for field in MemberField::ALL.into_iter().filter(|field| field.is_kept()) {
        fields.insert(field.as_str().to_owned(), json!(member.values.get(field)));
    }
    fields.insert("left_at".to_owned(), json!(member.left_at));
    Value::Object(fields)
}

fn kind_of(word: RowsWord) -> PlanKind {
    match word {
        RowsWord::Creates => PlanKind::Create,
        RowsWord::Updates => PlanKind::Update,
        RowsWord::Unchanged => PlanKind::Unchanged,
        RowsWord::Conflicts => PlanKind::Conflict,
        RowsWord::Leavers => PlanKind::Leaver,
        RowsWord::Problems => PlanKind::Problem,
    }
}

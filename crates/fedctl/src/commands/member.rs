//! `fedctl member`: finding members, where their values come from, the club's own edits.

use std::fmt::Write as _;

use connectors::App;
use connectors::error::{Code, Error};
use connectors::members::MemberField;
use connectors::view::{
    MemberDetailView, MemberFilter, MemberSearchRequest, TraceKind, TraceView, ValueSource,
};
use serde_json::{Map, Value, json};

use super::sync;
use crate::arguments::{ClubArguments, MemberArguments, MemberCommand, MemberStatusWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::Paint;
use crate::table::{Cell, facts, table};
use crate::words;

/// Rows of one page.
const PAGE: u32 = 500;

pub(super) async fn run(command: MemberCommand, context: &Context) -> Outcome {
    match command {
        MemberCommand::List {
            code: Some(code),
            org: Some(org),
            search: None,
            status: None,
        } => sync::members(&ClubArguments { code, org }, context).await,
        MemberCommand::List {
            code,
            org,
            search,
            status,
        } => {
            let request = MemberSearchRequest {
                search: search.unwrap_or_default(),
                org,
                code,
                filter: status.map_or(MemberFilter::All, filter_of),
                limit: PAGE,
                ..MemberSearchRequest::default()
            };
            list(request, context).await
        }
        MemberCommand::Show(which) => {
            let app = context.open().await?;
            let member = find(app, &which).await?;
            context
                .output
                .result(&detail_document(&member), || detail_text(&member, context))?;
            Ok(Exit::DONE)
        }
        MemberCommand::Trace { member, field } => {
            let field = field_of(&field)?;
            let app = context.open().await?;
            let member = find(app, &member).await?;
            let trace = app.member_trace(&member.row.member_id, field).await?;
            context
                .output
                .result(&json!(trace), || trace_text(&trace, context))?;
            Ok(Exit::DONE)
        }
        MemberCommand::Edit { club, member, set } => edit(club, member, &set, context).await,
        MemberCommand::Export(arguments) => super::export::members(arguments, context).await,
        MemberCommand::Erase(arguments) => super::erase::erase(arguments, context).await,
        MemberCommand::AllowAgain(arguments) => super::erase::allow_again(arguments, context).await,
    }
}

async fn list(mut request: MemberSearchRequest, context: &Context) -> Outcome {
    let app = context.open().await?;
    let mut found = Vec::new();
    loop {
        let page = app.member_search(request.clone()).await?;
        for row in &page.rows {
            found.push(app.member_show(&row.member_id).await?);
        }
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    let documents: Vec<Value> = found.iter().map(document).collect();
    let output = context.output;
    output.result(&documents, || {
        if found.is_empty() {
            return "No member fits.".to_owned();
        }
        let rows: Vec<[Cell; 5]> = found
            .iter()
            .map(|member| {
                let row = &member.row;
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let standing = match row.left_at {
                    Some(at) => format!("left {}", words::day(at)),
                    None => text(&row.status),
                };
                [
                    Cell::painted(Paint::Bold, text(&row.last_name)),
                    text(&row.first_name).into(),
                    value_of(member, MemberField::ExternalId).into(),
                    row.club.clone().into(),
                    standing.into(),
                ]
            })
            .collect();
        table(
            output,
            ["FAMILY NAME", "NAME", "FEDERATION ID", "CLUB", "STATUS"],
            0,
            &rows,
        )
    })?;
    Ok(Exit::DONE)
}

async fn edit(club: ClubArguments, member: String, set: &[String], context: &Context) -> Outcome {
    let mut changes = Vec::new();
    for one in set {
        let (field, value) = one
            .split_once('=')
            .ok_or_else(|| Failure::usage("write --set FIELD=VALUE".to_owned()))?;
        let value = Some(value.to_owned()).filter(|value| !value.trim().is_empty());
        changes.push((field_of(field)?, value));
    }
    let app = context.open().await?;
    let which = MemberArguments {
        member,
        code: Some(club.code),
        org: Some(club.org),
    };
    let was = find(app, &which).await?;
    app.member_edit(&was.row.member_id, was.row.version, &changes)
        .await?;
    let now = app.member_show(&was.row.member_id).await?;
    context.output.confirmation(&detail_document(&now), || {
        "Saved. The federation's values stay beside the club's.".to_owned()
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

/// The member with an id, ours or a federation's.
pub(super) async fn find(app: &App, which: &MemberArguments) -> Result<MemberDetailView, Failure> {
    match app.member_show(&which.member).await {
        Err(error) if error.code() == Code::NotFound => {}
        other => return Ok(other?),
    }
    let mut request = MemberSearchRequest {
        search: which.member.clone(),
        org: which.org.clone(),
        code: which.code.clone(),
        limit: PAGE,
        ..MemberSearchRequest::default()
    };
    let mut found: Option<MemberDetailView> = None;
    loop {
        let page = app.member_search(request.clone()).await?;
        for row in &page.rows {
            let member = app.member_show(&row.member_id).await?;
            if value_of(&member, MemberField::ExternalId) != which.member {
                continue;
            }
            if found.is_some() {
                return Err(Failure::usage(
                    "several members have this id; name the connector with --code and the club with --org".to_owned(),
                ));
            }
            found = Some(member);
        }
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    let gone = || Error::refused(Code::NotFound, "there is no such member".to_owned());
    Ok(found.ok_or_else(gone)?)
}

fn field_of(word: &str) -> Result<MemberField, Failure> {
    MemberField::of_word(word)
        .filter(|field| field.is_kept())
        .ok_or_else(|| Failure::usage(format!("there is no member field called {word}")))
}

fn filter_of(word: MemberStatusWord) -> MemberFilter {
    match word {
        MemberStatusWord::Active => MemberFilter::Active,
        MemberStatusWord::Lapsed => MemberFilter::Lapsed,
        MemberStatusWord::Left => MemberFilter::Left,
        MemberStatusWord::Edited => MemberFilter::Edited,
    }
}

fn value_of(member: &MemberDetailView, field: MemberField) -> String {
    let mut values = member.values.iter();
    let found = values.find(|value| value.field == field);
    found
        .and_then(|value| value.value.clone())
        .unwrap_or_default()
}

/// The fields of a member by their names, as `member list` has always given them, and whose it is.
fn document(member: &MemberDetailView) -> Value {
    let mut fields = Map::new();
    for value in &member.values {
        fields.insert(value.field.as_str().to_owned(), json!(value.value));
    }
    fields.insert("left_at".to_owned(), json!(member.row.left_at));
    fields.insert("member_id".to_owned(), json!(member.row.member_id));
    fields.insert("code".to_owned(), json!(member.row.code));
    fields.insert("org".to_owned(), json!(member.row.org));
    Value::Object(fields)
}

fn detail_document(member: &MemberDetailView) -> Value {
    let mut whole = document(member);
    if let Some(fields) = whole.as_object_mut() {
        fields.insert("version".to_owned(), json!(member.row.version));
        fields.insert("values".to_owned(), json!(member.values));
    }
    whole
}

fn detail_text(member: &MemberDetailView, context: &Context) -> String {
    let mut rows = vec![
        ("club", member.row.club.clone()),
        ("connector", member.connector_name.clone()),
    ];
    for value in &member.values {
        let Some(text) = value
            .value
            .clone()
            .or_else(|| value.differs.then(String::new))
        else {
            continue;
        };
        let source = match value.source {
            ValueSource::Came | ValueSource::Run => String::new(),
            ValueSource::Club => format!("  (the club, {})", words::day(value.since)),
            ValueSource::Decision => format!("  (decided, {})", words::day(value.since)),
        };
        let other = if value.differs {
            format!(
                "  (federation: {})",
                value.federation.as_deref().unwrap_or("nothing")
            )
        } else {
            String::new()
        };
        rows.push((value.field.as_str(), format!("{text}{source}{other}")));
    }
    facts(context.output, &rows)
}

fn trace_text(trace: &TraceView, context: &Context) -> String {
    let rows: Vec<[Cell; 3]> = trace
        .steps
        .iter()
        .map(|step| {
            let what = match step.kind {
                TraceKind::KeptClub => "conflict, club's value kept",
                TraceKind::TookFederation => "the federation's value taken",
                TraceKind::TookValue => "conflict, another value taken",
                TraceKind::Edited => "edited in the club",
                TraceKind::Changed => "changed by a sync",
                TraceKind::Rule => "rules of the template",
                TraceKind::Came => "came from the federation",
            };
            let text =
                |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
            let why = match step.kind {
                TraceKind::Rule => text(&step.detail),
                TraceKind::Came => text(&step.after),
                _ => format!("{} -> {}", text(&step.before), text(&step.after)),
            };
            [words::day(step.at).into(), what.into(), why.into()]
        })
        .collect();
    let mut text = table(context.output, ["WHEN", "WHAT", "VALUE"], 2, &rows);
    if trace.forgotten {
        let _ = write!(
            text,
            "\nWhat happened before is older than 30 days and no longer known."
        );
    }
    text
}

//! `fedctl sync match`, `choices` and `export`: what a person decides about a sync once and for good, and plans and runs as files.

// Writing into a String cannot fail, so the results are ignored.
use std::fmt::Write as _;
use std::path::Path;

use connectors::App;
use connectors::error::{Code, Error};
use connectors::members::MemberField;
use connectors::view::{
    ClubChoicesView, ExportFormat, FieldTake, MatchAs, RunExportLookView, RunExportRequest,
    SyncMatchRequest,
};
use serde_json::json;

use super::export;
use super::sync::{of_plan, plan_document};
use crate::arguments::{ClubArguments, FormatWord};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::words;

pub(super) async fn say(
    run: &str,
    row: i64,
    (member, new): (Option<String>, bool),
    context: &Context,
) -> Outcome {
    let app = context.open().await?;
    let choice = match member {
        Some(member) => MatchAs::Member {
            member_id: proposed(app, run, row, &member).await?,
        },
        None if new => MatchAs::New,
        None => MatchAs::Leave,
    };
    let request = SyncMatchRequest {
        run: run.to_owned(),
        row,
        choice,
    };
    let done = app.sync_match(request).await?;
    let output = context.output;
    output.confirmation(&plan_document(&done), || {
        format!(
            "Decided, for this plan and the next ones. {} left in this plan.",
            words::counted(done.counts.problems, "problem")
        )
    })?;
    context.after_change(app).await;
    Ok(of_plan(&done))
}

/// The member that was meant, among those that the row proposes: by the federation's id, or by its own.
async fn proposed(app: &App, run: &str, row: i64, wanted: &str) -> Result<String, Failure> {
    let all = app.sync_proposed(run, row).await?;
    let found = all.into_iter().find(|one| {
        one.member.member_id == wanted
            || one.member.values.get(MemberField::ExternalId) == Some(wanted)
    });
    found.map(|one| one.member.member_id).ok_or_else(|| {
        let nothing = format!("this row proposes no member {wanted}");
        Error::refused(Code::NotFound, nothing).into()
    })
}

pub(super) async fn choices(
    club: &ClubArguments,
    set: &[String],
    forget: &[String],
    context: &Context,
) -> Outcome {
    let asked = set.iter().map(|text| field_take(text));
    let asked = asked.collect::<Result<Vec<_>, Failure>>()?;
    let app = context.open().await?;
    for (field, take) in asked {
        app.sync_choose_field(&club.code, &club.org, field, take)
            .await?;
    }
    for choice in forget {
        app.sync_forget_match(&club.code, &club.org, choice).await?;
    }
    let all = app.sync_choices(&club.code, &club.org).await?;
    let output = context.output;
    output.result(&all, || choices_text(&all))?;
    if !set.is_empty() || !forget.is_empty() {
        context.after_change(app).await;
    }
    Ok(Exit::DONE)
}

fn field_take(text: &str) -> Result<(MemberField, Option<FieldTake>), Failure> {
    let (word, take) = text
        .split_once('=')
        .ok_or_else(|| Failure::usage("give a field and whose value counts: phone=club"))?;
    let field = MemberField::of_word(word)
        .ok_or_else(|| Failure::usage(format!("there is no member field called {word}")))?;
    let take = match take {
        "" => None,
        "federation" => Some(FieldTake::Federation),
        "club" => Some(FieldTake::Club),
        _ => {
            return Err(Failure::usage(
                "whose value counts is `federation`, `club`, or nothing to forget it",
            ));
        }
    };
    Ok((field, take))
}

fn choices_text(all: &ClubChoicesView) -> String {
    if all.fields.is_empty() && all.matches.is_empty() {
        return "Nothing is decided for later syncs of this club.".to_owned();
    }
    let mut text = String::new();
    for one in &all.fields {
        let whose = match one.take {
            FieldTake::Federation => "the federation's",
            FieldTake::Club => "the club's",
        };
        let _ = writeln!(
            text,
            "{}: {whose} value counts, since {}",
            one.field.as_str(),
            words::day(one.chosen_at)
        );
    }
    for one in &all.matches {
        let name = one.member.as_ref().map(|member| {
            let of = |field| member.values.get(field).unwrap_or_default();
            format!(
                "{} {}",
                of(MemberField::FirstName),
                of(MemberField::LastName)
            )
        });
        let what = match (&*one.choice, name) {
            ("member", Some(name)) => format!("a record is of {name}"),
            ("new", Some(name)) => format!("a record is of {name}, who was new"),
            ("new", None) => "a record is of somebody new".to_owned(),
            ("leave", _) => "a record is left as it is".to_owned(),
            _ => "a record is of a member who is gone".to_owned(),
        };
        let _ = writeln!(
            text,
            "{what}, since {} (choice {})",
            words::day(one.chosen_at),
            one.choice_id
        );
    }
    text.trim_end().to_owned()
}

pub(super) async fn export(
    run: String,
    format: FormatWord,
    out: &Path,
    sensitive: bool,
    context: &Context,
) -> Outcome {
    let request = RunExportRequest {
        run,
        format: match format {
            FormatWord::Csv => ExportFormat::Csv,
            FormatWord::Json => ExportFormat::Json,
        },
        sensitive,
    };
    let app = context.open().await?;
    let contains = app.run_export_look(&request).await?;
    let bytes = app.run_export(&request).await?;
    export::write(out, &bytes)?;
    let path = out.display().to_string();
    let output = context.output;
    output.confirmation(&json!({ "file": path, "contains": contains }), || {
        export_text(&contains, &path)
    })?;
    Ok(Exit::DONE)
}

fn export_text(contains: &RunExportLookView, path: &str) -> String {
    let mut text = format!(
        "{path}: what {} for {} people of {}, {} of them under 18. The file is not encrypted: keep it only as long as \
         you need it.",
        if contains.applied {
            "was changed"
        } else {
            "would change"
        },
        contains.people,
        contains.club,
        contains.children
    );
    if !contains.sensitive.is_empty() {
        text.push_str(" It has health data in it.");
    }
    text
}

//! `fedctl template`: how records become members. Looking at templates and trying one needs no data file; saved ones are in
//! it.

use std::path::Path;

use connectors::App;
use connectors::error::Code;
use connectors::view::{
    FieldTrace, RecordTraceView, TemplateDraft, TemplateRowView, TemplateSaveRequest,
    TemplateTestView, TemplateVersionView, TemplateView,
};

use crate::arguments::TemplateCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};
use crate::output::{Output, Paint};
use crate::secret_input;
use crate::table::{Cell, table};
use crate::words;

/// Largest template that is read, in bytes.
const TEMPLATE_LIMIT: usize = 256 * 1024;
/// Largest file of records that is read, in bytes.
const RECORDS_LIMIT: usize = 4 * 1024 * 1024;

pub(super) async fn run(command: TemplateCommand, context: &Context) -> Outcome {
    let output = context.output;
    match command {
        TemplateCommand::List => {
            let list = opened_if_there(context).await?.templates().await?;
            for problem in &list.problems {
                output.warning(&problem.message);
            }
            output.result(&list.templates, || list_text(output, &list.templates))?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Show { id, at_version } => {
            let template = match at_version {
                None => opened_if_there(context).await?.template(&id).await?,
                Some(version) => context.open().await?.template_version(&id, version).await?,
            };
            output.result(&template, || template.toml.clone())?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Save { file, id, expect } => {
            if secret_input::is_stdin(&file) {
                context.stdin_is_for("template")?;
            }
            let toml = text(&file, TEMPLATE_LIMIT, "template").await?;
            let app = context.open().await?;
            let expected_version = match expect {
                Some(0) => None,
                Some(version) => Some(version),
                None => newest(app, &toml, id.as_deref()).await?,
            };
            let request = TemplateSaveRequest {
                draft: TemplateDraft::Text { toml },
                id,
                expected_version,
            };
            let saved = app.template_save(request).await?;
            context.after_change(app).await;
            output.result(&saved, || saved_text(output, &saved))?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Versions { id } => {
            let versions = context.open().await?.template_versions(&id).await?;
            output.result(&versions, || versions_text(output, &versions))?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Restore { id, version } => {
            let app = context.open().await?;
            let versions = app.template_versions(&id).await?;
            let newest = versions.first().map_or(0, |newest| newest.version);
            let saved = app.template_restore(&id, version, newest).await?;
            context.after_change(app).await;
            output.result(&saved, || saved_text(output, &saved))?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Delete { id } => {
            let app = context.open().await?;
            app.template_delete(&id).await?;
            context.after_change(app).await;
            output.result(&serde_json::json!({ "deleted": id }), || {
                format!(
                    "{id} is deleted; its versions stay, and `template restore` brings it back\n"
                )
            })?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Test { file, record } => {
            let tested = test(&file, record.as_deref(), context).await?;
            output.result(&tested, || test_text(output, &tested))?;
            let fine = tested.records.iter().all(|one| one.problem.is_none());
            Ok(if fine { Exit::DONE } else { Exit::PARTLY })
        }
    }
}

/// The app, with its data file where there is one: without it, the templates of the product and files can still be seen.
async fn opened_if_there(context: &Context) -> Result<&App, Failure> {
    match context.open_without_asking().await {
        Ok(()) => {}
        Err(Failure::Product(error)) if error.code() == Code::NotInitialised => {}
        Err(Failure::Product(error)) => context.output.warning(&format!(
            "saved templates are not shown, because the data file is not open: {error}"
        )),
        Err(other) => return Err(other),
    }
    context.app()
}

/// The version that a saving without `--expect` follows.
async fn newest(app: &App, toml: &str, id: Option<&str>) -> Result<Option<u32>, Failure> {
    let id = match id {
        Some(id) => id.to_owned(),
        // What is wrong with the text, saving says.
        None => match App::template_test(toml.to_owned(), None).await {
            Ok(tested) => tested.template.id,
            Err(_) => return Ok(None),
        },
    };
    match app.template(&id).await {
        Ok(shown) => Ok(Some(shown.template.version)),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn saved_text(output: Output, saved: &TemplateView) -> String {
    let said = format!(
        "{} is saved: version {}, {} fields\n",
        output.paint(Paint::Bold, &saved.template.id),
        saved.template.version,
        saved.template.fields.len()
    );
    if saved.used_by.is_empty() {
        return said;
    }
    let names: Vec<&str> = saved
        .used_by
        .iter()
        .map(|user| user.code.as_str())
        .collect();
    format!(
        "{said}It is used by {}; plans made with an older version have ended, preview again\n",
        names.join(", ")
    )
}

fn versions_text(output: Output, versions: &[TemplateVersionView]) -> String {
    let rows: Vec<[Cell; 4]> = versions
        .iter()
        .map(|version| {
            let note = match (version.is_current, version.restored_from) {
                (true, None) => "in use".to_owned(),
                (true, Some(from)) => format!("in use, equal to version {from}"),
                (false, Some(from)) => format!("equal to version {from}"),
                (false, None) => String::new(),
            };
            [
                Cell::painted(Paint::Bold, version.version.to_string()),
                words::moment(version.saved_at).into(),
                version.name.as_str().into(),
                note.into(),
            ]
        })
        .collect();
    table(output, ["VERSION", "SAVED", "NAME", "NOTE"], 2, &rows)
}

async fn test(
    file: &Path,
    record: Option<&Path>,
    context: &Context,
) -> Result<TemplateTestView, Failure> {
    if secret_input::is_stdin(file) {
        context.stdin_is_for("template")?;
        if record.is_some_and(secret_input::is_stdin) {
            return Err(Failure::usage(
                "standard input cannot carry both the template and the records",
            ));
        }
    }
    if record.is_some_and(secret_input::is_stdin) {
        context.stdin_is_for("records")?;
    }
    let template = text(file, TEMPLATE_LIMIT, "template").await?;
    let records = match record {
        Some(record) => Some(text(record, RECORDS_LIMIT, "records").await?),
        None => None,
    };
    Ok(App::template_test(template, records).await?)
}

async fn text(file: &Path, limit: usize, what: &str) -> Result<String, Failure> {
    let bytes = secret_input::read_input(file, limit, what).await?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    String::from_utf8(bytes.to_vec())
        .map_err(|_| Failure::file(format!("the {what} of the file are no text in UTF-8")))
}

fn list_text(output: Output, templates: &[TemplateRowView]) -> String {
    let rows: Vec<[Cell; 6]> = templates
        .iter()
        .map(|template| {
            [
                Cell::painted(Paint::Bold, &template.id),
                template.name.as_str().into(),
                template.version.to_string().into(),
                template.country.to_string().into(),
                words::template_place(template.place).into(),
                template.used_by_count.to_string().into(),
            ]
        })
        .collect();
    let heading = ["ID", "NAME", "VERSION", "COUNTRY", "FROM", "USED BY"];
    table(output, heading, 1, &rows)
}

fn test_text(output: Output, tested: &TemplateTestView) -> String {
    let template = &tested.template;
    let mut text = format!(
        "{} is a template: version {}, {} fields\n",
        output.paint(Paint::Bold, &template.id),
        template.version,
        template.fields.len()
    );
    for (at, record) in tested.records.iter().enumerate() {
        let heading = format!("Record {}", at + 1);
        text.push('\n');
        text.push_str(&output.paint(Paint::Bold, &heading));
        text.push('\n');
        text.push_str(&record_text(output, record));
    }
    text
}

fn record_text(output: Output, record: &RecordTraceView) -> String {
    let rows: Vec<[Cell; 5]> = record.fields.iter().map(trace_row).collect();
    let heading = ["FIELD", "PATH", "AS IT CAME", "AS IT IS KEPT", "NOTE"];
    let mut text = table(output, heading, 2, &rows);
    if let Some(problem) = record.problem {
        let said = format!(
            "No member: {} {}\n",
            problem.field.as_str(),
            words::problem(problem.kind)
        );
        text.push_str(&output.paint(Paint::Red, &said));
    }
    text
}

fn trace_row(trace: &FieldTrace) -> [Cell; 5] {
    let shown = |value: &Option<String>| Cell::from(value.as_deref().unwrap_or_default());
    let note = match trace.warning {
        Some(kind) => Cell::painted(Paint::Yellow, words::warning(kind)),
        None if trace.is_off => Cell::painted(Paint::Dim, "sensitive and off: not read"),
        None => "".into(),
    };
    [
        trace.field.as_str().into(),
        shown(&trace.source),
        shown(&trace.raw),
        shown(&trace.after),
        note,
    ]
}

//! `fedctl template`: how records become members. Needs no data file.

use std::path::Path;

use connectors::App;
use connectors::view::{FieldTrace, RecordTraceView, TemplateRowView, TemplateTestView};

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
            let list = context.app()?.templates().await?;
            for problem in &list.problems {
                output.warning(&problem.message);
            }
            output.result(&list.templates, || list_text(output, &list.templates))?;
            Ok(Exit::DONE)
        }
        TemplateCommand::Show { id } => {
            let template = context.app()?.template(&id).await?;
            output.result(&template, || template.toml.clone())?;
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
    let rows: Vec<[Cell; 5]> = templates
        .iter()
        .map(|template| {
            [
                Cell::painted(Paint::Bold, &template.id),
                template.name.as_str().into(),
                template.version.to_string().into(),
                template.country.to_string().into(),
                words::origin(template.origin).into(),
            ]
        })
        .collect();
    let heading = ["ID", "NAME", "VERSION", "COUNTRY", "FROM"];
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

//! `fedctl import`: a plan of a file of members.

use connectors::view::{
    DateOrder, ImportFault, ImportLookView, ImportOutcomeView, ImportRequest, RunState,
};
use connectors::{CancellationToken, IMPORT_LIMIT};
use serde_json::json;

use super::sync::{of_plan, plan_document};
use super::sync_text;
use crate::arguments::{DateOrderWord, ImportCommand, ImportCsvArguments};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::{secret_input, stopping};

pub(super) async fn run(command: ImportCommand, context: &Context) -> Outcome {
    let ImportCommand::Csv(arguments) = command;
    csv(arguments, context).await
}

async fn csv(arguments: ImportCsvArguments, context: &Context) -> Outcome {
    if secret_input::is_stdin(&arguments.file) {
        context.stdin_is_for("file")?;
    }
    let bytes = secret_input::read_input(&arguments.file, IMPORT_LIMIT, "file of members").await?;
    let bytes: std::sync::Arc<[u8]> = bytes.as_slice().into();
    let app = context.open().await?;
    let mut request = ImportRequest {
        org: arguments.org,
        code: arguments.connector,
        template: arguments.template,
        date_order: arguments.date_order.map(|word| match word {
            DateOrderWord::DayFirst => DateOrder::DayFirst,
            DateOrderWord::MonthFirst => DateOrder::MonthFirst,
        }),
        is_part: arguments.part,
    };
    let looked = app
        .import_look(&request, std::sync::Arc::clone(&bytes))
        .await?;
    request.code = Some(looked.code.clone());
    let output = context.output;
    let cancel = CancellationToken::new();
    let work = async {
        let plan = app
            .import_plan(&request, bytes, |_| {}, cancel.clone())
            .await?;
        let outcome = app.import_outcome(&plan.run_id).await?;
        tell_faults(&looked, context);
        let can_be_applied = plan.held.is_empty();
        let plan = if arguments.apply && can_be_applied {
            let done = app.sync_apply(&plan.run_id, &[]).await?;
            context.after_change(app).await;
            done
        } else {
            plan
        };
        let mut document = plan_document(&plan);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("outcome".to_owned(), json!(outcome));
            fields.insert("file".to_owned(), json!(looked));
            if plan.state == RunState::Applied {
                fields.insert("run_id".to_owned(), json!(plan.run_id));
            }
        }
        output.result(&document, || {
            format!(
                "{}\n{}",
                words(&looked, &outcome),
                sync_text::plan(output, &plan)
            )
        })?;
        let exit = of_plan(&plan);
        Ok(
            if exit == Exit::DONE && looked.left_out + outcome.skipped > 0 {
                Exit::PARTLY
            } else {
                exit
            },
        )
    };
    stopping::unless_stopped(work, || cancel.cancel(), stopping::GRACE).await
}

/// The outcome in the words that secretaries know.
fn words(looked: &ImportLookView, outcome: &ImportOutcomeView) -> String {
    let mut text = format!(
        "Read with {}: {} rows.\nMatched {} · Previously matched {} · Duplicates {} · Skipped {} · Un-matched {}",
        looked.template_name,
        looked.rows,
        outcome.matched,
        outcome.previously_matched,
        outcome.duplicates,
        outcome.skipped + looked.left_out,
        outcome.un_matched,
    );
    if !looked.missing.is_empty() {
        text.push_str("\nThe file has no column ");
        text.push_str(&looked.missing.join(", "));
        text.push('.');
    }
    text
}

fn tell_faults(looked: &ImportLookView, context: &Context) {
    if context.output.json {
        return;
    }
    for row in &looked.faults {
        let what = match row.fault {
            ImportFault::BrokenQuoting => {
                "a quotation mark is astray; the row was taken, look at it"
            }
            ImportFault::WrongLength => "left out: it has more or fewer fields than the header",
        };
        context
            .output
            .warning(&format!("line {}: {what}", row.line));
    }
}

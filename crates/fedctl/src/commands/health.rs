//! `fedctl health`, `errors` and `clear-errors`: how connectors stand, what failed, and saying that it is dealt with.

use std::path::Path;

use connectors::view::{ErrorListRequest, ExportFormat, HealthExportRequest, HealthFilter};
use serde_json::json;

use super::{export, health_text};
use crate::arguments::{ErrorsArguments, HealthArguments};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

pub(super) async fn health(arguments: HealthArguments, context: &Context) -> Outcome {
    let output = context.output;
    if let Some(file) = arguments.export.clone() {
        return save(&file, arguments.filter(), context).await;
    }
    if let Some(code) = arguments.one() {
        // A deleted one too: its history can be looked at.
        let one = context.open().await?.health(code).await?;
        output.result(&one, || health_text::one(output, &one))?;
        return Ok(Exit::DONE);
    }
    let all = context
        .open()
        .await?
        .health_list(arguments.filter())
        .await?;
    output.result(&all, || health_text::list(output, &all))?;
    Ok(Exit::DONE)
}

async fn save(file: &Path, filter: HealthFilter, context: &Context) -> Outcome {
    let ending = file.extension().and_then(|ending| ending.to_str());
    let format = match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => ExportFormat::Csv,
        Some("json") => ExportFormat::Json,
        _ => {
            return Err(Failure::usage(
                "the file's name must end in .csv or .json, which says its form".to_owned(),
            ));
        }
    };
    let request = HealthExportRequest {
        format,
        filter: Some(filter),
    };
    let app = context.open().await?;
    let contains = app.health_export_look(&request).await?;
    let bytes = app.health_export(&request).await?;
    export::write(file, &bytes)?;
    let path = file.display().to_string();
    let document = json!({ "file": path, "contains": contains });
    context
        .output
        .confirmation(&document, || health_text::saved(&contains, &path))?;
    Ok(Exit::DONE)
}

pub(super) async fn errors(arguments: ErrorsArguments, context: &Context) -> Outcome {
    if let (true, Some(code)) = (arguments.text, &arguments.code) {
        let app = context.open().await?;
        let text = app.failure_text(code, arguments.line.as_deref()).await?;
        let document = serde_json::json!({ "text": text });
        context.output.result(&document, || text)?;
        return Ok(Exit::DONE);
    }
    let request = ErrorListRequest {
        code: arguments.code,
        class: arguments.class,
        after: arguments.after,
        limit: arguments.limit,
    };
    let page = context.open().await?.error_list(request).await?;
    let output = context.output;
    // Lists are arrays; the place of the last line asks for the next page.
    output.result(&page.rows, || health_text::errors(output, &page))?;
    Ok(Exit::DONE)
}

pub(super) async fn clear(code: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let health = app.clear_errors(code).await?;
    context
        .output
        .confirmation(&health, || health_text::cleared(&health))?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

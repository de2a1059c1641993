//! `fedctl request`: one GET, and what the federation answers.

use connectors::error::Error;
use connectors::view::TryRequest;

use crate::arguments::RequestArguments;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::words;

pub(super) async fn run(arguments: RequestArguments, context: &Context) -> Outcome {
    let reveal = arguments.reveal;
    let app = context.open().await?;
    let answer = app
        .try_request(TryRequest {
            code: arguments.code,
            path: arguments.path,
            organisation: arguments.org,
            reveal: arguments.reveal,
        })
        .await?;
    let output = context.output;
    if output.json {
        output.document(&answer)?;
        return Ok(Exit::DONE);
    }
    let kind = answer.content_type.as_deref().unwrap_or("no content type");
    output.note(&format!(
        "{} · {} ms · {} · {kind}",
        answer.status,
        words::grouped(answer.ms),
        words::size(answer.bytes)
    ));
    if !reveal {
        output.note("Only the shape is shown; --reveal shows the values too.");
    }
    let body = serde_json::to_string_pretty(&answer.body)
        .map_err(|source| Error::internal("show the answer", source))?;
    output.text(&body)?;
    Ok(Exit::DONE)
}

//! `fedctl audit`: the log of what was done, and its check.

use connectors::audit::AuditArea;
use connectors::clock::UtcMillis;
use connectors::view::AuditListRequest;

use super::audit_text;
use crate::arguments::{AreaWord, AuditArguments, AuditCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

pub(super) async fn run(command: AuditCommand, context: &Context) -> Outcome {
    match command {
        AuditCommand::List(arguments) => list(arguments, context).await,
        AuditCommand::Verify => verify(context).await,
    }
}

async fn list(arguments: AuditArguments, context: &Context) -> Outcome {
    let request = AuditListRequest {
        area: arguments.about.map(area),
        what: None,
        code: arguments.connector,
        from: day("since", arguments.since.as_deref())?,
        until: day("until", arguments.until.as_deref())?,
        before: arguments.before,
        limit: Some(arguments.limit),
    };
    let page = context.open().await?.audit_list(request).await?;
    let output = context.output;
    // Lists are arrays; the number of the last entry asks for the next page.
    output.result(&page.rows, || audit_text::list(output, &page))?;
    Ok(Exit::DONE)
}

async fn verify(context: &Context) -> Outcome {
    let found = context.open().await?.audit_verify().await?;
    context
        .output
        .result(&found, || audit_text::verified(&found))?;
    Ok(if found.ok { Exit::DONE } else { Exit::BROKEN })
}

fn day(option: &str, text: Option<&str>) -> Result<Option<i64>, Failure> {
    let Some(text) = text else { return Ok(None) };
    match UtcMillis::of_day(text) {
        Some(day) => Ok(Some(day.0)),
        None => Err(Failure::usage(format!(
            "--{option} wants a day as 2026-11-01, and {text} is none"
        ))),
    }
}

fn area(word: AreaWord) -> AuditArea {
    match word {
        AreaWord::Connectors => AuditArea::Connectors,
        AreaWord::Access => AuditArea::Access,
        AreaWord::Clubs => AuditArea::Clubs,
        AreaWord::Syncs => AuditArea::Syncs,
        AreaWord::Members => AuditArea::Members,
        AreaWord::Schedules => AuditArea::Schedules,
        AreaWord::File => AuditArea::File,
    }
}

//! `fedctl credentials`: in they go, and never out again.

use connectors::view::CredentialsSetRequest;

use crate::arguments::CredentialsCommand;
use crate::context::Context;
use crate::credentials_input;
use crate::exit::Exit;
use crate::failure::Outcome;
use crate::words;

pub(super) async fn run(command: CredentialsCommand, context: &Context) -> Outcome {
    match command {
        CredentialsCommand::Set { code, test } => set(code, test, context).await,
        CredentialsCommand::Revert { code } => revert(&code, context).await,
    }
}

async fn set(code: String, test: bool, context: &Context) -> Outcome {
    context.stdin_is_for("credentials")?;
    let app = context.open().await?;
    let present = app.connector_show(&code).await?;
    let credentials = credentials_input::credentials_for(&present.settings.auth).await?;
    let request = CredentialsSetRequest {
        code,
        credentials,
        test_first: test,
    };
    let connector = app.credentials_set(request).await?;
    let code = &connector.row.code;
    context.output.confirmation(&connector, || {
        if test {
            format!("Tested and stored the credentials of {code}")
        } else {
            let next = words::next_command(&connector);
            format!("Stored the credentials of {code}\nNext: {next}")
        }
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn revert(code: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let connector = app.credentials_revert(code).await?;
    context.output.confirmation(&connector, || {
        format!("{code} uses its earlier credentials again")
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

//! `fedctl org`: clubs and their connections.

use std::path::Path;

use connectors::App;
use connectors::error::{Code, Error};
use connectors::view::{
    ClubConnectRequest, ClubImportOutcome, ClubImportView, ClubListRequest, ClubLookUpView,
};

use super::org_text;
use crate::arguments::{ConnectArguments, OrgCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::{Failure, Outcome, field_line};
use crate::secret_input;

/// 20,000 clubs need about 2 MB.
const IMPORT_LIMIT: usize = 8 * 1024 * 1024;

pub(super) async fn run(command: OrgCommand, context: &Context) -> Outcome {
    match command {
        OrgCommand::Connect(arguments) => connect(arguments, context).await,
        OrgCommand::Disconnect { code, org } => disconnect(&code, &org, context).await,
        OrgCommand::List { code, search } => list(code, search, context).await,
        OrgCommand::Connectors { org } => connectors(&org, context).await,
        OrgCommand::Import { file, connector } => import(&file, &connector, context).await,
        OrgCommand::LookUp {
            code,
            federation_org,
        } => look_up(&code, &federation_org, context).await,
    }
}

async fn connect(arguments: ConnectArguments, context: &Context) -> Outcome {
    let app = context.open().await?;
    let federation_name = if arguments.no_look_up {
        None
    } else {
        own_name(app, &arguments, context).await?
    };
    let connected = app
        .org_connect(ClubConnectRequest {
            code: arguments.code,
            org: arguments.org,
            name: arguments.name,
            federation_org: arguments.federation_org,
            federation_name,
        })
        .await?;
    context.output.confirmation(&connected, || {
        format!(
            "Connected {} to {} as {}",
            connected.name, connected.code, connected.federation_org
        )
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

/// The federation's own name. An id that it does not know stops the command; a federation that cannot be asked does
/// not, because a list of clubs must not wait for it.
async fn own_name(
    app: &App,
    arguments: &ConnectArguments,
    context: &Context,
) -> Result<Option<String>, Failure> {
    let looked = app
        .org_look_up(&arguments.code, &arguments.federation_org)
        .await;
    match looked {
        Ok(ClubLookUpView { name, .. }) => {
            if let Some(name) = &name {
                context
                    .output
                    .note(&format!("The federation calls it {name}"));
            }
            Ok(name)
        }
        Err(error @ Error::Federation { .. }) => {
            context
                .output
                .warning(&format!("the club could not be looked up: {error}"));
            Ok(None)
        }
        // What is wrong with the id itself is told by connecting, together with the rest.
        Err(Error::Invalid(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

async fn disconnect(code: &str, org: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let ended = app.org_disconnect(code, org).await?;
    context.output.confirmation(&ended, || {
        format!(
            "Disconnected {} from {}. Its history stays.",
            ended.name, ended.code
        )
    })?;
    context.after_change(app).await;
    Ok(Exit::DONE)
}

async fn list(code: Option<String>, search: String, context: &Context) -> Outcome {
    let app = context.open().await?;
    let narrowed = !search.is_empty();
    let found = app
        .org_list(ClubListRequest {
            code,
            search,
            ..ClubListRequest::default()
        })
        .await?;
    let output = context.output;
    output.result(&found.rows, || org_text::list(output, &found, narrowed))?;
    Ok(Exit::DONE)
}

async fn connectors(org: &str, context: &Context) -> Outcome {
    let club = context.open().await?.org_connectors(org).await?;
    let output = context.output;
    output.result(&club, || org_text::connectors(output, &club))?;
    Ok(Exit::DONE)
}

async fn look_up(code: &str, federation_org: &str, context: &Context) -> Outcome {
    let app = context.open().await?;
    let found = app.org_look_up(code, federation_org).await?;
    context
        .output
        .result(&found, || match (&found.name, found.offered) {
            (Some(name), _) => name.clone(),
            (None, true) => "The federation has no name for it.".to_owned(),
            (None, false) => format!(
                "{code} cannot look clubs up: it has no endpoints.organisation. Compare the id with \
             what the federation shows."
            ),
        })?;
    Ok(Exit::DONE)
}

async fn import(file: &Path, connector: &str, context: &Context) -> Outcome {
    if secret_input::is_stdin(file) {
        context.stdin_is_for("file")?;
    }
    let bytes = secret_input::read_input(file, IMPORT_LIMIT, "list of clubs").await?;
    let text = String::from_utf8(bytes.to_vec())
        .map_err(|_| Failure::file("the list of clubs is not a text in UTF-8"))?;
    let app = context.open().await?;
    let done = app.org_import(connector, &text).await?;
    let output = context.output;
    output.confirmation(&done, || org_text::imported(&done))?;
    if !output.json {
        tell_refused(&done, context);
    }
    if done.connected > 0 {
        context.after_change(app).await;
    }
    Ok(match (done.refused, done.connected + done.already) {
        (0, _) => Exit::DONE,
        (_, 0) => Exit::USAGE,
        (_, _) => Exit::PARTLY,
    })
}

fn tell_refused(done: &ClubImportView, context: &Context) {
    let refused = done
        .lines
        .iter()
        .filter(|line| line.outcome == ClubImportOutcome::Refused);
    for line in refused {
        for field in &line.fields {
            context
                .output
                .warning(&format!("line {}: {}", line.line, field_line(field)));
        }
    }
}

/// The names of the clubs that a connector has; none where they cannot be told.
pub(super) async fn affected(app: &App, code: &str) -> Result<Vec<String>, Failure> {
    let request = ClubListRequest {
        code: Some(code.to_owned()),
        ..ClubListRequest::default()
    };
    match app.org_list(request).await {
        Ok(list) => Ok(list.rows.into_iter().map(|row| row.name).collect()),
        Err(error) if error.code() == Code::NotFound => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
